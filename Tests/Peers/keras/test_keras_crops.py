"""Networks that see crops of photographs: ours in Keras, and those of Keras in the program.

Expected values are the means of what Keras predicts for the crops that docs/grain.md describes, which NumPy takes.
"""

import numpy
import pytest
from conftest import geoatlas_run, validated
from crops import CROPS, TYPES, crop, write_collection
from PIL import Image

pytest.importorskip("tf_keras", reason='"make test-keras" installs Keras')
from networks import BACKENDS

# Largest difference of any probability: the limit for float32 arithmetic in another order.
DEVIATION = 1e-4


@pytest.fixture(scope="module", params=BACKENDS)
def backend(request):
    return BACKENDS[request.param]


@pytest.fixture(scope="module")
def rocks(tmp_path_factory):
    folder = tmp_path_factory.mktemp("crops") / "rocks"
    write_collection(folder, 12)
    (folder.parent / "atlas.yml").write_text(f"types: [{', '.join(TYPES)}]\n")
    return folder


@pytest.fixture(scope="module")
def trained(rocks, tmp_path_factory):
    file = tmp_path_factory.mktemp("trained") / "grain.h5"
    geoatlas_run(
        "train", rocks, "--architecture", "grain", "--input-size", 56, "--epochs", 2, "--output", file, "--quiet")
    return file


def assert_same(model, file, rocks):
    paths = [rocks / name / f"p{number:02}.png" for name in TYPES for number in (0, 3)]
    found = validated("classify", geoatlas_run(
        "classify", "--model", file, "--content", rocks.parent, *paths, "--json", "--quiet"))
    for path, result in zip(paths, found, strict=True):
        pixels = numpy.asarray(Image.open(path)).astype(float) / 255
        crops = numpy.stack([crop(pixels, *place) for place in CROPS]).astype(numpy.float32)
        expected = model.predict(crops, verbose=0).mean(axis=0)
        numpy.testing.assert_allclose(
            [result["probabilities"][name] for name in TYPES], expected, rtol=0, atol=DEVIATION)


def test_keras_predicts_the_crops_of_grain(backend, trained, rocks, tmp_path):
    model = backend.models.load_model(trained)
    assert model.input_shape == (None, 56, 56, 3)
    assert_same(model, trained, rocks)
    again = tmp_path / "again.h5"
    model.save(again)
    assert_same(model, again, rocks)


def test_a_network_of_keras_for_crops_gets_them(backend, rocks, tmp_path):
    backend.utils.set_random_seed(0)
    layers = backend.layers
    model = backend.Sequential([
        backend.Input((56, 56, 3)), layers.Conv2D(16, 3, strides=2), layers.BatchNormalization(),
        layers.Activation("relu"), layers.GlobalAveragePooling2D(), layers.Dense(3, activation="softmax")])
    file = tmp_path / "own.h5"
    model.save(file)
    assert_same(model, file, rocks)
