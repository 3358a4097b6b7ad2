"""How often the default build names photographs as they are labelled, beside trees and a support vector machine.

usage: bench_photographs.py [COLLECTION …] [--seeds N] [--classifiers A …] [--no-times] [--costs]

Splits each collection N times into training, dev and test set, 70 : 18 : 12 for each type, so that a group
(`geoatlas groups`) is in one set. Builds its atlas with all options as they are, trains each classifier,
and fits peers of scikit-learn on the same sets: extremely randomised trees, and a support vector machine
whose cost the dev set chooses, on histograms of hue, saturation and value, local binary patterns and
histograms of gradients of scikit-image, all at 128 pixels. Intervals are Wilson's for as many pictures as one
test set has, because the test sets of the seeds overlap.

With `--costs` it only trains each classifier once on the program's own split, with seed 0, and prints what it
costs and gives: processor seconds of the whole command with one thread, and shares of the dev and the test set.
"""

import argparse
import io
import json
import math
import pathlib
import re
import shutil
import subprocess
import tempfile
import time
import zipfile
from typing import NamedTuple

import h5py
import numpy
from measuring import PROGRAM, SHARED, machine, row, run, title, watched
from PIL import Image
from skimage.color import rgb2hsv
from skimage.feature import hog, local_binary_pattern
from sklearn.ensemble import ExtraTreesClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC

COLLECTIONS = [SHARED / f"data/{name}.zip" for name in ("thinsections-3types", "textures-10types")]
SHARES = (0.70, 0.88)  # Ends of the training and the dev set.
FOLDERS = ["train", "valid", "test"]
SIDE = 128
COSTS = [0.3, 1, 3, 10, 30]
# Seconds of a default build of so many photographs, on 2 cores.
TIME_BARS = [(300, 90), (2_000, 300)]
# Points of a percent by which the mean over the collections is to be above the better peer.
AIM = 3


class Photographs(NamedTuple):
    """The labelled pictures of a collection, in key order."""

    keys: list
    files: list  # (name, bytes)
    labels: numpy.ndarray  # index into `types`
    types: list
    groups: numpy.ndarray  # the first member of the group of each
    own: numpy.ndarray  # 0, 1, 2: the set of the program's own split


def photographs(archive):
    with tempfile.TemporaryDirectory() as folder:
        file = pathlib.Path(folder) / "data.h5"
        run("dataset", archive, "--output", file)
        found = {}
        with h5py.File(file) as data:
            for number, name in enumerate(("Train", "Dev", "Test")):
                for key, label in zip(data[f"keys_{name.lower()}"], data[f"Y_{name}_Orig"], strict=True):
                    found[key.decode()] = (label.decode(), number)
    keys = sorted(found, key=str.encode)
    types = sorted({label for label, _ in found.values()})
    place = {key: index for index, key in enumerate(keys)}
    groups = numpy.arange(len(keys))
    for members in run("groups", archive).value["groups"]:
        known = [place[key] for key in members if key in place]
        groups[known] = min(known, default=0)
    with zipfile.ZipFile(archive) as content:
        names = {}
        for name in content.namelist():
            path = pathlib.PurePosixPath(name)
            names.setdefault(f"{path.parent.name.lower()}/{path.stem}", name)
        missing = [key for key in keys if key not in names]
        if missing:
            raise SystemExit(f"{archive}: {missing[0]} is in no folder of its type.")
        files = [(pathlib.PurePosixPath(names[key]).name, content.read(names[key])) for key in keys]
    return Photographs(
        keys, files, numpy.array([types.index(found[key][0]) for key in keys]), types, groups,
        numpy.array([found[key][1] for key in keys]))


def divided(pictures, seed):
    """The set of each picture; the first seed is the program's own split."""
    if seed == 0:
        return pictures.own
    random = numpy.random.default_rng(seed)
    sets = numpy.zeros(len(pictures.keys), int)
    groups = numpy.unique(pictures.groups)
    types = numpy.array([
        numpy.bincount(pictures.labels[pictures.groups == group]).argmax() for group in groups])
    for kind in range(len(pictures.types)):
        own = random.permutation(groups[types == kind])
        sizes = numpy.array([(pictures.groups == group).sum() for group in own])
        middles = (numpy.cumsum(sizes) - sizes / 2) / sizes.sum()
        for group, middle in zip(own, middles, strict=True):
            sets[pictures.groups == group] = numpy.searchsorted(SHARES, middle, side="right")
    return sets


