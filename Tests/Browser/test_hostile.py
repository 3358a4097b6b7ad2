"""A collection whose texts contain markup, scripts and control characters: pages show them as text."""

import html
import json
import shutil

import pytest
from conftest import ROOT, geoatlas
from ready import wait_until
from selenium.webdriver.common.by import By
from test_awkward import resize, speckled

MARKUP = "<img src=x onerror=\"window.ran=1\"><script>window.ran=1</script>'\"&amp;"
# A right-to-left override changes the direction of all that follows, unless it is isolated.
HEBREW = "גרניט \u202eabc"
NAMES = [
    "<b onclick=window.ran=1>bold<b>", "'\"quotes'\"", "&lt;script&gt;", "{{stem}}", "${ran=1}`",
    HEBREW, "🪨🌋 emoji", "a\tb", "javascript:ran=1", "-- --", "con", "x" * 200, "%3Cscript%3E",
    "]]>", "\u2028line", "e\u0301 combining",
]
LABELS = ["<script>window.ran=1<", "צפחה \u202eschist", "🪨 rock", "l" * 200, "quote\"'", "gneiss"]
WIDTHS = [320, 1280]


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    folder = tmp_path_factory.mktemp("hostile")
    seed = 0
    for label in LABELS:
        (folder / "rocks" / label).mkdir(parents=True)
        for name in NAMES[:: 1 if label == "gneiss" else 3]:
            seed += 1
            speckled(28 if seed % 2 else 120, 28 if seed % 2 else 90, seed).save(
                folder / "rocks" / label / f"{name}.png")
    (folder / "rocks/gneiss" / f"{MARKUP.replace('/', '')}.jpg").write_bytes(b"no picture")
    content = folder / "content"
    shutil.copytree(ROOT / "content", content)
    types = "".join(f"  - {json.dumps(label, ensure_ascii=False)}\n" for label in LABELS)
    (content / "atlas.yml").write_text(
        f"title: {json.dumps(MARKUP + HEBREW, ensure_ascii=False)}\ntypes:\n{types}")
    front = f"title: {json.dumps(MARKUP)}\nauthor: {json.dumps(MARKUP)}\ndate: {json.dumps(HEBREW)}\n"
    text = (
        f"# {MARKUP}\n\n{MARKUP}\n\n[x](javascript:window.ran=1) ![{MARKUP}](data:text/html,x)\n\n"
        f"<svg onload=window.ran=1>\n\n{HEBREW} {'w' * 200}\n\n    {MARKUP}\n")
    (content / "hostile.md").write_text(f"---\nnav: yes\n{front}---\n{text}")
    (content / "rocks").mkdir(exist_ok=True)
    (content / "rocks/gneiss.md").write_text(f"---\n{front}---\n{text}")
    key = f"gneiss/{NAMES[0]}"
    (content / "labels.csv").write_text(
        'key,label,reason\n"' + key.replace('"', '""') + '","' + LABELS[2] + '","'
        + MARKUP.replace('"', '""') + '"\n')
    geoatlas(
        "build", folder / "rocks", "--output", folder / "public", "--workspace",
        folder / "workspace", "--review", folder / "review", "--classifier", "conv1l", "--epochs", 1,
        "--folds", 2, "--rotations", "--content", content, "--templates", ROOT / "templates")
    return folder


def pages(place):
    """All pages that are not image pages, one image page for each name, and all those of gneiss."""
    public = place / "public"
    return sorted(
        str(path.relative_to(public)) for path in public.rglob("*.html")
        if len(path.relative_to(public).parts) < 3 or path.relative_to(public).parts[0] == "gneiss")


def test_the_atlas_is_whole_and_its_paths_are_plain(place):
    assert json.loads(geoatlas("check", place / "public", "--json"))["problems"] == []
    for path in (place / "public").rglob("*"):
        name = str(path.relative_to(place / "public"))
        assert len(name) <= 120 and set(name) <= set("abcdefghijklmnopqrstuvwxyz0123456789._-/"), name


def test_every_name_is_shown_as_it_is(driver, place):
    shown = set()
    for page in pages(place):
        if page.count("/") == 2:
            driver.get(f"file://{place}/public/{page}")
            key = driver.find_element(By.CSS_SELECTOR, ".facts code").get_attribute("textContent")
            shown.add(key.removeprefix("gneiss/"))
    # Long names are cut by the file system or not at all: here 200 letters and an extension fit.
    assert {name for name in NAMES if name not in shown} == set()


@pytest.mark.parametrize("width", WIDTHS)
def test_nothing_runs_complains_or_makes_a_page_wider(driver, place, width):
    resize(driver, width, 800)
    try:
        for page in pages(place):
            driver.get_log("browser")
            driver.get(f"file://{place}/public/{page}")
            found = driver.execute_script("""
                return [window.ran, document.documentElement.scrollWidth -
                  document.documentElement.clientWidth, document.querySelectorAll(
                  '[onclick], [onerror], [onload], main script, img[src=x]').length]""")
            assert found == [None, 0, 0], page
            entries = [entry["message"] for entry in driver.get_log("browser")]
            assert entries == [], page
            assert driver.find_element(By.CSS_SELECTOR, ".mark").text.startswith("<img src=x")
    finally:
        driver.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})


def test_search_and_compare_take_names_as_text(driver, place):
    driver.get(f"file://{place}/public/index.html")
    driver.find_element(By.ID, "q").send_keys("bold<b>")

    def hits():
        return driver.execute_script(
            "return [...document.querySelectorAll('#hits li')].map((hit) => hit.textContent)")

    wait_until(lambda: any(NAMES[0] in hit for hit in hits()), f"finding {NAMES[0]}")
    page = next(page for page in pages(place) if "bold" in page)
    driver.get(f"file://{place}/public/{page}")
    driver.find_element(By.CSS_SELECTOR, "[data-compare]").click()
    assert NAMES[0] in driver.find_element(By.TAG_NAME, "dialog").text
    assert driver.execute_script("return window.ran") is None


def test_text_that_runs_from_right_to_left_turns_nothing_around_it(driver, place):
    for page in pages(place):
        if page.count("/") != 2:
            continue
        driver.get(f"file://{place}/public/{page}")
        # The text direction of a name does not affect the text around it.
        kept = driver.execute_script("""
            return [...document.querySelectorAll('code, .targets b, h1 b, a')]
              .map((element) => getComputedStyle(element).unicodeBidi)""")
        assert kept and set(kept) <= {"plaintext", "isolate"}, page


def test_markdown_is_shown_without_its_markup(place):
    page = (place / "public/hostile.html").read_text()
    assert html.escape(MARKUP, quote=False).split("&lt;script")[0] not in page.split("<main", 1)[0].split("<title>")[0]
    for forbidden in ("<script>window", "onload=window.ran=1>", "javascript:window", "data:text/html"):
        assert forbidden not in page
