"""Metadata in the browser: filters and order of a plate, the search, and access for all readers."""

import csv
import shutil

import pytest
from access import assert_accessible
from conftest import ROOT, geoatlas, window
from ready import address, next_frames, open_afresh, wait_for_address, wait_until
from test_map import open_map, press
from test_map_colours import colour, legend, title
from test_map_selection import saved_list, selected


@pytest.fixture(scope="module")
def known(tmp_path_factory):
    """An atlas of a sample of which every second picture has metadata."""
    folder = tmp_path_factory.mktemp("known")
    geoatlas("sample", folder / "rocks", "--per-type", 20, "--size", 112)
    pictures = sorted((folder / "rocks/gneiss").iterdir())
    with (folder / "rocks/metadata.csv").open("w", newline="") as file:
        table = csv.writer(file)
        table.writerow(["key", "locality", "depth from", "specimen", "mm per pixel"])
        for number, picture in enumerate(pictures[::2]):
            table.writerow([
                f"gneiss/{picture.stem}", f"Quarry {'north' if number < 4 else 'south'}",
                10 * number, f"S{number // 2}", 0.05])
    shutil.copytree(ROOT / "content", folder / "content")
    geoatlas(
        "build", folder / "rocks", "--output", folder / "public", "--workspace",
        folder / "workspace", "--review", folder / "review", "--folds", 0, "--epochs", 1,
        "--classifier", "conv1l", "--content", folder / "content", "--templates",
        ROOT / "templates")
    return folder / "public", [picture.stem for picture in pictures[::2]]


def stems(driver):
    return driver.execute_script(
        "return [...document.querySelectorAll('[data-wall] a')].map((a) => a.title.split(',')[0])")


def set_value(driver, selector, value):
    driver.execute_script(
        "const field = document.querySelector(arguments[0]); field.value = arguments[1];"
        "for (const name of ['input', 'change'])"
        " field.dispatchEvent(new Event(name, { bubbles: true }));", selector, value)


def test_a_plate_is_filtered_and_sorted_by_metadata(driver, known):
    atlas, pictures = known
    with window(driver, 1280, 900):
        open_afresh(driver, f"file://{atlas}/gneiss/index.html")
        set_value(driver, "#words", "NORTH")
        wait_until(lambda: sorted(stems(driver)) == sorted(pictures[:4]), "the pictures of the north")
        assert driver.find_element("css selector", "[data-count]").text == "4 pictures of 20"
        assert "words=NORTH" in address(driver)
        # Two numbers are a range in fields of numbers.
        fields = driver.find_elements("css selector", "#fact option")
        depth = next(field for field in fields if field.text.startswith("Depth"))
        depth = depth.get_attribute("value")
        set_value(driver, "#fact", depth)
        set_value(driver, "#words", "20 to 40")
        wait_until(lambda: sorted(stems(driver)) == sorted(pictures[2:5]), "the depths")
        open_afresh(driver, address(driver))
        wait_until(lambda: sorted(stems(driver)) == sorted(pictures[2:5]), "the same by address")
        driver.find_element("css selector", "[type=reset]").click()
        wait_until(lambda: len(stems(driver)) == 20, "all pictures")
        set_value(driver, "#sort", f"fact-{depth}")
        wait_until(lambda: stems(driver)[:10] == pictures, "the order of depths, others last")


def test_the_search_finds_words_of_metadata(driver, known):
    atlas, pictures = known
    with window(driver, 1280, 900):
        driver.get(f"file://{atlas}/index.html")
        driver.find_element("css selector", "#q").send_keys("quarry south")
        wait_until(
            lambda: len(driver.find_elements("css selector", "[data-search] li")) == 6, "six hits")
        first = driver.find_element("css selector", "[data-search] li")
        assert pictures[4] in first.text and "Quarry south" in first.text
        first.click()
        wait_for_address(driver, f"{pictures[4].lower()}.html")
        bar = driver.find_element("css selector", ".millimetres svg")
        image = driver.find_element("css selector", ".shown img")
        # 112 pixels of 0.05 mm are 5.6 mm; the bar is 5 mm.
        assert driver.find_element("css selector", ".millimetres").text == "5\u202fmm"
        assert bar.size["width"] == pytest.approx(image.size["width"] * 5 / 5.6, abs=1)
        summary = driver.find_element("css selector", ".one-specimen summary")
        assert summary.text == "Same specimen (S2): 1 other picture"


@pytest.mark.parametrize("width", [390, 1280])
def test_axe_finds_no_violation_with_metadata(driver, known, width):
    atlas, pictures = known
    page = next(atlas.glob(f"gneiss/*/{pictures[0].lower()}.html"))
    with window(driver, width, 900):
        for path in (page, atlas / "gneiss/index.html"):
            driver.get(f"file://{path}")
            assert_accessible(driver)


def test_a_list_saved_from_the_map_has_the_metadata(driver, known):
    atlas, pictures = known
    with (atlas / "metadata.csv").open(newline="") as file:
        own = {line["key"]: line for line in csv.DictReader(file)}
    with window(driver, 1280, 900):
        open_map(driver, atlas)
        driver.execute_script("document.querySelector('[data-take]').click()")
        lines = {line["key"]: line for line in saved_list(driver)}
    assert len(lines) == 120
    for key, line in lines.items():
        for name in ("Locality", "Depth from"):
            column = next(column for column in line if column.startswith(name))
            wanted = next((own[key][column] for column in own.get(key, {}) if column.startswith(name)), "")
            assert line[column] == wanted
    assert sum(line[next(column for column in line if column.startswith("Locality"))] != ""
               for line in lines.values()) == len(pictures)


def test_a_column_of_the_metadata_colours_and_filters(driver, known):
    atlas, pictures = known
    with (atlas / "metadata.csv").open(newline="") as file:
        own = list(csv.DictReader(file))
    locality = next(name for name in own[0] if name.startswith("Locality"))
    depth = next(name for name in own[0] if name.startswith("Depth"))
    with window(driver, 1280, 900):
        open_map(driver, atlas)
        names = dict(driver.execute_script(
            "return [...document.querySelectorAll('[name=scheme] option')].map((o) => [o.textContent, o.value])"))
        colour(driver, names[locality])
        wait_until(lambda: title(driver) == locality, "the column")
        assert legend(driver) == {
            "Quarry south": len(pictures) - 4, "Quarry north": 4, "Not known": 120 - len(pictures)}
        colour(driver, names[depth])
        wait_until(lambda: title(driver) == depth, "the numbers")
        found = legend(driver)
        assert found.pop("Not known") == 120 - len(pictures)
        values = [float(line[depth]) for line in own if line[depth]]
        for name, count in found.items():
            ends = [float(end) for end in name.split(" to ")]
            assert count == sum(ends[0] <= value <= ends[-1] for value in values)
        assert sum(found.values()) == len(pictures)
        # The address keeps colour and filter, also of a column that is loaded later.
        open_map(driver, atlas, f"#colour={names[locality]}&without=0,2")
        wait_until(lambda: title(driver) == locality, "the column")
        next_frames(driver)
        press(driver, "s")
        assert selected(driver) == 4
        assert {line[locality] for line in saved_list(driver)} == {"Quarry north"}
