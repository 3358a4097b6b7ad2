"""Selecting on the map: lasso, rectangle and keys, and the list of what was selected."""

import csv
import itertools
import json
import math
import re

import pytest
from access import assert_accessible
from conftest import window
from ready import downloaded, open_afresh, wait_until
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.keys import Keys
from test_map import open_map, press
from test_table import opened


def table(atlas):
    """The build's own table of all pictures, by the address of the page."""
    with (atlas / "pictures.csv").open(newline="") as file:
        return {line["page"]: line for line in csv.DictReader(file)}


def grid(atlas):
    """Columns of the map, and the page of the picture in each of its cells, from the data script."""
    text = next((atlas / "data").glob("map.*.js")).read_text()
    columns = int(re.search(r"columns:(\d+)", text)[1])
    folders = json.loads(re.search(r"folders:(\[[^\]]*\])", text)[1])
    labels = {line["page"]: line["label"] for line in table(atlas).values()}
    pages = []
    for line in json.loads(re.search(r'names:("(?:[^"\\]|\\.)*")', text)[1]).split("\n"):
        own, *elsewhere = line.split("\t")
        shard, stem = own.split(" ", 1)
        found = [f"{folder}/{shard}/{stem.lower()}.html" for folder in folders]
        pages.append(f"{elsewhere[0]}.html" if elsewhere else next(page for page in found if page in labels))
    return columns, pages


def selected(driver):
    """The number of selected pictures that the page tells."""
    text = driver.execute_script("return document.querySelector('[data-selected]').textContent")
    return 0 if text.startswith("No picture") else int(text.split()[0].replace(",", ""))


def saved_list(driver):
    before = set(driver.downloads.iterdir())
    driver.execute_script("document.querySelector('[data-save-list]').click()")
    with downloaded(driver.downloads, before, ".csv").open(newline="") as file:
        return list(csv.DictReader(file))


def pick(driver, tool):
    driver.execute_script("document.querySelector(`[name=pick][value=${arguments[0]}]`).click()", tool)


def drag(driver, corners, *modifiers):
    """Drags the mouse over the canvas; corners are parts of its width and height."""
    box = driver.execute_script("""
        const box = document.querySelector('[data-canvas]').getBoundingClientRect();
        return [box.left, box.top, box.width, box.height]""")
    at = [(round(box[0] + x * box[2]), round(box[1] + y * box[3])) for x, y in corners]
    chain = ActionChains(driver, duration=20)
    for modifier in modifiers:
        chain.key_down(modifier)
    pointer, keyboard = chain.w3c_actions.pointer_action, chain.w3c_actions.key_action
    pointer.move_to_location(*at[0])
    pointer.pointer_down()
    for corner in at[1:]:
        pointer.move_to_location(*corner)
    pointer.pointer_up()
    # Both devices act step by step together, so the keys wait.
    for _ in range(len(at) + 2):
        keyboard.pause()
    for modifier in modifiers:
        chain.key_up(modifier)
    chain.perform()


# Around the canvas, inside of its border. It begins where no button is.
AROUND = [(0.35, 0.01), (0.01, 0.01), (0.01, 0.5), (0.01, 0.99), (0.5, 0.99), (0.99, 0.99), (0.99, 0.01)]


def only_cluster(atlas):
    """The address of a map that shows the pictures of one cluster, and the keys of these in the build's table."""
    lines = table(atlas).values()
    clusters = sorted({int(line["cluster"]) for line in lines if line["cluster"]})
    assert len(clusters) > 1
    others = ",".join(str(cluster - 1) for cluster in clusters if cluster != 2)
    # The pictures of a trial, whose cluster is not told, are the last entry of the legend.
    if any(not line["cluster"] for line in lines):
        others += f",{len(clusters)}"
    return f"#colour=cluster&without={others}", {line["key"] for line in lines if line["cluster"] == "2"}


@pytest.mark.parametrize("layout", ["", "&layout=true"])
def test_a_lasso_around_a_cluster_gives_the_keys_of_the_builds_table(driver, plates, layout):
    fragment, keys = only_cluster(plates)
    with window(driver, 1280, 900):
        open_map(driver, plates, fragment + layout)
        pick(driver, "lasso")
        drag(driver, AROUND)
        wait_until(lambda: selected(driver) == len(keys), "the selection")
        lines = saved_list(driver)
    assert [line["key"] for line in lines] == sorted(keys)
    known = {line["key"]: line for line in table(plates).values()}
    assert list(lines[0])[:5] == ["key", "label", "predicted", "probability", "cluster"]
    for line in lines:
        own = known[line["key"]]
        for column in ("label", "predicted", "cluster"):
            assert line[column] == own[column]
        assert float(line["probability"]) == pytest.approx(float(own["probability"]), abs=0.001)


