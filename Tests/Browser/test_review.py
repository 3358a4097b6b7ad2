"""A blind trial in Chromium: votes are given, stored, saved, merged and counted in the tally."""

import json

import pytest
from conftest import geoatlas, window
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.expected_conditions import staleness_of
from waiting import complete_text, wait_until


@pytest.fixture
def review(driver, atlas):
    """The review page with an empty store."""
    address = f"file://{atlas}/review.html"
    driver.set_window_size(1280, 1000)
    driver.get(address)
    driver.execute_script("localStorage.clear()")
    driver.get(address)
    return address


def answer(driver, value):
    """Gives an answer and waits for the next comparison."""
    before = done(driver)
    driver.find_element(By.CSS_SELECTOR, f"[data-vote='{value}']").click()
    wait_until(lambda: done(driver) != before, f"counting the answer {value}")


def done(driver):
    return int(driver.find_element(By.CSS_SELECTOR, "[data-done]").text.split()[0])


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


def test_votes_given_in_the_browser_are_found_in_the_tally(driver, workplace, review, tmp_path):
    for value in ("A", "B", "equal", "neither", "A"):
        answer(driver, value)
    assert done(driver) == 5
    path, lines = saved(driver)
    assert [line["answer"] for line in lines] == ["A", "B", "equal", "neither", "A"]
    assert len({line["vote"] for line in lines}) == 5
    assert len({line["reviewer"] for line in lines}) == 1
    merged = json.loads(geoatlas("votes", "merge", path, "--into", tmp_path / "votes", "--json"))
    assert (merged["added"], merged["duplicates"], merged["rejected"]) == (5, 0, [])
    key = workplace / "review/key.json"
    tally = json.loads(geoatlas("votes", "tally", tmp_path / "votes", "--key", key, "--json"))
    sides = json.loads(key.read_text())["comparisons"]
    chosen = [
        sides[line["comparison"]][line["answer"]] for line in lines if line["answer"] in ("A", "B")]
    assert tally["votes"] == 5
    assert tally["pairwise"] == chosen.count("pairwise")
    assert tally["kmeans"] == chosen.count("kmeans")
    assert (tally["equal"], tally["neither"]) == (1, 1)


def test_saving_twice_counts_no_vote_twice(driver, workplace, review, tmp_path):
    answer(driver, "A")
    first, _ = saved(driver)
    answer(driver, "B")
    second, lines = saved(driver)
    assert len(lines) == 2
    merged = json.loads(
        geoatlas("votes", "merge", first, second, first, "--into", tmp_path / "v", "--json"))
    assert merged["votes"] == 2 and merged["added"] == 2


def test_a_reload_goes_on_where_it_was(driver, review):
    answer(driver, "A")
    answer(driver, "equal")
    driver.get(review)
    assert done(driver) == 2
    _, lines = saved(driver)
    assert [line["answer"] for line in lines] == ["A", "equal"]


def test_undo_takes_the_last_answer_back_even_after_saving(driver, workplace, review, tmp_path):
    answer(driver, "A")
    first, _ = saved(driver)
    driver.find_element(By.CSS_SELECTOR, "[data-undo]").click()
    wait_until(lambda: done(driver) == 0, "taking the answer back")
    second, _ = saved(driver)
    geoatlas("votes", "merge", first, second, "--into", tmp_path / "v")
    tally = json.loads(geoatlas(
        "votes", "tally", tmp_path / "v", "--key", workplace / "review/key.json", "--json"))
    assert tally["votes"] == 0


def test_letter_keys_answer_and_can_be_switched_off(driver, review):
    body = driver.find_element(By.TAG_NAME, "body")
    body.send_keys("e")
    wait_until(lambda: done(driver) == 1, "counting the answer of the key")
    driver.find_element(By.CSS_SELECTOR, "[data-keys]").click()
    driver.find_element(By.TAG_NAME, "body").send_keys("a")
    # A vote is stored while its key is handled, so one that was given is there now.
    assert stored(driver) == 1
    answer(driver, "neither")
    _, lines = saved(driver)
    assert [line["answer"] for line in lines] == ["equal", "neither"]


def test_letters_typed_as_a_name_are_no_votes(driver, review):
    name = driver.find_element(By.CSS_SELECTOR, "[data-name]")
    name.send_keys("Anna Nebe")
    assert stored(driver) == 0
    name.send_keys(Keys.TAB)
    answer(driver, "B")
    _, lines = saved(driver)
    assert [(line["answer"], line["name"]) for line in lines] == [("B", "Anna Nebe")]


