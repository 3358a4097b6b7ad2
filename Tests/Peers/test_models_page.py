"""The models page and disputed labels, compared with counts that NumPy makes of the predictions."""

import csv
import json
import re
import shutil
from html import unescape

import h5py
import numpy
import pytest
from conftest import ROOT, TYPES, geoatlas_run, validated
from scipy.stats import binomtest

FOLDS = 2
BINS = 15
# Pictures whose folder is made wrong: type, rank in the folder, wrong type.
PLANTED = [("marble", 3, "schist"), ("marble", 9, "rhyolite"), ("gneiss", 5, "quartzite"),
           ("quartzite", 12, "marble"), ("schist", 7, "andesite")]


@pytest.fixture(scope="session")
def sample(small_sample):
    return small_sample


def build(collection, folder, content, *options):
    return geoatlas_run(
        "build", collection, "--output", folder / "public", "--workspace", folder / "workspace",
        "--review", folder / "review", "--content", content, "--classifier", "conv2l",
        "--epochs", 25, "--json", *options)


@pytest.fixture(scope="module")
def place(sample, tmp_path_factory):
    """An atlas with folds: some labels are wrong, one is corrected, one confirmed, and a second
    network lies in the workspace."""
    folder = tmp_path_factory.mktemp("models")
    collection, content = folder / "rocks", folder / "content"
    shutil.copytree(sample, collection)
    shutil.copytree(ROOT / "content", content)
    for kind, rank, wrong in PLANTED:
        path = sorted((sample / kind).iterdir())[rank]
        shutil.move(collection / kind / path.name, collection / wrong / path.name)
    corrected = sorted((sample / "marble").iterdir())[3].stem
    confirmed = sorted((sample / "andesite").iterdir())[0].stem
    with open(content / "labels.csv", "w") as file:
        csv.writer(file).writerows([
            ("key", "label", "reason"), (f"schist/{corrected}", "marble", "veins, by <eye>"),
            (f"andesite/{confirmed}", "andesite", "looked at")])
    other = folder / "workspace/networks/conv1l.h5"
    validated("train", geoatlas_run(
        "train", collection, "--architecture", "conv1l", "--epochs", 3, "--output", other, "--json"))
    result = validated("build", build(collection, folder, content, "--folds", FOLDS))
    return folder, collection, content, result


def page(folder, name):
    return (folder / "public" / name).read_text()


def table(html, head):
    """Rows of the first table after `head`, each a list of texts."""
    body = html[html.index(head):]
    body = body[body.index("<tbody>"):body.index("</tbody>")]
    rows = []
    for row in re.findall(r"<tr>(.*?)</tr>", body, re.S):
        cells = re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.S)
        rows.append([unescape(re.sub(r"<[^>]*>", "", cell)).replace("\u202f", " ") for cell in cells])
    return rows


def digits(share):
    """A percentage as pages print it."""
    percent = 100 * share
    if percent in (0, 100):
        return f"{percent:.0f}"
    return "99.9" if percent >= 99.95 else f"{percent + 1e-9:.1f}"


def wilson(hits, total):
    interval = binomtest(hits, total).proportion_ci(method="wilson")
    return interval.low, interval.high


class Judged:
    """Prediction of each picture by the network that was not trained on it, from the files alone."""

    def __init__(self, folder, collection, content):
        corrections = {}
        with open(content / "labels.csv") as file:
            for row in csv.DictReader(file):
                corrections[row["key"]] = row["label"]
        networks = folder / "workspace/networks"
        self.main = networks / f"conv2l-0-of-{FOLDS}.h5"
        main = self.classify(self.main, collection)
        self.keys = sorted(main, key=str.encode)
        self.labels = numpy.array([
            TYPES.index(corrections.get(key, key.split("/")[0])) for key in self.keys])
        self.raw = self.rows(main, "probabilities")
        self.given = self.rows(main, "calibrated")
        part = {}
        with h5py.File(folder / "workspace/dataset.h5") as file:
            for name in ("train", "dev", "test"):
                part |= {key.decode(): name for key in file[f"keys_{name}"]}
        self.part = numpy.array([part[key] for key in self.keys])
        table = folder / "metadata.csv"
        validated("dataset", geoatlas_run(
            "dataset", collection, "--output", folder / "d.h5", "--metadata", table, "--json"))
        learned = [set(self.facts(networks / f"conv2l-{fold}-of-{FOLDS}.h5")["digests"])
                   for fold in range(FOLDS + 1)]
        digest = self.digests(table)
        for fold in range(1, FOLDS + 1):
            own = self.rows(
                self.classify(networks / f"conv2l-{fold}-of-{FOLDS}.h5", collection), "calibrated")
            for index, key in enumerate(self.keys):
                if self.part[index] == "train" and digest[key] not in learned[fold]:
                    self.given[index] = own[index]
        assert all(digest[key] in learned[0] for key in numpy.array(self.keys)[self.part == "train"])

    @staticmethod
    def classify(model, collection):
        result = validated(
            "classify", geoatlas_run("classify", "--model", model, collection, "--json"))
        return {entry["key"]: entry for entry in result}

    def rows(self, result, name):
        return numpy.array([[result[key][name][kind] for kind in TYPES] for key in self.keys])

    @staticmethod
    def facts(model):
        with h5py.File(model) as file:
            return json.loads(file.attrs["geoatlas"])

    @staticmethod
    def digests(path):
        with open(path) as file:
            return {row["key"]: row["digest"] for row in csv.DictReader(file)}


