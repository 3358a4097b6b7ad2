"""Measures the program beside its peers; prints a table of times, ratios, memory and deviations.

usage: bench.py [COLLECTION]

The collection is ../shared/data/geotechnical_images.zip where it exists, else a sample drawn here.
Ratios are the figure to look at: machines are noisy, and both sides run in the same minute.
"""
import json
import os
import pathlib
import re
import sys
import tempfile
import time

import h5py
import numpy
from measuring import PROGRAM, ROOT, SHARED, watched
from scipy.spatial.distance import cdist
from sklearn.cluster import KMeans

# Candidates that the peers compare with all targets, so that they finish in seconds.
CANDIDATES = 500


def run(*arguments, cwd=None):
    """Runs geoatlas; returns its output, its seconds and its peak of memory in bytes."""
    done = watched([PROGRAM, *arguments, "--json", "--quiet"], cwd)
    return json.loads(done.output), done.seconds, done.memory


def row(what, value, bar=""):
    print(f"  {what:<58} {value:>18}   {bar}")


def build(collection, folder):
    print("\nCold build: geoatlas build --classifier conv2l --epochs 5 --folds 0")
    result, seconds, memory = run(
        "build", collection, "--classifier", "conv2l", "--epochs", 5, "--folds", 0,
        "--output", folder / "public", "--workspace", folder / "workspace",
        "--review", folder / "review", "--content", ROOT / "content",
        "--templates", ROOT / "templates", cwd=folder)
    row("pictures", f"{result['images']:,}")
    row("pages", f"{result['pages']:,}")
    row("whole build", f"{seconds:.1f} s", "bar 150 s for 26,398 pictures")
    row("peak memory", f"{memory / 2**30:.2f} GiB", "bar 2 GiB")
    for stage, time_taken in result["seconds"].items():
        row(f"  {stage}", f"{time_taken:.1f} s")
    row("size of the atlas", f"{result['bytes'] / 1e6:.0f} MB")
    row("accuracy on the test set", f"{result['accuracy']:.4f}")
    page = (folder / "public/models.html").read_text()
    shown = re.search(r"(\d+\.\d)[\s\u202f\u2009]*%", page).group(1)
    row("the same on the models page", f"{shown} %", "bar: the same number")
    checked, seconds, _ = run("check", folder / "public")
    row("check: files, problems", f"{checked['files']:,}, {len(checked['problems'])}", "bar 0")
    row("check", f"{seconds:.1f} s")
    _, seconds, _ = run(
        "build", collection, "--classifier", "conv2l", "--epochs", 5, "--folds", 0,
        "--output", folder / "public", "--workspace", folder / "workspace",
        "--review", folder / "review", "--content", ROOT / "content",
        "--templates", ROOT / "templates", cwd=folder)
    row("the same build again", f"{seconds:.1f} s")


def vectors(collection, folder):
    """Model vectors and keys in key order, as the program stores them."""
    file = folder / "dataset.h5"
    run("dataset", collection, "--output", file, "--vectors")
    run("neighbours", collection, "--output", folder / "n.h5", "--model", "pairwise")
    with h5py.File(file) as data, h5py.File(folder / "n.h5") as found:
        return data["vectors"][::4], [key.decode() for key in found["keys"]]