def test_another_name_is_another_reviewer_and_the_first_ones_votes_keep_theirs(driver, review):
    def sit_down(name):
        field = driver.find_element(By.CSS_SELECTOR, "[data-name]")
        field.clear()
        field.send_keys(name, Keys.TAB)

    sit_down("AB")
    answer(driver, "A")
    answer(driver, "B")
    field = driver.find_element(By.CSS_SELECTOR, "[data-name]")
    sit_down("CD")
    # The page is loaded again, and begins with no vote of the new reviewer.
    wait_until(lambda: staleness_of(field)(driver), "loading the page again")
    wait_until(lambda: done(driver) == 0, "beginning again")
    assert driver.find_element(By.CSS_SELECTOR, "[data-name]").get_attribute("value") == "CD"
    answer(driver, "equal")
    _, lines = saved(driver)
    assert [(line["name"], line["answer"]) for line in lines] == [
        ("AB", "A"), ("AB", "B"), ("CD", "equal")]
    assert lines[0]["reviewer"] == lines[1]["reviewer"] != lines[2]["reviewer"]


def test_two_tabs_lose_none_of_each_others_votes(driver, review):
    answer(driver, "A")
    first = driver.current_window_handle
    driver.switch_to.new_window("tab")
    driver.get(review)
    answer(driver, "B")
    driver.switch_to.window(first)
    # The other tab sends this tab an event about its vote.
    wait_until(lambda: done(driver) == 2, "the other tab's vote")
    answer(driver, "equal")
    _, lines = saved(driver)
    assert sorted(line["answer"] for line in lines) == ["A", "B", "equal"]
    driver.switch_to.window([w for w in driver.window_handles if w != first][0])
    driver.close()
    driver.switch_to.window(first)


def test_a_vote_of_another_tab_is_kept_before_the_browser_tells_of_it(driver, review):
    answer(driver, "A")
    # A page gets no event for its own changes, so this change looks like one of another tab.
    driver.execute_script("""
        const key = "geoatlas-votes-" + GEO.review.trial;
        const kept = JSON.parse(localStorage.getItem(key));
        const other = { ...kept.lines[0], answer: "B", vote: "00000000000000aa",
          comparison: GEO.review.comparisons.find(({ id }) => id !== kept.lines[0].comparison).id };
        localStorage.setItem(key, JSON.stringify({ ...kept, lines: [...kept.lines, other] }));""")
    driver.find_element(By.CSS_SELECTOR, "[data-vote=equal]").click()
    wait_until(lambda: stored(driver) == 3, "storing the third vote")


def test_the_page_tells_nothing_of_the_sides(driver, atlas, workplace, review):
    page = driver.execute_script("return document.documentElement.outerHTML").lower()
    plan = json.loads((workplace / "review/plan.json").read_text())
    for word in ("kmeans", "k-means", "pairwise"):
        assert word not in page.split("<footer")[0]
    for comparison in plan["comparisons"]:
        assert comparison["candidate"].lower() not in page
    sides = driver.execute_script("""return ['a', 'b'].map((side) => {
        const grid = document.querySelector(`[data-${side}]`);
        return [...grid.querySelectorAll('*')].map((e) => e.tagName + '.' + e.className).join();
    })""")
    assert sides[0] == sides[1]


def test_a_store_that_is_full_is_said_and_no_vote_is_lost(driver, review):
    driver.execute_script("""
        const real = Storage.prototype.setItem;
        Storage.prototype.setItem = () => { throw new DOMException('full', 'QuotaExceededError'); };""")
    answer(driver, "A")
    text = driver.find_element(By.TAG_NAME, "main").text
    assert "could not be saved in this browser" in text
    _, lines = saved(driver)
    assert [line["answer"] for line in lines] == ["A"]


def test_votes_handed_in_to_the_preview_arrive(driver, atlas, preview, workplace, tmp_path):
    driver.get(f"{preview}/review.html")
    driver.execute_script("localStorage.clear()")
    driver.get(f"{preview}/review.html")
    answer(driver, "A")
    driver.find_element(By.XPATH, "//button[contains(., 'Hand in')]").click()
    state = driver.find_element(By.CSS_SELECTOR, "[data-state]")
    wait_until(lambda: state.text == "Votes handed in.", "the server's answer")
    geoatlas("votes", "merge", atlas / "votes", "--into", tmp_path / "v")
    tally = json.loads(geoatlas(
        "votes", "tally", tmp_path / "v", "--key", workplace / "review/key.json", "--json"))
    assert tally["votes"] == 1


def test_when_all_is_answered_saving_is_what_leads(driver, review):
    save = driver.find_element(By.CSS_SELECTOR, "[data-hand]")
    ground = save.value_of_css_property("background-color")
    while driver.find_element(By.CSS_SELECTOR, "[data-vote=equal]").is_displayed():
        answer(driver, "equal")
    wait_until(
        lambda: save.value_of_css_property("background-color") != ground, "another ground")


def test_a_phone_shows_no_letters_on_any_button(driver, review):
    def shown():
        keys = driver.find_elements(By.CSS_SELECTOR, ".rv kbd")
        return {key.text for key in keys if key.is_displayed()}

    with window(driver, 1280, 1000):
        wait_until(lambda: shown() == {"A", "E", "N", "B", "U", "S"}, "showing all letters")
    with window(driver, 390, 844):
        wait_until(lambda: shown() == set(), "hiding all letters")
