"""Thousands of damaged pictures: no crash, no long wait, each used or listed, within the memory limit.

    bench_mutated.py [--count 10000] [--seed 1]

Each picture is one of `picture_kinds` after one to five random changes. The program reads them in
folders of 250. Prints one line, and exits with 1 after a fault; the faulty files are then in the
folder that the message names.
"""

import argparse
import csv
import json
import os
import random
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parent))

from conftest import ROOT  # noqa: E402
from picture_kinds import kinds  # noqa: E402

BATCH = 250
# Seconds that one picture may take, and megabytes that the program may use beside `memory`.
LONGEST = 5
OVERHEAD = 200
MEMORY = 256
USED = {"two-with-one-key", "partly-damaged", "several-pictures", "few-bits", "two-labels",
        "folder-without-type"}


def mutated(content, others, generator):
    """The content after one to five changes: bits, extreme numbers, cuts, repeats, other files."""
    data = bytearray(content)
    for _ in range(generator.randint(1, 5)):
        # Headers are short, so half of the changes are made near the beginning.
        limit = len(data) if generator.random() < 0.5 else min(len(data), 200)
        place = generator.randrange(max(1, limit))
        match generator.randrange(7):
            case 0 if data:
                data[place % len(data)] ^= 1 << generator.randrange(8)
            case 1:
                data[place : place + 1] = bytes([generator.choice([0, 1, 127, 128, 254, 255])])
            case 2:
                size = generator.choice([2, 4])
                data[place : place + size] = generator.choice(
                    [b"\xff" * size, b"\0" * size, b"\x7f" + b"\xff" * (size - 1), b"\0" * (size - 1) + b"\1"])
            case 3:
                del data[place:]
            case 4:
                del data[place : place + generator.randint(1, 40)]
            case 5:
                data[place:place] = data[place : place + generator.randint(1, 400)]
            case 6:
                other = generator.choice(others)
                data[place:] = other[generator.randrange(len(other)) :]
    return bytes(data)


def run(program, folder, content, table):
    """Reads the folder. Gives the process and its seconds."""
    begin = time.monotonic()
    result = subprocess.run(
        [program, "dataset", folder, "--content", content, "--output", folder.parent / "d.h5",
         "--metadata", table, "--json", "--quiet"],
        capture_output=True, text=True, timeout=BATCH * LONGEST)
    return result, time.monotonic() - begin


def faults(program, folder, content):
    """What is wrong with the program's answer about a folder, as sentences."""
    table = folder.parent / "table.csv"
    table.unlink(missing_ok=True)
    result, seconds = run(program, folder, content, table)
    if result.returncode != 0:
        return [f"status {result.returncode}: {result.stderr[-300:]}"]
    errata = json.loads(result.stdout)["errata"]
    with table.open() as file:
        used = {row["path"] for row in csv.DictReader(file)}
    unused = {e["path"] for e in errata if e["kind"] not in USED}
    entries = {str(path.relative_to(folder)) for path in folder.rglob("*.*")}
    found = []
    if used | unused != entries or used & unused:
        lost = sorted(entries - used - unused)[:3]
        found.append(f"{len(used)} used and {len(unused)} errata of {len(entries)} entries: {lost}")
    if seconds > LONGEST:
        for path in sorted((folder / "gneiss").iterdir()):
            alone = folder.parent / "alone" / "gneiss"
            shutil.rmtree(alone, ignore_errors=True)
            alone.mkdir(parents=True)
            shutil.copy(path, alone)
            shutil.copy(folder / "gneiss" / "good.png", alone)
            _, seconds = run(program, alone.parent, content, table)
            if seconds > LONGEST:
                found.append(f"{path.name} takes {seconds:.1f} s")
    return found


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--count", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    program = os.environ.get("GEOATLAS", str(ROOT / ".build" / "release" / "geoatlas"))
    generator = random.Random(options.seed)
    work = Path(tempfile.mkdtemp(prefix="mutated-"))
    files = list(kinds(work).items())
    contents = [content for _, content in files]
    good = dict(files)["png-2-8.png"]
    settings = work / "content"
    settings.mkdir()
    (settings / "atlas.yml").write_text(f"types: [gneiss, marble]\nmemory: {MEMORY}\n")
    found = []
    begin = time.monotonic()
    for start in range(0, options.count, BATCH):
        folder = work / f"batch-{start}"
        (folder / "gneiss").mkdir(parents=True)
        (folder / "gneiss" / "good.png").write_bytes(good)
        for number in range(start, min(options.count, start + BATCH)):
            name, content = files[number % len(files)]
            (folder / "gneiss" / f"{number}-{name}").write_bytes(
                mutated(content, contents, generator))
        wrong = faults(program, folder, settings)
        found += [f"{folder}: {fault}" for fault in wrong]
        if not wrong:
            shutil.rmtree(folder)
    # Of the largest child, in kilobytes.
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    if peak > MEMORY + OVERHEAD:
        found.append(f"{peak:.0f} MB of memory, more than {MEMORY} and {OVERHEAD} for the rest")
    for fault in found:
        print(fault)
    print(
        f"{options.count} mutated pictures: {len(found)} faults, at most {peak:.0f} MB, "
        f"{time.monotonic() - begin:.0f} s")
    if not found:
        shutil.rmtree(work)
    sys.exit(1 if found else 0)


if __name__ == "__main__":
    main()
