"""Kinds of layers that GeoAtlas only reads, each within a small network, for Keras 3 and Keras 2."""

import random

import numpy
from networks import CLASSES, INPUT, LARGEST_SCORE

# Whether a network takes pictures as 0 to 1 or as 0 to 255.
UNIT, BYTES = 1, 255


def activations(names):
    """Each function as an option of a convolution, and as a layer."""
    cases = {}
    for name in names:
        cases[f"activation {name}"] = lambda layers, name=name: [
            layers.Conv2D(5, 3, activation=name), layers.Conv2D(5, 3),
            layers.Activation(name), layers.MaxPooling2D(3)]
    return cases


MIDDLE = {
    "no bias": lambda layers: [
        layers.Conv2D(8, 3, use_bias=False, padding="same"), layers.BatchNormalization(),
        layers.ReLU(), layers.MaxPooling2D(), layers.Conv2D(6, 3, use_bias=False),
        layers.Flatten(), layers.Dense(9, use_bias=False), layers.ReLU()],
    "normalisation without scale": lambda layers: [
        layers.Conv2D(8, 3), layers.BatchNormalization(scale=False), layers.ReLU()],
    "normalisation without centre": lambda layers: [
        layers.Conv2D(8, 3), layers.BatchNormalization(center=False), layers.MaxPooling2D(2)],
    "normalisation without both": lambda layers: [
        layers.BatchNormalization(center=False, scale=False), layers.Conv2D(8, 5)],
    "normalisation after flatten": lambda layers: [
        layers.Conv2D(4, 3), layers.MaxPooling2D(4), layers.Flatten(), layers.ReLU(),
        layers.BatchNormalization(), layers.Dense(8)],
    "strides": lambda layers: [
        layers.Conv2D(8, 3, strides=2, activation="relu"), layers.BatchNormalization(),
        layers.Conv2D(7, 5, strides=(3, 2), use_bias=False)],
    "strides with same padding": lambda layers: [
        layers.Conv2D(16, 3, strides=2, padding="same"), layers.BatchNormalization(), layers.ReLU(),
        layers.Conv2D(7, 4, strides=3, padding="same"), layers.Conv2D(6, (2, 5), padding="same")],
    "dilation": lambda layers: [
        layers.Conv2D(8, 3, dilation_rate=2), layers.Conv2D(8, 3, dilation_rate=3, padding="same")],
    "groups": lambda layers: [
        layers.Conv2D(8, 3), layers.Conv2D(12, 3, groups=4, use_bias=False),
        layers.BatchNormalization(), layers.Conv2D(9, 3, groups=3, padding="same")],
    "flat kernel": lambda layers: [
        layers.Conv2D(8, (1, 5)), layers.ReLU(), layers.Conv2D(16, (7, 2), padding="same")],
    "even kernel": lambda layers: [layers.Conv2D(16, 4, padding="same"), layers.MaxPooling2D(2)],
    "separable": lambda layers: [
        layers.Conv2D(5, 3), layers.SeparableConv2D(16, 3, activation="relu"),
        layers.SeparableConv2D(7, 3, strides=2, padding="same", depth_multiplier=2, use_bias=False),
        layers.BatchNormalization(), layers.ReLU()],
    "depthwise": lambda layers: [
        layers.DepthwiseConv2D(3), layers.BatchNormalization(), layers.ReLU(),
        layers.Conv2D(8, 1, use_bias=False),
        layers.DepthwiseConv2D(5, strides=2, padding="same", depth_multiplier=3, use_bias=False)],
    "mean pooling": lambda layers: [
        layers.Conv2D(6, 3), layers.AveragePooling2D(2), layers.BatchNormalization(), layers.ReLU(),
        layers.AveragePooling2D((3, 2), strides=1, padding="same")],
    "overlapping pooling": lambda layers: [
        layers.Conv2D(20, 3), layers.MaxPooling2D(3, strides=2), layers.BatchNormalization(),
        layers.ReLU(), layers.MaxPooling2D(3, strides=2, padding="same"),
        layers.MaxPooling2D((2, 1), strides=(1, 2))],
    "global maximum": lambda layers: [layers.Conv2D(20, 3), layers.GlobalMaxPooling2D()],
    "global mean": lambda layers: [
        layers.Conv2D(20, 3, activation="relu"), layers.GlobalAveragePooling2D(),
        layers.Dense(12), layers.LeakyReLU()],
    "kept sides": lambda layers: [
        layers.Conv2D(20, 3), layers.GlobalAveragePooling2D(keepdims=True), layers.Conv2D(6, 1)],
    "kept maximum": lambda layers: [
        layers.Conv2D(5, 3), layers.GlobalMaxPooling2D(keepdims=True), layers.ReLU()],
    "padding before pooling": lambda layers: [
        layers.Conv2D(6, 3), layers.ZeroPadding2D(((1, 2), (0, 3))), layers.MaxPooling2D(3)],
    "uneven padding": lambda layers: [
        layers.ZeroPadding2D(((0, 1), (2, 0))), layers.Conv2D(6, 3, strides=2), layers.ReLU()],
    "padding at the end": lambda layers: [layers.Conv2D(3, 9), layers.ZeroPadding2D((1, 2))],
    "cropping": lambda layers: [
        layers.Cropping2D(((2, 1), (0, 3))), layers.Conv2D(17, 3), layers.Cropping2D(4)],
    "centre crop": lambda layers: [layers.CenterCrop(21, 20), layers.Conv2D(6, 3)],
    "larger": lambda layers: [layers.Resizing(61, 45), layers.Conv2D(6, 5, strides=3)],
    "smaller": lambda layers: [layers.Resizing(13, 20), layers.Conv2D(6, 3)],
    "nearest": lambda layers: [
        layers.Resizing(41, 33, interpolation="nearest"), layers.Conv2D(6, 5, strides=3)],
    "resized within": lambda layers: [layers.Conv2D(17, 3), layers.Resizing(9, 30)],
    "enlarged": lambda layers: [
        layers.MaxPooling2D(3), layers.UpSampling2D(2), layers.Conv2D(6, 3),
        layers.UpSampling2D((2, 3), interpolation="bilinear"), layers.MaxPooling2D(4)],
    "leaky": lambda layers: [
        layers.Conv2D(6, 3), layers.LeakyReLU(), layers.MaxPooling2D(2), layers.Conv2D(5, 3),
        layers.LeakyReLU(0.05), layers.Flatten(), layers.Dense(7), layers.LeakyReLU(0.5)],
    "parametric": lambda layers: [
        layers.Conv2D(6, 3), layers.PReLU(shared_axes=[1, 2]), layers.MaxPooling2D(3),
        layers.Conv2D(17, 3), layers.PReLU(), layers.Flatten(), layers.Dense(9), layers.PReLU()],
    "elu": lambda layers: [layers.Conv2D(6, 3), layers.ELU(), layers.Conv2D(5, 3), layers.ELU(0.3)],
    "rectifier with options": lambda layers: [
        layers.Conv2D(6, 3), layers.ReLU(max_value=0.3), layers.Conv2D(5, 3),
        layers.ReLU(negative_slope=0.2), layers.ReLU(max_value=0.2, negative_slope=0.1)],
    "dense for each pixel": lambda layers: [
        layers.Dense(9, activation="relu"), layers.MaxPooling2D(3), layers.Dense(5, use_bias=False)],
    "reshape": lambda layers: [
        layers.Conv2D(4, 5, strides=4), layers.Reshape((-1,)), layers.Dense(10), layers.ReLU()],
    "without effect": lambda layers: [
        layers.RandomFlip("horizontal_and_vertical"), layers.RandomRotation(0.2),
        layers.RandomZoom(0.3), layers.RandomContrast(0.2), layers.RandomTranslation(0.1, 0.1),
        layers.GaussianNoise(0.3), layers.Conv2D(6, 3),
        layers.SpatialDropout2D(0.2), layers.GaussianDropout(0.1), layers.AlphaDropout(0.1),
        layers.ActivityRegularization(l2=0.01), layers.ReLU(), layers.Dropout(0.5)],
    "fully convolutional": lambda layers: [
        layers.Conv2D(8, 3, activation="relu"), layers.MaxPooling2D(2), layers.Conv2D(7, 3)],
    **activations([
        "relu", "elu", "selu", "gelu", "swish", "sigmoid", "hard_sigmoid", "tanh", "exponential",
        "softplus", "mish"]),
}

