"""Measures the map beside openTSNE, UMAP and PaCMAP.

usage: bench_map.py [COLLECTION] [--pictures 8000] [--network NETWORK] [--part beside,whole,large]

Part "beside": all lay out the same pictures by the same features, those of a network of two convolutions, with
the cosine distance and all cores, in the same minutes. Recall is the share of the 12 nearest by the features that
are among the 12 nearest on the map; trustworthiness is that of scikit-learn. Of the grid the distance preservation
quality of Barthel and others (2023) is told by vc-flas, which keeps some matrices of all pairs in memory.

Part "whole": the seconds of the map and of its tiles, all pictures of the collection. Tiles are drawn together
with the thumbnails. So the bench removes them, builds again, and prints the time of that stage, which then makes
only the tiles.

Part "large": the same of 120,000 pictures, those of the collection and noisy copies of them, and what the page
of the map loads before its tiles.

The collection is ../shared/data/geotechnical_images.zip, and the network ../shared/data/keras/model_2L.h5.
"""

import argparse
import os
import pathlib
import shutil
import tempfile
import time
import zipfile

import h5py
import numpy
import pacmap
import umap
from bench_scale import enlarge
from measuring import ROOT, SHARED, machine, row, run, title
from openTSNE import TSNE
from scipy.spatial import cKDTree
from sklearn.manifold import trustworthiness

try:
    from vc_flas.metrics import distance_preservation_quality
except ImportError:
    # It has no release for this Python.
    distance_preservation_quality = None

TOP = 12
# Bars: seconds of positions and tiles of the whole collection, bytes of the page's data, pictures at most.
SECONDS, DATA, LARGE = 12, 1_500_000, 120_000


def weights_of(network):
    """The arrays of a Keras file, by the name of the layer and their own."""
    found = {}

    def take(name, item):
        if hasattr(item, "shape"):
            layer, array = name.split("/")[0], name.split("/")[-1].removesuffix(":0")
            found[layer, array] = item[()].astype(numpy.float32)

    with h5py.File(network) as file:
        file["model_weights"].visititems(take)
    return found


