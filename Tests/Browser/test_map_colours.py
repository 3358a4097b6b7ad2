"""Colours of the map: what the legend counts, and what it filters."""

import collections
import json

from conftest import window
from ready import address, wait_until
from test_map import open_map, press
from test_map_selection import selected, table


def legend(driver):
    """Titles of the legend with their numbers of pictures."""
    return dict(driver.execute_script("""
        return [...document.querySelectorAll('[data-legend] .opt')].map((option) => [
          [...option.childNodes].filter((node) => node.nodeType === Node.TEXT_NODE)
            .map((node) => node.textContent.trim()).join(''),
          Number(option.querySelector('.num').textContent.replace(/,/g, ''))])"""))


def colour(driver, name):
    driver.execute_script("""
        const field = document.querySelector('[name=scheme]');
        field.value = arguments[0];
        field.dispatchEvent(new Event('change', { bubbles: true }));""", name)


def title(driver):
    return driver.execute_script("return document.querySelector('[data-legend] legend').textContent")


def test_confidence_is_counted_in_steps(driver, atlas):
    shares = [float(line["probability"]) for line in table(atlas).values()]
    # The data have thousandths.
    shares = [min(0.999, round(share, 3)) for share in shares]
    bounds = [0, 0.5, 0.7, 0.9, 0.99, 2]
    counts = [sum(low <= share < high for share in shares)
              for low, high in zip(bounds, bounds[1:], strict=False)]
    with window(driver, 1280, 900):
        open_map(driver, atlas, "#colour=sure")
        found = legend(driver)
    names = ["Less than 50\u202f%", "50 to 70\u202f%", "70 to 90\u202f%", "90 to 99\u202f%", "99\u202f% or more"]
    assert found == {name: count for name, count in zip(names, counts, strict=True) if count}


def test_shared_look_alikes_are_those_of_the_lists(driver, atlas):
    pictures = json.loads((atlas / "atlas.json").read_text())["pictures"]
    shared = collections.Counter()
    for picture in pictures:
        alike = picture.get("alike")
        if alike is None:
            shared[None] += 1
            continue
        kmeans, pairwise = ({key for key, *_ in alike[model]} for model in ("kmeans", "pairwise"))
        shared[len(kmeans & pairwise)] += 1
    with window(driver, 1280, 900):
        open_map(driver, atlas, "#colour=common-kmeans-pairwise")
        wait_until(lambda: title(driver).startswith("Look-alikes that"), "the column")
        found = legend(driver)
        ranges = {}
        for name, count in found.items():
            if name == "Not known":
                assert count == shared[None]
                continue
            ends = [int(end) for end in name.split(" to ")]
            ranges[ends[0]] = sum(shared[number] for number in range(ends[0], ends[-1] + 1))
            assert count == ranges[ends[0]]
        assert sum(found.values()) == len(pictures)
        # What is not known has no number; the ranges are in order.
        assert list(ranges) == sorted(ranges)
        # Only the least agreement.
        driver.execute_script("""
            const [, none] = document.querySelectorAll('[data-legend] button');
            none.click();
            document.querySelector('[data-legend] input').click();""")
        wait_until(lambda: "without=1" in address(driver), "the address")
        press(driver, "s")
        assert selected(driver) == ranges[min(ranges)]
