"""Odd pictures: the same ones as by the formulas of CleanVision 0.3.7 on NumPy and Pillow."""

import csv
import math
import shutil

import numpy
import pytest
from conftest import ROOT, geoatlas_run
from PIL import Image, ImageFilter, ImageStat


def measures(path):
    """5th and 99th percentile of brightness, entropy, edges and greys, as `image_property.py` has them."""
    picture = Image.open(path).convert("RGB")
    red, green, blue = numpy.moveaxis(numpy.asarray(picture).astype(int), 2, 0)
    brightness = numpy.sqrt(0.241 * red * red + 0.691 * green * green + 0.068 * blue * blue) / 255
    grey = picture.convert("L")
    edges = math.sqrt(ImageStat.Stat(grey.filter(ImageFilter.FIND_EDGES)).var[0])
    return [*numpy.percentile(brightness, [5, 99]), picture.entropy(), edges,
            numpy.std(grey.histogram())]


def issues(values, size):
    dimmest, brightest, entropy, edges, greys = values
    found = []
    if brightest < 0.32:
        found.append("dark")
    if 1 - dimmest < 0.05:
        found.append("light")
    if min(1, 0.1 * entropy) < 0.3:
        found.append("flat")
    spread = 1 - math.exp(-greys * 0.01)
    if min(1, 1 - math.exp(-edges * 0.01) + (spread if spread > 0.18 else 0)) < 0.29:
        found.append("blurred")
    if min(size) / max(size) < 0.35:
        found.append("odd shape")
    return found


@pytest.fixture(scope="module")
def checked(tmp_path_factory):
    """An atlas of pictures of many kinds, none larger than 64 pixels, and of one of odd size."""
    base = tmp_path_factory.mktemp("checks")
    random = numpy.random.default_rng(5)
    for number in range(60):
        label = ("gneiss", "marble")[number % 2]
        high = int(random.choice([28, 40, 48, 64]))
        wide = int(random.choice([16, 28, 40, 64]))
        spread = random.choice([2, 8, 30, 80, 200])
        pixels = random.integers(0, spread, (high, wide, 3)) + random.integers(0, 256 - spread)
        if number % 5 == 0:
            pixels[:] = numpy.sort(pixels, axis=0)
        folder = base / "rocks" / label
        folder.mkdir(parents=True, exist_ok=True)
        Image.fromarray(pixels.astype(numpy.uint8)).save(folder / f"p{number:02}.png")
    large = random.integers(0, 256, (900, 900, 3)).astype(numpy.uint8)
    Image.fromarray(large).save(base / "rocks/marble/large.png")
    shutil.copytree(ROOT / "content", base / "content")

    def build():
        result = geoatlas_run(
            "build", base / "rocks", "--output", base / "public", "--workspace",
            base / "workspace", "--review", base / "review", "--content", base / "content",
            "--templates", ROOT / "templates", "--folds", 0, "--epochs", 1, "--classifier",
            "conv1l", "--no-times")
        assert result.returncode == 0, result.stderr

    build()
    return base, build


def rows(base):
    with (base / "public/checks.csv").open(newline="") as file:
        return {row["key"]: row for row in csv.DictReader(file)}


def expected(base):
    found = {}
    for path in sorted((base / "rocks").rglob("p*.png")):
        with Image.open(path) as picture:
            words = issues(measures(path), picture.size)
        if words:
            found[f"{path.parent.name}/{path.stem}"] = ", ".join(words)
    return found


def test_the_odd_pictures_are_those_of_the_formulas(checked):
    base, _ = checked
    listed = rows(base)
    assert listed.pop("marble/large")["odd"].endswith("odd size")
    wanted = expected(base)
    assert {key: row["odd"] for key, row in listed.items()} == wanted
    assert {word for words in wanted.values() for word in words.split(", ")} == {
        "dark", "light", "flat", "blurred", "odd shape"}
    for key, row in listed.items():
        own = [float(row[name]) for name in (
            "brightness 5 %", "brightness 99 %", "entropy", "edges", "greys")]
        assert own == pytest.approx(measures(base / "rocks" / f"{key}.png"), abs=6e-5)


def test_a_changed_picture_is_measured_again_and_the_others_are_not(checked):
    base, build = checked
    picture = base / "rocks/gneiss/p00.png"
    Image.fromarray(numpy.full((28, 28, 3), 9, numpy.uint8)).save(picture)
    build()
    assert rows(base)["gneiss/p00"]["odd"] == "dark, flat"
    listed = rows(base)
    listed.pop("marble/large")
    assert {key: row["odd"] for key, row in listed.items()} == expected(base)
