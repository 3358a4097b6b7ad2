"""Zip archives as other programs make them, damaged ones, and what is given in place of one."""

import json
import os
import random
import resource
import struct
import subprocess
import tarfile
import zipfile

import pytest
from conftest import failure, geoatlas_run
from test_collections import catalogued, errata, jpeg, keys, write_zip

NAMES = [f"gneiss/p{number}.jpg" for number in range(4)]


@pytest.fixture
def folder(tmp_path):
    """A folder with four pictures."""
    (tmp_path / "rocks" / "gneiss").mkdir(parents=True)
    for number, name in enumerate(NAMES):
        # 7-Zip stores what it cannot make smaller.
        (tmp_path / "rocks" / name).write_bytes(jpeg(number) + bytes(5000))
    return tmp_path / "rocks"


@pytest.fixture
def archive(tmp_path):
    return write_zip(tmp_path / "rocks.zip", {n: jpeg(i) for i, n in enumerate(NAMES)})


def records(data):
    """Positions of the records of the directory, each with its length of name and extra field."""
    end = data.rfind(b"PK\x05\x06")
    count, size, start = struct.unpack_from("<HII", data, end + 10)
    found = []
    for _ in range(count):
        name, extra, comment = struct.unpack_from("<HHH", data, start + 28)
        found.append((start, name, extra))
        start += 46 + name + extra + comment
    return found


def refused(path, *words):
    line = failure(geoatlas_run("cluster", path, "--quiet", cwd=path.parent))
    for word in words:
        assert word in line, line
    return line


@pytest.mark.parametrize("method", ["Copy", "Deflate", "BZip2", "LZMA", "XZ"])
def test_every_common_method_is_unpacked(folder, tmp_path, method):
    subprocess.run(
        ["7zz", "a", "-bso0", "-tzip", f"-mm={method}", "../a.zip", "."], cwd=folder, check=True)
    with zipfile.ZipFile(tmp_path / "a.zip") as made:
        numbers = {entry.compress_type for entry in made.infolist() if not entry.is_dir()}
    assert numbers == {{"Copy": 0, "Deflate": 8, "BZip2": 12, "LZMA": 14, "XZ": 95}[method]}
    result, rows = catalogued(tmp_path / "a.zip", tmp_path)
    assert keys(rows) == [f"gneiss/p{number}" for number in range(4)]
    assert result["errata"] == []


@pytest.mark.parametrize("method", ["Deflate64", "PPMd", "ZSTD"])
def test_a_method_that_is_not_known_is_named_for_each_entry(folder, tmp_path, method):
    subprocess.run(
        ["7zz", "a", "-bso0", "-tzip", "-mm=Copy", "../a.zip", "gneiss/p0.jpg"], cwd=folder,
        check=True)
    if method == "ZSTD":
        data = bytearray((tmp_path / "a.zip").read_bytes())
        data[records(data)[0][0] + 10] = 93
        (tmp_path / "b.zip").write_bytes(data)
    else:
        subprocess.run(
            ["7zz", "a", "-bso0", "-tzip", f"-mm={method}", "../b.zip", "gneiss/p0.jpg"],
            cwd=folder, check=True)
    with zipfile.ZipFile(tmp_path / "b.zip", "a") as other:
        other.write(folder / NAMES[1], NAMES[1])
    result, rows = catalogued(tmp_path / "b.zip", tmp_path)
    assert keys(rows) == ["gneiss/p1"]
    name = {"ZSTD": "Zstandard"}.get(method, method)
    assert f"GeoAtlas does not know ({name}). Pack it again" in errata(result)[NAMES[0]]


@pytest.mark.parametrize("method", ["ZipCrypto", "AES256"])
def test_encrypted_entries_are_named(folder, tmp_path, archive, method):
    subprocess.run(
        ["7zz", "a", "-bso0", "-tzip", "-psecret", f"-mem={method}", "../rocks.zip",
         "gneiss/p0.jpg"], cwd=folder, check=True)
    result, rows = catalogued(archive, tmp_path)
    assert keys(rows) == ["gneiss/p1", "gneiss/p2", "gneiss/p3"]
    assert "protected by a password" in errata(result)[NAMES[0]]


