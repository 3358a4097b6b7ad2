"""Measures pictures that belong together: recall, false pairs, time and memory, beside NumPy and CleanVision.

usage: bench_groups.py [--only PART …]   parts: ground mirrored time partners copies

`ground` and `mirrored` compare with the list of overlaps in ../shared/expected, `copies` plants copies of
the photographs in ../shared/data. On a busy machine seconds of processor, of all threads together, tell more
than those on the clock.
"""

import argparse
import csv
import gzip
import io
import itertools
import json
import pathlib
import tempfile
import time
import zipfile

import h5py
import numpy
from cleanvision import Imagelab
from measuring import PROGRAM, SHARED, judged, machine, row, title, watched
from PIL import Image

PARTS = ["ground", "mirrored", "time", "partners", "copies"]
# The first look-alikes of a picture in which its partners are counted.
FIRST = 9
TILES = SHARED / "data/geotechnical_images.zip"
PHOTOGRAPHS = SHARED / "data/textures-10types.zip"
PLANTED = 500
# A product for each shift: 225 patches of 588 bytes of every picture with the centre of every other.
SHIFTS, PATCH = 225, 588


def grouped(collection):
    """The result of `groups`, and its times and memory."""
    process = watched([PROGRAM, "groups", collection, "--json", "--quiet"])
    return json.loads(process.output), process


def expected():
    with gzip.open(SHARED / "expected/overlaps_half.csv.gz", "rt", newline="") as file:
        return {
            (line["a"], line["b"]): (int(line["down"]), int(line["right"]))
            for line in csv.DictReader(file)}


def at_most(value, bar, unit=""):
    return f"bar {bar}{unit}: {'met' if value <= bar else 'MISSED'}"


def ground():
    """Compares with the list; returns the number of pictures and the process."""
    title("The same ground, all reference pictures")
    result, process = grouped(TILES)
    known = expected()
    found = {(pair["a"], pair["b"]): pair for pair in result["pairs"] if pair["kind"] == "ground"}
    hits = [pair for pair in known if pair in found]
    equal = [
        pair for pair in hits if (found[pair]["down"], found[pair]["right"]) == known[pair]]
    row("pairs found", f"{len(found):,}")
    share = len(hits) / len(known)
    row("pairs of the list found", f"{share:.2%}", judged(share, 0.99))
    share = len(equal) / len(known)
    row("with the same shift", f"{share:.2%}", judged(share, 0.99))
    two = sum(a.split("/")[0] != b.split("/")[0] for a, b in found)
    row("pairs with two labels", f"{two / len(found):.3%}", at_most(two / len(found), 0.001))
    sizes = [len(group) for group in result["groups"]]
    row("groups of 4 pictures and more; of 10; the largest", (
        f"{sum(size >= 4 for size in sizes)}; {sum(size >= 10 for size in sizes)}; {max(sizes)}"))
    return result["images"], process


def mirrored():
    title("The same pictures, the second of each pair of the list mirrored")
    known = expected()
    seconds = {b for _, b in known}
    with tempfile.TemporaryDirectory() as folder:
        target = pathlib.Path(folder) / "mirrored.zip"
        with zipfile.ZipFile(TILES) as source, zipfile.ZipFile(target, "w") as archive:
            for name in source.namelist():
                key = "/".join(name.rsplit(".", 1)[0].split("/")[-2:])
                content = source.read(name)
                if key in seconds:
                    picture = Image.open(io.BytesIO(content))
                    stored = io.BytesIO()
                    picture.transpose(Image.Transpose.FLIP_LEFT_RIGHT).save(stored, "PNG")
                    content, name = stored.getvalue(), name.rsplit(".", 1)[0] + ".png"
                archive.writestr(name, content)
        result, _ = grouped(target)
    pairs = {(pair["a"], pair["b"]): pair["connects"] for pair in result["pairs"]}
    asked = [pair for pair in known if pair[0] not in seconds]
    found = [pairs[pair] for pair in asked if pair in pairs]
    row(f"of {len(asked):,} pairs found", len(found), at_most(len(found) / len(asked), 0.001))
    row("of these connect", sum(found))


def duration(images, process):
    title(f"Time and memory, {images:,} pictures; {machine()}")
    row("seconds", f"{process.seconds:.1f}", at_most(process.seconds, 20, " s on 2 quiet cores"))
    row("seconds of processor", f"{process.processor:.1f}")
    row("peak of memory", f"{process.memory / 2**20:.0f} MiB", at_most(
        process.memory / 2**20, 1024, " MiB"))
    left, right = numpy.ones((4096, PATCH), numpy.float32), numpy.ones((PATCH, 4096), numpy.float32)
    left @ right
    start = time.process_time()
    for _ in range(5):
        left @ right
    rate = 5 * 4096 * 4096 * PATCH / (time.process_time() - start)
    work = images * images * SHIFTS * PATCH
    row("multiply-adds of the plain products", f"{work:.1e}")
    row("NumPy, single precision: multiply-adds a second of processor", f"{rate:.1e}")
    row("NumPy, all plain products: seconds of processor (extrapolated)", f"{work / rate:.0f}")
    row("NumPy / GeoAtlas", f"{work / rate / process.processor:.0f} times")


