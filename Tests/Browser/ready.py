"""Waiting for pages in Chromium: until they have come, are drawn, or say something.

After an action, a test may look at once at what the script of the page does while it handles the action. It
has to wait for what comes later: another page, a file, a frame, an answer of a server or of the storage.
"""

import waiting
from selenium.common.exceptions import (
    InvalidSessionIdException,
    NoSuchWindowException,
    WebDriverException,
)


def wait_until(condition, what):
    """Waits as `waiting.wait_until`, also while the page is left or a script replaces an element."""
    last = None

    def is_met():
        nonlocal last
        try:
            return condition()
        except (InvalidSessionIdException, NoSuchWindowException):
            raise
        except WebDriverException as error:
            last = error
            return None

    try:
        return waiting.wait_until(is_met, what)
    except AssertionError as error:
        raise error from last


def address(driver):
    """The address as scripts see it. What the driver reports can be late after a change by a script."""
    return driver.execute_script("return location.href")


def wait_for_address(driver, end):
    """Waits until a page is loaded and drawn whose address ends so; before, the browser may drop keys."""
    wait_until(
        lambda: driver.execute_script(
            "return document.readyState === 'complete' && location.href.endsWith(arguments[0])", end),
        f"opening {end}")
    next_frames(driver)


def follow(driver, act):
    """Does something that leads to another page, and waits until that one is loaded."""
    driver.execute_script("window.isLeft = false")
    act()
    wait_until(
        lambda: driver.execute_script(
            "return window.isLeft === undefined && document.readyState === 'complete'"),
        "opening another page")
    next_frames(driver)


def open_afresh(driver, place):
    """Opens an address from scratch, and waits until its page is loaded and laid out."""
    # The browser would not reload the same address with another fragment.
    driver.get("about:blank")
    driver.get(place)
    next_frames(driver)


def next_frames(driver):
    """Waits until the browser has drawn two frames, so that what scripts do before a frame is done."""
    driver.execute_async_script(
        "requestAnimationFrame(() => requestAnimationFrame(() => arguments[0]()))")


# Calls back when the page has loaded all pictures that its styles and scripts need, and is idle.
WHOLE = """
    const done = arguments[0];
    const loaded = document.readyState === 'complete' ? Promise.resolve()
      : new Promise((go) => addEventListener('load', go));
    // A lazy picture outside the window may never come.
    const sources = () => [
      ...[...document.images].filter((image) => image.loading !== 'lazy').map((image) => image.currentSrc),
      ...[...document.querySelectorAll('main *')]
        .map((element) => getComputedStyle(element).backgroundImage.match(/^url\\("(.*)"\\)$/)?.[1]),
    ];
    // A second picture with the same source is there when the first is.
    const shown = async (source) => {
      const picture = new Image();
      picture.src = source;
      await picture.decode().catch(() => null);
    };
    loaded.then(() => document.fonts.ready)
      .then(() => Promise.all([...new Set(sources())].filter(Boolean).map(shown)))
      .then(() => requestIdleCallback(() => done()));"""


def settle(driver):
    """Waits until the page has loaded all that it shows, and is idle."""
    driver.execute_async_script(WHOLE)
    next_frames(driver)


def listen(driver, element):
    """Gives a function that gives the texts an element has shown since.

    A button shows an answer for 2.5 seconds, which the tests can miss on a busy machine.
    """
    driver.execute_script("""
        const [element] = arguments;
        element.heard = [];
        new MutationObserver(() => element.heard.push(element.textContent))
          .observe(element, { childList: true, characterData: true, subtree: true });""", element)
    return lambda: driver.execute_script("return arguments[0].heard", element)


def downloaded(folder, before, suffix):
    """The new file of a folder of downloads, when it is whole. `before`: the files that were there.

    A browser first puts an empty file in its place, fills another one, and then moves that one there.
    """
    def whole():
        return [
            path for path in set(folder.iterdir()) - before
            if path.suffix == suffix and path.stat().st_size > 0]

    (path,) = waiting.wait_until(whole, f"a new file {suffix}")
    return path