def features(content):
    """Histograms of colours, local binary patterns and gradients of a picture at 128 pixels."""
    picture = numpy.asarray(Image.open(io.BytesIO(content)).convert("RGB").resize((SIDE, SIDE)))
    hsv = rgb2hsv(picture)
    parts = [numpy.histogram(hsv[..., channel], bins=32, range=(0, 1))[0] for channel in range(3)]
    parts.append(numpy.histogramdd(hsv.reshape(-1, 3), bins=(8, 4, 4), range=[(0, 1)] * 3)[0].ravel())
    grey = picture @ numpy.array([0.299, 0.587, 0.114])
    for points, radius in ((8, 1), (16, 2), (24, 3)):
        patterns = local_binary_pattern(grey.round().astype(numpy.uint8), points, radius, "uniform")
        parts.append(numpy.bincount(patterns.astype(int).ravel(), minlength=points + 2))
    shares = [part / max(1, part.sum()) for part in parts]
    gradients = hog(grey, orientations=9, pixels_per_cell=(32, 32), cells_per_block=(2, 2))
    return numpy.concatenate([*shares, gradients])


def peers(values, labels, sets, seed):
    """Shares of the test set that trees and the support vector machine predict as labelled."""
    train, dev, test = (sets == number for number in range(3))
    trees = ExtraTreesClassifier(500, n_jobs=-1, random_state=seed).fit(values[train], labels[train])
    machines = [
        make_pipeline(StandardScaler(), SVC(C=cost)).fit(values[train], labels[train]) for cost in COSTS]
    best = max(machines, key=lambda found: found.score(values[dev], labels[dev]))
    return {"trees": trees.score(values[test], labels[test]), "SVM": best.score(values[test], labels[test])}


def written(pictures, sets, folder):
    """The collection as folders train, valid and test."""
    for (name, content), label, part, key in zip(
        pictures.files, pictures.labels, sets, pictures.keys, strict=True
    ):
        place = folder / FOLDERS[part] / pictures.types[label]
        place.mkdir(parents=True, exist_ok=True)
        file = place / name
        if file.exists():
            file = place / f"{key.split('/')[1]}{file.suffix}"
        file.write_bytes(content)
    return folder


def built(collections, place, *options):
    """The result of a default build, the classifier that it took, and seconds."""
    process = watched([
        PROGRAM, "build", *collections, "--output", place / "public", "--workspace", place / "workspace",
        "--review", place / "review", *options, "--json", "--quiet"], cwd=place)
    page = (place / "public/models.html").read_text()
    name = re.search(r"<b>([^<]+)</b>", page)
    return json.loads(process.output), name.group(1) if name else "?", process.seconds


def names():
    """Classifiers that `geoatlas train --help` lists."""
    text = subprocess.run(
        [PROGRAM, "train", "--help"], capture_output=True, text=True, check=True).stdout
    return re.search(r"--architecture <a> One of: ([a-z0-9, ]+)\.", " ".join(text.split())).group(1).split(", ")


def interval(share, count):
    """Wilson's 95 % interval."""
    z = 1.959964
    centre = (share + z * z / (2 * count)) / (1 + z * z / count)
    half = z / (1 + z * z / count) * math.sqrt(share * (1 - share) / count + z * z / (4 * count * count))
    return centre - half, centre + half


