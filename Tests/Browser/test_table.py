"""The light table: pins from all pages, the shared view, distances, bad addresses, lists and archives."""

import csv
import io
import json
import re
import zipfile

import pytest
from access import assert_accessible
from conftest import window, without_scripts
from ready import address, downloaded, follow, next_frames, open_afresh, wait_until
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.keys import Keys
from test_keys import image_pages
from test_wall import click, open_plate


def pins_of(atlas):
    """The pins of all pictures: the addresses of their pages without the ending."""
    return [str(page.relative_to(atlas).with_suffix("")) for page in sorted(atlas.glob("*/??/*.html"))]


def open_table(driver, root, fragment):
    open_afresh(driver, f"{root}/table.html{fragment}")
    wait_until(lambda: driver.find_elements("css selector", "[data-table].ready"), "the light table")
    next_frames(driver)


def shown(driver):
    """The addresses on the table, in their order, as pins; an empty text for one that is gone."""
    return driver.execute_script("""
        return [...document.querySelectorAll('.lights > li')].map((item) => {
          const link = item.querySelector('a');
          return link ? link.getAttribute('href').replace(/\\.html$/, '') : '';
        })""")


def pin_by_mouse(driver, element):
    """Points at a picture until the button for its pin shows, and presses it; scrolling hides that button."""
    def is_pressed():
        ActionChains(driver).move_by_offset(1, 0).move_to_element(element).perform()
        # In one step, because a scroll of the page can be reported late.
        return driver.execute_script("""
            const button = document.querySelector('.pin-here:not([hidden])');
            button?.click();
            return button !== null;""")

    driver.execute_script("arguments[0].scrollIntoView({ block: 'center' })", element)
    next_frames(driver)
    wait_until(is_pressed, "the button for the pin")


def wait_for_count(driver, count):
    """Waits until the link to the table, which a script adds, tells so many pins."""
    link = "return document.querySelector('.mast li:last-child')?.innerText.trim().split(/\\s/)"
    wait_until(lambda: driver.execute_script(link) == ["Table", str(count)], f"{count} pins")


def test_pins_from_a_page_a_panel_and_a_plate_lie_on_the_table(driver, atlas, root):
    first, second = image_pages(atlas)[4:6]
    with window(driver, 1280, 900):
        driver.get(f"{root}/{first.relative_to(atlas)}")
        click(driver, "[data-pin]")
        assert driver.find_element("css selector", "[data-pin]").text == "Pinned"
        target = driver.find_element("css selector", ".targets a")
        panel = driver.execute_script("return GEO.pinOf(arguments[0].href)", target)
        pin_by_mouse(driver, target)
        wait_for_count(driver, 2)
        # The next picture by its key, and its plate by a click.
        follow(driver, ActionChains(driver).send_keys(Keys.ARROW_RIGHT).perform)
        assert f"/{second.name}" in address(driver)
        wait_for_count(driver, 2)
        follow(driver, lambda: click(driver, ".walk p a"))
        assert "/index.html" in address(driver)
        tile = driver.find_element("css selector", ".wall a")
        plate = driver.execute_script("arguments[0].focus(); return GEO.pinOf(arguments[0].href)", tile)
        ActionChains(driver).send_keys("t").perform()
        follow(driver, lambda: click(driver, ".mast li:last-child a"))
        wait_until(lambda: driver.find_elements("css selector", "[data-table].ready"), "the light table")
        pins = [str(first.relative_to(atlas).with_suffix("")), panel, plate]
        assert shown(driver) == pins
        assert address(driver).endswith(f"#pins={','.join(pins)}")
        click(driver, ".lights .btn")
        wait_until(lambda: shown(driver) == pins[1:], "one picture less")


