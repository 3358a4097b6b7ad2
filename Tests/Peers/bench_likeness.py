"""Measures look-alikes beside FAISS, and K-Means beside scikit-learn.

On a busy machine seconds of processor, of all threads together, tell more than those on the clock.

usage: bench_likeness.py [COLLECTION] [--only PART …]   parts: pairwise kmeans similar growth exact

Both sides run in the same minutes on the same pictures with all cores; ratios are the figure to look
at. The collection is ../shared/data/geotechnical_images.zip where it exists, else a sample.
"""

import argparse
import ctypes
import json
import pathlib
import tempfile
import time
from typing import NamedTuple

import h5py
import numpy
from measuring import PROGRAM, SHARED, chosen, judged, machine, row, run, title, watched

PARTS = ["pairwise", "kmeans", "similar", "growth", "exact"]
TOP = 12
LENGTH = 2352
# What takes a second or two is run this often, and the best time counts.
REPEATS = 3


def processor():
    """Name of the instructions with which this processor multiplies bytes."""
    flags = set(pathlib.Path("/proc/cpuinfo").read_text().split("flags", 1)[1].split("\n", 1)[0].split())
    if "amx_int8" in flags:
        return "AMX"
    return "AVX-512 VNNI" if "avx512_vnni" in flags else "no VNNI that is used"


class Measure(NamedTuple):
    """A run of the program."""

    value: object  # what it printed
    seconds: float  # of the whole process
    processor: float  # seconds of all its threads
    memory: int  # bytes at its peak


def measured(*arguments):
    """Runs geoatlas to its end."""
    output, *taken = watched([PROGRAM, *arguments, "--json", "--quiet"])
    return Measure(json.loads(output), *taken)


def vectors(collection, folder):
    """Model vectors in key order, `(n, 2352) uint8`."""
    file = folder / "dataset.h5"
    run("dataset", collection, "--output", file, "--vectors")
    with h5py.File(file) as data:
        found = data["vectors"][::4]
    file.unlink()
    return found


def neighbours(collection, folder, *options):
    """Finds all targets; returns the seconds of the search alone, and the measured run."""
    whole = measured(
        "neighbours", collection, "--output", folder / "n.h5", "-n", TOP, "--model", "pairwise",
        *options)
    return whole.value["seconds"]["pairwise"], whole


def faiss_seconds(pictures):
    """Seconds in which FAISS answers for all pictures, on the clock and of all threads."""
    import faiss

    data = pictures.astype(numpy.float32)
    data -= data.mean(axis=1, keepdims=True)
    data /= numpy.maximum(numpy.linalg.norm(data, axis=1, keepdims=True), 1e-12)
    start, used = time.monotonic(), time.process_time()
    index = faiss.IndexFlatIP(data.shape[1])
    index.add(data)
    # One more, because a picture finds itself.
    index.search(data, TOP + 1)
    return time.monotonic() - start, time.process_time() - used


def product_rate():
    """Operations a second of oneDNN's integer product alone, on matrices that suit it, a multiply-add
    being two; nothing where the library is not found."""
    try:
        library = ctypes.CDLL("libdnnl.so.2")
    except OSError:
        return None
    count = 4096
    left = numpy.random.default_rng(0).integers(0, 256, (count, LENGTH), dtype=numpy.uint8)
    right = numpy.random.default_rng(1).integers(-128, 128, (count, LENGTH), dtype=numpy.int8)
    sums = numpy.zeros((count, count), numpy.int32)
    zero = ctypes.c_int32(0)
    size = ctypes.c_int64

    def once():
        start = time.monotonic()
        library.dnnl_gemm_u8s8s32(
            ctypes.c_char(b"N"), ctypes.c_char(b"T"), ctypes.c_char(b"F"), size(count), size(count),
            size(LENGTH), ctypes.c_float(1), left.ctypes.data_as(ctypes.c_void_p), size(LENGTH),
            ctypes.c_uint8(0), right.ctypes.data_as(ctypes.c_void_p), size(LENGTH),
            ctypes.c_int8(0), ctypes.c_float(0), sums.ctypes.data_as(ctypes.c_void_p), size(count),
            ctypes.byref(zero))
        return time.monotonic() - start

    once()
    return 2 * count * count * LENGTH / min(once() for _ in range(5))


