"""How often networks that the program trains are right on the test set, over several seeds.

usage: bench_accuracy.py [COLLECTION] [--architectures A …] [--splits groups random] [--seeds N] [--epochs N]
                         [--batch-size N] [--deep] [--curve] [--curve-epochs N …]

Trains with the split by groups and with the random one. Besides the whole test set it judges its pictures
whose group has no training picture, and those that are no near copies of training pictures: those nearer
than 0.01 in correlation distance, upright or in any of the eight forms that turning and mirroring give.
Intervals count groups. The bars are for the split by groups. --deep trains `deep` with three seeds after
the others; --curve prints the accuracy against the seconds of training for every architecture at several
numbers of epochs.
"""

import argparse
import math
import pathlib
import re
import subprocess
import sys
import tempfile
from typing import NamedTuple

import numpy
from measuring import PROGRAM, TYPES, chosen, judged, machine, parts, row, run, title

# Mean over the seeds, and the worst of them.
BARS = {"conv2l": (0.965, 0.955), "deep": (0.988, 0.985)}
# `deep` is to reach this within so many seconds.
CURVE_BAR = (0.985, 60)
CURVE_EPOCHS = [1, 2, 3, 5, 8, 12, 20]
DEEP_SEEDS = 3
# Correlation distance below which a training picture is a near copy.
NEAR = 0.01


class Run(NamedTuple):
    """A trained network and its results on the test set."""

    seconds: float
    epochs: int
    right: numpy.ndarray  # (tests,) whether the label was predicted


def architectures():
    """Names that `geoatlas train --help` lists."""
    help_text = subprocess.run(
        [PROGRAM, "train", "--help"], capture_output=True, text=True, check=True).stdout
    found = re.search(r"--architecture <a> One of: ([a-z0-9, ]+)\.", " ".join(help_text.split()))
    return found.group(1).split(", ")


def nearest(test, train, forms):
    """Correlation distance of each test picture, in its best form, to the nearest training picture."""
    learned = normalised(train)
    best = numpy.full(len(test), -numpy.inf, numpy.float32)
    for form in range(forms):
        turned = numpy.rot90(test, form % 4, axes=(1, 2))
        asked = normalised(turned[:, :, ::-1] if form >= 4 else turned)
        for start in range(0, len(asked), 500):
            products = asked[start:start + 500] @ learned.T
            best[start:start + 500] = numpy.maximum(best[start:start + 500], products.max(axis=1))
    return 1 - best


def normalised(pictures):
    """Vectors of mean 0 and length 1, whose products are correlations; 0 for constant pictures."""
    vectors = pictures.reshape(len(pictures), -1).astype(numpy.float32)
    vectors -= vectors.mean(axis=1, keepdims=True)
    lengths = numpy.linalg.norm(vectors, axis=1, keepdims=True)
    return vectors / numpy.where(lengths > 0, lengths, 1)


def grouped(collection):
    """The group of each picture that belongs to one, by key."""
    groups = run("groups", collection).value["groups"]
    return {key: number for number, keys in enumerate(groups) for key in keys}


def clustered(right, groups):
    """The number of independent pictures that say as much about a share as these, which are in groups.

    The variance of the share is the cluster-robust one of a mean.
    """
    share, count = right.mean(), len(right)
    _, cluster = numpy.unique(groups, return_inverse=True)
    residuals = numpy.bincount(cluster, right - share)
    number = len(residuals)
    variance = (residuals ** 2).sum() * number / (number - 1) / count ** 2
    return min(count, share * (1 - share) / variance) if variance > 0 else count


def wilson(share, count, z=1.959964):
    """The 95 % interval of E. B. Wilson (1927) for a share of `count`."""
    centre = (share + z * z / (2 * count)) / (1 + z * z / count)
    reach = z / (1 + z * z / count) * math.sqrt(
        share * (1 - share) / count + z * z / (4 * count * count))
    return centre - reach, centre + reach


def trained(collection, folder, architecture, seed, test, split, epochs=None, batch_size=None):
    """Trains with a seed and asks the saved network about each test picture."""
    file = folder / "model.h5"
    options = ["--architecture", architecture, "--seed", seed, "--output", file, "--split", split]
    options += ["--epochs", epochs] if epochs else []
    options += ["--batch-size", batch_size] if batch_size else []
    result = run("train", collection, *options).value
    answers = run("classify", "--model", file, collection).value
    predicted = {answer["key"]: answer["predicted"] for answer in answers if "error" not in answer}
    right = numpy.array([
        predicted[key] == TYPES[label]
        for key, label in zip(test.keys, test.labels, strict=True)
    ])
    if abs(right.mean() - result["accuracy"]["test"]) > 1e-9:
        sys.exit(f"train says {result['accuracy']['test']}, classify gives {right.mean()}")
    return Run(result["seconds"], result["epochs"], right)


def accuracy_row(what, runs, groups, bar=None):
    """The mean over the runs, with the interval that the groups of the pictures allow for the first run."""
    mean = sum(right.mean() for right in runs) / len(runs)
    low, high = wilson(mean, clustered(runs[0], groups))
    row(what, f"{mean:.4f}", f"95 % interval {low:.4f} to {high:.4f}"
        + (f", {judged(mean, bar)}" if bar else ""))


