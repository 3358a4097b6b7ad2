"""A blind trial in Chromium: votes are given, stored, saved, merged and counted in the tally."""

import base64
import collections
import json
import re

import pytest
from conftest import geoatlas, window
from PIL import Image, ImageChops, ImageOps, ImageStat
from ready import wait_until
from reviewing import answer, begin, done, element, fresh, saved, seen, sit_down, stored
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys


@pytest.fixture
def start(driver, atlas):
    """The review page as it is opened for the first time."""
    address = f"file://{atlas}/review.html"
    with window(driver, 1280, 1000):
        fresh(driver, address)
        yield address


@pytest.fixture
def review(driver, start):
    """The review page with no vote, after the practice."""
    begin(driver)
    return start


def test_votes_given_in_the_browser_are_found_in_the_tally(driver, workplace, review, tmp_path):
    given = ["A", "B", "equal", "neither", "A", "B", "A", "B", "A", "B"]
    for value in given:
        answer(driver, value)
    assert done(driver) == 10
    path, lines = saved(driver)
    assert [seen(line) for line in lines] == given
    assert len({line["vote"] for line in lines}) == 10
    assert len({line["reviewer"] for line in lines}) == 1
    merged = json.loads(geoatlas("votes", "merge", path, "--into", tmp_path / "votes", "--json"))
    assert (merged["added"], merged["duplicates"], merged["rejected"]) == (10, 0, [])
    key = workplace / "review/key.json"
    tally = json.loads(geoatlas("votes", "tally", tmp_path / "votes", "--key", key, "--json"))
    sides = json.loads(key.read_text())["comparisons"]
    # Comparisons that are repeated or test attention are counted apart.
    counted = [line for line in lines if "kind" not in sides[line["comparison"]]]
    answers = [line["answer"] for line in counted]
    chosen = [sides[line["comparison"]].get(line["answer"]) for line in counted]
    assert tally["votes"] == len(counted) > 0
    assert tally["pairwise"] == chosen.count("pairwise")
    assert tally["kmeans"] == chosen.count("kmeans")
    assert (tally["equal"], tally["neither"]) == (answers.count("equal"), answers.count("neither"))


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
    wait_until(lambda: element(driver, "work").is_displayed(), "the bench")
    assert done(driver) == 2
    _, lines = saved(driver)
    assert [seen(line) for line in lines] == ["A", "equal"]


def test_undo_takes_the_last_answer_back_even_after_saving(driver, workplace, review, tmp_path):
    answer(driver, "A")
    first, _ = saved(driver)
    element(driver, "undo").click()
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


def test_letters_typed_as_a_name_or_a_remark_are_no_votes(driver, start):
    begin(driver, "Anna Nebe")
    element(driver, "remark").send_keys("banded, as in sample B")
    driver.find_element(By.CSS_SELECTOR, "[data-tag=structure]").click()
    assert stored(driver) == 0
    answer(driver, "B")
    assert element(driver, "remark").get_attribute("value") == ""
    answer(driver, "equal")
    _, lines = saved(driver)
    assert [seen(line) for line in lines] == ["B", "equal"]
    assert {line["name"] for line in lines} == {"Anna Nebe"}
    assert (lines[0]["remark"], lines[0]["tags"]) == ("banded, as in sample B", ["structure"])
    assert "remark" not in lines[1] and lines[1]["tags"] == []


def test_two_people_at_one_computer_are_two_reviewers_and_each_goes_on_where_he_was(driver, start):
    begin(driver, "AB")
    answer(driver, "A")
    answer(driver, "B")
    sit_down(driver, name="CD")
    assert done(driver) == 0
    answer(driver, "equal")
    sit_down(driver, known="AB, 2 comparisons done")
    assert done(driver) == 2
    answer(driver, "neither")
    _, lines = saved(driver)
    assert [(line["name"], seen(line)) for line in lines] == [
        ("AB", "A"), ("AB", "B"), ("CD", "equal"), ("AB", "neither")]
    ids = [line["reviewer"] for line in lines]
    assert ids[0] == ids[1] == ids[3] != ids[2]