def pairwise(collection, folder, pictures):
    title(f"All top {TOP} of {len(pictures):,} pictures ({machine()}, {processor()})")
    plain, whole = min(
        (neighbours(collection, folder) for _ in range(REPEATS)), key=lambda found: found[0])
    turned, turned_whole = min(
        (neighbours(collection, folder, "--rotations") for _ in range(REPEATS)),
        key=lambda found: found[0])
    peer, peer_used = faiss_seconds(pictures)
    rate = product_rate()
    row("geoatlas", f"{plain:.2f} s", f"whole command {whole.processor:.1f} s of processor")
    row("geoatlas, targets turned", f"{turned:.2f} s",
        f"whole command {turned_whole.processor:.1f} s of processor")
    row("FAISS IndexFlatIP, not turned", f"{peer:.2f} s", f"{peer_used:.1f} s of processor")
    bar = 1 if processor().startswith("no") else 4
    row("FAISS / geoatlas", f"{peer / plain:.1f} x", judged(peer / plain, bar, " x"))
    row("FAISS / geoatlas with turned targets", f"{peer / turned:.2f} x", judged(peer / turned, 1, " x"))
    for name, found in (("", whole), (", targets turned", turned_whole)):
        size = found.memory / 2**30
        row(f"peak memory{name}", f"{size:.2f} GiB", at_most(size, 1, " GiB"))
    if rate:
        # Each pair is multiplied once; with turns twice, since x·y turned by θ is y·x turned by −θ.
        needed = 2 * LENGTH * len(pictures) ** 2 / 2
        row("integer product of oneDNN alone", f"{rate / 1e9:,.0f} GOP/s")
        row("reached of it", f"{needed / plain / rate:.0%}")
        row("reached of it, targets turned", f"{4 * needed / turned / rate:.0%}")


def at_most(value, bar, unit=""):
    return f"bar {bar}{unit}: {'met' if value <= bar else 'MISSED'}"


def kmeans(collection, folder, pictures):
    from sklearn.cluster import KMeans

    title(f"K-Means, elbow 1 to 10, 10 starts each ({machine()})")
    whole = measured("cluster", collection)
    result = whole.value
    data = pictures.astype(numpy.float32) / 255
    start, used = time.monotonic(), time.process_time()
    peer = {
        k: KMeans(n_clusters=k, n_init=10, tol=0, random_state=0).fit(data).inertia_
        for k in range(1, 11)
    }
    seconds, used = time.monotonic() - start, time.process_time() - used
    row("geoatlas", f"{result['seconds']:.1f} s",
        f"whole command {whole.processor:.1f} s of processor")
    row("scikit-learn, until nothing moves or 300 iterations", f"{seconds:.1f} s",
        f"{used:.1f} s of processor")
    ratio = seconds / result["seconds"]
    row("scikit-learn / geoatlas", f"{ratio:.1f} x", judged(ratio, 20, " x"))
    size = whole.memory / 2**30
    row("peak memory", f"{size:.2f} GiB", at_most(size, 1, " GiB"))
    for k, inertia in peer.items():
        own = [start for start in result["starts"] if start["k"] == k]
        passes = [start["iterations"] for start in own]
        row(f"inertia, ours / theirs, k = {k}", f"{result['inertia'][str(k)] / inertia:.5f}",
            f"bar 1.001; {len(own)} starts, {min(passes)} to {max(passes)} iterations")


def similar(collection, folder, keys):
    title(f"One candidate, whole process, prepared workspace ({machine()})")
    workspace = folder / "workspace"
    first = measured("similar", collection, keys[0], "--workspace", workspace)
    row("the first call, which prepares", f"{first.seconds:.2f} s")
    for name, options in (
            ("both models", []), ("pairwise", ["--model", "pairwise"]),
            ("both models, targets turned", ["--rotations"])):
        command = ["similar", collection, keys[0], "--workspace", workspace, *options]
        measured(*command)
        runs = [measured(*command) for _ in range(7)]
        seconds = sorted(run.seconds for run in runs)
        used = sorted(run.processor for run in runs)
        row(name, f"{seconds[3]:.2f} s",
            f"{at_most(seconds[3], 0.3, ' s')}; {seconds[0]:.2f} to {seconds[-1]:.2f}, "
            f"{used[3]:.2f} s of processor, {max(run.memory for run in runs) / 2**20:.0f} MiB")


