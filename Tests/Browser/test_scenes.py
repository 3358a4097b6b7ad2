"""Scenes in the browser: a ground that was cut into tiles is put together again, and can be walked."""

import collections
import csv
import shutil

import numpy
import pytest
from access import assert_accessible
from conftest import ROOT, geoatlas, window, without_scripts
from PIL import Image
from ready import wait_for_address, wait_until
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.keys import Keys
from test_map import open_map
from test_map_colours import legend, title
from test_map_selection import table
from test_pages import open_page

STEP = 7
SIDE = 28


def ground(seed, rows, columns):
    """Noise of two scales, so large that its tiles lie STEP pixels apart."""
    random = numpy.random.default_rng(seed)
    high, wide = (rows - 1) * STEP + SIDE, (columns - 1) * STEP + SIDE
    coarse = random.integers(0, 120, (high // 6 + 1, wide // 6 + 1, 3))
    coarse = coarse.repeat(6, 0).repeat(6, 1)[:high, :wide]
    return (coarse + random.integers(0, 120, (high, wide, 3))).astype(numpy.uint8)


@pytest.fixture(scope="module")
def scenes(tmp_path_factory):
    """The atlas of two grounds that were cut into tiles, and of single pictures; and the grounds."""
    folder = tmp_path_factory.mktemp("scenes")
    geoatlas("sample", folder / "rocks", "--per-type", 12, "--size", 96)
    grounds = {"gneiss": ground(1, 5, 6), "schist": ground(2, 2, 2)}
    for label, pixels in grounds.items():
        for top in range(0, pixels.shape[0] - SIDE + 1, STEP):
            for left in range(0, pixels.shape[1] - SIDE + 1, STEP):
                Image.fromarray(pixels[top:top + SIDE, left:left + SIDE]).save(
                    folder / f"rocks/{label}/cut-{top:02}-{left:02}.png")
    shutil.copytree(ROOT / "content", folder / "content")
    geoatlas(
        "build", folder / "rocks", "--output", folder / "public", "--workspace",
        folder / "workspace", "--review", folder / "review", "--folds", 0, "--epochs", 1,
        "--classifier", "conv1l", "--content", folder / "content", "--templates",
        ROOT / "templates")
    return folder / "public", grounds


def page_of(atlas, label):
    [page] = (atlas / "scenes" / label).glob("*/*.html")
    return page


@pytest.mark.parametrize("label", ["gneiss", "schist"])
def test_the_mosaic_is_the_ground_that_was_cut(scenes, label):
    atlas, grounds = scenes
    mosaic = numpy.asarray(Image.open(page_of(atlas, label).with_suffix(".png")))
    assert mosaic.shape[2] == 4 and (mosaic[:, :, 3] == 255).all()
    assert (mosaic[:, :, :3] == grounds[label]).all()


def test_the_table_says_where_each_picture_lies(scenes):
    atlas, _ = scenes
    rows = [line.split(",") for line in (atlas / "scenes.csv").read_text().splitlines()[1:]]
    assert len(rows) == 34
    for _, key, top, left, mirrored, turned, *_ in rows:
        assert key.endswith(f"cut-{int(top):02}-{int(left):02}")
        assert (mirrored, turned) == ("no", "0")


@pytest.mark.parametrize("page", ["scenes", "scene", "image"])
@pytest.mark.parametrize("width", [390, 1280, 2560])
def test_axe_finds_no_violation(driver, scenes, page, width):
    atlas, _ = scenes
    paths = {
        "scenes": atlas / "scenes.html", "scene": page_of(atlas, "gneiss"),
        "image": next(atlas.glob("gneiss/*/cut-07-14.html"))}
    with window(driver, width, 1000):
        open_page(driver, f"file://{paths[page]}")
        # axe-core reads style sheets in a way that files do not allow, and the console says so.
        assert [entry for entry in driver.get_log("browser") if entry["level"] == "SEVERE"] == []
        assert_accessible(driver)


@pytest.mark.parametrize("width", [390, 900, 1280, 1920, 2560])
def test_a_mosaic_is_enlarged_by_whole_steps(driver, scenes, width):
    atlas, grounds = scenes
    with window(driver, width, 1000):
        open_page(driver, f"file://{page_of(atlas, 'gneiss')}")
        shown = driver.execute_script("""
            const image = document.querySelector('.mosaic img');
            return [image.getBoundingClientRect().width, image.naturalWidth,
              getComputedStyle(image).imageRendering]""")
        steps = shown[0] / shown[1]
        assert steps >= 2 and abs(steps - round(steps)) < 1e-6
        assert shown[2] == "pixelated"


def middles(driver):
    """The middle of every tile in pixels of the mosaic, by the stem of its picture."""
    return driver.execute_script("""
        const mosaic = document.querySelector('.mosaic');
        const box = mosaic.getBoundingClientRect();
        const scale = box.width / mosaic.dataset.width;
        return Object.fromEntries([...mosaic.querySelectorAll('a')].map((tile) => {
          const own = tile.getBoundingClientRect();
          return [tile.getAttribute('aria-label').split(',')[0],
            [(own.top - box.top) / scale, (own.left - box.left) / scale, own.width / scale]];
        }))""")


def test_tiles_lie_where_they_were_cut(driver, scenes):
    atlas, _ = scenes
    with window(driver, 1280, 1000):
        open_page(driver, f"file://{page_of(atlas, 'gneiss')}")
        tiles = middles(driver)
        assert len(tiles) == 30
        for stem, (top, left, width) in tiles.items():
            assert (round(top), round(left)) == tuple(map(int, stem.split("-")[1:]))
            assert abs(width - SIDE) < 0.01


def focused(driver):
    return driver.execute_script(
        "return (document.activeElement.getAttribute('aria-label') ?? '').split(',')[0]")


def press(driver, *keys):
    ActionChains(driver).send_keys(*keys).perform()


def test_a_mosaic_is_one_tab_stop_that_arrow_keys_walk(driver, scenes):
    atlas, _ = scenes
    with window(driver, 1280, 1000):
        open_page(driver, f"file://{page_of(atlas, 'gneiss')}")
        driver.execute_script("document.querySelector('.mosaic a').focus()")
        assert focused(driver) == "cut-00-00"
        press(driver, Keys.ARROW_RIGHT, Keys.ARROW_RIGHT, Keys.ARROW_DOWN)
        assert focused(driver) == "cut-07-14"
        assert driver.find_element("css selector", "[data-read] a").text == "cut-07-14"
        press(driver, Keys.ARROW_LEFT, Keys.ARROW_UP)
        assert focused(driver) == "cut-00-07"
        press(driver, Keys.END)
        assert focused(driver) == "cut-28-35"
        press(driver, Keys.ARROW_RIGHT)
        assert focused(driver) == "cut-28-35", "nothing lies further to the right"
        press(driver, Keys.TAB)
        assert driver.execute_script("return !document.activeElement.closest('.mosaic')")
        ActionChains(driver).key_down(Keys.SHIFT).send_keys(Keys.TAB).key_up(Keys.SHIFT).perform()
        assert focused(driver) == "cut-28-35"
        press(driver, Keys.ENTER)
        wait_for_address(driver, "/cut-28-35.html")
        open_page(driver, driver.execute_script("return location.href"))
        link = driver.find_element("css selector", "[data-at]")
        assert link.text == "Scene of 30"
        frame = driver.execute_script("""
            const box = document.querySelector('[data-at] image').getBoundingClientRect();
            const own = document.querySelector('[data-at] rect').getBoundingClientRect();
            return [(own.left - box.left) / box.width * 63, (own.top - box.top) / box.height * 56]""")
        assert [round(place) for place in frame] == [35, 28]
        link.click()
        wait_for_address(driver, page_of(atlas, "gneiss").name)


def test_symbols_can_be_shown_on_all_tiles_or_on_none(driver, scenes):
    atlas, _ = scenes
    with window(driver, 1280, 1000):
        open_page(driver, f"file://{page_of(atlas, 'gneiss')}")

        def symbols(choice):
            driver.find_element("css selector", f"[name=draw][value={choice}]").click()
            return driver.execute_script("""
                return [...document.querySelectorAll('.mosaic b')]
                  .filter((symbol) => symbol.checkVisibility()).map((symbol) => symbol.textContent)""")

        everything = symbols("all")
        assert len(everything) == 30 and all(text.startswith("Gn") for text in everything)
        differing = [text for text in everything if "≠" in text]
        assert symbols("differing") == differing
        assert symbols("none") == []
        # What differs is framed, whatever is chosen.
        framed = driver.execute_script("""
            return [...document.querySelectorAll('.mosaic a')].filter((tile) =>
              getComputedStyle(tile).outlineStyle === 'solid').length""")
        assert framed == len(differing)


def test_a_mosaic_can_be_made_larger_and_smaller(driver, scenes):
    atlas, _ = scenes
    with window(driver, 1280, 1000):
        open_page(driver, f"file://{page_of(atlas, 'schist')}")

        def steps():
            return driver.execute_script("""
                const mosaic = document.querySelector('.mosaic');
                return mosaic.clientWidth / mosaic.dataset.width""")

        before = steps()
        driver.find_element("css selector", "[data-step='-1']").click()
        assert steps() == before - 1
        driver.find_element("css selector", "[data-step='1']").click()
        assert steps() == before


def test_scenes_are_filtered_by_type_and_the_address_holds_it(driver, scenes):
    atlas, _ = scenes

    def shown():
        return driver.execute_script("""
            return [...document.querySelectorAll('.scenes > li')]
              .filter((scene) => !scene.hidden).map((scene) => scene.dataset.types.trim())""")

    with window(driver, 1280, 1000):
        open_page(driver, f"file://{atlas}/scenes.html")
        assert shown() == ["gneiss", "schist"], "the largest first"
        driver.find_element("css selector", "[name=type][value=schist]").click()
        assert shown() == ["schist"]
        assert driver.find_element("css selector", "[data-count]").text == "1 of 2 scenes"
        address = driver.execute_script("return location.href")
        assert address.endswith("#type=schist")
        open_page(driver, address)
        wait_until(lambda: shown() == ["schist"], "the filter of the address")


def test_without_scripts_a_scene_is_a_list(driver, scenes):
    atlas, _ = scenes
    with window(driver, 1280, 1000), without_scripts(driver):
        driver.get(f"file://{page_of(atlas, 'gneiss')}")
        assert not driver.find_element("css selector", ".tools").is_displayed()
        driver.find_element("css selector", "summary").click()
        rows = driver.find_elements("css selector", ".members li")
        assert len(rows) == 30 and rows[0].text.startswith("cut-00-00")
        driver.get(f"file://{atlas}/scenes.html")
        assert not driver.find_element("css selector", ".filters").is_displayed()
        assert len(driver.find_elements("css selector", ".scenes > li")) == 2


def test_every_page_leads_to_the_scenes_and_no_link_is_broken(scenes):
    atlas, _ = scenes
    assert 'href=scenes.html' in (atlas / "index.html").read_text()
    geoatlas("check", atlas)


def test_scenes_colour_the_map(driver, scenes):
    atlas, _ = scenes
    with (atlas / "scenes.csv").open(newline="") as file:
        sizes = collections.Counter(line["scene"] for line in csv.DictReader(file))
    with window(driver, 1280, 900):
        open_map(driver, atlas, "#colour=scene")
        wait_until(lambda: title(driver) == "Scene", "the column")
        found = legend(driver)
    assert found.pop("Not known") == len(table(atlas)) - sum(sizes.values())
    assert sum(found.values()) == sum(sizes.values())
    named = [count for name, count in found.items() if name.startswith("Scene of")]
    assert named == sorted(sizes.values(), reverse=True)[:len(named)]
