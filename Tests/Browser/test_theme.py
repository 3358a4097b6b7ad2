"""A theme that shares nothing with the default templates makes an atlas."""

import json
import pathlib
import re
import shutil
import subprocess

import pytest
from conftest import PROGRAM, ROOT, geoatlas
from ready import follow
from selenium.webdriver.common.by import By

THEME = pathlib.Path(__file__).parent / "theme"


def build(folder, templates, *more):
    return subprocess.run(
        [PROGRAM, "build", folder / "rocks", "--output", folder / "public", "--workspace",
         folder / "workspace", "--review", folder / "review", "--classifier", "conv1l", "--epochs", "1",
         "--folds", "0", "--content", folder / "content", "--templates", templates, "--quiet", *more],
        capture_output=True, text=True, timeout=600)


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """A folder with a collection, texts, and its atlas in the other theme."""
    folder = tmp_path_factory.mktemp("theme")
    geoatlas("sample", folder / "rocks", "--per-type", 6)
    shutil.copytree(ROOT / "content", folder / "content")
    (folder / "content/guide.md").write_text(
        "---\ntitle: Field guide\nnav: yes\nweight: 1\n---\n![A thin section](img/Section.png)\n")
    (folder / "content/img").mkdir()
    shutil.copy(THEME / "look/dot.png", folder / "content/img/Section.png")
    result = build(folder, THEME)
    assert result.returncode == 0, result.stderr
    return folder


def test_its_atlas_is_whole(place):
    checked = json.loads(geoatlas("check", place / "public", "--json"))
    assert checked["problems"] == []
    assert checked["files"] > 100


def test_nothing_of_the_default_templates_is_in_it(place):
    public = place / "public"
    assert sorted(path.suffix for path in (public / "assets").iterdir()) == [".css", ".css", ".png"]
    for page in public.rglob("*.html"):
        html = page.read_text()
        assert "<script" not in html and "class=\"mast\"" not in html and "patch" not in html, page
        assert html.startswith("<!DOCTYPE html>") and html.count("<h1>") == 1, page


def test_a_browser_shows_it(driver, place):
    driver.get_log("browser")
    driver.get(f"file://{place}/public/index.html")
    follow(driver, driver.find_element(By.LINK_TEXT, "An Andesite").click)
    follow(driver, driver.find_element(By.CSS_SELECTOR, "main a").click)
    assert driver.find_element(By.CSS_SELECTOR, "img.large").rect["width"] == 280
    pictures = driver.find_elements(By.CSS_SELECTOR, ".likeness img")
    assert len(pictures) >= 12
    assert all(driver.execute_script(
        "return arguments[0].complete && arguments[0].naturalWidth", one) for one in pictures)
    title = driver.find_element(By.TAG_NAME, "h1").text
    follow(driver, pictures[0].click)
    assert driver.find_element(By.TAG_NAME, "h1").text != title
    background = driver.find_element(By.CSS_SELECTOR, ".side").value_of_css_property("background-image")
    assert re.search(r"/assets/dot\.[0-9a-f]{10}\.png", background)
    assert driver.get_log("browser") == []


def test_a_text_with_front_matter_is_in_the_navigation_with_its_picture(driver, place):
    driver.get(f"file://{place}/public/index.html")
    follow(driver, driver.find_element(By.LINK_TEXT, "Field guide").click)
    picture = driver.find_element(By.CSS_SELECTOR, "main img")
    assert driver.execute_script("return arguments[0].naturalWidth", picture) == 2
    assert re.search(r"/texts/section\.[0-9a-f]{10}\.png$", picture.get_attribute("src"))


@pytest.mark.parametrize("lacking", [["errata.html"], ["models.html", "similarity.html"], "all"])
def test_what_a_theme_lacks_comes_from_the_default_with_a_note(driver, place, tmp_path, lacking):
    theme, public = tmp_path / "theme", tmp_path / "public"
    shutil.copytree(THEME, theme)
    names = [path.name for path in THEME.glob("*.html")] if lacking == "all" else lacking
    for name in names:
        (theme / name).unlink()
    result = subprocess.run(
        [PROGRAM, "build", place / "rocks", "--output", public, "--workspace", place / "workspace",
         "--review", place / "review", "--classifier", "conv1l", "--epochs", "1", "--folds", "0",
         "--content", place / "content", "--templates", theme],
        capture_output=True, text=True, timeout=600)
    assert result.returncode == 0, result.stderr
    [note] = [line for line in result.stderr.splitlines() if "The theme" in line]
    assert str(theme) in note and str(ROOT / "templates") in note
    for name in names:
        assert (name in note) == (ROOT / "templates" / name).exists(), note
    assert json.loads(geoatlas("check", public, "--json"))["problems"] == []
    driver.get_log("browser")
    driver.get(f"file://{public}/{names[0] if lacking != 'all' else 'index.html'}")
    assert driver.find_element(By.TAG_NAME, "h1").text
    assert driver.get_log("browser") == []


@pytest.mark.parametrize("file, text, message", [
    ("image.html", "<p>\n{{stem", "image.html, line 2: a tag begins with {{ and does not end"),
    ("image.html", "\n\n{{#panels}}", "image.html, line 3: the section {{#panels}} does not end"),
    ("rock.html", "{{>befor}}", "rock.html, line 1: there is no template befor.html"),
    ("before.html", "{{>after}}", "after.html, line 1: changes → before → after → before: templates include"),
    ("image.html", "<p>{{sign.titel}}", 'image.html, line 1: this page offers no {{sign.titel}}. Did you mean "title"'),
    ("image.html", "\n", "image.html is empty"),
    ("look/plain.css", "a { background: url(gone.png) }", "look/plain.css refers to gone.png"),
])
def test_a_mistake_stops_the_build_and_leaves_the_last_atlas_as_it_was(place, tmp_path, file, text, message):
    theme = tmp_path / "theme"
    shutil.copytree(THEME, theme)
    if file == "before.html":
        (theme / "after.html").write_text("{{>before}}")
    (theme / file).write_text(text)

    def tree():
        return {
            path: (path.read_bytes(), path.stat().st_mtime_ns)
            for path in (place / "public").rglob("*") if path.is_file()}

    before = tree()
    result = build(place, theme)
    assert result.returncode == 1
    assert message in result.stderr and len(result.stderr.splitlines()) == 1, result.stderr
    assert tree() == before
    assert json.loads(geoatlas("check", place / "public", "--json"))["problems"] == []
