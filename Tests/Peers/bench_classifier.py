"""Measures training and prediction beside Keras 3: times, ratios, share of the GEMM rate, parity.

usage: bench_classifier.py [COLLECTION] [--architectures A …] [--batch-sizes N …] [--epochs N]
                           [--rounds N]

Both sides learn from the same pictures, with the same layers (Keras loads the file that the program
saved), batch size and number of epochs, and take turns in one run. Ratios are the figure to look at;
where other work keeps the cores busy, those of processor time are the steadier ones.
The program's seconds are those it reports for training alone; they include the dev set after every
epoch, turned pictures and the fit of the temperature, which Keras is spared.
"""

import argparse
import os
import pathlib
import statistics
import tempfile
import time

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")

import keras
import numpy
import tensorflow
from measuring import TYPES, chosen, judged, machine, parts, row, run, title

# Epochs that a round takes where the command line does not say: a few minutes for all of it.
EPOCHS = {"conv1l": 5, "conv2l": 5}
OTHER_EPOCHS = 1
TRAINING_BAR = 2.5
PREDICTING_BAR = 3.0
PARITY_BAR = 1e-4
# Pictures in a forward pass of Keras; the program has a size of its own.
PASS = 256
# Side of the square matrices whose product gives the machine's rate.
MATRIX = 2048


def gemm_rate():
    """The better of NumPy's and TensorFlow's single-precision products, in flop a second."""
    random = numpy.random.default_rng(0)
    left, right = random.random((2, MATRIX, MATRIX), numpy.float32)
    tensors = tensorflow.constant(left), tensorflow.constant(right)
    best = float("inf")
    for _ in range(4):
        for product in (lambda: left @ right, lambda: tensorflow.matmul(*tensors).numpy()):
            start = time.perf_counter()
            product()
            best = min(best, time.perf_counter() - start)
    return 2 * MATRIX**3 / best


def forward_flop(model):
    """Multiplications and additions of convolutions and dense layers for one picture."""
    total = 0
    for layer in model.layers:
        if isinstance(layer, (keras.layers.Conv2D, keras.layers.Dense)):
            # One product of the whole kernel for each pixel that is given.
            pixels = numpy.prod(layer.output.shape[1:-1], dtype=int)
            total += 2 * int(numpy.prod(layer.kernel.shape)) * int(pixels)
    return total


def trained_by_keras(model, part, batch, epochs):
    """Seconds of `fit`, and those of all its threads.

    Without the seconds in which Keras prepares itself for both sizes of batches.
    """
    pictures = part.pictures.astype(numpy.float32) / 255
    count = len(pictures)
    model.compile(keras.optimizers.Adam(1e-3), "sparse_categorical_crossentropy")
    first = min(count, batch + count % batch)
    model.fit(pictures[:first], part.labels[:first], batch_size=batch, verbose=0)
    start, processor = time.perf_counter(), time.process_time()
    model.fit(pictures, part.labels, batch_size=batch, epochs=epochs, verbose=0)
    return time.perf_counter() - start, time.process_time() - processor


def training(collection, folder, architecture, batch, epochs, rounds, part):
    """Trains with both programs by turns and prints their times; returns the file of the last network."""
    title(f"Training {architecture}, batch size {batch}, {epochs} epochs of "
          f"{len(part.keys):,} pictures, {rounds} rounds")
    file = folder / f"{architecture}.h5"
    shown = len(part.keys) * epochs
    ours, theirs, rates, processor = [], [], [], []
    for _ in range(rounds):
        outcome = run(
            "train", collection, "--architecture", architecture, "--batch-size", batch,
            "--epochs", epochs, "--output", file)
        ours.append(outcome.value["seconds"])
        # `train` also reads and evaluates all pictures.
        besides = run("evaluate", collection, "--model", file, "--split", "all").processor
        model = keras.models.load_model(file, compile=False)
        seconds, of_threads = trained_by_keras(model, part, batch, epochs)
        theirs.append(seconds)
        processor.append(of_threads / (outcome.processor - besides))
        rates.append(gemm_rate())
    ratio = statistics.median(k / o for k, o in zip(theirs, ours, strict=True))
    # A weight takes part in three products: forward, gradient of the input, its own gradient.
    done = 3 * forward_flop(model) * shown
    row("geoatlas, an image and epoch", f"{min(ours) / shown * 1e6:.0f} µs")
    row("Keras 3, an image and epoch", f"{min(theirs) / shown * 1e6:.0f} µs")
    bar = judged(ratio, TRAINING_BAR, " x") if architecture == "conv2l" else ""
    row("Keras / geoatlas, median of the rounds", f"{ratio:.2f} x", bar)
    row("  of each round", ", ".join(f"{k / o:.2f}" for k, o in zip(theirs, ours, strict=True)))
    row("Keras / geoatlas in processor time", f"{statistics.median(processor):.2f} x")
    row("multiplications and additions, an image and epoch",
        f"{3 * forward_flop(model) / 1e6:.1f} Mflop", "forward x 3, convolutions and dense layers")
    row("measured f32 GEMM rate", f"{max(rates) / 1e9:.0f} Gflop/s",
        f"{MATRIX} x {MATRIX}, better of NumPy and TensorFlow")
    row("geoatlas' share of it", f"{done / min(ours) / max(rates):.0%}")
    row("Keras' share of it", f"{done / min(theirs) / max(rates):.0%}")
    return file