@pytest.fixture(scope="module")
def judged(place):
    folder, collection, content, _ = place
    return Judged(folder, collection, content)


def disputes(judged, confirmed):
    """Confident learning from its definition: (key, given, predicted) by falling margin."""
    thresholds = [judged.given[judged.labels == kind, kind].mean() for kind in range(len(TYPES))]
    found = []
    for index, row in enumerate(judged.given):
        label = judged.labels[index]
        reached = [kind for kind in range(len(TYPES)) if row[kind] >= thresholds[kind]]
        if reached and judged.keys[index] not in confirmed:
            best = max(reached, key=lambda kind: row[kind])
            if best != label and best == row.argmax():
                found.append((row[best] - row[label], judged.keys[index], label, best))
    return sorted(found, key=lambda entry: (-entry[0], entry[1].encode()))


def test_disputed_labels_are_those_of_confident_learning(place, judged):
    folder, _, content, _ = place
    html = page(folder, "disputed.html")
    with open(content / "labels.csv") as file:
        confirmed = {row["key"] for row in csv.DictReader(file)
                     if row["label"] == row["key"].split("/")[0]}
    expected = disputes(judged, confirmed)
    lines = [next(csv.reader([unescape(line)])) for line in
             re.findall(r'<p class="line"><code>(.*?)</code>', html)]
    assert [(key, label) for key, label, _ in lines] == [
        (key, TYPES[best]) for _, key, _, best in expected]
    for (_, key, _, best), (_, _, reason) in zip(expected, lines, strict=True):
        share = judged.given[judged.keys.index(key), best]
        assert reason == f"a network that had not seen it gives {digits(share)} %"
    assert f"{len(expected)} of {len(judged.keys)} labels are contradicted" in html
    # Most of the folders that were made wrong are found; the corrected one is none of them.
    planted = {f"{wrong}/{name}" for (kind, rank, wrong) in PLANTED[1:]
               for name in [_stem(folder, kind, rank)]}
    assert len(planted & {line[0] for line in lines}) >= 2


def _stem(folder, kind, rank):
    prefix = {"marble": "ma", "gneiss": "gn", "quartzite": "qu", "schist": "sc"}[kind]
    return f"{prefix}-{rank + 1:04}"


def test_every_disputed_label_shows_typical_pictures_of_both_types(place):
    folder, _, _, _ = place
    html = page(folder, "disputed.html")
    entries = html[html.index('<ol class="disputes">'):html.index("</ol>")].split("<li>")[1:]
    for entry in entries:
        sides = re.findall(
            r'class="verdictline">.*?</b></span>([A-Z][a-z]+)</span>.*?'
            r'<div class="typical">(.*?)</div>', entry, re.S)
        assert len(sides) == 2
        for title, pictures in sides:
            names = re.findall(r'alt="Typical: (\w+) ', pictures)
            assert 1 <= len(names) <= 4 and set(names) == {title}
    for source in set(re.findall(r'<img src="([^"]+)"', html)):
        assert (folder / "public" / source).is_file()


def test_corrected_labels_are_listed_and_flow_into_the_build(place, judged):
    folder, _, content, _ = place
    rows = table(page(folder, "disputed.html"), "Corrected labels")
    with open(content / "labels.csv") as file:
        given = list(csv.DictReader(file))
    assert sorted(row[0] for row in rows) == sorted(line["key"] for line in given)
    by_key = {row[0]: row[1:] for row in rows}
    for line in given:
        origin, target, reason = by_key[line["key"]]
        assert origin.endswith(line["key"].split("/")[0].capitalize())
        assert line["label"].capitalize() in target
        assert ("confirmed" in target) == (line["label"] == line["key"].split("/")[0])
        assert reason == line["reason"]
    with h5py.File(folder / "workspace/dataset.h5") as file:
        labels = {}
        for part in ("Train", "Dev", "Test"):
            labels |= dict(zip(file[f"keys_{part.lower()}"][:].astype(str),
                               file[f"Y_{part}_Orig"][:].astype(str), strict=True))
    for line in given:
        assert labels[line["key"]] == line["label"]


