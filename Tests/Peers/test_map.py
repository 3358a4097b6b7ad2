"""The map of an atlas: places, cells and tiles are the same for any number of threads and in builds again, and
odd collections have one too."""

import base64
import hashlib
import re
import shutil

import h5py
import numpy
import pytest
from conftest import geoatlas_run, noise, validated
from PIL import Image


@pytest.fixture(scope="session")
def sample(small_sample):
    return small_sample


def build(folder, *more, name="public"):
    """Builds `folder/rocks` without training; the summary."""
    run = geoatlas_run(
        "build", folder / "rocks", "--output", folder / name, "--workspace", folder / f"{name}-workspace",
        "--review", folder / "review", "--content", folder / "content", "--classifier", "conv1l", "--epochs", 1,
        "--folds", 0, "--no-times", "--json", "--quiet", *more)
    return validated("build", run)


def contents(path):
    with h5py.File(path) as file:
        return file["places"][()], file["cells"][()], int(file.attrs["columns"])


def of_map(public):
    """Digests of the page, the data and the tiles of the map, by path."""
    files = [public / "map.html", *public.glob("data/map.*"), *public.glob("tiles/*/*")]
    return {str(path.relative_to(public)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def column(public, name):
    """A packed list of the data of the map."""
    [path] = public.glob("data/map.*.js")
    size, text = re.search(rf'[,{{]{name}:\[(\d),"([^"]*)"\]', path.read_text()).groups()
    return numpy.frombuffer(base64.b64decode(text), "<u1" if size == "1" else "<u2")


@pytest.fixture
def place(tmp_path):
    (tmp_path / "content").mkdir()
    (tmp_path / "content/atlas.yml").write_text("review: {comparisons: 0}\n")
    return tmp_path


def test_the_map_is_the_same_for_any_number_of_threads_and_when_built_again(place, sample):
    shutil.copytree(sample, place / "rocks")
    kept = sorted((place / "rocks").glob("*/*"))[5]
    kept.rename(place / "kept")
    build(place, "--jobs", 1)
    (place / "kept").rename(kept)
    result = build(place, "--jobs", 2)
    assert "map" not in result["reused"]
    again = of_map(place / "public")
    build(place, "--jobs", 8, name="other")
    assert again == of_map(place / "other")
    first, other = (place / f"{name}-workspace/map.h5" for name in ("public", "other"))
    assert first.read_bytes() == other.read_bytes()
    places, cells, _ = contents(first)
    assert numpy.isfinite(places).all()
    assert sorted(cells) == list(range(len(cells)))
    # Where nothing has changed but a word, the map is not laid out again.
    (place / "content/atlas.yml").write_text("title: Other\nreview: {comparisons: 0}\n")
    assert build(place)["reused"]["map"] == 1


def test_cells_of_the_page_are_those_of_the_file(place, sample):
    shutil.copytree(sample, place / "rocks")
    build(place)
    places, cells, _ = contents(place / "public-workspace/map.h5")
    order = numpy.argsort(cells)
    for axis, name in enumerate("xy"):
        own = places[order, axis].astype(float)
        wanted = (own - own.min()) / (own.max() - own.min()) * 65_534
        assert abs(column(place / "public", name) - wanted).max() <= 1
    # Every tile of the finest level is 504 pixels wide.
    for path in (place / "public/tiles/0").iterdir():
        assert Image.open(path).size == (504, 504)


@pytest.mark.parametrize("count", [1, 2, 3, 19])
@pytest.mark.parametrize("alike", [True, False])
def test_few_and_equal_pictures_have_a_map(place, count, alike):
    (place / "rocks/gneiss").mkdir(parents=True)
    for number in range(count):
        picture = noise(28, 28, seed=0 if alike else number)
        Image.fromarray(picture).save(place / f"rocks/gneiss/p{number:02}.png")
    build(place)
    places, cells, _ = contents(place / "public-workspace/map.h5")
    assert numpy.isfinite(places).all() and len(places) == count
    assert sorted(cells) == list(range(count))
    assert (place / "public/map.html").exists()
    checked = validated("check", geoatlas_run("check", place / "public", "--json", "--quiet"))
    assert checked["problems"] == []


def test_settings_leave_the_map_out(place, sample):
    shutil.copytree(sample, place / "rocks")
    (place / "content/atlas.yml").write_text("map: false\nreview: {comparisons: 0}\n")
    result = build(place)
    assert "map" not in result["seconds"]
    assert not (place / "public/map.html").exists() and not (place / "public/tiles").exists()
    assert "map.html" not in (place / "public/index.html").read_text()
