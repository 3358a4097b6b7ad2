"""What the browser tests share: atlases, browsers, and web servers."""

import contextlib
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import urllib.error
import urllib.parse
import urllib.request

import pytest
from PIL import Image
from selenium import webdriver
from selenium.common.exceptions import SessionNotCreatedException

ROOT = pathlib.Path(__file__).resolve().parents[2]
# Modules shared with the other tests are in the folder beside this one.
sys.path.append(str(ROOT / "Tests"))

from firefox import Firefox  # noqa: E402
from ports import free_port  # noqa: E402
from trials import Trial  # noqa: E402
from waiting import PATIENCE, wait_until  # noqa: E402

# A shell that runs the tests in the background lets all programs ignore interrupts, which end servers.
signal.signal(signal.SIGINT, signal.default_int_handler)

PROGRAM = os.environ.get("GEOATLAS", str(ROOT / ".build/release/geoatlas"))
# How many times slower than this machine Chromium runs scripts and lays pages out; 1 is no slower.
SLOW = float(os.environ.get("SLOW", "1"))


def geoatlas(*arguments):
    """Runs the program; it has to succeed."""
    result = subprocess.run(
        [PROGRAM, *map(str, arguments), "--quiet"], capture_output=True, text=True, timeout=600)
    assert result.returncode == 0, result.stderr
    return result.stdout


def ended_trial(review):
    """Ends a trial of 3 geologists and 40 comparisons of two pairs of models in a review folder."""
    trial = Trial(
        review, {"decisive": 30, "detects": 65, "margin": 10, "reviewers": 3},
        pairs=(("kmeans", "pairwise"), ("embedding", "pairwise")))
    for number in range(40):
        label = ("andesite", "gneiss", "marble", "schist")[number % 4]
        other = "embedding" if number % 5 == 0 else "kmeans"
        question = trial.ask(f"{label}/{number}", "pairwise", other)
        for reviewer, name in enumerate(("Ada", "Grace Murray", "Ö. Åström"), 1):
            answer = "equal" if (number + reviewer) % 9 == 0 else "A" if number % 3 else "B"
            trial.vote(
                question, reviewer, answer, name=name, given=f"2026-0{1 + number // 20}-0{reviewer}T10:00:00Z",
                tags=["grain size"] if number % 4 == 0 else [])
    test = trial.ask("marble/test", "pairwise", None, kind="attention")
    trial.vote(test, 1, "A", name="Ada", remark="Too dark to tell.")
    trial.write()
    geoatlas("votes", "close", "--review", review)
    (review / "votes/a.jsonl").unlink()


@pytest.fixture(scope="session")
def workplace(tmp_path_factory):
    """A folder with the atlas `public` of a sample, and with its `review` folder."""
    folder = tmp_path_factory.mktemp("pages")
    geoatlas("sample", folder / "rocks", "--per-type", 20)
    # Pictures in a wrong folder, so that labels are disputed; one of them is corrected.
    wrong = sorted((folder / "rocks/marble").iterdir())[:6]
    for picture in wrong:
        picture.rename(folder / "rocks/schist" / picture.name)
    shutil.copytree(ROOT / "content", folder / "content")
    (folder / "content/labels.csv").write_text(
        f"key,label,reason\nschist/{wrong[0].stem},marble,\"veins, by eye\"\n")
    settings = folder / "content/atlas.yml"
    settings.write_text(settings.read_text().replace(
        "  models:\n", "  models: [kmeans, pairwise, embedding]\n"))
    ended_trial(folder / "review")
    # Two files that are no pictures, so that the errata page has entries.
    (folder / "rocks/schist/empty.jpg").write_bytes(b"")
    (folder / "rocks/schist/broken.png").write_bytes(b"\x89PNG\r\n\x1a\nnothing more")
    geoatlas(
        "build", folder / "rocks", "--output", folder / "public", "--workspace",
        folder / "workspace", "--review", folder / "review", "--folds", 2, "--epochs", 10,
        "--classifier", "conv2l", "--rotations", "--content", folder / "content", "--templates", ROOT / "templates")
    return folder


