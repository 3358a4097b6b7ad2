"""Faults of publishing, for bench_faults.py: readers meanwhile, kills, two publishers at once.

Two editions of an atlas, of which one lacks pictures, are published by turns to one destination.
"""

import filecmp
import os
import pathlib
import re
import shutil
import signal
import subprocess
import threading
import time
import urllib.parse

import secure_shell

ROOT = pathlib.Path(__file__).resolve().parents[2]
PROGRAM = os.environ.get("GEOATLAS", str(ROOT / ".build/release/geoatlas"))
LINK = re.compile(rb"""(?:href|src)=["']?([^"'\s>#?]+)""")
KEPT_APART = "is publishing there"
OWN = ".geoatlas-publish"


def start(edition, destination, environment, *options):
    return subprocess.Popen(
        [PROGRAM, "publish", edition, destination, "--quiet", *options], env=environment,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def publish(edition, destination, environment, *options):
    """Publishes to the end; the error text, empty when there was none."""
    process = start(edition, destination, environment, *options)
    errors = process.communicate()[1]
    return "" if process.returncode == 0 else f"status {process.returncode}: {errors.strip()}"


def difference(edition, share):
    """The first path at which the destination is not the edition; empty when there is none."""
    expected, found = (
        {path.relative_to(folder) for path in folder.rglob("*")} for folder in (edition, share))
    if expected != found:
        return f"{sorted(expected ^ found)[0]} is in one of the two only"
    for path in sorted(expected):
        if (edition / path).is_file() and not filecmp.cmp(
                edition / path, share / path, shallow=False):
            return f"{path} differs"
    return ""


class Target:
    """A destination: the folder, and its address if it is reached by ssh."""

    def __init__(self, share, server=None):
        self.share = share
        self.address = share if server is None else f"{secure_shell.HOST}:{share}"
        self.environment = dict(os.environ) if server is None else server.environment

    def start(self, edition, *options):
        return start(edition, self.address, self.environment, *options)

    def verdict(self, edition):
        """What is wrong after an undisturbed publication; empty when nothing is wrong."""
        fault = publish(edition, self.address, self.environment)
        if fault:
            return f"the next publication ended with {fault[-300:]}"
        check = subprocess.run(
            [PROGRAM, "check", self.share, "--quiet"], capture_output=True, text=True, check=False)
        if check.returncode != 0:
            return f"check: {check.stdout.strip()[-300:]}"
        fault = publish(edition, self.address, self.environment, "--remove-now")
        return fault or difference(edition, self.share)


def target(page, link):
    """The file that a link of a page names; `None` for an address outside."""
    address = urllib.parse.unquote(link.decode())
    return None if ":" in address else pathlib.Path(os.path.normpath(page.parent / address))


class Reader(threading.Thread):
    """Follows all links of the pages at a folder, beginning with the front page, again and again."""

    def __init__(self, share):
        super().__init__(daemon=True)
        self.share = share
        self.reads = self.rounds = 0
        self.missing = []
        self.ended = threading.Event()

    def run(self):
        while not self.ended.is_set():
            self.round()
            self.rounds += 1

    def round(self):
        seen, pages = {"index.html"}, ["index.html"]
        while pages and not self.ended.is_set():
            page = pages.pop()
            for target in self.links(page):
                if target not in seen:
                    seen.add(target)
                    if target.endswith(".html"):
                        pages.append(target)
                    elif not (self.share / target).exists():
                        self.missing.append(f"{page} names {target}")

    def links(self, page):
        self.reads += 1
        try:
            text = (self.share / page).read_bytes()
        except FileNotFoundError:
            self.missing.append(page)
            return
        for link in LINK.findall(text):
            address = urllib.parse.unquote(link.decode())
            if ":" not in address:
                yield os.path.normpath(os.path.join(os.path.dirname(page), address))


def readers(editions, target, count, copy):
    """Publishes the editions by turns while a reader follows links; the reader, and what failed."""
    failed = [text for text in [copy(editions[0], target)] if text]
    reader = Reader(target.share)
    reader.start()
    for number in range(count):
        text = copy(editions[(number + 1) % 2], target)
        if text:
            failed.append(text)
    reader.ended.set()
    reader.join()
    return reader, failed


def by_rsync(edition, target):
    source, place = f"{edition}/", f"{target.share}/"
    done = subprocess.run(
        ["rsync", "-a", "--delete", source, place], capture_output=True, text=True, check=False)
    return done.stderr if done.returncode else ""


def by_geoatlas(edition, target):
    return publish(edition, target.address, target.environment)


# Changes at a destination after which a publisher is killed.
MOMENTS = {
    "lock made": lambda before, now: now["lock"] and not before["lock"],
    "list of arriving files written": lambda before, now: now["state"] != before["state"],
    "manifest replaced": lambda before, now: now["manifest"] != before["manifest"],
    "list of leaving files written":
        lambda before, now: now["manifest"] != before["manifest"] and now["state"] != now["first"],
    "lock removed": lambda before, now: now["had lock"] and not now["lock"],
}


def marks(share):
    def mark(name):
        try:
            return os.stat(share / name).st_ino
        except FileNotFoundError:
            return None
    return {"lock": mark(OWN + ".lock"), "state": mark(OWN + ".json"), "manifest": mark("manifest.json")}


def kill_at(moment, process, share, before):
    """Kills a publisher when the destination shows a change; whether it lived until then."""
    seen = {"first": None, "had lock": False}
    while process.poll() is None:
        now = marks(share)
        seen["had lock"] = seen["had lock"] or now["lock"] is not None
        if now["state"] != before["state"] and seen["first"] is None:
            seen["first"] = now["state"]
        if MOMENTS[moment](before, {**now, **seen}):
            process.send_signal(signal.SIGKILL)
            return True
    return False


def kills(editions, target, draw, random_kills, chosen_kills):
    """Publishers that are killed, and what was wrong after the next one."""
    died, wrong = 0, []
    begin = time.monotonic()
    publish(editions[0], target.address, target.environment)
    publish(editions[1], target.address, target.environment)
    duration = time.monotonic() - begin
    current = 1
    for number in range(random_kills + chosen_kills):
        current = 1 - current
        before = marks(target.share)
        process = target.start(editions[current])
        if number < random_kills:
            try:
                process.wait(timeout=draw.uniform(0, duration))
            except subprocess.TimeoutExpired:
                process.send_signal(signal.SIGKILL)
                died += 1
        else:
            moment = list(MOMENTS)[number % len(MOMENTS)]
            died += kill_at(moment, process, target.share, before)
        process.communicate()
        # The next publication is of either edition: the same one completes, the other goes back.
        current = draw.choice((0, 1))
        fault = target.verdict(editions[current])
        if fault:
            wrong.append(fault)
    return died, wrong


def at_once(editions, targets, rounds):
    """Publishers of two editions at once, and what was wrong after them."""
    refused, wrong = 0, []
    for number in range(rounds):
        pair = [targets[each % len(targets)].start(editions[(number + each) % 2]) for each in range(2)]
        texts = [process.communicate()[1] for process in pair]
        statuses = [process.returncode for process in pair]
        for status, text in zip(statuses, texts, strict=True):
            if status != 0:
                refused += 1
                if KEPT_APART not in text:
                    wrong.append(text.strip()[-300:])
        if 0 not in statuses:
            wrong.append(f"both failed: {texts}")
        check = subprocess.run(
            [PROGRAM, "check", targets[0].share, "--quiet"], capture_output=True, text=True,
            check=False)
        if check.returncode != 0:
            wrong.append(f"check after two publishers: {check.stdout.strip()[-300:]}")
        fault = targets[0].verdict(editions[number % 2])
        if fault:
            wrong.append(fault)
    return refused, wrong


def report(editions, folder, draw, numbers):
    """Runs all parts and prints counts; what was wrong."""
    wrong = []

    def target(name, server=None):
        share = folder / name
        shutil.rmtree(share, ignore_errors=True)
        return Target(share, server)

    def say(text, found):
        print(f"{text}: {len(found)} wrong", flush=True)
        wrong.extend(found)

    reader, failed = readers(editions, target("read"), numbers["publishes"], by_geoatlas)
    say(f"{numbers['publishes']} publications, {reader.reads} pages read meanwhile with all their links in "
        f"{reader.rounds} rounds, {len(reader.missing)} files missing", failed + reader.missing)
    reader, failed = readers(editions, target("rsync"), numbers["publishes"], by_rsync)
    print(f"  the same with rsync -a --delete: {reader.reads} pages read in {reader.rounds} rounds, "
          f"{len(reader.missing)} files missing", flush=True)

    def shared(name, server=None):
        local = target(f"share {name}")
        place = f"{name} destination"
        died, found = kills(
            editions, Target(local.share, server), draw, numbers["kills"], numbers["chosen"])
        say(f"{numbers['kills'] + numbers['chosen']} publications to a {place}, {died} of them killed", found)
        refused, found = at_once(editions, [Target(local.share, server)], numbers["pairs"])
        say(f"{numbers['pairs']} rounds of two publishers at once to a {place}, {refused} refused", found)
        return local

    local = shared("folder")
    if secure_shell.program() is None:
        print("ssh was left out: openssh-server is not installed")
        return wrong
    home = folder / "ssh"
    home.mkdir()
    with secure_shell.secure_shell(home) as server:
        shared("ssh", server)
        mixed = [Target(local.share), Target(local.share, server)]
        refused, found = at_once(editions, mixed, numbers["pairs"])
        say(f"{numbers['pairs']} rounds of two publishers at once, one of them over ssh, {refused} refused", found)
    return wrong
