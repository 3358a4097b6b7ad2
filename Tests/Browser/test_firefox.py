"""The core of the pages in Firefox, as files and from nginx: pictures, filters, keys, votes."""

import json

import pytest
from conftest import KINDS, geoatlas, pages
from marionette_driver.keys import Keys
from ready import downloaded
from reviewing import FORGET, HAS_BEGUN, seen
from test_keys import image_pages
from test_wall import own
from waiting import wait_until


@pytest.mark.parametrize("kind", KINDS)
def test_every_picture_loads_and_the_console_is_silent(firefox, atlas, root, kind):
    firefox.open(f"{root}/{pages(atlas)[kind]}")
    widths = firefox.run_async("""
        const done = arguments[arguments.length - 1];
        const sources = new Set([...document.images].map((image) => image.currentSrc || image.src));
        for (const element of document.querySelectorAll('main *')) {
          const url = getComputedStyle(element).backgroundImage.match(/^url\\("(.*)"\\)$/);
          if (url) sources.add(url[1]);
        }
        Promise.all([...sources].filter((source) => source && !source.startsWith('data:'))
          .map((source) => new Promise((go) => {
            const image = new Image();
            image.onload = image.onerror = () => go([source, image.naturalWidth]);
            image.src = source;
          }))).then(done);""")
    # A plate shows its exemplars and its tiles in one picture each, and the medoid.
    assert len(widths) >= {"front": 6, "image": 6, "rock": 3}.get(kind, 0)
    assert [source for source, width in widths if width == 0] == []
    assert firefox.complaints() == []


def shown(firefox):
    """The count that a plate shows, and the stems of the tiles that are drawn."""
    return firefox.run("""
        return [document.querySelector('[data-count]').textContent,
          [...document.querySelectorAll('.wall a')].map((link) => link.title.split(',')[0])]""")


def test_filters_and_sort_narrow_the_wall_and_stand_in_the_address(firefox, plates, plates_root):
    firefox.open(f"{plates_root}/gneiss/index.html#cluster=2&sort=least")
    wanted = [tile for tile in own(plates) if tile[4] == 2]
    expected = [tile[0] for tile in sorted(wanted, key=lambda tile: tile[2])]
    count, stems = shown(firefox)
    assert count == f"{len(expected)} pictures of 280"
    assert stems and stems == expected[:len(stems)]
    firefox.find("[type=reset]").click()
    wait_until(lambda: shown(firefox)[0] == "280 pictures", "clearing the filters")
    firefox.run("""
        const agree = document.querySelector('[name=agree][value=no]');
        agree.click();""")
    assert firefox.address.endswith("#agree=no&sort=least")


def test_arrow_keys_walk_the_wall(firefox, plates, plates_root):
    firefox.open(f"{plates_root}/gneiss/index.html")
    stems = [tile[0] for tile in own(plates)]
    firefox.run("document.querySelector('.wall a').focus()")
    for key, place in [(Keys.ARROW_RIGHT, 1), (Keys.END, 279), (Keys.ARROW_LEFT, 278)]:
        firefox.press(key)
        focused = firefox.run("return document.activeElement.title")
        assert focused.split(",")[0] == stems[place]


def test_keys_of_a_picture_lead_on_list_themselves_and_compare(firefox, atlas, root):
    images = image_pages(atlas)
    firefox.open(f"{root}/{images[4].relative_to(atlas)}")
    firefox.run("localStorage.clear()")
    firefox.press(Keys.ARROW_RIGHT)
    firefox.wait_for_address(f"/{images[5].stem}.html")
    firefox.press(Keys.ARROW_LEFT)
    firefox.wait_for_address(f"/{images[4].stem}.html")
    firefox.press("?")
    wait_until(lambda: firefox.found("dialog[open]"), "opening the list of keys")
    assert "Previous picture" in firefox.text("dialog[open]")
    firefox.press(Keys.ESCAPE)
    wait_until(lambda: not firefox.found("dialog[open]"), "closing the list of keys")
    firefox.press("c")
    wait_until(lambda: firefox.found("#compare[open]"), "opening the comparison")
    assert "#compare=kmeans-1,pairwise-" in firefox.address


def test_a_key_typed_into_the_search_leads_to_its_page(firefox, atlas, root):
    image = image_pages(atlas)[3]
    firefox.open(f"{root}/index.html")
    firefox.find("input[type=search]").send_keys(image.stem)
    wait_until(lambda: firefox.found("[role=option]"), "a list of hits")
    firefox.press(Keys.ENTER)
    firefox.wait_for_address(str(image.relative_to(atlas)))


def done(firefox):
    return int(firefox.text("[data-done]").split()[0])


def is_shown(firefox, name):
    return firefox.run(f"return document.querySelector('[data-{name}]').checkVisibility()")


def begin(firefox):
    """Begins a review, and does the practice if there is one."""
    wait_until(lambda: is_shown(firefox, "start"), "the start panel")
    firefox.find("[data-begin]").click()
    wait_until(lambda: is_shown(firefox, "work"), "the first comparison")
    if is_shown(firefox, "practice"):
        firefox.find("[data-vote=equal]").click()
        wait_until(lambda: not is_shown(firefox, "practice"), "the end of the practice")


def answer(firefox, value):
    before = done(firefox)
    firefox.find(f"[data-vote='{value}']").click()
    wait_until(lambda: done(firefox) != before, f"counting the answer {value}")


def test_votes_are_kept_saved_and_found_in_the_tally(firefox, atlas, workplace, root, tmp_path):
    firefox.open(f"{root}/review.html")
    wait_until(lambda: firefox.run(HAS_BEGUN), "the review")
    firefox.run_async(FORGET)
    firefox.reload()
    begin(firefox)
    for value in ("A", "B", "equal"):
        answer(firefox, value)
    firefox.reload()
    wait_until(lambda: is_shown(firefox, "work"), "the bench")
    assert done(firefox) == 3
    before = set(firefox.downloads.iterdir())
    firefox.find("[data-hand]").click()
    path = downloaded(firefox.downloads, before, ".jsonl")
    lines = [json.loads(line) for line in path.read_text().splitlines()]
    assert [seen(line) for line in lines] == ["A", "B", "equal"]
    geoatlas("votes", "merge", path, "--into", tmp_path / "votes")
    tally = json.loads(geoatlas(
        "votes", "tally", tmp_path / "votes", "--key", workplace / "review/key.json", "--json"))
    # Comparisons that are repeated or test attention are counted apart.
    sides = json.loads((workplace / "review/key.json").read_text())["comparisons"]
    counted = [line["answer"] for line in lines if "kind" not in sides[line["comparison"]]]
    assert (tally["votes"], tally["equal"]) == (len(counted), counted.count("equal"))
