"""Builds and publications that are killed or run at once: whether the next one leaves a whole atlas.

Prints counts. Two collections, of which one lacks pictures, are built by turns into one folder, so that
every build adds and removes files. After each fault the next build has to complete, `geoatlas check` has to
find nothing, and the atlas has to have the bytes of a build into an empty folder. The two atlases are then
published by turns (publish_faults.py).

Builds are also killed right before and right after the calls that put a manifest, a journal, a stamp, a
record or a page in place (with strace, where it is installed).

usage: bench_faults.py [--part build|publish] [--kills 200] [--chosen 50] [--builds 20] [--rounds 50] [--publishes 20]
       [--publish-kills 40] [--publish-chosen 15] [--pairs 20] [--seed 0]
"""

import argparse
import filecmp
import os
import pathlib
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.append(str(ROOT / "Tests"))

import publish_faults  # noqa: E402

PROGRAM = os.environ.get("GEOATLAS", str(ROOT / ".build/release/geoatlas"))


class Bench:
    """A folder with two collections, their fresh atlases, and one folder that all builds write to."""

    def __init__(self, folder):
        self.folder = folder
        self.output = folder / "public"
        run("sample", folder / "whole", "--per-type", 12, "--size", 64)
        shutil.copytree(folder / "whole", folder / "fewer")
        for kind in sorted((folder / "fewer").iterdir()):
            for picture in sorted(kind.iterdir())[:3]:
                picture.unlink()
        run("train", folder / "whole", "--architecture", "conv1l", "--epochs", 1, "--output",
            folder / "m.h5")
        self.fresh = {}
        for name in ("whole", "fewer"):
            shutil.rmtree(folder / "workspace", ignore_errors=True)
            run(*self.build(name, folder / f"fresh-{name}"))
            self.fresh[name] = folder / f"fresh-{name}"

    def build(self, name, output=None, workspace="workspace"):
        # Without comparisons there is no trial, which is drawn at random.
        content = self.folder / "content"
        if not content.exists():
            shutil.copytree(ROOT / "content", content)
            settings = content / "atlas.yml"
            settings.write_text(settings.read_text().replace("comparisons: 60", "comparisons: 0"))
        return ("build", self.folder / name, "--output", output or self.output, "--workspace",
                self.folder / workspace, "--review", self.folder / "review", "--classifier",
                self.folder / "m.h5", "--k", 3, "--no-times", "--content", content, "--templates",
                ROOT / "templates")

    def verdict(self, name):
        """What is wrong after an undisturbed build of `name`; empty when nothing is wrong."""
        done = start(*self.build(name))
        text = done.communicate()[1]
        if done.returncode != 0:
            return f"the next build ended with {done.returncode}: {text.strip()[-200:]}"
        check = start("check", self.output)
        text = check.communicate()[0]
        if check.returncode != 0:
            return f"check: {text.strip()[-200:]}"
        return difference(self.fresh[name], self.output)


def difference(expected, found):
    """The first path at which two folders differ; empty when they do not."""
    paths = [{path.relative_to(folder) for path in folder.rglob("*") if path.is_file()}
             for folder in (expected, found)]
    if paths[0] != paths[1]:
        return f"{sorted(paths[0] ^ paths[1])[0]} is in one of the two only"
    for path in sorted(paths[0]):
        if not filecmp.cmp(expected / path, found / path, shallow=False):
            return f"{path} differs"
    return ""


def start(*arguments):
    return subprocess.Popen([PROGRAM, *map(str, arguments), "--quiet"], stdout=subprocess.PIPE,
                            stderr=subprocess.PIPE, text=True)


def run(*arguments):
    process = start(*arguments)
    text = process.communicate()[1]
    if process.returncode != 0:
        sys.exit(text)


