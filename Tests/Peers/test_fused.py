"""The classifier of textures and the network for photographs fused: beside both parts in NumPy."""

import json

import h5py
import numpy
import pytest
from conftest import geoatlas_run, validated
from crops import TYPES, write_collection


@pytest.fixture(scope="module")
def rocks(tmp_path_factory):
    folder = tmp_path_factory.mktemp("fused") / "rocks"
    write_collection(folder, 20)
    return folder


def train(rocks, model, *options):
    return validated("train", geoatlas_run("train", rocks, "--output", model, "--json", "--quiet", *options))


@pytest.fixture(scope="module")
def trained(rocks, tmp_path_factory):
    """The files of both parts and of both fused, and what the last training told."""
    place = tmp_path_factory.mktemp("fused-models")
    train(rocks, place / "texture.h5", "--architecture", "texture")
    train(rocks, place / "grain.h5", "--architecture", "grain", "--epochs", 4)
    result = train(rocks, place / "fused.h5", "--architecture", "fused", "--epochs", 4)
    return place, result


def probabilities(model, rocks, kind):
    rows = validated("classify", geoatlas_run("classify", "--model", model, rocks, "--json", "--quiet"))
    return numpy.array([[row[kind][name] for name in TYPES] for row in rows])


def test_its_probabilities_are_the_weighted_geometric_mean_of_those_of_its_parts(rocks, trained):
    place, _ = trained
    with h5py.File(place / "fused.h5") as file:
        facts = json.loads(file.attrs["geoatlas-fused"])
    assert set(facts) == {"weight", "temperature"}
    weight = facts["weight"]
    mixed = (
        probabilities(place / "texture.h5", rocks, "calibrated") ** weight
        * probabilities(place / "grain.h5", rocks, "calibrated") ** (1 - weight))
    for kind, power in (("probabilities", 1), ("calibrated", 1 / facts["temperature"])):
        expected = mixed ** power
        numpy.testing.assert_allclose(
            probabilities(place / "fused.h5", rocks, kind), expected / expected.sum(axis=1, keepdims=True),
            rtol=0, atol=1e-4)


def test_its_weight_is_the_one_that_fits_the_dev_pictures_best(rocks, trained, tmp_path):
    place, _ = trained
    validated("dataset", geoatlas_run("dataset", rocks, "--output", tmp_path / "d.h5", "--json"))
    with h5py.File(tmp_path / "d.h5") as file:
        labels = dict(zip(file["keys_dev"].asstr(), file["Y_Dev_Orig"].asstr(), strict=True))
    rows = {
        name: validated("classify", geoatlas_run(
            "classify", "--model", place / f"{name}.h5", rocks, "--json", "--quiet"))
        for name in ("texture", "grain")}
    texture, grain = (
        numpy.array([
            [row["calibrated"][name] for name in TYPES] for row in rows[part] if row["key"] in labels])
        for part in ("texture", "grain"))
    truth = numpy.array([
        TYPES.index(labels[row["key"]]) for row in rows["grain"] if row["key"] in labels])
    # JSON has a probability of 0 for a very small one.
    texture, grain = (numpy.maximum(part, numpy.finfo(numpy.float32).tiny) for part in (texture, grain))

    def loss(weight):
        scores = weight * numpy.log(texture) + (1 - weight) * numpy.log(grain)
        def of(power):
            powers = numpy.exp(scores * power)
            return -numpy.log((powers / powers.sum(1, keepdims=True))[numpy.arange(len(truth)), truth]).mean()
        return min(of(power) for power in numpy.geomspace(0.05, 20, 400))
    with h5py.File(place / "fused.h5") as file:
        weight = json.loads(file.attrs["geoatlas-fused"])["weight"]
    assert loss(weight) <= min(loss(other / 10) for other in range(11)) + 1e-3


def test_its_file_holds_the_files_of_both_parts(trained):
    place, _ = trained
    with h5py.File(place / "fused.h5") as fused:
        for part in ("texture", "grain"):
            with h5py.File(place / f"{part}.h5") as file:
                for name, value in file.attrs.items():
                    numpy.testing.assert_array_equal(fused.attrs[name], value)

                def same(name, item):
                    if isinstance(item, h5py.Dataset):
                        numpy.testing.assert_array_equal(fused[name][()], item[()])
                file.visititems(same)


def test_it_is_a_classifier_like_the_others(rocks, trained, tmp_path):
    place, result = trained
    assert result["architecture"] == "fused" and result["epochs"] == 4
    for part in ("train", "dev", "test"):
        judged = validated("evaluate", geoatlas_run(
            "evaluate", rocks, "--model", place / "fused.h5", "--split", part, "--json", "--quiet"))
        assert judged["accuracy"] == result["accuracy"][part]
    again = tmp_path / "again.h5"
    train(rocks, again, "--architecture", "fused", "--epochs", 4, "--jobs", 1)
    assert again.read_bytes() == (place / "fused.h5").read_bytes()
    picture = rocks / "gneiss/p03.png"
    single, *others = validated("classify", geoatlas_run(
        "classify", "--model", again, picture, rocks, "--json", "--quiet"))
    [same] = [other for other in others if other["path"].endswith("gneiss/p03.png")]
    assert single["probabilities"] == same["probabilities"]


def test_a_build_shows_it_and_repeats_it(rocks, trained, tmp_path):
    place, result = trained

    def build(classifier, *options):
        return validated("build", geoatlas_run(
            "build", rocks, "--classifier", classifier, "--epochs", 4, "--folds", 2, "--no-times",
            "--output", tmp_path / "public", "--workspace", tmp_path / "workspace", "--review",
            tmp_path / "review", "--json", "--quiet", *options))
    built = build("fused", "--jobs", 1)
    assert built["accuracy"] == result["accuracy"]["test"]
    page = (tmp_path / "public/models.html").read_text()
    assert "The classifier fused names" in page and "for the network grain" in page
    networks = tmp_path / "workspace/networks"
    assert (networks / "fused-0-of-2.h5").read_bytes() == (place / "fused.h5").read_bytes()
    # The classifiers of the folds have parts that were not trained on the fold.
    digests = {}
    for number in range(3):
        with h5py.File(networks / f"fused-{number}-of-2.h5") as file:
            digests[number] = set(json.loads(file.attrs["geoatlas"])["digests"])
            assert digests[number] == set(json.loads(file.attrs["geoatlas-textures"])["digests"])
    assert digests[1] | digests[2] == digests[0] and not (digests[0] - digests[1]) & (digests[0] - digests[2])
    # Three parts of each of three classifiers; no number of threads changes them.
    assert build("fused", "--jobs", 2, "--top", 5)["reused"]["train"] == 9
    again = build(place / "fused.h5")
    assert again["accuracy"] == built["accuracy"]
