"""Shared by the benchmarks: the program, its times and memory, pictures, and rows of a table."""

import json
import os
import pathlib
import re
import resource
import subprocess
import sys
import threading
import time
from typing import NamedTuple

import h5py
import numpy

ROOT = pathlib.Path(__file__).resolve().parents[2]
PROGRAM = pathlib.Path(os.environ.get("GEOATLAS", ROOT / ".build/release/geoatlas"))
SHARED = pathlib.Path(os.environ.get("GEOATLAS_SHARED", ROOT.parent / "shared"))
TYPES = ["andesite", "gneiss", "marble", "quartzite", "rhyolite", "schist"]


class Part(NamedTuple):
    """Pictures of one set of the split: training, dev or test set."""

    keys: list
    pictures: numpy.ndarray  # (n, 28, 28, 3) uint8
    labels: numpy.ndarray  # (n,) index into TYPES


class Outcome(NamedTuple):
    """Output, times and memory of a run of the program."""

    value: object  # what it printed
    stages: dict  # seconds by name of the stage
    processor: float  # seconds of all its threads


def run(*arguments):
    """Runs geoatlas to its end."""
    if not PROGRAM.exists():
        sys.exit(f'{PROGRAM} is missing. Run "make build" first.')
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    process = subprocess.run(
        [PROGRAM, *map(str, arguments), "--json"], capture_output=True, text=True, check=False)
    if process.returncode != 0:
        sys.exit(f"geoatlas {' '.join(map(str, arguments))}\n{process.stderr}")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    processor = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    stages = re.findall(r"^(\w+) +(\d+\.\d) s", process.stderr, re.MULTILINE)
    return Outcome(
        json.loads(process.stdout), {stage: float(seconds) for stage, seconds in stages}, processor)


class Process(NamedTuple):
    """Output, times and memory of a process."""

    output: bytes
    seconds: float  # of the whole process
    processor: float  # seconds of all its threads
    memory: int  # bytes at its peak


def watched(command, cwd=None):
    """Runs a command to its end.

    The peak of memory is what the kernel notes of the process itself; the usage that a parent is told
    includes the parent's own size at the start.
    """
    start = time.monotonic()
    process = subprocess.Popen(
        list(map(str, command)), stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=cwd)
    peaks = [0]

    def watch():
        status = pathlib.Path(f"/proc/{process.pid}/status")
        while process.returncode is None:
            try:
                found = re.search(r"VmHWM:\s+(\d+) kB", status.read_text())
            except OSError:
                return
            peaks.append(1024 * int(found.group(1)) if found else 0)
            time.sleep(0.005)

    said = []
    watchers = [
        threading.Thread(target=watch),
        threading.Thread(target=lambda: said.append(process.stderr.read().decode()))]
    for watcher in watchers:
        watcher.start()
    output = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    seconds = time.monotonic() - start
    for watcher in watchers:
        watcher.join()
    if process.returncode != 0:
        sys.exit(f"{' '.join(map(str, command))} ended with {process.returncode}\n{said[0]}")
    return Process(output, seconds, usage.ru_utime + usage.ru_stime, max(peaks))


def chosen(collection, folder):
    """The requested collection, else the reference collection, else a generated sample."""
    collection = pathlib.Path(collection or SHARED / "data/geotechnical_images.zip").resolve()
    if not collection.exists():
        collection = folder / "sample.zip"
        run("sample", collection, "--per-type", 200)
    return collection


def parts(collection, folder, *options):
    """The training, dev and test set of a collection."""
    file = folder / "dataset.h5"
    run("dataset", collection, "--output", file, *options)
    place = {name: index for index, name in enumerate(TYPES)}
    with h5py.File(file) as data:
        return [
            Part(
                [key.decode() for key in data[f"keys_{name.lower()}"]], data[f"X_{name}_Orig"][:],
                numpy.array([place[label.decode()] for label in data[f"Y_{name}_Orig"]]))
            for name in ("Train", "Dev", "Test")
        ]


def title(text):
    print(f"\n{text}", flush=True)


def row(what, value, bar=""):
    print(f"  {what:<58} {value:>18}   {bar}", flush=True)


def judged(value, bar, unit=""):
    """A limit in words, and whether the value reaches it."""
    return f"bar {bar}{unit}: {'met' if value >= bar else 'MISSED'}"


def machine():
    """Cores and how busy they are."""
    return f"{len(os.sched_getaffinity(0))} cores, load average {os.getloadavg()[0]:.1f}"