def kills(bench, count, draw):
    """Builds killed at a random moment, and what was wrong after them."""
    # Half of the builds make everything again, so that every stage is hit.
    ways = [(), ("--force",)]
    durations = []
    for way in ways:
        run(*bench.build("whole"))
        begin = time.monotonic()
        run(*bench.build("fewer"), *way)
        durations.append(time.monotonic() - begin)
    run(*bench.build("whole"))
    wrong, died = [], 0
    for number in range(count):
        name = ("fewer", "whole")[number // 2 % 2]
        process = start(*bench.build(name), *ways[number % 2])
        try:
            process.wait(timeout=draw.uniform(0, durations[number % 2]))
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
            died += 1
        process.communicate()
        # The next build is of either collection: the same one completes, the other one goes back.
        fault = bench.verdict(draw.choice(("whole", "fewer")))
        if fault:
            wrong.append(fault)
    return died, wrong


# Files that decide what a later build believes, and one kind of the others.
DECISIVE = re.compile(r"manifest|geoatlas-building|\.stamp|build\.json|files\.h5|history|edition|"
                      r"network\.txt|index\.html")
PLACING = "rename,unlink"


def traced(bench, name, *injection):
    """A build under strace: its exit status, and the calls that rename or remove a file, in order."""
    log = bench.folder / "calls.txt"
    subprocess.run(
        ["strace", "-f", "-q", "-o", log, "-e", f"trace={PLACING}", *injection, PROGRAM,
         *map(str, bench.build(name)), "--quiet"], capture_output=True, check=False)
    return re.findall(r"\d+ +(rename|unlink)\((.*)", log.read_text())


def chosen(bench, count):
    """Builds killed around the calls that matter most, and what was wrong after them."""
    run(*bench.build("whole"))
    calls = traced(bench, "fewer")
    points, seen = [], {"rename": 0, "unlink": 0}
    for call, arguments in calls:
        seen[call] += 1
        if DECISIVE.search(arguments):
            # strace kills at the entry of a call: before this one, and before the one after it.
            points += [(call, seen[call]), (call, seen[call] + 1)]
    points = sorted(set(points))
    points = points[::max(1, len(points) // count)][:count]
    wrong = []
    for number, (call, place) in enumerate(points):
        name = ("fewer", "whole")[number % 2]
        run(*bench.build(("whole", "fewer")[number % 2]))
        traced(bench, name, "-e", f"inject={call}:signal=KILL:when={place}")
        fault = bench.verdict(name if number % 4 < 2 else ("whole", "fewer")[number % 2])
        if fault:
            wrong.append(f"killed before {call} number {place}: {fault}")
    return len(points), wrong


class Follower(threading.Thread):
    """Checks the links of all pages of a folder, again and again, each when the page has been read.

    Pages that one of the editions lacks are left out: while they go, they name pages that go too.
    """

    def __init__(self, public, edition):
        super().__init__(daemon=True)
        self.public = public
        self.pages = [page.relative_to(edition) for page in edition.rglob("*.html")]
        self.links = 0
        self.dead = []
        self.ended = threading.Event()

    def run(self):
        while not self.ended.is_set():
            for page in self.pages:
                self.follow(self.public / page)

    def follow(self, page):
        try:
            text = page.read_bytes()
            targets = [publish_faults.target(page, link) for link in publish_faults.LINK.findall(text)]
            missing = [target for target in targets if target and not target.exists()]
            self.links += len(targets)
            # A page that has been replaced since does not name them any more.
            if missing and page.read_bytes() == text:
                self.dead.append(f"{page.name} names {missing[0]}")
        except FileNotFoundError:
            self.dead.append(f"{page.name} is not there")


def followed(bench, count):
    """Builds by turns while links are followed: number of links, and those that led nowhere."""
    run(*bench.build("whole"))
    follower = Follower(bench.output, bench.fresh["fewer"])
    follower.start()
    for number in range(count):
        run(*bench.build(("fewer", "whole")[number % 2]))
    follower.ended.set()
    follower.join()
    return follower.links, follower.dead


def at_once(bench, rounds):
    """Three builds at once into one folder, and what was wrong after them."""
    wrong, refused = [], 0
    for number in range(rounds):
        builds = [start(*bench.build(("whole", "fewer")[(number + each) % 2], workspace=f"w{each}"))
                  for each in range(3)]
        for process in builds:
            text = process.communicate()[1]
            if process.returncode != 0:
                refused += 1
                if "Another build is writing" not in text:
                    wrong.append(text.strip()[-200:])
        check = start("check", bench.output)
        text = check.communicate()[0]
        if check.returncode != 0:
            wrong.append(f"check after three builds: {text.strip()[-200:]}")
        fault = bench.verdict("whole")
        if fault:
            wrong.append(fault)
    return refused, wrong


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--part", choices=["build", "publish"], help="default: both")
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--chosen", type=int, default=50)
    parser.add_argument("--builds", type=int, default=20)
    parser.add_argument("--rounds", type=int, default=50)
    parser.add_argument("--publishes", type=int, default=20)
    parser.add_argument("--publish-kills", type=int, default=40)
    parser.add_argument("--publish-chosen", type=int, default=15)
    parser.add_argument("--pairs", type=int, default=20)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    draw = random.Random(options.seed)
    wrong = []
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(pathlib.Path(folder))
        if options.part != "publish":
            wrong += build_faults(bench, options, draw)
        if options.part != "build":
            numbers = {
                "publishes": options.publishes, "kills": options.publish_kills,
                "chosen": options.publish_chosen, "pairs": options.pairs}
            editions = [bench.fresh["whole"], bench.fresh["fewer"]]
            wrong += publish_faults.report(editions, bench.folder, draw, numbers)
        for fault in wrong[:10]:
            print(" ", fault)
    return 1 if wrong else 0


def build_faults(bench, options, draw):
    died, wrong = kills(bench, options.kills, draw)
    print(f"{options.kills} builds, {died} of them killed at a random moment: "
          f"{len(wrong)} wrong afterwards", flush=True)
    if shutil.which("strace"):
        points, more = chosen(bench, options.chosen)
        print(f"{points} builds killed before or after a call that puts a file in place: "
              f"{len(more)} wrong afterwards", flush=True)
        wrong += more
    else:
        print("builds killed at chosen calls: not run, strace is not installed")
    links, dead = followed(bench, options.builds)
    print(f"{links:,} links followed during {options.builds} builds: {len(dead)} led nowhere", flush=True)
    wrong += dead
    refused, more = at_once(bench, options.rounds)
    print(f"{options.rounds} rounds of three builds at once, {refused} of them refused: "
          f"{len(more)} wrong", flush=True)
    return wrong + more


if __name__ == "__main__":
    sys.exit(main())
