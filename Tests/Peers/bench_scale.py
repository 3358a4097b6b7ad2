"""Large collections: time per picture and memory of `dataset`, and what a table of metadata adds to a build.

usage: bench_scale.py [--collection ZIP] [--pictures 120000] [--metadata]

The large collection is made from the given one: every picture again with a little noise, until there are
enough. Both archives are read by turns, three times, and the medians are compared. With --metadata the large
collection is built with and without a line of metadata for every picture, which takes minutes.
"""

import argparse
import io
import os
import pathlib
import statistics
import sys
import tempfile
import zipfile

import numpy
from measuring import PROGRAM, ROOT, chosen, machine, row, run, title, watched
from PIL import Image

# Bars: the ratio of times per picture, bytes of memory, and seconds that metadata may add.
SLOWER, MEMORY, METADATA = 1.2, 1 << 30, 2


def pictures(archive):
    return [entry for entry in archive.infolist() if not entry.is_dir()]


def enlarge(collection, target, count):
    """An archive of `count` pictures: those of the collection, and noisy copies of them."""
    random = numpy.random.default_rng(0)
    with zipfile.ZipFile(collection) as source, zipfile.ZipFile(target, "w") as archive:
        entries = pictures(source)
        for number in range(count):
            entry = entries[number % len(entries)]
            data = source.read(entry)
            path = pathlib.PurePosixPath(entry.filename)
            if number >= len(entries):
                with Image.open(io.BytesIO(data)) as picture:
                    pixels = numpy.asarray(picture.convert("RGB")).astype(int)
                pixels = numpy.clip(pixels + random.integers(-9, 10, pixels.shape), 0, 255)
                output = io.BytesIO()
                Image.fromarray(pixels.astype(numpy.uint8)).save(output, "JPEG", quality=92)
                data = output.getvalue()
                path = path.with_stem(f"{path.stem}-{number // len(entries)}")
            archive.writestr(str(path), data)


def dataset(collection, folder):
    return watched([PROGRAM, "dataset", collection, "--output", folder / "d.h5", "--quiet"], folder)


def report_dataset(small, large, folder):
    counts, times, memory = [], [], []
    for collection in (small, large):
        with zipfile.ZipFile(collection) as archive:
            counts.append(len(pictures(archive)))
    runs = [[dataset(collection, folder) for collection in (small, large)] for _ in range(3)]
    for place, count in enumerate(counts):
        times.append(statistics.median(one[place].seconds for one in runs) / count)
        memory.append(max(one[place].memory for one in runs))
        row(f"dataset, {count:,} pictures", f"{times[place] * 1e6:.0f} µs each", f"{memory[place] >> 20} MiB")
    ratio = times[1] / times[0]
    row("time per picture, large beside small", f"ratio {ratio:.2f}",
        f"bar {SLOWER}: {'met' if ratio <= SLOWER else 'MISSED'}")
    row("memory", f"{memory[1] / (1 << 20):.0f} MiB", f"bar 1 GiB: {'met' if memory[1] <= MEMORY else 'MISSED'}")


def write_metadata(collection, content):
    with zipfile.ZipFile(collection) as archive, (content / "metadata.csv").open("w") as table:
        table.write("file,title,locality,latitude,longitude,date,collector,sample number\n")
        for number, entry in enumerate(pictures(archive)):
            table.write(
                f"{entry.filename},Outcrop {number},Quarry {number % 97},{number % 90}.5,{number % 180}.25,"
                f"2024-05-{number % 28 + 1:02},A. Keller,GA-{number}\n")


def report_metadata(large, folder):
    content = folder / "content"
    (content / "rocks").mkdir(parents=True)
    (content / "atlas.yml").write_bytes((ROOT / "content/atlas.yml").read_bytes())
    run("train", large, "--architecture", "conv1l", "--epochs", 1, "--output", folder / "m.h5")
    run("cluster", large, "--k", 4, "--restarts", 1, "--output", folder / "k.h5")
    builds = []
    for name in ("without", "with"):
        if name == "with":
            write_metadata(large, content)
        builds.append(watched([
            PROGRAM, "build", large, "--output", folder / name, "--workspace", folder / f"w-{name}",
            "--review", folder / f"r-{name}", "--classifier", folder / "m.h5", "--kmeans", folder / "k.h5",
            "--folds", 0, "--content", content, "--templates", ROOT / "templates", "--quiet"], folder))
        row(f"build {name} metadata", f"{builds[-1].seconds:.1f} s", f"processor {builds[-1].processor:.1f} s")
    added = builds[1].seconds - builds[0].seconds
    # The processor's seconds say on a busy machine what the clock would say on a quiet one, at most.
    row("metadata add", f"{added:.1f} s", f"bar {METADATA} s: {'met' if added <= METADATA else 'MISSED'}")
    row("metadata add, processor", f"{builds[1].processor - builds[0].processor:.1f} s")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--collection", type=pathlib.Path)
    parser.add_argument("--pictures", type=int, default=120_000)
    parser.add_argument("--metadata", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=os.environ.get("TMPDIR")) as name:
        folder = pathlib.Path(name)
        small = chosen(options.collection, folder)
        large = folder / "large.zip"
        enlarge(small, large, options.pictures)
        title(f"A large collection ({machine()})")
        report_dataset(small, large, folder)
        if options.metadata:
            report_metadata(large, folder)


if __name__ == "__main__":
    sys.exit(main())
