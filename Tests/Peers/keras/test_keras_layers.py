"""Layers that GeoAtlas does not train, in both formats of Keras 3 and Keras 2.

Expected values are what real Keras predicts in this run.
"""

import json
import shutil
import zipfile

import numpy
import pytest
from conftest import TYPES, failure, geoatlas_run, validated

pytest.importorskip("tf_keras", reason='"make test-keras" installs Keras')
from layers import (
    BEGINNING,
    BYTES,
    MIDDLE,
    MIDDLE_OF_3,
    ONLY_IN_KERAS_FILES,
    UNIT,
    around,
    draw_all_weights,
    network,
    random_chain,
    tutorial,
)
from networks import BACKENDS, CLASSES, INPUT
from PIL import Image

# Largest difference of any probability.
DEVIATION = 1e-5
FORMATS = ["h5", "keras"]
PICTURES = 24


@pytest.fixture(scope="module")
def pictures(tmp_path_factory):
    """A folder of pictures of 28 × 28, and their values as 0 to 1."""
    folder = tmp_path_factory.mktemp("pictures")
    source = numpy.random.default_rng(5)
    values = []
    for number in range(PICTURES):
        coarse = source.integers(0, 256, (7, 7, 3)).astype("uint8")
        picture = Image.fromarray(coarse).resize((28, 28), Image.BICUBIC)
        picture.save(folder / f"p{number:02}.png")
        values.append(numpy.asarray(picture))
    return folder, numpy.stack(values).astype(numpy.float32) / 255


def classified(model, folder, *options, types=TYPES):
    results = validated(
        "classify", geoatlas_run("classify", "--model", model, folder, "--json", *options))
    assert len(results) == PICTURES
    return numpy.array([[result["probabilities"][name] for name in types] for result in results])


def assert_equal_predictions(model, pictures, tmp_path, values=UNIT, forms=FORMATS):
    folder, unit = pictures
    expected = model.predict(unit * values, batch_size=256, verbose=0)
    # The comparison is meaningless for a network with equal predictions for all pictures.
    assert expected.max() < 0.999 and expected.std(axis=0).max() > 0.02
    for form in forms:
        file = tmp_path / f"saved.{form}"
        model.save(file)
        numpy.testing.assert_allclose(classified(file, folder), expected, rtol=0, atol=DEVIATION)


CASES = [(name, version, case) for version in BACKENDS for name, case in MIDDLE.items()] + [
    (name, "keras 3", case) for name, case in MIDDLE_OF_3.items()]


@pytest.mark.parametrize(
    ("name", "version", "middle"), CASES, ids=[f"{name}-{version}" for name, version, _ in CASES])
def test_a_kind_of_layer_gives_what_keras_gives(name, version, middle, pictures, tmp_path):
    backend = BACKENDS[version]
    backend.utils.set_random_seed(0)
    model = network(backend, around(middle)(backend.layers))
    draw_all_weights(model, pictures[1], seed=len(name))
    forms = FORMATS[1:] if name == ONLY_IN_KERAS_FILES else FORMATS
    assert_equal_predictions(model, pictures, tmp_path, forms=forms)


@pytest.fixture(params=BACKENDS)
def backend(request):
    return BACKENDS[request.param]


@pytest.mark.parametrize("name", BEGINNING)
def test_values_of_pictures_are_as_the_first_layers_expect(backend, name, pictures, tmp_path):
    values, beginning = BEGINNING[name]
    model = network(backend, [*beginning(backend.layers), *tutorial(backend.layers)])
    draw_all_weights(model, pictures[1] * values, seed=3)
    assert_equal_predictions(model, pictures, tmp_path, values)


@pytest.mark.parametrize("values", [UNIT, BYTES])
@pytest.mark.parametrize("axis", [-1, None])
def test_measured_statistics_are_used(backend, axis, values, pictures, tmp_path):
    layer = backend.layers.Normalization(axis=axis)
    layer.adapt(pictures[1] * values)
    model = network(backend, [layer, *tutorial(backend.layers)])
    draw_all_weights(model, pictures[1] * values, seed=4)
    assert_equal_predictions(model, pictures, tmp_path, values)