def test_scores_and_their_intervals_are_counted_anew(place, judged):
    folder, _, _, _ = place
    test = judged.part == "test"
    labels, predicted = judged.labels[test], judged.raw[test].argmax(axis=1)
    for kind, row in enumerate(table(page(folder, "models.html"), "<h2>By rock type")):
        hits = int(((labels == kind) & (predicted == kind)).sum())
        claimed, support = int((predicted == kind).sum()), int((labels == kind).sum())
        overlap = claimed + support - hits
        for cell, total in zip(row[1:3], (claimed, support), strict=True):
            if total == 0:
                assert cell == "–"
                continue
            low, high = wilson(hits, total)
            assert cell == f"{digits(hits / total)} % ({digits(low)}–{digits(high)})"
        low, high = (2 * end / (1 + end) for end in wilson(hits, overlap))
        share = 2 * hits / (claimed + support)
        assert row[3] == f"{digits(share)} % ({digits(low)}–{digits(high)})"
        assert row[4] == str(support)


def calibration_error(probabilities, labels):
    """Guo et al. 2017, equation 3, with 15 equally wide bins."""
    confidence, right = probabilities.max(axis=1), probabilities.argmax(axis=1) == labels
    error = 0.0
    for bin in range(BINS):
        inside = (confidence > bin / BINS) & (confidence <= (bin + 1) / BINS)
        if inside.any():
            error += inside.mean() * abs(right[inside].mean() - confidence[inside].mean())
    return error


def test_the_calibration_error_is_that_of_its_formula(place, judged):
    folder, _, _, _ = place
    html = page(folder, "models.html").replace("\u202f", " ")
    test = judged.part == "test"
    temperature = judged.facts(judged.main)["temperature"]
    scores = numpy.log(numpy.maximum(judged.raw, 1e-38)) / temperature
    after = numpy.exp(scores - scores.max(axis=1, keepdims=True))
    after /= after.sum(axis=1, keepdims=True)
    for heading, rows in (("Before", judged.raw), ("After", after)):
        error = calibration_error(rows[test], judged.labels[test])
        loss = -numpy.log(rows[test, judged.labels[test]]).mean()
        assert re.search(
            rf"<h3>{heading} calibration</h3><p[^>]*>Expected calibration error "
            rf"{re.escape(digits(error))} %, mean loss {loss:.3f}", html)
        counts = [int(row[1]) for row in table(html, f"{heading} calibration, as a table")]
        assert sum(counts) == int(test.sum())
    assert f"a temperature of {temperature:.2f}" in html


def test_pages_of_pictures_show_calibrated_probabilities(place, judged):
    folder, _, _, _ = place
    for index in range(0, len(judged.keys), 17):
        stem = judged.keys[index].split("/")[1].lower()
        html = next((folder / "public").rglob(f"{stem}.html")).read_text()
        # A bar of 0 % has no width.
        shown = [float(value or 0) for value in re.findall(r"<dd><svg(?: width=([\d.]+)%)? />", html)]
        assert shown == pytest.approx(100 * judged.given[index], abs=0.0501)
        assert '<dl class="bars calibrated">' in html
    tiles = "".join(path.read_text() for path in (folder / "public/data").glob("*-wall.*.js"))
    # A picture that is predicted as another type is on the plate of that type too.
    found = re.findall(r'\["([a-z]{2}-\d{4})",(\d),(\d+),(\d+),', tiles)
    assert {stem for stem, *_ in found} == {key.split("/")[1] for key in judged.keys}
    for stem, predicted, probability, margin in found:
        index = next(i for i, key in enumerate(judged.keys) if key.endswith("/" + stem))
        second, first = numpy.sort(judged.given[index])[-2:]
        assert int(predicted) == judged.given[index].argmax()
        # Thousandths, and never all.
        assert int(probability) == pytest.approx(min(999, 1000 * first), abs=0.501)
        assert int(margin) == pytest.approx(min(999, 1000 * (first - second)), abs=0.501)