def test_zip64_and_sizes_after_the_data_are_read(tmp_path):
    class Pipe:
        """A file that cannot be rewound, so that sizes and checksums follow the data."""

        def __init__(self, path):
            self.file = open(path, "wb")

        def write(self, data):
            return self.file.write(data)

        def flush(self):
            self.file.flush()

    for name, force in [("small", False), ("large", True)]:
        path = tmp_path / f"{name}.zip"
        pipe = Pipe(path)
        with zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED) as made:
            for number, entry in enumerate(NAMES):
                with made.open(entry, "w", force_zip64=force) as target:
                    target.write(jpeg(number))
        pipe.file.close()
        result, rows = catalogued(path, tmp_path)
        assert len(rows) == 4 and result["errata"] == []


def test_more_entries_than_sixteen_bits_can_count_are_listed(tmp_path):
    files = {f"gneiss/{number}.txt": b"" for number in range(66_000)}
    path = write_zip(tmp_path / "many.zip", {**files, "gneiss/a.jpg": jpeg(1)})
    result, rows = catalogued(path, tmp_path)
    assert keys(rows) == ["gneiss/a"]
    assert len(result["errata"]) == 66_000


def test_bytes_in_front_of_an_archive_and_behind_it_do_not_matter(archive, tmp_path):
    data = archive.read_bytes()
    for front, back in [(b"#!/bin/sh\nexit 1\n", b""), (b"M" * 300_000, b""), (b"", b"\0" * 4096)]:
        (tmp_path / "x.zip").write_bytes(front + data + back)
        result, rows = catalogued(tmp_path / "x.zip", tmp_path)
        assert len(rows) == 4 and result["errata"] == []


def test_a_damaged_record_costs_one_entry(archive, tmp_path):
    data = archive.read_bytes()
    first, name, _ = records(data)[0]

    def changed(*changes):
        copy = bytearray(data)
        for offset, new in changes:
            copy[offset:offset + len(new)] = new
        return copy

    damages = {
        "name is no text": (changed((first + 46, b"\xff\xfe\0\xff")), "zero byte"),
        "length of the name": (changed((first + 28, b"\xff\xff")), "directory of the archive"),
        "length of the extra field": (changed((first + 30, b"\x07")), "directory of the archive"),
        "zip64 field missing": (changed((first + 20, b"\xff" * 8)), "directory of the archive"),
        "position": (changed((first + 42, b"\xff\xff\xff\x7f")), "beyond the end"),
        "signature of the record": (changed((first, b"XX")), "directory of the archive"),
        "local header": (changed((0, b"XX")), "there is no file where"),
        "checksum": (changed((first + 16, b"\0\0\0\0")), "checksum"),
    }
    for damage, (content, words) in damages.items():
        (tmp_path / "d.zip").write_bytes(content)
        result, rows = catalogued(tmp_path / "d.zip", tmp_path)
        assert len(rows) == 3, damage
        reasons = list(errata(result).values())
        assert len(reasons) == 1 and words in reasons[0], (damage, reasons)


def test_a_garbled_extra_field_costs_nothing(archive, tmp_path):
    garbled = b"\x55\x54\xff\xff\x01\x02\x03"
    with zipfile.ZipFile(tmp_path / "x.zip", "w") as made:
        for number, name in enumerate(NAMES):
            entry = zipfile.ZipInfo(name)
            made.writestr(entry, jpeg(number))
        for entry in made.filelist:
            entry.extra = garbled
    result, rows = catalogued(tmp_path / "x.zip", tmp_path)
    assert len(rows) == 4 and result["errata"] == []


def test_an_archive_without_its_end_says_how_far_it_goes(archive, tmp_path):
    data = archive.read_bytes()
    archive.write_bytes(data[:records(data)[0][0] - 10])
    line = refused(archive, "its end is missing", "3 files", NAMES[3], "Copy or download it again")
    assert line.startswith(f"The zip archive {archive} is damaged")


def test_names_that_lead_out_are_read_inside_and_told(tmp_path):
    names = ["../../gneiss/a.jpg", "/gneiss/b.jpg", "C:\\rocks\\gneiss\\c.jpg",
             "\\\\server\\share\\gneiss\\d.jpg", "gneiss\\e.jpg", "./gneiss/f.jpg"]
    path = write_zip(tmp_path / "out.zip", {name: jpeg(i) for i, name in enumerate(names)})
    table = tmp_path / "t.csv"
    result = geoatlas_run(
        "dataset", path, "--output", tmp_path / "d.h5", "--metadata", table, "--quiet")
    assert result.returncode == 0
    assert [line.split(",")[0] for line in table.read_text().splitlines()[1:]] == [
        f"gneiss/{letter}" for letter in "abcdef"]
    assert "4 names" in result.stderr and "gneiss/a.jpg for ../../gneiss/a.jpg" in result.stderr
    assert sorted(entry.name for entry in tmp_path.iterdir()) == ["d.h5", "out.zip", "t.csv"]