def pairwise(collection, folder, pictures):
    print("\nPairwise correlation distance, all pairs, 12 targets each")
    result, _, _ = run("neighbours", collection, "--output", folder / "n.h5", "--model", "pairwise")
    ours = result["seconds"]["pairwise"]
    count = min(CANDIDATES, len(pictures))
    start = time.monotonic()
    distances = cdist(
        pictures[:count].astype(float), pictures.astype(float), metric="correlation")
    scipy = (time.monotonic() - start) * len(pictures) / count
    row("geoatlas, all candidates", f"{ours:.1f} s")
    row(f"SciPy cdist, {count} candidates, scaled to all", f"{scipy:.0f} s")
    centred = pictures.astype(numpy.float32)
    centred -= centred.mean(axis=1, keepdims=True)
    centred /= numpy.linalg.norm(centred, axis=1, keepdims=True)
    start = time.monotonic()
    for first in range(0, len(pictures), 1000):
        products = centred[first:first + 1000] @ centred.T
        numpy.argpartition(-products, min(13, len(pictures) - 1), axis=1)
    blas = time.monotonic() - start
    row("NumPy sgemm in blocks and argpartition, all (inexact)", f"{blas:.1f} s")
    row("SciPy / geoatlas", f"{scipy / ours:.0f} x")
    row("NumPy / geoatlas", f"{blas / ours:.1f} x")
    with h5py.File(folder / "n.h5") as found:
        indices = found["pairwise/indices"][:count]
        given = found["pairwise/distances"][:count]
    numpy.fill_diagonal(distances, numpy.inf)
    known = numpy.take_along_axis(distances, indices, axis=1)
    row("largest deviation from SciPy", f"{abs(known - given).max():.1e}", "bar 1e-9")
    beaten = (numpy.sort(distances, axis=1)[:, :12] < given - 1e-9).sum()
    row("targets that SciPy finds nearer", f"{beaten}", "bar 0")


def expected(folder, keys):
    """The stored results of SciPy on the reference collection: keys, order, distances."""
    file = SHARED / "expected/pairwise_correlation_top12.json"
    if not file.exists():
        return
    with h5py.File(folder / "n.h5") as found:
        indices, distances = found["pairwise/indices"][:], found["pairwise/distances"][:]
    place = {key: index for index, key in enumerate(keys)}
    wrong, deviation = 0, 0.0
    queries = json.loads(file.read_text())["queries"]
    for key, targets in queries.items():
        mine = [keys[index] for index in indices[place[key]]]
        wrong += mine != [target["key"] for target in targets]
        pairs = zip(distances[place[key]], (target["distance"] for target in targets), strict=False)
        deviation = max(deviation, max(abs(a - b) for a, b in pairs))
    row(f"stored candidates with other targets, of {len(queries)}", f"{wrong}", "bar 0")
    row("largest deviation from the stored distances", f"{deviation:.1e}", "bar 1e-9")


def clusters(collection, pictures):
    print("\nK-Means, elbow curve 1 to 10, 10 starts each")
    result, _, _ = run("cluster", collection)
    row("geoatlas", f"{result['seconds']:.1f} s")
    k = 6
    data = pictures.astype(numpy.float32) / 255
    start = time.monotonic()
    peer = KMeans(n_clusters=k, n_init=10, random_state=0).fit(data)
    seconds = time.monotonic() - start
    own, _, _ = run("cluster", collection, "--k", k)
    row(f"scikit-learn, k = {k} alone", f"{seconds:.1f} s")
    row(f"geoatlas, k = {k} alone", f"{own['seconds']:.1f} s")
    row("scikit-learn / geoatlas", f"{seconds / own['seconds']:.1f} x")
    row(f"inertia, ours / theirs, k = {k}", f"{own['inertia'][str(k)] / peer.inertia_:.5f}", "bar 1.005")


def main():
    if not PROGRAM.exists():
        sys.exit(f"{PROGRAM} is missing. Run \"make build\" first.")
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        collection = pathlib.Path(
            sys.argv[1] if len(sys.argv) > 1 else SHARED / "data/geotechnical_images.zip").resolve()
        if not collection.exists():
            collection = folder / "sample.zip"
            run("sample", collection, "--per-type", 200)
        print(f"{collection.name}, {os.cpu_count()} cores")
        build(collection, folder)
        pictures, keys = vectors(collection, folder)
        pairwise(collection, folder, pictures)
        if collection.name == "geotechnical_images.zip":
            expected(folder, keys)
        clusters(collection, pictures)


main()