def test_the_most_confident_mistakes_come_first(place, judged):
    folder, _, _, _ = place
    html = page(folder, "models.html")
    main = judged.classify(judged.main, place[1])
    wrong = [key for index, key in enumerate(judged.keys) if judged.part[index] == "test"
             and main[key]["predicted"] != TYPES[judged.labels[index]]]
    wrong.sort(key=lambda key: (-max(main[key]["calibrated"].values()), key.encode()))
    found = re.findall(r'<li><a href="([^"]+)"><span class="pic', html)
    assert [path.rsplit("/", 1)[1] for path in found] == [
        key.split("/")[1].lower() + ".html" for key in wrong[:12]]


def test_the_curve_and_the_card_are_those_of_the_file(place, judged):
    folder, _, _, _ = place
    html = page(folder, "models.html").replace("\u202f", " ")
    origin = judged.facts(judged.main)["origin"]
    losses = [epoch["trainingLoss"] for epoch in origin["history"]]
    kept = origin["keptEpoch"]
    dev = origin["history"][kept - 1]["devLoss"]
    assert dev == min(epoch["devLoss"] for epoch in origin["history"])
    assert f"Training loss goes from {losses[0]:.3f} to {losses[-1]:.3f}" in html
    assert f"epoch {kept}, with a dev loss of {dev:.3f}, is kept" in html
    assert f"<dt>Seed</dt><dd>{origin['settings']['seed']}</dd>" in html
    assert f"<dt>Threads</dt><dd>{origin['settings']['threads']}</dd>" in html
    assert re.search(r"<dt>Made with</dt><dd>GeoAtlas [\d.]+, oneDNN [\d.]+</dd>", html)
    rows = table(html, "What it was trained and judged on")
    for kind, row in enumerate(rows):
        own = judged.part[judged.labels == kind]
        assert row[1:] == [str((own == part).sum()) for part in ("train", "dev", "test")] + [
            str(len(own))]


def test_networks_of_the_workspace_are_compared_on_the_same_pictures(place, judged):
    folder, collection, content, result = place
    rows = table(page(folder, "models.html"), "Table of classifiers")
    assert [row[0] for row in rows] == ["conv2l, used in this atlas", "conv1l"]
    for row, model in zip(rows, [judged.main, folder / "workspace/networks/conv1l.h5"], strict=True):
        predictions = judged.classify(model, collection)
        test = [index for index in range(len(judged.keys)) if judged.part[index] == "test"]
        hits = sum(predictions[judged.keys[index]]["predicted"] == TYPES[judged.labels[index]]
                   for index in test)
        low, high = wilson(hits, len(test))
        assert row[1:4] == [f"{digits(hits / len(test))} %", f"{digits(low)}–{digits(high)} %",
                            str(len(test))]
        assert int(row[5]) == judged.facts(model)["origin"]["settings"]["epochs"]
        assert re.fullmatch(r"([\d.]+ min )?[\d.]+ s", row[6])
    assert [row[4] for row in rows] == ["33,606", "44,230"]
    # What is no network, or knows other types, is left out with a word.
    (folder / "workspace/networks/broken.h5").write_text("nothing")
    again = build(collection, folder, content, "--folds", FOLDS, "--no-times")
    assert "broken.h5" in again.stderr
    plain = page(folder, "models.html")
    assert [row[0] for row in table(plain, "Table of classifiers")] == [row[0] for row in rows]
    assert "Time to train" not in plain
    (folder / "workspace/networks/broken.h5").unlink()


def test_layers_are_those_of_the_file(place, judged):
    folder, _, _, _ = place
    rows = table(page(folder, "models.html"), "The layers as a table")
    with h5py.File(judged.main) as file:
        names = [name.decode() for name in file["model_weights"].attrs["layer_names"]]
        sizes = [sum(file["model_weights"][name][weight.decode()].size
                     for weight in file["model_weights"][name].attrs["weight_names"])
                 for name in names]
    assert [row[1] for row in rows] == names
    assert [int(row[3].replace(",", "")) for row in rows] == sizes
    assert rows[2][2] == "30 × 30 × 32" and rows[-1][2] == "6"
    html = page(folder, "models.html")
    diagram = html[html.index("Its layers"):html.index("The layers as a table")]
    assert diagram.count('role="img"') == 2
    assert all(name in diagram for name in names)


def test_without_folds_only_the_test_part_speaks_against_labels(place, judged, tmp_path):
    folder, collection, content, _ = place
    validated("build", build(collection, tmp_path, content, "--folds", 0))
    html = page(tmp_path, "disputed.html")
    assert "only pictures of the test part were judged" in html
    test = {key for key, part in zip(judged.keys, judged.part, strict=True) if part == "test"}
    keys = set(re.findall(r'<h3><a class="key" href="[^"]+">(.*?)</a>', html))
    assert keys <= test
    assert f"of {len(test)} labels" in html or f"{len(test)} were judged" in html