@pytest.fixture(scope="session")
def atlas(workplace):
    return workplace / "public"


@pytest.fixture(scope="session")
def plates(tmp_path_factory):
    """An atlas of pictures of 28 × 28 pixels, 280 of each type, so that a plate has two pages."""
    folder = tmp_path_factory.mktemp("plates")
    geoatlas("sample", folder / "rocks", "--per-type", 280, "--size", 64)
    for path in (folder / "rocks").glob("*/*"):
        with Image.open(path) as picture:
            small = picture.convert("RGB").resize((28, 28))
        small.save(path)
    geoatlas(
        "build", folder / "rocks", "--output", folder / "public", "--workspace",
        folder / "workspace", "--review", folder / "review", "--folds", 0, "--epochs", 2,
        "--classifier", "conv1l", "--content", ROOT / "content", "--templates", ROOT / "templates")
    return folder / "public"


def pages(atlas):
    """One page of each kind, by name."""
    image = sorted(path for path in (atlas / "andesite").glob("*/*.html"))[0]
    return {
        "front": "index.html", "rock": "andesite/index.html",
        "image": str(image.relative_to(atlas)), "review": "review.html", "models": "models.html",
        "similarity": "similarity.html", "disputed": "disputed.html", "errata": "errata.html",
        "changes": "changes.html", "about": "about.html", "results": "results.html",
        "lists": "lists.html", "table": "table.html", "map": "map.html",
    }


KINDS = ["front", "rock", "image", "review", "models", "similarity", "disputed", "errata",
         "changes", "about", "results", "lists", "table", "map"]


def started(options):
    return webdriver.Chrome(options=options, service=webdriver.ChromeService(shutil.which("chromedriver")))


def chromium(downloads=None, profile=None):
    """Debian's Chromium without a window; it saves downloads in `downloads`, and all else in `profile`."""
    options = webdriver.ChromeOptions()
    options.binary_location = shutil.which("chromium")
    for argument in ("--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu"):
        options.add_argument(argument)
    if profile:
        options.add_argument(f"--user-data-dir={profile}")
    if downloads:
        options.add_experimental_option("prefs", {
            "download.default_directory": str(downloads), "download.prompt_for_download": False})
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    try:
        driver = started(options)
    except SessionNotCreatedException:
        # chromedriver waits a minute for the browser, which a very busy machine can exceed once.
        driver = started(options)
    # On a busy machine axe-core alone can take longer than the 30 seconds that are the default.
    driver.set_script_timeout(2 * PATIENCE)
    slow_down(driver)
    return driver


def slow_down(driver):
    """Makes the tab as slow as the environment variable SLOW says, so that a test that does not wait fails."""
    if SLOW > 1:
        driver.execute_cdp_cmd("Emulation.setCPUThrottlingRate", {"rate": SLOW})
        driver.execute_cdp_cmd("Network.enable", {})
        driver.execute_cdp_cmd("Network.emulateNetworkConditions", {
            "offline": False, "latency": 20 * SLOW, "downloadThroughput": -1, "uploadThroughput": -1})


@pytest.fixture(scope="session")
def driver(tmp_path_factory):
    downloads = tmp_path_factory.mktemp("downloads")
    browser = chromium(downloads)
    browser.downloads = downloads
    yield browser
    browser.quit()


@pytest.fixture(autouse=True)
def forgetting(request):
    """Lets the browser forget what a test's last page has kept, so that no test depends on one before it."""
    yield
    if "driver" in request.fixturenames:
        driver = request.getfixturevalue("driver")
        address = urllib.parse.urlsplit(driver.current_url)
        driver.execute_cdp_cmd("Storage.clearDataForOrigin", {
            "origin": f"{address.scheme}://{address.netloc}", "storageTypes": "local_storage"})


