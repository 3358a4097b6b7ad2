"""What all commands have in common: help, wrong usage, `--quiet`, and the two output streams."""

import json
import os
import re
import tempfile
import zipfile

import jsonschema
import pytest
from conftest import ROOT, SCHEMAS, TYPES, failure, geoatlas_run, validated
from PIL import Image

COMMANDS = [
    "sample", "init", "dataset", "train", "tune", "evaluate", "classify", "cluster", "similar",
    "neighbours", "groups"]


def test_the_version_is_the_newest_one_of_the_changelog():
    released = re.search(r"^## (\d+\.\d+\.\d+)$", (ROOT / "CHANGELOG.md").read_text(), re.MULTILINE)
    result = geoatlas_run("--version")
    assert (result.returncode, result.stdout) == (0, f"geoatlas {released[1]}\n")


@pytest.mark.parametrize("command", COMMANDS)
def test_help_shows_an_example_of_the_command(command):
    result = geoatlas_run(command, "--help")
    assert result.returncode == 0
    assert "Example:" in result.stdout
    example = result.stdout.split("Example:")[1].split("\n\n")[0]
    assert f"geoatlas {command} " in example


WRONG = {
    "no such command": ["polish", "rocks"],
    "no such option": ["dataset", "rocks", "--output", "x.h5", "--colour"],
    "nothing to read": ["dataset", "--output", "x.h5"],
    "nowhere to write": ["dataset", "rocks"],
    "two shares": ["dataset", "rocks", "--output", "x.h5", "--shares", "70,30"],
    "negative share": ["dataset", "rocks", "--output", "x.h5", "--shares", "70,-1,31"],
    "endless share": ["dataset", "rocks", "--output", "x.h5", "--shares", "inf,1,1"],
    "one file for two": ["dataset", "rocks", "--output", "x.h5", "--metadata", "./x.h5"],
    "shares in words": ["dataset", "rocks", "--output", "x.h5", "--shares", "a,b,c"],
    "no threads": ["cluster", "rocks", "--jobs", "0"],
    "negative seed": ["cluster", "rocks", "--seed", "-1"],
    "k of nothing": ["cluster", "rocks", "--k", "0"],
    "k backwards": ["cluster", "rocks", "--k", "9...2"],
    "k in words": ["cluster", "rocks", "--k", "few"],
    "negative k": ["cluster", "rocks", "--k=-1"],
    "k without an end": ["cluster", "rocks", "--k=3..."],
    "other view": ["build", "rocks", "--view", "colour"],
    "a view with clusters of another": ["build", "rocks", "--view", "texture", "--kmeans", "k.h5"],
    "k twice": ["build", "rocks", "--k", "3", "--kmeans", "k.h5"],
    "k with gaps": ["cluster", "rocks", "--k", "2..5"],
    "no restarts": ["cluster", "rocks", "--restarts", "0"],
    "no targets": ["similar", "rocks", "a", "-n", "0"],
    "unknown model": ["similar", "rocks", "a", "--model", "deep"],
    "no candidate": ["similar", "rocks"],
    "unknown architecture": ["train", "rocks", "--output", "m.h5", "--architecture", "resnet"],
    "no epochs": ["train", "rocks", "--output", "m.h5", "--epochs", "0"],
    "batch of one": ["train", "rocks", "--output", "m.h5", "--batch-size", "1"],
    "unknown part": ["evaluate", "rocks", "--model", "m.h5", "--split", "holdout"],
    "no picture": ["classify", "--model", "m.h5"],
    "no model": ["classify", "a.jpg"],
    "tiny sample": ["sample", "out", "--size", "2"],
    "empty sample": ["sample", "out", "--per-type", "0"],
}


@pytest.mark.parametrize("case", WRONG)
def test_wrong_usage_ends_with_64_and_touches_nothing(tmp_path, case):
    result = geoatlas_run(*WRONG[case], cwd=tmp_path)
    assert result.returncode == 64, result.stderr
    assert result.stdout == ""
    assert "Usage: geoatlas" in result.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "command",
    [
        ["dataset", "missing.zip", "--output", "x.h5"],
        ["train", "missing.zip", "--output", "m.h5"],
        ["cluster", "missing.zip"],
        ["similar", "missing.zip", "andesite/a"],
        ["neighbours", "missing.zip", "--output", "n.h5"],
    ],
)
def test_a_missing_collection_fails_in_one_line(tmp_path, command):
    for options in ([], ["--json"], ["--quiet"]):
        line = failure(geoatlas_run(*command, *options, cwd=tmp_path))
        assert line == "missing.zip does not exist. Check the path."
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "command, option",
    [
        (["dataset"], "--output"),
        (["dataset", "--output", "d.h5"], "--metadata"),
        (["train", "--epochs", "1"], "--output"),
        (["cluster", "--restarts", "1"], "--output"),
        (["neighbours"], "--output"),
        (["similar"], "--html"),
    ],
)
def test_a_place_that_cannot_be_written_to_is_named_before_the_work(
    sample, tmp_path, command, option
):
    (tmp_path / "file").write_bytes(b"")
    candidate = ["gneiss/gn-0001"] if command == ["similar"] else []
    places = {
        "nowhere/x": "No such file or directory", "file/x": "Not a directory",
        ".": "Is a directory"}
    if command[0] == "train":
        # The folder of a network is made.
        places = {".": "Is a directory"}
    for place, reason in places.items():
        result = geoatlas_run(
            command[0], sample, *candidate, *command[1:], option, place, cwd=tmp_path)
        assert failure(result) == (
            f"{place} could not be written: {reason}. Check that the folder exists, "
            "may be written to and has room.")
        assert "catalogue" not in result.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_a_closed_place_is_named_before_the_work(sample):
    # Not in pytest's own folder, which only its owner may enter.
    with tempfile.TemporaryDirectory() as place:
        os.chmod(place, 0o555)
        prefix = ["setpriv", "--bounding-set=-dac_override"] if os.geteuid() == 0 else []
        for command in (["dataset", sample, "--output", f"{place}/d.h5"],
                        ["sample", f"{place}/rocks.zip", "--per-type", "2000"]):
            result = geoatlas_run(*command, prefix=prefix)
            assert "could not be written: Permission denied" in failure(result)
            assert len(result.stderr.splitlines()) == 1
        os.chmod(place, 0o755)


