"""What a reviewer does on the review page, for tests and benches."""

import json

from selenium.webdriver.common.by import By
from waiting import complete_text, wait_until


def forget(driver):
    """Empties all that this browser keeps for the page that is open."""
    driver.execute_async_script("""
        localStorage.clear();
        sessionStorage.clear();
        const deletion = indexedDB.deleteDatabase("geoatlas");
        deletion.onsuccess = deletion.onerror = () => arguments[0]();""")


def fresh(driver, address):
    """Opens a review page in a browser that knows nothing of it."""
    driver.get(address)
    forget(driver)
    driver.get(address)
    wait_until(lambda: element(driver, "start").is_displayed(), "the start panel")


def element(driver, name):
    return driver.find_element(By.CSS_SELECTOR, f"[data-{name}]")


def begin(driver, name="", known=None):
    """Says who votes, and does the practice if there is one. `known`: the label of a known reviewer."""
    wait_until(lambda: element(driver, "start").is_displayed(), "the start panel")
    if known:
        driver.find_element(By.XPATH, f"//label[starts-with(normalize-space(.), '{known}')]").click()
    if name:
        element(driver, "name").send_keys(name)
    element(driver, "begin").click()
    wait_until(lambda: element(driver, "work").is_displayed(), "the first comparison")
    if element(driver, "practice").is_displayed():
        driver.find_element(By.CSS_SELECTOR, "[data-vote=equal]").click()
        wait_until(lambda: not element(driver, "practice").is_displayed(), "the end of the practice")


def answer(driver, value):
    """Gives an answer and waits for the next comparison."""
    before = done(driver)
    driver.find_element(By.CSS_SELECTOR, f"[data-vote='{value}']").click()
    wait_until(lambda: done(driver) != before, f"counting the answer {value}")


def done(driver):
    return int(driver.find_element(By.CSS_SELECTOR, "[data-done]").text.split()[0])


def seen(line):
    """The answer of a line in terms of the page: which of the panels that were shown as A and B."""
    other = {"A": "B", "B": "A"}
    return other.get(line["answer"], line["answer"]) if line.get("swapped") else line["answer"]


def stored(driver):
    """Number of votes of the running trial that the browser has stored."""
    return driver.execute_script("""
        const kept = localStorage.getItem("geoatlas-votes-" + GEO.review.trial);
        return kept ? JSON.parse(kept).lines.length : 0;""")


def saved(driver):
    """Saves the votes as a file: its path and its lines."""
    before = set(driver.downloads.iterdir())
    driver.find_element(By.XPATH, "//button[contains(., 'Save votes as a file')]").click()

    def new():
        return [
            path for path in set(driver.downloads.iterdir()) - before
            if path.suffix == ".jsonl" and complete_text(path)]

    (path,) = wait_until(new, "a file of votes")
    return path, [json.loads(line) for line in path.read_text().splitlines()]


def sit_down(driver, **who):
    """Another person takes the place at the computer."""
    driver.find_element(By.XPATH, "//button[.='Another person votes']").click()
    begin(driver, **who)