@pytest.fixture(scope="session")
def firefox(tmp_path_factory):
    browser = Firefox(tmp_path_factory.mktemp("firefox"), free_port())
    yield browser
    browser.quit()


def emulate(driver, scheme, features=()):
    """Gives the page a colour scheme and other media features."""
    driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [
        {"name": name, "value": value}
        for name, value in [("prefers-color-scheme", scheme), *features]]})


@contextlib.contextmanager
def window(driver, width, height, scheme="light", features=()):
    """A window of exactly this size, with a colour scheme and other media features."""
    driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", {
        "width": width, "height": height, "deviceScaleFactor": 1, "mobile": False})
    emulate(driver, scheme, features)
    # Away from what a test before this one pointed at.
    driver.execute_cdp_cmd("Input.dispatchMouseEvent", {"type": "mouseMoved", "x": 0, "y": 0})
    try:
        yield
    finally:
        driver.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
        driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": []})


@contextlib.contextmanager
def without_scripts(driver):
    driver.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
    try:
        yield
    finally:
        driver.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})


def wait_for_server(address, process):
    """Waits until something answers at `address`."""
    def answers():
        assert process.poll() is None, f"the server ended with {process.returncode}"
        try:
            urllib.request.urlopen(address, timeout=10).close()
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            return False
        return True

    wait_until(answers, f"an answer at {address}")


def serve(public, folder):
    """A plain nginx for a folder: its process and address."""
    port = free_port()
    (folder / "nginx.conf").write_text(f"""
        daemon off; worker_processes 1; pid {folder}/pid; error_log {folder}/error.log;
        user root;
        events {{ }}
        http {{
          include /etc/nginx/mime.types; access_log off;
          client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy;
          fastcgi_temp_path {folder}/fastcgi; uwsgi_temp_path {folder}/uwsgi;
          scgi_temp_path {folder}/scgi;
          server {{ listen 127.0.0.1:{port}; root {public}; }}
        }}""")
    # In Debian the folder of servers is not in the PATH of a user.
    program = shutil.which("nginx") or "/usr/sbin/nginx"
    process = subprocess.Popen([program, "-c", folder / "nginx.conf"], stderr=subprocess.DEVNULL)
    wait_for_server(f"http://127.0.0.1:{port}/index.html", process)
    return process, f"http://127.0.0.1:{port}"


@pytest.fixture(scope="session")
def nginx(atlas, tmp_path_factory):
    """Address of the atlas on a plain nginx."""
    process, address = serve(atlas, tmp_path_factory.mktemp("nginx"))
    yield address
    process.terminate()
    process.wait()


@pytest.fixture(scope="session")
def plates_nginx(plates, tmp_path_factory):
    """Address of the atlas of small pictures on a plain nginx."""
    process, address = serve(plates, tmp_path_factory.mktemp("nginx"))
    yield address
    process.terminate()
    process.wait()


@pytest.fixture(params=["file", "http"])
def plates_root(request, plates):
    """Where the atlas of small pictures is opened."""
    if request.param == "file":
        return f"file://{plates}"
    return request.getfixturevalue("plates_nginx")


@pytest.fixture(params=["file", "http"])
def root(request, atlas):
    """Where the atlas is opened: as a file, and from nginx."""
    if request.param == "file":
        return f"file://{atlas}"
    return request.getfixturevalue("nginx")


@pytest.fixture
def preview(atlas):
    """Address of the atlas on `geoatlas serve`."""
    port = free_port()
    process = subprocess.Popen(
        [PROGRAM, "serve", atlas, "--port", str(port)], stderr=subprocess.DEVNULL)
    wait_for_server(f"http://127.0.0.1:{port}/index.html", process)
    yield f"http://127.0.0.1:{port}"
    process.terminate()
    process.wait()