def test_quiet_says_nothing_and_plain_says_stages(sample, tmp_path):
    command = ["dataset", sample, "--output", tmp_path / "d.h5"]
    quiet = geoatlas_run(*command, "--quiet", "--json")
    assert quiet.stderr == ""
    plain = geoatlas_run(*command)
    assert [line.split()[0] for line in plain.stderr.splitlines()] == ["catalogue", "groups", "dataset"]
    # Not a terminal: no carriage return, no escape.
    assert "\r" not in plain.stderr and "\x1b" not in plain.stderr
    assert plain.stdout.startswith("120 pictures")


def test_every_schema_is_one_and_refuses_what_is_not_described():
    names = {path.name for path in SCHEMAS.glob("*.schema.json")}
    assert {f"{command}.schema.json" for command in COMMANDS} <= names
    for name in names:
        schema = json.loads((SCHEMAS / name).read_text())
        jsonschema.Draft202012Validator.check_schema(schema)
        assert schema["$id"] == name
    schema = json.loads((SCHEMAS / "sample.schema.json").read_text())
    validator = jsonschema.Draft202012Validator(schema)
    assert validator.is_valid({"images": 6, "path": "x"})
    assert not validator.is_valid({"images": 6, "path": "x", "colour": "grey"})
    assert not validator.is_valid({"images": "six", "path": "x"})


def test_the_sample_repeats_and_differs_by_seed(tmp_path):
    def drawn(name, *options):
        folder = tmp_path / name
        result = validated(
            "sample",
            geoatlas_run("sample", folder, "--per-type", 3, "--size", 40, "--json", *options),
        )
        assert result == {"images": 18, "path": str(folder)}
        return {
            str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*.*")
        }

    first = drawn("first", "--jobs", 1)
    assert sorted({name.split("/")[0] for name in first}) == TYPES
    assert {name.rsplit(".", 1)[1] for name in first} == {"jpg", "png"}
    assert drawn("second", "--jobs", 2) == first
    other = drawn("third", "--seed", 1)
    assert set(other) == set(first)
    assert all(other[name] != first[name] for name in first)
    assert len(set(first.values())) == 18


def test_the_sample_as_an_archive_holds_the_same_pictures(tmp_path):
    options = ["--per-type", 3, "--size", 40, "--json"]
    validated("sample", geoatlas_run("sample", tmp_path / "rocks", *options))
    for name in ("a.zip", "b.ZIP"):
        validated("sample", geoatlas_run("sample", tmp_path / name, *options))
    assert (tmp_path / "a.zip").read_bytes() == (tmp_path / "b.ZIP").read_bytes()
    with zipfile.ZipFile(tmp_path / "a.zip") as archive:
        assert archive.testzip() is None
        assert len(archive.namelist()) == 18
        for info in archive.infolist():
            assert archive.read(info) == (tmp_path / "rocks" / info.filename).read_bytes()
            assert info.date_time == (1980, 1, 1, 0, 0, 0)


def test_pictures_of_the_sample_are_whole_and_of_the_size_asked_for(sample):
    sizes = []
    for path in sorted(sample.rglob("*.*")):
        with Image.open(path) as image:
            image.load()
            assert image.mode == "RGB"
            sizes.append(image.size)
    assert len(sizes) == 120
    assert set(sizes) == {(64, 64), (64, 48)}


def test_the_sample_overwrites_nothing(sample, tmp_path):
    line = failure(geoatlas_run("sample", sample, "--per-type", 1, "--quiet"))
    assert str(sample) in line and "not empty" in line
    notes = tmp_path / "notes.zip"
    notes.write_bytes(b"mine")
    assert str(notes) in failure(geoatlas_run("sample", notes, "--per-type", 1, "--quiet"))
    assert notes.read_bytes() == b"mine"


def test_a_sample_that_cannot_be_written_is_named(tmp_path):
    (tmp_path / "file").write_bytes(b"")
    folder = tmp_path / "file" / "rocks"
    options = ["--per-type", 1, "--size", 28, "--quiet"]
    line = failure(geoatlas_run("sample", folder, *options))
    assert str(folder) in line and "could not be written" in line
    archive = tmp_path / "missing" / "rocks.zip"
    line = failure(geoatlas_run("sample", archive, *options))
    assert str(archive) in line and "could not be written" in line
