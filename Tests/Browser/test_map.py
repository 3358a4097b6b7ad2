"""The map in the browser: it shows each picture in its cell, filters, and finds pictures by address."""

import base64
import io
import re

import numpy
import pytest
from access import assert_accessible
from conftest import window, without_scripts
from PIL import Image
from ready import address, next_frames, wait_for_address, wait_until
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.keys import Keys
from test_pages import open_page


def open_map(driver, atlas, fragment=""):
    """Opens the map, and waits until nothing is loading any more."""
    open_page(driver, f"file://{atlas}/map.html{fragment}")
    next_frames(driver)


def chosen(driver):
    """The address of the page of the chosen picture, from the root of the atlas."""
    links = driver.execute_script(
        "return [...document.querySelectorAll('[data-facts] a')].map((link) => link.getAttribute('href'))")
    return links[0] if links else None


def press(driver, *keys):
    driver.execute_script("document.querySelector('[data-canvas]').focus()")
    ActionChains(driver).send_keys(*keys).perform()


def shot(driver):
    """The pixels of the canvas, without the controls over it."""
    box = driver.execute_script("""
        for (const part of document.querySelectorAll('.map-zoom, .map-note')) part.style.visibility = 'hidden';
        const box = document.querySelector('[data-canvas]').getBoundingClientRect();
        return [box.left, box.top, box.right, box.bottom].map(Math.round)""")
    data = base64.b64decode(driver.get_screenshot_as_base64())
    return numpy.asarray(Image.open(io.BytesIO(data)).convert("RGB").crop(box)).astype(int)


def first_page(atlas, label="gneiss"):
    page = sorted((atlas / label).glob("*/*.html"))[3]
    return str(page.relative_to(atlas))[: -len(".html")]


@pytest.mark.parametrize("width", [390, 1280, 1920])
@pytest.mark.parametrize("fragment", ["", "#colour=predicted&only=differ"])
def test_axe_finds_no_violation(driver, atlas, width, fragment):
    with window(driver, width, 1000):
        open_map(driver, atlas, fragment)
        assert [entry for entry in driver.get_log("browser") if entry["level"] == "SEVERE"] == []
        assert_accessible(driver)


