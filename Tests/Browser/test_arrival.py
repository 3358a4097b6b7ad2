"""A page that arrives in parts is shown when all of it is there, so that nothing moves."""

import functools
import http.server
import threading
import time

import pytest

# How long the second part of a page is on its way. A browser that does not wait for it paints the first one
# long before, so a shorter pause could only hide a fault.
PAUSE = 0.7


class Slow(http.server.SimpleHTTPRequestHandler):
    """A server whose pages arrive in two parts, the second one after a pause."""

    def copyfile(self, source, outputfile):
        content = source.read()
        if self.path.endswith(".html"):
            half = len(content) // 2
            outputfile.write(content[:half])
            outputfile.flush()
            time.sleep(PAUSE)
            content = content[half:]
        outputfile.write(content)

    def log_message(self, *_):
        pass


@pytest.fixture
def slow_server(atlas):
    server = http.server.ThreadingHTTPServer(
        ("127.0.0.1", 0), functools.partial(Slow, directory=str(atlas)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize("page", ["index.html", "gneiss/index.html", "models.html", "image"])
def test_nothing_is_shown_before_all_of_a_page_is_there(driver, atlas, slow_server, page):
    if page == "image":
        page = sorted((atlas / "gneiss").glob("*/*.html"))[3].relative_to(atlas)
    driver.get(f"{slow_server}/{page}")
    painted, arrived = driver.execute_async_script("""
        const done = arguments[0];
        new PerformanceObserver((list) => done([list.getEntries()[0].startTime,
          performance.getEntriesByType('navigation')[0].responseEnd]))
          .observe({ type: 'paint', buffered: true });""")
    assert arrived > 1000 * PAUSE
    assert painted >= arrived
