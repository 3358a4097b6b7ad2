"""Votes on their way from the browser: real servers, servers with manners of their own, and a folder."""

import contextlib
import hashlib
import http.server
import json
import os
import pathlib
import signal
import threading

import pytest
from conftest import chromium, geoatlas
from documented_servers import SERVERS, running
from ports import free_port
from ready import wait_until
from reviewing import answer, begin, done, element, fresh, know_password, saved, state, stored


def files(folder):
    """The files of votes in a folder, by name, without those that a server still writes."""
    texts = {path.name: path.read_text() for path in folder.glob("*.jsonl")}
    return {name: text for name, text in texts.items() if text.endswith("\n")}


def tally(folder, workplace, tmp_path):
    """Merges a folder twice, and counts the votes of all kinds."""
    merged = [
        json.loads(geoatlas("votes", "merge", folder, "--into", tmp_path / "merged", "--json"))
        for _ in range(2)]
    assert [run["rejected"] for run in merged] == [[], []]
    assert merged[1]["added"] == 0
    return merged[1]["votes"]


@contextlib.contextmanager
def password(driver):
    """The browser knows the password."""
    know_password(driver)
    try:
        yield
    finally:
        driver.execute_cdp_cmd("Network.setExtraHTTPHeaders", {"headers": {}})


@pytest.mark.parametrize("name", SERVERS)
def test_each_vote_arrives_on_a_server_of_the_document(name, driver, atlas, workplace, tmp_path):
    port = free_port()
    with running(name, port, lambda folder: geoatlas("publish", atlas, folder)) as place, password(driver):
        fresh(driver, f"http://127.0.0.1:{port}/review.html")
        begin(driver, "AB")
        answer(driver, "A")
        wait_until(lambda: "All votes of this browser are on the server." in state(driver), "arrival")
        answer(driver, "neither")
        wait_until(lambda: len(files(place / "votes")) == 2, "the second vote")
        # The name of a file is made from its content, by another implementation of SHA-256.
        for file, text in files(place / "votes").items():
            assert file == f"vote-{hashlib.sha256(text.encode()).hexdigest()[:32]}.jsonl"
            assert json.loads(text)["name"] == "AB"
        # A browser that did not learn of the arrival sends the vote again.
        driver.execute_script("""
            const key = "geoatlas-votes-" + GEO.review.trial;
            localStorage.setItem(key, JSON.stringify({ ...JSON.parse(localStorage[key]), sent: [] }));""")
        driver.refresh()
        wait_until(lambda: "All votes of this browser are on the server." in state(driver), "arrival")
        element(driver, "undo").click()
        wait_until(lambda: len(files(place / "votes")) == 3, "the withdrawal")
        assert tally(place / "votes", workplace, tmp_path) == 3


def test_votes_arrive_at_the_preview(driver, atlas, preview, workplace, tmp_path):
    fresh(driver, f"{preview}/review.html")
    begin(driver)
    answer(driver, "A")
    wait_until(lambda: "on the server" in state(driver), "arrival")
    assert tally(atlas / "votes", workplace, tmp_path) == len(files(atlas / "votes")) == 1
    for path in (atlas / "votes").iterdir():
        path.unlink()


