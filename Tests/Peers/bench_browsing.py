"""Measures opening and scrolling an atlas in Chromium; prints a table.

usage: bench_browsing.py [ATLAS]

ATLAS is a folder that "geoatlas build" wrote; without one the reference collection is built here, or a
sample where there is none. Pages come from nginx over an emulated link of 20 Mbit/s with 20 ms delay,
nothing stored beforehand.
"""
import pathlib
import statistics
import sys
import tempfile

from measuring import ROOT, chosen, machine, row, run, title

# Both folders of tests have a conftest; the one beside the pages is meant.
sys.path.insert(0, str(ROOT / "Tests/Browser"))
from conftest import chromium, serve, window  # noqa: E402

MOST_REQUESTS, MOST_BYTES, MOST_SECONDS = 12, 400_000, 1.0
RUNS = 5
LINK = {"offline": False, "latency": 20, "downloadThroughput": 20e6 / 8, "uploadThroughput": 20e6 / 8}

# From the first moment on: what moves, and when the first frame comes after a picture has arrived.
OBSERVER = """
    window.shift = 0;
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) window.shift += entry.value;
    }).observe({ type: 'layout-shift', buffered: true });
    window.shown = null;
    const look = () => {
      const arrived = performance.getEntriesByType('resource').some((entry) =>
        /\\.(jpg|png)$/.test(entry.name) && entry.responseEnd > 0);
      if (!arrived) return requestAnimationFrame(look);
      // The next frame draws it, and the one after that begins once it is drawn.
      requestAnimationFrame(() => requestAnimationFrame(() => {
        window.shown = performance.now();
      }));
    };
    requestAnimationFrame(look);"""


def opened(driver, address):
    """Seconds to the first picture, requests, bytes, and the layout shift of one cold opening."""
    driver.execute_cdp_cmd("Network.clearBrowserCache", {})
    driver.get("about:blank")
    driver.get(address)
    driver.execute_async_script("setTimeout(arguments[0], 600)")
    return driver.execute_script("""
        const entries = [...performance.getEntriesByType('navigation'),
          ...performance.getEntriesByType('resource')]
          .filter((entry) => !entry.name.startsWith('data:'));
        return [window.shown / 1000, entries.length,
          entries.reduce((sum, entry) => sum + entry.transferSize, 0), window.shift];""")


def frames(driver, step):
    """Milliseconds between frames while the window moves `step` pixels a frame down the wall."""
    return driver.execute_async_script("""
        const [step, done] = arguments;
        const times = [];
        let y = document.querySelector('.wall').getBoundingClientRect().top + scrollY;
        let last = null;
        const move = (now) => {
          if (last !== null) times.push(now - last);
          last = now;
          y += step;
          scrollTo(0, y);
          if (times.length < 300) requestAnimationFrame(move);
          else done(times);
        };
        requestAnimationFrame(move);""", step)


def first_views(driver, address, atlas):
    image = next((atlas / "gneiss").glob("*/*.html")).relative_to(atlas)
    for name, page in [("rock type", "gneiss/index.html"), ("front", "index.html"),
                       ("picture", image)]:
        for width, height in [(390, 844), (1280, 800), (1920, 1080)]:
            title(f"{name}, {width} × {height}")
            with window(driver, width, height):
                found = [opened(driver, f"{address}/{page}") for _ in range(RUNS)]
            seconds = statistics.median(values[0] for values in found)
            _, requests, weight, _ = found[0]
            shift = max(values[3] for values in found)
            row("first picture visible, median of 5", f"{seconds:.2f} s",
                limit(seconds, MOST_SECONDS, " s"))
            row("requests", f"{requests}", limit(requests, MOST_REQUESTS) if name == "rock type" else "")
            row("bytes", f"{weight:,}", limit(weight, MOST_BYTES) if name == "rock type" else "")
            row("layout shift", f"{shift:.4f}", limit(shift, 0))


def limit(value, most, unit=""):
    return f"bar {most:,}{unit}: {'met' if value <= most else 'MISSED'}"


def scrolling(driver, atlas):
    with window(driver, 1280, 800):
        driver.get(f"file://{atlas}/gneiss/index.html")
        pictures = driver.execute_script("return GEO.tiles.length")
        title(f"scrolling a wall of {pictures:,} pictures, 300 frames")
        for step in (20, 100, 500):
            times = sorted(frames(driver, step))
            row(f"{step} pixels a frame: median, 95 % and longest frame",
                f"{times[150]:.1f}, {times[285]:.1f}, {times[-1]:.1f} ms", "16.7 ms is the screen's own")


def main(arguments):
    with tempfile.TemporaryDirectory() as scratch:
        folder = pathlib.Path(scratch)
        atlas = pathlib.Path(arguments[0]).resolve() if arguments else folder / "public"
        if not arguments:
            run("build", chosen(None, folder), "--folds", 0, "--output", atlas, "--workspace",
                folder / "workspace", "--review", folder / "review", "--content", ROOT / "content",
                "--templates", ROOT / "templates")
        print(machine())
        process, address = serve(atlas, folder)
        driver = chromium()
        try:
            driver.execute_cdp_cmd("Network.enable", {})
            driver.execute_cdp_cmd("Network.emulateNetworkConditions", LINK)
            driver.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {"source": OBSERVER})
            first_views(driver, address, atlas)
            scrolling(driver, atlas)
        finally:
            driver.quit()
            process.terminate()
            process.wait()


if __name__ == "__main__":
    if len(sys.argv) > 2:
        sys.exit(__doc__)
    main(sys.argv[1:])
