#!/usr/bin/env python3
"""Breaks one line at a time in a copy of the sources and checks that the named test fails.

`mutants.toml` beside this file holds the list. A mutant that its test does not catch is a survivor:
the line is not tested. Survivors are printed at the end and make the exit status 1, and so do mutants
that cannot be built or whose test passes nothing without the change.

A build takes far longer than a test. So mutants of several modules are built together, if none of them
is in a module that the test of another one uses.

The copy and its debug build lie in `.build-mutants/` and stay there, so that the next run starts warm.
"""

import argparse
import dataclasses
import importlib.util
import json
import os
import pathlib
import re
import shlex
import shutil
import signal
import subprocess
import sys
import time
import tomllib

ROOT = pathlib.Path(__file__).resolve().parents[2]
LIST = pathlib.Path(__file__).with_name("mutants.toml")
COPY = ROOT / ".build-mutants" / "tree"
BUILD = ["swift", "build", "-debug-info-format", "none", "--explicit-target-dependency-import-check", "error"]
# A change may make a loop endless: such a mutant counts as caught.
LONGEST_TEST = 900


@dataclasses.dataclass(frozen=True)
class Mutant:
    """One changed line."""

    name: str
    file: str
    old: str
    new: str
    # "swift FILTER" for Swift tests, as in `swift test --filter`, or "pytest FILE::TEST".
    test: str

    @property
    def runner(self):
        return self.test.split(" ", 1)[0]

    @property
    def chosen(self):
        return self.test.split(" ", 1)[1]

    @property
    def compiled(self):
        return self.file.endswith(".swift")

    @property
    def module(self):
        return self.file.split("/")[1]

    @property
    def tests(self):
        """The target of its Swift tests."""
        return self.chosen.split(".")[0]

    def objection(self):
        """What is wrong with the entry itself; None for nothing."""
        path = ROOT / self.file
        if not path.is_file():
            return f"{self.file} does not exist"
        count = path.read_text().count(self.old)
        if count != 1:
            return f"{self.file} has the old text {count} times, not once"
        if self.old == self.new:
            return "the old and the new text are equal"
        if self.runner not in ("swift", "pytest"):
            return f'the test begins with "{self.runner}", not with "swift" or "pytest"'
        if not self.has_test():
            return f'there is no test "{self.chosen}"'
        return None

    def has_test(self):
        """Whether the file of its test exists, or a suite of that name among the Swift tests."""
        if self.runner == "pytest":
            return (ROOT / shlex.split(self.chosen)[0].split("::")[0]).exists()
        target, _, suite = self.chosen.partition(".")
        named = re.compile(rf"\b(struct|class|enum|extension) {suite}" if suite else "@Test")
        return any(named.search(file.read_text()) for file in (ROOT / "Tests" / target).rglob("*.swift"))


def listed():
    mutants = [Mutant(**entry) for entry in tomllib.loads(LIST.read_text())["mutant"]]
    names = [mutant.name for mutant in mutants]
    problems = [f"{name}: the name is used twice" for name in sorted(set(names)) if names.count(name) > 1]
    problems += [f"{mutant.name}: {reason}" for mutant in mutants if (reason := mutant.objection())]
    return mutants, problems


def copy_sources():
    """Brings the copy up to the sources; files that did not change keep their times and builds."""
    names = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"], cwd=ROOT,
        capture_output=True, check=True).stdout.decode().split("\0")
    wanted = {name for name in names if name and (ROOT / name).is_file()}
    COPY.mkdir(parents=True, exist_ok=True)
    for path in COPY.rglob("*"):
        name = path.relative_to(COPY)
        if name.parts[0] not in (".build", ".venv", "Package.resolved") and not path.is_dir():
            if str(name) not in wanted:
                path.unlink()
    for name in wanted:
        source, target = ROOT / name, COPY / name
        if target.is_file() and target.read_bytes() == source.read_bytes():
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(source, target)