class Manners(http.server.BaseHTTPRequestHandler):
    """A server that answers PUT as a list of answers says, again and again from its beginning.

    An answer is a status, `"store STATUS"`, or `"store and close"`: the file is stored, and the connection
    ends without an answer.
    """

    folder = None
    answers = ()
    kept = {}

    def do_GET(self):
        path = self.path.lstrip("/")
        file = self.folder / path
        if path in self.kept:
            return self.reply(200, self.kept[path])
        if not file.is_file():
            return self.reply(404)
        types = {".html": "text/html", ".js": "text/javascript", ".css": "text/css"}
        self.reply(200, file.read_bytes(), types.get(file.suffix, "image/jpeg"))

    def do_PUT(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        name = self.path.lstrip("/")
        said = self.answers[0]
        self.answers.append(self.answers.pop(0))
        if said == "refuse conditions":
            said = 400 if "If-None-Match" in self.headers else "store 201"
        if said == "honour conditions":
            is_known = name in self.kept and self.headers["If-None-Match"] == "*"
            said = 412 if is_known else "store 201"
        if str(said).startswith("store"):
            self.kept.setdefault(name, body)
            if said == "store and close":
                self.close_connection = True
                return self.connection.close()
            said = int(said.split()[1])
        self.reply(said, b"<!doctype html><title>All is well</title>" if said == 200 else b"")

    def reply(self, status, body=b"", kind="text/plain"):
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


@pytest.fixture
def manners(atlas):
    """Starts a server with a list of answers: gives its address and what it has stored."""
    servers = []

    def start(answers):
        kept = {}
        handler = type("Handler", (Manners,), {"folder": atlas, "answers": answers, "kept": kept})
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        servers.append(server)
        return f"http://127.0.0.1:{server.server_port}/review.html", kept

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


@pytest.mark.parametrize("answers", [
    ["store 204"], ["store 201"], ["honour conditions"], ["refuse conditions"], ["store 200"], ["store 409"],
])
def test_a_vote_arrives_whatever_a_server_does_with_conditions(driver, manners, answers):
    address, kept = manners(list(answers))
    fresh(driver, address)
    begin(driver)
    answer(driver, "A")
    answer(driver, "B")
    wait_until(
        lambda: state(driver).startswith("2 votes. All votes of this browser are on the server."), "arrival")
    assert len(kept) == 2


@pytest.mark.parametrize("bad, good", [
    ([503], "store 201"), (["store and close"], "honour conditions"), ([507, 429], "store 201"),
    ([401], "store 201"),
])
def test_a_vote_that_did_not_arrive_waits_visibly_and_is_sent_again(driver, manners, bad, good):
    answers = list(bad)
    address, kept = manners(answers)
    fresh(driver, address)
    begin(driver)
    answer(driver, "A")
    wait_until(lambda: "1 of this browser wait:" in state(driver), "the waiting vote")
    assert "act" in element(driver, "state").get_attribute("class")
    assert element(driver, "again").is_displayed()
    for _ in bad[1:]:
        element(driver, "again").click()
    answers[:] = [good]
    # The page also tries again by itself, and the button is hidden then.
    driver.execute_script("arguments[0].click()", element(driver, "again"))
    wait_until(lambda: "All votes of this browser are on the server." in state(driver), "arrival")
    (text,) = kept.values()
    assert json.loads(text)["vote"]


@pytest.mark.parametrize("answers", [[405], [403], [404], [501], [200], [409]])
def test_a_server_that_takes_no_votes_is_named_and_the_file_is_offered(driver, manners, answers):
    """Also a server that answers every request with a page, and one without the folder."""
    address, kept = manners(list(answers))
    fresh(driver, address)
    begin(driver)
    answer(driver, "A")
    wait_until(lambda: "This server takes no votes" in state(driver), "the refusal")
    assert "1 is only in this browser. Save votes as a file" in state(driver)
    _, lines = saved(driver)
    assert len(lines) == 1 and kept == {}


def test_a_vote_that_waits_is_sent_when_the_page_is_opened_again(driver, manners):
    answers = [503]
    address, kept = manners(answers)
    fresh(driver, address)
    begin(driver)
    answer(driver, "A")
    wait_until(lambda: "wait:" in state(driver), "the waiting vote")
    answers[:] = ["store 201"]
    driver.refresh()
    wait_until(lambda: "All votes of this browser are on the server." in state(driver), "arrival")
    assert len(kept) == 1


def fake_picker(driver):
    """A folder of the browser's own file system, which is a real one, in the place of the picker."""
    driver.execute_script("""
        window.showDirectoryPicker = async () => {
          const root = await navigator.storage.getDirectory();
          return root.getDirectoryHandle("votes", { create: true });
        };""")


FOLDER = """
    const done = arguments[0];
    (async () => {
      const root = await navigator.storage.getDirectory();
      const folder = await root.getDirectoryHandle("votes", { create: true });
      const all = {};
      for await (const [name, file] of folder) all[name] = await (await file.getFile()).text();
      return all;
    })().then(done, (error) => done(String(error)));"""


def test_each_vote_is_written_into_the_chosen_folder_also_after_a_reload(driver, nginx, workplace, tmp_path):
    fresh(driver, f"{nginx}/review.html")
    driver.execute_async_script("""
        navigator.storage.getDirectory().then((root) => root.removeEntry("votes", { recursive: true }))
          .then(arguments[0], arguments[0]);""")
    begin(driver, "AB")
    answer(driver, "A")
    fake_picker(driver)
    element(driver, "folder").click()
    wait_until(lambda: "All votes of this browser are in the folder “votes”." in state(driver), "writing")
    driver.refresh()
    wait_until(lambda: element(driver, "work").is_displayed(), "the bench")
    answer(driver, "equal")
    wait_until(lambda: state(driver).startswith("2 votes. All votes of this browser are in"), "writing")
    written = driver.execute_async_script(FOLDER)
    for name, text in written.items():
        assert name == f"vote-{hashlib.sha256(text.encode()).hexdigest()[:32]}.jsonl"
        (tmp_path / name).write_text(text)
    assert tally(tmp_path, workplace, tmp_path / "into") == 2


def test_a_folder_that_cannot_be_written_to_is_said_and_the_vote_waits(driver, review_page):
    driver.execute_script("""
        window.showDirectoryPicker = async () => ({
          name: "votes", kind: "directory",
          getFileHandle: async () => { throw new DOMException("gone", "NotFoundError"); },
        });""")
    answer(driver, "A")
    element(driver, "folder").click()
    wait_until(lambda: "the folder is not there now" in state(driver), "the warning")
    assert stored(driver) == 1
    _, lines = saved(driver)
    assert len(lines) == 1


@pytest.fixture
def review_page(driver, atlas):
    fresh(driver, f"file://{atlas}/review.html")
    begin(driver)


def test_digests_are_those_of_another_implementation(driver, review_page):
    texts = ["", "abc", "ä石" * 20, *("x" * length for length in range(50, 70)), "y" * 1000]
    found = driver.execute_script("return arguments[0].map(GEO.sha256)", texts)
    assert found == [hashlib.sha256(text.encode()).hexdigest() for text in texts]


def is_used(folder):
    """Whether a process has this folder in its command line."""
    for file in pathlib.Path("/proc").glob("[0-9]*/cmdline"):
        with contextlib.suppress(OSError):
            if str(folder).encode() in file.read_bytes():
                return True
    return False


def test_a_killed_browser_has_every_vote_that_it_said_it_has(atlas, workplace, tmp_path):
    address = f"file://{atlas}/review.html"
    browser = chromium(tmp_path, profile=tmp_path / "profile")
    browser.get(address)
    begin(browser, "AB")
    for value in ("A", "equal", "B", "neither"):
        answer(browser, value)
    os.kill(browser.capabilities["goog:processID"], signal.SIGKILL)
    browser.service.stop()
    # Its other processes hold the database for a moment longer.
    wait_until(lambda: not is_used(tmp_path / "profile"), "the end of the browser")
    browser = chromium(tmp_path, profile=tmp_path / "profile")
    browser.downloads = tmp_path
    try:
        browser.get(address)
        begin(browser, known="AB, 4 comparisons done")
        assert done(browser) == 4
        path, lines = saved(browser)
        assert len(lines) == 4
        # A browser that ends takes back a file that it has not noted as complete.
        merged = json.loads(geoatlas("votes", "merge", path, path, "--into", tmp_path / "v", "--json"))
    finally:
        browser.quit()
    assert (merged["votes"], merged["duplicates"]) == (4, 4)
