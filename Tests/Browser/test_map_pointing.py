"""Pointing at pictures of the map, choosing them, and what the address and the way back keep."""

from conftest import window
from ready import address, follow, next_frames, wait_until
from selenium.webdriver.common.action_chains import ActionChains
from test_map import chosen, open_map, press
from test_map_selection import selected


def stage(driver):
    return driver.execute_script("""
        const box = document.querySelector('[data-canvas]').getBoundingClientRect();
        return [box.left, box.top, box.width, box.height]""")


def pointer_to(driver, x, y, click=False):
    """Moves the mouse to a point of the canvas, in parts of its width and height, and clicks there."""
    left, top, width, height = stage(driver)
    chain = ActionChains(driver, duration=20)
    chain.w3c_actions.pointer_action.move_to_location(round(left + x * width), round(top + y * height))
    if click:
        chain.click()
    chain.perform()
    next_frames(driver)


def leave(driver):
    ActionChains(driver).move_to_element(driver.find_element("css selector", ".sidebar h1")).perform()
    next_frames(driver)


def test_a_picture_that_was_clicked_stays_chosen_when_the_mouse_crosses_others(driver, atlas):
    with window(driver, 1280, 900):
        open_map(driver, atlas, "#at=6,5,6")
        pointer_to(driver, 0.5, 0.5, click=True)
        clicked = chosen(driver)
        pointer_to(driver, 0.75, 0.5)
        assert chosen(driver) not in (clicked, None)
        leave(driver)
        assert chosen(driver) == clicked
        link = driver.find_element("css selector", "[data-facts] a")
        follow(driver, lambda: ActionChains(driver).move_to_element(link).click().perform())
        assert driver.current_url.split("?")[0].endswith(clicked)


def test_the_address_keeps_the_whole_map_and_only_a_chosen_picture(driver, atlas):
    with window(driver, 1280, 900):
        open_map(driver, atlas)
        pointer_to(driver, 0.5, 0.5)
        assert chosen(driver)
        driver.execute_script("document.querySelector('[data-link]').click()")
        assert "#" not in address(driver)
        pointer_to(driver, 0.5, 0.5, click=True)
        clicked = chosen(driver)
        driver.execute_script("document.querySelector('[data-link]').click()")
        copied = address(driver)
        assert copied.endswith(f"#at=all&picture={clicked.removesuffix('.html')}")
        pointer_to(driver, 0.3, 0.3, click=True)
        other = chosen(driver)
        assert other != clicked
        open_map(driver, atlas, "#" + copied.split("#")[1])
        assert chosen(driver) == clicked
        # It still shows everything: the same point is the same picture.
        pointer_to(driver, 0.3, 0.3)
        assert chosen(driver) == other


def test_a_selection_is_in_the_history_before_a_link_is_followed(driver, atlas):
    with window(driver, 1280, 900):
        open_map(driver, atlas, "#at=6,5,6")
        # All in one step, so that no timer of the page runs in between.
        kept = driver.execute_script("""
            document.querySelector('[data-canvas]').dispatchEvent(
              new KeyboardEvent('keydown', { key: 's', bubbles: true }));
            const link = document.querySelector('[data-strip] a');
            link.addEventListener('click', (event) => event.preventDefault());
            link.click();
            return history.state""")
        assert len(kept["selected"]) == selected(driver) > 1


def test_the_way_back_leads_to_the_selection(driver, atlas):
    with window(driver, 1280, 900):
        open_map(driver, atlas, "#at=6,5,6")
        press(driver, "s")
        count = selected(driver)
        assert count > 1
        link = driver.find_element("css selector", "[data-strip] a")
        follow(driver, lambda: driver.execute_script("arguments[0].click()", link))
        driver.execute_script("window.isLeft = false; history.back()")
        wait_until(lambda: "/map.html" in address(driver) and selected(driver) == count, "the selection")
        press(driver, "x")
        driver.refresh()
        wait_until(lambda: selected(driver) == count, "the selection after loading again")
        # A map that is opened anew has none.
        open_map(driver, atlas, "#at=5,5,5")
        driver.get("about:blank")
        open_map(driver, atlas)
        assert selected(driver) == 0


def test_t_pins_the_picture_that_is_pointed_at_or_chosen(driver, atlas):
    with window(driver, 1280, 900):
        open_map(driver, atlas, "#at=6,5,6")
        pointer_to(driver, 0.5, 0.5, click=True)
        pointer_to(driver, 0.75, 0.5)
        pointed = chosen(driver)
        press(driver, "t")
        leave(driver)
        clicked = chosen(driver)
        press(driver, "t")
        pins = driver.execute_script("return GEO.pins.all()")
        assert pins == [pointed.removesuffix(".html"), clicked.removesuffix(".html")]
        last = driver.execute_script("return document.querySelector('.mast ul').lastElementChild.textContent")
        assert last == "Table\u00a02"


def test_everything_is_shown_beside_the_buttons_and_above_the_note(driver, atlas):
    with window(driver, 1280, 900):
        open_map(driver, atlas)
        left, top, width, height = stage(driver)
        note = driver.execute_script("return document.querySelector('[data-note]').getBoundingClientRect().top")
        assert top + height <= note + 0.5
        inner = driver.execute_script("return document.querySelector('.map-zoom').getBoundingClientRect().right")
        for y in (0.1, 0.3, 0.5):
            pointer_to(driver, (inner - left - 2) / width, y, click=False)
            assert chosen(driver) is None


def test_an_empty_search_asks_for_a_name(driver, atlas):
    with window(driver, 1280, 900):
        open_map(driver, atlas)
        driver.execute_script("document.querySelector('[data-find]').requestSubmit()")
        said = driver.execute_script("return document.querySelector('[data-found]').textContent")
        assert said == "Type the name of a picture first."


def test_a_link_with_colours_that_the_map_does_not_have_says_so(driver, atlas):
    with window(driver, 1280, 900):
        open_map(driver, atlas, "#colour=fact-gone")
        said = driver.execute_script("return document.querySelector('[data-loading]').textContent")
        assert said == "The link asks for colours by “fact-gone”, which this map does not have."


def test_a_field_with_the_name_of_a_column_of_the_list_gets_another_one(driver, atlas):
    open_map(driver, atlas)
    header = driver.execute_script("return GEO.listOf([], ['Label', 'site', 'metadata label', 'label'])[0]")
    assert header == ["key", "label", "predicted", "probability", "cluster", "metadata Label", "site",
                      "metadata metadata label", "metadata metadata metadata label"]