# Keras 3.15 cannot write some of these layers to an .h5 file: "cannot pickle 'module' object".
ONLY_IN_KERAS_FILES = "other augmentations"

# Layers that Keras 2 does not have.
MIDDLE_OF_3 = {
    **activations(["relu6", "leaky_relu", "silu", "hard_silu", "hard_tanh", "celu"]),
    "activation layer as option": lambda layers: [
        layers.Conv2D(6, 3, activation=layers.LeakyReLU(negative_slope=0.15)),
        layers.Dense(7, activation=layers.ELU(alpha=0.5))],
    ONLY_IN_KERAS_FILES: lambda layers: [
        layers.RandomBrightness(0.2), layers.RandomShear(0.2), layers.RandomColorJitter(), layers.RandomSaturation(0.3),
        layers.RandomHue(0.2), layers.RandomGrayscale(), layers.RandomPosterization(4),
        layers.RandomSharpness(0.3), layers.RandomErasing(), layers.RandomPerspective(),
        layers.RandomGaussianBlur(), layers.RandomInvert(), layers.RandomColorDegeneration(0.3),
        layers.Identity(), layers.Conv2D(6, 3), layers.ReLU()],
}

# Layers at the beginning, and the values that the network takes.
BEGINNING = {
    "rescaling": (BYTES, lambda layers: [layers.Rescaling(1 / 255)]),
    "rescaling to ±1": (BYTES, lambda layers: [layers.Rescaling(1 / 127.5, offset=-1)]),
    "rescaling of 0 to 1": (UNIT, lambda layers: [layers.Rescaling(2.0, offset=-1.0)]),
    "rescaling by channel": (
        BYTES, lambda layers: [layers.Rescaling([1 / 255, 1 / 100, 1 / 50], [0.0, -0.5, 0.1])]),
    "given statistics": (
        UNIT, lambda layers: [
            layers.Normalization(mean=[0.485, 0.456, 0.406], variance=[0.0524, 0.0502, 0.0506])]),
    "one given statistic": (
        BYTES, lambda layers: [layers.Normalization(axis=None, mean=120.0, variance=3000.0)]),
    "augmentation and rescaling": (
        BYTES, lambda layers: [
            layers.RandomFlip("horizontal"), layers.RandomRotation(0.1), layers.Rescaling(1 / 255)]),
    "resizing and rescaling": (
        BYTES, lambda layers: [layers.Resizing(40, 40), layers.Rescaling(1 / 255)]),
    "rescaling and normalisation": (
        BYTES, lambda layers: [
            layers.Rescaling(1 / 255), layers.Normalization(mean=0.4, variance=0.05)]),
}


