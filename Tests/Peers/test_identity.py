"""A picture keeps its key, its correction and its place in a trial when other files come and go."""

import io
import json

import pytest
from conftest import geoatlas_run, noise, validated
from PIL import Image


def jpeg(seed):
    target = io.BytesIO()
    Image.fromarray(noise(32, 32, seed=seed)).save(target, "JPEG")
    return target.getvalue()


def put(path, seed):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(jpeg(seed))


@pytest.fixture
def rocks(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "content").mkdir()
    (tmp_path / "content/atlas.yml").write_text(
        "types: [chert, tuff]\nkmeans: {k: 2}\nreview: {targets: 3}\n")
    for number, label in enumerate(["chert", "tuff"]):
        for i in range(12):
            put(tmp_path / f"rocks/m/{label}/p{i}.jpg", 100 * number + i)
    return tmp_path / "rocks"


def build():
    """The result, the notes, and what is published of the trial."""
    run = geoatlas_run(
        "build", "rocks", "--classifier", "conv1l", "--epochs", 1, "--folds", 0, "--json", "--quiet")
    return validated("build", run), run.stderr


def published(rocks):
    """File of the collection by the address of its page."""
    contents = {path.read_bytes(): str(path.relative_to(rocks)) for path in rocks.rglob("*.jpg")}
    public = rocks.parent / "public"
    return {
        str(page.relative_to(public)): contents[page.with_suffix(".jpg").read_bytes()]
        for page in public.glob("*/*/*.html") if page.with_suffix(".jpg").exists()}


def trial(rocks):
    return {path.name: path.read_bytes() for path in (rocks.parent / "public/review").iterdir()}


def test_a_file_with_the_same_stem_takes_no_key(rocks, tmp_path):
    (tmp_path / "content/labels.csv").write_text("key,label,reason\ntuff/p3,chert,hard\n")
    build()
    before, shown = published(rocks), trial(rocks)
    put(rocks / "a/tuff/p3.jpg", 999)
    result, notes = build()
    after = published(rocks)
    assert {key: after[key] for key in before} == before and len(after) == len(before) + 1
    assert trial(rocks) == shown and "trial" not in notes and "labels.csv" not in notes
    assert [erratum["path"] for erratum in result["errata"]] == ["a/tuff/p3.jpg"]
    (rocks / "m/tuff/p3.jpg").unlink()
    _, notes = build()
    assert "the collection no longer has tuff/p3" in notes
    assert set(published(rocks)) == set(after) - set(before) | set(before) - {
        key for key, path in before.items() if path == "m/tuff/p3.jpg"}


def test_another_picture_under_the_key_of_a_trial_is_told_and_left_out(rocks, tmp_path):
    (tmp_path / "content/labels.csv").write_text("key,label,reason\ntuff/p3,chert,hard\n")
    build()
    plan = json.loads((tmp_path / "review/plan.json").read_text())
    with_it = [c for c in plan["comparisons"] if "tuff/p3" in json.dumps(c)]
    assert with_it
    put(rocks / "m/tuff/p3.jpg", 999)
    _, notes = build()
    assert "another picture has the key tuff/p3 since the trial began" in notes
    assert "labels.csv corrects tuff/p3, which is another picture than in the last build" in notes
    text = b"".join(trial(rocks).values()).decode(errors="replace")
    assert not [c["id"] for c in with_it if c["id"] in text]


def test_one_picture_with_two_labels_is_disputed_until_a_line_of_the_page_settles_it(rocks, tmp_path):
    put(rocks / "m/chert/copy.jpg", 105)
    result, _ = build()
    found = {erratum["kind"]: erratum for erratum in result["errata"]}["two-labels"]
    assert found["path"] == "m/tuff/p5.jpg" and "m/chert/copy.jpg" in found["reason"]
    page = (tmp_path / "public/disputed.html").read_text()
    assert "One picture, several labels" in page and "chert/copy" in page
    line = "tuff/p5,chert,the same picture as chert/copy"
    assert f"<code>{line}</code>" in page
    models = (tmp_path / "public/models.html").read_text()
    assert "1 picture (2 files) stands under several labels" in models
    (tmp_path / "content/labels.csv").write_text(f"key,label,reason\n{line}\n")
    result, _ = build()
    assert "two-labels" not in {erratum["kind"] for erratum in result["errata"]}
    assert "several labels" not in (tmp_path / "public/disputed.html").read_text()
