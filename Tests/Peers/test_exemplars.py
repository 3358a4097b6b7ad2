"""Medoid, typical, extreme and doubtful pictures of each plate, against NumPy and the data of its wall."""

import csv
import json
import re

import h5py
import numpy
import pytest
from conftest import TYPES, geoatlas_run, validated


@pytest.fixture(scope="session")
def sample(small_sample):
    return small_sample


@pytest.fixture(scope="module")
def built(sample, tmp_path_factory):
    """An atlas of the small sample, keys and model vectors, `(n, 2352) float64`."""
    folder = tmp_path_factory.mktemp("exemplars")
    validated("build", geoatlas_run(
        "build", sample, "--output", folder / "public", "--workspace", folder / "workspace",
        "--review", folder / "review", "--classifier", "conv1l", "--epochs", 2, "--folds", 0,
        "--json"))
    validated("dataset", geoatlas_run(
        "dataset", sample, "--output", folder / "v.h5", "--vectors", "--metadata",
        folder / "v.csv", "--json"))
    with open(folder / "v.csv", newline="", encoding="utf-8") as file:
        keys = [row["key"] for row in csv.DictReader(file)]
    with h5py.File(folder / "v.h5") as file:
        vectors = file["vectors"][::4].astype(numpy.float64)
    return folder / "public", keys, vectors


def shown(public, label):
    """Stems of the exemplars on a plate by the heading above them."""
    page = (public / label / "index.html").read_text()
    section = re.search(r'<section class="exemplars[" ].*?</section>', page, re.DOTALL)[0]
    return {
        group[0]: re.findall(r'<a href="[^"]*" title="([^",]*),', group[1])
        for group in re.findall(r"<h2>([^<]*)</h2>(.*?)</div></div>", section, re.DOTALL)}


@pytest.mark.parametrize("label", TYPES)
def test_exemplars_are_chosen_by_mean_correlation_distance(built, label):
    public, keys, vectors = built
    own = [index for index, key in enumerate(keys) if key.startswith(label + "/")]
    distances = 1 - numpy.corrcoef(vectors[own])
    means = (distances.sum(axis=1) - numpy.diag(distances)) / (len(own) - 1)
    order = numpy.argsort(means, kind="stable")
    stems = [keys[index].split("/")[1] for index in own]
    ranked = [stems[place] for place in order]
    # No two means are so close that rounding could exchange them.
    assert numpy.diff(numpy.sort(means)).min() > 1e-12
    found = shown(public, label)
    assert found["Medoid"] == ranked[:1]
    assert found["Most typical"] == ranked[1:7]
    assert found["Most extreme"] == ranked[::-1][:6]


@pytest.mark.parametrize("label", TYPES)
def test_the_most_doubtful_have_the_least_margins_of_the_wall(built, label):
    public, _, _ = built
    (script,) = (public / "data").glob(f"{label}-wall.*.js")
    tiles = json.loads(re.search(r"GEO\.tiles=(\[.*\]);", script.read_text(), re.DOTALL)[1])
    margins = {tile[0]: tile[3] for tile in tiles if len(tile) < 8}
    chosen = [margins[stem] for stem in shown(public, label)["Most doubtful"]]
    assert len(chosen) == 6
    # Thousandths, so that neighbours in order may be equal here.
    assert chosen == sorted(margins.values())[:6]


def test_margins_are_distances_of_the_two_highest_probabilities(built):
    public, _, _ = built
    for script in (public / "data").glob("*-wall.*.js"):
        label = script.name.split("-")[0]
        tiles = json.loads(re.search(r"GEO\.tiles=(\[.*\]);", script.read_text(), re.DOTALL)[1])
        for stem, _, probability, margin, _, where, *_ in tiles[:5]:
            page = public / label / where / f"{stem.lower()}.html"
            shares = [float(text) for text in re.findall(r'<svg width="?([\d.]+)%', page.read_text())]
            first, second = sorted([*shares, 0])[::-1][:2]
            # The page shows tenths of a percent.
            assert probability == pytest.approx(10 * first, abs=1.5)
            assert margin == pytest.approx(10 * (first - second), abs=2)