def test_the_address_of_a_picture_shows_it_in_the_middle(driver, plates):
    page = first_page(plates)
    with window(driver, 1280, 900):
        open_map(driver, plates, f"#picture={page}")
        assert chosen(driver) == f"{page}.html"
        picture = numpy.asarray(Image.open(plates / f"{page}.jpg").convert("RGB")).astype(int)

        def is_there():
            seen = shot(driver)
            middle = seen[seen.shape[0] // 2 - 36: seen.shape[0] // 2 + 36,
                          seen.shape[1] // 2 - 36: seen.shape[1] // 2 + 36]
            # The middle 24 pixels of the picture, each three times as large.
            wanted = picture[2:26, 2:26].repeat(3, 0).repeat(3, 1)
            return abs(middle - wanted).mean() < 12

        wait_until(is_there, "the picture in the middle")


def test_a_picture_that_is_gone_is_told(driver, atlas):
    with window(driver, 1280, 900):
        open_map(driver, atlas, "#picture=gneiss/00/gone")
        text = driver.execute_script("return document.querySelector('[data-found]').textContent")
        assert text.startswith("The map has no picture “gneiss/00/gone”.")


def test_the_page_of_a_picture_leads_to_its_place(driver, atlas):
    page = first_page(atlas)
    with window(driver, 1280, 900):
        open_page(driver, f"file://{atlas}/{page}.html")
        ActionChains(driver).send_keys("m").perform()
        wait_until(lambda: "/map.html" in address(driver), "the map")
        wait_until(lambda: chosen(driver) == f"{page}.html", "the picture")


def test_keys_zoom_choose_and_open(driver, atlas):
    with window(driver, 1280, 900):
        open_map(driver, atlas, "#at=6,5,6")
        press(driver, Keys.ENTER)
        first = chosen(driver)
        assert first
        wait_until(lambda: "picture=" in address(driver), "the address")
        press(driver, Keys.ARROW_RIGHT, Keys.ARROW_RIGHT, Keys.ARROW_RIGHT, Keys.ENTER)
        assert chosen(driver) != first
        second = chosen(driver)
        press(driver, Keys.ENTER)
        wait_for_address(driver, second)


def test_a_link_copied_right_after_a_change_has_it(driver, atlas):
    with window(driver, 1280, 900):
        open_map(driver, atlas, "#at=6.0,5.0,6.0")
        # In one step, so that no time passes between the two clicks.
        addresses = driver.execute_script("""
            const enlarge = document.querySelector('[data-by]:not([data-by="0"])');
            return [location.hash, enlarge.click(), document.querySelector('[data-link]').click(), location.hash];""")
        before, after = addresses[0], addresses[-1]
        width = float(after.removeprefix("#at=").split(",")[2])
        assert before == "#at=6.0,5.0,6.0" and width != 6.0


def test_escape_clears_the_filter_and_keeps_the_view(driver, atlas):
    with window(driver, 1280, 900):
        open_map(driver, atlas, "#at=6.0,5.0,4.0&colour=label&without=0,1&only=differ")
        boxes = "return [...document.querySelectorAll('[data-legend] input')].map((box) => box.checked)"
        assert driver.execute_script(boxes)[:3] == [False, False, True]
        press(driver, Keys.ESCAPE)
        assert all(driver.execute_script(boxes))
        wait_until(lambda: "without" not in address(driver), "the address")
        values = address(driver).split("#")[1].split("&")
        assert "at=6.0,5.0,4.0" in values and "colour=label" in values
        assert not any(value.startswith("only") for value in values)


def test_a_type_that_is_switched_off_fades_and_cannot_be_chosen(driver, plates):
    page = first_page(plates)
    types = ["andesite", "gneiss", "marble", "quartzite", "rhyolite", "schist"]
    others = ",".join(str(place) for place, label in enumerate(types) if label != "gneiss")
    with window(driver, 1280, 900):
        open_map(driver, plates, f"#picture={page}&without={types.index('gneiss')}")
        sea = [int(part) for part in re.findall(r"\d+", driver.execute_script(
            "return getComputedStyle(document.querySelector('.stage')).backgroundColor"))]
        seen = shot(driver)
        middle = seen[seen.shape[0] // 2 - 20: seen.shape[0] // 2 + 20,
                      seen.shape[1] // 2 - 20: seen.shape[1] // 2 + 20]
        assert abs(middle - sea[:3]).max() < 20
        open_map(driver, plates, f"#picture={page}&without={others}")
        wait_until(lambda: abs(shot(driver)[
            seen.shape[0] // 2 - 20: seen.shape[0] // 2 + 20,
            seen.shape[1] // 2 - 20: seen.shape[1] // 2 + 20] - sea[:3]).max() > 30, "the picture")


def test_n_goes_from_dispute_to_dispute_the_surest_first(driver, atlas):
    with window(driver, 1280, 900):
        open_map(driver, atlas)
        shares = []
        for _ in range(3):
            press(driver, "n")
            text = driver.execute_script("return document.querySelector('[data-facts]').textContent")
            assert "≠" in text
            shares.append(float(re.search(r"([\d.]+)\u202f%", text)[1]))
        assert shares == sorted(shares, reverse=True)


def test_true_positions_show_pictures_too(driver, plates):
    page = first_page(plates)
    with window(driver, 1280, 900):
        open_map(driver, plates, f"#picture={page}&layout=true")
        assert chosen(driver) == f"{page}.html"

        def colours():
            return len(numpy.unique(shot(driver).reshape(-1, 3), axis=0))

        wait_until(lambda: colours() > 500, "the pictures")
        press(driver, "0")
        # Points in the colours of the pictures.
        wait_until(lambda: 100 < colours(), "the points")


def test_search_finds_a_picture_by_its_stem(driver, atlas):
    page = sorted((atlas / "marble").glob("*/*.html"))[2]
    with window(driver, 1280, 900):
        open_map(driver, atlas)
        field = driver.find_element("id", "find")
        field.send_keys(page.stem, Keys.ENTER)
        assert chosen(driver) == f"{page.relative_to(atlas)}"
        field.clear()
        field.send_keys("nothing like it", Keys.ENTER)
        text = driver.execute_script("return document.querySelector('[data-found]').textContent")
        assert text == "No picture is called “nothing like it”."


def test_without_scripts_the_table_and_a_message_are_there(driver, atlas):
    with without_scripts(driver):
        driver.get(f"file://{atlas}/map.html")
        assert driver.find_element("css selector", ".map-off").is_displayed()
        assert not driver.find_element("css selector", ".stage").is_displayed()
        rows = driver.find_elements("css selector", ".regions tbody tr")
        counts = [int(row.find_elements("tag name", "td")[0].text.replace(",", "")) for row in rows]
        assert sum(counts) == sum(1 for _ in atlas.glob("*/??/*.html"))


def test_without_a_canvas_the_message_is_there(driver, atlas):
    script = driver.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {
        "source": "HTMLCanvasElement.prototype.getContext = () => null"})
    try:
        driver.get(f"file://{atlas}/map.html")
        assert driver.find_element("css selector", ".map-off").is_displayed()
    finally:
        driver.execute_cdp_cmd("Page.removeScriptToEvaluateOnNewDocument", script)