def test_a_link_in_an_archive_is_named(tmp_path):
    with zipfile.ZipFile(tmp_path / "l.zip", "w") as made:
        made.writestr("gneiss/a.jpg", jpeg(1))
        entry = zipfile.ZipInfo("gneiss/b.jpg")
        entry.create_system = 3
        entry.external_attr = 0o120777 << 16
        made.writestr(entry, "/etc/passwd")
    result, rows = catalogued(tmp_path / "l.zip", tmp_path)
    assert keys(rows) == ["gneiss/a"]
    assert "links are not followed" in errata(result)["gneiss/b.jpg"]


def test_names_that_no_file_system_takes_are_named(tmp_path):
    long = "gneiss/" + "x" * 300 + ".jpg"
    path = write_zip(tmp_path / "n.zip", {"gneiss/a.jpg": jpeg(1), long: jpeg(2), "..": jpeg(3)})
    result, rows = catalogued(path, tmp_path)
    assert keys(rows) == ["gneiss/a"]
    assert "more than 255 bytes" in errata(result)[long]
    assert "it is empty" in errata(result)["(a file without a name)"]


def test_what_is_in_place_of_pictures_is_named(tmp_path):
    inner = write_zip(tmp_path / "inner.zip", {"gneiss/x.jpg": jpeg(9)}).read_bytes()
    files = {
        "gneiss/a.jpg": jpeg(1), "gneiss/more.zip": inner,
        "gneiss/more.rar": b"Rar!\x1a\x07\x01\0", "gneiss/more.7z": b"7z\xbc\xaf\x27\x1c\0\4",
        "gneiss/more.tgz": b"\x1f\x8b\x08\0", "gneiss/login.jpg": b"\n<!DOCTYPE html><html>",
        "gneiss/denied.jpg": b"<?xml version='1.0'?><Error><Code>AccessDenied</Code></Error>",
    }
    result, rows = catalogued(write_zip(tmp_path / "o.zip", files), tmp_path)
    assert keys(rows) == ["gneiss/a"]
    told = errata(result)
    assert "(a zip archive). Unpack it into the collection" in told["gneiss/more.zip"]
    assert "a RAR archive" in told["gneiss/more.rar"]
    assert "a 7-Zip archive" in told["gneiss/more.7z"]
    assert "packed with gzip" in told["gneiss/more.tgz"]
    assert "(a web page)" in told["gneiss/login.jpg"]
    assert "(an XML text)" in told["gneiss/denied.jpg"]


def test_other_archives_are_refused_with_the_command_that_unpacks_them(folder, tmp_path):
    for kind, word in [("7z", "7z x"), ("tar", "tar -xf"), ("zip", None)]:
        subprocess.run(
            ["7zz", "a", "-bso0", f"-t{kind}", f"../a.{kind}", "."], cwd=folder, check=True)
        if word:
            # A name with the wrong ending changes nothing.
            os.rename(tmp_path / f"a.{kind}", tmp_path / f"{kind}.zip")
            refused(tmp_path / f"{kind}.zip", word, "Then give the folder")
    for mode in ["gz", "bz2", "xz"]:
        with tarfile.open(tmp_path / f"b.tar.{mode}", f"w:{mode}") as made:
            made.add(folder, "rocks")
        refused(tmp_path / f"b.tar.{mode}", "tar -xf", "Then give the folder")
    (tmp_path / "c.rar").write_bytes(b"Rar!\x1a\x07\x01\0" + bytes(100))
    refused(tmp_path / "c.rar", "a RAR archive", "7z x")
    (tmp_path / "page.zip").write_bytes(b"<!doctype html><title>Sign in</title>")
    refused(tmp_path / "page.zip", "a web page", "Download it again")
    (tmp_path / "empty.zip").write_bytes(b"")
    refused(tmp_path / "empty.zip", "is empty", "Copy or download it again")
    refused(folder / NAMES[0], "single picture", "Give the folder")