def partners():
    title(f"Pictures of the same ground, by the list, among the first {FIRST} look-alikes")
    known = expected()
    with tempfile.TemporaryDirectory() as folder:
        for models in ("ground", "both"):
            target = pathlib.Path(folder) / f"{models}.h5"
            watched([
                PROGRAM, "neighbours", TILES, "--model", models, "-n", FIRST, "--output", target, "--quiet"])
            with h5py.File(target) as data:
                places = {key.decode(): place for place, key in enumerate(data["keys"])}
                pairs = numpy.array([(places[a], places[b]) for a, b in known])
                pairs = numpy.concatenate([pairs, pairs[:, ::-1]])
                for model in sorted(name for name in data if isinstance(data[name], h5py.Group)):
                    targets = data[model]["indices"][:]
                    share = (targets[pairs[:, 0]] == pairs[:, 1:]).any(axis=1).mean()
                    row(model, f"{share:.1%}", judged(share, 0.95) if model == "ground" else "")
    row("by chance", f"{FIRST / (len(places) - 1):.2%}")


def jpeg(picture, quality):
    target = io.BytesIO()
    picture.save(target, "JPEG", quality=quality)
    return Image.open(io.BytesIO(target.getvalue()))


def smaller(picture):
    size = (round(0.6 * picture.width), round(0.6 * picture.height))
    return picture.resize(size, Image.Resampling.LANCZOS)


CHANGES = {
    "turned": lambda picture: picture.transpose(Image.Transpose.ROTATE_90),
    "mirrored": lambda picture: picture.transpose(Image.Transpose.FLIP_LEFT_RIGHT),
    "scaled to 60 %": smaller,
    "quality 35": lambda picture: jpeg(picture, 35),
    "brightness + 10 %": lambda picture: picture.point(lambda value: min(255, value * 1.1)),
}


def plant(folder):
    """Writes photographs and a copy of some of them; returns the pairs of stems by change."""
    pairs = {name: set() for name in CHANGES}
    with zipfile.ZipFile(PHOTOGRAPHS) as archive:
        names = [name for name in archive.namelist() if name.endswith(".jpg")]
        for index, name in enumerate(names):
            content = archive.read(name)
            stem = pathlib.PurePath(name).stem
            (folder / f"{stem}.jpg").write_bytes(content)
            if index % (len(names) // PLANTED) == 0:
                change = list(CHANGES)[len(list(itertools.chain(*pairs.values()))) % len(CHANGES)]
                copy = CHANGES[change](Image.open(io.BytesIO(content)).convert("RGB"))
                copy.save(folder / f"z-{stem}.jpg", quality=90)
                pairs[change].add((stem, f"z-{stem}"))
    return pairs


def copies():
    title("Photographs with planted copies")
    with tempfile.TemporaryDirectory() as place:
        folder = pathlib.Path(place) / "rocks" / "gneiss"
        folder.mkdir(parents=True)
        planted = plant(folder)
        result, process = grouped(folder.parent)
        ours = {
            tuple(sorted((pair["a"].split("/")[1], pair["b"].split("/")[1])))
            for pair in result["pairs"]}
        start = time.process_time()
        lab = Imagelab(data_path=str(folder))
        lab.find_issues({"exact_duplicates": {}, "near_duplicates": {}}, verbose=False, n_jobs=1)
        seconds = time.process_time() - start
        theirs = {
            tuple(sorted(pathlib.PurePath(name).stem for name in pair))
            for kind in ("exact_duplicates", "near_duplicates")
            for group in lab.info[kind]["sets"] for pair in itertools.combinations(group, 2)}
    row("", "GeoAtlas", "CleanVision")
    for change, pairs in planted.items():
        row(f"{len(pairs)} {change}: found", f"{len(pairs & ours) / len(pairs):.1%}", (
            f"{len(pairs & theirs) / len(pairs):.1%}"))
    wanted = set().union(*planted.values())
    row("all found", f"{len(wanted & ours) / len(wanted):.1%}", (
        f"{len(wanted & theirs) / len(wanted):.1%}   "
        + judged(len(wanted & ours) / len(wanted), 0.99)))

    def others(pairs):
        """Pairs of two photographs, a copy counting as its original."""
        pairs = {tuple(sorted(name.removeprefix("z-") for name in pair)) for pair in pairs}
        return sorted(pair for pair in pairs if pair[0] != pair[1])

    row("pairs of two photographs", len(others(ours)), f"{len(others(theirs))}")
    for pair in others(ours):
        row(f"  {pair[0]}, {pair[1]}", "", "" if pair not in others(theirs) else "too")
    row("seconds of processor", f"{process.processor:.1f}", f"{seconds:.1f}")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", nargs="+", choices=PARTS, default=PARTS)
    only = parser.parse_args().only
    if "ground" in only or "time" in only:
        found = ground()
        if "time" in only:
            duration(*found)
    if "mirrored" in only:
        mirrored()
    if "partners" in only:
        partners()
    if "copies" in only:
        copies()


if __name__ == "__main__":
    main()
