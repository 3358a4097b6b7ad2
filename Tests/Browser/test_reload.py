"""`geoatlas serve --watch`: an open page is loaded again after a change, under its own policy."""

import shutil
import subprocess

import pytest
from conftest import PROGRAM, ROOT, geoatlas, wait_for_server
from ports import free_port
from ready import wait_until
from selenium.webdriver.common.by import By
from waiting import PATIENCE


@pytest.fixture(scope="module")
def watched(tmp_path_factory):
    """Address of a small atlas on `serve --watch`, and the folder with its sources."""
    folder = tmp_path_factory.mktemp("watched")
    geoatlas("sample", folder / "rocks", "--per-type", 8, "--size", 64)
    shutil.copytree(ROOT / "content", folder / "content")
    shutil.copytree(ROOT / "templates", folder / "templates")
    port = free_port()
    process = subprocess.Popen(
        [PROGRAM, "serve", "public", "--watch", "--port", str(port), "--", "rocks", "--folds", "0",
         "--epochs", "1", "--no-times"],
        cwd=folder, stderr=subprocess.DEVNULL)
    wait_for_server(f"http://127.0.0.1:{port}/index.html", process)
    yield f"http://127.0.0.1:{port}", folder
    process.terminate()
    process.wait(timeout=PATIENCE)


@pytest.mark.parametrize("kind", ["front", "image"])
def test_an_open_page_is_loaded_again_after_a_change(driver, watched, kind):
    address, folder = watched
    image = next((folder / "public/andesite").glob("*/*.html")).relative_to(folder / "public")
    driver.get(f"{address}/{'index.html' if kind == 'front' else image}")
    driver.execute_script("window.isOld = true")
    marked = f"geoatlas-{kind}"
    template = folder / "templates" / ("index.html" if kind == "front" else "image.html")
    # Moved there whole, so that no build reads half of it.
    written = folder / "template.html"
    written.write_text(template.read_text() + f"<p id=\"{marked}\">changed</p>\n")
    written.replace(template)
    wait_until(lambda: driver.find_elements(By.ID, marked), "loading the page again")
    assert driver.execute_script("return window.isOld") is None
    # The new page is loaded once, and not again and again.
    driver.execute_script("window.isNew = true")
    driver.execute_async_script("""
        const done = arguments[0];
        let answers = 0;
        new MutationObserver((changes) => {
          const added = changes.flatMap((change) => [...change.addedNodes]);
          if (added.some((node) => (node.src || '').includes('edition.js')) && ++answers === 3) done();
        }).observe(document.head, { childList: true });""")
    assert driver.execute_script("return window.isNew")
