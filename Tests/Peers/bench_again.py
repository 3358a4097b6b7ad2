"""Measures building again after small changes, and compares the result with a build from nothing.

usage: bench_again.py [COLLECTION] [--steps nothing,text,template,added,removed,again,label]

Other steps than these are made too, because each begins where the one before ended, but they are neither
printed nor compared.

The collection is ../shared/data/geotechnical_images.zip where it exists, else a sample drawn here;
it has to be an archive. The network, K-Means and the first map are given, as files, so that nothing is trained
and pictures keep their places.
Pictures are added to and removed from a folder with the same files. After each change the atlas has
to have the same bytes as one that is built from nothing.
"""
import argparse
import os
import pathlib
import shutil
import tempfile
import zipfile
from typing import NamedTuple

from measuring import PROGRAM, ROOT, chosen, machine, row, title, watched

# The number of pictures that are added and removed.
SOME = 100
# What is done, and the bar in seconds.
STEPS = {
    "nothing": ("nothing changed", 1), "text": ("one Markdown page", 1), "template": ("one template", 5),
    "added": (f"{SOME} pictures added", 5), "removed": (f"{SOME} pictures removed", 5),
    "again": ("and added again", 5), "label": ("one label corrected", 3)}


class Place(NamedTuple):
    """The folders of a build."""

    base: pathlib.Path
    rocks: pathlib.Path

    def build(self, output="public", workspace="workspace", more=()):
        return watched([
            PROGRAM, "build", self.rocks, "--output", self.base / output,
            "--workspace", self.base / workspace, "--review", self.base / "review",
            "--content", self.base / "content", "--templates", self.base / "templates",
            "--folds", 0, "--no-times", "--quiet", *more], self.base)


def differing(left, right):
    """Files that are not the same in two folders."""
    names = {path.relative_to(folder) for folder in (left, right) for path in folder.rglob("*")}
    return sorted(
        str(name) for name in names
        if not (left / name).is_dir() and (
            not (left / name).exists() or not (right / name).exists()
            or (left / name).read_bytes() != (right / name).read_bytes()))


def step_names(text):
    """The names of an option, which have to be known."""
    names = text.split(",")
    if set(names) - set(STEPS):
        raise argparse.ArgumentTypeError(f"the steps are {', '.join(STEPS)}")
    return names


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("collection", nargs="?")
    parser.add_argument("--steps", type=step_names, default=list(STEPS))
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=os.environ.get("TMPDIR")) as name:
        base = pathlib.Path(name)
        collection = chosen(options.collection, base)
        place = Place(base, base / "rocks")
        with zipfile.ZipFile(collection) as archive:
            archive.extractall(place.rocks)
        for folder in ("content", "templates"):
            shutil.copytree(ROOT / folder, base / folder)
        pictures = sorted(path for path in place.rocks.rglob("*") if path.is_file())
        kept = base / "kept"
        some = pictures[7::len(pictures) // SOME][:SOME]

        def take():
            for picture in some:
                target = kept / picture.relative_to(place.rocks)
                target.parent.mkdir(parents=True, exist_ok=True)
                picture.rename(target)

        def give():
            for picture in some:
                (kept / picture.relative_to(place.rocks)).rename(picture)

        def word():
            with (base / "content/about.md").open("a") as text:
                text.write("\nAnother paragraph.\n")

        def template():
            page = base / "templates/image.html"
            changed = page.read_text().replace(">Copy link<", ">Copy the link<")
            assert changed != page.read_text()
            page.write_text(changed)

        def label():
            key = f"{pictures[3].parent.name}/{pictures[3].stem}"
            other = next(path.parent.name for path in pictures if path.parent != pictures[3].parent)
            (base / "content/labels.csv").write_text(
                f"key,label,reason\n{key},{other},seen in the field\n")

        title(f"Building again after small changes ({machine()})")
        take()
        place.build(more=("--classifier", "conv1l", "--epochs", 1))
        network, clusters, places = base / "network.h5", base / "kmeans.h5", base / "map.h5"
        shutil.copy(next((base / "workspace/networks").glob("*.h5")), network)
        shutil.copy(base / "workspace/kmeans.h5", clusters)
        shutil.copy(base / "workspace/map.h5", places)
        given = ("--classifier", network, "--kmeans", clusters, "--map", places)
        shutil.rmtree(base / "workspace")
        shutil.rmtree(base / "public")
        first = place.build(more=given)
        row(f"from nothing, {len(pictures) - len(some):,} pictures", f"{first.seconds:.2f} s",
            f"{first.processor:.2f} s of processors; {first.memory >> 20} MiB")
        changes = {
            "nothing": lambda: None, "text": word, "template": template, "added": give,
            "removed": take, "again": give, "label": label}
        last = max(list(STEPS).index(name) for name in options.steps)
        for name in list(STEPS)[:last + 1]:
            what, bar = STEPS[name]
            changes[name]()
            again = place.build(more=given)
            if name not in options.steps:
                continue
            fresh = place.build("fresh", "fresh-workspace", given)
            found = differing(base / "public", base / "fresh")
            shutil.rmtree(base / "fresh")
            shutil.rmtree(base / "fresh-workspace")
            verdict = "met" if again.seconds <= bar else "MISSED"
            row(what, f"{again.seconds:.2f} s",
                f"bar {bar} s: {verdict}; {again.processor:.2f} s of processors; {again.memory >> 20} MiB; "
                f"{fresh.seconds / again.seconds:.0f} x faster than from nothing; "
                f"{len(found)} files differ from it {found[:3] or ''}")


if __name__ == "__main__":
    main()
