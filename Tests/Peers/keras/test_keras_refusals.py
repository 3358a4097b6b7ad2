"""Networks that Keras saves and the program cannot run: refused in one line that says why."""

import json

import h5py
import numpy
import pytest
from conftest import failure, geoatlas_run

pytest.importorskip("tf_keras", reason='"make test-keras" installs Keras')
from networks import BACKENDS, CLASSES, INPUT, sequential


@pytest.fixture(params=BACKENDS)
def backend(request):
    return BACKENDS[request.param]


def refusal(model, sample, tmp_path):
    """The message of `classify` about the model, without the name of its file."""
    file = tmp_path / "strange.h5"
    model.save(file)
    line = failure(geoatlas_run("classify", "--model", file, sample, "--quiet"))
    assert str(file) in line
    return line.replace(str(file), "")


def chain_around(layer, backend, before=(), input_shape=INPUT):
    """A network that could be read but for one layer."""
    layers = backend.layers
    return backend.Sequential([
        layers.Input(input_shape), *before, layer, layers.Flatten(),
        layers.Dense(CLASSES, activation="softmax", name="out"),
    ])


# A layer called "odd", the sort of layer, and options for it.
UNKNOWN = [
    ("Conv2DTranspose", {"filters": 4, "kernel_size": 3}),
    ("LayerNormalization", {}),
    ("Permute", {"dims": (2, 1, 3)}),
    ("RandomCrop", {"height": 20, "width": 20}),
    ("UnitNormalization", {}),
]


@pytest.mark.parametrize(("kind", "options"), UNKNOWN, ids=[kind for kind, _ in UNKNOWN])
def test_a_layer_that_is_not_known_is_named(backend, kind, options, sample, tmp_path):
    layer = getattr(backend.layers, kind)(**options, name="odd")
    line = refusal(chain_around(layer, backend), sample, tmp_path)
    assert '"odd"' in line and kind in line


def test_a_layer_of_the_users_own_is_named(backend, sample, tmp_path):
    layer = backend.layers.Lambda(lambda values: values * 2, name="odd")
    line = refusal(chain_around(layer, backend), sample, tmp_path)
    assert '"odd"' in line and "Lambda" in line


# A sort of layer, options that the program does not know, and a word of the refusal.
OPTIONS = [
    ("Conv2D", {"data_format": "channels_first", "kernel_size": 1}, "channels first"),
    ("Conv2D", {"activation": "softsign"}, "softsign"),
    ("Dense", {"activation": "softsign"}, "softsign"),
    ("Activation", {"activation": "softsign"}, "softsign"),
    ("ReLU", {"threshold": 0.5}, "threshold"),
    ("MaxPooling2D", {"data_format": "channels_first"}, "channels first"),
    ("GlobalAveragePooling2D", {"data_format": "channels_first"}, "channels first"),
    ("ZeroPadding2D", {"data_format": "channels_first"}, "channels first"),
    ("BatchNormalization", {"axis": 1}, "axis"),
    ("Resizing", {"height": 20, "width": 20, "interpolation": "bicubic"}, "bicubic"),
    ("Resizing", {"height": 20, "width": 10, "crop_to_aspect_ratio": True}, "aspect"),
    ("Reshape", {"target_shape": (14, 56, 3)}, "target_shape"),
]


@pytest.mark.parametrize(
    ("kind", "options", "word"), OPTIONS,
    ids=["-".join([kind, *map(str, options.values())]) for kind, options, _ in OPTIONS])
def test_an_option_that_is_not_known_is_named(backend, kind, options, word, sample, tmp_path):
    usual = {"Conv2D": {"filters": 4, "kernel_size": 3}, "Dense": {"units": 5}}.get(kind, {})
    layer = getattr(backend.layers, kind)(**{**usual, **options}, name="odd")
    # Dense layers are supported only after Flatten.
    before = [backend.layers.Flatten()] if kind == "Dense" else []
    line = refusal(chain_around(layer, backend, before), sample, tmp_path)
    assert '"odd"' in line and word in line


def test_an_activation_that_is_a_layer_with_weights_is_refused(sample, tmp_path):
    # Keras 3 describes such an activation by an object in place of a name.
    backend = BACKENDS["keras 3"]
    layer = backend.layers.Conv2D(4, 3, activation=backend.layers.PReLU(), name="odd")
    line = refusal(chain_around(layer, backend), sample, tmp_path)
    assert '"odd"' in line and "PReLU" in line


