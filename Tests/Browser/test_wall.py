"""The wall of a plate: all pictures on one continuous grid, or page by page without scripts."""

import csv
import json
import re

import numpy
import pytest
from conftest import window, without_scripts
from PIL import Image
from ready import address, downloaded, follow, next_frames, open_afresh, wait_for_address, wait_until
from selenium.webdriver.common.keys import Keys

LINKS = "[...document.querySelectorAll('.wall a')]"


def tiles(public, label="gneiss"):
    """The tiles of a plate, read from its script as any other program would."""
    (script,) = (public / "data").glob(f"{label}-wall.*.js")
    text = script.read_text()
    return json.loads(re.search(r"GEO\.tiles=(\[.*\]);", text, re.DOTALL)[1])


def own(public, label="gneiss"):
    return [tile for tile in tiles(public, label) if len(tile) < 8]


def classes(driver):
    return [entry[0] for entry in driver.execute_script("return GEO.types")]


def open_plate(driver, public, fragment="", page="index.html", label="gneiss"):
    open_afresh(driver, f"file://{public}/{label}/{page}{fragment}")


def stems(driver):
    """Stems of the tiles drawn, in the order of the wall."""
    titles = driver.execute_script(f"return {LINKS}.map((link) => link.title)")
    return [title.split(",")[0] for title in titles]


def all_stems(driver):
    """Stems of all tiles shown, the window moved down the whole wall."""
    return driver.execute_async_script("""
        const done = arguments[0];
        const found = new Map();
        const wall = document.querySelector('.wall');
        const next = (y) => {
          scrollTo(0, y);
          requestAnimationFrame(() => requestAnimationFrame(() => {
            for (const row of wall.children) {
              found.set(Number(row.getAttribute('aria-rowindex')),
                [...row.querySelectorAll('a')].map((link) => link.title.split(',')[0]));
            }
            if (y > document.documentElement.scrollHeight) {
              done([...found].sort((a, b) => a[0] - b[0]).flatMap((pair) => pair[1]));
            } else {
              next(y + innerHeight / 2);
            }
          }));
        };
        next(0);""")


def count(driver):
    return driver.execute_script("return document.querySelector('[data-count]').textContent")


def click(driver, selector):
    driver.execute_script("document.querySelector(arguments[0]).click()", selector)


def fragment(driver):
    return driver.execute_script("return location.hash")


def test_every_picture_can_be_reached_without_scripts(driver, plates):
    pages = {path.resolve() for path in (plates / "gneiss").glob("*/*.html")}
    assert len(pages) == 280
    with without_scripts(driver):
        reached = set()
        todo, seen = [(plates / "gneiss/index.html").resolve()], set()
        while todo:
            page = todo.pop()
            seen.add(page)
            driver.get(f"file://{page}")
            sheet = driver.find_elements("css selector", ".sheet a")
            reached |= {
                (page.parent / link.get_dom_attribute("href")).resolve() for link in sheet}
            assert min(link.size["width"] for link in sheet) >= 24
            for link in driver.find_elements("css selector", "nav.pages a"):
                target = (page.parent / link.get_dom_attribute("href")).resolve()
                todo += [target] if target not in seen and target not in todo else []
        assert len(seen) == 2
        assert reached == pages


def test_a_sheet_leads_from_a_tile_to_the_picture_drawn_there(driver, plates):
    # The plate's sprite against the originals, pixel by pixel; JPEG changes values a little.
    page = (plates / "gneiss/2.html").read_text()
    sprite = re.search(r'class="sheet".*?src="\.\./(sprites/[^"]*)"', page, re.DOTALL)[1]
    links = re.findall(r'<a href="([^"]*)" title="[^"]*"></a>', page)
    sheet = numpy.asarray(Image.open(plates / sprite)).astype(int)
    assert len(links) == 28
    for place, href in enumerate(links):
        picture = re.search(r'<img src="?([^" >]*)', (plates / "gneiss" / href).read_text())[1]
        original = numpy.asarray(
            Image.open((plates / "gneiss" / href).parent / picture).convert("RGB")).astype(int)
        row, column = divmod(place, 14)
        tile = sheet[row * 28:row * 28 + 28, column * 28:column * 28 + 28]
        assert numpy.abs(tile - original).mean() < 6