def test_pins_travel_in_firefox(firefox, atlas, root):
    first, second = image_pages(atlas)[4:6]
    firefox.open(f"{root}/{first.relative_to(atlas)}")
    firefox.run("localStorage.clear()")
    firefox.reload()
    firefox.press("t")
    wait_until(lambda: firefox.text("[data-pin]") == "Pinned", "pinning by a key")
    firefox.follow(lambda: firefox.press(Keys.ARROW_RIGHT))
    assert f"/{second.name}" in firefox.address
    wait_until(lambda: firefox.text(".mast li:last-child").startswith("Table"), "the link to the table")
    firefox.press("t")
    wait_until(lambda: firefox.text("[data-pin]") == "Pinned", "pinning the next")
    firefox.follow(lambda: firefox.run("document.querySelector('.mast li:last-child a').click()"))
    wait_until(lambda: firefox.found("[data-table].ready .lights li"), "the light table")
    hrefs = firefox.run("return [...document.querySelectorAll('.lights a')].map((link) => link.href)")
    assert [href.split("/")[-1].split("?")[0] for href in hrefs] == [first.name, second.name]
    widths = firefox.run_async("""
        const done = arguments[arguments.length - 1];
        const images = [...document.querySelectorAll('.lights img')];
        Promise.all(images.map((image) => image.decode()))
          .then(() => done(images.map((image) => image.naturalWidth)));""")
    assert all(widths) and len(widths) == 2
    assert firefox.complaints() == []
    firefox.press("b")
    wait_until(lambda: firefox.run(
        "return document.querySelectorAll('.lights > li:not([hidden])').length") == 1, "blinking")


@pytest.mark.parametrize("broken, words, count", [
    ("gneiss/00/none", "", 1), ("nowhere/00/none", "", 1),
    ("{0},{0}", "A picture that is pinned twice is shown once.", 1),
    ("../../etc/passwd,{0},%3Cb%3E", "2 words of the address name no picture", 1),
    ("{0},{1},{2},{3},{4},{5},{6},{7},{8},{9}", "The table holds eight pictures; 2 more", 8),
    ("", "", 0), ("x..y", "1 word of the address names no picture", 0),
])
def test_bad_addresses_have_a_defined_look(driver, atlas, broken, words, count):
    fragment = f"#pins={broken.format(*pins_of(atlas))}&zoom=much&at=1,x&turn=45&ground=pink"
    open_table(driver, f"file://{atlas}", fragment)
    assert len(shown(driver)) == count
    assert driver.find_element("css selector", "[data-left-out]").text.startswith(words)
    assert driver.find_element("css selector", "[data-none]").is_displayed() == (count == 0)
    # What means nothing is gone from the address, and the view is that of a fresh table.
    assert not re.search("zoom|at=|turn|ground|passwd", address(driver))
    if "none" in broken:
        assert shown(driver) == [""]
        assert "Not in this edition" in driver.find_element("css selector", ".gone").text
        click(driver, ".gone .btn")
        wait_until(lambda: shown(driver) == [], "taking it off")


@pytest.mark.parametrize("path, pin", [
    ("gneiss/ab/10nfi.html", "gneiss/ab/10nfi"),
    # In a type of more than 100,000 pictures.
    ("gneiss/ab/c/10nfi.html", "gneiss/ab/c/10nfi"), ("gneiss/ab/c/d/10nfi.html", None), ("gneiss/2.html", None),
])
def test_pages_of_pictures_can_be_pinned_at_both_depths(driver, atlas, path, pin):
    open_table(driver, f"file://{atlas}", "")
    assert driver.execute_script("return GEO.pinOf(arguments[0])", f"file://{atlas}/{path}") == pin


def transforms(driver):
    return driver.execute_script(
        "return [...document.querySelectorAll('.lights img')].map((image) => image.style.transform)")


def test_all_are_enlarged_moved_and_turned_together_and_the_address_says_how(driver, atlas):
    pins = pins_of(atlas)[::30][:3]
    with window(driver, 1280, 900):
        open_table(driver, f"file://{atlas}", f"#pins={','.join(pins)}")
        whole = transforms(driver)
        assert len(set(whole)) == 1
        keys = ActionChains(driver)
        for key in ("+", "+", "+", Keys.ARROW_RIGHT, "r", "g"):
            keys.send_keys(key)
        keys.perform()
        (moved,) = set(transforms(driver))
        # Whole, 1.5, 2, 3; a fifth of what is seen is a fifteenth of the picture.
        assert "rotate(90deg) scale(3) translate(-6.66" in moved
        end = address(driver).split("&", 1)[1]
        assert end == "ground=white&zoom=3&at=0.567,0.5&turn=90"
        driver.refresh()
        wait_until(lambda: driver.find_elements("css selector", "[data-table].ready"), "the table")
        assert "rotate(90deg) scale(3) translate(-6.7" in transforms(driver)[0]
        # Dragged to the right, a picture that is turned to the right moves along its own height.
        box = driver.find_element("css selector", ".light")
        ActionChains(driver).drag_and_drop_by_offset(box, 40, 0).perform()
        at = re.search(r"at=([\d.]+),([\d.]+)", address(driver)).groups()
        assert at[0] == "0.567" and float(at[1]) > 0.5