def predicting(collection, file, data, rounds):
    """Both sides predict all pictures; then their probabilities are compared."""
    keys = [key for part in data for key in part.keys]
    pictures = numpy.concatenate([part.pictures for part in data]).astype(numpy.float32) / 255
    title(f"Predicting {len(keys):,} pictures with {file.stem}, {rounds} rounds")
    model = keras.models.load_model(file, compile=False)
    model.predict(pictures[: PASS + len(pictures) % PASS], batch_size=PASS, verbose=0)
    ours, theirs, processor = [], [], []
    for _ in range(rounds):
        outcome = run("evaluate", collection, "--model", file, "--split", "all")
        ours.append(outcome.stages["classify"])
        # Both runs read all pictures, so the difference is the time of predicting the other sets.
        besides = run("evaluate", collection, "--model", file, "--split", "test").processor
        of_threads = (outcome.processor - besides) / (len(keys) - len(data[-1].keys))
        start, before = time.perf_counter(), time.process_time()
        expected = model.predict(pictures, batch_size=PASS, verbose=0)
        theirs.append(time.perf_counter() - start)
        processor.append((time.process_time() - before) / len(keys) / of_threads)
    # Times of stages are rounded to a tenth of a second, so sums are compared.
    row("geoatlas, an image", f"{sum(ours) / rounds / len(keys) * 1e6:.0f} µs")
    row("Keras 3, an image", f"{sum(theirs) / rounds / len(keys) * 1e6:.0f} µs")
    if sum(ours) > 0:
        ratio = sum(theirs) / sum(ours)
        row("Keras / geoatlas", f"{ratio:.2f} x", judged(ratio, PREDICTING_BAR, " x"))
    row("Keras / geoatlas in processor time", f"{statistics.median(processor):.2f} x")
    results = run("classify", "--model", file, collection).value
    rows = {
        result["key"]: [result["probabilities"][name] for name in TYPES]
        for result in results if "error" not in result
    }
    found = numpy.array([rows[key] for key in keys])
    deviation = abs(found - expected).max()
    row("largest difference of any probability", f"{deviation:.1e}",
        f"bar {PARITY_BAR}: {'met' if deviation <= PARITY_BAR else 'MISSED'}")


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("collection", nargs="?")
    parser.add_argument("--architectures", nargs="+", default=["conv2l", "smallvgg"])
    parser.add_argument("--batch-sizes", nargs="+", type=int, default=[128, 16])
    parser.add_argument("--epochs", type=int)
    parser.add_argument("--rounds", type=int, default=2)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        collection = chosen(options.collection, folder)
        data = parts(collection, folder)
        print(f"{collection.name}, {machine()}, Keras {keras.__version__}, "
              f"TensorFlow {tensorflow.__version__}")
        for architecture in options.architectures:
            epochs = options.epochs or EPOCHS.get(architecture, OTHER_EPOCHS)
            for batch in options.batch_sizes:
                file = training(
                    collection, folder, architecture, batch, epochs, options.rounds, data[0])
            predicting(collection, file, data, options.rounds + 1)
        print(f"\n{machine()} at the end")


if __name__ == "__main__":
    main()
