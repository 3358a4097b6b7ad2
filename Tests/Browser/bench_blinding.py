"""`make bench-review-blinding`: can a program tell the models from what the review page gives away?

A trial of 2,000 comparisons is built, and shown in Chromium. A classifier gets all that the page, its data and
its files give away except the pictures themselves: names, places and orders, sizes and times of files, and the
markup of both panels. It has to guess which side is the first model's. The 95 % interval of its AUC, from
cross-validation, has to hold 0.5 (J. A. Hanley and B. J. McNeil, Radiology 143 (1982), 29–36).

To show that it could, the same classifier also gets what a page with names of pictures would give away: how
often the pictures of a panel are in other panels.
"""

import collections
import json
import math
import pathlib
import re
import tempfile

import numpy
from conftest import ROOT, chromium, geoatlas
from PIL import Image
from reviewing import fresh
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import StratifiedKFold, cross_val_predict

COMPARISONS = 2000
PER_TYPE = 450


def built(folder):
    """An atlas of pictures of 28 × 28 pixels with a trial of one part."""
    geoatlas("sample", folder / "rocks", "--per-type", PER_TYPE, "--size", 64)
    for path in (folder / "rocks").glob("*/*"):
        with Image.open(path) as picture:
            small = picture.convert("RGB").resize((28, 28))
        small.save(path)
    content = folder / "content"
    content.mkdir()
    for path in (ROOT / "content").rglob("*"):
        if path.is_file():
            target = content / path.relative_to(ROOT / "content")
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(path.read_bytes())
    settings = content / "atlas.yml"
    settings.write_text(settings.read_text().replace(
        "comparisons: 60", f"comparisons: {COMPARISONS}").replace(
        "rotations: false", "rotations: true"))
    geoatlas(
        "build", folder / "rocks", "--output", folder / "public", "--workspace", folder / "workspace",
        "--review", folder / "review", "--folds", 0, "--epochs", 1, "--classifier", "conv1l",
        "--content", content, "--templates", ROOT / "templates")
    return folder / "public"


SHOWN = """
    const page = document.querySelector("[data-review]");
    const bench = GEO.benchOf(page, () => {});
    const reviewer = { id: arguments[0] };
    return GEO.review.comparisons.map((comparison, place) => {
      const isSwapped = GEO.isSwapped(reviewer, comparison);
      bench.show({ ...comparison, isSwapped });
      return { comparison, place, isSwapped,
        sides: ["a", "b"].map((side) => page.querySelector(`[data-${side}]`).outerHTML) };
    });"""


def numbers(text):
    """Numbers that stand for a text: its length, and the values of its first characters."""
    return [len(text), *[ord(letter) for letter in text[:24].ljust(24)]]


def features(shown, public):
    comparison = shown["comparison"]
    row = [shown["place"], shown["isSwapped"], comparison["part"], comparison["targets"]]
    for name in ("id", "board", "candidate", "page"):
        row += numbers(comparison[name])
    for name in ("board", "candidate"):
        facts = (public / comparison[name]).stat()
        with Image.open(public / comparison[name]) as picture:
            row += [*picture.size, facts.st_size, facts.st_mtime_ns % 10**9, facts.st_ino]
    for side in shown["sides"]:
        places = [float(value) for value in re.findall(r"position: ?([\d.]+)%", side)]
        row += [len(side), side.count("<"), *numbers(re.sub(r"<[^>]*style=.", "", side)), *places[:9]]
    return row


def auc(rows, labels):
    """Of a classifier that never saw what it is asked: the AUC and its 95 % interval."""
    classifier = HistGradientBoostingClassifier(max_iter=100, random_state=0)
    folds = StratifiedKFold(5, shuffle=True, random_state=0)
    guesses = cross_val_predict(classifier, numpy.array(rows, float), labels, cv=folds, method="predict_proba")
    area = roc_auc_score(labels, guesses[:, 1])
    first, second = sum(labels), len(labels) - sum(labels)
    q1, q2 = area / (2 - area), 2 * area**2 / (1 + area)
    error = math.sqrt((area * (1 - area) + (first - 1) * (q1 - area**2) + (second - 1) * (q2 - area**2))
                      / (first * second))
    return area, area - 1.96 * error, area + 1.96 * error


def main():
    with tempfile.TemporaryDirectory() as name:
        work = pathlib.Path(name)
        public = built(work)
        driver = chromium()
        fresh(driver, f"file://{public}/review.html")
        shown = driver.execute_script(SHOWN, "0123456789abcdef")
        driver.quit()
        key = json.loads((work / "review/key.json").read_text())["comparisons"]
        plan = {one["id"]: one for one in json.loads((work / "review/plan.json").read_text())["comparisons"]}
        shown = [one for one in shown if "kind" not in key[one["comparison"]["id"]]]
        labels = [
            (key[one["comparison"]["id"]]["A"] == "pairwise") != one["isSwapped"] for one in shown]
        area, low, high = auc([features(one, public) for one in shown], labels)
        print(f"{len(shown)} comparisons; AUC of what the page gives away: {area:.3f} ({low:.3f} to {high:.3f})")

        # What a page with names of pictures would tell.
        often = collections.Counter(
            target["key"] for one in plan.values() for side in "AB" for target in one[side])
        rows = [
            [numpy.mean([often[target["key"]] for target in plan[one["comparison"]["id"]][side]])
             for side in ("BA" if one["isSwapped"] else "AB")] for one in shown]
        leak = auc(rows, labels)
        print(f"AUC of how often pictures occur, which the page does not tell: "
              f"{leak[0]:.3f} ({leak[1]:.3f} to {leak[2]:.3f})")
        assert len(shown) >= COMPARISONS, "the collection has too few comparisons"
        assert low <= 0.5 <= high, "the page gives the models away"


if __name__ == "__main__":
    main()