def test_two_people_with_the_same_initials_stay_apart(driver, start):
    begin(driver, "AB")
    answer(driver, "A")
    driver.find_element(By.XPATH, "//button[.='Another person votes']").click()
    element(driver, "name").send_keys("AB")
    assert "AB has voted in this browser. If that is you, choose the name above." in (
        element(driver, "same").text)
    begin(driver)
    answer(driver, "A")
    _, lines = saved(driver)
    assert [line["name"] for line in lines] == ["AB", "AB"]
    assert lines[0]["reviewer"] != lines[1]["reviewer"]


def test_the_page_says_what_to_do_and_how_long_it_takes(driver, start):
    plan = driver.execute_script(
        "return GEO.comparisonsFor({id: 'a'.repeat(16)}, GEO.review).length")
    text = element(driver, "start").text
    assert re.search(rf"{plan} times. That takes about \d+ minutes", text)
    assert "Equally good if both are" in text and "A click on a picture enlarges it" in text
    assert not element(driver, "work").is_displayed()


def test_the_practice_is_not_counted(driver, start):
    element(driver, "begin").click()
    wait_until(lambda: element(driver, "practice").is_displayed(), "the practice")
    driver.find_element(By.CSS_SELECTOR, "[data-vote=A]").click()
    wait_until(lambda: not element(driver, "practice").is_displayed(), "the end of the practice")
    assert (stored(driver), done(driver)) == (0, 0)
    # Who has voted needs no practice again.
    answer(driver, "A")
    element(driver, "pause").click()
    element(driver, "begin").click()
    assert not element(driver, "practice").is_displayed()


def shown(driver):
    return driver.execute_script("return document.querySelector('[data-a] .cell').style.cssText")


def test_a_pause_survives_closing(driver, start):
    begin(driver, "AB")
    answer(driver, "A")
    here = shown(driver)
    element(driver, "pause").click()
    assert not element(driver, "work").is_displayed()
    # Another tab is what a browser opens after it was closed.
    first = driver.current_window_handle
    driver.switch_to.new_window("tab")
    driver.get(start)
    wait_until(lambda: element(driver, "start").is_displayed(), "the start panel")
    assert re.search(r"1 of \d+ comparisons are done", element(driver, "length").text)
    assert element(driver, "begin").text == "Go on"
    begin(driver)
    assert (done(driver), shown(driver)) == (1, here)
    driver.close()
    driver.switch_to.window(first)


def test_two_tabs_lose_none_of_each_others_votes(driver, review):
    answer(driver, "A")
    first = driver.current_window_handle
    driver.switch_to.new_window("tab")
    driver.get(review)
    begin(driver)
    answer(driver, "B")
    driver.switch_to.window(first)
    # The other tab sends this tab an event about its vote.
    wait_until(lambda: done(driver) == 2, "the other tab's vote")
    answer(driver, "equal")
    _, lines = saved(driver)
    assert sorted(seen(line) for line in lines) == ["A", "B", "equal"]
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
    # Both panels are parts of one file, and differ in the place of the part only.
    sides = driver.execute_script("""return ['a', 'b'].map((side) =>
        document.querySelector(`[data-${side}]`).outerHTML
          .replace(/background-position:[^;"]+/g, '').replace(/(data-|Panel )[abAB]/g, ''));""")
    assert sides[0] == sides[1]


