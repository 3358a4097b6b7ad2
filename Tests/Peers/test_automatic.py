"""`build --classifier auto`: the network that is best on the dev pictures, and no other."""

import shutil

import pytest
from conftest import ROOT, failure, geoatlas_run, validated

# Values as Keras counts them, for six classes.
PARAMETERS = {"conv1l": 44_230, "conv2l": 33_606}


def build(collection, place, *options):
    return geoatlas_run(
        "build", collection, "--output", place / "public", "--workspace", place / "workspace",
        "--review", place / "review", "--folds", 0, "--jobs", 1, "--no-times", "--json", *options)


def networks(place):
    """Networks of the workspace by architecture."""
    return {path.name.split("-")[0]: path for path in (place / "workspace/networks").glob("*.h5")}


def judged(collection, model, part):
    return validated("evaluate", geoatlas_run(
        "evaluate", collection, "--model", model, "--split", part, "--json"))["accuracy"]


@pytest.fixture(scope="module")
def tiles(tmp_path_factory):
    """A small sample of 28 pixels a side. Photographs are followed in test_texture_classifier.py."""
    folder = tmp_path_factory.mktemp("tiles") / "rocks"
    assert geoatlas_run("sample", folder, "--per-type", 20, "--size", 28, "--quiet").returncode == 0
    return folder


@pytest.fixture(scope="module")
def automatic(tiles, tmp_path_factory):
    """An atlas of the small sample by `auto`, and the JSON of the build."""
    place = tmp_path_factory.mktemp("automatic")
    result = build(tiles, place, "--classifier", "auto", "--epochs", 12)
    return place, validated("build", result), result.stderr


def test_the_network_that_is_best_on_the_dev_pictures_is_taken(automatic, tiles, tmp_path):
    place, result, log = automatic
    found = networks(place)
    # The small sample has too few pictures for the larger networks.
    assert set(found) == set(PARAMETERS)
    dev = {name: judged(tiles, model, "dev") for name, model in found.items()}
    best = max(dev, key=lambda name: (dev[name], -PARAMETERS[name]))
    assert result["accuracy"] == judged(tiles, found[best], "test")
    assert "2 networks to choose from" in log
    # The atlas is the same as with that network given by name, but for the table of what was tried.
    named = tmp_path / "named"
    named.mkdir()
    for folder in ("workspace", "review"):  # The trial is drawn by the system, not by the seed.
        shutil.copytree(place / folder, named / folder)
    again = validated("build", build(tiles, named, "--classifier", best, "--epochs", 12))
    assert again["reused"]["train"] == 1
    differing = {
        str(path.relative_to(place / "public")) for path in (place / "public").rglob("*")
        if path.is_file()
        and path.read_bytes() != (named / path.relative_to(place)).read_bytes()}
    assert differing == {"manifest.json", "models.html"}


def test_the_next_build_trains_nothing_and_the_same_anew_gives_the_same(automatic, tiles, tmp_path):
    place, result, _ = automatic
    before = (place / "public/manifest.json").read_bytes()
    again = validated("build", build(tiles, place, "--classifier", "auto", "--epochs", 12))
    assert again["reused"]["train"] == 2
    assert again["accuracy"] == result["accuracy"]
    assert (place / "public/manifest.json").read_bytes() == before
    # The settings file contains the value of the option; nothing is reused from the workspace.
    content = tmp_path / "content"
    shutil.copytree(ROOT / "content", content)
    settings = (content / "atlas.yml").read_text()
    assert "  network:\n" in settings
    (content / "atlas.yml").write_text(settings.replace("  network:\n", "  network: auto\n"))
    shutil.copytree(place / "review", tmp_path / "review")
    fresh = validated("build", build(tiles, tmp_path, "--content", content, "--epochs", 12))
    assert "train" not in fresh["reused"]
    assert (tmp_path / "public/manifest.json").read_bytes() == before


def test_a_larger_collection_tries_every_network(tmp_path):
    rocks = tmp_path / "rocks"
    assert geoatlas_run("sample", rocks, "--per-type", 260, "--size", 28, "--quiet").returncode == 0
    result = build(
        rocks, tmp_path, "--classifier", "auto", "--epochs", 1, "--top", 1, "--k", 2, "--jobs", 2)
    value = validated("build", result)
    found = networks(tmp_path)
    assert set(found) == {"conv1l", "conv2l", "smallvgg", "deep"}
    dev = {name: judged(rocks, model, "dev") for name, model in found.items()}
    best = [name for name in dev if dev[name] == max(dev.values())]
    assert value["accuracy"] in [judged(rocks, found[name], "test") for name in best]
    assert "4 networks to choose from" in result.stderr


def test_without_dev_pictures_there_is_no_choice(tiles, tmp_path):
    result = build(tiles, tmp_path, "--classifier", "auto", "--shares", "80,0,20", "--quiet")
    assert "--shares" in failure(result)
    assert networks(tmp_path) == {}


def test_help_tells_of_it():
    text = " ".join(geoatlas_run("build", "--help").stdout.split())
    assert "or auto" in text and "predicts the dev pictures best" in text
    wrong = geoatlas_run("build", "rocks", "--classifier", "automatic")
    assert wrong.returncode == 64
    assert "one of auto, texture, conv1l" in wrong.stderr
