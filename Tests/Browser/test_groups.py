"""Folded groups in the browser: the line below the panels, and pictures drawn in their places."""

import shutil

import pytest
from access import assert_accessible
from conftest import ROOT, geoatlas, window, without_scripts
from PIL import Image, ImageOps
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.keys import Keys
from test_pages import open_page
from test_scenes import SIDE, STEP, ground


@pytest.fixture(scope="module")
def grouped(tmp_path_factory):
    """The atlas of a ground that was cut into tiles, of a mirrored one, and of single pictures."""
    folder = tmp_path_factory.mktemp("grouped")
    geoatlas("sample", folder / "rocks", "--per-type", 12, "--size", 96)
    pixels = ground(1, 3, 4)
    for top in range(0, pixels.shape[0] - SIDE + 1, STEP):
        for left in range(0, pixels.shape[1] - SIDE + 1, STEP):
            tile = Image.fromarray(pixels[top:top + SIDE, left:left + SIDE])
            tile.save(folder / f"rocks/gneiss/cut-{top:02}-{left:02}.png")
            if (top, left) == (STEP, STEP):
                ImageOps.mirror(tile).save(folder / "rocks/gneiss/mirrored.png")
    shutil.copytree(ROOT / "content", folder / "content")
    settings = folder / "content/atlas.yml"
    settings.write_text(settings.read_text().replace(
        "  models:\n", "  models: [pairwise, ground, kmeans]\n"))
    geoatlas(
        "build", folder / "rocks", "--output", folder / "public", "--workspace",
        folder / "workspace", "--review", folder / "review", "--folds", 0, "--epochs", 1,
        "--classifier", "conv1l", "--content", folder / "content", "--templates",
        ROOT / "templates")
    return folder / "public"


def page(atlas):
    """A tile that lies among eight others."""
    [path] = atlas.glob("gneiss/*/cut-07-07.html")
    return f"file://{path}"


def stems(driver, selector):
    return driver.execute_script(
        "return [...document.querySelectorAll(arguments[0])].map((name) => name.textContent)",
        f"{selector} b")


@pytest.mark.parametrize("width", [390, 1280, 2560])
def test_axe_finds_no_violation_with_the_group_open_and_a_picture_drawn(driver, grouped, width):
    with window(driver, width, 1000):
        open_page(driver, page(grouped))
        driver.execute_script("document.querySelector('.group').open = true")
        driver.execute_script("document.querySelector('.group [data-shift]').focus()")
        assert driver.find_elements("css selector", ".group svg")
        assert [entry for entry in driver.get_log("browser") if entry["level"] == "SEVERE"] == []
        assert_accessible(driver)


def test_panels_hold_other_pictures_and_one_line_the_group(driver, grouped):
    with window(driver, 1280, 1000):
        open_page(driver, page(grouped))
        summary = driver.find_element("css selector", ".group summary")
        assert summary.text == "And 1 identical picture and 11 pictures of the same ground"
        assert not driver.find_element("css selector", ".group a").is_displayed()
        panel = driver.execute_script(
            "return document.querySelector('#pairwise').closest('section').querySelector('ol')")
        names = driver.execute_script(
            "return [...arguments[0].querySelectorAll('b')].map((name) => name.textContent)", panel)
        assert len(names) == 12, "as many as without the group"
        assert not any(name.startswith(("cut", "mirrored")) for name in names)
        # What scripts compute is of the targets that are there.
        steps = driver.execute_script("return arguments[0].dataset.d.split(' ').length", panel)
        assert steps == 12
        ground = driver.execute_script(
            "return [...document.querySelector('#ground').closest('section').querySelectorAll('a')]"
            ".map((link) => [link.querySelector('b').textContent, link.dataset.shift ?? ''])")
        # The eight tiles around it come first; its mirrored form is folded here too.
        for name, shift in ground[:8]:
            right, down = map(int, shift.split(","))
            assert name == f"cut-{7 + down:02}-{7 + right:02}"
        assert "mirrored" not in dict(ground)


def test_the_keyboard_opens_the_group_and_draws_a_picture_in_its_place(driver, grouped):
    with window(driver, 1280, 1000):
        open_page(driver, page(grouped))
        driver.execute_script("document.querySelector('.group summary').focus()")
        ActionChains(driver).send_keys(Keys.ENTER).perform()
        ActionChains(driver).send_keys(Keys.TAB).perform()
        link = driver.switch_to.active_element
        assert link.find_element("css selector", "b").text == "mirrored", "the mirrored form comes first"
        assert not link.find_elements("css selector", "svg"), "it is not shifted"
        ActionChains(driver).send_keys(Keys.TAB).perform()
        link = driver.switch_to.active_element
        name = link.find_element("css selector", "b").text
        down, right = (int(part) - 7 for part in name.split("-")[1:])
        # The words, and where the outlined picture lies in the drawing.
        words = link.find_element("css selector", "small").text
        told = [f"{abs(down)}\u202fpx {'down' if down > 0 else 'up'}"] if down else []
        told += [f"{abs(right)}\u202fpx {'right' if right > 0 else 'left'}"] if right else []
        assert words == ", ".join(told)
        boxes = driver.execute_script("""
            return [...arguments[0].querySelectorAll('rect')].map((frame) => {
              const box = frame.getBBox();
              return [box.x, box.y, box.width, frame.classList.contains('on')];
            })""", link)
        assert boxes == [[0, 0, SIDE, False], [right, down, SIDE, True]]
        before, after = driver.execute_script("""
            const [link, image] = [arguments[0], arguments[0].querySelector('img')];
            const box = (element) => {
              const { x, y, width, height } = element.getBoundingClientRect();
              return [x, y, width, height];
            };
            return [box(image), box(link.querySelector('svg'))]""", link)
        assert before == after, "the drawing covers the picture"
        ActionChains(driver).send_keys(Keys.TAB).perform()
        assert not link.find_elements("css selector", "svg")


def test_the_pointer_draws_a_picture_of_a_panel_in_its_place(driver, grouped):
    with window(driver, 1280, 1000):
        open_page(driver, page(grouped))
        link = driver.find_element("css selector", ".panels [data-shift]")
        ActionChains(driver).move_to_element(link).perform()
        assert len(link.find_elements("css selector", "svg image")) == 2
        ActionChains(driver).move_to_element(driver.find_element("css selector", "h1")).perform()
        assert not link.find_elements("css selector", "svg")


def test_without_scripts_the_group_opens_and_words_tell_the_shift(driver, grouped):
    with window(driver, 1280, 1000), without_scripts(driver):
        driver.get(page(grouped))
        driver.find_element("css selector", ".group summary").click()
        links = driver.find_elements("css selector", ".group a")
        assert len(links) == 6 and all(link.is_displayed() for link in links)
        assert "px" in links[1].text
        assert driver.find_element("css selector", ".group li:last-child").text == "and 6 more"


def test_no_link_is_broken(grouped):
    geoatlas("check", grouped)