def compared(archive, seeds, classifiers):
    """Mean shares by name for one collection, and the size of its test set."""
    pictures = photographs(archive)
    title(f"{archive.name}: {len(pictures.keys):,} photographs, {len(pictures.types)} types, "
          f"{len(numpy.unique(pictures.groups)):,} groups; {machine()}")
    values = numpy.array([features(content) for _, content in pictures.files])
    shares, seconds, taken = {}, {}, []
    for seed in range(seeds):
        sets = divided(pictures, seed)
        with tempfile.TemporaryDirectory() as folder:
            place = pathlib.Path(folder)
            collection = written(pictures, sets, place / "photographs")
            result, name, time_taken = built([collection], place, "--split", "folders")
            taken.append(name)
            shares.setdefault("default build", []).append(result["accuracy"])
            seconds.setdefault("default build", []).append(time_taken)
            for classifier in classifiers:
                trained = run(
                    "train", collection, "--split", "folders", "--architecture", classifier, "--output",
                    place / "m.h5", "--seed", seed).value
                shares.setdefault(classifier, []).append(trained["accuracy"]["test"])
                seconds.setdefault(classifier, []).append(trained["seconds"])
        start = time.monotonic()
        for peer, share in peers(values, pictures.labels, sets, seed).items():
            shares.setdefault(peer, []).append(share)
        seconds.setdefault("trees", []).append(time.monotonic() - start)
    count = int(sum((divided(pictures, seed) == 2).sum() for seed in range(seeds)) / seeds)
    row(f"right on the test set, mean of {seeds} (one has {count} pictures)", "share", "interval, seconds")
    for name, found in shares.items():
        mean = float(numpy.mean(found))
        low, high = interval(mean, count)
        took = f", {numpy.mean(seconds[name]):.1f} s" if name in seconds else ""
        row(name, f"{mean:.1%}", f"{low:.1%} to {high:.1%}{took}")
    row("classifiers that the default build took", " ".join(taken))
    return {name: float(numpy.mean(found)) for name, found in shares.items()}, count


def verdict(results):
    title("Bars")
    for name, (shares, count) in results.items():
        own = shares["default build"]
        for peer in ("trees", "SVM"):
            low, _ = interval(shares[peer], count)
            row(f"{name}: default build, {peer}", f"{own:.1%}, {shares[peer]:.1%}", (
                f"bar {low:.1%}: {'met' if own >= low else 'MISSED'}"))
    mean = {
        name: numpy.mean([shares[name] for shares, _ in results.values()])
        for name in ("default build", "trees", "SVM")}
    better = max(mean["trees"], mean["SVM"])
    own = mean["default build"]
    row("mean over the collections: default build, better peer", f"{own:.1%}, {better:.1%}", (
        f"bar {better:.1%}: {'met' if own >= better else 'MISSED'}; "
        f"aim {better + AIM / 100:.1%}: {'met' if own >= better + AIM / 100 else 'missed'}"))


def times(archives):
    """Seconds of default builds of so many photographs of all collections."""
    title(f"Time of a default build; {machine()}")
    found = []
    for archive in archives:
        with zipfile.ZipFile(archive) as content:
            for name in content.namelist():
                if name.lower().endswith((".jpg", ".jpeg", ".png")):
                    found.append((pathlib.PurePosixPath(name), content.read(name)))
    for count, bar in TIME_BARS:
        chosen = [found[number * len(found) // count] for number in range(min(count, len(found)))]
        with tempfile.TemporaryDirectory() as folder:
            place = pathlib.Path(folder)
            for number, (path, content) in enumerate(chosen):
                target = place / "photographs" / path.parent.name / f"{number:05}{path.suffix}"
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(content)
            _, name, seconds = built([place / "photographs"], place)
            shutil.rmtree(place / "public")
        row(f"{len(chosen):,} photographs ({name}): seconds", f"{seconds:.1f}", (
            f"bar {bar} s: {'met' if seconds <= bar else 'MISSED'}"))


def costs(archive, classifiers):
    """Prints what each classifier costs and gives."""
    title(f"{archive.name}: one training on the program's own split, seed 0; {machine()}")
    row("classifier", "processor seconds", "dev, test")
    with tempfile.TemporaryDirectory() as folder:
        for classifier in classifiers:
            trained = run(
                "train", archive, "--architecture", classifier, "--output", pathlib.Path(folder) / "m.h5",
                "--seed", 0, "--jobs", 1)
            found = trained.value["accuracy"]
            row(classifier, f"{trained.processor:.0f}", f"{found['dev']:.1%}, {found['test']:.1%}")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("collections", nargs="*", type=pathlib.Path, default=COLLECTIONS)
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--classifiers", nargs="*")
    parser.add_argument("--no-times", action="store_true")
    parser.add_argument("--costs", action="store_true")
    options = parser.parse_args()
    archives = [path.resolve() for path in options.collections]
    classifiers = names() if options.classifiers is None else options.classifiers
    if options.costs:
        for path in archives:
            costs(path, classifiers)
        return
    verdict({path.stem: compared(path, options.seeds, classifiers) for path in archives})
    if not options.no_times:
        times(archives)


if __name__ == "__main__":
    main()
