"""What the front page says about votes that were merged into the running trial."""

import json
import re
from collections import Counter

import pytest
from conftest import geoatlas_run, validated


@pytest.fixture(scope="session")
def sample(small_sample):
    return small_sample


@pytest.fixture(scope="module")
def folder(sample, tmp_path_factory):
    return tmp_path_factory.mktemp("turnout")


def front(sample, folder):
    """The sentence about the review after a build."""
    validated("build", geoatlas_run(
        "build", sample, "--output", folder / "public", "--workspace", folder / "workspace",
        "--review", folder / "review", "--classifier", "conv1l", "--epochs", 2, "--folds", 0,
        "--json"))
    page = (folder / "public/index.html").read_text()
    return re.search(r"Judge which model[^<]*", page)[0]


def test_the_front_page_counts_votes_and_voters_but_not_what_they_preferred(sample, folder):
    sentence = front(sample, folder)
    plan = json.loads((folder / "review/plan.json").read_text())
    in_part = Counter(comparison.get("part", 0) for comparison in plan["comparisons"])
    most = max((n for part, n in in_part.items() if part), default=0)
    begin = ("Judge which model finds the better look-alikes. "
             f"{in_part[0] + most} comparisons to look at, ")
    assert sentence == begin + "no votes handed in yet."
    key = json.loads((folder / "review/key.json").read_text())["comparisons"]
    ids = [name for name, sides in key.items() if "kind" not in sides]

    def vote(name, comparison, reviewer, answer="A", revision=1):
        return json.dumps({
            "answer": answer, "comparison": comparison, "reviewer": reviewer,
            "revision": revision, "tags": [], "trial": plan["trial"], "version": 1,
            "vote": f"{name:016x}"}) + "\n"

    # Three votes that count, of two reviewers: one is changed and one withdrawn afterwards.
    lines = [
        vote(1, ids[0], "a" * 16), vote(2, ids[1], "a" * 16), vote(3, ids[0], "b" * 16, "B"),
        vote(4, ids[1], "a" * 16, "equal", 2), vote(5, ids[2], "b" * 16),
        vote(6, ids[2], "b" * 16, "withdrawn", 2)]
    (folder / "votes.jsonl").write_text("".join(lines))
    merged = validated("votes-merge", geoatlas_run(
        "votes", "merge", folder / "votes.jsonl", "--into", folder / "review/votes", "--json"))
    assert merged["rejected"] == []
    assert front(sample, folder) == begin + "3 votes by 2 geologists so far."
