"""Accessibility: axe-core on every kind of page, controls reached by keys, settings of readers."""

import pytest
from access import assert_accessible, axe_violations
from conftest import KINDS, pages, window
from ready import wait_until
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.keys import Keys
from test_pages import open_page

# States of pages that a reader brings about: page, fragment, script that does it, and a selector of what
# is there afterwards.
STATES = {
    "hits": ("front", "", """
        const field = document.querySelector('input[type=search]');
        field.focus();
        field.value = 'gn';
        field.dispatchEvent(new Event('input'));""", "#hits:not([hidden]) li"),
    "filtered": ("rock", "#agree=yes&sort=doubt", "", ".browse.ready"),
    "nothing": ("rock", "#from=1&to=2", "", "[data-empty]:not([hidden])"),
    "compare": ("image", "#compare=kmeans-1,pairwise-2", "", "dialog[open]"),
    "keys": ("image", "", "document.querySelector('[data-keys]').click()", "dialog[open]"),
    "enlarged": (
        "image", "", "document.querySelector('[data-zoom=\"1\"]').click()", ".window.enlarged"),
}


@pytest.mark.parametrize("kind", [*KINDS, *STATES])
@pytest.mark.parametrize("width", [390, 1280, 1920])
def test_axe_finds_no_violation(driver, atlas, kind, width):
    page, fragment, script, found = STATES.get(kind, (kind, "", "", "main"))
    with window(driver, width, 1000):
        open_page(driver, f"file://{atlas}/{pages(atlas)[page]}{fragment}")
        if script:
            driver.execute_script(script)
        wait_until(lambda: driver.find_elements("css selector", found), f"showing {found}")
        assert_accessible(driver)


def test_axe_finds_no_violation_on_a_wall_of_small_pictures(driver, plates):
    with window(driver, 390, 1000):
        open_page(driver, f"file://{plates}/gneiss/index.html")
        assert axe_violations(driver) == []


def controls(driver):
    """What can be operated and is shown, without what shares a tab stop: tiles and radio buttons."""
    return set(driver.execute_script("""
        const groups = new Set();
        return [...document.querySelectorAll('a[href], button, input, select, [tabindex="0"]')]
          .filter((element) => element.checkVisibility({ visibilityProperty: true }) &&
            !element.disabled && element.tabIndex >= 0)
          .filter((element) => element.type !== 'radio' || element.checked)
          .map((element, place) => element.dataset.place = String(place))"""))


@pytest.mark.parametrize("kind", KINDS)
def test_tab_reaches_every_control_and_shows_where_it_is(driver, atlas, kind):
    with window(driver, 1280, 900):
        open_page(driver, f"file://{atlas}/{pages(atlas)[kind]}")
        wanted = controls(driver)
        reached = set()
        for _ in range(len(wanted) + 3):
            ActionChains(driver).send_keys(Keys.TAB).perform()
            place, visible, outlined = driver.execute_script("""
                const element = document.activeElement;
                const style = getComputedStyle(element);
                const box = element.getBoundingClientRect();
                // A skip link stands in the window once it has the focus; a target outlines its picture.
                const around = [element, ...element.querySelectorAll('*')].some((part) => {
                  const look = getComputedStyle(part);
                  return parseFloat(look.outlineWidth) >= 2 && look.outlineStyle !== 'none';
                });
                const thumb = getComputedStyle(element, '::-webkit-slider-thumb');
                return [element.dataset.place,
                  box.bottom > 0 && box.top < innerHeight,
                  around || element.type === 'range' || thumb.outlineStyle === 'solid']""")
            if place is None:
                continue
            reached.add(place)
            assert visible, f"control {place} has the focus outside the window"
            assert outlined, f"control {place} does not show its focus"
        assert wanted - reached == set()


def test_reduced_motion_leaves_no_transition(driver, atlas):
    with window(driver, 1280, 900, features=[("prefers-reduced-motion", "reduce")]):
        open_page(driver, f"file://{atlas}/{pages(atlas)['image']}")
        assert driver.execute_script("""
            return [...document.querySelectorAll('*')].filter((element) =>
              parseFloat(getComputedStyle(element).transitionDuration) > 0).length""") == 0


@pytest.mark.parametrize("kind", ["rock", "image"])
def test_forced_colours_keep_marks_that_are_only_a_ground(driver, atlas, kind):
    with window(driver, 1280, 900, features=[("forced-colors", "active")]):
        open_page(driver, f"file://{atlas}/{pages(atlas)[kind]}")
        assert driver.execute_script("return matchMedia('(forced-colors: active)').matches")
        # The system's colours: white or black ground, and bars that differ from it.
        bars = driver.execute_script("""
            const page = getComputedStyle(document.body).backgroundColor;
            return [...document.querySelectorAll('.histo i:not(.off), .bars svg')]
              .map((bar) => getComputedStyle(bar).backgroundColor !== page)""")
        assert bars and all(bars)


def test_text_of_twice_the_size_stays_inside_the_window(driver, atlas):
    with window(driver, 640, 900):
        for kind in ("front", "rock", "image"):
            open_page(driver, f"file://{atlas}/{pages(atlas)[kind]}")
            driver.execute_script("document.documentElement.style.fontSize = '200%'")
            assert driver.execute_script(
                "return document.documentElement.scrollWidth <= document.documentElement.clientWidth")
