"""The effect of keys on an image page, and on its address."""

import itertools
import re

import pytest
from conftest import window
from ready import address, listen, open_afresh, wait_for_address, wait_until
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.keys import Keys


def image_pages(public, label="gneiss"):
    """Pages of a label in the order of their stems, which is that of the plate."""
    return sorted((public / label).glob("*/*.html"), key=lambda page: page.stem)


def open_image(driver, page, fragment=""):
    open_afresh(driver, f"file://{page}{fragment}")


def press(driver, *keys):
    ActionChains(driver).send_keys(*keys).perform()


def shown_dialog(driver):
    found = driver.find_elements("css selector", "dialog[open]")
    return found[0] if found else None


def close_dialog(driver):
    press(driver, Keys.ESCAPE)
    wait_until(lambda: shown_dialog(driver) is None, "closing the dialog")


def test_arrow_keys_lead_to_the_previous_and_the_next_picture(driver, atlas):
    pages = image_pages(atlas)
    open_image(driver, pages[4])
    press(driver, Keys.ARROW_RIGHT)
    wait_for_address(driver, f"/{pages[5].stem}.html")
    press(driver, Keys.ARROW_LEFT)
    wait_for_address(driver, f"/{pages[4].stem}.html")
    open_image(driver, pages[0])
    # The first has none before it, so the second key starts from the same page.
    press(driver, Keys.ARROW_LEFT)
    press(driver, Keys.ARROW_RIGHT)
    wait_for_address(driver, f"/{pages[1].stem}.html")


def test_a_question_mark_lists_the_keys_and_letters_can_be_switched_off(driver, atlas):
    page = image_pages(atlas)[4]
    open_image(driver, page)
    press(driver, "?")
    dialog = shown_dialog(driver)
    for words in ("Previous picture", "Next picture", "Compare", "Copy link", "Enlarge"):
        assert words in dialog.text
    dialog.find_element("css selector", "input[type=checkbox]").click()
    close_dialog(driver)
    for letter in ("?", "c", "p", "+"):
        press(driver, letter)
        assert shown_dialog(driver) is None and address(driver).endswith(page.name)
    # Kept for the next page; the button still opens the list, and arrows still act.
    open_image(driver, page)
    press(driver, "c")
    assert shown_dialog(driver) is None
    driver.find_element("css selector", "[data-keys]").click()
    shown_dialog(driver).find_element("css selector", "input[type=checkbox]").click()
    close_dialog(driver)
    press(driver, "c")
    assert shown_dialog(driver) is not None


def test_keys_typed_into_a_field_stay_there(driver, atlas):
    open_afresh(driver, f"file://{atlas}/index.html")
    field = driver.find_element("css selector", "input[type=search]")
    field.send_keys("c?")
    assert field.get_attribute("value") == "c?" and shown_dialog(driver) is None


