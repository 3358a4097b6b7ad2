"""Archives and folders as other programs and people make them."""

import csv
import io
import os
import struct
import subprocess
import zipfile

import numpy
import pytest
from conftest import failure, geoatlas_run, noise, smooth, validated
from PIL import Image
from waiting import PATIENCE


def jpeg(seed, size=40):
    target = io.BytesIO()
    Image.fromarray(noise(size, size, seed=seed)).save(target, "JPEG")
    return target.getvalue()


def png(pixels):
    target = io.BytesIO()
    Image.fromarray(pixels).save(target, "PNG")
    return target.getvalue()


def catalogued(collection, tmp_path, *options):
    """The JSON of `dataset` for a collection, and its table of pictures by path."""
    table = tmp_path / "table.csv"
    result = validated(
        "dataset",
        geoatlas_run(
            "dataset", collection, "--output", tmp_path / "d.h5", "--metadata", table, "--json",
            *options,
        ),
    )
    with open(table, newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == result["images"]
    return result, rows


def keys(rows):
    return [row["key"] for row in rows]


def errata(result):
    return {erratum["path"]: erratum["reason"] for erratum in result["errata"]}


def write_zip(path, files, **options):
    with zipfile.ZipFile(path, "w", **options) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return path


def test_names_in_unicode_are_read_as_they_were_written(tmp_path):
    names = ["andesite/Förde-1.jpg", "gneiss/片麻岩.jpg", "schist/слюда.jpg"]
    archive = write_zip(tmp_path / "u.zip", {name: jpeg(i) for i, name in enumerate(names)})
    with zipfile.ZipFile(archive) as written:
        # The flag "this name is UTF-8" (APPNOTE 4.4.4, bit 11) is set.
        assert all(info.flag_bits & 0x800 for info in written.infolist())
    result, rows = catalogued(archive, tmp_path)
    assert [row["path"] for row in rows] == names
    assert keys(rows) == ["andesite/Förde-1", "gneiss/片麻岩", "schist/слюда"]
    assert result["errata"] == []


def test_names_without_the_flag_are_code_page_437(tmp_path):
    archive = write_zip(tmp_path / "dos.zip", {"andesite/Gr?nt.jpg": jpeg(1)})
    # 0x81 is ü in code page 437, and no UTF-8.
    archive.write_bytes(archive.read_bytes().replace(b"Gr?nt", b"Gr\x81nt"))
    with zipfile.ZipFile(archive) as written:
        assert written.namelist() == ["andesite/Grünt.jpg"]
    _, rows = catalogued(archive, tmp_path)
    assert keys(rows) == ["andesite/Grünt"]


def test_archives_of_the_zip_program_are_read(tmp_path):
    folder = tmp_path / "rocks"
    for i, label in enumerate(["marble", "schist"]):
        (folder / label).mkdir(parents=True)
        (folder / label / "ö 1.jpg").write_bytes(jpeg(i))
    subprocess.run(["zip", "-qr", "../rocks.zip", "."], cwd=folder, check=True)
    result, rows = catalogued(tmp_path / "rocks.zip", tmp_path)
    assert keys(rows) == ["marble/ö 1", "schist/ö 1"]
    assert result["errata"] == []


def test_what_operating_systems_leave_behind_is_left_out(tmp_path):
    files = {
        "rocks/andesite/a.jpg": jpeg(1),
        "__MACOSX/rocks/andesite/._a.jpg": b"\0\x05\x16\x07",
        "rocks/.DS_Store": b"\0\0\0\1Bud1",
        "rocks/andesite/.DS_Store": b"\0\0\0\1Bud1",
        "rocks/andesite/Thumbs.db": b"\xd0\xcf\x11\xe0",
        "rocks/desktop.ini": b"[.ShellClassInfo]",
    }
    result, rows = catalogued(write_zip(tmp_path / "mac.zip", files), tmp_path)
    assert keys(rows) == ["andesite/a"]
    assert result["errata"] == []


def test_hidden_pictures_are_named_and_other_hidden_files_are_not(tmp_path):
    files = {
        "andesite/a.jpg": jpeg(1),
        "andesite/.gn-0002.jpg": jpeg(2),
        "andesite/.notes.txt": b"Outcrop 12",
        ".kept/large/a.png": png(noise(8, 8)),
        ".kept/large/b.png": png(noise(8, 8, seed=1)),
        ".git/HEAD": b"ref: refs/heads/main",
        "andesite/._a.jpg": jpeg(3),
        "__MACOSX/andesite/b.jpg": jpeg(4),
    }
    folder = tmp_path / "rocks"
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    for collection in (folder, write_zip(tmp_path / "hidden.zip", files)):
        result, rows = catalogued(collection, tmp_path)
        assert keys(rows) == ["andesite/a"]
        reasons = errata(result)
        assert set(reasons) == {"andesite/.gn-0002.jpg", ".kept"}
        assert "hidden file, passed over. Rename it" in reasons["andesite/.gn-0002.jpg"]
        assert "hidden folder with pictures, passed over" in reasons[".kept"]


def test_a_name_that_is_no_unicode_is_an_erratum_that_says_so(tmp_path):
    folder = tmp_path / "rocks" / "gneiss"
    folder.mkdir(parents=True)
    (folder / "a.jpg").write_bytes(jpeg(1))
    with open(os.fsencode(folder) + b"/bad\xff.jpg", "wb") as file:
        file.write(jpeg(2))
    # The replacement character itself is as good as any.
    (folder / "odd\ufffd.jpg").write_bytes(jpeg(3))
    result, rows = catalogued(tmp_path / "rocks", tmp_path)
    assert keys(rows) == ["gneiss/a", "gneiss/odd\ufffd"]
    assert errata(result) == {
        "gneiss/bad\ufffd.jpg": "The name holds characters that are no Unicode. Rename it."}


def test_atlases_inside_a_collection_are_left_out_and_named(tmp_path):
    files = {
        "gneiss/a.jpg": jpeg(1),
        "gneiss/out/manifest.json": b'{"version": 1, "edition": "0", "files": []}',
        "gneiss/out/gneiss/b.jpg": jpeg(2),
        "gneiss/out/older/manifest.json": b'{"version": 1, "edition": "0", "files": []}',
        # A web application's, not ours.
        "marble/manifest.json": b'{"name": "Marbles", "version": 1}',
        "marble/c.jpg": jpeg(3),
    }
    folder = tmp_path / "rocks"
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    for collection in (folder, write_zip(tmp_path / "atlas.zip", files)):
        result, rows = catalogued(collection, tmp_path)
        assert keys(rows) == ["gneiss/a", "marble/c"]
        assert set(errata(result)) == {"gneiss/out", "marble/manifest.json"}
        assert errata(result)["gneiss/out"] == (
            "This folder is an atlas that GeoAtlas made; its pictures are left out. "
            "Keep pictures of the collection in another folder.")


def test_a_collection_of_locked_pictures_says_why_none_can_be_used(tmp_path):
    (tmp_path / "gneiss").mkdir()
    for name in ("a.jpg", "b.jpg"):
        (tmp_path / "gneiss" / name).write_bytes(jpeg(1))
    subprocess.run(
        ["zip", "-qr", "-P", "password", "locked.zip", "gneiss"], cwd=tmp_path, check=True)
    line = failure(geoatlas_run("cluster", "locked.zip", "--quiet", cwd=tmp_path))
    assert line == (
        "locked.zip holds no usable picture among 2 files. The first is gneiss/a.jpg: "
        "The file is protected by a password. Pack it again without one.")


def test_a_file_larger_than_any_picture_is_not_read(tmp_path):
    folder = tmp_path / "rocks" / "gneiss"
    folder.mkdir(parents=True)
    (folder / "a.jpg").write_bytes(jpeg(1))
    with open(folder / "vast.jpg", "wb") as file:
        file.write(jpeg(2))
        file.truncate(600_000_001)
    result, rows = catalogued(tmp_path / "rocks", tmp_path)
    assert keys(rows) == ["gneiss/a"]
    assert "larger than 600 megabytes" in errata(result)["gneiss/vast.jpg"]
    result = validated(
        "similar",
        geoatlas_run("similar", tmp_path / "rocks", folder / "vast.jpg", "--json"), status=1)
    assert "larger than 600 megabytes" in result[0]["error"]


def test_a_named_pipe_is_no_collection(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    # If the program waited for a writer, it would be ended after some minutes with another status.
    result = geoatlas_run(
        "cluster", tmp_path / "pipe", "--quiet", prefix=["timeout", str(PATIENCE)])
    assert "neither a folder nor a zip archive" in failure(result)


def test_other_files_are_named_among_the_errata(tmp_path):
    files = {"andesite/a.jpg": jpeg(1), "andesite/notes.txt": b"Outcrop 12, weathered."}
    result, rows = catalogued(write_zip(tmp_path / "n.zip", files), tmp_path)
    assert keys(rows) == ["andesite/a"]
    assert list(errata(result)) == ["andesite/notes.txt"]
    assert "no picture in a format" in errata(result)["andesite/notes.txt"]


def test_an_encrypted_entry_is_an_erratum_that_says_so(tmp_path):
    write_zip(tmp_path / "e.zip", {"andesite/open.jpg": jpeg(1)})
    (tmp_path / "andesite").mkdir()
    (tmp_path / "andesite" / "secret.jpg").write_bytes(jpeg(2))
    subprocess.run(
        ["zip", "-q", "-P", "password", "e.zip", "andesite/secret.jpg"], cwd=tmp_path, check=True
    )
    result, rows = catalogued(tmp_path / "e.zip", tmp_path)
    assert keys(rows) == ["andesite/open"]
    assert "password" in errata(result)["andesite/secret.jpg"]


def test_a_damaged_entry_among_good_ones_is_an_erratum_without_paths_of_this_machine(tmp_path):
    bad = jpeg(2)
    archive = write_zip(
        tmp_path / "d.zip",
        {"gneiss/a.jpg": jpeg(1), "gneiss/b.jpg": bad, "gneiss/c.jpg": jpeg(3)},
    )
    content = bytearray(archive.read_bytes())
    at = content.index(bad) + len(bad) // 2
    content[at] ^= 0xFF
    archive.write_bytes(content)
    result, rows = catalogued(archive, tmp_path)
    assert keys(rows) == ["gneiss/a", "gneiss/c"]
    reason = errata(result)["gneiss/b.jpg"]
    assert "damaged inside the archive" in reason and "CRC" in reason
    assert [(e["kind"], e["detail"]) for e in result["errata"]] == [
        ("damaged-in-archive", "its content does not match its CRC checksum")]
    assert str(tmp_path) not in reason


@pytest.mark.parametrize("share", [0.3, 0.9, 0.999])
def test_a_truncated_archive_fails_in_one_line(tmp_path, share):
    archive = write_zip(tmp_path / "t.zip", {f"gneiss/{i}.jpg": jpeg(i) for i in range(5)})
    content = archive.read_bytes()
    archive.write_bytes(content[: int(len(content) * share)])
    line = failure(geoatlas_run("dataset", archive, "--output", tmp_path / "d.h5", "--quiet"))
    assert str(archive) in line and "damaged or incomplete" in line and "again" in line


def test_an_empty_archive_fails_in_one_line(tmp_path):
    archive = write_zip(tmp_path / "empty.zip", {})
    assert archive.stat().st_size == 22
    line = failure(geoatlas_run("dataset", archive, "--output", tmp_path / "d.h5", "--quiet"))
    assert str(archive) in line and "no usable picture" in line


def test_an_archive_without_pictures_fails_in_one_line(tmp_path):
    archive = write_zip(tmp_path / "text.zip", {"andesite/a.txt": b"a", "b.csv": b"b"})
    line = failure(geoatlas_run("dataset", archive, "--output", tmp_path / "d.h5", "--quiet"))
    assert str(archive) in line and "among 2 files" in line


def test_a_file_that_is_no_archive_and_a_missing_one_fail_in_one_line(tmp_path):
    plain = tmp_path / "plain.zip"
    plain.write_bytes(b"not packed at all")
    output = ["--output", tmp_path / "d.h5", "--quiet"]
    assert "neither a folder nor a zip" in failure(geoatlas_run("dataset", plain, *output))
    missing = tmp_path / "missing.zip"
    line = failure(geoatlas_run("dataset", missing, *output))
    assert line == f"{missing} does not exist. Check the path."


def test_names_that_climb_out_of_the_archive_stay_inside(tmp_path):
    inner = tmp_path / "inner"
    inner.mkdir()
    files = {
        "../andesite/a.jpg": jpeg(1),
        "./gneiss/b.jpg": jpeg(2),
        "/marble/c.jpg": jpeg(3),
        "..\\..\\schist\\d.jpg": jpeg(4),
    }
    archive = write_zip(inner / "slip.zip", files)
    before = sorted(tmp_path.rglob("*"))
    result, rows = catalogued(archive, inner)
    assert keys(rows) == ["andesite/a", "gneiss/b", "marble/c", "schist/d"]
    assert all(".." not in row["path"] for row in rows)
    assert result["errata"] == []
    made = set(tmp_path.rglob("*")) - set(before)
    assert made == {inner / "d.h5", inner / "table.csv"}


def test_an_entry_that_would_unpack_to_gigabytes_is_refused_by_its_header(tmp_path):
    archive = write_zip(
        tmp_path / "bomb.zip",
        {"gneiss/a.jpg": jpeg(1), "gneiss/bomb.jpg": b"\0" * 1_000_000},
        compression=zipfile.ZIP_DEFLATED,
    )
    content = bytearray(archive.read_bytes())
    # The size of the second entry in the central directory (APPNOTE 4.3.12).
    at = content.rindex(b"PK\x01\x02")
    assert struct.unpack_from("<I", content, at + 24) == (1_000_000,)
    struct.pack_into("<I", content, at + 24, 4_000_000_000)
    archive.write_bytes(content)
    result, rows = catalogued(archive, tmp_path)
    assert keys(rows) == ["gneiss/a"]
    assert "600 megabytes" in errata(result)["gneiss/bomb.jpg"]


def test_two_pictures_with_one_key_both_stay(tmp_path):
    files = {
        "first/andesite/x.jpg": jpeg(1),
        "second/andesite/x.jpg": jpeg(2),
        "second/andesite/x.png": png(smooth(30, 30)),
        "second/andesite/x~2.jpg": jpeg(4),
    }
    result, rows = catalogued(write_zip(tmp_path / "twice.zip", files), tmp_path)
    # By path; a picture with that name has the key "x~2" already.
    assert {row["path"]: row["key"] for row in rows} == {
        "first/andesite/x.jpg": "andesite/x",
        "second/andesite/x.jpg": "andesite/x~3",
        "second/andesite/x.png": "andesite/x~4",
        "second/andesite/x~2.jpg": "andesite/x~2",
    }
    assert set(errata(result)) == {"second/andesite/x.jpg", "second/andesite/x.png"}
    assert result["errata"][0] == {
        "path": "second/andesite/x.jpg",
        "kind": "two-with-one-key",
        "reason": "Another picture is called andesite/x already. This one is used as andesite/x~3. "
        "Rename one of the two files if you want another key.",
        "detail": "first/andesite/x.jpg has the key andesite/x; this one is used as andesite/x~3",
        "advice": "Rename one of the two files if you want another key.",
    }


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_two_entries_of_exactly_one_name_are_told_apart(tmp_path):
    archive = tmp_path / "same.zip"
    with zipfile.ZipFile(archive, "w") as target:
        target.writestr("andesite/x.jpg", jpeg(1))
        target.writestr("andesite/x.jpg", jpeg(2))
    result, rows = catalogued(archive, tmp_path)
    assert keys(rows) == ["andesite/x"]
    assert "another file of exactly this name" in errata(result)["andesite/x.jpg"]


def test_keys_that_differ_only_in_case_both_stay_as_they_are(tmp_path):
    files = {"andesite/AB.jpg": jpeg(1), "andesite/ab.jpg": jpeg(2)}
    result, rows = catalogued(write_zip(tmp_path / "case.zip", files), tmp_path)
    assert keys(rows) == ["andesite/AB", "andesite/ab"]
    assert result["errata"] == []


def test_the_nearest_folder_that_names_a_type_is_the_label(tmp_path):
    files = {
        "ANDESITE/a.jpg": jpeg(1),
        "Field trip/Gneiss/b.jpg": jpeg(2),
        "marble/close-ups/c.jpg": jpeg(3),
        "granite/d.jpg": jpeg(4),
        "e.jpg": jpeg(5),
    }
    result, rows = catalogued(write_zip(tmp_path / "labels.zip", files), tmp_path)
    assert {row["key"]: row["label"] for row in rows} == {
        "andesite/a": "andesite",
        "gneiss/b": "gneiss",
        "marble/c": "marble",
        "unlabelled/d": "",
        "unlabelled/e": "",
    }
    assert "1 picture has no label" in errata(result)["granite"]


def test_a_collection_without_labels_can_be_catalogued_but_not_learned_from(tmp_path):
    folder = tmp_path / "gneiss"
    folder.mkdir()
    for i in range(30):
        (folder / f"{i}.jpg").write_bytes(jpeg(i))
    result, rows = catalogued(folder, tmp_path, "--vectors")
    assert (result["images"], result["train"], result["dev"], result["test"]) == (30, 0, 0, 0)
    # One folder of a collection, given by mistake: the sets of the split would be empty.
    for command, file in [("train", "m.h5"), ("dataset", "empty.h5")]:
        line = failure(geoatlas_run(command, folder, "--output", tmp_path / file, "--quiet"))
        assert str(folder) in line and "folder named after a rock type" in line
        assert line.endswith("and give the folder that these lie in.")
        assert not (tmp_path / file).exists()


def test_links_in_a_folder_are_named(tmp_path):
    folder = tmp_path / "rocks" / "andesite"
    folder.mkdir(parents=True)
    (folder / "a.jpg").write_bytes(jpeg(1))
    (folder / "b.jpg").symlink_to(folder / "a.jpg")
    (tmp_path / "rocks" / "loop").symlink_to(tmp_path / "rocks")
    result, rows = catalogued(tmp_path / "rocks", tmp_path)
    assert keys(rows) == ["andesite/a"]
    assert set(errata(result)) == {"andesite/b.jpg", "loop"}
    assert all("links are not followed" in reason for reason in errata(result).values())


def test_closed_folders_and_files_are_named(tmp_path):
    for name in ("andesite/a.jpg", "andesite/b.jpg", "gneiss/c.jpg"):
        path = tmp_path / "rocks" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(jpeg(1))
    # Root may read everything, unless it is started without that right.
    closed_to_root = ["setpriv", "--bounding-set=-dac_override,-dac_read_search"]
    prefix = closed_to_root if os.geteuid() == 0 else []
    (tmp_path / "rocks" / "andesite" / "b.jpg").chmod(0)
    (tmp_path / "rocks" / "gneiss").chmod(0)
    result = validated(
        "dataset",
        geoatlas_run(
            "dataset", tmp_path / "rocks", "--output", tmp_path / "d.h5", "--json", prefix=prefix),
    )
    (tmp_path / "rocks" / "gneiss").chmod(0o755)
    assert result["images"] == 1
    assert set(errata(result)) == {"andesite/b.jpg", "gneiss"}
    assert "Permission denied" in errata(result)["andesite/b.jpg"]
    assert "folder cannot be opened" in errata(result)["gneiss"]


def test_a_folder_and_its_archive_give_the_same_data_set(sample, tmp_path):
    subprocess.run(["zip", "-qr", str(tmp_path / "rocks.zip"), "."], cwd=sample, check=True)
    for source, name in [(sample, "a.h5"), (tmp_path / "rocks.zip", "b.h5")]:
        validated(
            "dataset", geoatlas_run("dataset", source, "--output", tmp_path / name, "--json")
        )
    assert (tmp_path / "a.h5").read_bytes() == (tmp_path / "b.h5").read_bytes()


def test_shares_are_met_for_each_type(tmp_path):
    files = {f"gneiss/{i:04}.png": png(noise(8, 8, seed=i)) for i in range(200)}
    files |= {f"schist/{i}.png": png(noise(8, 8, seed=1000 + i)) for i in range(4)}
    archive = write_zip(tmp_path / "types.zip", files)
    for shares, gneiss, schist in (
            ("70,18,12", (140, 36, 24), (2, 1, 1)), ("50,25,25", (100, 50, 50), (2, 1, 1))):
        _, rows = catalogued(archive, tmp_path, "--shares", shares)
        for label, expected in (("gneiss", gneiss), ("schist", schist)):
            sets = [row["split"] for row in rows if row["label"] == label]
            assert tuple(sets.count(name) for name in ("train", "dev", "test")) == expected


def test_at_random_shares_are_met_within_sampling_error(tmp_path):
    total = 2000
    files = {f"gneiss/{i:04}.png": png(noise(8, 8, seed=i)) for i in range(total)}
    archive = write_zip(tmp_path / "many.zip", files)
    for shares in ([70, 18, 12], [50, 25, 25]):
        result, rows = catalogued(
            archive, tmp_path, "--split", "random", "--shares", ",".join(map(str, shares)))
        found = numpy.array([result["train"], result["dev"], result["test"]])
        assert found.sum() == total
        expected = numpy.array(shares) / 100
        # The first 53 bits of a digest are a number in [0, 1) that the shares are compared with.
        ends = numpy.cumsum(expected)
        for row in rows:
            place = (int(row["digest"][:16], 16) >> 11) / 2**53
            assert row["split"] == ("train", "dev", "test")[int((place >= ends[:2]).sum())]
        # Four standard deviations of a binomial share.
        error = 4 * numpy.sqrt(expected * (1 - expected) / total)
        assert (abs(found / total - expected) < error).all(), (shares, found)


def test_equal_pictures_turned_or_mirrored_lie_in_the_same_part(tmp_path):
    files = {}
    for i in range(20):
        pixels = noise(28, 28, seed=i)
        for form in range(8):
            moved = numpy.rot90(pixels, form % 4)
            moved = moved[:, ::-1] if form >= 4 else moved
            files[f"marble/{i:02}-{form}.png"] = png(numpy.ascontiguousarray(moved))
    _, rows = catalogued(write_zip(tmp_path / "forms.zip", files), tmp_path)
    parts, digests = {}, {}
    for row in rows:
        stem = row["key"].split("/")[1].split("-")[0]
        parts.setdefault(stem, set()).add(row["split"])
        digests.setdefault(stem, set()).add(row["digest"])
    assert len(parts) == 20
    assert all(len(found) == 1 for found in parts.values())
    assert all(len(found) == 1 for found in digests.values())
    assert len({next(iter(found)) for found in digests.values()}) == 20
    assert len({next(iter(found)) for found in parts.values()}) > 1


def test_the_part_of_a_picture_depends_on_itself_alone(tmp_path):
    few = {f"schist/{i}.jpg": jpeg(i) for i in range(12)}
    more = few | {f"gneiss/{i}.jpg": jpeg(i + 100) for i in range(9)}
    renamed = {f"marble/other-{i}.jpg": jpeg(i) for i in range(12)}

    def parts(files, *options):
        _, rows = catalogued(write_zip(tmp_path / "p.zip", files), tmp_path, *options)
        return {row["digest"]: row["split"] for row in rows}

    alone = parts(few)
    assert len(alone) == 12
    assert parts(renamed) == alone
    assert parts(few, "--seed", "7") == alone
    together = parts(more)
    assert {digest: together[digest] for digest in alone} == alone


def test_the_digest_is_that_of_xxhsum(tmp_path):
    pixels = numpy.full((28, 28, 3), 7, numpy.uint8)
    _, rows = catalogued(write_zip(tmp_path / "x.zip", {"gneiss/x.png": png(pixels)}), tmp_path)
    # `xxhsum -H2` 0.8.1 of 2352 bytes of value 7, which all eight forms of this picture are.
    assert rows[0]["digest"] == "017829147b864453138406b038bd7ab7"