def run(command, seconds=None, **environment):
    """Whether a command ended with 0, and what it printed; None when it took too long."""
    process = subprocess.Popen(
        command, cwd=COPY, env={**os.environ, **environment}, text=True, start_new_session=True,
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    try:
        output, _ = process.communicate(timeout=seconds)
        return process.returncode == 0, output
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
        return None, ""


def build(for_tests):
    """Builds the copy in debug mode: all tests, or the program alone."""
    return run([*BUILD, "--build-tests"] if for_tests else [*BUILD, "--product", "geoatlas"])


def test(mutant):
    """Runs the test of a mutant on the copy as it stands."""
    if mutant.runner == "swift":
        return run(
            ["swift", "test", "--skip-build", "--disable-xctest", "--filter", mutant.chosen],
            LONGEST_TEST)
    # Pages and scripts are made by the program of the sources as they are, which is the faster one.
    whole = os.environ.get("GEOATLAS", ROOT / ".build/release/geoatlas")
    program = COPY / ".build/debug/geoatlas" if mutant.compiled else whole
    return run(
        [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider",
         *shlex.split(mutant.chosen)], LONGEST_TEST, GEOATLAS=str(program))


def passed(mutant, output):
    """How many tests passed, by the closing line of their runner."""
    pattern = r"Test run with (\d+) test" if mutant.runner == "swift" else r"(\d+) passed"
    found = re.findall(pattern, output)
    return int(found[-1]) if found else 0


def last_lines(output, count=15):
    return "\n".join("    " + line for line in output.splitlines()[-count:])


def baseline(mutants):
    """Objections to tests that fail, or do not run, before anything is changed."""
    tests = {(mutant.test, mutant.compiled): mutant for mutant in mutants}
    objections = []
    for mutant in tests.values():
        good, output = test(mutant)
        if not good:
            objections.append(f"{mutant.test} fails without a change:\n{last_lines(output)}")
        elif passed(mutant, output) == 0:
            objections.append(f"{mutant.test} runs no test")
    return objections


def used_modules():
    """The modules that each target of the package uses, also through others."""
    found = subprocess.run(
        ["swift", "package", "dump-package"], cwd=ROOT, capture_output=True, text=True, check=True)
    direct = {
        target["name"]: {next(iter(kind.values()))[0] for kind in target["dependencies"]}
        for target in json.loads(found.stdout)["targets"]}
    used = {}

    def add(name):
        if name not in used:
            used[name] = set(direct.get(name, ())).union(*map(add, direct.get(name, ())))
        return used[name]

    for name in direct:
        add(name)
    return used


def apart(one, other, used):
    """Whether neither mutant can change the result of the other's test."""
    return all(
        mutant.runner == "swift" and mutant.compiled and mutant.tests in used
        for mutant in (one, other)
    ) and one.module not in used[other.tests] and other.module not in used[one.tests]


def batches(mutants, used):
    """The mutants in groups that are built together, each in the first group that it fits."""
    groups = []
    for mutant in mutants:
        fitting = (group for group in groups if all(apart(mutant, other, used) for other in group))
        group = next(fitting, None)
        if group is None:
            groups.append(group := [])
        group.append(mutant)
    return groups


def tried(group):
    """What became of each mutant of a group: "caught", "survived", or "invalid" with the reason."""
    whole = {mutant.file: (COPY / mutant.file).read_text() for mutant in group}
    for mutant in group:
        (COPY / mutant.file).write_text(whole[mutant.file].replace(mutant.old, mutant.new))
    try:
        if group[0].compiled:
            good, output = build(group[0].runner == "swift")
            if not good and len(group) == 1:
                errors = [line for line in output.splitlines() if "error:" in line]
                return [("invalid", "it does not compile: " + (errors or ["no reason"])[0])]
            if not good:
                # The others are tried without the one that does not compile.
                for file, text in whole.items():
                    (COPY / file).write_text(text)
                return [outcome for mutant in group for outcome in tried([mutant])]
        return [("survived" if test(mutant)[0] else "caught", "") for mutant in group]
    finally:
        for file, text in whole.items():
            (COPY / file).write_text(text)


def chosen(mutants, arguments):
    if arguments.range:
        first, _, last = arguments.range.partition("-")
        mutants = mutants[int(first) - 1:int(last or first)]
    if arguments.only:
        mutants = [mutant for mutant in mutants if re.search(arguments.only, mutant.name)]
    return mutants


def part(groups, text):
    """Every N-th group from the K-th, for "K/N"."""
    first, _, count = text.partition("/")
    return groups[int(first) - 1::int(count)]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--only", metavar="PATTERN", help="mutants whose name the pattern is found in")
    parser.add_argument("--range", metavar="FIRST-LAST", help="their numbers in the list, from 1")
    parser.add_argument(
        "--part", metavar="K/N", default="1/1", help="one of N parts of about the same number of builds")
    parser.add_argument("--check", action="store_true", help="only check that the list fits the sources")
    parser.add_argument(
        "--quick", action="store_true", help="do not run the tests without a change first")
    arguments = parser.parse_args()

    mutants, problems = listed()
    if problems:
        sys.exit("The list of mutants does not fit the sources:\n  " + "\n  ".join(problems))
    if arguments.check:
        print(f"{len(mutants)} mutants fit the sources")
        return
    mutants = chosen(mutants, arguments)
    groups = part(batches(mutants, used_modules()), arguments.part)
    mutants = [mutant for group in groups for mutant in group]
    if not mutants:
        sys.exit("No mutant is chosen.")
    # Without it every test of pages and commands would fail, and every mutant seem to be caught.
    if any(mutant.runner == "pytest" for mutant in mutants) and not importlib.util.find_spec("pytest"):
        sys.exit(f'{sys.executable} has no pytest. Run "make mutants".')

    copy_sources()
    start = time.monotonic()
    # Pages and their scripts need no build.
    if any(mutant.compiled for mutant in mutants):
        good, output = build(for_tests=any(mutant.runner == "swift" for mutant in mutants))
        if not good:
            sys.exit(f"The sources do not build:\n{last_lines(output)}")
    if not arguments.quick and (objections := baseline(mutants)):
        sys.exit("\n".join(objections))
    checked = "is built" if arguments.quick else "is built, and its tests pass"
    print(f"The copy {checked}: {time.monotonic() - start:.0f} s", flush=True)

    failures, number = [], 0
    for group in groups:
        start = time.monotonic()
        outcomes = tried(group)
        print(f"{len(group)} built together: {time.monotonic() - start:.0f} s", flush=True)
        for mutant, (outcome, reason) in zip(group, outcomes, strict=True):
            number += 1
            print(f"{number:3} of {len(mutants)}  {outcome:8}  {mutant.name}  {reason}".rstrip(), flush=True)
            if outcome != "caught":
                failures.append((outcome, mutant, reason))
    for outcome, mutant, reason in failures:
        print(f"\n{outcome}: {mutant.name}, {mutant.file}, by {mutant.test}  {reason}\n- {mutant.old}\n+ {mutant.new}")
    print(f"\n{len(mutants) - len(failures)} passed, {len(failures)} failed")
    sys.exit(1 if failures else 0)


if __name__ == "__main__":
    main()
