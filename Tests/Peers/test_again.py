"""Building again: only what changed is made, and the result is that of a build from nothing."""

import json
import os
import shutil

import numpy
import pytest
from conftest import copy_texts, geoatlas_run, on_a_failing_disk, validated
from PIL import Image


class Place:
    """A folder with a collection, texts, templates, a network and a K-Means model."""

    def __init__(self, base):
        self.base = base
        self.rocks = base / "rocks"

    def build(self, *options, output="public", workspace="workspace", check=True, prefix=()):
        result = geoatlas_run(
            "build", self.rocks, "--output", self.base / output, "--workspace",
            self.base / workspace, "--review", self.base / "review", "--content",
            self.base / "content", "--templates", self.base / "templates", "--folds", 0, "--json",
            "--classifier", self.base / "network.h5", "--kmeans", self.base / "kmeans.h5",
            *options, prefix=prefix)
        return validated("build", result) if check else result

    def fresh(self, *options):
        """What a build from nothing makes."""
        for name in ("fresh", "fresh-workspace"):
            shutil.rmtree(self.base / name, ignore_errors=True)
        self.build("--no-times", *options, output="fresh", workspace="fresh-workspace")
        return files(self.base / "fresh")

    def public(self):
        return files(self.base / "public")


def files(folder):
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*") if path.is_file()}


def times(folder):
    return {path: path.stat().st_mtime_ns for path in folder.rglob("*") if path.is_file()}


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """A place where an atlas has been built once."""
    base = tmp_path_factory.mktemp("again")
    place = Place(base)
    result = geoatlas_run("sample", place.rocks, "--per-type", 20, "--size", 96)
    assert result.returncode == 0, result.stderr
    copy_texts(base)
    for command in (
            ["train", place.rocks, "--architecture", "conv1l", "--epochs", 1, "--output",
             base / "network.h5"],
            ["cluster", place.rocks, "--k", 3, "--output", base / "kmeans.h5"]):
        result = geoatlas_run(*command)
        assert result.returncode == 0, result.stderr
    place.build("--no-times")
    shutil.copy(base / "workspace/map.h5", base / "map.h5")
    return base


@pytest.fixture
def place(built, tmp_path):
    """The same place, for one test. Times of files are kept, but their change times are new."""
    shutil.copytree(built, tmp_path, dirs_exist_ok=True)
    copied = Place(tmp_path)
    copied.build("--no-times")
    return copied


def pictures(place):
    return sorted(path for path in place.rocks.rglob("*") if path.suffix in (".jpg", ".png"))


def add(place):
    source = pictures(place)[0]
    picture = numpy.asarray(Image.open(source).convert("RGB"))
    Image.fromarray(255 - picture).save(source.with_name("zz-new.png"))
    Image.fromarray(picture[::-1].copy()).save(pictures(place)[-1].with_name("aa-new.png"))


def remove(place):
    for picture in pictures(place)[3::17]:
        picture.unlink()


def replace(place):
    one, other = pictures(place)[5], pictures(place)[60]
    shutil.copy(other, one)


def rename(place):
    picture = pictures(place)[8]
    picture.rename(picture.with_name("renamed" + picture.suffix))


def damage(place):
    pictures(place)[4].write_bytes(b"no picture")


def relabel(place):
    picture = pictures(place)[2]
    (place.base / "content/labels.csv").write_text(
        f"key,label,reason\n{picture.parent.name}/{picture.stem},marble,seen in the field\n")


def write_text(place):
    with (place.base / "content/about.md").open("a") as text:
        text.write("\nOne more paragraph.\n")


def retitle_text(place):
    text = place.base / "content/about.md"
    text.write_text(text.read_text().replace("title: ", "title: More ", 1))
    assert "title: More " in text.read_text()


def write_rock_text(place):
    (place.base / "content/rocks/gneiss.md").write_text("Banded, and *old*.\n")


def change_template(place):
    page = place.base / "templates/image.html"
    page.write_text(page.read_text().replace(", picture ", ", the picture "))


def change_style(place):
    with (place.base / "templates/tokens.css").open("a") as style:
        style.write("\n:root { --s1: 1px; }\n")


def change_title(place):
    settings = place.base / "content/atlas.yml"
    settings.write_text("title: Another title\n" + "".join(
        line for line in settings.read_text().splitlines(keepends=True)
        if not line.startswith("title:")))