def test_a_part_of_an_archive_is_refused_with_the_command_that_joins_it(folder, tmp_path):
    subprocess.run(
        ["7zz", "a", "-bso0", "-tzip", "-v2k", "../a.zip", "."], cwd=folder, check=True)
    for part in ["a.zip.001", "a.zip.002"]:
        refused(tmp_path / part, "one part of an archive", "cat a.zip.* > a.zip")
    subprocess.run("cat a.zip.* > a.zip", shell=True, cwd=tmp_path, check=True)
    assert len(catalogued(tmp_path / "a.zip", tmp_path)[1]) == 4
    big = {f"gneiss/{n}.jpg": random.Random(n).randbytes(50_000) for n in range(4)}
    for name, content in big.items():
        (folder / name).write_bytes(content)
    subprocess.run(["zip", "-qr", "-s", "64k", "../s.zip", "."], cwd=folder, check=True)
    for part in ["s.zip", "s.z01"]:
        refused(tmp_path / part, "one part of an archive", "zip -s 0 s.zip --out whole.zip")


def test_entries_that_share_their_bytes_are_not_unpacked(tmp_path):
    data = bytearray(write_zip(tmp_path / "o.zip", {n: jpeg(i) for i, n in enumerate(NAMES)})
                     .read_bytes())
    places = records(data)
    for position, _, _ in places[1:]:
        data[position + 42:position + 46] = data[places[0][0] + 42:places[0][0] + 46]
    (tmp_path / "o.zip").write_bytes(data)
    result, rows = catalogued(tmp_path / "o.zip", tmp_path)
    assert keys(rows) == ["gneiss/p0"]
    assert all("claims the same bytes" in reason for reason in errata(result).values())
    assert len(result["errata"]) == 3


