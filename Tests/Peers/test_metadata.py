"""Tables with metadata as spreadsheets and databases write them, and what the atlas shows of them."""

import csv
import json
import re
import shutil
import subprocess
import zipfile

import pytest
from conftest import geoatlas_run, validated
from test_privacy import jpeg
from test_privacy import noise as pixels

MOST_BYTES = 7_000


@pytest.fixture
def rocks(tmp_path):
    for number, label in enumerate(["chert", "tuff"]):
        (tmp_path / "rocks" / label).mkdir(parents=True)
        for i in range(10):
            target = tmp_path / "rocks" / label / f"IMG_{number}{i}.jpg"
            target.write_bytes(jpeg(pixels(200, 100, seed=10 * number + i)))
    (tmp_path / "content").mkdir()
    settings(tmp_path)
    return tmp_path


def settings(base, text=""):
    (base / "content/atlas.yml").write_text(
        "types: [chert, tuff]\nkmeans: {k: 2}\nreview: {comparisons: 2, targets: 3}\n" + text)


def build(base, collection="rocks", *options):
    run = geoatlas_run(
        "build", collection, "--classifier", "conv1l", "--epochs", 1, "--folds", 0, "--json",
        "--quiet", "--no-times", *options, cwd=base)
    return validated("build", run), run.stderr


def page(base, stem):
    return next((base / "public").glob(f"*/*/{stem}.html")).read_text()


def facts(base, stem):
    """The names and values of the list of facts, as a browser would show them."""
    from html.parser import HTMLParser

    class Facts(HTMLParser):
        def __init__(self):
            super().__init__()
            self.inside, self.part, self.found = False, None, []

        def handle_starttag(self, tag, attributes):
            if tag == "dl":
                self.inside = "facts" in (dict(attributes).get("class") or "")
            elif self.inside and tag in ("dt", "dd"):
                self.part = tag
                if tag == "dt":
                    self.found.append(["", ""])

        def handle_endtag(self, tag):
            if tag == "dl":
                self.inside = False

        def handle_data(self, data):
            if self.inside and self.found:
                self.found[-1][self.part == "dd"] += data

    parser = Facts()
    parser.feed(page(base, stem))
    return {name.strip(): value.strip() for name, value in parser.found}


TABLE = """File name,Title,Locality,Lat,Long,Date collected,Collected by,IGSN,Hole ID,From (m),To (m),\
Photo type,mm per pixel,License,Weathering
IMG_00.jpg,Red chert,"Quarry, north face",46.98765,8.12346,2024-05-12,A. Muster,IECUR0001,BH-7,12.5,13,\
hand specimen,0.05,CC BY 4.0,fresh <b>
chert/IMG_01,Grey chert,,,,,,,,,,,,,"=1+1"
"""


def test_the_facts_of_a_table_stand_on_the_page(rocks):
    (rocks / "rocks/metadata.csv").write_text(TABLE)
    result, _ = build(rocks)
    assert result["errata"] == []
    found = facts(rocks, "img_00")
    expected = {
        "Title": "Red chert", "Locality": "Quarry, north face",
        "Position": "46.98765°\u202fN, 8.12346°\u202fE", "Date": "2024-05-12",
        "Collector": "A. Muster", "Sample": "IECUR0001", "Hole": "BH-7",
        "Depth": "12.5 to 13\u202fm", "Photo type": "hand specimen", "Licence": "CC BY 4.0",
        "Weathering": "fresh <b>"}
    assert {name: found.get(name) for name in expected} == expected
    # 200 pixels of 0.05 mm are 10 mm.
    html = page(rocks, "img_00")
    assert 'aria-label="Scale bar: 10\u202fmm long"' in html
    assert "<svg width=100.00% />" in html and "1 pixel is 0.05\u202fmm" in html
    assert len(html.encode()) < MOST_BYTES
    assert "millimetres" not in page(rocks, "img_01")
    assert facts(rocks, "img_01")["Title"] == "Grey chert"
    assert "Title" not in facts(rocks, "img_02")


