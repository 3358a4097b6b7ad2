"""An atlas in shards, by GNU Parallel and by make, is that of a build. What fails can be tried again."""

import json
import os
import re
import shutil
import subprocess
import sys
import threading
import time

import pytest
from conftest import geoatlas_run, on_a_failing_disk, validated
from shards import ODD, PROGRAM, command, drawn, faulty, files, merge, options, plan, run, shard


@pytest.fixture(scope="module")
def base(tmp_path_factory):
    return drawn(tmp_path_factory.mktemp("shards"))


@pytest.fixture(scope="module")
def started(base, tmp_path_factory):
    """A folder in which the stage `catalogue` is done."""
    work = tmp_path_factory.mktemp("started")
    plan(base, work, "--shards", 3, output="started-atlas")
    run(work, until="catalogue")
    return work


@pytest.fixture
def work(started, tmp_path):
    """The same for one test; a plan holds no path of its folder but that of the workspace."""
    folder = tmp_path / "work"
    shutil.copytree(started, folder)
    text = (folder / "plan.json").read_text()
    (folder / "plan.json").write_text(text.replace(str(started), str(folder)))
    # Outputs have the name of their plan, so they are made anew.
    shutil.rmtree(folder / "parts")
    run(folder, until="catalogue")
    return folder


def status(result, schema, expected):
    """What a command for shards printed when it failed."""
    assert result.returncode == expected, result.stderr
    value = validated(schema, result, status=expected)
    assert value["outcome"] == "failed"
    assert value["status"] == expected
    assert f"geoatlas: {value['error']}" in result.stderr
    return value["error"]


@pytest.mark.parametrize("shards", [1, 3])
def test_an_atlas_in_shards_is_that_of_a_build(base, tmp_path, shards):
    plan(base, tmp_path, "--shards", shards, output=f"atlas-{shards}")
    run(tmp_path)
    assert files(base / f"atlas-{shards}") == files(base / "public")


def test_gnu_parallel_makes_the_atlas_though_shards_fail(base, tmp_path):
    program, state = faulty(tmp_path)
    script = plan(
        base, tmp_path / ODD, "--shards", 3, "--print", "parallel", output="atlas-parallel")
    (tmp_path / "run.sh").write_text(script.replace(str(PROGRAM), str(program)))
    result = command("sh", tmp_path / "run.sh", env=os.environ | {"JOBS": "2"})
    assert result.returncode == 0, result.stderr
    assert sorted(path.name for path in state.iterdir()) == ["full", "killed"]
    assert files(base / "atlas-parallel") == files(base / "public")


def test_make_makes_the_atlas_and_only_what_is_missing_is_made_again(base, tmp_path):
    program, state = faulty(tmp_path)
    script = plan(base, tmp_path / ODD, "--shards", 3, "--print", "make", output="atlas-make")
    (tmp_path / "Makefile").write_text(script.replace(str(PROGRAM), str(program)))
    make = ["make", "-j", "2", "-f", tmp_path / "Makefile"]
    # The killed shard ends make; the one with status 75 is tried again at once.
    assert command(*make).returncode == 2
    assert sorted(path.name for path in state.iterdir()) == ["killed"]
    result = command(*make)
    assert result.returncode == 0, result.stderr
    assert files(base / "atlas-make") == files(base / "public")
    (tmp_path / ODD / "parts/neighbours/00001.part").unlink()
    shutil.rmtree(base / "atlas-make")
    result = command(*make)
    assert result.returncode == 0, result.stderr
    outcomes = [json.loads(line) for line in result.stdout.splitlines() if line.startswith("{")]
    done = [(each["stage"], each["index"]) for each in outcomes
            if each["outcome"] == "done" and "index" in each]
    assert done == [("neighbours", 1)]
    assert files(base / "atlas-make") == files(base / "public")


# Does what Kubernetes does with a job: one process for each index, with the index in its environment.
KUBECTL = """#!{python}
import os, subprocess, sys, yaml
if sys.argv[1] == "wait":
    sys.exit()
job = yaml.safe_load(sys.stdin)
spec = job["spec"]
container, = spec["template"]["spec"]["containers"]
mounts = [each["name"] for each in container["volumeMounts"]]
assert mounts == [each["name"] for each in spec["template"]["spec"]["volumes"]]
assert spec["podFailurePolicy"]["rules"][0]["onExitCodes"]["values"] == [64, 65]
indices = range(spec["completions"]) if spec.get("completionMode") == "Indexed" else [None]
for index in indices:
    more = {{}} if index is None else {{"JOB_COMPLETION_INDEX": str(index)}}
    subprocess.run(container["command"], env=os.environ | more, check=True)
"""