def test_a_key_shows_one_after_the_other_in_one_place(driver, atlas):
    pins = pins_of(atlas)[::30][:3]

    def visible():
        return driver.execute_script("""
            return [...document.querySelectorAll('.lights > li')].flatMap((item, place) =>
              item.checkVisibility() ? [place] : [])""")

    def press(key, expected):
        # A press too soon after another does nothing, so that nothing flashes.
        def pressed():
            ActionChains(driver).send_keys(key).perform()
            return visible() == expected
        wait_until(pressed, f"showing {expected}")

    open_table(driver, f"file://{atlas}", f"#pins={','.join(pins)}")
    for expected in ([0], [1], [2], [0]):
        press("b", expected)
    press(Keys.ESCAPE, [0, 1, 2])


def test_distances_are_those_of_the_lists_or_a_bound(driver, atlas):
    data = json.loads((atlas / "atlas.json").read_text())
    pictures = data["pictures"]
    index = {picture["page"].removesuffix(".html"): place for place, picture in enumerate(pictures)}
    # A picture, two of its targets, and others; none on trial.
    free = [place for place, picture in enumerate(pictures) if "alike" in picture]
    first = next(
        place for place in free
        if all("alike" in pictures[target[0]] for target in pictures[place]["alike"]["pairwise"][:2]))
    chosen = [first, *(target[0] for target in pictures[first]["alike"]["pairwise"][:2])]
    chosen += [place for place in free[::9] if place not in chosen][:4]
    pins = [pictures[place]["page"].removesuffix(".html") for place in chosen]
    assert [index[pin] for pin in pins] == chosen
    open_table(driver, f"file://{atlas}", f"#pins={','.join(pins)}")
    tables = driver.execute_script("""
        return [...document.querySelectorAll('.aparts > div')].map((part) =>
          [part.querySelector('h3').textContent, [...part.querySelectorAll('tbody tr')].map((row) =>
            [...row.querySelectorAll('td')].map((cell) => cell.textContent))])""")
    assert [title for title, _ in tables] == ["K-Means and Pairwise", "Pairwise on the embedding"]
    kinds = set()
    for models, (_, rows) in zip([["kmeans", "pairwise"], ["embedding"]], tables, strict=True):
        for row, cells in enumerate(rows, 1):
            for column in range(row):
                pair = [(chosen[row], chosen[column]), (chosen[column], chosen[row])]
                listed = [
                    distance for model in models for own, other in pair
                    for target, distance, _ in pictures[own]["alike"][model] if target == other]
                text = cells[column]
                if listed:
                    # Rounded to four places; the data of programs have six.
                    assert float(text) == pytest.approx(listed[0], abs=0.00006)
                else:
                    assert text.startswith("≥")
                    # Nothing is claimed beyond the last of a list of the whole collection.
                    last = max(pictures[own]["alike"][models[-1]][-1][1] for own, _ in pair)
                    assert last - 0.003 < float(text[2:]) <= last + 1e-6
                kinds.add(bool(listed))
            assert cells[row:] == [""] * (len(pins) - 1 - row)
    assert kinds == {True, False}


def opened(path, atlas):
    """The list of an archive, after its entries were compared with the files of the atlas."""
    with zipfile.ZipFile(path) as archive:
        # CRC-32 of every entry, by Python.
        assert archive.testzip() is None
        names = archive.namelist()
        assert names[0] == "list.csv"
        for name in names[1:]:
            assert archive.read(name) == (atlas / name).read_bytes(), name
            assert archive.getinfo(name).compress_type == zipfile.ZIP_STORED
        lines = list(csv.DictReader(io.StringIO(archive.read("list.csv").decode())))
    assert [line["picture"] for line in lines] == names[1:]
    return lines


