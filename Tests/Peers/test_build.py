"""Whole builds: what they write, what they reuse, and what they say when something is wrong."""

import json
import os
import re
import shutil
import subprocess
import zipfile

import h5py
import pytest
from conftest import ROOT, TYPES, failure, geoatlas_run, validated


@pytest.fixture(scope="session")
def sample(small_sample):
    return small_sample


def build(collection, folder, *options, **settings):
    """Builds into `folder`, with the workspace and the review folder in it too."""
    return geoatlas_run(
        "build", collection, "--output", folder / "public", "--workspace", folder / "workspace",
        "--review", folder / "review", "--classifier", "conv1l", "--epochs", 2, "--folds", 0,
        "--view", "pixels", *options, **settings)


@pytest.fixture(scope="module")
def atlas(sample, tmp_path_factory):
    """An atlas of the small sample: its folder and the JSON of the build."""
    folder = tmp_path_factory.mktemp("atlas")
    return folder, validated("build", build(sample, folder, "--json"))


def tree(folder):
    """Every file below a folder with its bytes."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*") if path.is_file()
    }


def test_the_summary_counts_what_lies_in_the_folder(atlas):
    folder, result = atlas
    files = tree(folder / "public")
    assert result["images"] == 120
    assert result["pages"] == sum(name.endswith(".html") for name in files)
    assert result["bytes"] == sum(len(content) for content in files.values())
    assert set(result["seconds"]) == {
        "catalogue", "groups", "scenes", "checks", "dataset", "train", "classify", "cluster",
        "neighbours", "map", "review", "thumbnails", "pages", "manifest"}


def test_the_atlas_passes_its_own_check(atlas):
    folder, _ = atlas
    result = validated("check", geoatlas_run("check", folder / "public", "--json"))
    assert result["problems"] == []


def test_names_suit_every_file_system(atlas):
    folder, _ = atlas
    for name in tree(folder / "public"):
        assert len(name) <= 120
        assert re.fullmatch(r"[a-z0-9._/-]+", name), name


def test_the_data_set_lies_in_the_workspace(atlas):
    folder, _ = atlas
    with h5py.File(folder / "workspace/dataset.h5") as file:
        counts = [file[f"X_{part}_Orig"].shape for part in ("Train", "Dev", "Test")]
    assert sum(shape[0] for shape in counts) == 120
    assert all(shape[1:] == (28, 28, 3) for shape in counts)


def test_every_picture_is_there_byte_for_byte(atlas, sample):
    folder, _ = atlas
    stored = set(tree(folder / "public").values())
    for path in sample.rglob("*.*"):
        assert path.read_bytes() in stored, path


def test_a_second_build_changes_nothing_and_takes_its_results_over(atlas, sample):
    folder, first = atlas
    before = tree(folder / "public")
    result = validated("build", build(sample, folder, "--no-times", "--json"))
    again = validated("build", build(sample, folder, "--no-times", "--json"))
    changed = {name for name, content in tree(folder / "public").items() if before.get(name) != content}
    # The pages of the first build about models show durations, and its front page lists the changes.
    assert changed <= {"models.html", "similarity.html", "index.html", "manifest.json"}
    assert again["reused"]["train"] == 1
    assert again["reused"]["cluster"] == 1
    assert again["reused"]["neighbours"] == 1
    assert again["reused"]["pages"] >= again["pages"]
    assert (again["rewritten"], again["seconds"]) == (0, {})
    assert result["accuracy"] == again["accuracy"] == first["accuracy"]


def test_the_same_input_gives_the_same_bytes_on_one_thread_and_on_two(sample, atlas, tmp_path):
    folder, _ = atlas
    plan = folder / "review"
    trees = []
    for jobs in ("1", "2"):
        place = tmp_path / jobs
        place.mkdir()
        # Training repeats for the same number of threads, so the network is given.
        shutil.copytree(plan, place / "review")
        model = folder / "workspace/networks/conv1l-0-of-0.h5"
        validated("build", geoatlas_run(
            "build", sample, "--output", place / "public", "--workspace", place / "workspace",
            "--review", place / "review", "--classifier", model, "--jobs", jobs, "--no-times",
            "--json"))
        trees.append(tree(place / "public"))
    assert trees[0] == trees[1]


def test_the_accuracy_on_the_page_is_the_one_of_the_summary(atlas):
    folder, result = atlas
    page = (folder / "public/models.html").read_text()
    percent = f"{int(result['accuracy'] * 1000 + 0.5) / 10:.1f}"
    assert re.search(re.escape(percent) + r"\s*%", page)


def test_the_key_of_the_trial_is_not_in_the_atlas(atlas):
    folder, _ = atlas
    key = json.loads((folder / "review/key.json").read_text())
    assert len(key["comparisons"]) > 0
    told = [
        (name, content) for name, content in tree(folder / "public").items()
        if name == "review.html" or ("review" in name and name.endswith(".js"))]
    assert len(told) >= 3
    for name, content in told:
        # The foot of every page names the models of the atlas and no others.
        text = content.lower().split(b"<footer")[0]
        assert b"kmeans" not in text and b"k-means" not in text and b"pairwise" not in text, name


@pytest.mark.parametrize("output", ["public", "gneiss/out"])
def test_an_atlas_built_inside_its_collection_does_not_eat_itself(sample, tmp_path, output):
    photos = tmp_path / "photos"
    for path in sorted(sample.rglob("*.*")):
        if path.stem.endswith(tuple("0123")):
            target = photos / path.relative_to(sample)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(path, target)
    count = sum(path.is_file() for path in photos.rglob("*"))
    command = [
        "build", ".", "--output", output, "--classifier", "conv1l", "--epochs", 1, "--folds", 0,
        "--content", ROOT / "content", "--templates", ROOT / "templates", "--no-times", "--json"]
    first = validated("build", geoatlas_run(*command, cwd=photos))
    before = tree(photos / output)
    second = validated("build", geoatlas_run(*command, cwd=photos))
    assert tree(photos / output) == before
    assert first["images"] == second["images"] == count
    assert [erratum["path"] for erratum in second["errata"]] == sorted([output, "review"])
    assert all("belongs to the build itself" in e["reason"] for e in second["errata"])
    # Other commands know the atlas by its manifest, and the rest by what it is.
    others = validated("cluster", geoatlas_run("cluster", ".", "--json", cwd=photos))
    assert others["images"] == count
    reasons = {erratum["path"]: erratum["reason"] for erratum in others["errata"]}
    assert "an atlas that GeoAtlas made" in reasons[output]


def test_pictures_that_went_leave_no_page_behind(sample, tmp_path):
    collection = tmp_path / "rocks"
    shutil.copytree(sample, collection)
    validated("build", build(collection, tmp_path, "--json"))
    before = tree(tmp_path / "public")
    gone = sorted((collection / "schist").iterdir())[0]
    gone.unlink()
    shutil.rmtree(tmp_path / "review")
    (tmp_path / "public/votes").mkdir()
    (tmp_path / "public/votes/a.jsonl").write_text("{}\n")
    (tmp_path / "public/notes.txt").write_text("somebody's own\n")
    validated("build", build(collection, tmp_path, "--json"))
    after = tree(tmp_path / "public")
    stem = gone.stem.lower()
    assert any(name.startswith("schist/") and stem in name for name in before)
    assert not any(name.startswith("schist/") and stem in name for name in after)
    assert after["votes/a.jsonl"] == b"{}\n"
    assert after["notes.txt"] == b"somebody's own\n"


def test_one_bad_picture_stops_nothing_and_is_named(sample, tmp_path):
    collection = tmp_path / "rocks"
    shutil.copytree(sample, collection)
    (collection / "gneiss/broken.jpg").write_bytes(b"\xff\xd8\xff\xe0 this is no picture")
    (collection / "gneiss/empty.png").write_bytes(b"")
    result = validated("build", build(collection, tmp_path, "--json"))
    assert result["images"] == 120
    assert [entry["path"] for entry in result["errata"]] == ["gneiss/broken.jpg", "gneiss/empty.png"]
    page = (tmp_path / "public/errata.html").read_text()
    assert "gneiss/broken.jpg" in page and "gneiss/empty.png" in page


def test_an_unlabelled_folder_is_predicted_with_a_model_file(sample, tmp_path, atlas):
    flat = tmp_path / "flat"
    flat.mkdir()
    for path in sample.rglob("*.jpg"):
        shutil.copy(path, flat / path.name)
    without = build(flat, tmp_path)
    assert without.returncode == 0
    assert f'"geoatlas init {flat}"' in without.stderr and "--classifier" in without.stderr
    model = atlas[0] / "workspace/networks/conv1l-0-of-0.h5"
    result = validated("build", geoatlas_run(
        "build", flat, "--output", tmp_path / "p2", "--workspace", tmp_path / "w2", "--review",
        tmp_path / "r2", "--classifier", model, "--json"))
    assert result["images"] == len(list(flat.iterdir()))
    assert "accuracy" not in result
    assert validated("check", geoatlas_run("check", tmp_path / "p2", "--json"))["problems"] == []


def test_a_missing_archive_is_named(tmp_path):
    assert "nothing.zip does not exist" in failure(build(tmp_path / "nothing.zip", tmp_path))


def test_a_damaged_archive_is_named_with_the_remedy(sample, tmp_path):
    archive = tmp_path / "rocks.zip"
    subprocess.run(["zip", "-qr", archive, "."], cwd=sample, check=True)
    archive.write_bytes(archive.read_bytes()[:-2000])
    message = failure(build(archive, tmp_path))
    assert "rocks.zip" in message and "Copy or download it again" in message


def test_an_archive_without_pictures_is_named(tmp_path):
    archive = tmp_path / "texts.zip"
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr("andesite/readme.txt", "no picture")
    message = failure(build(archive, tmp_path))
    assert "texts.zip" in message and "no usable picture" in message


@pytest.mark.parametrize("arguments, words", [
    (["--folds", "1"], "--folds"), (["--top", "0"], "--top"), (["--epochs", "0"], "--epochs"),
    (["--k", "0"], "--k"), (["--classifier", "resnet"], "conv2l"), (["--shares", "1,2"], "--shares"),
    (["--nonsense"], "--nonsense"),
])
def test_a_wrong_option_ends_with_64(sample, tmp_path, arguments, words):
    result = geoatlas_run("build", sample, "--output", tmp_path / "public", *arguments)
    assert result.returncode == 64
    assert words in result.stderr
    assert not (tmp_path / "public").exists()


def test_a_folder_with_other_files_is_not_written_to(sample, tmp_path):
    (tmp_path / "public").mkdir()
    (tmp_path / "public/letter.txt").write_text("mine")
    message = failure(build(sample, tmp_path))
    assert "public" in message and "--output" in message
    assert tree(tmp_path / "public") == {"letter.txt": b"mine"}


def test_a_destination_that_cannot_be_made_is_named(sample, tmp_path):
    (tmp_path / "file").write_text("")
    message = failure(geoatlas_run(
        "build", sample, "--output", tmp_path / "file/public", "--workspace", tmp_path / "w"))
    assert "file/public" in message and "--output" in message


@pytest.mark.skipif(os.geteuid() != 0, reason="mounting a small disk needs root")
def test_a_full_disk_is_named_and_the_next_build_mends_it(sample, tmp_path):
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=400k", "tmpfs", disk], capture_output=True)
    if mounted.returncode != 0:
        pytest.skip("this machine does not let us mount a small disk")
    arguments = [
        "build", sample, "--output", disk / "public", "--workspace", tmp_path / "w", "--review",
        tmp_path / "r", "--classifier", "conv1l", "--epochs", 2, "--folds", 0]
    try:
        message = failure(geoatlas_run(*arguments))
        assert "public/" in message and "No space left on device" in message and "Free disk space" in message
        subprocess.run(["mount", "-o", "remount,size=64m", disk], check=True)
        validated("build", geoatlas_run(*arguments, "--json"))
        checked = validated("check", geoatlas_run("check", disk / "public", "--json"))
        assert checked["problems"] == []
    finally:
        subprocess.run(["umount", disk], check=True)


def test_an_unknown_setting_is_named_with_its_line_and_the_nearest(sample, tmp_path):
    content = tmp_path / "content"
    shutil.copytree(ROOT / "content", content)
    (content / "atlas.yml").write_text("title: Rocks\nneighbors:\n  top: 3\n")
    message = failure(build(sample, tmp_path, "--content", content))
    assert "atlas.yml, line 2" in message and '"neighbours"' in message


def test_content_and_templates_of_ones_own_are_used_without_a_compiler(sample, tmp_path):
    content, templates = tmp_path / "content", tmp_path / "templates"
    shutil.copytree(ROOT / "content", content)
    shutil.copytree(ROOT / "templates", templates)
    (content / "atlas.yml").write_text("title: The Harz collection\n")
    (content / "about.md").write_text("---\ntitle: About\n---\nFrom the *northern* Harz.\n")
    page = templates / "text.html"
    page.write_text(page.read_text().replace("{{>close}}", "<p>Our own line</p>{{>close}}"))
    validated("build", build(
        sample, tmp_path, "--content", content, "--templates", templates, "--json"))
    text = (tmp_path / "public/about.html").read_text()
    assert "The Harz collection" in text
    assert "<em>northern</em>" in text
    assert "Our own line" in text


def test_a_corrected_label_wins_over_the_folder(sample, tmp_path):
    content = tmp_path / "content"
    shutil.copytree(ROOT / "content", content)
    stem = sorted((sample / "schist").iterdir())[0].stem
    (content / "labels.csv").write_text(f"key,label,reason\nschist/{stem},gneiss,bands\n")
    validated("build", build(sample, tmp_path, "--content", content, "--json"))
    page = next((tmp_path / "public").rglob(f"{stem.lower()}.html")).read_text()
    verdict = page[page.index("verdict"):]
    assert "Gneiss" in verdict[:400]


def test_a_link_out_of_the_collection_is_not_followed(sample, tmp_path):
    collection = tmp_path / "rocks"
    shutil.copytree(sample, collection)
    secret = tmp_path / "secret.jpg"
    shutil.copy(next(sample.rglob("*.jpg")), secret)
    with open(secret, "ab") as file:
        file.write(b"secret")
    (collection / "schist/link.jpg").symlink_to(secret)
    result = validated("build", build(collection, tmp_path, "--json"))
    assert result["images"] == 120
    assert all(b"secret" not in content[-6:] for content in tree(tmp_path / "public").values())


def test_an_installed_program_finds_its_defaults(sample, tmp_path):
    prefix = tmp_path / "home"
    (prefix / "bin").mkdir(parents=True)
    program = os.environ.get("GEOATLAS", str(ROOT / ".build/release/geoatlas"))
    shutil.copy(program, prefix / "bin/geoatlas")
    for name in ("templates", "content"):
        shutil.copytree(ROOT / name, prefix / "share/geoatlas" / name)
    empty = tmp_path / "empty"
    empty.mkdir()
    result = subprocess.run(
        [prefix / "bin/geoatlas", "build", sample, "--classifier", "conv1l", "--epochs", "1",
         "--folds", "0", "--json"], cwd=empty, capture_output=True, text=True)
    assert validated("build", result)["path"] == "public/index.html"
    assert {path.name for path in empty.iterdir()} == {"public", ".geoatlas", "review"}


def test_progress_goes_to_standard_error(sample, tmp_path):
    loud = build(sample, tmp_path)
    assert loud.returncode == 0
    for stage in ("catalogue", "train", "neighbours", "pages"):
        assert re.search(rf"^{stage}\s+\d+\.\d s", loud.stderr, re.M), stage
    assert loud.stdout.rstrip().endswith("public/index.html")


def test_the_key_types_are_all_in_the_front_page(atlas):
    page = (atlas[0] / "public/index.html").read_text()
    for name in TYPES:
        assert name.capitalize() in page