def test_kubernetes_jobs_make_the_atlas(base, tmp_path):
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin/geoatlas").symlink_to(PROGRAM)
    kubectl = tmp_path / "bin/kubectl"
    kubectl.write_text(KUBECTL.format(python=sys.executable))
    kubectl.chmod(0o755)
    script = plan(
        base, tmp_path / ODD, "--shards", 2, "--print", "kubernetes", output="atlas-jobs")
    path = f"{tmp_path / 'bin'}:{os.environ['PATH']}"
    result = command("sh", "-c", script, env=os.environ | {"PATH": path})
    assert result.returncode == 0, result.stderr
    assert files(base / "atlas-jobs") == files(base / "public")


def test_a_plan_lists_its_shards(base, tmp_path):
    text = plan(base, tmp_path, "--shards", 3, "--print", "json")
    result = geoatlas_run("plan", *options(base), "--output", base / "atlas", "--work", tmp_path,
                          "--shards", 3, "--shard-minutes", 0, "--print", "json", "--quiet")
    value = validated("plan", result)

    def lasting(plan):
        """What two measurements do not change."""
        return plan | {"stages": [{**stage, "minutes": 0} for stage in plan["stages"]]}

    assert lasting(json.loads(text)) == lasting(value)
    by_name = {stage["name"]: stage for stage in value["stages"]}
    assert {name for name, stage in by_name.items() if "minutes" not in stage} == {"train"}
    assert by_name["catalogue"]["ranges"] == [[0, 20], [20, 40], [40, 60]]
    assert by_name["train"]["shards"] == 1
    assert by_name["pages"]["outputs"] == [
        f"./parts/pages/0000{index}.part" for index in range(3)]


def test_a_plan_tells_minutes_and_memory(base, tmp_path):
    lines = plan(base, tmp_path, "--shards", 3).splitlines()
    assert re.fullmatch(r"catalogue +3 shards, about \d+\.\d minutes in all", lines[1])
    assert re.fullmatch(r"train +1 shard", lines[5])
    assert re.fullmatch(r"A process needs about \d+ MiB of memory\.", lines[-2])


def test_a_stage_has_the_shards_that_it_is_worth(base, tmp_path):
    result = geoatlas_run("plan", *options(base), "--output", base / "atlas", "--work", tmp_path,
                          "--shard-minutes", 10, "--print", "json", "--quiet")
    assert {stage["shards"] for stage in validated("plan", result)["stages"]} == {1}


def test_the_missing_shards_are_printed_for_each_engine(base, work):
    (work / "parts/catalogue/00001.part").unlink()

    def missing(*words):
        result = geoatlas_run("plan", "--work", work, "--missing", *words)
        assert result.returncode == 0, result.stderr
        return result.stdout

    assert missing("--print", "make") == "catalogue-1\n"
    assert missing("--print", "kubernetes") == "1\n"
    assert missing("--print", "parallel") == (
        f"{PROGRAM} shard --work {work} --stage catalogue --index 1\n")
    assert "sbatch --array=1 " in missing("--print", "slurm")
    assert missing().splitlines()[0].split() == ["catalogue", "1"]
    value = json.loads(missing("--print", "json"))
    assert value["stages"][0]["missing"] == [1]


def test_a_shard_that_is_done_is_skipped(work):
    result = validated("shard", shard(work, "catalogue", 0))
    assert result["outcome"] == "skip"


def test_outputs_that_are_short_damaged_or_foreign_are_told_and_made_again(work):
    for index in range(3):
        assert shard(work, "groups", index).returncode == 0
    parts = work / "parts/groups"
    good = [(parts / f"0000{index}.part").read_bytes() for index in range(3)]
    (parts / "00000.part").write_bytes(good[0][:-5])
    (parts / "00001.part").write_bytes(good[0])
    damaged = bytearray(good[2])
    damaged[100] ^= 1
    (parts / "00002.part").write_bytes(damaged)
    error = status(merge(work, "groups", "--wait", 0), "merge", 75)
    assert "0 is short, 1 is foreign, 2 is damaged" in error
    for index in range(3):
        assert validated("shard", shard(work, "groups", index))["outcome"] == "done"
        assert (parts / f"0000{index}.part").read_bytes() == good[index]


def test_a_merge_waits_for_names_that_appear_late(work):
    output = work / "parts/catalogue/00002.part"
    output.rename(work / "hidden")
    timer = threading.Timer(1, lambda: (work / "hidden").rename(output))
    timer.start()
    begin = time.monotonic()
    result = validated("merge", merge(work, "catalogue"))
    assert result["outcome"] == "done"
    assert time.monotonic() - begin > 0.9
    timer.join()