def test_lists_for_other_programs_hold_all_metadata(rocks):
    (rocks / "rocks/metadata.csv").write_text(TABLE)
    build(rocks)
    with (rocks / "public/metadata.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["key"] for row in rows] == ["chert/IMG_00", "chert/IMG_01"]
    assert rows[0]["Latitude"] == "46.98765" and rows[0]["Depth to, m"] == "13"
    assert (rocks / "public" / rows[0]["page"]).exists()
    # A spreadsheet would run the cell.
    assert rows[1]["Weathering"] == "'=1+1"
    lists = json.loads((rocks / "public/metadata.json").read_text())
    assert lists["fields"][:3] == ["key", "page", "Title"]
    assert lists["pictures"][1][-1] == "=1+1"
    check = geoatlas_run("check", "public", cwd=rocks)
    assert check.returncode == 0, check.stdout


def test_pages_without_metadata_stay_as_they_were(rocks):
    build(rocks)
    before = {
        path: path.read_bytes() for path in (rocks / "public").rglob("*") if path.is_file()}
    assert not any("metadata" in path.name for path in before if path.suffix != ".css")
    (rocks / "rocks/metadata.csv").write_text("key,title\nchert/IMG_00,x\n")
    build(rocks)
    changed = {
        path.name for path in before if path.exists() and path.read_bytes() != before[path]}
    # The page of the picture, the page of its type, and the manifest.
    assert "IMG_01.html" not in changed and "img_01.html" not in changed
    assert "img_00.html" in changed
    (rocks / "rocks/metadata.csv").unlink()
    build(rocks)
    assert before == {
        path: path.read_bytes() for path in (rocks / "public").rglob("*") if path.is_file()}


@pytest.mark.parametrize("dialect", [
    {"separator": ";", "encoding": "cp1252", "end": "\r\n"},
    {"separator": "\t", "encoding": "utf-16", "end": "\r\n"},
    {"separator": "|", "encoding": "utf-8-sig", "end": "\r"},
    {"separator": ";", "encoding": "utf-8", "end": "\n", "first": "sep=;\n"}])
def test_any_dialect_of_a_table_is_read(rocks, dialect):
    lines = [["Datei", "Fundort", "Breite", "Länge", "Datum", "Teufe von (m)"],
             [r"C:\fotos\Chert\IMG_00.JPG", "Zürich, \"Nord\"", "46,98765", "8,12346", "12.5.2024",
              "1 012,5"]]
    text = dialect.get("first", "") + "".join(
        dialect["separator"].join('"' + cell.replace('"', '""') + '"' for cell in line)
        + dialect["end"] for line in lines)
    (rocks / "rocks/metadata.csv").write_bytes(text.encode(dialect["encoding"]))
    result, _ = build(rocks)
    assert result["errata"] == []
    found = facts(rocks, "img_00")
    assert found["Locality"] == 'Zürich, "Nord"'
    assert found["Position"] == "46.98765°\u202fN, 8.12346°\u202fE"
    assert found["Date"] == "2024-05-12" and found["Depth"] == "1012.5\u202fm"


@pytest.mark.parametrize(("column", "cell", "shown"), [
    ("latitude", "46°59'15.5\"N", ("Latitude", "46.987638889")),
    ("latitude", "S 12.5", ("Latitude", "-12.5")),
    ("longitude", "8° 7.5' W", ("Longitude", "-8.125")),
    ("decimalLatitude", "−12,5", ("Latitude", "-12.5")),
    ("date", "12 May 2024", ("Date", "2024-05-12")), ("date", "May 2024", ("Date", "2024-05")),
    ("date", "2024", ("Date", "2024")), ("date", "20240512", ("Date", "2024-05-12")),
    ("date", "2024-05-12T10:22:33Z", ("Date", "2024-05-12 10:22")),
    ("date", "31/12/2024", ("Date", "2024-12-31")), ("date", "12/31/2024", ("Date", "2024-12-31")),
    ("depth", "12.5 m", ("Depth", "12.5\u202fm")),
    ("depth (ft)", "40", ("depth (ft)", "40")), ("sample_no", "-7", ("Sample", "-7")),
    ("Rock_Quality", "=cmd|x", ("Rock_Quality", "=cmd|x"))])
def test_values_are_read_as_people_type_them(rocks, column, cell, shown):
    with (rocks / "rocks/metadata.csv").open("w", newline="") as file:
        csv.writer(file).writerows([["key", column], ["chert/IMG_00", cell]])
    result, _ = build(rocks)
    assert result["errata"] == []
    name, value = shown
    assert facts(rocks, "img_00")[name] == value


@pytest.mark.parametrize(("line", "kind", "words"), [
    ("chert/IMG_00,94.2,,", "metadata-value",
     'Line 3: lat is "94.2", but has to be degrees between −90 and 90'),
    ("chert/IMG_00,north,,", "metadata-value", 'Line 3: lat is "north"'),
    ("chert/IMG_00,,05/12/2024,", "metadata-value",
     "has to be a date whose day and month are clear, such as 2024-05-12"),
    ("chert/IMG_00,,2024-02-30,", "metadata-value", 'Line 3: date is "2024-02-30"'),
    ("chert/IMG_00,,,0", "metadata-value",
     'Line 3: mm per pixel is "0", but has to be a number greater than 0'),
    ("chert/IMG_0O,1,,", "metadata-without-picture",
     "Line 3: the collection has no picture chert/IMG_0O (did you mean chert/IMG_00?)"),
    (",1,,", "metadata-line", "Line 3 has no key"),
    ("chert/IMG_01,1,2024-01-01,1,x,y", "metadata-line",
     "Line 3 has 6 cells, but the header has 4"),
    ("tuff/IMG_10,3,,", "metadata-twice", "Lines 2 and 3 are both about tuff/IMG_10")])
def test_what_cannot_be_used_is_told_by_line(rocks, line, kind, words):
    (rocks / "rocks/metadata.csv").write_text(
        f"key,lat,date,mm per pixel\ntuff/IMG_10,2,2024-01-02,0.1\n{line}\n")
    result, _ = build(rocks)
    assert [(erratum["path"], erratum["kind"]) for erratum in result["errata"]] == [
        ("metadata.csv", kind)]
    assert words in result["errata"][0]["reason"]
    assert facts(rocks, "img_10")["Date"] == "2024-01-02"


def test_a_table_without_a_known_name_for_its_keys(rocks):
    table = rocks / "rocks/metadata.csv"
    table.write_text("Nr,Locality\nIMG_00.jpg,North\nIMG_11.jpg,South\n")
    result, notes = build(rocks)
    assert result["errata"] == []
    assert '"Nr" was read as it.' in notes
    assert facts(rocks, "img_11")["Locality"] == "South"
    table.write_text("Locality,Rock\nNorth,chert\n")
    result, notes = build(rocks)
    assert result["errata"][0]["kind"] == "metadata-table"
    assert 'no column is called "key" or "file name", only "Locality", "Rock"' in (
        result["errata"][0]["reason"])
    table.write_bytes(b"PK\x03\x04 a workbook")
    assert "workbook" in build(rocks)[0]["errata"][0]["reason"]
    table.write_text("key,latitde\nIMG_00.jpg,5\n")
    assert 'Did you mean "latitude"?' in build(rocks)[1]


def test_tables_in_archives_beside_the_settings_and_where_they_say(rocks):
    with zipfile.ZipFile(rocks / "rocks.zip", "w") as archive:
        for path in (rocks / "rocks").rglob("*.jpg"):
            archive.write(path, path.relative_to(rocks))
        archive.writestr("rocks/tuff/Metadata.csv", "file,title,locality,hole\nIMG_10.jpg,a,a,a\n")
    (rocks / "content/metadata.csv").write_text("key,locality,hole\ntuff/IMG_10,b,b\n")
    (rocks / "own.csv").write_text("key,hole\ntuff/IMG_10,c\n")
    settings(rocks, "table: own.csv\n")
    result, _ = build(rocks, "rocks.zip")
    assert result["errata"] == []
    found = facts(rocks, "img_10")
    assert [found[name] for name in ("Title", "Locality", "Hole")] == ["a", "b", "c"]
    # A change of any table is seen.
    (rocks / "own.csv").write_text("key,hole\ntuff/IMG_10,d\n")
    build(rocks, "rocks.zip")
    assert facts(rocks, "img_10")["Hole"] == "d"
    (rocks / "own.csv").unlink()
    run = geoatlas_run("build", "rocks.zip", cwd=rocks)
    assert run.returncode == 1
    assert "own.csv: There is no such file. Correct \"table:\" in " in run.stderr


def test_a_long_table_makes_no_heavy_page(rocks):
    names = [f"column {i}" for i in range(200)]
    with (rocks / "rocks/metadata.csv").open("w", newline="") as file:
        csv.writer(file).writerows(
            [["key", "description", *names], ["chert/IMG_00", "x&" * 50_000, *["y" * 20] * 200]])
    build(rocks)
    assert len(page(rocks, "img_00").encode()) < MOST_BYTES
    assert "values in metadata.csv" in facts(rocks, "img_00")["More"]
    with (rocks / "public/metadata.csv").open(newline="") as file:
        assert len(next(csv.DictReader(file))["column 199"]) == 20


def test_what_cameras_write_is_offered_as_metadata(rocks):
    path = rocks / "rocks/chert/IMG_00.jpg"
    subprocess.run(
        ["exiftool", "-q", "-overwrite_original", "-Make=Canon", "-Model=Canon EOS 5D",
         "-DateTimeOriginal=2024:05:12 10:22:33", "-ImageDescription=Folded chert, Val Müstair",
         "-Artist=PLANTartist", "-GPSLatitude=46.5", "-GPSLatitudeRef=S", "-GPSLongitude=8.25",
         "-GPSLongitudeRef=E", path], check=True)
    other = rocks / "rocks/chert/IMG_01.jpg"
    subprocess.run(
        ["exiftool", "-q", "-overwrite_original", "-Make=OLYMPUS CORPORATION", "-Model=C5050Z",
         "-ImageDescription=OLYMPUS DIGITAL CAMERA", "-DateTimeOriginal=0000:00:00 00:00:00", other],
        check=True)
    third = rocks / "rocks/chert/IMG_02.jpg"
    subprocess.run(
        ["exiftool", "-q", "-overwrite_original", "-ImageDescription=Chert by PLANTartist",
         "-Artist=PLANTartist", third], check=True)
    build(rocks)
    found = facts(rocks, "img_00")
    assert (found["Camera"], found["Date"]) == ("Canon EOS 5D", "2024-05-12 10:22")
    assert found["Description"] == "Folded chert, Val Müstair"
    assert "Position" not in found
    assert facts(rocks, "img_01")["Camera"] == "OLYMPUS CORPORATION C5050Z"
    assert not {"Description", "Date"} & facts(rocks, "img_01").keys()
    assert "Description" not in facts(rocks, "img_02")
    for path in (rocks / "public").rglob("*"):
        assert path.is_dir() or b"PLANT" not in path.read_bytes()
    # The workspace keeps no position either, unless it is published.
    assert b"46.5" not in (rocks / ".geoatlas/pictures.h5").read_bytes()
    settings(rocks, "metadata: keep\n")
    build(rocks)
    assert facts(rocks, "img_00")["Position"] == "46.5°\u202fS, 8.25°\u202fE"
    # A table counts more than a camera.
    (rocks / "rocks/metadata.csv").write_text("key,date\nIMG_00,2020\n")
    build(rocks)
    assert facts(rocks, "img_00")["Date"] == "2020"


def test_a_build_again_is_that_of_a_build_from_nothing(rocks):
    build(rocks)
    (rocks / "rocks/metadata.csv").write_text(TABLE)
    build(rocks)
    again = {
        path.relative_to(rocks / "public"): path.read_bytes()
        for path in (rocks / "public").rglob("*") if path.is_file()}
    shutil.rmtree(rocks / ".geoatlas")
    shutil.rmtree(rocks / "public")
    build(rocks)
    assert again == {
        path.relative_to(rocks / "public"): path.read_bytes()
        for path in (rocks / "public").rglob("*") if path.is_file()}


def test_pictures_of_one_specimen_stay_together_and_are_no_look_alikes(rocks):
    names = sorted(path.stem for path in (rocks / "rocks").rglob("*.jpg"))
    specimen = {name: f"S-{number % 4}" for number, name in enumerate(names) if number % 5}
    table = rocks / "rocks/metadata.csv"

    def write(specimen):
        table.write_text(
            "file,specimen\n" + "".join(f"{name},{value}\n" for name, value in specimen.items()))

    def look_alikes(stem):
        html = page(rocks, stem.lower())
        targets = html.split("class=targets", 1)[1].split("Same specimen")[0]
        return set(re.findall(r"<b>(IMG_\d+)</b>", targets))

    def check(specimen):
        parts = {}
        for name, value in specimen.items():
            parts.setdefault(value, set()).add(facts(rocks, name.lower())["Part of"].split(",")[0])
            others = {other for other in specimen if specimen[other] == value} - {name}
            assert not look_alikes(name) & others
            if others:
                assert f"Same specimen ({value}): {len(others)} other picture" in page(
                    rocks, name.lower())
        assert all(len(sets) == 1 for sets in parts.values())

    write(specimen)
    build(rocks)
    check(specimen)
    assert len(look_alikes(names[0])) >= 12
    # Two pictures move to another specimen, and one loses it: the update is that of a new build.
    specimen[names[1]], specimen[names[6]] = "S-3", "S-9"
    del specimen[names[2]]
    write(specimen)
    build(rocks)
    check(specimen)
    updated = {
        path.relative_to(rocks / "public"): path.read_bytes()
        for path in (rocks / "public").rglob("*") if path.is_file()}
    shutil.rmtree(rocks / ".geoatlas")
    build(rocks)
    assert updated == {
        path.relative_to(rocks / "public"): path.read_bytes()
        for path in (rocks / "public").rglob("*") if path.is_file()}
