"""Firefox for the tests: Debian's firefox-esr without a window, driven by Mozilla's marionette-driver."""

import contextlib
import json
import shutil
import subprocess

from marionette_driver.errors import (
    JavascriptException,
    NoSuchElementException,
    NoSuchWindowException,
    StaleElementException,
    UnknownException,
)
from marionette_driver.marionette import ActionSequence, Marionette
from waiting import PATIENCE, wait_until

# What a script ends with whose page the browser leaves.
LEAVING = (JavascriptException, NoSuchWindowException, UnknownException)


def preferences(downloads, port):
    """Settings that differ from the default: the port, and downloads that are saved without a question."""
    return {
        "marionette.port": port,
        # 2: save into the folder of "browser.download.dir".
        "browser.download.folderList": 2,
        "browser.download.dir": str(downloads),
        "browser.download.useDownloadDir": True,
        "browser.download.alwaysOpenPanel": False,
    }


class Firefox:
    """One browser with one tab; scripts run as the page's own."""

    def __init__(self, folder, port):
        self.downloads = folder / "downloads"
        profile = folder / "profile"
        for made in (self.downloads, profile):
            made.mkdir()
        (profile / "user.js").write_text("".join(
            f"user_pref({json.dumps(name)}, {json.dumps(value)});\n"
            for name, value in preferences(self.downloads, port).items()))
        with (folder / "firefox.log").open("wb") as log:
            self._process = subprocess.Popen(
                # The last argument lets the tests read the console.
                [shutil.which("firefox-esr"), "--headless", "--marionette", "--no-remote",
                 "--profile", profile, "-remote-allow-system-access"],
                stdout=log, stderr=log)
        self._marionette = Marionette(port=port)
        self._marionette.raise_for_port(timeout=2 * PATIENCE)
        self._marionette.start_session()
        self._marionette.timeout.script = PATIENCE
        self._marionette.timeout.page_load = 2 * PATIENCE

    def quit(self):
        self._marionette.delete_session()
        self._process.terminate()
        self._process.wait()

    def open(self, address):
        """Opens a page from scratch, and waits until it has loaded."""
        # The browser would not reload the same address with another fragment.
        self._marionette.navigate("about:blank")
        self._complaints_reset()
        self._marionette.navigate(address)

    def reload(self):
        self._marionette.refresh()

    def run(self, script, *arguments):
        return self._marionette.execute_script(script, script_args=arguments, sandbox=None)

    def run_async(self, script, *arguments):
        """Runs a script until it calls its last argument."""
        return self._marionette.execute_async_script(
            script, script_args=arguments, sandbox=None)

    @property
    def address(self):
        """The address of the page; an empty text while the browser goes from one page to another."""
        return self._text_of("return location.href")

    def _text_of(self, script, *arguments):
        try:
            return self.run(script, *arguments) or ""
        except LEAVING:
            return ""

    def find(self, selector):
        return self._marionette.find_element("css selector", selector)

    def found(self, selector):
        """The first such element that is shown, else `None`."""
        try:
            element = self.find(selector)
            return element if element.is_displayed() else None
        except (NoSuchElementException, StaleElementException, *LEAVING):
            # There is none, or a script replaced it after it was found, or its page is left.
            return None

    def text(self, selector):
        """The text that is shown, asked for in one step: a script may replace the element. Empty without one."""
        return self._text_of("return document.querySelector(arguments[0])?.innerText.trim()", selector)

    def press(self, *keys):
        for key in keys:
            ActionSequence(self._marionette, "key", "keyboard").key_down(key).key_up(key).perform()

    def drag(self, selector, corners):
        """Drags the mouse over an element; corners are parts of its width and height."""
        left, top, width, height = self.run("""
            const box = document.querySelector(arguments[0]).getBoundingClientRect();
            return [box.left, box.top, box.width, box.height]""", selector)
        pointer = ActionSequence(self._marionette, "pointer", "mouse", {"pointerType": "mouse"})
        for place, (x, y) in enumerate(corners):
            pointer.pointer_move(round(left + x * width), round(top + y * height), duration=20)
            if place == 0:
                pointer.pointer_down()
        pointer.pointer_up().perform()

    def _facts(self):
        """Address, state and mark of the page; empty texts while the browser goes from one page to another."""
        try:
            return self.run("return [location.href, document.readyState, window.isLeft]") or ["", "", ""]
        except LEAVING:
            return ["", "", ""]

    def _is_loaded(self, end):
        address, state, _ = self._facts()
        return address.endswith(end) and state == "complete"

    def _is_other(self):
        address, state, mark = self._facts()
        # The next page can begin as an empty one.
        return address != "about:blank" and state == "complete" and mark is None

    def follow(self, act):
        """Does something that leads to another page, and waits until that one is loaded."""
        self.run("window.isLeft = false")
        # The browser can leave the page before the action has ended.
        with contextlib.suppress(*LEAVING):
            act()
        wait_until(self._is_other, "opening another page")

    def wait_for_address(self, end):
        """Waits until a page is loaded whose address ends so."""
        wait_until(lambda: self._is_loaded(end), f"opening {end}")

    def _complaints_reset(self):
        with self._marionette.using_context("chrome"):
            self._marionette.execute_script("Services.console.reset()")

    def complaints(self):
        """Errors and warnings in Firefox's console since a page was opened."""
        with self._marionette.using_context("chrome"):
            return self._marionette.execute_script("""
                return Services.console.getMessageArray()
                  .filter((entry) => entry instanceof Ci.nsIScriptError)
                  .filter((entry) => /^(file|https?|blob):/.test(entry.sourceName))
                  .map((entry) => entry.errorMessage)""")