def test_a_filtered_plate_saves_its_pictures_as_an_archive(driver, plates, plates_nginx):
    with (plates / "gneiss/pictures.csv").open(newline="") as file:
        own = [line for line in csv.DictReader(file) if line["cluster"] == "1"]
    with window(driver, 1280, 900):
        open_afresh(driver, f"{plates_nginx}/gneiss/index.html#cluster=1")
        wait_until(lambda: driver.find_elements("css selector", ".browse.ready"), "the wall")
        before = set(driver.downloads.iterdir())
        click(driver, "[data-save-pictures]")
        path = downloaded(driver.downloads, before, ".zip")
        noun = "picture" if len(own) == 1 else "pictures"
        wait_until(lambda: driver.find_element("css selector", "[data-saved]").text
                   == f"{len(own)} {noun} saved", "the sentence")
    assert [line["key"] for line in opened(path, plates)] == [line["key"] for line in own]


def test_the_table_saves_its_pictures_and_their_list(driver, atlas, nginx):
    pins = pins_of(atlas)[::30][:3]
    with window(driver, 1280, 900):
        open_table(driver, nginx, f"#pins={','.join(pins)},gneiss/00/none")
        before = set(driver.downloads.iterdir())
        click(driver, "[data-save-pictures]")
        lines = opened(downloaded(driver.downloads, before, ".zip"), atlas)
        assert [line["page"] for line in lines] == [f"{pin}.html" for pin in pins]
        # A second download needs a reader's click.
        driver.find_element("css selector", "[data-save-list]").click()
        with downloaded(driver.downloads, before, ".csv").open(newline="") as file:
            assert list(csv.DictReader(file)) == lines


def test_a_picture_that_cannot_be_read_is_counted(driver, plates, plates_nginx):
    with window(driver, 1280, 900):
        open_afresh(driver, f"{plates_nginx}/gneiss/index.html")
        wait_until(lambda: driver.find_elements("css selector", ".browse.ready"), "the wall")
        said = driver.execute_async_script("""
            const done = arguments[0];
            const said = [];
            GEO.saveFile = () => said.push('file');
            const pictures = [{ path: 'a', address: 'index.html' }, { path: 'b', address: 'none.jpg' }];
            GEO.savePictures('x.zip', pictures, [['key']], (words) => said.push(words))
              .then(() => GEO.savePictures('x.zip', pictures.slice(1), [['key']], (words) => said.push(words)))
              .then(() => done(said));""")
        assert said[1:3] == ["file", "1 picture saved; 1 could not be read"]
        assert said[-1] == "No picture could be read. Save the list instead."


def test_opened_as_a_file_a_plate_offers_the_list(driver, plates):
    with window(driver, 1280, 900):
        open_plate(driver, plates, "#cluster=1")
        click(driver, "[data-save-pictures]")
        text = driver.find_element("css selector", "[data-saved]").text
        assert text.startswith("A page that is opened as a file may not read pictures. Save the list")


def test_opened_as_a_file_the_table_says_so(driver, atlas):
    open_table(driver, f"file://{atlas}", f"#pins={pins_of(atlas)[0]}")
    assert not driver.find_element("css selector", "[data-save-pictures]").is_displayed()
    assert driver.find_element("css selector", "[data-cannot]").is_displayed()


def test_without_scripts_the_page_says_what_it_is_for(driver, atlas):
    with without_scripts(driver):
        driver.get(f"file://{atlas}/table.html")
        assert "needs scripts" in driver.find_element("css selector", "main").text
        assert driver.find_elements("css selector", "main button:not([hidden])") == [] or not any(
            button.is_displayed() for button in driver.find_elements("css selector", "main button"))


@pytest.mark.parametrize("ground", ["black", "grey", "white"])
@pytest.mark.parametrize("width", [390, 1280, 1920])
def test_axe_finds_nothing_on_a_full_table(driver, atlas, ground, width):
    pins = [*pins_of(atlas)[::15][:7], "gneiss/00/none"]
    with window(driver, width, 1000):
        open_table(driver, f"file://{atlas}", f"#pins={','.join(pins)}&ground={ground}&zoom=2")
        assert_accessible(driver)