def around(middle):
    """The network of some layers: what they give is flattened for a last dense layer."""
    return lambda layers: [
        *middle(layers), layers.Flatten(), layers.Dense(CLASSES, activation="softmax")]


def tutorial(layers):
    """The body of a network as tutorials show it."""
    return [
        layers.Conv2D(16, 3, padding="same", activation="relu"), layers.MaxPooling2D(),
        layers.Conv2D(32, 3, padding="same", activation="relu"), layers.MaxPooling2D(),
        layers.Dropout(0.2), layers.Flatten(), layers.Dense(32, activation="relu"),
        layers.Dense(CLASSES, activation="softmax")]


def random_block(layers, draw, sides):
    """A convolution drawn at random with what follows it, and the sides of its output."""
    filters, same = draw.choice([3, 8, 16, 17]), draw.choice(["same", "valid"])
    kernel, stride = draw.choice([1, 2, 3, 5]), draw.choice([1, 1, 2])
    options = {"strides": stride, "padding": same, "use_bias": draw.random() < 0.5}
    function = draw.choice([None, "relu", "elu", "swish", "tanh"])
    block = [draw.choice([
        layers.Conv2D(filters, kernel, activation=function, **options),
        layers.SeparableConv2D(filters, kernel, **options),
        layers.DepthwiseConv2D(kernel, **options)])]
    block += draw.sample([
        layers.BatchNormalization(scale=draw.random() < 0.7, center=draw.random() < 0.7),
        layers.ReLU(), layers.LeakyReLU(), layers.Dropout(0.1),
        layers.PReLU(shared_axes=[1, 2])], draw.randint(0, 3))
    sides = sides // stride if same == "same" else (sides - kernel) // stride + 1
    if sides > 7 and draw.random() < 0.5:
        pooling = draw.choice([layers.MaxPooling2D, layers.AveragePooling2D])
        block.append(pooling(draw.choice([2, 3]), strides=2, padding=same))
        sides //= 2
    return block, sides


def random_chain(layers, seed):
    """Layers drawn at random."""
    draw = random.Random(seed)
    sides, chain = 28, []
    for _ in range(draw.randint(2, 5)):
        if sides > 6:
            block, sides = random_block(layers, draw, sides)
            chain += block
    ending = [layers.Flatten, layers.GlobalAveragePooling2D, layers.GlobalMaxPooling2D]
    return [*chain, draw.choice(ending)(), layers.Dense(CLASSES, activation="softmax")]


def flat(layers):
    """All layers, those of networks within the network included."""
    for layer in layers:
        if hasattr(layer, "layers"):
            yield from flat(layer.layers)
        else:
            yield layer


def draw_all_weights(model, pictures, seed):
    """Random weights for every layer; the last dense layer is scaled to sensible scores."""
    source = numpy.random.default_rng(seed)
    last = None
    for layer in flat(model.layers):
        values = []
        if type(layer).__name__ == "Normalization":
            continue
        for weight in layer.weights:
            name, shape = weight.name.split("/")[-1].split(":")[0], tuple(weight.shape)
            if name in ("gamma", "moving_variance"):
                values.append(source.uniform(0.5, 1.5, shape))
            elif name.endswith("kernel"):
                values.append(source.normal(0, numpy.sqrt(2 / max(1, numpy.prod(shape[:-1]))), shape))
            elif name in ("beta", "moving_mean", "bias", "alpha"):
                values.append(source.normal(0, 0.2, shape))
            else:
                values.append(weight.numpy())
        if values:
            layer.set_weights(values)
        if "Dense" in type(layer).__name__:
            last = layer
    kernel, bias = last.get_weights()
    last.set_weights([kernel / 1000, 0 * bias])
    scores = numpy.log(model.predict(pictures, batch_size=256, verbose=0).astype(float))
    scores -= scores.mean(axis=1, keepdims=True)
    mean = scores.mean(axis=0)
    factor = LARGEST_SCORE / abs(scores - mean).max()
    last.set_weights([kernel / 1000 * factor, bias * 0 - mean * factor])


def network(backend, layers):
    return backend.Sequential([backend.layers.Input(INPUT), *layers])