def test_statistics_of_bytes_in_a_first_normalisation_are_seen(backend, pictures, tmp_path):
    layer = backend.layers.BatchNormalization()
    model = network(backend, [layer, *tutorial(backend.layers)])
    statistics = [[1, 1, 1], [0, 0, 0], [120, 110, 90], [4000, 3000, 3500]]
    layer.set_weights([numpy.array(values) for values in statistics])
    assert_equal_predictions(model, pictures, tmp_path, BYTES)


@pytest.mark.parametrize("seed", range(12))
def test_random_networks_give_what_keras_gives(backend, seed, pictures, tmp_path):
    backend.utils.set_random_seed(seed)
    model = network(backend, random_chain(backend.layers, seed))
    draw_all_weights(model, pictures[1], seed)
    assert_equal_predictions(model, pictures, tmp_path)


def test_networks_within_networks_are_one_chain(backend, pictures, tmp_path):
    """The tutorial of TensorFlow: augmentation is a network of its own."""
    layers = backend.layers
    augmentation = backend.Sequential([layers.RandomFlip("horizontal"), layers.RandomZoom(0.1)])
    block = backend.Sequential(
        [layers.Conv2D(8, 3), backend.Sequential([layers.Conv2D(6, 3), layers.ReLU()])])
    inputs = layers.Input(INPUT)
    values = layers.Rescaling(1 / 255)(augmentation(inputs))
    outputs = values
    for layer in [block, *tutorial(layers)]:
        outputs = layer(outputs)
    model = backend.Model(inputs, outputs)
    draw_all_weights(model, pictures[1] * 255, seed=2)
    assert_equal_predictions(model, pictures, tmp_path, BYTES)


def test_the_advice_for_another_size_works(backend, pictures, tmp_path):
    folder, _ = pictures
    layers = backend.layers
    large = backend.Sequential([
        layers.Input((60, 50, 3)), layers.Rescaling(1 / 255), *tutorial(layers)])
    large.save(tmp_path / "large.keras")
    line = failure(geoatlas_run("classify", "--model", tmp_path / "large.keras", folder, "--quiet"))
    assert "(60, 50, 3)" in line and "Resizing(60, 50)" in line
    model = backend.Sequential([backend.Input(INPUT), layers.Resizing(60, 50), large])
    draw_all_weights(model, pictures[1] * 255, seed=7)
    assert_equal_predictions(model, pictures, tmp_path, BYTES)


def test_a_network_that_ends_without_a_dense_layer_gives_what_keras_gives(
    backend, pictures, tmp_path
):
    folder, unit = pictures
    layers = backend.layers
    model = network(backend, [
        layers.Conv2D(17, 3, activation="relu"), layers.MaxPooling2D(3), layers.Conv2D(CLASSES, 3),
        layers.GlobalAveragePooling2D(), layers.Softmax()])
    expected = model.predict(unit, verbose=0)
    for form in FORMATS:
        model.save(tmp_path / f"saved.{form}")
        found = classified(tmp_path / f"saved.{form}", folder)
        numpy.testing.assert_allclose(found, expected, rtol=0, atol=DEVIATION)


@pytest.mark.parametrize("ending", ["sigmoid", None], ids=["probability", "score"])
def test_one_output_stands_for_the_second_of_two_types(backend, ending, pictures, tmp_path):
    folder, unit = pictures
    layers = backend.layers
    model = network(backend, [
        layers.Conv2D(8, 3, activation="relu"), layers.Flatten(), layers.Dense(1, activation=ending)])
    second = model.predict(unit, verbose=0)[:, 0]
    if ending is None:
        second = 1 / (1 + numpy.exp(-second))
    expected = numpy.stack([1 - second, second], axis=1)
    content = tmp_path / "content"
    content.mkdir()
    (content / "atlas.yml").write_text("types: [slate, chalk]\n")
    for form in FORMATS:
        file = tmp_path / f"saved.{form}"
        model.save(file)
        found = classified(file, folder, "--content", content, types=["chalk", "slate"])
        numpy.testing.assert_allclose(found, expected, rtol=0, atol=DEVIATION)