def processor_seconds():
    """Of all programs that were started and have ended; unlike time, they do not grow with other work."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def test_an_entry_that_is_no_picture_is_not_unpacked_and_one_that_expands_too_far_is_stopped(
        tmp_path):
    zeros = bytes(400_000_000)
    path = write_zip(
        tmp_path / "bomb.zip",
        {"gneiss/a.jpg": jpeg(1), "gneiss/b.jpg": zeros,
         "gneiss/c.png": b"\x89PNG\r\n\x1a\n" + zeros},
        compression=zipfile.ZIP_DEFLATED)
    before = processor_seconds()
    result, rows = catalogued(path, tmp_path, "--jobs", "1")
    seconds = processor_seconds() - before
    assert keys(rows) == ["gneiss/a"]
    assert "far more bytes than a picture" in errata(result)["gneiss/c.png"]
    assert "gneiss/b.jpg" in errata(result)
    assert seconds < 20


def test_changed_archives_never_stop_the_program_and_no_entry_gets_lost(archive, tmp_path):
    data = archive.read_bytes()
    dice = random.Random(7)
    for number in range(20):
        copy = bytearray(data)
        for _ in range(dice.randint(1, 4)):
            copy[dice.choice([dice.randrange(len(copy)), dice.randrange(len(copy) - 300,
                                                                          len(copy))])] ^= \
                1 << dice.randrange(8)
        path = tmp_path / f"m{number}.zip"
        path.write_bytes(copy)
        run = geoatlas_run("dataset", path, "--output", tmp_path / "d.h5", "--json", "--quiet")
        assert run.returncode in (0, 1), run.stderr
        if run.returncode == 0:
            value = json.loads(run.stdout)
            unused = [e for e in value["errata"]
                      if e["kind"] not in ("two-with-one-key", "folder-without-type")]
            assert value["images"] + len(unused) >= 4, (number, value)


def test_several_archives_and_folders_are_one_collection(tmp_path):
    first = {"gneiss/a.jpg": jpeg(1), "gneiss/b.jpg": jpeg(2)}
    write_zip(tmp_path / "first.zip", first)
    write_zip(tmp_path / "marble.zip", {"c.jpg": jpeg(3), "gneiss/a.jpg": jpeg(4)})
    folder = tmp_path / "more"
    (folder / "schist").mkdir(parents=True)
    (folder / "schist" / "d.jpg").write_bytes(jpeg(5))
    # An archive inside a folder that is given itself is read as such.
    write_zip(folder / "inner.zip", {"schist/e.jpg": jpeg(6)})
    given = [tmp_path / "first.zip", folder, tmp_path / "marble.zip", folder / "inner.zip"]
    result, rows = catalogued(given[0], tmp_path, *given[1:])
    assert [(row["key"], row["path"]) for row in rows] == [
        ("gneiss/a", "first/gneiss/a.jpg"), ("gneiss/a~2", "marble/gneiss/a.jpg"),
        ("gneiss/b", "first/gneiss/b.jpg"), ("marble/c", "marble/c.jpg"),
        ("schist/d", "more/schist/d.jpg"), ("schist/e", "inner/schist/e.jpg")]
    assert "first/gneiss/a.jpg" in result["errata"][0]["detail"]
    assert [erratum["path"] for erratum in result["errata"]] == ["marble/gneiss/a.jpg"]
    # The order in which they are given changes nothing.
    assert catalogued(given[2], tmp_path, given[3], given[1], given[0])[1] == rows


def test_a_collection_given_twice_or_inside_another_is_refused(tmp_path, folder, archive):
    output = ["--output", tmp_path / "d.h5", "--quiet"]
    twice = geoatlas_run("dataset", archive, folder, "../" + tmp_path.name + "/rocks.zip", *output,
                         cwd=tmp_path)
    assert "are the same. Give one of them." in failure(twice)
    inside = geoatlas_run("dataset", folder, folder / "gneiss", *output)
    assert f"{folder / 'gneiss'} is inside {folder}" in failure(inside)


def test_building_again_notices_a_change_in_each_part_and_keeps_no_path(tmp_path):
    one = write_zip(tmp_path / "one.zip", {f"gneiss/{i}.jpg": jpeg(i) for i in range(20)})
    two = tmp_path / "two"
    (two / "schist").mkdir(parents=True)
    for number in range(20):
        (two / "schist" / f"{number}.jpg").write_bytes(jpeg(100 + number))

    def built(*parts):
        run = geoatlas_run(
            "build", *parts, "--output", tmp_path / "atlas", "--workspace", tmp_path / "space",
            "--review", tmp_path / "review", "--classifier", "conv1l", "--epochs", "1", "--folds", "0",
            "--json", cwd=tmp_path)
        assert run.returncode == 0, run.stderr
        return json.loads(run.stdout)

    assert built(one, two)["images"] == 40
    assert built(one, two)["rewritten"] == 0
    (two / "schist" / "99.jpg").write_bytes(jpeg(300))
    assert (built(one, two)["images"], built(one, two)["rewritten"]) == (41, 0)
    write_zip(one, {f"gneiss/{i}.jpg": jpeg(i) for i in range(19)})
    assert built(one, two)["images"] == 40
    assert built(two)["images"] == 21
    for place in ["atlas", "space"]:
        for path in (tmp_path / place).rglob("*"):
            if path.is_file():
                assert str(tmp_path).encode() not in path.read_bytes(), path


def test_a_placeholder_of_icloud_is_named_as_a_picture_that_is_missing(folder, tmp_path):
    (folder / "gneiss" / ".p9.jpg.icloud").write_bytes(b"bplist00")
    result, rows = catalogued(folder, tmp_path)
    assert len(rows) == 4
    assert "still in iCloud" in errata(result)["gneiss/p9.jpg"]


def test_a_damaged_name_that_looks_hidden_is_not_passed_over(archive, tmp_path):
    data = archive.read_bytes()
    first, length, _ = records(data)[0]
    # All of the name but its ending is gone.
    (tmp_path / "h.zip").write_bytes(data[:first + 46] + data[first + 46 + length - 4:])
    result, rows = catalogued(tmp_path / "h.zip", tmp_path)
    assert len(rows) == 3
    assert "directory of the archive is damaged" in errata(result)[".jpg"]


def test_a_damaged_name_that_ends_like_a_folder_is_not_passed_over(tmp_path):
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as made:
        made.writestr("gneiss/a.jpg", jpeg(1))
        made.writestr("gneiss/b.jpg", jpeg(2))
        # Folders as they should be, with a size of 0, are no files.
        made.writestr("marble/", b"")
    path.write_bytes(path.read_bytes().replace(b"gneiss/b.jpg", b"gneiss/b.jp/"))
    result, rows = catalogued(path, tmp_path)
    assert keys(rows) == ["gneiss/a"]
    reasons = errata(result)
    assert list(reasons) == ["gneiss/b.jp"] and "directory of the archive is damaged" in reasons["gneiss/b.jp"]
