"""Pictures with unusual shapes, names and contents: their pages are right at every width of the window."""

import itertools
import random

import pytest
from conftest import ROOT, geoatlas
from PIL import Image
from selenium.webdriver.common.by import By

WINDOWS = [(320, 640), (390, 844), (1000, 800), (1280, 800), (1920, 1080), (3840, 2160)]
# File, width, height.
SHAPES = [
    ("narrow.png", 96, 128), ("core.png", 500, 6000), ("sliver.png", 12, 900),
    ("square.png", 300, 300), ("wide.png", 2400, 300), ("large.png", 1600, 1200),
    ("small.png", 28, 28), ("upright.png", 20, 64), ("flat.png", 64, 9),
]
CAMERA = "IMG_20240512_153308_outcrop_north_face"


def speckled(width, height, seed):
    """A picture that no other one equals."""
    size = max(2, width // 4), max(2, height // 4)
    # Of a seed, because the content of a picture decides the set of the split that it belongs to.
    noise = Image.frombytes("L", size, random.Random(seed).randbytes(size[0] * size[1]))
    grey = noise.resize((width, height))
    return Image.merge("RGB", (grey, grey.point(lambda value: value * (90 + seed) // 110), grey))


@pytest.fixture(scope="module")
def awkward(tmp_path_factory):
    """The atlas of two rock types out of six."""
    folder = tmp_path_factory.mktemp("awkward")
    for label in ("gneiss", "schist"):
        (folder / "rocks" / label).mkdir(parents=True)
    for seed, (name, width, height) in enumerate(SHAPES):
        speckled(width, height, seed).save(folder / "rocks/schist" / name)
    for seed in range(6):
        speckled(200, 150, 20 + seed).save(folder / f"rocks/gneiss/{CAMERA}_{seed}.png")
    Image.new("RGB", (28, 28), (120, 120, 120)).save(folder / "rocks/gneiss/grey.png")
    geoatlas(
        "build", folder / "rocks", "--output", folder / "public", "--workspace",
        folder / "workspace", "--review", folder / "review", "--folds", 0, "--epochs", 1,
        "--classifier", "conv2l",
        "--shares", "90,5,5", "--content", ROOT / "content", "--templates", ROOT / "templates")
    return folder / "public"


def page(atlas, stem):
    return next(atlas.glob(f"*/*/{stem.lower()}.html"))


def resize(driver, width, height):
    driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", {
        "width": width, "height": height, "deviceScaleFactor": 1, "mobile": False})


@pytest.fixture
def window(driver):
    yield lambda width, height: resize(driver, width, height)
    driver.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})


def box(driver, selector):
    return driver.execute_script(
        "const box = document.querySelector(arguments[0]).getBoundingClientRect();"
        "return {left: box.left, right: box.right, top: box.top, width: box.width, height: box.height};",
        selector)


@pytest.mark.parametrize("size", WINDOWS)
@pytest.mark.parametrize("name, width, height", SHAPES)
def test_the_bar_scale_is_as_wide_as_the_picture(driver, awkward, window, size, name, width, height):
    window(*size)
    driver.get(f"file://{page(awkward, name.removesuffix('.png'))}")
    picture, bar = box(driver, ".shown img"), box(driver, ".scale")
    assert bar["width"] == pytest.approx(picture["width"], abs=0.1)
    assert bar["left"] == pytest.approx(picture["left"], abs=0.1)
    assert driver.execute_script("""
        return parseFloat(getComputedStyle(document.querySelector('.scale'), '::before').width)"""
        ) == pytest.approx(picture["width"], abs=0.1)
    # The picture keeps its shape and fits the window.
    assert picture["width"] / picture["height"] == pytest.approx(width / height, rel=0.01)
    assert picture["height"] <= 0.8 * size[1] + 0.1
    if max(width, height) > 64:
        assert picture["width"] <= width + 0.1
    marks = [
        mark for mark in driver.find_elements(By.CSS_SELECTOR, ".scale i") if mark.is_displayed()]
    # Marks are in order and do not touch each other.
    edges = [(mark.rect["x"], mark.rect["x"] + mark.rect["width"]) for mark in marks]
    assert all(left[1] < right[0] for left, right in itertools.pairwise(edges))
    assert marks[-1].text.replace("\u202f", " ") == f"{width:,} px"
    rem = driver.execute_script("return parseFloat(getComputedStyle(document.documentElement).fontSize)")
    assert len(marks) == (5 if picture["width"] > 10 * rem else 2 if picture["width"] > 4 * rem else 1)
    # What is written below it has room for words, and doesn't make the page wider.
    assert box(driver, "figcaption")["width"] >= min(18 * rem, size[0] - 2.75 * rem) - 1
    assert driver.execute_script(
        "return document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0


def test_text_of_the_bar_scale_and_the_score_rug_grows_with_the_window(driver, awkward, window):
    sizes = []
    for size in ((1280, 800), (3840, 2160)):
        window(*size)
        driver.get(f"file://{page(awkward, 'large')}")
        sizes.append(driver.execute_script("""
            const rug = document.querySelector('.rug');
            const scale = rug.getBoundingClientRect().width / rug.viewBox.baseVal.width;
            const size = (element) => parseFloat(getComputedStyle(element).fontSize);
            return [size(document.querySelector('.scale i')),
              scale * size(rug.querySelector('text'))];"""))
    (marks, labels), (large_marks, large_labels) = sizes
    # The root grows from 16 to 24 px.
    assert large_marks == pytest.approx(1.5 * marks)
    assert large_labels == pytest.approx(1.5 * labels, rel=0.02)
    assert min(marks, labels) >= 12


@pytest.mark.parametrize("size", [(390, 844), (1280, 800), (1920, 1080)])
def test_camera_names_take_two_lines_and_the_patch_stands_at_their_top(driver, awkward, window, size):
    window(*size)
    driver.get(f"file://{page(awkward, CAMERA + '_0')}")
    names = driver.find_elements(By.CSS_SELECTOR, f".targets b[title^='{CAMERA}']")
    assert len(names) >= 5
    for name in names:
        assert name.get_attribute("textContent") == name.get_attribute("title")
        lines = name.rect["height"] / driver.execute_script(
            "return parseFloat(getComputedStyle(arguments[0]).lineHeight)", name)
        assert lines <= 2.01
        for part in ("::before", "::after"):
            assert driver.execute_script(
                "return getComputedStyle(arguments[0], arguments[1]).top", name, part) == "0px"
    title = driver.execute_script("""
        const title = document.querySelector('h1'), style = getComputedStyle(title);
        return title.getBoundingClientRect().height / parseFloat(style.lineHeight);""")
    assert title <= 3.01


def test_a_grey_picture_has_a_sentence_in_place_of_look_alikes(driver, awkward):
    driver.get(f"file://{page(awkward, 'grey')}")
    text = driver.find_element(By.TAG_NAME, "main").text
    assert "one even grey, black or white, so nothing can be compared with it" in text
    assert "50.0" not in text and "Nearest" not in text
    assert driver.find_elements(By.CSS_SELECTOR, ".targets, [data-compare], dialog") == []


def test_the_front_page_counts_the_types_that_have_pictures(driver, awkward):
    driver.get(f"file://{awkward}/index.html")
    assert driver.find_element(By.TAG_NAME, "h1").text == "Two rock types in 16 pictures"