def test_other_files_of_keras_are_told_from_networks(pictures, tmp_path):
    """Weights alone, layers alone, an unpacked file and a SavedModel: named, with the way out."""
    folder, unit = pictures
    keras, tf_keras = BACKENDS["keras 3"], BACKENDS["keras 2"]
    model = network(keras, tutorial(keras.layers))
    old = network(tf_keras, tutorial(tf_keras.layers))
    model.save(tmp_path / "network.keras")
    model.save_weights(tmp_path / "alone.weights.h5")
    old.save_weights(tmp_path / "alone.h5")
    (tmp_path / "layers.json").write_text(model.to_json())
    model.export(tmp_path / "exported", verbose=False)
    old.save(tmp_path / "saved")
    with zipfile.ZipFile(tmp_path / "network.keras") as archive:
        archive.extractall(tmp_path / "unpacked")
    for name, words in {
        "alone.weights.h5": ("without its layers", "load_weights"),
        "alone.h5": ("without its layers", "load_weights"),
        "layers.json": ("without its weights", "model_from_json"),
        "exported": ("SavedModel", "tf_keras"), "saved": ("SavedModel", "tf_keras"),
        "unpacked": ("unpacked", "zip"),
    }.items():
        line = failure(geoatlas_run("classify", "--model", tmp_path / name, folder, "--quiet"))
        assert str(tmp_path / name) in line
        assert all(word in line for word in words)
    # The advice works: the folder saved as one file, and the folder packed again.
    tf_keras.models.load_model(tmp_path / "saved").save(tmp_path / "name.h5")
    numpy.testing.assert_allclose(
        classified(tmp_path / "name.h5", folder), old.predict(unit, verbose=0), atol=DEVIATION)
    shutil.make_archive(tmp_path / "packed", "zip", tmp_path / "unpacked")
    numpy.testing.assert_allclose(
        classified(tmp_path / "packed.zip", folder), model.predict(unit, verbose=0), atol=DEVIATION)