def test_the_wall_holds_all_pictures_and_draws_those_near_the_window(driver, plates):
    with window(driver, 1280, 800):
        open_plate(driver, plates)
        expected = [tile[0] for tile in own(plates)]
        assert len(expected) == 280
        first = driver.execute_script(f"return {LINKS}.length")
        assert 0 < first < 150
        height, rows = driver.execute_script("""
            const wall = document.querySelector('.wall');
            return [wall.getBoundingClientRect().height, wall.getAttribute('aria-rowcount')]""")
        across = driver.execute_script(
            "return document.querySelector('.wall [role=row]').children.length")
        side = driver.execute_script(f"return {LINKS}[0].getBoundingClientRect().width")
        assert int(rows) == -(-280 // across)
        assert height == pytest.approx(int(rows) * (side + 2) - 2, abs=1)
        assert all_stems(driver) == expected
        assert count(driver) == "280 pictures"


@pytest.mark.parametrize("fragment_, keep", [
    ("#predicted=gneiss", lambda tile, names: names[tile[1]] == "gneiss"),
    ("#agree=no", lambda tile, names: names[tile[1]] != "gneiss"),
    ("#agree=yes&cluster=2", lambda tile, names: names[tile[1]] == "gneiss" and tile[4] == 2),
    ("#from=40&to=70", lambda tile, names: 400 <= tile[2] <= 700),
    ("#predicted=marble,schist&from=30",
     lambda tile, names: names[tile[1]] in ("marble", "schist") and tile[2] >= 300),
])
def test_an_address_opens_the_view_it_describes(driver, plates, fragment_, keep):
    with window(driver, 1280, 800):
        open_plate(driver, plates, fragment_)
        names = classes(driver)
        expected = [tile[0] for tile in own(plates) if keep(tile, names)]
        if expected:
            assert all_stems(driver) == expected
            noun = "picture" if len(expected) == 1 else "pictures"
            assert count(driver) == (
                f"{len(expected)} {noun} of 280" if len(expected) < 280 else "280 pictures")
        else:
            assert driver.find_element("css selector", "[data-empty]").is_displayed()
            assert count(driver) == "No picture of 280"


@pytest.mark.parametrize("sort, key", [
    ("least", lambda tile: tile[2]), ("most", lambda tile: -tile[2]),
    ("doubt", lambda tile: tile[3]), ("cluster", lambda tile: tile[4]),
])
def test_the_wall_is_sorted_and_says_so_in_its_address(driver, plates, sort, key):
    with window(driver, 1280, 800):
        open_plate(driver, plates)
        driver.execute_script("""
            const select = document.querySelector('[name=sort]');
            select.value = arguments[0];
            select.dispatchEvent(new Event('change', { bubbles: true }));""", sort)
        assert fragment(driver) == f"#sort={sort}"
        # Python's sort keeps the order of equal ones, here of keys.
        assert all_stems(driver) == [tile[0] for tile in sorted(own(plates), key=key)]


def test_filters_write_the_address_that_brings_them_back(driver, plates):
    with window(driver, 1280, 800):
        open_plate(driver, plates)
        click(driver, "[name=agree][value=no]")
        driver.execute_script("""
            const from = document.querySelector('[name=from]');
            from.value = 35;
            from.dispatchEvent(new Event('input', { bubbles: true }));""")
        assert fragment(driver) == "#agree=no&from=35"
        said, shown = count(driver), all_stems(driver)
        open_afresh(driver, address(driver))
        assert (count(driver), all_stems(driver)) == (said, shown)
        assert driver.execute_script("return document.querySelector('[name=from]').value") == "35"
        click(driver, "[type=reset]")
        wait_until(
            lambda: fragment(driver) == "" and count(driver) == "280 pictures",
            "clearing the filters")


def test_the_label_filter_shows_what_is_taken_for_this_type(driver, plates):
    label = max(
        ["andesite", "gneiss", "marble", "quartzite", "rhyolite", "schist"],
        key=lambda name: len(tiles(plates, name)) - len(own(plates, name)))
    others = [tile for tile in tiles(plates, label) if len(tile) == 8]
    assert others
    with window(driver, 1280, 800):
        open_plate(driver, plates, label=label)
        names = classes(driver)
        other = names[others[0][7]]
        expected = [tile for tile in others if names[tile[7]] == other]
        click(driver, f"[name=label][value={other}]")
        assert fragment(driver) == f"#label={other}"
        assert all_stems(driver) == [f"{other.capitalize()} {tile[0]}" for tile in expected]
        href = driver.execute_script(f"return {LINKS}[0].getAttribute('href')")
        assert (plates / label / href).resolve().parent.parent.name == other


@pytest.mark.parametrize("words", ["{stem}", "gneiss/{stem}", "gneiss.{stem}", "{lower}", "200",
                                   '"D:\\rocks\\gneiss\\{stem}.png"'])
def test_a_jump_leads_to_a_key_or_a_number(driver, plates, words):
    stem = own(plates)[199][0]
    with window(driver, 1280, 800):
        open_plate(driver, plates)
        field = driver.find_element("id", "jump")
        field.send_keys(words.format(stem=stem, lower=stem.lower()) + Keys.ENTER)
        focused = driver.execute_script("""
            const box = document.activeElement.getBoundingClientRect();
            return [document.activeElement.title.split(',')[0], box.top, box.bottom, innerHeight]""")
        assert focused[0] == stem
        bar = driver.execute_script(
            "return document.querySelector('.bar-top').getBoundingClientRect().bottom")
        assert bar <= focused[1] and focused[2] <= focused[3]
        assert fragment(driver) == f"#at={stem}"
        open_afresh(driver, address(driver))
        marked = driver.find_element("css selector", ".wall [aria-current]")
        assert marked.get_attribute("title").split(",")[0] == stem
        assert 0 < marked.location["y"] - driver.execute_script("return scrollY") < 800


def test_a_window_made_higher_is_filled(driver, plates):
    with window(driver, 390, 500):
        open_plate(driver, plates)
        driver.execute_script("document.querySelector('.wall').scrollIntoView()")
        next_frames(driver)
        before = driver.execute_script(f"return {LINKS}.length")

        def is_filled():
            drawn, wall, height = driver.execute_script("""
                const wall = document.querySelector('.wall');
                return [wall.lastElementChild.getBoundingClientRect().bottom,
                  wall.getBoundingClientRect().bottom, innerHeight]""")
            return height == 1800 and drawn >= min(wall, height) - 2

        with window(driver, 390, 1800):
            wait_until(is_filled, "filling the higher window")
            assert driver.execute_script(f"return {LINKS}.length") > before


def test_a_window_made_wider_still_shows_what_stood_at_its_top(driver, plates):
    at_top = """
        const covered = GEO.coveredTop?.() ?? 0;
        return GEO.all('.wall [role=row]').filter((row) => {
          const { top, bottom } = row.getBoundingClientRect();
          return top <= covered + 1 && bottom > covered;
        }).flatMap((row) => GEO.all('a', row)).map((link) => link.title)"""
    with window(driver, 400, 700):
        open_plate(driver, plates)
        driver.execute_script("""
            const wall = document.querySelector('.wall');
            scrollBy(0, wall.getBoundingClientRect().top + wall.clientHeight / 2)""")
        next_frames(driver)
        first = driver.execute_script(at_top)[0]
        narrow = driver.execute_script("return document.querySelector('.wall').clientWidth")
        with window(driver, 1280, 700):
            wait_until(
                lambda: driver.execute_script(
                    "return document.querySelector('.wall').clientWidth") > 2 * narrow,
                "laying the page out for the wider window")
            wait_until(
                lambda: first in driver.execute_script(at_top), "keeping the row at the top")


def test_an_address_with_words_for_numbers_filters_nothing(driver, plates):
    open_plate(driver, plates, "#from=some&to=-5")
    assert count(driver) == "280 pictures"


def test_clearing_the_filters_keeps_the_focus_among_them(driver, plates):
    with window(driver, 1280, 800):
        open_plate(driver, plates, "#from=10")
        driver.find_element("css selector", "[type=reset]").send_keys(Keys.ENTER)
        wait_until(lambda: fragment(driver) == "", "clearing the filters")
        assert driver.execute_script("return !!document.activeElement.closest('.filters')")


def test_a_jump_to_nothing_is_answered_with_a_sentence(driver, plates):
    open_plate(driver, plates)
    driver.find_element("id", "jump").send_keys("zzz" + Keys.ENTER)
    assert count(driver) == "No picture shown here begins with “zzz”."


def test_a_later_page_opens_the_wall_at_its_own_pictures(driver, plates):
    with window(driver, 1280, 800):
        open_plate(driver, plates, page="2.html")
        stem = own(plates)[252][0]
        top = driver.execute_script(
            f"return {LINKS}.find((link) => link.title.startsWith(arguments[0] + ','))"
            ".getBoundingClientRect().top", stem)
        assert 0 <= top < 800
        assert count(driver) == "280 pictures"


def test_arrow_keys_walk_the_wall_in_two_dimensions_beyond_what_is_drawn(driver, plates):
    with window(driver, 1280, 800):
        open_plate(driver, plates)
        expected = [tile[0] for tile in own(plates)]
        across = driver.execute_script(
            "return document.querySelector('.wall [role=row]').children.length")
        assert driver.execute_script(
            f"return {LINKS}.filter((link) => link.tabIndex === 0).length") == 1
        driver.execute_script(f"{LINKS}[0].focus()")
        place = 0
        for key, to in [
            (Keys.ARROW_RIGHT, 1), (Keys.ARROW_DOWN, 1 + across), (Keys.ARROW_LEFT, across),
            (Keys.END, 279), (Keys.ARROW_RIGHT, 279), (Keys.ARROW_UP, 279 - across),
            (Keys.HOME, 0), (Keys.ARROW_UP, 0),
        ]:
            driver.switch_to.active_element.send_keys(key)
            title, top, bottom, tabs = driver.execute_script(f"""
                const box = document.activeElement.getBoundingClientRect();
                return [document.activeElement.title, box.top, box.bottom,
                  {LINKS}.filter((link) => link.tabIndex === 0).length]""")
            assert title.split(",")[0] == expected[to], f"{place} then {key!r}"
            assert tabs == 1 and top >= 0 and bottom <= 800
            place = to
        page = driver.switch_to.active_element.get_attribute("href")
        driver.switch_to.active_element.send_keys(Keys.ENTER)
        wait_for_address(driver, page)


SHOWN = """
    return [...document.querySelectorAll('.wall a')].map((link) => {
      const style = getComputedStyle(link);
      const box = link.getBoundingClientRect();
      const image = link.querySelector('img');
      return {
        stem: link.title.split(',')[0], width: box.width, height: box.height,
        sheet: style.backgroundImage, size: style.backgroundSize, at: style.backgroundPosition,
        file: image && image.getAttribute('src'), fit: image && getComputedStyle(image).objectFit,
        rendering: style.imageRendering,
      };
    });"""


def middle(path, side):
    """The largest square in the middle of a picture, by Pillow."""
    with Image.open(path) as picture:
        short = min(picture.size)
        left, top = ((length - short) // 2 for length in picture.size)
        square = picture.convert("RGB").crop((left, top, left + short, top + short))
        return numpy.asarray(square.resize((side, side), Image.Resampling.BOX), float)


def test_photographs_of_a_plate_are_squares_cut_from_sheets(driver, atlas):
    with window(driver, 1280, 800):
        open_plate(driver, atlas)
        assert all_stems(driver) == [tile[0] for tile in own(atlas)]
        driver.execute_script("scrollTo(0, 0)")
        next_frames(driver)
        shown = driver.execute_script(SHOWN)
        for place, tile in enumerate(shown):
            assert tile["width"] == pytest.approx(tile["height"], abs=0.1)
            assert tile["file"] is None and tile["rendering"] == "auto"
            assert tile["size"] == "700% 300%"
            across, down = (float(part) for part in re.findall(r"([\d.]+)%", tile["at"]))
            assert across == pytest.approx(100 * (place % 7) / 6, abs=0.1)
            assert down == pytest.approx(100 * (place // 7) / 2, abs=0.1)
        (path,) = (atlas / "sprites/gneiss").glob("1.*.jpg")
        assert all(path.name in tile["sheet"] for tile in shown)
        # The tile is the middle square of the picture, in 112 pixels.
        with Image.open(path) as sheet:
            assert sheet.size == (7 * 112, 3 * 112)
            pixels = numpy.asarray(sheet.convert("RGB"), float)
        for place in (0, 8, 19):
            left, top = place % 7 * 112, place // 7 * 112
            tile = pixels[top:top + 112, left:left + 112]
            (original,) = (
                file for file in (atlas / "gneiss").glob(f"*/{shown[place]['stem'].lower()}.*")
                if file.suffix in (".jpg", ".png"))
            expected = middle(original, 112)
            assert numpy.abs(tile - expected).mean() < 6
            assert numpy.abs(numpy.roll(tile, 8, axis=1) - expected).mean() > 6


def test_photographs_in_another_order_come_one_by_one(driver, atlas):
    with window(driver, 1280, 800):
        open_plate(driver, atlas, "#sort=least")
        wait_until(lambda: len(stems(driver)) > 1, "drawing the wall")
        paths = {tile[0]: tile[6] for tile in own(atlas)}
        for tile in driver.execute_script(SHOWN):
            assert tile["sheet"] == "none" and tile["fit"] == "cover"
            assert tile["file"].endswith("/" + paths[tile["stem"]])


def test_a_picture_leads_back_to_its_place_on_the_plate(driver, plates):
    stem = own(plates)[150][0]
    page = next((plates / "gneiss").glob(f"*/{stem.lower()}.html"))
    with window(driver, 1280, 800):
        driver.get(f"file://{page}")
        follow(driver, lambda: click(driver, ".walk a"))
        marked = driver.find_element("css selector", ".wall [aria-current]")
        assert marked.get_attribute("title").split(",")[0] == stem


@pytest.mark.parametrize("place", [1, 2, 280])
def test_a_picture_says_its_place_on_the_plate(driver, plates, place):
    stem = own(plates)[place - 1][0]
    page = next((plates / "gneiss").glob(f"*/{stem.lower()}.html"))
    driver.get(f"file://{page}")
    wait_until(
        lambda: driver.find_element("css selector", ".walk p").text
        == f"Gneiss, picture {place} of 280", "telling the place")


def test_a_cluster_is_saved_as_the_list_of_its_pictures(driver, plates):
    with (plates / "gneiss/pictures.csv").open(newline="") as file:
        own = [line for line in csv.DictReader(file) if line["cluster"] == "1"]
    with window(driver, 1280, 800):
        open_plate(driver, plates, "#cluster=1")
        before = set(driver.downloads.iterdir())
        click(driver, "[data-save-list]")
        path = downloaded(driver.downloads, before, ".csv")
    with path.open(newline="") as file:
        lines = list(csv.DictReader(file))
    assert 0 < len(lines) < 280
    assert [line["key"] for line in lines] == [line["key"] for line in own]
    for line, known in zip(lines, own, strict=True):
        assert (line["label"], line["predicted"]) == ("gneiss", known["predicted"])
        assert float(line["probability"]) == pytest.approx(float(known["probability"]), abs=0.001)
