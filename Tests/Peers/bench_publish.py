"""Publishing to a local folder beside `rsync -a --delete`: an unchanged atlas, and one of more pictures.

Builds an atlas of the collection without some pictures and one of all, and prints ratios. Both programs copy
between the same trees, by turns, and each ratio is of the medians. Caches of the disk are warm.

usage: bench_publish.py [--collection ZIP] [--added 100] [--rounds 9]
"""

import argparse
import pathlib
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import zipfile

from measuring import PROGRAM, ROOT, chosen, machine, row, run, title

BARS = {"an unchanged atlas": 0.5, "added pictures": 1.0}


def collections(collection, folder, added):
    """The collection as two folders: all pictures, and all but `added` of them, spread over it."""
    # Both folders have the same name, because pages show it.
    pictures = folder / "all/rocks"
    with zipfile.ZipFile(collection) as archive:
        archive.extractall(pictures)
    files = sorted(path for path in pictures.rglob("*") if path.is_file())
    left_out = set(files[:: max(1, len(files) // added)][:added])
    fewer = folder / "fewer/rocks"
    for file in files:
        if file not in left_out:
            target = fewer / file.relative_to(pictures)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.hardlink_to(file)
    return fewer, pictures, len(left_out)


def build(collection, output, folder):
    """An atlas. The network and the clusters are those of the first build."""
    if not (folder / "m.h5").exists():
        run("train", collection, "--architecture", "conv1l", "--epochs", 1, "--output", folder / "m.h5")
        run("cluster", collection, "--output", folder / "k.h5")
    run("build", collection, "--output", output, "--workspace", folder / "workspace", "--classifier",
        folder / "m.h5", "--kmeans", folder / "k.h5", "--folds", 0, "--no-times", "--review",
        folder / "review", "--content", ROOT / "content", "--templates", ROOT / "templates")


def seconds(command):
    begin = time.monotonic()
    subprocess.run(list(map(str, command)), check=True, capture_output=True)
    return time.monotonic() - begin


def geoatlas(atlas, share):
    return [PROGRAM, "publish", atlas, share, "--quiet"]


def rsync(atlas, share):
    return ["rsync", "-a", "--delete", f"{atlas}/", f"{share}/"]


def compare(rounds, prepare, commands):
    """Medians of the times of two commands, which run by turns; `prepare` runs before each."""
    times = [[], []]
    for _ in range(rounds):
        for which, command in enumerate(commands):
            prepare(which)
            times[which].append(seconds(command))
    return [statistics.median(one) for one in times]


def report(what, bar, times):
    ratio = times[0] / times[1]
    verdict = "met" if ratio <= bar else "MISSED"
    row(f"{what}: geoatlas {times[0]:.2f} s, rsync {times[1]:.2f} s", f"ratio {ratio:.2f}",
        f"bar at most {bar}: {verdict}")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--collection", type=pathlib.Path)
    parser.add_argument("--added", type=int, default=100)
    parser.add_argument("--rounds", type=int, default=9)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        fewer, whole, added = collections(chosen(options.collection, folder), folder, options.added)
        old, new = folder / "old", folder / "new"
        build(fewer, new, folder)
        # The second build leaves unchanged files as they are, with their times, as rsync needs it.
        shutil.copytree(new, old, copy_function=shutil.copy2)
        build(whole, new, folder)
        shares = [folder / "share geoatlas", folder / "share rsync"]
        files = sum(path.is_file() for path in new.rglob("*"))
        title(f"Publishing {files} files to a local folder beside rsync -a --delete ({machine()})")
        first = [seconds(geoatlas(new, shares[0])), seconds(rsync(new, shares[1]))]
        row(f"a first publication: geoatlas {first[0]:.2f} s, rsync {first[1]:.2f} s",
            f"ratio {first[0] / first[1]:.2f}")
        commands = [geoatlas(new, shares[0]), rsync(new, shares[1])]
        report("an unchanged atlas", BARS["an unchanged atlas"],
               compare(options.rounds, lambda _: None, commands))

        def go_back(which):
            subprocess.run(["rsync", "-a", "--delete", f"{old}/", f"{shares[which]}/"], check=True)

        report(f"{added} added pictures", BARS["added pictures"],
               compare(max(3, options.rounds // 3), go_back, commands))
    return 0


if __name__ == "__main__":
    sys.exit(main())