def distances(page):
    """The distances of each panel in ten-thousandths; the page holds them in halves of these."""
    return [
        [units // 2 for units in itertools.accumulate(map(int, found.split()))]
        for found in re.findall(r'data-d="([^"]*)"', page.read_text())]


def test_compare_shows_two_targets_and_the_difference_of_their_distances(driver, atlas):
    page = image_pages(atlas)[4]
    kmeans, pairwise, *_ = distances(page)
    with window(driver, 1280, 900):
        open_image(driver, page, "#compare=kmeans-2,pairwise-5")
        dialog = shown_dialog(driver)
        assert f"{kmeans[1] / 10000:.4f}" in dialog.text
        assert f"{pairwise[4] / 10000:.4f}" in dialog.text
        left, right = [
            link.get_attribute("href")
            for link in dialog.find_elements("css selector", "figcaption a")]
        said = dialog.find_element("css selector", ".said").text
        if left == right:
            assert said.startswith("Both are ")
        else:
            assert f"{abs(kmeans[1] - pairwise[4]) / 10000:.4f}" in said
        # Pictures of one size.
        sizes = {
            (image.size["width"], image.size["height"])
            for image in dialog.find_elements("css selector", ".pic")}
        assert len(sizes) == 1


def test_distances_of_two_kinds_are_not_set_against_each_other(driver, atlas):
    page = image_pages(atlas)[4]
    embedding = distances(page)[2]
    with window(driver, 1280, 900):
        open_image(driver, page, "#compare=pairwise-1,embedding-3")
        text = shown_dialog(driver).text
        assert f"{embedding[2] / 10000:.4f}" in text
        left, right = [
            link.get_attribute("href")
            for link in driver.find_elements("css selector", "dialog figcaption a")]
        assert left == right or "two kinds" in text
        open_image(driver, page, "#compare=embedding-1,embedding-3")
        difference = (embedding[2] - embedding[0]) / 10000
        assert f"{difference:.4f}" in shown_dialog(driver).text


def test_compare_keeps_its_state_in_the_address_and_gives_focus_back(driver, atlas):
    page = image_pages(atlas)[4]
    with window(driver, 1280, 900):
        open_image(driver, page)
        opener = driver.find_element("css selector", "[data-compare]")
        opener.click()
        dialog = shown_dialog(driver)
        first = address(driver)
        assert re.search(r"#compare=kmeans-1,pairwise-\d+$", first)
        press(driver, Keys.ARROW_RIGHT)
        assert re.search(r"#compare=kmeans-2,pairwise-\d+$", address(driver))
        press(driver, Keys.ARROW_DOWN, Keys.ARROW_LEFT)
        second = address(driver)
        assert re.search(r"#compare=kmeans-1,", second) and second != first
        text = dialog.text
        close_dialog(driver)
        wait_until(lambda: address(driver) == f"file://{page}", "clearing the address")
        assert driver.switch_to.active_element == opener
        open_afresh(driver, second)
        assert shown_dialog(driver).text == text


@pytest.mark.parametrize("way", ["buttons", "keys"])
def test_a_photograph_is_enlarged_moved_and_shown_whole_again(driver, atlas, way):
    with window(driver, 1280, 900):
        open_image(driver, image_pages(atlas)[4])
        button = {
            name: driver.find_element("css selector", f"[data-zoom='{name}']")
            for name in ("-1", "0", "1")}
        key = {"-1": "-", "0": "0", "1": "+"}

        def act(name):
            if way == "keys":
                press(driver, key[name])
            else:
                button[name].click()

        def state():
            return driver.execute_script("""
                const image = document.querySelector('.window img').getBoundingClientRect();
                const box = document.querySelector('.window').getBoundingClientRect();
                return [image.width / box.width, box.width, image.left - box.left,
                  document.querySelector('[data-shown]').textContent,
                  [...document.querySelectorAll('.scale i')].map((mark) => mark.textContent)]""")

        whole = state()
        assert whole[0] == pytest.approx(1, abs=0.01) and not button["0"].is_enabled()
        act("1")
        act("1")
        enlarged = state()
        assert enlarged[0] == pytest.approx(4, abs=0.1)
        assert enlarged[1] == whole[1], "the frame has grown"
        assert enlarged[3] == "Shown at 400\u202f% of its size"
        # A quarter of 224 pixels, from the middle: 84 to 140.
        assert enlarged[4] == ["84", "98", "112", "126", "140\u202fpx"]
        box = driver.find_element("css selector", ".window")
        if way == "keys":
            box.click()
            driver.execute_script("arguments[0].focus()", box)
            press(driver, Keys.ARROW_LEFT)
        else:
            ActionChains(driver).drag_and_drop_by_offset(box, 40, 0).perform()
        moved = state()
        assert moved[2] == pytest.approx(enlarged[2] + (0.2 * whole[1] if way == "keys" else 40), abs=2)
        act("-1")
        assert state()[0] == pytest.approx(2, abs=0.1)
        act("0")
        assert state()[:2] == whole[:2] and state()[4] == whole[4]


def test_the_wheel_over_a_photograph_scrolls_the_page(driver, atlas):
    with window(driver, 1280, 500):
        open_image(driver, image_pages(atlas)[4])
        driver.find_element("css selector", "[data-zoom='1']").click()
        driver.execute_script("scrollTo(0, 0)")
        box = driver.find_element("css selector", ".window")
        ActionChains(driver).move_to_element(box).scroll_by_amount(0, 200).perform()
        wait_until(lambda: driver.execute_script("return scrollY") > 0, "scrolling the page")


def test_the_link_copied_is_that_of_the_view(driver, atlas, nginx):
    driver.execute_cdp_cmd("Browser.grantPermissions", {
        "permissions": ["clipboardReadWrite", "clipboardSanitizedWrite"]})
    page = image_pages(atlas)[4].relative_to(atlas)
    open_afresh(driver, f"{nginx}/{page}#compare=kmeans-1,pairwise-2")
    button = shown_dialog(driver).find_element("xpath", ".//button[text()='Copy link']")
    heard = listen(driver, button)
    button.click()
    wait_until(lambda: "Copied" in heard(), "copying the link")
    copied = driver.execute_async_script("navigator.clipboard.readText().then(arguments[0])")
    assert copied == f"{nginx}/{page}#compare=kmeans-1,pairwise-2"
