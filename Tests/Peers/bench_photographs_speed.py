"""How fast previews, thumbnails and features of photographs are made, beside `vipsthumbnail` of libvips.

usage: bench_photographs_speed.py [--pictures N] [--megapixels M] [--runs N] [COLLECTION]

Makes N photographs of M megapixels from those of a collection: pieces of pictures, enlarged and put side by
side, as JPEGs of quality 90 (so their contents are no noise, and decoding costs what it costs for
photographs). `geoatlas build` reads them, makes previews of 1,600 pixels and thumbnails of 210, describes their
textures and writes an atlas; the stages `catalogue`, `textures` and `thumbnails` count, and the copies of the
files that `thumbnails` also writes. `vipsthumbnail` makes the same two pictures of each file, and then the
28 × 28 pixels and the picture of 256 pixels that the features are made from. Both use all cores. The ratio is
the time of vipsthumbnail by that of this program: above 1 this program is faster.
"""

import argparse
import json
import pathlib
import shutil
import statistics
import sys
import tempfile
import time
import zipfile

import numpy
from measuring import PROGRAM, SHARED, machine, row, title, watched
from PIL import Image

STAGES = ("catalogue", "textures", "thumbnails")
# What is made of each picture: a name and the arguments of vipsthumbnail.
SIZES = [
    ("preview", ["--size", "1600x1600>", "-o", "%s.jpg[Q=85]"]),
    ("thumbnail", ["--size", "630x210>", "-o", "%s.jpg[Q=82]"]),
    ("model vector", ["--size", "28x28!", "-o", "%s.png"]),
    ("features", ["--size", "256x256>", "-o", "%s.png"]),
]


def pieces(collection):
    """The pictures of an archive, in the order of their names."""
    with zipfile.ZipFile(collection) as archive:
        names = sorted(name for name in archive.namelist() if name.lower().endswith((".jpg", ".jpeg", ".png")))
        while True:
            for name in names:
                with archive.open(name) as file:
                    yield Image.open(file).convert("RGB")


def photographs(collection, folder, count, megapixels):
    """Writes `count` photographs of 4 : 3 in two folders."""
    width = round((megapixels * 1e6 * 4 / 3) ** 0.5)
    height = width * 3 // 4
    source = pieces(collection)
    for number in range(count):
        picture = Image.new("RGB", (width, height))
        tile = (width // 2, height // 2)
        for place in range(4):
            piece = next(source).resize(tile, Image.Resampling.BICUBIC)
            # Enlarged pictures have no fine grain; cameras give some.
            grain = numpy.random.default_rng(4 * number + place).normal(0, 4, (tile[1], tile[0], 1))
            pixels = (numpy.asarray(piece) + grain).clip(0, 255).astype(numpy.uint8)
            picture.paste(Image.fromarray(pixels), (place % 2 * tile[0], place // 2 * tile[1]))
        kind = folder / ("even" if number % 2 == 0 else "odd")
        kind.mkdir(parents=True, exist_ok=True)
        picture.save(kind / f"p{number:04}.jpg", quality=90)


def ours(rocks, place):
    """Seconds by stage, and the peak of memory in bytes, of a build from nothing."""
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir()
    (place / "content").mkdir()
    (place / "content/atlas.yml").write_text("types: [even, odd]\nreview: {comparisons: 0}\n")
    process = watched([
        PROGRAM, "build", rocks, "--content", place / "content", "--output", place / "public",
        "--workspace", place / "workspace", "--review", place / "review", "--classifier", "texture",
        "--folds", 0, "--view", "texture", "--quiet", "--json"])
    seconds = json.loads(process.output)["seconds"]
    return {stage: seconds.get(stage, 0) for stage in STAGES}, process.memory


def theirs(rocks, place):
    """Seconds by kind of picture, and the peak of memory in bytes."""
    files = sorted(rocks.glob("*/*.jpg"))
    found, peak = {}, 0
    for name, options in SIZES:
        shutil.rmtree(place, ignore_errors=True)
        place.mkdir()
        target = [*options[:-1], str(place / options[-1])]
        begin = time.monotonic()
        peak = max(peak, watched(["vipsthumbnail", *target, *files]).memory)
        found[name] = time.monotonic() - begin
    return found, peak


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("collection", nargs="?", default=SHARED / "data/textures-10types.zip")
    parser.add_argument("--pictures", type=int, default=60)
    parser.add_argument("--megapixels", type=float, default=12)
    parser.add_argument("--runs", type=int, default=3)
    options = parser.parse_args()
    if not shutil.which("vipsthumbnail"):
        sys.exit("vipsthumbnail is missing. Install the package libvips-tools.")
    print(machine())
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        rocks = folder / "rocks"
        photographs(options.collection, rocks, options.pictures, options.megapixels)
        size = sum(file.stat().st_size for file in rocks.glob("*/*")) / options.pictures
        title(f"{options.pictures} photographs of {options.megapixels:g} megapixels, {size / 1e6:.1f} MB each; "
              f"medians of {options.runs} runs, seconds")
        mine, others = [], []
        for _ in range(options.runs):
            mine.append(ours(rocks, folder / "ours"))
            others.append(theirs(rocks, folder / "theirs"))
        for stage in STAGES:
            row(f"geoatlas {stage}", f"{statistics.median(run[0][stage] for run in mine):.2f}")
        for name, _ in SIZES:
            row(f"vipsthumbnail {name}", f"{statistics.median(run[0][name] for run in others):.2f}")
        own = statistics.median(sum(run[0].values()) for run in mine)
        other = statistics.median(sum(run[0].values()) for run in others)
        row("geoatlas", f"{own:.2f}", f"{max(run[1] for run in mine) / 2**20:.0f} MiB")
        row("vipsthumbnail", f"{other:.2f}", f"{max(run[1] for run in others) / 2**20:.0f} MiB")
        row("ratio", f"{other / own:.2f}", f"bar 1.00, memory {1024} MiB")


if __name__ == "__main__":
    main()