def show_groups(place):
    settings = place.base / "content/atlas.yml"
    settings.write_text(settings.read_text().replace("groups: fold", "groups: show"))


def copy(place):
    """A copy of a picture, and pictures that overlap others, so that groups grow and are new."""
    source, other = pictures(place)[7], pictures(place)[31]
    picture = Image.open(source).convert("RGB")
    picture.transpose(Image.Transpose.ROTATE_90).save(source.with_name("aa-copy.png"))
    large = numpy.asarray(Image.open(other).convert("RGB").resize((35, 28)))
    for left in (0, 7):
        Image.fromarray(large[:, left:left + 28].copy()).save(
            other.with_name(f"cut-{left}.png"))


def copy_again(place):
    """One more of the group that `copy` began, so that others are folded; and one that goes."""
    copied = next(place.rocks.rglob("aa-copy.png"))
    Image.open(copied).transpose(Image.Transpose.FLIP_TOP_BOTTOM).save(
        copied.with_name("zz-copy.png"))
    next(place.rocks.rglob("cut-7.png")).unlink()


@pytest.mark.parametrize("change", [
    add, remove, replace, rename, damage, relabel, write_text, retitle_text,
    write_rock_text, change_template, change_style,
    change_title, show_groups, copy], ids=lambda change: change.__name__)
def test_a_change_gives_what_a_build_from_nothing_gives(place, change):
    change(place)
    place.build("--no-times")
    assert place.public() == place.fresh()


@pytest.mark.parametrize(
    "change", [add, remove, replace, rename, damage, relabel], ids=lambda change: change.__name__)
def test_a_change_gives_what_a_build_from_nothing_gives_with_the_same_map(place, change):
    options = "--no-times", "--map", place.base / "map.h5"
    change(place)
    place.build(*options)
    assert place.public() == place.fresh(*options)


def test_several_changes_one_after_the_other(place):
    for change in (add, relabel, remove, write_text, replace):
        change(place)
        place.build("--no-times")
    assert place.public() == place.fresh()


def test_a_verdict_is_remembered_and_noticed(place):
    copy(place)
    place.build("--no-times")
    [copied] = place.rocks.rglob("aa-copy.png")
    table = (place.base / "public/duplicates.csv").read_text()
    assert f"{copied.parent.name}/aa-copy," in table
    first, second = table.splitlines()[1].split(",")[:2]
    (place.base / "content/duplicates.csv").write_text(
        f"a,b,verdict,reason\n{second},{first},not a duplicate,seen\n{first}x,{second},duplicate,\n")
    result = place.build("--no-times")
    assert place.public() == place.fresh()
    [erratum] = [erratum for erratum in result["errata"] if erratum["kind"] == "verdict-without-picture"]
    assert f"did you mean {first}?" in erratum["detail"] and "Line 3" in erratum["detail"]
    assert f"{first},{second},not a duplicate,seen," in (place.base / "public/duplicates.csv").read_text()
    found = geoatlas_run("groups", place.rocks, "--content", place.base / "content", "--json")
    pairs = validated("groups", found)["pairs"]
    [denied] = [pair for pair in pairs if {pair["a"], pair["b"]} == {first, second}]
    assert denied["verdict"] == "not a duplicate" and not denied["connects"]
    assert place.build("--no-times")["seconds"] == {}, "nothing has changed since"


def test_groups_that_grow_and_shrink(place):
    for change in (copy, copy_again, show_groups):
        change(place)
        place.build("--no-times")
        assert place.public() == place.fresh(), change.__name__


@pytest.mark.parametrize("options", [["--top", 5], ["--rotations"]], ids=lambda options: options[0])
def test_another_option_gives_what_a_build_from_nothing_gives(place, options):
    if "--rotations" in options:
        result = geoatlas_run(
            "cluster", place.rocks, "--k", 3, "--rotations", "--output", place.base / "kmeans.h5")
        assert result.returncode == 0, result.stderr
    place.build("--no-times", *options)
    assert place.public() == place.fresh(*options)


def test_nothing_changed_so_nothing_is_done(place):
    before = times(place.base / "public")
    result = place.build("--no-times")
    assert (result["changed"], result["rewritten"], result["seconds"]) == (0, 0, {})
    assert times(place.base / "public") == before