def test_a_sigmoid_for_each_class_is_refused(backend, sample, tmp_path):
    layers = backend.layers
    model = sequential(backend, [layers.Flatten(), layers.Dense(CLASSES, activation="sigmoid")])
    line = refusal(model, sample, tmp_path)
    assert "sigmoid" in line and "softmax" in line


def test_an_output_with_rows_and_columns_is_refused(backend, sample, tmp_path):
    model = sequential(backend, [backend.layers.Conv2D(CLASSES, 3, activation="softmax")])
    line = refusal(model, sample, tmp_path)
    assert "[26, 26, 6]" in line and "Flatten" in line


@pytest.mark.parametrize(
    ("kind", "options"),
    [("Softmax", {"axis": 1}), ("Activation", {"activation": "softmax"}),
     ("Dense", {"units": CLASSES, "activation": "softmax"})],
    ids=["Softmax", "Activation", "Dense"])
def test_a_layer_behind_a_softmax_is_refused(backend, kind, options, sample, tmp_path):
    layers = backend.layers
    early = getattr(layers, kind)(**options)
    model = sequential(
        backend, [layers.Flatten(), layers.Dense(CLASSES), early, layers.Softmax(name="odd")])
    line = refusal(model, sample, tmp_path)
    assert '"odd"' in line and "softmax" in line


def branches(layers, inputs):
    """Two convolutions of one picture, side by side and then joined."""
    left = layers.Conv2D(4, 3, name="left")(inputs)
    right = layers.Conv2D(4, 3, name="right")(inputs)
    return layers.Flatten()(layers.Add(name="joined")([left, right]))


def residual(layers, inputs):
    values = layers.Conv2D(4, 3, padding="same", name="first")(inputs)
    around = layers.Conv2D(4, 3, padding="same", name="around")(values)
    return layers.Flatten()(layers.Concatenate(name="joined")([values, around]))


def unused_end(layers, inputs):
    """The output is not that of the last layer: a branch that ends beside it."""
    values = layers.Conv2D(4, 3, padding="same", name="conv")(inputs)
    branch = layers.Conv2D(4, 3, padding="same", name="conv_1")(values)
    return [layers.Flatten(name="flat_1")(branch), layers.Flatten(name="flat")(values)]


def twice(layers, inputs):
    """One layer in two places."""
    layer = layers.Conv2D(3, 3, padding="same", name="odd")
    return layers.Flatten()(layer(layer(inputs)))


@pytest.mark.parametrize(
    ("body", "names"),
    [(branches, ("right", "joined")), (residual, ("joined",)), (twice, ("odd",)),
     (unused_end, ("flat", "flat_1", "out", "out_1"))],
    ids=["branches", "residual", "twice", "two outputs"])
def test_a_network_that_is_no_chain_is_refused(backend, body, names, sample, tmp_path):
    layers = backend.layers
    inputs = layers.Input(INPUT)
    ends = body(layers, inputs)
    ends = ends if isinstance(ends, list) else [ends]
    outputs = [
        layers.Dense(CLASSES, activation="softmax", name=f"out_{place}" if place else "out")(end)
        for place, end in enumerate(ends)
    ]
    line = refusal(backend.Model(inputs, outputs), sample, tmp_path)
    assert any(f'"{name}"' in line for name in names)
    assert "branches" in line or "an output besides" in line or "does not support" in line


def test_an_output_before_the_end_is_refused(backend, sample, tmp_path):
    # Both outputs are of one shape, and the layers follow one another.
    layers = backend.layers
    inputs = layers.Input(INPUT)
    early = layers.Dense(CLASSES, name="early")(layers.Flatten()(inputs))
    late = layers.Dense(CLASSES, name="late")(early)
    line = refusal(backend.Model(inputs, [early, late]), sample, tmp_path)
    assert "an output" in line