def grown(pictures, count, folder):
    """A collection of `count` pictures: the given ones, then turned ones if there are too few."""
    from PIL import Image

    place = folder / f"collection-{count}"
    for index in range(count):
        turn, picture = divmod(index, len(pictures))
        if turn < 4:
            pixels = numpy.rot90(pictures[picture].reshape(28, 28, 3), turn)
        else:
            pixels = numpy.rot90(255 - pictures[picture].reshape(28, 28, 3), turn)
        file = place / f"marble/{picture % 997}/marble" / f"p{index:06}.png"
        file.parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray(numpy.ascontiguousarray(pixels)).save(file, compress_level=1)
    return place


def growth(folder, pictures):
    title(f"Growth with the number of pictures, turned copies among them ({machine()})")
    print(f"  {'pictures':>9} {'top 12':>9} {'turned':>9} {'K-Means':>9} "
          f"{'memory':>9} {'turned':>9} {'K-Means':>9}   bytes of memory a picture")
    for count in (10_000, 26_398, 120_000):
        place = grown(pictures, count, folder)
        plain, whole = neighbours(place, folder)
        turned, turned_whole = neighbours(place, folder, "--rotations")
        fitted = measured("cluster", place)
        peaks = [run.memory for run in (whole, turned_whole, fitted)]
        print(f"  {count:>9,} {plain:>7.1f} s {turned:>7.1f} s {fitted.value['seconds']:>7.1f} s "
              + " ".join(f"{f'{peak / 2**20:.0f} MiB':>9}" for peak in peaks)
              + "   " + ", ".join(f"{peak / count:,.0f}" for peak in peaks), flush=True)


def exact(collection, folder):
    title("Deviation from stored results")
    for name, options in (
            ("pairwise_correlation_top12", []),
            ("pairwise_correlation_rotations_top12", ["--rotations"])):
        neighbours(collection, folder, *options)
        with h5py.File(folder / "n.h5") as found:
            keys = [key.decode() for key in found["keys"]]
            indices, distances = found["pairwise/indices"][:], found["pairwise/distances"][:]
            rotations = found["pairwise/rotations"][:]
        place = {key: index for index, key in enumerate(keys)}
        queries = json.loads((SHARED / f"expected/{name}.json").read_text())["queries"]
        wrong, deviation = 0, 0.0
        for key, targets in queries.items():
            own = place[key]
            mine = [
                (keys[index], turn) for index, turn in zip(indices[own], rotations[own], strict=True)]
            wrong += mine != [(target["key"], target.get("rotation", 0)) for target in targets]
            for mine, target in zip(distances[own], targets, strict=True):
                deviation = max(deviation, abs(mine - target["distance"]))
        row(f"{name}: other targets, of {len(queries)}", f"{wrong}", at_most(wrong, 0))
        row("largest deviation of a distance", f"{deviation:.1e}", at_most(deviation, 1e-9))
    known = json.loads((SHARED / "expected/kmeans_inertias.json").read_text())["inertia"]
    result = measured("cluster", collection).value
    ratio = max(result["inertia"][k] / inertia for k, inertia in known.items())
    row("largest inertia, ours / stored", f"{ratio:.5f}", at_most(ratio, 1.001))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("collection", nargs="?")
    parser.add_argument("--only", nargs="+", choices=PARTS, default=PARTS)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        collection = chosen(arguments.collection, folder)
        pictures = vectors(collection, folder)
        neighbours(collection, folder)
        with h5py.File(folder / "n.h5") as found:
            keys = [key.decode() for key in found["keys"]]
        if "pairwise" in arguments.only:
            pairwise(collection, folder, pictures)
        if "kmeans" in arguments.only:
            kmeans(collection, folder, pictures)
        if "similar" in arguments.only:
            similar(collection, folder, keys)
        if "growth" in arguments.only:
            growth(folder, pictures)
        if "exact" in arguments.only and collection.name == "geotechnical_images.zip":
            exact(collection, folder)


main()
