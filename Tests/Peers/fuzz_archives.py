"""Changes zip archives at random and reads them: no crash, no hang, and no entry gets lost.

Usage: fuzz_archives.py [--rounds 1000] [--seed 0]. Archives that fail are kept in `.build/fuzz`.
"""

import argparse
import io
import json
import os
import random
import subprocess
import sys
import tempfile
import time
import zipfile
from pathlib import Path

from PIL import Image

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = os.environ.get("GEOATLAS", str(ROOT / ".build" / "release" / "geoatlas"))
ENTRIES = 6
SECONDS = 5
"""Kinds of errata of files that are used."""
USED = {
    "two-with-one-key", "folder-without-type", "two-labels", "partly-damaged", "several-pictures", "few-bits"}


def jpeg(dice):
    picture = Image.frombytes("RGB", (24, 24), dice.randbytes(24 * 24 * 3))
    target = io.BytesIO()
    picture.save(target, "JPEG")
    return target.getvalue()


def archives(dice):
    """Archives of several makers: stored, deflated, zip64, sizes after the data."""
    for method in [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA]:
        for large in [False, True]:
            target = io.BytesIO()
            with zipfile.ZipFile(target, "w", method) as made:
                for number in range(ENTRIES):
                    name = f"{['gneiss', 'marble'][number % 2]}/{number}.jpg"
                    with made.open(name, "w", force_zip64=large) as entry:
                        entry.write(jpeg(dice))
            yield target.getvalue()


def changed(data, dice):
    """The archive with a few changes, most of them in its headers and its directory."""
    data = bytearray(data)
    marks = [place for place in range(len(data) - 4)
             if data[place:place + 2] == b"PK"]
    for _ in range(dice.choice([1, 1, 2, 4, 8])):
        near = dice.choice(marks) + dice.randrange(60)
        place = min(dice.choice([near, near, dice.randrange(len(data))]), len(data) - 1)
        what = dice.randrange(5)
        if what == 0:
            data[place] ^= 1 << dice.randrange(8)
        elif what == 1:
            data[place] = dice.choice([0, 1, 0x7F, 0x80, 0xFF])
        elif what == 2:
            data[place:place + 4] = dice.choice([b"\xff" * 4, b"\0" * 4])
        elif what == 3:
            del data[place:place + dice.randrange(1, 9)]
        else:
            data[place:place] = dice.randbytes(dice.randrange(1, 9))
        if len(data) < 30:
            break
    return bytes(data)


def fault(path, folder):
    """What is wrong with the program's answer for an archive; None if nothing is."""
    start = time.monotonic()
    try:
        run = subprocess.run(
            [PROGRAM, "dataset", path, "--output", folder / "d.h5", "--json", "--quiet"],
            capture_output=True, text=True, timeout=60)
    except subprocess.TimeoutExpired:
        return "hangs"
    seconds = time.monotonic() - start
    if run.returncode not in (0, 1):
        return f"ends with {run.returncode}: {run.stderr[-200:]}"
    if seconds > SECONDS:
        return f"takes {seconds:.1f} s"
    if run.returncode == 1:
        return None if run.stderr.startswith("geoatlas: ") else f"no message: {run.stderr[-200:]}"
    result = json.loads(run.stdout)
    unused = sum(erratum["kind"] not in USED for erratum in result["errata"])
    if result["images"] + unused < ENTRIES:
        return f"{result['images']} used and {unused} errata of {ENTRIES} entries"
    return None


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    dice = random.Random(options.seed)
    seeds = list(archives(dice))
    kept = ROOT / ".build" / "fuzz"
    failures = 0
    with tempfile.TemporaryDirectory() as folder:
        for number in range(options.rounds):
            path = Path(folder) / "a.zip"
            path.write_bytes(changed(dice.choice(seeds), dice))
            found = fault(path, Path(folder))
            if found:
                failures += 1
                kept.mkdir(parents=True, exist_ok=True)
                (kept / f"{options.seed}-{number}.zip").write_bytes(path.read_bytes())
                print(f"{number}: {found}")
    print(f"{options.rounds} changed archives, {failures} failures")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