def test_firefox_lassoes_the_same_cluster(firefox, plates, plates_root):
    fragment, keys = only_cluster(plates)
    firefox.open(f"{plates_root}/map.html{fragment}")
    firefox.run("document.querySelector('[name=pick][value=lasso]').click()")
    firefox.drag("[data-canvas]", AROUND)
    wait_until(lambda: firefox.text("[data-selected]").startswith(f"{len(keys):,} "), "the selection")
    before = set(firefox.downloads.iterdir())
    firefox.run("document.querySelector('[data-save-list]').click()")
    with downloaded(firefox.downloads, before, ".csv").open(newline="") as file:
        assert [line["key"] for line in csv.DictReader(file)] == sorted(keys)


def test_a_rectangle_selects_the_cells_in_it_and_modifiers_add_and_take_away(driver, plates):
    columns, pages = grid(plates)
    known = table(plates)

    def inside(left, right, top, bottom):
        return {known[page]["key"] for cell, page in enumerate(pages)
                if left < cell % columns + 0.5 < right and top < cell // columns + 0.5 < bottom}

    with window(driver, 1280, 900):
        # 20 columns in sight around column 20 and row 20: 1 of 20 parts of the width is one cell.
        open_map(driver, plates, "#at=20.0,20.0,20.0")
        ratio = driver.execute_script("""
            const canvas = document.querySelector('[data-canvas]');
            return canvas.clientHeight / canvas.clientWidth""")

        def corners(left, right, top, bottom):
            return [((x - 10) / 20, 0.5 + (y - 20) / 20 / ratio) for x, y in ((left, top), (right, bottom))]

        pick(driver, "rectangle")
        drag(driver, corners(12.2, 16.2, 17.2, 21.2))
        first = inside(12.2, 16.2, 17.2, 21.2)
        assert len(first) == 16
        wait_until(lambda: selected(driver) == 16, "the rectangle")
        drag(driver, corners(15.2, 18.2, 17.2, 19.2), Keys.SHIFT)
        both = first | inside(15.2, 18.2, 17.2, 19.2)
        wait_until(lambda: selected(driver) == len(both) > 16, "the second rectangle")
        drag(driver, corners(12.2, 14.2, 17.2, 21.2), Keys.ALT)
        rest = both - inside(12.2, 14.2, 17.2, 21.2)
        wait_until(lambda: selected(driver) == len(rest), "the rest")
        assert {line["key"] for line in saved_list(driver)} == rest
        # A map that is moved with Shift adds a rectangle too.
        pick(driver, "move")
        drag(driver, corners(12.2, 14.2, 17.2, 21.2), Keys.SHIFT)
        wait_until(lambda: selected(driver) == len(both), "all of them again")
        links = driver.execute_script(
            "return [...document.querySelectorAll('[data-strip] a')].map((a) => a.getAttribute('href'))")
        assert {known[link]["key"] for link in links} == both
        press(driver, Keys.ESCAPE)
        assert selected(driver) == 0


def test_keys_select_with_a_frame_and_what_is_in_sight(driver, plates):
    columns, pages = grid(plates)
    with window(driver, 1280, 900):
        open_map(driver, plates, "#at=20.0,20.0,20.0")
        height, width = driver.execute_script("""
            const canvas = document.querySelector('[data-canvas]');
            return [canvas.clientHeight, canvas.clientWidth]""")
        rows = 20 * height / width
        # The frame begins as the middle 0.4 of the canvas; a key moves it by 0.04.
        press(driver, "r", Keys.ARROW_RIGHT, Keys.ENTER)

        def count(right, bottom, left=None):
            left = -right if left is None else left
            return sum(left < cell % columns + 0.5 - 20 < right and abs(cell // columns + 0.5 - 20) < bottom
                       for cell in range(len(pages)))

        moved = count(4.8, 0.2 * rows, -3.2)
        wait_until(lambda: selected(driver) == moved, "the frame")
        press(driver, "r", Keys.ESCAPE)
        assert selected(driver) == moved, "Escape drops the frame, and keeps the selection"
        press(driver, "s")
        assert selected(driver) == count(10, rows / 2)
        press(driver, Keys.ESCAPE)
        assert selected(driver) == 0
        press(driver, Keys.ENTER, "x")
        assert selected(driver) == 1
        press(driver, "x")
        assert selected(driver) == 0


def test_what_a_filter_hides_is_not_selected(driver, plates):
    gneiss = [line for line in table(plates).values() if line["label"] == "gneiss"]
    with window(driver, 1280, 900):
        open_map(driver, plates, "#without=0,2,3,4,5")
        driver.execute_script("document.querySelector('[data-take]').click()")
        assert selected(driver) == len(gneiss) == 280
        # The strip is long, and comes in parts.
        strip = "return document.querySelectorAll('[data-strip] a').length"
        assert driver.execute_script(strip) == 48
        driver.execute_script("document.querySelector('[data-more]').click()")
        assert driver.execute_script(strip) == 96
        assert driver.execute_script("""
            return document.activeElement === document.querySelectorAll('[data-strip] a')[48]""")


def test_the_selection_is_pinned_as_far_as_the_table_holds(driver, plates, plates_nginx):
    with window(driver, 1280, 900):
        open_afresh(driver, f"{plates_nginx}/map.html#at=20.0,20.0,4.0")
        press(driver, "s")
        count = selected(driver)
        assert count > 8
        driver.execute_script("document.querySelector('[data-pin-selected]').click()")
        pins = driver.execute_script("return GEO.pins.all()")
        links = driver.execute_script(
            "return [...document.querySelectorAll('[data-strip] a')].map((a) => a.getAttribute('href'))")
        assert [f"{pin}.html" for pin in pins] == links[:8]
        said = driver.execute_script("return document.querySelector('[data-saved]').textContent")
        assert said == f"8 pictures pinned; the light table holds 8, so {count - 8} were left out."


def test_from_a_web_server_the_pictures_are_saved(driver, plates, plates_nginx):
    with window(driver, 1280, 900):
        open_afresh(driver, f"{plates_nginx}/map.html#at=20.0,20.0,4.0")
        press(driver, "s")
        count = selected(driver)
        before = set(driver.downloads.iterdir())
        driver.execute_script("document.querySelector('[data-save-pictures]').click()")
        path = downloaded(driver.downloads, before, ".zip")
        wait_until(lambda: driver.execute_script(
            "return document.querySelector('[data-saved]').textContent") == f"{count} pictures saved", "the sentence")
    lines = opened(path, plates)
    assert len(lines) == count


@pytest.mark.parametrize("width", [390, 1280, 1920])
def test_axe_finds_nothing_with_a_selection(driver, atlas, width):
    with window(driver, width, 1000):
        open_map(driver, atlas, "#at=6.0,5.0,4.0")
        driver.execute_script("document.querySelector('[data-take]').click()")
        assert selected(driver) > 0
        assert_accessible(driver)


def blocks(columns, counts):
    """The layout by labels: its width and height in cells, and the first row and the end of each block."""
    rows = -(-sum(counts) // columns)
    gap = max(1, math.floor(rows / 28 + 0.5))

    def height(width):
        return sum(gap + -(-count // width) for count in counts)

    width = next(width for width in range(columns, 10 * columns) if height(width) <= width * rows / columns)
    ends = list(itertools.accumulate(gap + -(-count // width) for count in counts))
    starts = [end - -(-count // width) for end, count in zip(ends, counts, strict=True)]
    return width, height(width), list(zip(starts, ends, strict=True))


def test_blocks_have_the_pictures_of_one_label(driver, plates):
    columns, pages = grid(plates)
    known = table(plates)
    # Labels in the order of the classes, which is that of the alphabet.
    labels = sorted({line["label"] for line in known.values()})
    width, high, rows = blocks(columns, [sum(line["label"] == label for line in known.values()) for label in labels])
    first, end = rows[labels.index("marble")]
    with window(driver, 1280, 900):
        open_map(driver, plates, "#layout=types")
        wait_until(lambda: "block" in driver.execute_script(
            "return document.querySelector('[data-note]').textContent"), "the blocks")
        ratio = driver.execute_script("""
            const canvas = document.querySelector('[data-canvas]');
            return canvas.clientWidth / canvas.clientHeight""")
        # All is shown in 0.94 of the canvas, in its middle.
        scale = 0.94 * min(1 / width, 1 / high / ratio)
        pick(driver, "rectangle")
        drag(driver, [(0.5 + (column - width / 2) * scale, 0.5 + (row - high / 2) * scale * ratio)
                      for column, row in ((-0.2, first - 0.2), (width + 0.2, end + 0.2))])
        wait_until(lambda: selected(driver) == 280, "the block")
        assert {line["label"] for line in saved_list(driver)} == {"marble"}
        # The next layout has other places for the same selection.
        driver.execute_script("document.querySelector('[name=layout][value=spread]').click()")
        assert selected(driver) == 280
