"""The classifier of textures, beside scikit-learn, and the choice of a classifier for photographs."""

import json

import h5py
import numpy
import pytest
from conftest import failure, geoatlas_run, smooth, validated
from PIL import Image
from scipy.ndimage import gaussian_filter
from scipy.special import softmax
from sklearn.kernel_approximation import Nystroem
from sklearn.linear_model import Ridge

TYPES = ["basalt", "gneiss", "granite"]
PARTS = [(0, 128, 1), (128, 182, 1), (182, 329, 2)]


def photograph(kind, number):
    """Grain of another size for each kind; colours tell nothing."""
    rng = numpy.random.default_rng(100 * kind + number)
    grain = gaussian_filter(rng.normal(size=(60, 80)), 0.6 + 0.5 * kind + rng.uniform(0, 0.6))
    picture = smooth(80, 60) * rng.uniform(0.3, 0.7) + 40 * (grain / grain.std())[..., None]
    return picture.clip(0, 255).astype(numpy.uint8)


def write(folder, numbers):
    for kind, name in enumerate(TYPES):
        (folder / name).mkdir(parents=True, exist_ok=True)
        for number in numbers:
            Image.fromarray(photograph(kind, number)).save(folder / name / f"p{number:02}.png")
    return folder


@pytest.fixture(scope="module")
def rocks(tmp_path_factory):
    return write(tmp_path_factory.mktemp("textures") / "rocks", range(24))


def build(rocks, place, *options, workspace="workspace"):
    return geoatlas_run(
        "build", rocks, "--output", place / "public", "--workspace", place / workspace, "--review",
        place / "review", "--no-times", "--json", "--quiet", *options)


@pytest.fixture(scope="module")
def built(rocks, tmp_path_factory):
    place = tmp_path_factory.mktemp("texture-classifier")
    return place, validated("build", build(rocks, place, "--classifier", "texture", "--folds", 3))


def saved(path):
    """The arrays and facts of a classifier's file."""
    with h5py.File(path) as file:
        return (
            {name: file[name][()] for name in ("landmarks", "coefficients", "intercepts")},
            json.loads(file.attrs["geoatlas-textures"]))


def data_set(rocks, folder):
    """Labels and sets by key."""
    validated("dataset", geoatlas_run("dataset", rocks, "--output", folder / "d.h5", "--json"))
    with h5py.File(folder / "d.h5") as file:
        return {
            key.decode(): (label.decode(), part)
            for part in ("Train", "Dev", "Test")
            for key, label in zip(file[f"keys_{part.lower()}"], file[f"Y_{part}_Orig"], strict=True)}


def test_its_probabilities_are_those_of_ridge_regression_on_nystroem_features(built, rocks, tmp_path):
    place, _ = built
    arrays, facts = saved(place / "workspace/networks/texture-0-of-3.h5")
    with h5py.File(place / "workspace/textures.h5") as file:
        rows = file["features"][()].astype(float)
    with h5py.File(place / "workspace/predictions/main.h5") as file:
        found = file["probabilities"][()]
    sets = data_set(rocks, tmp_path)
    keys = sorted(sets, key=str.encode)
    train = numpy.array([sets[key][1] == "Train" for key in keys])
    labels = numpy.array([TYPES.index(sets[key][0]) for key in keys])
    numpy.testing.assert_array_equal(arrays["landmarks"], rows[train].astype(numpy.float32))
    settings = facts["settings"]
    weights = numpy.concatenate([
        numpy.full(end - start, weight / rows[train][:, start:end].var(axis=0).sum())
        for start, end, weight in PARTS])
    numpy.testing.assert_allclose(
        facts["weights"], [weights[start] for start, _, _ in PARTS], rtol=1e-5)
    weighted = rows * numpy.sqrt(weights)
    features = Nystroem(gamma=settings["rate"], n_components=train.sum(), random_state=0).fit(
        weighted[train]).transform(weighted)
    ridge = Ridge(alpha=settings["penalty"], solver="cholesky").fit(
        features[train], numpy.eye(3)[labels[train]])
    expected = softmax(settings["sharpness"] * ridge.predict(features), axis=1)
    # The jitter of the landmarks and single precision of the descriptors and probabilities.
    numpy.testing.assert_allclose(found, expected, rtol=0, atol=1e-4)
    assert facts["classes"] == TYPES and len(facts["digests"]) == train.sum()


def test_it_learns_what_colours_do_not_tell(built):
    place, result = built
    assert result["accuracy"] > 0.7
    page = (place / "public/models.html").read_text()
    assert "The classifier texture names" in page
    assert "kernel ridge regression" in page and "Its layers" not in page
    assert "The network" not in page
    disputed = (place / "public/disputed.html").read_text()
    assert "classifiers that had not seen them" in disputed


