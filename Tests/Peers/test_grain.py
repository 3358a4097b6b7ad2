"""The network for photographs, beside the same layers in NumPy; as a classifier like the others."""

import json

import h5py
import numpy
import pytest
from conftest import failure, geoatlas_run, validated
from crops import CROPS, SIDE, TYPES, crop, write_collection
from numpy.lib.stride_tricks import sliding_window_view
from PIL import Image
from scipy.special import softmax


@pytest.fixture(scope="module")
def rocks(tmp_path_factory):
    folder = tmp_path_factory.mktemp("grain") / "rocks"
    write_collection(folder, 20)
    return folder


@pytest.fixture(scope="module")
def trained(rocks, tmp_path_factory):
    model = tmp_path_factory.mktemp("grain-model") / "g.h5"
    return model, validated("train", geoatlas_run(
        "train", rocks, "--architecture", "grain", "--epochs", 10, "--output", model, "--json", "--quiet"))


def outputs(file, values):
    """The scores of a picture `(56, 56, 3)` by the layers that the file describes for Keras."""
    for layer in json.loads(file.attrs["model_config"])["config"]["layers"]:
        kind, config = layer["class_name"], layer["config"]
        name = config["name"]
        group = file.get(f"model_weights/{name}/{name}")
        weights = {} if group is None else {key: group[key][()].astype(float) for key in group}
        if kind == "Conv2D":
            assert config["padding"] == "same" and config["kernel_size"] == [3, 3]
            windows = sliding_window_view(numpy.pad(values, ((1, 1), (1, 1), (0, 0))), (3, 3), (0, 1))
            values = numpy.einsum("yxcij,ijcf->yxf", windows, weights["kernel:0"]) + weights["bias:0"]
        elif kind == "MaxPooling2D":
            height, width, channels = values.shape
            values = values[:height // 2 * 2, :width // 2 * 2].reshape(
                height // 2, 2, width // 2, 2, channels).max(axis=(1, 3))
        elif kind == "BatchNormalization":
            spread = numpy.sqrt(weights["moving_variance:0"] + config["epsilon"])
            values = (values - weights["moving_mean:0"]) / spread * weights["gamma:0"] + weights["beta:0"]
        elif kind == "Activation" and config["activation"] == "relu":
            values = values.clip(0)
        elif kind == "GlobalAveragePooling2D":
            values = values.mean(axis=(0, 1))
        elif kind == "Dense":
            values = values @ weights["kernel:0"] + weights["bias:0"]
        elif kind == "InputLayer":
            assert config["batch_input_shape"] == [None, SIDE, SIDE, 3]
        else:
            assert kind == "Dropout" or config["activation"] == "softmax"
    return values


def test_its_probabilities_are_the_mean_over_crops_of_its_layers_in_numpy(rocks, trained):
    model, result = trained
    # Auto: pictures of 80 pixels get crops of 56.
    assert result["architecture"] == "grain" and result["epochs"] == 10
    paths = [rocks / name / f"p{number:02}.png" for name in TYPES for number in (0, 1)]
    found = validated("classify", geoatlas_run("classify", "--model", model, *paths, "--json", "--quiet"))
    with h5py.File(model) as file:
        for path, picture in zip(paths, found, strict=True):
            pixels = numpy.asarray(Image.open(path)).astype(float) / 255
            expected = numpy.mean(
                [softmax(outputs(file, crop(pixels, *place))) for place in CROPS], axis=0)
            numpy.testing.assert_allclose(
                [picture["probabilities"][name] for name in TYPES], expected, rtol=0, atol=1e-4)


def test_it_is_a_classifier_like_the_others(rocks, trained, tmp_path):
    model, result = trained
    for part in ("train", "dev", "test"):
        judged = validated("evaluate", geoatlas_run(
            "evaluate", rocks, "--model", model, "--split", part, "--json", "--quiet"))
        assert judged["accuracy"] == result["accuracy"][part]
    assert judged["accuracy"] > 0.6
    picture = rocks / "gneiss/p03.png"
    single, *others = validated("classify", geoatlas_run(
        "classify", "--model", model, picture, rocks, "--json", "--quiet"))
    [same] = [other for other in others if other["path"].endswith("gneiss/p03.png")]
    assert single["probabilities"] == same["probabilities"]
    again = tmp_path / "again.h5"
    geoatlas_run(
        "train", rocks, "--architecture", "grain", "--epochs", 10, "--output", again, "--jobs", 1, "--quiet")
    assert again.read_bytes() == model.read_bytes()
    line = failure(geoatlas_run(
        "similar", rocks, "gneiss/p03", "--model", "embedding", "--classifier", model, "--quiet"))
    assert "sees crops" in line


def test_without_epochs_the_dev_pictures_end_its_training(rocks, tmp_path):
    model = tmp_path / "g.h5"
    result = validated("train", geoatlas_run(
        "train", rocks, "--architecture", "grain", "--budget", 1, "--output", model, "--json", "--quiet"))
    # 42 pictures of 56 pixels: 1 second is enough for more than the fewest epochs, and less than the most.
    with h5py.File(model) as file:
        origin = json.loads(file.attrs["geoatlas"])["origin"]
    assert 8 < result["epochs"] == len(origin["history"]) <= origin["settings"]["epochs"] < 120


def test_a_build_shows_it_and_repeats_it(rocks, tmp_path):
    def build(*options):
        return validated("build", geoatlas_run(
            "build", rocks, "--classifier", "grain", "--epochs", 3, "--folds", 2, "--no-times", "--output",
            tmp_path / "public", "--workspace", tmp_path / "workspace", "--review", tmp_path / "review",
            "--json", "--quiet", *options))
    build("--jobs", 1)
    page = (tmp_path / "public/models.html").read_text()
    assert "The network grain names" in page and "in crops with 70 % to all of the shorter side" in page
    assert "56 × 56" in page
    # Nothing is trained again: neither the network nor its predictions depend on the number of threads.
    again = build("--jobs", 2, "--top", 5)
    assert again["reused"]["train"] == 3


def test_what_it_cannot_do_is_said(rocks, tmp_path):
    model = tmp_path / "g.h5"
    wrong = geoatlas_run(
        "train", rocks, "--architecture", "conv2l", "--input-size", 112, "--output", model)
    assert wrong.returncode == 64 and "takes no pictures of 112 pixels" in wrong.stderr
    wrong = geoatlas_run(
        "train", rocks, "--architecture", "grain", "--input-size", 100, "--output", model)
    assert wrong.returncode == 64 and "one of auto, 28, 56, 112, 224" in wrong.stderr
    wrong = geoatlas_run(
        "train", rocks, "--architecture", "grain", "--epochs", 3, "--budget", 9, "--output", model)
    assert wrong.returncode == 64 and "Leave it or --epochs out" in wrong.stderr


def test_auto_tries_it_with_300_training_pictures(tmp_path):
    folder = tmp_path / "rocks"
    write_collection(folder, 150)
    (tmp_path / "atlas.yml").write_text(
        f"types: [{', '.join(TYPES)}]\nneighbours: {{models: [pairwise, embedding]}}\n")

    def build(collection, place):
        validated("build", geoatlas_run(
            "build", collection, "--content", tmp_path, "--epochs", 1, "--folds", 0, "--k", 2, "--top", 2,
            "--no-times", "--output", place / "public", "--workspace", place / "workspace", "--review",
            place / "review", "--json", "--quiet"))
        names = {file.name.split("-")[0] for file in (place / "workspace/networks").glob("*.h5")}
        return names, (place / "public/models.html").read_text().split("How it was chosen")[1]
    names, page = build(folder, tmp_path / "many")
    assert {"texture", "deep", "grain", "fused"} <= names and "grain" in page
    assert "other groups of the dev part had decided" in page
    # Whatever was chosen, the embedding compares the features of a network for whole pictures.
    assert "Pairwise on the embedding" in (tmp_path / "many/public/similarity.html").read_text()
    for name in TYPES:
        for path in sorted((folder / name).glob("*.png"))[100:]:
            path.unlink()
    names, page = build(folder, tmp_path / "fewer")
    assert "deep" in names and not {"grain", "fused"} & names and "grain" not in page and "fused" not in page
