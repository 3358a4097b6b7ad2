"""What a reviewer does on the review page, for tests and benches."""

import base64
import json

from documented_servers import PASSWORD, USER
from ready import downloaded, wait_until
from selenium.webdriver.common.by import By

# The database goes first: what a page still reads from it is in localStorage then.
FORGET = """
    const done = arguments[arguments.length - 1];
    const deletion = indexedDB.deleteDatabase("geoatlas");
    deletion.onsuccess = deletion.onerror = () => {
      localStorage.clear();
      sessionStorage.clear();
      done();
    };"""

# Whether the page asks who votes, or knows it: then it has taken in the votes of the database.
HAS_BEGUN = """
    const part = (name) => document.querySelector(`[data-${name}]`);
    return !part("start").hidden || part("voter").textContent !== "";"""


def forget(driver):
    """Empties all that this browser keeps for the page that is open."""
    driver.execute_async_script(FORGET)


def fresh(driver, address):
    """Opens a review page in a browser that knows nothing of it."""
    driver.get(address)
    wait_until(lambda: driver.execute_script(HAS_BEGUN), "the review")
    forget(driver)
    driver.get(address)
    wait_until(lambda: element(driver, "start").is_displayed(), "the start panel")


def element(driver, name):
    return driver.find_element(By.CSS_SELECTOR, f"[data-{name}]")


def state(driver):
    """What the page says of the votes."""
    return element(driver, "state").text


def know_password(driver):
    """Lets the browser know the password of a server, as after it asked for it."""
    token = base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode()
    driver.execute_cdp_cmd("Network.enable", {})
    driver.execute_cdp_cmd(
        "Network.setExtraHTTPHeaders", {"headers": {"Authorization": f"Basic {token}"}})


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
    path = downloaded(driver.downloads, before, ".jsonl")
    return path, [json.loads(line) for line in path.read_text().splitlines()]


def sit_down(driver, **who):
    """Another person takes the place at the computer."""
    driver.find_element(By.XPATH, "//button[.='Another person votes']").click()
    begin(driver, **who)


def shown(driver):
    """The id of the comparison on the bench."""
    return driver.execute_script("""
        const { backgroundImage } = document.querySelector("[data-a] .cell").style;
        return GEO.review.comparisons.find(({ board }) => backgroundImage.includes(board)).id;""")


def wait_for_comparison(driver, is_right, what):
    """Waits until the comparison on the bench is one that is asked for."""
    wait_until(
        lambda: element(driver, "work").is_displayed() and is_right(shown(driver)), what)


def play(driver, count, chance, reopened=None):
    """Answers until `count` comparisons are answered: what was answered, by id, as the page showed it.

    Now and then it skips, takes an answer back, or loads the page again.

    - `chance`: a `random.Random`.
    - `reopened`: called once in the middle; gives the driver that goes on, of a browser that was killed.
    """
    given, order = {}, []
    middle = count // 2
    while len(given) < count:
        if reopened and len(given) == middle:
            driver, reopened = reopened(driver), None
        what = chance.random()
        comparison = shown(driver)
        if what < 0.03:
            driver.refresh()
            wait_for_comparison(driver, comparison.__eq__, "the same comparison after loading the page")
        elif what < 0.05 and len(given) + 2 < count:
            element(driver, "skip").click()
            wait_for_comparison(driver, comparison.__ne__, "the next comparison")
        elif what < 0.08 and order:
            element(driver, "undo").click()
            last = order.pop()
            del given[last]
            wait_for_comparison(driver, last.__eq__, "the answer that was taken back")
        else:
            value = chance.choice(["A", "B", "equal", "neither"])
            answer(driver, value)
            given[comparison] = value
            order.append(comparison)
    return driver, given


def counting(lines):
    """The answers that count, by reviewer's name and comparison, as the page showed them."""
    last = {}
    for line in sorted(lines, key=lambda line: (line["revision"], line["vote"])):
        last[line["name"], line["comparison"]] = line
    return {
        place: seen(line) for place, line in last.items() if line["answer"] != "withdrawn"}


def merged_lines(folder):
    """The lines of a folder that `votes merge` filled; no vote is there twice."""
    lines = [
        json.loads(line) for path in sorted(folder.glob("*.jsonl"))
        for line in path.read_text().splitlines()]
    assert len({line["vote"] for line in lines}) == len(lines)
    return lines