def test_a_branch_whose_name_begins_alike_is_refused(backend, sample, tmp_path):
    # "conv_1" feeds both others: the last does not follow "conv", though that name is in "conv_1".
    layers = backend.layers
    inputs = layers.Input(INPUT)
    first = layers.Conv2D(3, 3, padding="same", name="conv_1")(inputs)
    side = layers.Conv2D(3, 3, padding="same", name="conv")(first)
    last = layers.Dense(CLASSES, name="out")(layers.Flatten(name="flat")(first))
    model = backend.Model(inputs, [last, layers.Flatten(name="side")(side)])
    line = refusal(model, sample, tmp_path)
    assert "branches" in line or "an output" in line


@pytest.mark.parametrize("shape", [(32, 32, 3), (28, 28, 1), (None, 40, 3)], ids=str)
def test_another_size_of_picture_is_refused(backend, shape, sample, tmp_path):
    layers = backend.layers
    sides = (4, 4) if None in shape else None
    model = backend.Sequential([
        layers.Input(shape, name="odd"), layers.Conv2D(4, 3),
        *([layers.MaxPooling2D(4)] if sides is None else []),
        *([layers.Flatten()] if sides is None else [layers.GlobalMaxPooling2D()]),
        layers.Dense(CLASSES, activation="softmax"),
    ])
    line = refusal(model, sample, tmp_path)
    assert "shape" in line and str(shape) in line


def test_another_size_of_picture_is_refused_in_a_chain_built_late(backend, sample, tmp_path):
    layers = backend.layers
    model = backend.Sequential([
        layers.Conv2D(4, 3), layers.MaxPooling2D(26), layers.Flatten(), layers.Dense(CLASSES),
    ])
    # 30 pixels less 2, pooled by 26, leave one as 28 pixels do: the weights would fit.
    model.build((None, 30, 30, 3))
    line = refusal(model, sample, tmp_path)
    assert "(30, 30, 3)" in line and "Resizing(30, 30)" in line


def test_another_number_of_classes_is_told(backend, sample, tmp_path):
    layers = backend.layers
    model = sequential(backend, [layers.Flatten(), layers.Dense(7, activation="softmax")])
    line = refusal(model, sample, tmp_path)
    assert "7 classes" in line


def test_weights_that_are_no_numbers_are_refused(backend, sample, tmp_path):
    layers = backend.layers
    odd = layers.Dense(CLASSES, activation="softmax", name="odd")
    model = sequential(backend, [layers.Flatten(), odd])
    kernel, bias = odd.get_weights()
    bias[2] = numpy.nan
    odd.set_weights([kernel, bias])
    line = refusal(model, sample, tmp_path)
    assert '"odd"' in line and "bias" in line


def test_scores_that_leave_the_range_of_numbers_are_told(backend, sample, tmp_path):
    model = sequential(
        backend, [backend.layers.Flatten(), backend.layers.Dense(CLASSES), backend.layers.Softmax()])
    dense = next(layer for layer in model.layers if layer.name.startswith("dense"))
    # 2,352 of them add up to more than single precision holds.
    dense.set_weights([values * 0 + 3e38 for values in dense.get_weights()])
    file = tmp_path / "strange.h5"
    model.save(file)
    result = geoatlas_run("classify", "--model", file, sample, "--quiet")
    assert result.returncode == 1
    # The path keeps its position in the list, with the error.
    line = result.stdout.strip()
    assert line.startswith(f"{sample}: ") and "\n" not in line
    assert '"strange"' in line and "are not finite numbers" in line


def test_layers_that_cannot_follow_each_other_name_the_file(sample, tmp_path):
    """A chain that no Keras would save: a pooling of a picture that is smaller than its window."""
    backend = BACKENDS["keras 3"]
    path = tmp_path / "small.h5"
    model = sequential(backend, [
        backend.layers.MaxPooling2D(7, name="four"), backend.layers.MaxPooling2D(2, name="two"),
        backend.layers.Flatten(), backend.layers.Dense(CLASSES), backend.layers.Softmax()])
    model.save(path)
    with h5py.File(path, "r+") as file:
        text = file.attrs["model_config"]
        layers = json.loads(text)
        for layer in layers["config"]["layers"]:
            if layer["config"]["name"] == "two":
                layer["config"] |= {"pool_size": [5, 5], "strides": [5, 5]}
        file.attrs["model_config"] = json.dumps(layers)
    line = failure(geoatlas_run("classify", "--model", path, sample, "--quiet"))
    assert str(path) in line and '"two"' in line