class Judging(NamedTuple):
    """What the networks of a split are judged on."""

    split: str
    test: object  # a Part
    groups: numpy.ndarray  # (tests,) number of the group
    kept: dict  # by what is left out, which test pictures are kept


def over_seeds(collection, folder, architecture, seeds, judging, options):
    """Trains once a seed; prints every run, their mean and the worst."""
    split, test, groups, kept = judging
    title(f"{architecture}, split by {split}, {seeds} seeds")
    runs = []
    for seed in range(seeds):
        result = trained(
            collection, folder, architecture, seed, test, split, options.epochs,
            options.batch_size)
        runs.append(result)
        row(f"seed {seed}, {result.epochs} epochs", f"{result.right.mean():.4f}",
            f"{result.seconds:.1f} s of training")
    mean_bar, worst_bar = BARS.get(architecture, (None, None)) if split == "groups" else (None, None)
    shares = [result.right.mean() for result in runs]
    accuracy_row("mean", [result.right for result in runs], groups, mean_bar)
    for label, name in enumerate(TYPES):
        row(f"mean of {name}", f"{numpy.mean([r.right[test.labels == label].mean() for r in runs]):.4f}")
    row("worst", f"{min(shares):.4f}", judged(min(shares), worst_bar) if worst_bar else "")
    row("right in every run", f"{numpy.all([r.right for r in runs], axis=0).mean():.4f}")
    for name, mask in kept.items():
        shares = [result.right[mask].mean() for result in runs]
        accuracy_row(
            f"mean without {name}", [result.right[mask] for result in runs], groups[mask], mean_bar)
        row(f"worst without {name}", f"{min(shares):.4f}")


def curve(collection, folder, names, epochs, test):
    """Accuracy against seconds for every architecture, and which ones reach the required accuracy in time."""
    title("Accuracy on the test set against seconds of training, seed 0")
    bar, limit = CURVE_BAR
    in_time = []
    for name in names:
        for count in epochs:
            result = trained(collection, folder, name, 0, test, "groups", epochs=count)
            share = result.right.mean()
            # A mark each half of a percent from 70 % on.
            mark = "·" * max(0, round((share - 0.7) * 200))
            row(f"{name}, {count} epochs, {result.seconds:.1f} s", f"{share:.4f}", mark)
            if share >= bar and result.seconds <= limit:
                in_time.append((result.seconds, name, count))
    if in_time:
        seconds, name, count = min(in_time)
        row(f"{bar} within {limit} s", "met", f"{name}, {count} epochs, {seconds:.1f} s")
    else:
        row(f"{bar} within {limit} s", "MISSED")


def judging_of(collection, folder, split, groups):
    """The test pictures of a split, and which of them are like training pictures."""
    train, _, test = parts(collection, folder, "--split", split)
    title(f"Split by {split}: {len(train.keys):,} training and {len(test.keys):,} test pictures")
    seen = {groups[key] for key in train.keys if key in groups}
    kept = {"groups seen": numpy.array([groups.get(key) not in seen for key in test.keys])}
    row("of groups with training pictures among them", f"{(~kept['groups seen']).sum()}")
    for what, forms in (("near copies", 1), ("near copies in any form", 8)):
        kept[what] = nearest(test.pictures, train.pictures, forms) >= NEAR
        row(f"{what} of training pictures among them", f"{(~kept[what]).sum()}",
            f"correlation distance below {NEAR}")
    # A picture outside all groups is a group of its own.
    numbers = numpy.array([
        groups.get(key, len(groups) + place) for place, key in enumerate(test.keys)])
    return Judging(split, test, numbers, kept)


def main():
    known = architectures()
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("collection", nargs="?")
    parser.add_argument("--architectures", nargs="*", default=["conv2l"], choices=known)
    parser.add_argument("--splits", nargs="+", default=["groups", "random"],
                        choices=["groups", "random"])
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--epochs", type=int, help="default: what the program takes")
    parser.add_argument("--batch-size", type=int, help="default: what the program takes")
    parser.add_argument("--deep", action="store_true", help="three seeds of deep as well")
    parser.add_argument("--curve", action="store_true", help="accuracy against seconds as well")
    parser.add_argument("--curve-epochs", nargs="+", type=int, default=CURVE_EPOCHS)
    options = parser.parse_args()
    if options.deep and "deep" not in known:
        parser.error(f"this program knows no deep, only {', '.join(known)}")
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        collection = chosen(options.collection, folder)
        print(f"{collection.name}, {machine()}; the bars are those of the reference collection")
        groups = grouped(collection)
        for split in options.splits:
            judging = judging_of(collection, folder, split, groups)
            for architecture in options.architectures:
                over_seeds(collection, folder, architecture, options.seeds, judging, options)
            if options.deep:
                over_seeds(collection, folder, "deep", DEEP_SEEDS, judging, options)
            if options.curve and split == "groups":
                curve(collection, folder, known, options.curve_epochs, judging.test)
        print(f"\n{machine()} at the end")


if __name__ == "__main__":
    main()