def features_of(pictures, weights):
    """What the last layer of the network reads, `(n, 2304)`."""
    values = numpy.pad(pictures.astype(numpy.float32) / 255, ((0, 0), (2, 2), (2, 2), (0, 0)))
    for block in "01":
        conv, norm = f"conv{block}", f"bn{block}"
        windows = numpy.lib.stride_tricks.sliding_window_view(values, (3, 3), axis=(1, 2))
        windows = windows.transpose(0, 1, 2, 4, 5, 3)
        kernel = weights[conv, "kernel"]
        n, height, width = windows.shape[:3]
        values = windows.reshape(n * height * width, -1) @ kernel.reshape(-1, kernel.shape[-1])
        values = values.reshape(n, height, width, -1) + weights[conv, "bias"]
        spread = numpy.sqrt(weights[norm, "moving_variance"] + 1e-3)
        values = (values - weights[norm, "moving_mean"]) / spread
        values = numpy.maximum(values * weights[norm, "gamma"] + weights[norm, "beta"], 0)
        height, width = height // 2 * 2, width // 2 * 2
        values = values[:, :height, :width]
        values = values.reshape(n, height // 2, 2, width // 2, 2, -1).max(axis=(2, 4))
    return values.reshape(len(values), -1)


def nearest(features):
    """For each row the TOP rows with the least cosine distance."""
    unit = features / numpy.maximum(numpy.linalg.norm(features, axis=1, keepdims=True), 1e-12)
    found = []
    for start in range(0, len(unit), 500):
        product = unit[start:start + 500] @ unit.T
        product[numpy.arange(len(product)), numpy.arange(start, start + len(product))] = -2
        found.append(numpy.argpartition(-product, TOP, axis=1)[:, :TOP])
    return numpy.concatenate(found)


def recall(places, neighbours):
    _, near = cKDTree(places).query(places, TOP + 1)
    shares = [len(set(own[own != index][:TOP]) & set(wanted)) / TOP
              for index, (own, wanted) in enumerate(zip(near, neighbours, strict=True))]
    return float(numpy.mean(shares))


def quality(features, cells, columns):
    """The distance preservation quality of a grid, as words; features of one length, so that cosines decide."""
    if distance_preservation_quality is None:
        return "not measured, vc-flas is missing"
    sheet = numpy.zeros((-(-len(cells) // columns) * columns, features.shape[1]), numpy.float32)
    sheet[cells] = features / numpy.maximum(numpy.linalg.norm(features, axis=1, keepdims=True), 1e-12)
    valid = numpy.zeros(len(sheet))
    valid[cells] = 1
    shape = -1, columns, features.shape[1]
    return f"{distance_preservation_quality(sheet.reshape(shape), valid.reshape(-1, columns)):.3f}"


def build(collection, base, network):
    """Builds an atlas whose map is laid out by the features of a network; returns what the program printed."""
    content = base / "content"
    content.mkdir(exist_ok=True)
    (content / "atlas.yml").write_text(
        f"neighbours: {{models: [pairwise, embedding], top: {TOP}}}\nkmeans: {{k: 2, restarts: 1}}\n")
    return run(
        "build", collection, "--output", base / "public", "--workspace", base / "workspace",
        "--review", base / "review", "--content", content, "--templates", ROOT / "templates",
        "--classifier", network, "--folds", 0).value


def report_times(name, collection, base, network):
    """The seconds of a build's map and tiles, and the size of the page's data."""
    positions = build(collection, base, network)["seconds"]["map"]
    shutil.rmtree(base / "public/tiles")
    tiles = build(collection, base, network)["seconds"]["thumbnails"]
    row(f"{name}, positions", f"{positions:.1f} s")
    row(f"{name}, {len(list((base / 'public/tiles').rglob('*.jpg')))} tiles", f"{tiles:.1f} s")
    whole = positions + tiles
    data = sum(
        file.stat().st_size for file in [base / "public/map.html", *(base / "public/data").glob("map.*.js")])
    row(f"{name}, page and data before the tiles", f"{data / 1e6:.2f} MB")
    return whole, data


def met(value, bar):
    return "met" if value <= bar else "MISSED"


def report_whole(collection, base, network):
    title(f"The map of all pictures of {collection.name} ({machine()})")
    whole, data = report_times("all pictures", collection, base, network)
    row("positions and tiles", f"{whole:.1f} s", f"bar {SECONDS} s: {met(whole, SECONDS)}")
    row("data", f"{data / 1e6:.2f} MB", f"bar {DATA / 1e6} MB: {met(data, DATA)}")


def report_large(collection, base, network):
    title(f"The map of {LARGE:,} pictures ({machine()})")
    enlarge(collection, base / "large.zip", LARGE)
    report_times(f"{LARGE:,} pictures", base / "large.zip", base, network)


def report_beside(options, base):
    with zipfile.ZipFile(options.collection) as archive:
        names = sorted(entry for entry in archive.namelist() if entry.endswith((".jpg", ".png")))
        step = max(1, len(names) // options.pictures)
        archive.extractall(base / "rocks", names[::step][:options.pictures])
    built = build(base / "rocks", base, options.network)
    run("dataset", base / "rocks", "--output", base / "dataset.h5", "--vectors")
    with h5py.File(base / "dataset.h5") as file:
        pictures = file["vectors"][::4].reshape(-1, 28, 28, 3)
    with h5py.File(base / "workspace/map.h5") as file:
        places, cells = file["places"][()], file["cells"][()]
        columns = int(file.attrs["columns"])
    weights = weights_of(options.network)
    features = numpy.concatenate([
        features_of(pictures[start:start + 200], weights) for start in range(0, len(pictures), 200)])
    neighbours = nearest(features)
    title(f"The map of {len(features):,} pictures ({machine()})")

    def tell(who, layout, seconds):
        trust = trustworthiness(features, layout, n_neighbors=TOP, metric="cosine")
        row(who, f"recall {recall(layout, neighbours):.3f}",
            f"trustworthiness {trust:.3f}; {seconds:.1f} s")

    tell("geoatlas, true positions", places, built["seconds"]["map"])
    grid = numpy.stack([cells % columns, cells // columns], axis=1).astype(float)
    tell("geoatlas, grid", grid, built["seconds"]["map"])
    row("geoatlas, grid, distance preservation quality", quality(features, cells, columns))
    for who, lay in {
        "openTSNE": lambda: numpy.asarray(
            TSNE(metric="cosine", n_jobs=-1, random_state=0).fit(features)),
        "umap-learn": lambda: umap.UMAP(metric="cosine", n_neighbors=TOP).fit_transform(features),
        "pacmap": lambda: pacmap.PaCMAP(distance="angular").fit_transform(features),
    }.items():
        begin = time.monotonic()
        layout = lay()
        tell(who, layout, time.monotonic() - begin)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "collection", nargs="?", type=pathlib.Path, default=SHARED / "data/geotechnical_images.zip")
    parser.add_argument("--pictures", type=int, default=8000)
    parser.add_argument("--network", type=pathlib.Path, default=SHARED / "data/keras/model_2L.h5")
    parser.add_argument("--part", default="beside,whole,large")
    options = parser.parse_args()
    parts = options.part.split(",")
    for part, report in {
        "whole": lambda base: report_whole(options.collection, base, options.network),
        "beside": lambda base: report_beside(options, base),
        "large": lambda base: report_large(options.collection, base, options.network),
    }.items():
        if part in parts:
            with tempfile.TemporaryDirectory(dir=os.environ.get("TMPDIR")) as name:
                report(pathlib.Path(name))


if __name__ == "__main__":
    main()
