"""Measures the program beside an earlier release of it, by turns, command by command.

usage: bench_before.py EARLIER-CHECKOUT [--collection COLLECTION] [--rounds N] [--only WORD]

The earlier checkout must have been built with "swift build -c release". The collection is
../shared/data/geotechnical_images.zip where it exists, else a sample drawn here. Both programs run
with their own templates and content. A ratio above 1 says that this program is faster; seconds are
the fastest of the rounds, of the clock and of the processor.
"""
import argparse
import os
import pathlib
import shutil
import tempfile
from typing import NamedTuple

import h5py
from measuring import PROGRAM, ROOT, chosen, machine, title, watched


class Side(NamedTuple):
    """A program, the folder of its sources, and a folder for what it makes."""

    program: pathlib.Path
    sources: pathlib.Path
    folder: pathlib.Path


def build(side, collection, name, *more):
    """A build into a new atlas with a workspace of the side."""
    return [
        side.program, "build", collection, "--output", side.folder / name,
        "--workspace", side.folder / "workspace", "--review", side.folder / "review",
        "--content", side.sources / "content", "--templates", side.sources / "templates", *more]


def first_key(file):
    """The key of a picture of the collection."""
    with h5py.File(file) as data:
        return data["keys_test"][0].decode()


def commands(collection):
    """Name, command by side, and whether the workspace goes before it."""
    network = ("--classifier", "conv2l", "--epochs", 5, "--folds", 0)
    search = ("neighbours", collection, "-n", 12, "--model", "pairwise")
    return [
        ("build from nothing, --folds 0",
         lambda side: build(side, collection, "public", *network), True),
        ("pages into a new folder", lambda side: build(side, collection, "other", *network), False),
        ("build again, nothing changed",
         lambda side: build(side, collection, "other", *network), False),
        ("dataset", lambda side: [side.program, "dataset", collection, "--output", side.folder / "d.h5"],
         False),
        ("train conv1l, 1 epoch",
         lambda side: [side.program, "train", collection, "--architecture", "conv1l", "--epochs", 1,
                       "--output", side.folder / "one.h5"], False),
        ("cluster, k 1 to 10",
         lambda side: [side.program, "cluster", collection, "--output", side.folder / "k.h5"], False),
        ("neighbours, pairwise, 12 of all",
         lambda side: [side.program, *search, "--output", side.folder / "n.h5"], False),
        ("neighbours, pairwise, turned",
         lambda side: [side.program, *search, "--rotations", "--output", side.folder / "t.h5"], False),
        ("neighbours, embedding",
         lambda side: [side.program, "neighbours", collection, "--model", "embedding", "--classifier",
                       side.folder / "one.h5", "--output", side.folder / "e.h5"], False),
        ("similar, both models",
         lambda side: [side.program, "similar", collection, first_key(side.folder / "d.h5")], False),
    ]


def main():
    reader = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    reader.add_argument("earlier", type=pathlib.Path)
    reader.add_argument("--collection")
    reader.add_argument("--rounds", type=int, default=2)
    reader.add_argument("--only", default="")
    wanted = reader.parse_args()
    with tempfile.TemporaryDirectory(dir=os.environ.get("TMPDIR")) as name:
        base = pathlib.Path(name)
        collection = chosen(wanted.collection, base)
        earlier = wanted.earlier.resolve()
        sides = [
            Side(earlier / ".build/release/geoatlas", earlier, base / "earlier"),
            Side(PROGRAM, ROOT, base / "now")]
        for side in sides:
            side.folder.mkdir()
        title(f"This program beside {earlier.name} ({machine()})")
        print(f"  {'':<36}{'clock, s':>18}{'ratio':>9}{'processor, s':>18}{'ratio':>9}"
              f"{'memory, MiB':>14}")
        for what, command, is_fresh in commands(collection):
            if wanted.only not in what:
                continue
            runs = [[], []]
            for turn in range(wanted.rounds):
                order = (0, 1) if turn % 2 == 0 else (1, 0)
                for place in order:
                    side = sides[place]
                    if is_fresh:
                        shutil.rmtree(side.folder)
                        side.folder.mkdir()
                    if "new folder" in what:
                        shutil.rmtree(side.folder / "other", ignore_errors=True)
                    runs[place].append(watched(command(side), side.folder))
            clock = [min(run.seconds for run in side) for side in runs]
            processor = [min(run.processor for run in side) for side in runs]
            memory = [max(run.memory for run in side) >> 20 for side in runs]
            print(f"  {what:<36}{clock[0]:>9.2f}{clock[1]:>9.2f}{clock[0] / clock[1]:>9.2f}"
                  f"{processor[0]:>9.2f}{processor[1]:>9.2f}{processor[0] / processor[1]:>9.2f}"
                  f"{memory[0]:>7}{memory[1]:>7}", flush=True)


if __name__ == "__main__":
    main()
