"""A page that arrives in parts is shown when all of it is there, so that nothing moves."""

import functools
import http.server
import threading

import pytest
from ready import wait_until
from waiting import PATIENCE


class Halting(http.server.SimpleHTTPRequestHandler):
    """A server that sends the second half of a page when `server.rest` is set."""

    def do_GET(self):
        if self.path != "/frame":
            return super().do_GET()
        content = b"<!doctype html><title>A page for another one</title>"
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        return self.wfile.write(content)

    def copyfile(self, source, outputfile):
        content = source.read()
        if self.path.endswith(".html"):
            half = len(content) // 2
            outputfile.write(content[:half])
            outputfile.flush()
            self.server.rest.wait(2 * PATIENCE)
            content = content[half:]
        outputfile.write(content)

    def log_message(self, *_):
        pass


@pytest.fixture
def halting_server(atlas):
    server = http.server.ThreadingHTTPServer(
        ("127.0.0.1", 0), functools.partial(Halting, directory=str(atlas)))
    server.rest = threading.Event()
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.rest.set()
    server.shutdown()
    server.server_close()


# A frame around the page goes on drawing: long after the first half has arrived, it asks whether that is shown.
OPEN = """
    const [page, done] = arguments;
    const frame = document.createElement('iframe');
    frame.src = page;
    document.body.append(frame);
    let drawn = 0;
    const look = () => {
      const inner = frame.contentDocument;
      if (inner?.querySelector('main > *') && inner.styleSheets.length) drawn += 1;
      if (drawn > 60) done(window.shown());
      else requestAnimationFrame(look);
    };
    window.shown = () => frame.contentWindow.performance.getEntriesByType('paint').length;
    requestAnimationFrame(look);"""


@pytest.mark.parametrize("page", ["index.html", "gneiss/index.html", "models.html", "image"])
def test_nothing_is_shown_before_all_of_a_page_is_there(driver, atlas, halting_server, page):
    if page == "image":
        page = sorted((atlas / "gneiss").glob("*/*.html"))[3].relative_to(atlas)
    driver.get(f"http://127.0.0.1:{halting_server.server_port}/frame")
    assert driver.execute_async_script(OPEN, f"/{page}") == 0
    halting_server.rest.set()
    wait_until(lambda: driver.execute_script("return window.shown()") > 0, "the page to be shown")
