"""An atlas by job arrays of a real Slurm with two nodes (`make test-cluster`).

GEOATLAS_COLLECTION names another collection than the sample, and GEOATLAS_SHARDS another number than 3.
"""

import os
import shutil
from pathlib import Path

import pytest
from shards import PROGRAM, command, drawn, faulty, files, geoatlas_run, options, plan
from waiting import wait_until

SCRIPT = Path(__file__).parent / "slurm.sh"
SHARDS = os.environ.get("GEOATLAS_SHARDS", "3")
# Seconds that a build by Slurm may take.
LONGEST = 1800


@pytest.fixture(scope="module")
def slurm(tmp_path_factory):
    """The environment in which Slurm's commands find the cluster."""
    folder = tmp_path_factory.mktemp("slurm")
    started = command(SCRIPT, "start", folder)
    environment = os.environ | {"SLURM_CONF": str(folder / "slurm.conf")}
    try:
        assert started.returncode == 0, started.stderr
        wait_until(lambda: command("sinfo", "--noheader", "--format=%D %t", env=environment).stdout
                   .split() == ["2", "idle"], "the start of both nodes")
        yield environment
    finally:
        command(SCRIPT, "stop", folder)


@pytest.fixture(scope="module")
def base(tmp_path_factory):
    """A collection and the atlas that `build` makes of it."""
    base = drawn(tmp_path_factory.mktemp("base"))
    collection = os.environ.get("GEOATLAS_COLLECTION")
    if collection:
        shutil.rmtree(base / "public")
        shutil.rmtree(base / "review")
        (base / "rocks").rename(base / "sample")
        (base / "rocks").symlink_to(Path(collection).resolve())
        for words in (
                ["train", base / "rocks", "--architecture", "conv2l", "--epochs", 1, "--output",
                 base / "network.h5", "--quiet"],
                ["build", *options(base), "--output", base / "public", "--workspace",
                 base / "workspace", "--force", "--quiet"]):
            result = geoatlas_run(*words)
            assert result.returncode == 0, result.stderr
    return base


def submit(script, slurm, folder):
    """Submits the jobs of a script, and waits until none is left.

    Returns the state of the last one, the merge of the pages.
    """
    path = folder / "submit.sh"
    path.write_text(script)
    result = command("bash", path, env=slurm)
    assert result.returncode == 0, result.stderr
    wait_until(
        lambda: not command("squeue", "--noheader", env=slurm).stdout.strip(), "the end of all jobs", LONGEST)
    job = command("scontrol", "show", "job", result.stdout.split()[-1], env=slurm).stdout
    return job.split("JobState=")[1].split()[0]


def test_slurm_makes_the_atlas_though_shards_fail(base, slurm, tmp_path):
    program, state = faulty(tmp_path)
    work = tmp_path / "it's $HOME"
    script = plan(base, work, "--shards", SHARDS, "--print", "slurm", output="atlas-slurm")
    script = script.replace(str(PROGRAM), str(program))
    assert submit(script, slurm, tmp_path) == "COMPLETED", logs(work)
    assert sorted(path.name for path in state.iterdir()) == ["full", "killed"]
    assert files(base / "atlas-slurm") == files(base / "public")

    # An output that has gone is made again by the same script, and all others are kept.
    (work / "parts/neighbours/00001.part").unlink()
    shutil.rmtree(base / "atlas-slurm")
    assert submit(script, slurm, tmp_path) == "COMPLETED", logs(work)
    assert files(base / "atlas-slurm") == files(base / "public")


def test_slurm_runs_what_is_missing(base, slurm, tmp_path):
    work = tmp_path / "work"
    plan(base, work, "--shards", 3, output="atlas-missing")
    result = geoatlas_run("plan", "--work", work, "--missing", "--print", "slurm")
    assert "--array=0,1,2 " in result.stdout
    begin = command("bash", "-c", result.stdout, env=slurm, cwd=tmp_path)
    assert begin.returncode == 0, begin.stderr
    wait_until(
        lambda: not command("squeue", "--noheader", env=slurm).stdout.strip(), "the end of all jobs", LONGEST)
    assert len(list((work / "parts/catalogue").iterdir())) == 3


def logs(work):
    return "\n".join(path.read_text()[-2000:] for path in sorted((work / "logs").iterdir()))
