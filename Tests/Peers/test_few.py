"""Few pictures, no labels, types of one's own: an atlas without a network; `init`; devices as output."""

import os
import stat

import h5py
import pytest
import yaml
from conftest import failure, geoatlas_run, noise, validated
from PIL import Image


def pictures(folder, count, seed=0):
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(count):
        Image.fromarray(noise(40, 30, seed=seed + number)).save(folder / f"p{number:02}.png")
    return folder


@pytest.fixture
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def built(*arguments):
    """The result, the notes, and the front page; the atlas has no broken link."""
    run = geoatlas_run("build", *arguments, "--json", "--quiet")
    result = validated("build", run)
    checked = validated("check", geoatlas_run("check", "public", "--json", "--quiet"))
    assert checked["problems"] == []
    return result, run.stderr, open("public/index.html").read()


def test_a_flat_folder_of_photographs_becomes_an_atlas_without_a_network(here):
    pictures(here / "photos", 50)
    result, notes, front = built("photos")
    assert result["images"] == 50
    assert "accuracy" not in result
    assert "this atlas has no network and no predictions" in notes
    assert 'lies in a folder named after a rock type. Sort' in notes and "geoatlas init" in notes
    assert not (here / "public/models.html").exists()
    # Only the plate of pictures without a label: nobody has chosen the six types of the program.
    assert "Andesite" not in front and "Unlabelled" in front
    with h5py.File(here / ".geoatlas/neighbours.h5") as file:
        assert file["pairwise/indices"].shape == (50, 12)


def test_two_types_of_nine_become_an_atlas_without_a_network(here):
    for number, name in enumerate(["basalt", "granite"]):
        pictures(here / "rocks" / name, 9, seed=100 * number)
    result, notes, front = built("rocks")
    assert result["images"] == 18
    assert "A network needs at least 14 labelled pictures in the training set" in notes
    assert "Basalt" in front and "Granite" in front
    assert not (here / "public/models.html").exists()


def test_one_type_of_the_settings_becomes_an_atlas_without_a_network(here):
    pictures(here / "rocks/granite", 40)
    (here / "content").mkdir()
    (here / "content/atlas.yml").write_text("types: [granite]\n")
    result, notes, front = built("rocks")
    assert result["images"] == 40
    assert "all labelled pictures of the training set are granite" in notes
    assert "Granite" in front
    line = failure(geoatlas_run("train", "rocks", "--output", "m.h5", "--quiet"))
    assert line.startswith("A network tells types apart")


def test_the_embedding_is_left_out_without_a_network_and_told(here):
    pictures(here / "photos", 30)
    (here / "content").mkdir()
    (here / "content/atlas.yml").write_text("neighbours:\n  models: [pairwise, embedding]\n")
    _, notes, _ = built("photos")
    assert "Pairwise on the embedding compares what a network makes of pictures of 28 pixels, and is left out" in notes


def test_a_network_comes_when_there_are_enough_pictures(here):
    for number, name in enumerate(["basalt", "granite"]):
        pictures(here / "rocks" / name, 9, seed=100 * number)
    options = ["rocks", "--classifier", "conv1l", "--epochs", "1", "--folds", "0"]
    built(*options)
    for number, name in enumerate(["basalt", "granite"]):
        pictures(here / "rocks" / name, 40, seed=100 * number)
    result, notes, front = built(*options)
    assert "accuracy" in result and "no network" not in notes
    assert 'href="models.html"' in front


def test_init_writes_the_types_by_number_and_build_takes_them(here):
    pictures(here / "My rocks/Gabbro", 3)
    pictures(here / "My rocks/no", 5, seed=50)
    pictures(here / "My rocks/andesite", 3, seed=90)
    result = validated("init", geoatlas_run("init", "My rocks", "--json"))
    assert result == {
        "path": "content/atlas.yml", "unlabelled": 0,
        "types": [{"label": "no", "pictures": 5}, {"label": "andesite", "pictures": 3},
                  {"label": "gabbro", "pictures": 3}]}
    settings = yaml.safe_load((here / "content/atlas.yml").read_text())
    assert settings["title"] == "My rocks" and settings["collection"] == "My rocks"
    # YAML 1.1 reads a bare no as false.
    assert [t if isinstance(t, str) else t["label"] for t in settings["types"]] == [
        "no", "andesite", "gabbro"]
    assert all(colour.startswith("#") for colour in settings["types"][0]["colour"].values())
    result, _, front = built()
    assert result["images"] == 11
    assert front.index("<h2>No ") < front.index("<h2>Andesite ") < front.index("<h2>Gabbro ")


def test_init_overwrites_nothing(here):
    pictures(here / "rocks/gabbro", 2)
    (here / "content").mkdir()
    (here / "content/atlas.yml").write_text("title: Mine\n")
    line = failure(geoatlas_run("init", "rocks"))
    assert line == ("content/atlas.yml exists already, and is not overwritten. Edit it, or name another "
                    "folder with --content.")
    assert (here / "content/atlas.yml").read_text() == "title: Mine\n"


def test_init_of_a_flat_folder_leaves_the_types_to_the_reader(here):
    pictures(here / "photos", 3)
    result = validated("init", geoatlas_run("init", "photos", "--content", "own", "--json"))
    assert (result["types"], result["unlabelled"]) == ([], 3)
    assert "types" not in yaml.safe_load((here / "own/atlas.yml").read_text())


@pytest.mark.skipif(os.geteuid() != 0, reason="only root makes devices")
def test_a_device_is_written_to_and_never_replaced(here):
    pictures(here / "rocks/andesite", 15)
    pictures(here / "rocks/gneiss", 15, seed=70)
    try:
        os.mknod("null", stat.S_IFCHR | 0o666, os.makedev(1, 3))
    except PermissionError:
        pytest.skip("devices cannot be made here")
    for command in (["dataset", "rocks", "--metadata", "m.csv"],
                    ["dataset", "rocks", "--vectors"],
                    ["cluster", "rocks", "--k", "2"], ["neighbours", "rocks"],
                    ["train", "rocks", "--architecture", "conv1l", "--epochs", "1"]):
        result = geoatlas_run(*command, "--output", "null", "--quiet")
        assert result.returncode == 0, result.stderr
        assert stat.S_ISCHR(os.stat("null").st_mode), command
    assert sorted(os.listdir()) == ["m.csv", "null", "rocks"]


def test_a_link_stays_and_its_target_is_written(here):
    pictures(here / "rocks/andesite", 5)
    (here / "there").mkdir()
    os.symlink("there/k.h5", "k.h5")
    assert geoatlas_run("cluster", "rocks", "--k", "2", "--output", "k.h5", "--quiet").returncode == 0
    assert os.path.islink("k.h5") and h5py.is_hdf5("there/k.h5")
