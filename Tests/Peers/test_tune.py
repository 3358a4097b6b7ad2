"""`tune`: which configurations it trains, which network it saves, and that no other file stays."""

import json
import os
import signal
import subprocess

import h5py
import pytest
from conftest import ROOT, failure, geoatlas_run, validated
from waiting import PATIENCE

SETTINGS = ["architecture", "batchSize", "epochs", "rate", "weightDecay"]


@pytest.fixture(scope="module")
def tuned(sample, tmp_path_factory):
    """A network found on the small sample, the JSON of `tune`, and its log."""
    model = tmp_path_factory.mktemp("tuned") / "best.h5"
    result = geoatlas_run(
        "tune", sample, "--budget", 12, "--jobs", 1, "--output", model, "--json")
    return model, validated("tune", result), result.stderr


def begun(*arguments):
    """A running `tune` with a budget of ten minutes."""
    program = os.environ.get("GEOATLAS", str(ROOT / ".build" / "release" / "geoatlas"))
    return subprocess.Popen(
        [program, "tune", "--budget", "600", *arguments],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def test_the_best_on_the_dev_pictures_is_saved(tuned):
    model, result, log = tuned
    best = result["best"]
    assert best in result["trials"]
    assert best["accuracy"]["dev"] == max(trial["accuracy"]["dev"] for trial in result["trials"])
    with h5py.File(model) as file:
        own = json.loads(file.attrs["geoatlas"])
    # The network in the file is the one of the best trial, by its own account.
    assert own["name"] == best["settings"]["architecture"]
    settings = own["origin"]["settings"]
    assert settings["epochs"] == best["settings"]["epochs"]
    assert settings["batchSize"] == best["settings"]["batchSize"]
    assert settings["recipe"]["rate"] == pytest.approx(best["settings"]["rate"], rel=1e-6)
    assert settings["recipe"]["weightDecay"] == pytest.approx(
        best["settings"]["weightDecay"], rel=1e-6)


@pytest.mark.parametrize("part", ["dev", "test"])
def test_the_accuracies_are_those_that_evaluate_finds(tuned, sample, part):
    model, result, _ = tuned
    evaluated = validated(
        "evaluate",
        geoatlas_run("evaluate", sample, "--model", model, "--split", part, "--json"))
    told = result["best"]["accuracy"]["dev"] if part == "dev" else result["accuracy"]["test"]
    assert evaluated["accuracy"] == told
    assert evaluated["seenInTraining"] == 0


def test_trials_are_short_first_and_told_one_by_one(tuned):
    _, result, log = tuned
    trials = [trial["settings"] for trial in result["trials"]]
    # The first are the default settings of the first architecture, for an eighth of its 60 epochs.
    assert trials[0] == {
        "architecture": "conv1l", "batchSize": 16, "epochs": 7, "rate": 0.003, "weightDecay": 0.01}
    # Later tuning runs have more epochs, up to twice the default.
    lengths = {}
    for trial in trials:
        key = tuple(trial[name] for name in SETTINGS if name != "epochs")
        lengths.setdefault(key, []).append(trial["epochs"])
    for epochs in lengths.values():
        assert epochs[0] == 7
        assert epochs == sorted(epochs)
        assert epochs[-1] <= 2 * 60
    # No training is made twice.
    assert len({tuple(trial[key] for key in SETTINGS) for trial in trials}) == len(trials)
    lines = [line for line in log.splitlines() if line.startswith("run ") and "accuracy" in line]
    assert len(lines) == len(trials)
    for number, (line, trial) in enumerate(zip(lines, trials, strict=True), 1):
        assert line.startswith(f"run {number} ")
        assert f"{trial['architecture']}, {trial['epochs']} epochs" in line


def test_the_seed_decides_what_is_tried(sample, tmp_path):
    def second(seed):
        """The second settings of `conv1l` by the log; the test does not wait for the rest."""
        process = begun(
            sample, "--jobs", "1", "--seed", str(seed), "--output", tmp_path / "m.h5")
        try:
            found = []
            while len(found) < 2:
                line = process.stderr.readline()
                assert line, process.poll()
                if "conv1l" in line:
                    found.append(line.split("conv1l, ")[1])
            assert "rate 0.003, weight decay 0.01:" in found[0]
            return found[1]
        finally:
            process.kill()
            process.communicate()

    one = second(1)
    assert second(1) == one
    assert second(2) != one


def test_too_short_a_budget_still_gives_a_network(sample, tmp_path):
    model = tmp_path / "m.h5"
    result = geoatlas_run("tune", sample, "--budget", 0.001, "--output", model, "--json", "--quiet")
    value = validated("tune", result)
    assert [trial["settings"]["architecture"] for trial in value["trials"]] == ["conv1l"]
    assert value["trials"][0]["settings"]["epochs"] == 7
    notes = [line for line in result.stderr.splitlines() if line]
    assert len(notes) == 1
    assert notes[0].startswith("geoatlas: note: ") and "--budget" in notes[0]
    assert [path.name for path in tmp_path.iterdir()] == ["m.h5"]


@pytest.mark.parametrize("end", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_an_interrupted_tuning_leaves_nothing(sample, tmp_path, end):
    process = begun(sample, "--output", tmp_path / "m.h5")
    try:
        # Wait until a network has been trained that can be saved.
        while not process.stderr.readline().startswith("run 1 "):
            assert process.poll() is None
        process.send_signal(end)
        process.communicate(timeout=PATIENCE)
    finally:
        process.kill()
    assert process.returncode != 0
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("budget", ["0", "-5", "inf", "nan", "soon"])
def test_a_budget_is_a_number_of_seconds(sample, tmp_path, budget):
    result = geoatlas_run("tune", sample, f"--budget={budget}", "--output", tmp_path / "m.h5")
    assert result.returncode == 64
    assert "budget" in result.stderr
    assert list(tmp_path.iterdir()) == []


def test_what_cannot_be_done_is_said_before_any_training(sample, tmp_path):
    (tmp_path / "taken").mkdir()
    for output, words in [
        (tmp_path / "taken", "Is a directory"),
        (tmp_path / "gone" / "m.h5", "No such file or directory"),
    ]:
        result = geoatlas_run("tune", sample, "--output", output, "--json", "--quiet")
        line = failure(result)
        assert str(output) in line and words in line and "Check that the folder exists" in line
    result = geoatlas_run(
        "tune", sample, "--shares", "80,0,20", "--output", tmp_path / "m.h5", "--quiet")
    assert "--shares" in failure(result)
    result = geoatlas_run("tune", "missing.zip", "--output", tmp_path / "m.h5", "--quiet")
    assert failure(result) == "missing.zip does not exist. Check the path."
    assert [path.name for path in tmp_path.iterdir()] == ["taken"]


def test_without_test_pictures_none_are_judged(sample, tmp_path):
    value = validated("tune", geoatlas_run(
        "tune", sample, "--shares", "80,20,0", "--budget", 1, "--output", tmp_path / "m.h5",
        "--json", "--quiet"))
    assert value["accuracy"] == {}


def test_help_says_what_repeats_and_what_does_not():
    text = " ".join(geoatlas_run("tune", "--help").stdout.split())
    assert "geoatlas tune rocks.zip --output rocks.h5" in text
    assert "--seed" in text and "depends on how fast the machine is" in text
