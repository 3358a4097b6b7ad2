"""`dataset.h5` opened with h5py, and its table."""

import csv
import subprocess
import time

import h5py
import numpy
from conftest import TYPES, box_resized, failure, geoatlas_run, validated
from PIL import Image
from waiting import wait_until


def test_the_parts_hold_pictures_labels_and_keys(sample, tmp_path):
    output, table = tmp_path / "d.h5", tmp_path / "d.csv"
    result = validated(
        "dataset",
        geoatlas_run("dataset", sample, "--output", output, "--metadata", table, "--json"),
    )
    assert result["images"] == 120
    with open(table, newline="") as file:
        rows = {row["key"]: row for row in csv.DictReader(file)}
    assert list(rows) == sorted(rows)
    with h5py.File(output) as file:
        assert sorted(file) == sorted(
            [f"{kind}_{part}_Orig" for kind in "XY" for part in ("Train", "Dev", "Test")]
            + [f"keys_{part}" for part in ("train", "dev", "test")]
        )
        for part in ("Train", "Dev", "Test"):
            pictures, labels = file[f"X_{part}_Orig"], file[f"Y_{part}_Orig"]
            keys = [key.decode() for key in file[f"keys_{part.lower()}"][:]]
            count = result[part.lower()]
            assert pictures.shape == (count, 28, 28, 3)
            assert pictures.dtype == numpy.uint8
            assert pictures.compression == "gzip"
            assert labels.shape == (count,) and labels.dtype.kind == "S"
            assert [label.decode() for label in labels[:]] == [rows[key]["label"] for key in keys]
            assert [rows[key]["split"] for key in keys] == [part.lower()] * count
            for key, picture in zip(keys, pictures[:], strict=True):
                original = Image.open(sample / rows[key]["path"]).convert("RGB")
                numpy.testing.assert_array_equal(picture, box_resized(original), key)
        assert sum(result[part] for part in ("train", "dev", "test")) == 120
        labels = numpy.concatenate([file[f"Y_{part}_Orig"] for part in ("Train", "Dev", "Test")])
        assert sorted(set(labels.astype(str))) == TYPES


def test_vectors_are_the_four_turns_of_every_picture(sample, tmp_path):
    output, table = tmp_path / "d.h5", tmp_path / "d.csv"
    validated(
        "dataset",
        geoatlas_run(
            "dataset", sample, "--output", output, "--vectors", "--metadata", table, "--json"
        ),
    )
    with open(table, newline="") as file:
        paths = [row["path"] for row in csv.DictReader(file)]
    with h5py.File(output) as file:
        vectors = file["vectors"][:]
    assert vectors.shape == (480, 2352) and vectors.dtype == numpy.uint8
    for index, path in enumerate(paths):
        upright = box_resized(Image.open(sample / path).convert("RGB"))
        for turns in range(4):
            numpy.testing.assert_array_equal(
                vectors[4 * index + turns], numpy.rot90(upright, turns).ravel(), path
            )


def test_the_table_tells_size_and_format(sample, tmp_path):
    table = tmp_path / "d.csv"
    geoatlas_run("dataset", sample, "--output", tmp_path / "d.h5", "--metadata", table, "--quiet")
    with open(table, newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 120
    for row in rows:
        path = sample / row["path"]
        with Image.open(path) as image:
            assert (int(row["width"]), int(row["height"])) == image.size
            assert row["format"] == image.format.lower()
        assert int(row["bytes"]) == path.stat().st_size


def test_files_hold_no_times(sample, tmp_path):
    commands = {
        "dataset": ["dataset", sample, "--vectors"],
        "cluster": ["cluster", sample, "--k", "1...3"],
        "neighbours": ["neighbours", sample],
        "train": ["train", sample, "--epochs", "1"],
    }

    def written():
        contents = {}
        for name, command in commands.items():
            output = tmp_path / f"{name}.h5"
            assert geoatlas_run(*command, "--output", output, "--quiet").returncode == 0
            contents[name] = output.read_bytes()
        return contents

    first = written()
    # HDF5 counts in whole seconds.
    ended = int(time.time())
    wait_until(lambda: int(time.time()) > ended, "the next second")
    second = written()
    for name in commands:
        assert first[name] == second[name], name


def test_a_file_that_cannot_be_written_is_named(sample, tmp_path):
    output = tmp_path / "missing" / "d.h5"
    line = failure(geoatlas_run("dataset", sample, "--output", output, "--quiet"))
    assert str(output) in line and "No such file or directory" in line
    assert "Check that the folder exists" in line


def test_a_full_disk_leaves_the_earlier_file(sample, tmp_path):
    output = tmp_path / "d.h5"
    output.write_bytes(b"earlier")

    def small():
        import resource

        # Writing beyond this size fails as a full disk does, once its signal is ignored.
        import signal

        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, 50_000))

    result = geoatlas_run("dataset", sample, "--output", output, "--quiet", preexec_fn=small)
    line = failure(result)
    assert str(output) in line and "has room" in line
    assert output.read_bytes() == b"earlier"
    assert list(tmp_path.iterdir()) == [output]


def test_the_collection_is_not_overwritten_by_what_is_made_of_it(geoatlas, sample, tmp_path):
    archive = tmp_path / "rocks.zip"
    subprocess.run(["zip", "-qr", archive, "."], cwd=sample, check=True)
    before = archive.read_bytes()
    for command in ("dataset", "cluster", "neighbours", "train", "tune"):
        message = failure(geoatlas(command, archive, "--output", archive))
        assert "is the collection itself" in message
    assert archive.read_bytes() == before