def test_a_text_changes_one_page_only(place):
    before = times(place.base / "public")
    write_text(place)
    result = place.build("--no-times")
    assert result["rewritten"] == 1
    assert set(result["seconds"]) == {"pages", "manifest"}, "no other stage runs"
    after = times(place.base / "public")
    changed = {path.name for path in after if after[path] != before.get(path)}
    assert changed == {"about.html", "manifest.json"}


@pytest.mark.parametrize("damage", [
    lambda page: page.write_text("edited"), lambda page: page.unlink(),
    lambda page: os.utime(page)], ids=["edited", "removed", "touched"])
def test_a_page_that_somebody_changed_is_mended(place, damage):
    before = place.public()
    damage(next((place.base / "public").glob("gneiss/*/*.html")))
    place.build("--no-times")
    assert place.public() == before


def test_a_page_that_somebody_changed_is_mended_although_only_a_text_has_changed(place):
    before = place.public()
    next((place.base / "public").glob("gneiss/*/*.html")).unlink()
    write_text(place)
    place.build("--no-times")
    after = place.public()
    assert {path for path in after if after[path] != before.get(path)} == {
        "about.html", "manifest.json"} and len(after) == len(before)


def test_a_broken_link_of_a_text_is_told_when_nothing_else_has_changed(place):
    with (place.base / "content/about.md").open("a") as text:
        text.write("\nSee [this](gone.html) and [that](index.html).\n")
    result = place.build("--no-times", check=False)
    assert '"gone.html" leads to no file.' in result.stderr and "index.html" not in result.stderr


def test_a_damaged_workspace_is_noticed_and_made_again(place):
    for entry in (place.base / "workspace").rglob("*.h5"):
        entry.write_bytes(entry.read_bytes()[:-100] + bytes(100))
    write_text(place)
    result = place.build("--no-times", check=False)
    assert result.returncode == 0, result.stderr
    assert "was changed since an earlier build wrote it" in result.stderr
    assert place.public() == place.fresh()


def test_force_makes_everything_again(place):
    before = place.public()
    result = place.build("--no-times", "--force")
    assert result["rewritten"] == 0
    assert {"catalogue", "neighbours", "pages"} <= result["seconds"].keys()
    assert result["reused"].keys() <= {"pages", "thumbnails"}
    assert place.public() == before


def test_explain_says_what_is_made_again_and_why(place):
    relabel(place)
    result = place.build("--no-times", "--explain", check=False)
    notes = [line.removeprefix("geoatlas: note: ") for line in result.stderr.splitlines()]
    assert "since the last build has changed: labels, texts" in notes
    assert any(note.startswith("dataset.h5: made again, because of other pictures") for note in notes)
    assert not any("pictures.h5" in note for note in notes)


def test_the_page_of_changes_lists_what_each_edition_changed(place):
    place.build()
    shutil.rmtree(place.base / "workspace")
    first = place.build()
    assert first["changed"] == 0
    gone = pictures(place)[3].stem
    remove(place)
    add(place)
    result = place.build()
    history = json.loads((place.base / "public/changes.json").read_text())["editions"]
    assert [edition["number"] for edition in history] == [2, 1]
    newest = history[0]
    assert newest["added"]["count"] == 2
    assert any(key.endswith("/zz-new") for key in newest["added"]["first"])
    assert any(key.endswith("/" + gone) for key in newest["removed"]["first"])
    assert result["changed"] == newest["added"]["count"] + newest["removed"]["count"]
    page = (place.base / "public/changes.html").read_text()
    assert "zz-new" in page and gone in page
    checked = geoatlas_run("check", place.base / "public")
    assert checked.returncode == 0, checked.stdout + checked.stderr


def test_a_picture_that_a_disk_did_not_give_is_read_by_the_next_build(place):
    add(place)
    new = place.rocks / "andesite/zz-new.png"
    assert new.exists()
    result = place.build("--no-times", prefix=on_a_failing_disk(new))
    [reason] = [own["reason"] for own in result["errata"] if own["path"] == "andesite/zz-new.png"]
    assert reason.startswith("The file cannot be read")
    assert not list((place.base / "public/andesite").glob("*/zz-new.html"))
    # Its size and times are those that the last build saw.
    again = place.build("--no-times", "--explain", check=False)
    assert again.returncode == 0 and "because of other files that could not be read" in again.stderr
    assert len(list((place.base / "public/andesite").glob("*/zz-new.html"))) == 1
    assert place.public() == place.fresh()
    assert place.build("--no-times")["rewritten"] == 0
