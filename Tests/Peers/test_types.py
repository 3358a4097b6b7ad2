"""Rock types of one's own, and labels from folders as people lay them out."""

import csv
import io
import struct
import zlib

import pytest
from conftest import failure, geoatlas_run, noise, validated
from PIL import Image

TYPES = ["chert", "granite", "mica schist"]


def jpeg(seed):
    target = io.BytesIO()
    Image.fromarray(noise(32, 32, seed=seed)).save(target, "JPEG")
    return target.getvalue()


def collection(folder, names=TYPES, each=14):
    for number, name in enumerate(names):
        (folder / name).mkdir(parents=True)
        for i in range(each):
            (folder / name / f"p{i:02}.jpg").write_bytes(jpeg(100 * number + i))
    return folder


@pytest.fixture
def rocks(tmp_path, monkeypatch):
    """A collection of three types, with settings for them in the working folder."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "content").mkdir()
    (tmp_path / "content/atlas.yml").write_text(f"types: [{', '.join(TYPES)}]\n")
    return collection(tmp_path / "rocks")


def dataset(rocks, *options):
    """The result, the table of pictures, and the notes."""
    run = geoatlas_run(
        "dataset", rocks, "--output", "d.h5", "--metadata", "d.csv", "--json", "--quiet", *options)
    result = validated("dataset", run)
    with open("d.csv", newline="", encoding="utf-8") as file:
        return result, list(csv.DictReader(file)), run.stderr


def parts(result):
    return result["train"] + result["dev"] + result["test"]


def build(rocks, *options):
    return geoatlas_run(
        "build", rocks, "--classifier", "conv1l", "--epochs", 1, "--folds", 0, "--json", "--quiet",
        *options)


@pytest.mark.parametrize("others, labels", [
    # Most folders are none of the six types that come with the program: nobody has chosen these.
    (["chert", "gabbro", "granite"], {"andesite", "chert", "gabbro", "gneiss", "granite"}),
    # Most are. The other folder is told.
    (["from the cellar"], {"andesite", "gneiss", ""}),
])
def test_the_six_types_of_the_program_give_way_to_a_collection_of_others(
        tmp_path, monkeypatch, others, labels):
    monkeypatch.chdir(tmp_path)
    result, rows, notes = dataset(collection(tmp_path / "rocks", ["andesite", "gneiss", *others]))
    assert {row["label"] for row in rows} == labels
    if "" in labels:
        assert "from the cellar" in notes and "14 pictures" in notes
    else:
        assert "the rock types are the folders of rocks" in notes and "granite" in notes
    assert parts(result) == 14 * len(labels - {""})


def test_types_that_somebody_chose_stay_although_most_folders_are_others(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "content").mkdir()
    (tmp_path / "content/atlas.yml").write_text("types: [andesite, gneiss]\n")
    names = ["andesite", "gneiss", "chert", "gabbro", "granite"]
    _, rows, notes = dataset(collection(tmp_path / "rocks", names))
    assert {row["label"] for row in rows} == {"andesite", "gneiss", ""}
    assert "gabbro" in notes


def test_every_command_knows_the_types_of_the_settings(rocks):
    result, rows, notes = dataset(rocks)
    assert parts(result) == 42 and notes == ""
    assert {row["label"] for row in rows} == set(TYPES)
    train = geoatlas_run(
        "train", rocks, "--architecture", "conv1l", "--epochs", 1, "--output", "m.h5", "--json")
    assert validated("train", train)["images"] == result["train"]
    judged = geoatlas_run("evaluate", rocks, "--model", "m.h5", "--split", "all", "--json")
    assert validated("evaluate", judged)["classes"] == TYPES
    assert validated("build", build(rocks, "--classifier", "m.h5"))["images"] == 42
    similar = geoatlas_run("similar", rocks, "mica schist/p03", "-n", 2, "--json")
    assert len(validated("similar", similar)[0]["pairwise"]["matches"]) == 2
    neighbours = geoatlas_run("neighbours", rocks, "--output", "n.h5", "-n", 2, "--json")
    assert validated("neighbours", neighbours)["sameType"]["queries"] == result["test"]


def test_another_folder_of_texts_is_named_with_content(rocks, tmp_path):
    (tmp_path / "texts").mkdir()
    (tmp_path / "texts/atlas.yml").write_text("types: [chert, granite]\n")
    result, _, notes = dataset(rocks, "--content", "texts")
    assert parts(result) == 28
    assert "mica schist" in notes and "14 pictures have no label" in notes
    assert "nowhere is not a folder" in failure(
        geoatlas_run("dataset", rocks, "--output", "d.h5", "--content", "nowhere"))


def test_the_folders_are_the_types_if_they_are_not_those_of_the_settings(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    rocks = collection(tmp_path / "rocks", ["basalt", "chert", "tuff"])
    result, rows, notes = dataset(rocks)
    assert parts(result) == 42
    assert "basalt, chert, tuff" in notes
    run = build(rocks)
    assert validated("build", run)["images"] == 42 and "basalt, chert, tuff" in run.stderr
    assert (tmp_path / "public/tuff/index.html").exists()
    assert rows[0]["key"] == "basalt/p00"


def test_a_network_with_other_classes_names_a_command_that_helps(rocks, tmp_path):
    other = collection(tmp_path / "other", ["basalt", "tuff"])
    (tmp_path / "texts").mkdir()
    geoatlas_run(
        "train", other, "--architecture", "conv1l", "--epochs", 1, "--output", "other.h5")
    message = failure(build("rocks", "--classifier", "other.h5"))
    command = message.split('"geoatlas ')[1].split('"')[0].replace("NEW.h5", "new.h5")
    assert geoatlas_run(*command.split()).returncode == 0
    assert validated("build", build(rocks, "--classifier", "new.h5"))["images"] == 42


def test_folders_of_a_given_split_are_told_and_used_on_request(rocks, tmp_path):
    for split, names, count in [("train", TYPES, 6), ("valid", TYPES, 2), ("test", TYPES, 3)]:
        for name in names:
            folder = tmp_path / "given" / split / name
            folder.mkdir(parents=True)
            for i in range(count):
                (folder / f"{split}{i}.jpg").write_bytes(jpeg(zlib.crc32(f"{split}{name}{i}".encode())))
    _, _, notes = dataset("given")
    assert "18 training, 6 dev, 9 test" in notes and "--split folders" in notes
    result, rows, _ = dataset("given", "--split", "folders")
    assert (result["train"], result["dev"], result["test"]) == (18, 6, 9)
    assert {(row["split"], row["path"].split("/")[0]) for row in rows} == {
        ("train", "train"), ("dev", "valid"), ("test", "test")}
    validated("build", build("given", "--split", "folders"))
    models = (tmp_path / "public/models.html").read_text()
    assert "the split is that of the folders train, valid and test." in models
    with open("content/atlas.yml", "a") as settings:
        settings.write("split: folders\n")
    assert dataset("given")[0]["dev"] == 6
    # Three types of 11 pictures, of which 70, 18 and 12 % are 7.7, 2 and 1.3.
    for word in ("groups", "shares"):
        found = dataset("given", "--split", word)[0]
        assert (found["train"], found["dev"], found["test"]) == (24, 6, 3)


@pytest.mark.parametrize("encoding, name", [("cp437", "437"), ("cp1252", "1252"), ("utf-8", None)])
def test_names_of_an_archive_in_an_old_code_page_are_read(tmp_path, monkeypatch, encoding, name):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "content").mkdir()
    (tmp_path / "content/atlas.yml").write_text("types: [grünschiefer, gneis]\n")
    files = [
        (f"{label}/p{i}.jpg".encode(encoding), jpeg(10 * number + i))
        for number, label in enumerate(["grünschiefer", "gneis"]) for i in range(3)]
    (tmp_path / "old.zip").write_bytes(stored(files))
    result, rows, notes = dataset("old.zip")
    assert [row["label"] for row in rows] == ["gneis"] * 3 + ["grünschiefer"] * 3
    assert notes == "" if name is None else f"code page {name}" in notes


def stored(files):
    """A zip archive whose names are these bytes, without the flag for UTF-8."""
    body, directory = b"", b""
    for name, data in files:
        numbers = struct.pack("<HHHIIIHH", 0, 0, 33, zlib.crc32(data), len(data), len(data), len(name), 0)
        directory += (
            b"PK\x01\x02" + struct.pack("<HHH", 20, 20, 0) + numbers
            + struct.pack("<HHHII", 0, 0, 0, 0, len(body)) + name)
        body += b"PK\x03\x04" + struct.pack("<HH", 20, 0) + numbers + name + data
    end = struct.pack("<HHHHIIH", 0, 0, len(files), len(files), len(directory), len(body), 0)
    return body + directory + b"PK\x05\x06" + end
