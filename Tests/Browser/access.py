"""What axe-core says of a page in Chromium."""

import functools
import importlib.resources

from conftest import emulate
from ready import next_frames, wait_until

QUIET = "return document.getAnimations().every(({ playState }) => playState !== 'running')"


@functools.cache
def axe():
    return (importlib.resources.files("axe_playwright_python") / "axe.min.js").read_text()


def axe_violations(driver):
    """What axe-core 4.12 finds wrong with the page, one line each."""
    if not driver.execute_script("return 'axe' in window"):
        driver.execute_script(axe())
    return driver.execute_async_script("""
        const done = arguments[0];
        axe.run(document).then((result) => done(result.violations.map((violation) =>
          violation.id + ': ' + violation.nodes.map((node) => node.target.join(' ')).slice(0, 3)
            .join(', '))));""")


def assert_accessible(driver):
    """axe-core finds nothing wrong with the page, light and dark, and it is not wider than the window."""
    for scheme in ("light", "dark"):
        emulate(driver, scheme)
        wait_until(lambda: driver.execute_script(QUIET), "the colours")
        next_frames(driver)
        assert axe_violations(driver) == [], scheme
    overflow = driver.execute_script(
        "return document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert overflow <= 0, "the page is wider than the window"
