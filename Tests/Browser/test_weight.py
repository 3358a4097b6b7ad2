"""The first view of a plate: number of requests, bytes, and layout shifts."""

import pytest
from conftest import window
from ready import settle

MOST_REQUESTS = 12
MOST_BYTES = 400_000
# The largest layout shift that counts as none, in the browser's unit: the share of the window that
# moved, times how far. 0.1 is the limit of "good" (web.dev/articles/cls). A browser that is short of
# processor time may paint before the last script has run, and then a word moves by its own width.
INVISIBLE = 0.002

# Runs before the page, so that no shift is missed.
SHIFTS = """
    window.shifts = [];
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) {
        window.shifts.push([entry.value, entry.sources.map((source) =>
          source.node && (source.node.className || source.node.nodeName)).join(' ')]);
      }
    }).observe({ type: 'layout-shift', buffered: true });"""


def load(driver, address):
    """Opens a page with an empty cache: number of requests, bytes, layout shifts, names of files."""
    driver.execute_cdp_cmd("Network.enable", {})
    driver.execute_cdp_cmd("Network.setCacheDisabled", {"cacheDisabled": True})
    script = driver.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {"source": SHIFTS})
    try:
        driver.get("about:blank")
        driver.get(address)
        settle(driver)
        return driver.execute_script("""
            const entries = [...performance.getEntriesByType('navigation'),
              ...performance.getEntriesByType('resource')]
              .filter((entry) => !entry.name.startsWith('data:'));
            return [entries.length, entries.reduce((sum, entry) => sum + entry.transferSize, 0),
              window.shifts, entries.map((entry) => entry.name.split('/').at(-1))]""")
    finally:
        driver.execute_cdp_cmd(
            "Page.removeScriptToEvaluateOnNewDocument", {"identifier": script["identifier"]})
        driver.execute_cdp_cmd("Network.setCacheDisabled", {"cacheDisabled": False})


@pytest.mark.parametrize("width, height", [(390, 844), (1280, 800), (1920, 1080)])
@pytest.mark.parametrize("page", ["index.html", "2.html", "index.html#agree=yes&sort=doubt"])
def test_a_plate_opens_with_few_requests_and_bytes_and_nothing_moves(
    driver, plates_nginx, width, height, page
):
    with window(driver, width, height):
        requests, weight, shifts, names = load(driver, f"{plates_nginx}/gneiss/{page}")
        assert requests <= MOST_REQUESTS, names
        assert weight <= MOST_BYTES, names
        assert sum(shift for shift, _ in shifts) <= INVISIBLE, shifts


@pytest.mark.parametrize("page", ["index.html", "gneiss/index.html", "image"])
def test_nothing_moves_on_pages_of_photographs(driver, atlas, nginx, page):
    if page == "image":
        page = sorted((atlas / "gneiss").glob("*/*.html"))[3].relative_to(atlas)
    for width, height in [(390, 844), (1280, 800), (1920, 1080)]:
        with window(driver, width, height):
            shifts = load(driver, f"{nginx}/{page}")[2]
            assert sum(shift for shift, _ in shifts) <= INVISIBLE, shifts