def test_a_stage_waits_for_the_merge_of_the_one_before(base, tmp_path):
    plan(base, tmp_path, "--shards", 3)
    error = status(shard(tmp_path, "groups", 0), "shard", 75)
    assert 'geoatlas merge --stage catalogue' in error
    assert "0 is missing" in status(merge(tmp_path, "catalogue", "--wait", 0), "merge", 75)


def test_two_runners_of_one_shard_do_no_harm(work):
    output = work / "parts/groups/00000.part"
    words = [PROGRAM, "shard", "--work", work, "--stage", "groups", "--index", "0", "--quiet"]
    runners = [subprocess.Popen(words, stdout=subprocess.DEVNULL) for _ in range(2)]
    assert [runner.wait() for runner in runners] == [0, 0]
    first = output.read_bytes()
    output.unlink()
    assert shard(work, "groups", 0).returncode == 0
    assert output.read_bytes() == first
    assert [path.name for path in output.parent.iterdir()] == ["00000.part"]


def test_a_collection_that_has_changed_is_refused(base, tmp_path):
    for folder in ("rocks", "content", "templates"):
        shutil.copytree(base / folder, tmp_path / folder)
    shutil.copy(base / "network.h5", tmp_path)
    plan(tmp_path, tmp_path / "work")
    picture = next((tmp_path / "rocks").rglob("*.jpg"))
    picture.unlink()
    error = status(shard(tmp_path / "work", "catalogue", 0), "shard", 65)
    assert "has changed: files." in error
    assert "--replace" in error
    result = geoatlas_run(
        "plan", *options(tmp_path), "--output", tmp_path / "atlas", "--work", tmp_path / "work",
        "--shard-minutes", 0)
    assert result.returncode == 65
    assert "has another plan" in result.stderr
    plan(tmp_path, tmp_path / "work", "--replace")
    assert shard(tmp_path / "work", "catalogue", 0).returncode == 0


def test_a_plan_of_another_program_is_refused(work, tmp_path):
    shutil.copy(PROGRAM, tmp_path / "geoatlas")
    with open(tmp_path / "geoatlas", "ab") as program:
        program.write(b"another")
    result = command(
        tmp_path / "geoatlas", "shard", "--work", work, "--stage", "groups", "--index", 0)
    assert "another program" in status(result, "shard", 65)


def test_a_full_disk_may_be_tried_again(base, tmp_path):
    plan(base, tmp_path, "--shards", 2)
    words = f"{PROGRAM} shard --work {tmp_path} --stage catalogue --index 0 --quiet"
    result = command("bash", "-c", f"ulimit -f 1; exec {words}")
    assert "could not be written" in status(result, "shard", 75)
    assert list((tmp_path / "parts/catalogue").iterdir()) == []
    assert shard(tmp_path, "catalogue", 0).returncode == 0


def test_a_picture_that_a_disk_does_not_give_may_be_tried_again(base, tmp_path):
    plan(base, tmp_path, "--shards", 2)
    picture = sorted((base / "rocks").glob("*/*.jpg"))[0]
    result = shard(tmp_path, "catalogue", 0, prefix=on_a_failing_disk(picture))
    assert f"{picture.name}: it cannot be read (Input/output error)" in status(result, "shard", 75)
    assert shard(tmp_path, "catalogue", 0).returncode == 0


@pytest.mark.parametrize("name, text, index", [
    ("SLURM_ARRAY_TASK_ID", "2", 2), ("JOB_COMPLETION_INDEX", "1", 1),
    ("PBS_ARRAY_INDEX", "0", 0), ("SGE_TASK_ID", "3", 2), ("AWS_BATCH_JOB_ARRAY_INDEX", "1", 1)])
def test_the_index_comes_from_the_engine(work, name, text, index):
    result = geoatlas_run(
        "shard", "--work", work, "--stage", "catalogue", "--quiet", env=os.environ | {name: text})
    assert validated("shard", result)["index"] == index


def test_the_threads_come_from_slurm(work):
    result = shard(work, "catalogue", 0, env=os.environ | {"SLURM_CPUS_PER_TASK": "7"})
    assert validated("shard", result)["threads"] == 7


def test_wrong_usage_has_its_own_status(work, tmp_path):
    assert "shards 0 to 2" in status(shard(work, "catalogue", 3), "shard", 64)
    assert "There is no stage" in status(shard(work, "rocks", 0), "shard", 64)
    result = geoatlas_run("shard", "--work", work, "--stage", "catalogue")
    assert result.returncode == 64
    assert "SLURM_ARRAY_TASK_ID" in result.stderr
    assert "plan.json cannot be read" in status(shard(tmp_path, "catalogue", 0), "shard", 65)
    (tmp_path / "plan.json").write_text("{}")
    assert "is not a plan" in status(shard(tmp_path, "catalogue", 0), "shard", 65)
