"""A collection whose texts contain markup, scripts and control characters: pages show them as text."""

import html
import json
import shutil

import pytest
from conftest import ROOT, geoatlas, window
from ready import wait_until
from selenium.webdriver.common.by import By
from test_awkward import speckled

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


VISIT = """
    const { documentElement: root } = document;
    return {
      ran: window.ran, overflow: root.scrollWidth - root.clientWidth,
      alive: document.querySelectorAll('[onclick], [onerror], [onload], main script, img[src=x]').length,
      mark: document.querySelector('.mark').innerText,
      key: document.querySelector('.facts code')?.textContent,
      bidi: [...document.querySelectorAll('code, .targets b, h1 b, a')]
        .map((element) => getComputedStyle(element).unicodeBidi),
    };"""


@pytest.fixture(scope="module")
def visits(driver, place):
    """A function that gives what is found on each page, and its messages, in a window of a width."""
    found = {}

    def visit(page):
        driver.get_log("browser")
        driver.get(f"file://{place}/public/{page}")
        facts = driver.execute_script(VISIT)
        return {**facts, "messages": [entry["message"] for entry in driver.get_log("browser")]}

    def at(width):
        if width not in found:
            with window(driver, width, 800):
                found[width] = {page: visit(page) for page in pages(place)}
        return found[width]

    return at


def of_pictures(visits):
    return {page: facts for page, facts in visits.items() if page.count("/") == 2}


def test_every_name_is_shown_as_it_is(visits):
    shown = {facts["key"].removeprefix("gneiss/") for facts in of_pictures(visits(1280)).values()}
    # Long names are cut by the file system or not at all: here 200 letters and an extension fit.
    assert {name for name in NAMES if name not in shown} == set()


@pytest.mark.parametrize("width", WIDTHS)
def test_nothing_runs_complains_or_makes_a_page_wider(visits, width):
    for page, facts in visits(width).items():
        assert (facts["ran"], facts["overflow"], facts["alive"]) == (None, 0, 0), page
        assert facts["messages"] == [], page
        assert facts["mark"].startswith("<img src=x"), page


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


def test_text_that_runs_from_right_to_left_turns_nothing_around_it(visits):
    # The text direction of a name does not affect the text around it.
    for page, facts in of_pictures(visits(1280)).items():
        assert facts["bidi"] and set(facts["bidi"]) <= {"plaintext", "isolate"}, page


def test_markdown_is_shown_without_its_markup(place):
    page = (place / "public/hostile.html").read_text()
    assert html.escape(MARKUP, quote=False).split("&lt;script")[0] not in page.split("<main", 1)[0].split("<title>")[0]
    for forbidden in ("<script>window", "onload=window.ran=1>", "javascript:window", "data:text/html"):
        assert forbidden not in page
