"""Networks that Keras saved, in the program; networks that the program saved, in Keras.

Expected values are what real Keras 3 and Keras 2 predict in this run.
"""

import re
import zipfile

import h5py
import numpy
import pytest
from conftest import TYPES, geoatlas_run, validated

pytest.importorskip("tf_keras", reason='"make test-keras" installs Keras')
from networks import BACKENDS, CHAINS, FORMS, draw_weights, functional, sequential

# Largest difference of any probability: the limit for float32 arithmetic in another order.
DEVIATION = 1e-4
PER_TYPE = 20


def architectures():
    """The names of networks that `geoatlas train --help` lists."""
    text = " ".join(geoatlas_run("train", "--help").stdout.split())
    names = re.search(r"--architecture <a> One of: ([a-z0-9, ]+)\.", text).group(1).split(", ")
    return [name for name in names if name != "texture"]


@pytest.fixture(scope="module", params=BACKENDS)
def backend(request):
    return BACKENDS[request.param]


@pytest.fixture(scope="module")
def collection(request, tmp_path_factory):
    """A few pictures of each type: of the reference collection if it is there, else of the sample."""
    try:
        archive = request.getfixturevalue("reference")
    except pytest.skip.Exception:
        return request.getfixturevalue("sample")
    output = tmp_path_factory.mktemp("collection") / "some.zip"
    by_type = {}
    with zipfile.ZipFile(archive) as source, zipfile.ZipFile(output, "w") as target:
        for name in sorted(source.namelist()):
            if name.endswith(".jpg"):
                by_type.setdefault(name.split("/")[-2], []).append(name)
        for names in by_type.values():
            for name in names[:: len(names) // PER_TYPE][:PER_TYPE]:
                target.writestr(name, source.read(name))
    return output


@pytest.fixture(scope="module")
def pictures(collection, tmp_path_factory):
    """Keys and pictures of the collection, `(n, 28, 28, 3)` in 0…1, as networks see them."""
    file = tmp_path_factory.mktemp("pictures") / "d.h5"
    validated("dataset", geoatlas_run("dataset", collection, "--output", file, "--json"))
    parts = ("Train", "Dev", "Test")
    with h5py.File(file) as data:
        keys = [key.decode() for part in parts for key in data[f"keys_{part.lower()}"]]
        values = numpy.concatenate([data[f"X_{part}_Orig"] for part in parts])
    assert len(keys) >= 6 * PER_TYPE
    return keys, values.astype(numpy.float32) / 255


def classified(model, collection, keys):
    """Probabilities that the program gives, a row for each key."""
    results = validated(
        "classify", geoatlas_run("classify", "--model", model, collection, "--json"))
    rows = {
        result["key"]: [result["probabilities"][name] for name in TYPES] for result in results
    }
    assert len(rows) == len(keys)
    return numpy.array([rows[key] for key in keys])


def predicted(model, values):
    return model.predict(values, batch_size=256, verbose=0)


def assert_close(found, expected):
    numpy.testing.assert_allclose(found, expected, rtol=0, atol=DEVIATION)


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.__name__)
@pytest.mark.parametrize("chain", CHAINS, ids=lambda chain: chain.__name__)
def test_a_network_that_keras_saved_predicts_what_keras_predicts(
    backend, chain, form, collection, pictures, tmp_path
):
    keys, values = pictures
    backend.utils.set_random_seed(0)
    model = form(backend, chain(backend.layers))
    draw_weights(model, values, seed=CHAINS.index(chain))
    file = tmp_path / "saved.h5"
    model.save(file)
    expected = predicted(model, values)
    # The comparison is meaningless for a network with equal predictions for all pictures.
    assert expected.max() < 0.999 and expected.std(axis=0).max() > 0.05
    assert_close(classified(file, collection, keys), expected)


def test_scores_of_a_network_without_softmax_become_probabilities(
    backend, collection, pictures, tmp_path
):
    keys, values = pictures
    layers = backend.layers
    model = sequential(backend, [
        layers.Conv2D(8, 3, activation="relu"), layers.MaxPooling2D(4), layers.Flatten(),
        layers.Dense(6),
    ])
    file = tmp_path / "scores.h5"
    model.save(file)
    powers = numpy.exp(predicted(model, values).astype(numpy.float64))
    expected = powers / powers.sum(axis=1, keepdims=True)
    assert_close(classified(file, collection, keys), expected)


def test_a_network_that_keras_trained_predicts_what_keras_predicts(
    backend, collection, pictures, tmp_path
):
    # A compiled network's file holds the state of its optimiser as well.
    keys, values = pictures
    layers = backend.layers
    backend.utils.set_random_seed(1)
    model = functional(backend, [
        layers.Conv2D(16, 3), layers.BatchNormalization(), layers.Activation("relu"),
        layers.MaxPooling2D(2), layers.Dropout(0.3), layers.Flatten(),
        layers.Dense(6, activation="softmax", kernel_regularizer="l2"),
    ])
    model.compile("adam", "sparse_categorical_crossentropy")
    labels = numpy.array([TYPES.index(key.split("/")[0]) for key in keys])
    model.fit(values, labels, batch_size=16, epochs=2, verbose=0)
    file = tmp_path / "trained.h5"
    model.save(file)
    assert_close(classified(file, collection, keys), predicted(model, values))


@pytest.fixture(scope="module", params=architectures())
def trained(request, sample, tmp_path_factory):
    """A network of each architecture that `geoatlas train` saved, for pictures of 28 pixels."""
    file = tmp_path_factory.mktemp("trained") / f"{request.param}.h5"
    result = validated("train", geoatlas_run(
        "train", sample, "--architecture", request.param, "--input-size", 28, "--epochs", 2, "--output",
        file, "--json"))
    return file, result


def test_keras_loads_a_network_of_ours_and_predicts_the_same(
    backend, trained, collection, pictures, tmp_path
):
    file, result = trained
    keys, values = pictures
    model = backend.models.load_model(file)
    assert model.count_params() == result["parameters"]
    found = classified(file, collection, keys)
    assert_close(found, predicted(model, values))
    # What Keras then saves is read as the same network again.
    again = tmp_path / "again.h5"
    model.save(again)
    assert_close(classified(again, collection, keys), found)


def test_keras_goes_on_training_a_network_of_ours(backend, trained, collection, pictures, tmp_path):
    keys, values = pictures
    model = backend.models.load_model(trained[0])
    model.compile("adam", "sparse_categorical_crossentropy")
    labels = numpy.array([TYPES.index(key.split("/")[0]) for key in keys])
    before = predicted(model, values)
    model.fit(values, labels, batch_size=16, epochs=1, verbose=0)
    file = tmp_path / "further.h5"
    model.save(file)
    after = predicted(model, values)
    assert abs(after - before).max() > 0.01
    assert_close(classified(file, collection, keys), after)
