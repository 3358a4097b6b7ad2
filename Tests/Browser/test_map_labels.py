"""Names of regions on the map: which are drawn, and that none covers another."""

import collections
import itertools
import math
import re

import numpy
from conftest import window
from ready import address, wait_until
from scipy import ndimage
from test_map import open_map
from test_map_selection import grid, table

# Shows the whole map, and calls back with the texts and the boxes that are drawn on it.
DRAWN = """
    const done = arguments[0];
    const pen = CanvasRenderingContext2D.prototype;
    const { fillText, strokeRect } = pen;
    const texts = [];
    const boxes = [];
    pen.fillText = function (...values) {
      texts.push(values[0]);
      return fillText.apply(this, values);
    };
    pen.strokeRect = function (...values) {
      boxes.push(values);
      return strokeRect.apply(this, values);
    };
    document.querySelector('[data-by="0"]').click();
    requestAnimationFrame(() => requestAnimationFrame(() => {
      Object.assign(pen, { fillText, strokeRect });
      done([texts, boxes]);
    }));"""


def regions(atlas, parts):
    """Titles and numbers of the regions of blocks, by SciPy's search for connected parts of a picture."""
    columns, pages = grid(atlas)
    known = table(atlas)
    labels = [known[page]["label"] for page in pages]
    rows = -(-len(pages) // columns)
    side = max(4, math.ceil(max(columns, rows) / parts))
    blocks = collections.defaultdict(list)
    for cell, label in enumerate(labels):
        blocks[cell // columns // side, cell % columns // side].append(label)
    shape = -(-rows // side), -(-columns // side)
    found = []
    for label in set(labels):
        has = numpy.zeros(shape, bool)
        for place, own in blocks.items():
            has[place] = 2 * own.count(label) > len(own)
        numbered, count = ndimage.label(has)
        for number in range(1, count + 1):
            own = [each for place in zip(*numpy.nonzero(numbered == number), strict=True) for each in blocks[place]]
            if 2 * len(own) >= side * side:
                found.append((label.capitalize(), own.count(label), len(own)))
    return found


def names(driver):
    texts, boxes = driver.execute_async_script(DRAWN)
    pairs = []
    for title, more in zip(texts[::2], texts[1::2], strict=True):
        counts = re.match(r"([\d,]+) of ([\d,]+)", more)
        pairs.append((title, *(int(count.replace(",", "")) for count in counts.groups())))
    return pairs, boxes


def test_names_are_those_of_the_largest_regions_and_none_covers_another(driver, plates):
    with window(driver, 1280, 900):
        open_map(driver, plates)
        found, boxes = wait_until(lambda: (drawn := names(driver))[0] and drawn, "the names")
        assert len(found) == len(boxes) > 3
        for (left, top, width, height), (right, bottom, wide, high) in itertools.combinations(boxes, 2):
            assert left + width <= right or right + wide <= left or top + height <= bottom or bottom + high <= top
        sizes = [regions(plates, parts) for parts in (6, 12, 24)]
        own = next(size for size in sizes if set(found) <= set(size))
        largest = max(count for _, _, count in own)
        assert found[0][2] == largest
        assert [count for _, _, count in found] == sorted((count for _, _, count in found), reverse=True)
        driver.execute_script("document.querySelector('[name=names]').click()")
        assert names(driver) == ([], [])
        wait_until(lambda: "names=no" in address(driver), "the address")


def test_of_two_names_that_would_overlap_that_of_the_larger_region_is_drawn(driver, plates):
    open_map(driver, plates)
    # Ten pixels for each cell, and names 62 pixels wide: 20 pixels apart they overlap, 180 apart they do not.
    assert driver.execute_script("""
        const drawn = [];
        const context = {
          canvas: { clientWidth: 400, clientHeight: 400 }, measureText: () => ({ width: 50 }),
          fillRect() {}, strokeRect() {}, fillText: (text) => drawn.push(text),
        };
        const regions = [['large', 10], ['small', 12], ['apart', 30]]
          .map(([title, x]) => ({ side: 10, x, y: 10, count: 9, title, more: '', cell: -1 }));
        const view = { scale: 10 };
        GEO.mapLabels({ regions }, { context, view, style: () => '#000', arrived() {} })([0, 0]);
        return drawn.filter(Boolean)""") == ["large", "apart"]


def test_a_name_whose_region_is_in_sight_is_drawn_whole(driver, plates):
    open_map(driver, plates)
    # Names 62 pixels wide and 40 high on a canvas of 400; a text begins 6 pixels after its box.
    assert driver.execute_script("""
        const drawn = [];
        const context = {
          canvas: { clientWidth: 400, clientHeight: 400 }, measureText: () => ({ width: 50 }),
          fillRect() {}, strokeRect: (...box) => drawn.push(box), fillText() {},
        };
        const regions = [[1, 10], [39, 20], [20, 1], [20, 40], [41, 30]]
          .map(([x, y]) => ({ side: 10, x, y, count: 9, title: 'name', more: '', cell: -1 }));
        const view = { scale: 10 };
        GEO.mapLabels({ regions }, { context, view, style: () => '#000', arrived() {} })([0, 0]);
        return drawn""") == [
            [0, 80, 62, 40], [338, 180, 62, 40], [169, 0, 62, 40], [169, 360, 62, 40],
            # The middle of its region is out of sight.
            [379, 280, 62, 40]]