def test_a_keras_file_whose_entries_are_packed_is_read(pictures, tmp_path):
    folder, unit = pictures
    keras = BACKENDS["keras 3"]
    model = network(keras, tutorial(keras.layers))
    model.save(tmp_path / "network.keras")
    with (
        zipfile.ZipFile(tmp_path / "network.keras") as source,
        zipfile.ZipFile(tmp_path / "packed.keras", "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for name in source.namelist():
            target.writestr(name, source.read(name))
    numpy.testing.assert_allclose(
        classified(tmp_path / "packed.keras", folder), model.predict(unit, verbose=0),
        atol=DEVIATION)


def test_the_types_of_an_atlas_name_the_classes(pictures, tmp_path):
    """`build` and `evaluate` take the types of the atlas in alphabetical order."""
    folder, _ = pictures
    keras = BACKENDS["keras 3"]
    model = network(keras, [keras.layers.Flatten(), keras.layers.Dense(3)])
    model.save(tmp_path / "three.keras")
    rocks = tmp_path / "rocks"
    for number, file in enumerate(sorted(folder.iterdir())):
        target = rocks / ["slate", "basalt", "chalk"][number % 3]
        target.mkdir(parents=True, exist_ok=True)
        shutil.copy(file, target)
    result = geoatlas_run(
        "evaluate", rocks, "--model", tmp_path / "three.keras", "--split", "all", "--json")
    value = validated("evaluate", result)
    assert value["classes"] == ["basalt", "chalk", "slate"]
    assert "does not name its classes" in result.stderr and "basalt, chalk, slate" in result.stderr
    result = geoatlas_run(
        "build", rocks, "--classifier", tmp_path / "three.keras", "--output", tmp_path / "public",
        "--workspace", tmp_path / "workspace", "--review", tmp_path / "review", "--json")
    assert validated("build", result)["images"] == PICTURES
    assert "basalt, chalk, slate" in result.stderr
    line = failure(geoatlas_run("classify", "--model", tmp_path / "three.keras", folder))
    assert "3 classes" in line and "--content" in line


def test_a_damaged_or_hostile_keras_file_ends_in_one_line(pictures, tmp_path):
    folder, _ = pictures
    keras = BACKENDS["keras 3"]
    model = network(keras, tutorial(keras.layers))
    model.save(tmp_path / "network.keras")
    with zipfile.ZipFile(tmp_path / "network.keras") as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    whole = (tmp_path / "network.keras").read_bytes()
    config = json.loads(parts["config.json"])

    def changed(kind, **options):
        copy = json.loads(json.dumps(config))
        for layer in copy["config"]["layers"]:
            if layer["class_name"] == kind:
                layer["config"].update(options)
        return json.dumps(copy).encode()

    deep = b'{"class_name":"Sequential","config":{"layers":[' * 9_000
    nested = {"class_name": "Sequential", "config": {"layers": []}}
    for _ in range(50):
        nested = {"class_name": "Sequential", "config": {"name": "n", "layers": [nested]}}
    cases = {
        "cut": whole[: len(whole) // 2],
        "no description": {**parts, "config.json": None},
        "no weights": {**parts, "model.weights.h5": None},
        "half of the weights": {**parts, "model.weights.h5": parts["model.weights.h5"][:20_000]},
        "other weights": {**parts, "model.weights.h5": b"\x89HDF\r\n\x1a\n" + bytes(5_000)},
        "bomb": {**parts, "model.weights.h5": bytes(400_000_000)},
        "large description": {**parts, "config.json": b" " * 40_000_000},
        "deep description": {**parts, "config.json": deep},
        "nested": {**parts, "config.json": json.dumps(nested).encode()},
        "list": {**parts, "config.json": b"[1, 2]"},
        "huge": {**parts, "config.json": changed("Dense", units=10**18)},
        "large": {**parts, "config.json": changed("Dense", units=10**6)},
        "negative": {**parts, "config.json": changed("Conv2D", filters=-3)},
        "no kernel": {**parts, "config.json": changed("Conv2D", kernel_size=[0, 0])},
        "text": {**parts, "config.json": changed("Conv2D", filters="many")},
        "other shape": {**parts, "config.json": changed("Conv2D", filters=5)},
        "large window": {**parts, "config.json": changed("MaxPooling2D", pool_size=[50, 50])},
        "dilated": {**parts, "config.json": changed("Conv2D", dilation_rate=[10**9, 10**9])},
        "empty": {**parts, "config.json": b'{"class_name": "Sequential", "config": {"layers": []}}'},
    }
    for name, content in cases.items():
        file = tmp_path / "hostile.keras"
        if isinstance(content, bytes):
            file.write_bytes(content)
        else:
            with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
                for part, data in content.items():
                    if data is not None:
                        archive.writestr(part, data)
        line = failure(geoatlas_run("classify", "--model", file, folder, "--quiet"))
        assert str(file) in line, name


def test_a_lambda_is_named_with_the_way_out(backend, pictures, tmp_path):
    layer = backend.layers.Lambda(lambda values: values / 255, name="odd")
    model = network(backend, [layer, *tutorial(backend.layers)])
    model.save(tmp_path / "saved.keras")
    line = failure(geoatlas_run("classify", "--model", tmp_path / "saved.keras", pictures[0]))
    assert '"odd"' in line and "Lambda" in line and "Rescaling" in line


def test_a_network_of_a_class_of_its_own_is_named(pictures, tmp_path):
    keras = BACKENDS["keras 3"]

    @keras.saving.register_keras_serializable("mine")
    class Rocks(keras.Model):
        def __init__(self):
            super().__init__()
            self.body = keras.Sequential(tutorial(keras.layers))

        def call(self, values):
            return self.body(values)

        def get_config(self):
            return {}

    model = Rocks()
    model(pictures[1][:1])
    model.save(tmp_path / "saved.keras")
    line = failure(geoatlas_run("classify", "--model", tmp_path / "saved.keras", pictures[0]))
    assert "Rocks" in line and "keras.Sequential" in line
