"""A collection, its atlas by `geoatlas build`, and plans of the same atlas for several machines."""

import json
import subprocess

from conftest import ROOT, copy_texts, geoatlas_run

# A folder whose name scripts have to quote.
ODD = "it's \"$HOME\" \\ `x`"
PROGRAM = (ROOT / ".build/release/geoatlas").resolve()


def files(folder):
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*") if path.is_file()}


def drawn(base, per_type=10, side=40):
    """A collection with all that its atlas is made from, and the atlas that `build` makes."""
    copy_texts(base)
    for command in (
            ["sample", base / "rocks", "--per-type", per_type, "--size", side],
            ["train", base / "rocks", "--architecture", "conv1l", "--epochs", 1, "--output",
             base / "network.h5"],
            ["build", *options(base), "--output", base / "public", "--workspace",
             base / "workspace", "--quiet"]):
        result = geoatlas_run(*command)
        assert result.returncode == 0, result.stderr
    return base


def options(base, rocks="rocks"):
    return [
        base / rocks, "--content", base / "content", "--templates", base / "templates", "--review",
        base / "review", "--classifier", base / "network.h5", "--folds", 0, "--no-times"]


def plan(base, work, *more, output="atlas"):
    """Plans the atlas in the folder `work`, and returns what was printed."""
    result = geoatlas_run(
        "plan", *options(base), "--output", base / output, "--work", work, "--quiet",
        "--shard-minutes", 0, *more)
    assert result.returncode == 0, result.stderr
    return result.stdout


def shard(work, stage, index, *more, **settings):
    return geoatlas_run(
        "shard", "--work", work, "--stage", stage, "--index", index, "--quiet", *more, **settings)


def merge(work, stage, *more):
    return geoatlas_run("merge", "--work", work, "--stage", stage, "--quiet", *more)


def run(work, until="pages"):
    """Does all shards and merges of a plan, one after another, up to those of a stage."""
    result = geoatlas_run("plan", "--work", work, "--missing", "--print", "json")
    for stage in json.loads(result.stdout)["stages"]:
        steps = [shard(work, stage["name"], index) for index in range(stage["shards"])]
        steps.append(merge(work, stage["name"]))
        for step in steps:
            assert step.returncode == 0, step.stderr
        if stage["name"] == until:
            break


# Calls the program, but at first kills the shard 1 of `groups` and lets the shard 2 of `checks` fail as if
# its disk were full. Two processes at once do the shard 0 of `classify`.
FAULTY = """#!/bin/sh
case "$* --index ${{SLURM_ARRAY_TASK_ID:-}}" in
  *"--stage groups"*"--index 1"*)
    if mkdir {state}/killed 2>/dev/null; then {program} "$@" & sleep 0.05; kill -9 $!; wait $!; exit 137; fi;;
  *"--stage checks"*"--index 2"*)
    if mkdir {state}/full 2>/dev/null; then exit 75; fi;;
  *"--stage classify"*"--index 0"*)
    {program} "$@" & {program} "$@" || exit; wait $!; exit;;
esac
exec {program} "$@"
"""


def faulty(base):
    """A program like GeoAtlas that has faults once."""
    state = base / "faults"
    state.mkdir()
    path = base / "faulty.sh"
    path.write_text(FAULTY.format(state=state, program=PROGRAM))
    path.chmod(0o755)
    return path, state


def command(*words, **settings):
    return subprocess.run(
        list(map(str, words)), capture_output=True, text=True, timeout=900, **settings)
