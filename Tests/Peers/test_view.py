"""Which view of the pictures K-Means and Pairwise work on."""

import json
import re

import h5py
import numpy
import pytest
from conftest import geoatlas_run, validated
from PIL import Image
from scipy.ndimage import gaussian_filter

TOP = 9
ALL = {"kmeans", "pairwise", "kmeans-embedding", "embedding", "kmeans-texture", "texture", "ground"}
MODELS = {"pixels": "pairwise", "network": "embedding", "texture": "texture"}


def picture(kind, number):
    """Fine or coarse blotches on one ground: 28 pixels show little of it."""
    rng = numpy.random.default_rng(number)
    grain = gaussian_filter(rng.normal(size=(120, 120)), 0.8 if kind == "basalt" else 1.6)
    grey = 120 + 40 * grain / grain.std() + rng.uniform(-20, 20)
    return Image.fromarray(grey.clip(0, 255).astype(numpy.uint8)).convert("RGB")


@pytest.fixture(scope="module")
def rocks(tmp_path_factory):
    folder = tmp_path_factory.mktemp("view") / "rocks"
    for number in range(80):
        kind = "basalt" if number < 40 else "gneiss"
        (folder / kind).mkdir(parents=True, exist_ok=True)
        picture(kind, number).save(folder / kind / f"p{number:02}.png")
    return folder


def build(rocks, folder, *options, settings="types: [basalt, gneiss]\n", workspace="workspace"):
    (folder / "content").mkdir(exist_ok=True)
    (folder / "content/atlas.yml").write_text(settings)
    return validated("build", geoatlas_run(
        "build", rocks, "--content", folder / "content", "--output", folder / "public", "--workspace",
        folder / workspace, "--review", folder / "review", "--classifier", "conv1l", "--epochs", 2,
        "--folds", 0, "--top", 10, "--no-times", "--json", *options))


def panels(folder):
    """Ids of the panels side by side, and the models of the trial."""
    page = next((folder / "public/basalt").glob("*/p00.html")).read_text()
    key = json.loads((folder / "review/key.json").read_text())
    sides = [set(sides.values()) for sides in key["comparisons"].values() if "kind" not in sides]
    return [name for name in re.findall(r'<h2 id="?([\w-]+)"?>', page) if name in ALL], sides


@pytest.fixture(scope="module")
def automatic(rocks, tmp_path_factory):
    folder = tmp_path_factory.mktemp("view-auto")
    return folder, build(rocks, folder)


def test_auto_takes_the_view_with_most_look_alikes_of_the_type(automatic, rocks, tmp_path):
    folder, result = automatic
    assert "view" in result["seconds"]
    choice = json.loads((folder / "workspace/view.json").read_text())
    geoatlas_run("dataset", rocks, "--output", tmp_path / "d.h5", "--quiet",
                 "--content", folder / "content")
    geoatlas_run("neighbours", rocks, "--output", tmp_path / "n.h5", "-n", 20, "--model", "all",
                 "--workspace", folder / "workspace", "--content", folder / "content", "--quiet")
    with h5py.File(tmp_path / "d.h5") as data, h5py.File(tmp_path / "n.h5") as found:
        dev = [key.decode() for key in data["keys_dev"]]
        keys = [key.decode() for key in found["keys"]]
        labels = numpy.array([key.split("/")[0] for key in keys])
        asked = [keys.index(key) for key in dev]
        # No picture of this collection is in a group with another.
        shares = {
            view: (labels[found[f"{model}/indices"][()][asked, :TOP]] == labels[asked, None]).mean()
            for view, model in MODELS.items()}
    assert choice["queries"] == len(asked) > 8
    assert choice["chance"] == pytest.approx(39 / 79)
    assert {one["view"]: one["sameType"]["share"] for one in choice["candidates"]} == pytest.approx(shares)
    assert choice["chosen"] == max(shares, key=shares.get) == "texture"
    ids, sides = panels(folder)
    assert ids == ["kmeans-texture", "texture"]
    assert sides and all(pair == {"kmeans-texture", "texture"} for pair in sides)
    page = (folder / "public/similarity.html").read_text()
    assert "What is compared" in page and "<b>Histograms of colours and textures</b>, used here" in page
    for share in shares.values():
        assert (f"{100 * share:.1f}\u202f%" if share < 1 else "100\u202f%") in page


def test_a_second_build_chooses_nothing_again(automatic, rocks):
    folder, _ = automatic
    result = build(rocks, folder, "--top", 11)
    assert result["reused"]["view"] == 1


@pytest.mark.parametrize("view", ["pixels", "texture", "network"])
def test_a_named_view_is_taken(rocks, tmp_path, view):
    result = build(rocks, tmp_path, "--view", view)
    assert "view" not in result["seconds"]
    expected = {"pixels": ["kmeans", "pairwise"], "texture": ["kmeans-texture", "texture"],
                "network": ["kmeans-embedding", "embedding"]}[view]
    ids, sides = panels(tmp_path)
    assert ids == expected and all(pair == set(expected) for pair in sides)
    assert "What is compared" not in (tmp_path / "public/similarity.html").read_text()


def test_models_that_the_settings_name_stay(rocks, tmp_path):
    settings = "types: [basalt, gneiss]\nneighbours: {models: [pairwise, texture, ground]}\n"
    build(rocks, tmp_path, settings=settings)
    assert panels(tmp_path)[0] == ["pairwise", "texture", "ground"]


def test_pictures_of_28_pixels_are_compared_by_these(rocks, tmp_path):
    for path in rocks.glob("*/*"):
        (tmp_path / "small" / path.parent.name).mkdir(parents=True, exist_ok=True)
        Image.open(path).resize((28, 28)).save(tmp_path / "small" / path.parent.name / path.name)
    result = build(tmp_path / "small", tmp_path)
    assert not {"view", "textures"} & set(result["seconds"])
    assert panels(tmp_path)[0] == ["kmeans", "pairwise"]
