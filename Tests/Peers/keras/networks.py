"""Chains of layers that GeoAtlas knows, built with Keras 3 or Keras 2 and given random weights."""

import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")

import keras
import numpy
import tf_keras

BACKENDS = {"keras 3": keras, "keras 2": tf_keras}
INPUT = (28, 28, 3)
CLASSES = 6
# Largest score of a class above or below its mean, so that probabilities stay clear of 0 and 1.
LARGEST_SCORE = 3


def one_block(layers):
    """A network with one convolution, narrower than `conv1l`."""
    return [
        layers.ZeroPadding2D(2), layers.Conv2D(12, 3), layers.BatchNormalization(),
        layers.Activation("relu"), layers.MaxPooling2D(2), layers.Flatten(), layers.Dropout(0.3),
        layers.Dense(CLASSES, activation="softmax"),
    ]


def two_blocks(layers):
    """A network with two convolutions, as wide as `conv2l`."""
    block = []
    for filters in (32, 64):
        block += [
            layers.Conv2D(filters, (3, 3), strides=(1, 1)), layers.BatchNormalization(axis=3),
            layers.Activation("relu"), layers.MaxPooling2D((2, 2)), layers.Dropout(0.3),
        ]
    return [layers.ZeroPadding2D((2, 2)), *block, layers.Flatten(),
            layers.Dense(CLASSES, activation="softmax")]


def normalised_after_the_rectifier(layers):
    """The order of VGG: ReLU layers before normalisation, pooling by 3, two dense layers."""
    return [
        layers.Conv2D(16, 3, padding="same"), layers.ReLU(), layers.BatchNormalization(),
        layers.MaxPooling2D(3), layers.Dropout(0.25),
        layers.Conv2D(24, 3, padding="same"), layers.ReLU(), layers.BatchNormalization(),
        layers.MaxPooling2D(2), layers.Flatten(), layers.Dense(40), layers.Activation("relu"),
        layers.BatchNormalization(), layers.Dropout(0.5), layers.Dense(CLASSES), layers.Softmax(),
    ]


def activations_as_arguments(layers):
    return [
        layers.Conv2D(8, 5, activation="relu"),
        layers.Conv2D(16, 3, padding="same", activation="relu"),
        layers.MaxPooling2D(), layers.Flatten(), layers.Dense(20, activation="relu"),
        layers.Dense(CLASSES), layers.Activation("softmax"),
    ]


def odd_sizes(layers):
    """Channels that fill no vector register, kernels of 1, 2 and 7, a pooling with a remainder."""
    return [
        layers.Conv2D(5, 2), layers.BatchNormalization(epsilon=1e-5, momentum=0.5), layers.ReLU(),
        layers.Conv2D(7, 1, padding="same"), layers.BatchNormalization(),
        layers.Conv2D(3, 7, padding="same", activation="relu"), layers.MaxPooling2D(4),
        layers.Conv2D(9, 4), layers.Flatten(), layers.Dense(11), layers.ReLU(),
        layers.Dense(CLASSES, activation="softmax"),
    ]


def padded_before_a_padded_convolution(layers):
    return [
        layers.ZeroPadding2D(3), layers.Conv2D(6, 3, padding="same"), layers.ReLU(),
        layers.MaxPooling2D(2), layers.ZeroPadding2D(((1, 1), (1, 1))), layers.Conv2D(10, 5),
        layers.BatchNormalization(), layers.Dropout(0.1), layers.ReLU(), layers.Flatten(),
        layers.Dense(CLASSES, activation="softmax"),
    ]


def normalised_first(layers):
    """Normalisation, ReLU and pooling of the picture itself, two normalisations in a row."""
    return [
        layers.BatchNormalization(), layers.ReLU(), layers.MaxPooling2D(2), layers.Dropout(0.2),
        layers.BatchNormalization(), layers.BatchNormalization(epsilon=0.01),
        layers.Conv2D(4, 3), layers.Flatten(),
        layers.Dense(CLASSES, activation="softmax"),
    ]


def no_convolution(layers):
    return [layers.Flatten(), layers.Dense(CLASSES, activation="softmax")]


def activation_that_does_nothing(layers):
    return [
        layers.Conv2D(8, 3), layers.Activation("linear"), layers.MaxPooling2D(2, strides=2),
        layers.Flatten(), layers.Dense(CLASSES), layers.Softmax(axis=-1),
    ]


def averaged(layers):
    """Means of channels in place of a flattened picture, and the layers that may follow."""
    return [
        layers.Conv2D(20, 3, padding="same"), layers.MaxPooling2D(2), layers.BatchNormalization(),
        layers.ReLU(), layers.Conv2D(9, 3), layers.GlobalAveragePooling2D(),
        layers.BatchNormalization(), layers.Activation("relu"), layers.Dropout(0.2),
        layers.Dense(CLASSES, activation="softmax"),
    ]


CHAINS = [
    one_block, two_blocks, normalised_after_the_rectifier, activations_as_arguments, odd_sizes,
    padded_before_a_padded_convolution, normalised_first, no_convolution,
    activation_that_does_nothing, averaged,
]


def sequential(backend, layers):
    return backend.Sequential([backend.layers.Input(INPUT), *layers])


def functional(backend, layers):
    inputs = values = backend.layers.Input(INPUT)
    for layer in layers:
        values = layer(values)
    return backend.Model(inputs, values)


def built_late(backend, layers):
    """A chain whose input shape is known only when it is built."""
    model = backend.Sequential(layers)
    model.build((None, *INPUT))
    return model


FORMS = [sequential, functional, built_late]


def draw_weights(model, pictures, seed):
    """Random weights and statistics for every layer, so that scores differ by picture."""
    random = numpy.random.default_rng(seed)
    last = None
    for layer in model.layers:
        shapes = [weight.shape for weight in layer.get_weights()]
        if len(shapes) == 4:
            count = shapes[0]
            layer.set_weights([
                random.uniform(0.5, 1.5, count), random.normal(0, 0.3, count),
                random.normal(0, 0.3, count), random.uniform(0.5, 1.5, count),
            ])
        elif shapes:
            kernel, bias = shapes
            scale = numpy.sqrt(2 / numpy.prod(kernel[:-1]))
            layer.set_weights([random.normal(0, scale, kernel), random.normal(0, 0.1, bias)])
            last = layer
    # These scores are so small that no probability is 0; from them the largest allowed factor is computed.
    kernel, bias = last.get_weights()
    last.set_weights([kernel / 1000, 0 * bias])
    scores = numpy.log(model.predict(pictures, batch_size=256, verbose=0).astype(float))
    scores -= scores.mean(axis=1, keepdims=True)
    mean = scores.mean(axis=0)
    factor = LARGEST_SCORE / abs(scores - mean).max()
    last.set_weights([kernel / 1000 * factor, bias - mean * factor])
