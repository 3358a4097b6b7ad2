"""An atlas in shards beside one shard and beside `build`, and how times grow with the collection.

usage: bench_cluster.py [--collection ZIP] [--part overhead|growth|all] [--shards 20] [--pictures 10000,100000]

Overhead: all shards and merges of a plan run one after another on this machine, with 1 and with --shards
shards; the sums of processor time are compared, and both atlases with that of `build`. A stage gets as many
shards as have at least a tenth of a minute of work by the plan's estimate, and at most --shards.

Growth: the collection is enlarged to each of the numbers of --pictures: its pictures again, turned by one of
the eight symmetries, shifted by 8 to 20 pixels around their edges, and lit differently, so that they are
neither copies nor the same ground. The same number gives the same archive. For each stage the table has the
seconds of its shards and merge, their processor time, and the largest memory of a process. 1000000 takes a day
on two cores.
"""

import argparse
import filecmp
import io
import json
import multiprocessing
import pathlib
import shutil
import tempfile
import time
import zipfile
from typing import NamedTuple

import numpy
from measuring import PROGRAM, ROOT, chosen, machine, row, title, watched
from PIL import Image

# Bar: what more shards may cost.
OVERHEAD = 0.15


def relit(pixels, number, random):
    """A picture turned, shifted and lit differently."""
    turned = numpy.rot90(pixels, number % 4)
    if number // 4 % 2:
        turned = turned[:, ::-1]
    shifted = numpy.roll(turned, random.integers(8, 21, 2), (0, 1)) / 255
    slope = random.uniform(-0.15, 0.15, 2)
    across = numpy.linspace(-1, 1, shifted.shape[0])
    light = across[:, None] * slope[0] + across[None, : shifted.shape[1]] * slope[1]
    lit = shifted ** random.uniform(0.6, 1.6) + light[..., None]
    return (numpy.clip(lit, 0, 1) * 255).astype(numpy.uint8)


def enlarge(collection, target, count):
    """An archive of `count` pictures of 28 pixels: those of the collection, then changed ones."""
    random = numpy.random.default_rng(0)
    with zipfile.ZipFile(collection) as source, zipfile.ZipFile(target, "w") as archive:
        entries = [entry for entry in source.infolist() if not entry.is_dir()]
        known = []
        for number in range(count):
            round_, place = divmod(number, len(entries))
            entry = entries[place]
            path = pathlib.PurePosixPath(entry.filename)
            if round_ == 0:
                data = source.read(entry)
                with Image.open(io.BytesIO(data)) as picture:
                    known.append(numpy.asarray(picture.convert("RGB").resize((28, 28))))
            else:
                output = io.BytesIO()
                changed = relit(known[place], round_, random)
                Image.fromarray(changed).save(output, "JPEG", quality=92)
                data = output.getvalue()
                path = path.with_stem(f"{path.stem}-{round_}")
            archive.writestr(str(path), data)


class Stage(NamedTuple):
    """What the shards and the merge of a stage took."""

    seconds: float
    processor: float  # seconds of all threads
    memory: int  # bytes of the largest process
    shards: int


def called(*words):
    return watched([PROGRAM, *words, "--quiet"])


def planned(place, work, output, *more):
    words = ["plan", *options(place), "--output", output, "--work", work, "--print", "json", *more]
    return json.loads(called(*words).output)


def options(place):
    return [
        place / "rocks.zip", "--content", place / "content", "--templates", place / "templates",
        "--review", place / "review", "--classifier", place / "network.h5", "--no-times"]


def perform(plan):
    """Runs all shards and merges, one after another: seconds, processor time and memory by stage."""
    stages = {}
    for stage in plan["stages"]:
        words = ["--work", plan["work"], "--stage", stage["name"]]
        shards = [called("shard", *words, "--index", index) for index in range(stage["shards"])]
        merge = called("merge", *words)
        every = [*shards, merge]
        stages[stage["name"]] = Stage(
            sum(each.seconds for each in every), sum(each.processor for each in every),
            max(each.memory for each in every), stage["shards"])
    return stages


def same(left, right):
    """Whether two folders have the same files with the same bytes."""
    names = [{str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}
             for folder in (left, right)]
    if names[0] != names[1]:
        return False
    _, mismatches, errors = filecmp.cmpfiles(left, right, names[0], shallow=False)
    return not mismatches and not errors


def prepare(collection, place):
    """A folder with a collection and all that its atlas is made from."""
    place.mkdir()
    shutil.copy(collection, place / "rocks.zip")
    for folder in ("content", "templates"):
        shutil.copytree(ROOT / folder, place / folder)
    called("train", place / "rocks.zip", "--architecture", "conv2l", "--epochs", 1, "--output",
           place / "network.h5")
    return place


def report_overhead(collection, folder, shards):
    place = prepare(collection, folder / "overhead")
    begin = time.monotonic()
    called("build", *options(place), "--output", place / "public", "--workspace", place / "built")
    row("build", f"{time.monotonic() - begin:.1f} s", "")
    sums = {}
    for count in (1, shards):
        output = place / f"atlas-{count}"
        plan = planned(place, place / f"work-{count}", output, "--shards", count)
        stages = perform(plan)
        sums[count] = sum(stage.processor for stage in stages.values())
        by_name = ", ".join(
            f"{name} {stage.shards}: {stage.seconds:.1f} s" for name, stage in stages.items())
        seconds = sum(stage.seconds for stage in stages.values())
        row(f"--shards {count}", f"{seconds:.1f} s", f"{sums[count]:.1f} s of processor; {by_name}")
        row("  atlas of build", "same" if same(place / "public", output) else "DIFFERENT", "")
    ratio = sums[shards] / sums[1] - 1
    row(f"processor time, {shards} shards beside 1", f"{ratio:+.0%}",
        f"bar {OVERHEAD:+.0%}: {'met' if ratio <= OVERHEAD else 'MISSED'}")


def report_growth(collection, folder, counts, shards):
    for count in counts:
        large = folder / f"{count}.zip"
        # In a process of its own, because the kernel counts this one's memory in those that it starts.
        maker = multiprocessing.get_context("spawn").Process(
            target=enlarge, args=(collection, large, count))
        maker.start()
        maker.join()
        assert maker.exitcode == 0
        place = prepare(large, folder / f"growth-{count}")
        large.unlink()
        plan = planned(place, place / "work", place / "atlas", "--shards", shards)
        title(f"{count:,} pictures")
        for name, stage in perform(plan).items():
            row(f"{name}, {stage.shards} shards", f"{stage.seconds:.1f} s",
                f"{stage.processor:.1f} s of processor, {stage.memory >> 20} MiB")
        sizes = [
            (what, sum(path.stat().st_size for path in (place / what).rglob("*") if path.is_file()))
            for what in ("work/parts", "work/workspace", "atlas")]
        row("sizes", ", ".join(f"{what} {size >> 20} MiB" for what, size in sizes), "")
        shutil.rmtree(place)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--collection")
    parser.add_argument("--part", choices=["overhead", "growth", "all"], default="all")
    parser.add_argument("--shards", type=int, default=20)
    parser.add_argument("--pictures", default="10000,100000")
    arguments = parser.parse_args()
    print(machine())
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        collection = chosen(arguments.collection, folder)
        if arguments.part != "growth":
            title("overhead of shards")
            report_overhead(collection, folder, arguments.shards)
        if arguments.part != "overhead":
            counts = [int(count) for count in arguments.pictures.split(",")]
            report_growth(collection, folder, counts, arguments.shards)


if __name__ == "__main__":
    main()