def test_commands_take_it_as_they_take_networks(rocks, tmp_path):
    model = tmp_path / "t.h5"
    trained = validated("train", geoatlas_run(
        "train", rocks, "--architecture", "texture", "--output", model, "--json", "--quiet"))
    assert "epochs" not in trained and trained["architecture"] == "texture"
    for part in ("train", "dev", "test"):
        judged = validated("evaluate", geoatlas_run(
            "evaluate", rocks, "--model", model, "--split", part, "--json", "--quiet"))
        assert judged["accuracy"] == trained["accuracy"][part]
    picture = rocks / "gneiss/p03.png"
    single, *others = validated("classify", geoatlas_run(
        "classify", "--model", model, picture, rocks, "--json", "--quiet"))
    [same] = [other for other in others if other["path"].endswith("gneiss/p03.png")]
    assert single["probabilities"] == same["probabilities"]
    assert single["label"] == "gneiss" and set(single["calibrated"]) == set(TYPES)
    again = tmp_path / "again.h5"
    geoatlas_run("train", rocks, "--architecture", "texture", "--output", again, "--jobs", 1, "--quiet")
    assert again.read_bytes() == model.read_bytes()
    line = failure(geoatlas_run(
        "similar", rocks, "gneiss/p03", "--model", "embedding", "--classifier", model, "--quiet"))
    assert "not a network" in line
    wrong = geoatlas_run(
        "train", rocks, "--architecture", "texture", "--epochs", 3, "--output", model)
    assert wrong.returncode == 64 and "--epochs" in wrong.stderr


def test_an_atlas_of_its_file_is_one_of_the_same_predictions(built, rocks, tmp_path):
    place, result = built
    model = place / "workspace/networks/texture-0-of-3.h5"
    other = validated("build", build(rocks, tmp_path, "--classifier", model))
    assert other["accuracy"] == result["accuracy"]
    with h5py.File(place / "workspace/predictions/main.h5") as file:
        expected = file["probabilities"][()]
    with h5py.File(tmp_path / "workspace/predictions/main.h5") as file:
        numpy.testing.assert_array_equal(file["probabilities"][()], expected)


def test_built_again_it_is_as_built_from_nothing(rocks, tmp_path):
    again = write(tmp_path / "rocks", range(20))
    options = ("--classifier", "texture", "--folds", 2)
    assert build(again, tmp_path, *options).returncode == 0
    write(again, range(20, 22))
    repeated = validated("build", build(again, tmp_path, *options))
    first = (tmp_path / "public/manifest.json").read_bytes()
    nothing = validated("build", build(again, tmp_path, *options, "--force", workspace="other"))
    assert (tmp_path / "public/manifest.json").read_bytes() == first
    assert repeated["accuracy"] == nothing["accuracy"]
    for name in ("networks/texture-0-of-2.h5", "networks/texture-1-of-2.h5", "predictions/main.h5"):
        assert (tmp_path / "workspace" / name).read_bytes() == (tmp_path / "other" / name).read_bytes()
    # A picture whose model vector stays the same, but not its texture, is predicted anew.
    path = again / "granite/p05.png"
    picture = numpy.asarray(Image.open(path)).astype(int)
    picture[0, 0] ^= 1
    Image.fromarray(picture.astype(numpy.uint8)).save(path)
    assert build(again, tmp_path, *options).returncode == 0
    assert build(again, tmp_path, *options, "--force", workspace="third").returncode == 0
    for name in ("networks/texture-0-of-2.h5", "predictions/main.h5"):
        assert (tmp_path / "workspace" / name).read_bytes() == (tmp_path / "third" / name).read_bytes()


def test_photographs_get_a_choice_and_model_vectors_do_not(rocks, tmp_path):
    # Two seconds are enough for the smallest network only.
    result = validated("build", build(rocks, tmp_path, "--folds", 0, "--budget", 2))
    page = (tmp_path / "public/models.html").read_text()
    assert "How it was chosen" in page and "not tried: estimated to take" in page
    found = {path.name.split("-")[0] for path in (tmp_path / "workspace/networks").glob("*.h5")}
    assert "texture" in found and "deep" not in found
    # The one that is best on the dev set, with texture first of equal ones.
    dev = {
        name: validated("evaluate", geoatlas_run(
            "evaluate", rocks, "--model", tmp_path / f"workspace/networks/{name}-0-of-0.h5", "--split",
            "dev", "--json", "--quiet"))["accuracy"] for name in found}
    best = max(dev, key=lambda name: (dev[name], name == "texture"))
    if list(dev.values()).count(dev[best]) == 1 or best == "texture":
        assert f"<b>{best}</b>" in page.split("How it was chosen")[1]
    again = validated("build", build(rocks, tmp_path, "--folds", 0, "--budget", 2, "--top", 3))
    assert again["accuracy"] == result["accuracy"] and again["reused"]["train"] == len(found)
    tiles = tmp_path / "tiles"
    tiles.mkdir()
    small = tiles / "rocks"
    assert geoatlas_run("sample", small, "--per-type", 20, "--size", 28, "--quiet").returncode == 0
    assert build(small, tiles, "--folds", 0, "--epochs", 1).returncode == 0
    assert [path.name for path in (tiles / "workspace/networks").glob("*.h5")] == ["conv2l-0-of-0.h5"]


def test_a_network_is_kept_for_look_alikes(rocks, tmp_path):
    content = tmp_path / "content"
    content.mkdir()
    (content / "atlas.yml").write_text(
        f"types: [{', '.join(TYPES)}]\nneighbours: {{models: [pairwise, embedding]}}\n")
    assert build(
        rocks, tmp_path, "--content", content, "--folds", 0, "--budget", 2).returncode == 0
    assert "Pairwise on the embedding" in (tmp_path / "public/similarity.html").read_text()


def test_help_tells_of_it():
    text = " ".join(geoatlas_run("build", "--help").stdout.split())
    assert "texture, conv1l" in text and "--budget" in text and "auto for photographs" in text
    wrong = geoatlas_run("build", "rocks", "--budget", "0")
    assert wrong.returncode == 64 and "--budget" in wrong.stderr