def test_both_panels_are_shown_as_the_plan_has_them_and_swapped_where_the_vote_says_so(
        driver, atlas, workplace, review):
    """The boards are made again here, with Pillow, from the plan and the published pictures."""
    plan = json.loads((workplace / "review/plan.json").read_text())
    data = driver.execute_script("return GEO.review")
    swapped = 0
    for question in plan["comparisons"][:12]:
        entry = next(one for one in data["comparisons"] if one["id"] == question["id"])
        with Image.open(atlas / entry["board"]) as board:
            side = board.width // 6
            for offset, panel in ((0, question["A"]), (3, question["B"])):
                for place, target in enumerate(panel):
                    square = board.crop((
                        (offset + place % 3) * side, place // 3 * side,
                        (offset + place % 3 + 1) * side, (place // 3 + 1) * side))
                    assert mean_difference(square, published(atlas, target)) < 4
        is_swapped = driver.execute_script(
            "return GEO.isSwapped(GEO.recall(GEO.READER), arguments[0])", entry)
        views = driver.execute_script("""
            const comparison = { ...arguments[0], isSwapped: arguments[1] };
            return ["A", "B"].map((side) => GEO.viewOf(comparison, side, 1));""", entry, is_swapped)
        assert [view.split("background-position:")[1] for view in views] == (
            ["80% 0%", "20% 0%"] if is_swapped else ["20% 0%", "80% 0%"])
        swapped += is_swapped
    assert 0 < swapped < 12


def published(atlas, target):
    """A target as it is published, turned as the plan says, in a square of grey."""
    label, stem = target["key"].split("/")
    (path,) = [
        path for path in (atlas / label).glob(f"*/{stem.lower()}.*") if path.suffix != ".html"]
    with Image.open(path) as picture:
        picture = ImageOps.exif_transpose(picture).convert("RGB")
        longest = max(picture.size)
        square = Image.new("RGB", (longest, longest), (0x88, 0x88, 0x88))
        square.paste(picture, ((longest - picture.width) // 2, (longest - picture.height) // 2))
        return square.rotate(target["rotation"])


def mean_difference(one, other):
    """Of two pictures reduced to 28 × 28 pixels, in grey levels."""
    one, other = (picture.convert("RGB").resize((28, 28), Image.Resampling.BOX) for picture in (one, other))
    return sum(ImageStat.Stat(ImageChops.difference(one, other)).mean) / 3


def test_a_candidate_has_a_link_to_its_page_only_when_it_was_voted_on(driver, review):
    def links():
        return driver.execute_script(
            "return [...document.querySelectorAll('main a')].map((link) => link.href)")

    assert links() == []
    candidate = driver.execute_script("""
        const name = document.querySelector('[data-c] .cell').style.backgroundImage;
        return GEO.review.comparisons.find((one) => name.includes(one.candidate));""")
    answer(driver, "A")
    assert links() == []
    driver.find_element(By.CSS_SELECTOR, "[data-answers] summary").click()
    wait_until(lambda: links(), "the list of answers")
    assert [link.split("/public/")[1] for link in links()] == [
        base64.b64decode(candidate["page"]).decode()]


def test_an_answer_is_changed_in_the_list(driver, review):
    answer(driver, "A")
    answer(driver, "equal")
    driver.find_element(By.CSS_SELECTOR, "[data-answers] summary").click()
    wait_until(lambda: len(driver.find_elements(By.XPATH, "//button[.='Change']")) == 2, "the list")
    buttons = driver.find_elements(By.XPATH, "//button[.='Change']")
    buttons[1].click()
    driver.find_element(By.CSS_SELECTOR, "[data-vote=neither]").click()
    wait_until(lambda: stored(driver) == 3, "the changed answer")
    assert done(driver) == 2
    _, lines = saved(driver)
    assert lines[2]["comparison"] == lines[0]["comparison"]
    assert (lines[2]["revision"], seen(lines[2])) == (2, "neither")


def test_a_picture_is_enlarged_beside_the_picture_in_question(driver, review):
    driver.find_element(By.CSS_SELECTOR, "[data-b] .cell:nth-child(5)").click()
    dialog = driver.find_element(By.CSS_SELECTOR, "dialog[open]")
    assert "Panel B, picture 5 of 9" in dialog.text
    sides = [view.size for view in dialog.find_elements(By.CSS_SELECTOR, ".cell")]
    assert sides[0] == sides[1] and sides[0]["width"] > 400
    # Keys in the dialog walk through the panel, and do not vote.
    driver.switch_to.active_element.send_keys(Keys.ARROW_RIGHT, "a")
    assert "Panel B, picture 6 of 9" in dialog.text
    driver.switch_to.active_element.send_keys(Keys.ESCAPE)
    wait_until(lambda: not dialog.is_displayed(), "closing the dialog")
    assert stored(driver) == 0


def test_comparisons_of_one_picture_stand_far_from_each_other_and_are_swapped_alike(driver, review):
    orders = driver.execute_script("""
        return Array.from({ length: 200 }, (_, number) => {
          const reviewer = { id: number.toString(16).padStart(16, "0") };
          return GEO.orderFor(reviewer, GEO.comparisonsFor(reviewer, GEO.review)).map((one) =>
            [one.candidate, GEO.isSwapped(reviewer, one)]);
        });""")
    shortfalls, bits = [], []
    for order in orders:
        asked = collections.Counter(candidate for candidate, _ in order)
        places = {}
        for place, (candidate, swapped) in enumerate(order):
            if candidate in places:
                before, bit = places[candidate]
                shortfalls.append(1 / asked[candidate] - (place - before) / len(order))
                assert bit == swapped
            places[candidate] = (place, swapped)
        bits += [swapped for _, swapped in order]
    # Half the list between two, and a third between three (a repeated comparison and one that tests
    # attention, which the plan draws), give or take the places that a rounding costs.
    assert shortfalls and max(shortfalls) < 0.05
    # Each side as often: 200 reviewers of some 70 comparisons, a standard deviation of 0.4 %.
    assert 0.48 < sum(bits) / len(bits) < 0.52


def test_a_wrong_clock_changes_no_count(driver, workplace, start, tmp_path):
    begin(driver, "AB")
    answer(driver, "A")
    for time in ("253402300800000", "-62198755200000", "0"):
        driver.execute_script(f"""
            window.Clock ||= Date;
            Date = class extends Clock {{ constructor() {{ super({time}); }} }};
            Date.now = () => {time};""")
        answer(driver, "A")
    path, lines = saved(driver)
    assert [line.get("given", "")[:4] for line in lines[1:]] == ["", "", "1970"]
    merged = json.loads(geoatlas("votes", "merge", path, "--into", tmp_path / "v", "--json"))
    assert (merged["votes"], merged["rejected"]) == (4, [])


def test_votes_that_localstorage_lost_come_back_from_the_database(driver, review):
    answer(driver, "A")
    answer(driver, "equal")
    _, before = saved(driver)
    driver.execute_script("localStorage.clear(); sessionStorage.clear()")
    driver.get(review)
    begin(driver, known="Without a name, 2 comparisons done")
    assert done(driver) == 2
    _, lines = saved(driver)
    assert sorted(line["vote"] for line in lines) == sorted(line["vote"] for line in before)


def test_a_browser_that_keeps_nothing_says_so_and_loses_no_vote(driver, start, tmp_path):
    script = driver.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {"source": """
        for (const name of ["localStorage", "sessionStorage", "indexedDB"]) {
          Object.defineProperty(window, name, {
            get() { throw new DOMException("forbidden", "SecurityError"); } });
        }"""})
    try:
        driver.get(start)
        begin(driver, "AB")
        driver.find_element(By.CSS_SELECTOR, "[data-vote=A]").click()
        wait_until(
            lambda: "could not be saved in this browser" in element(driver, "state").text, "the warning")
        wait_until(lambda: done(driver) == 1, "the next comparison")
        answer(driver, "B")
        path, lines = saved(driver)
    finally:
        driver.execute_cdp_cmd("Page.removeScriptToEvaluateOnNewDocument", script)
    assert [(line["name"], seen(line)) for line in lines] == [("AB", "A"), ("AB", "B")]
    merged = json.loads(geoatlas("votes", "merge", path, "--into", tmp_path / "v", "--json"))
    assert merged["votes"] == 2


def test_a_store_that_is_full_is_said_and_no_vote_is_lost(driver, review):
    driver.execute_script("""
        const real = Storage.prototype.setItem;
        Storage.prototype.setItem = () => { throw new DOMException('full', 'QuotaExceededError'); };""")
    answer(driver, "A")
    text = driver.find_element(By.TAG_NAME, "main").text
    assert "could not be saved in this browser" in text
    _, lines = saved(driver)
    assert [seen(line) for line in lines] == ["A"]


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
