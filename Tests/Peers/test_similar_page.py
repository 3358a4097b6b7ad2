"""The page that `similar --html` writes: one file, with the pictures in it."""

import base64
import io
from html.parser import HTMLParser

import numpy
import pytest
from conftest import failure, geoatlas_run, noise, save_png, smooth, validated
from PIL import Image


class Page(HTMLParser):
    """Pictures with their alternative texts, headings, and every attribute that holds an address."""

    def __init__(self, text):
        super().__init__()
        self.pictures, self.headings, self.places, self.text = [], [], [], ""
        self.open = []
        self.feed(text)
        assert self.open == []

    def handle_starttag(self, tag, attributes):
        named = dict(attributes)
        self.places += [named[name] for name in ("src", "href", "srcset") if name in named]
        if tag == "img":
            self.pictures.append((named["alt"], named["src"]))
        if tag not in ("img", "meta", "br"):
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.text += data
        if self.open and self.open[-1] in ("h1", "h2", "h3"):
            self.headings.append(data)


def pixels(source):
    kind, content = source.split(",")
    assert kind == "data:image/jpeg;base64"
    image = Image.open(io.BytesIO(base64.b64decode(content)))
    return numpy.asarray(image.convert("RGB"), dtype=int)


@pytest.fixture
def collection(tmp_path):
    folder = tmp_path / "rocks"
    for label in ("andesite", "gneiss & <b>co</b>"):
        (folder / label).mkdir(parents=True)
    save_png(folder / "andesite" / "a<i>&.png", smooth(60, 40))
    save_png(folder / "andesite" / "turned.png",
             numpy.ascontiguousarray(numpy.rot90(smooth(60, 40))))
    save_png(folder / "andesite" / "wide.png", smooth(900, 300)[:, ::-1])
    for i in range(3):
        save_png(folder / "andesite" / f"noise-{i}.png", noise(30, 30, seed=i))
    return folder


def test_the_page_shows_what_the_json_says(collection, tmp_path):
    page = tmp_path / "page.html"
    candidate = "andesite/a<i>&"
    [result] = validated(
        "similar",
        geoatlas_run(
            "similar", collection, candidate, "-n", 5, "--rotations", "--html", page, "--json"),
    )
    text = page.read_text(encoding="utf-8")
    assert "<i>" not in text
    parsed = Page(text)
    assert parsed.headings == ["Look-alikes", candidate, "K-Means", "Pairwise"]
    matches = result["kmeans"]["matches"] + result["pairwise"]["matches"]
    assert [alt for alt, _ in parsed.pictures] == [f"The candidate {candidate}"] + [
        match["key"] for match in matches]
    best = result["pairwise"]["matches"][0]
    assert (best["key"], best["rotation"], best["distance"]) == ("andesite/turned", 270, 0)
    assert "100\u202f%, turned 270°" in parsed.text
    # A target is shown as it was turned: the best one looks like the candidate.
    own = pixels(parsed.pictures[0][1])
    [shown] = [source for alt, source in parsed.pictures[-5:] if alt == "andesite/turned"]
    assert own.shape == pixels(shown).shape == (40, 60, 3)
    assert abs(own - smooth(60, 40)).mean() < 3
    assert abs(own - pixels(shown)).mean() < 1


def test_the_page_needs_no_other_file_and_holds_large_pictures_reduced(collection, tmp_path):
    page = tmp_path / "page.html"
    geoatlas_run("similar", collection, "andesite/wide", "--html", page, "--quiet")
    text = page.read_text(encoding="utf-8")
    parsed = Page(text)
    assert parsed.places and all(place.startswith("data:image/") for place in parsed.places)
    assert "url(" not in text and "http" not in text and "<script" not in text
    assert pixels(parsed.pictures[0][1]).shape == (74, 224, 3)


def test_files_and_unusable_candidates_stand_on_the_page_too(collection, tmp_path):
    page, lone = tmp_path / "page.html", tmp_path / "x&y.png"
    save_png(lone, noise(50, 50))
    results = validated(
        "similar",
        geoatlas_run(
            "similar", collection, lone, "no<such>key", "--model", "pairwise", "--html", page,
            "--json"),
        status=1,
    )
    parsed = Page(page.read_text(encoding="utf-8"))
    assert parsed.headings == ["Look-alikes", str(lone), "Pairwise", "no<such>key"]
    assert parsed.pictures[0][0] == f"The candidate {lone}"
    assert pixels(parsed.pictures[0][1]).shape == (50, 50, 3)
    assert results[1]["error"] in parsed.text


def test_a_page_that_cannot_be_written_is_named(collection, tmp_path):
    page = tmp_path / "missing" / "page.html"
    result = geoatlas_run("similar", collection, "andesite/wide", "--html", page, "--quiet")
    line = failure(result)
    assert str(page) in line and "could not be written" in line


@pytest.mark.parametrize("size", [(1, 1), (28, 28), (2000, 1300)])
def test_all_models_stand_on_the_page_for_a_candidate_of_any_size(collection, tmp_path, size):
    model, lone, page = tmp_path / "m.h5", tmp_path / "lone.png", tmp_path / "page.html"
    place = tmp_path / "sample"
    geoatlas_run("sample", place, "--per-type", 8, "--size", 32, "--quiet")
    trained = geoatlas_run(
        "train", place, "--architecture", "conv1l", "--epochs", 1, "--output", model, "--quiet")
    assert trained.returncode == 0, trained.stderr
    save_png(lone, smooth(*size))
    [result] = validated("similar", geoatlas_run(
        "similar", collection, lone, "--model", "all", "--classifier", model, "--rotations", "--html",
        page, "--json"))
    parsed = Page(page.read_text(encoding="utf-8"))
    assert parsed.headings == [
        "Look-alikes", str(lone), "K-Means", "Pairwise", "K-Means on the embedding",
        "Pairwise on the embedding", "K-Means on texture", "Pairwise on texture", "Same ground"]
    # A picture of one pixel is even, so it has no correlation with any other.
    shown = ["kmeans-embedding", "embedding", "kmeans-texture", "texture", "ground"]
    if size != (1, 1):
        shown = ["kmeans", "pairwise", *shown]
    matches = sum((result[name]["matches"] for name in shown), [])
    assert [alt for alt, _ in parsed.pictures[1:]] == [match["key"] for match in matches]
    height, width, _ = pixels(parsed.pictures[0][1]).shape
    assert (width, height) == (size if max(size) <= 224 else (224, 145))
