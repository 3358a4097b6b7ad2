"""geoatlas votes: whole commands, their JSON, messages and exit statuses."""

import json
import os
import subprocess
from pathlib import Path

import jsonschema
import pytest
from waiting import PATIENCE

ROOT = Path(__file__).resolve().parents[2]
SCHEMAS = ROOT / "docs" / "schema"
GEOATLAS = Path(os.environ.get("GEOATLAS", ROOT / ".build" / "release" / "geoatlas")).resolve()
TRIAL = "00000000000000aa"


def name(number):
    return f"{number:016x}"


def vote(number, comparison=1, reviewer=1, revision=1, answer="A", trial=TRIAL, **more):
    return {
        "answer": answer, "comparison": name(comparison), "reviewer": name(reviewer),
        "revision": revision, "tags": ["colour"], "trial": trial, "version": 1,
        "vote": name(number), **more,
    }


def write(path, votes):
    path.write_text("".join(json.dumps(v) + "\n" for v in votes), encoding="utf-8")
    return path


def votes_command(*arguments, cwd):
    return subprocess.run(
        [GEOATLAS, "votes", *map(str, arguments)], cwd=cwd, capture_output=True, text=True, timeout=PATIENCE)


def answer_of(run, schema):
    """The one JSON value on standard output, valid by its schema."""
    value = json.loads(run.stdout)
    jsonschema.Draft202012Validator(
        json.loads((SCHEMAS / f"{schema}.schema.json").read_text())).validate(value)
    return value


@pytest.fixture
def review(tmp_path):
    """A trial of three comparisons: Pairwise is on side A of the first, on side B of the others."""
    folder = tmp_path / "review"
    folder.mkdir()
    panel = [{"key": "gneiss/9", "rotation": 90}]
    candidates = ["gneiss/1", "marble/2", "marble/3"]
    (folder / "plan.json").write_text(json.dumps({
        "trial": TRIAL,
        "comparisons": [
            {"id": name(i), "candidate": key, "A": panel, "B": panel}
            for i, key in enumerate(candidates, 1)
        ],
    }))
    (folder / "key.json").write_text(json.dumps({
        "trial": TRIAL,
        "comparisons": {
            name(1): {"A": "pairwise", "B": "kmeans"},
            name(2): {"A": "kmeans", "B": "pairwise"},
            name(3): {"A": "kmeans", "B": "pairwise"},
        },
    }))
    return folder


def test_merged_twice_is_merged_once(tmp_path):
    source = write(tmp_path / "a.jsonl", [vote(1), vote(2, reviewer=2), vote(3)])
    first = votes_command("merge", source, "--into", "votes", "--json", cwd=tmp_path)
    assert first.returncode == 0 and first.stderr == ""
    assert answer_of(first, "votes-merge") == {
        "votes": 3, "added": 3, "duplicates": 0, "rejected": []}
    files = {f.name: f.read_bytes() for f in (tmp_path / "votes").glob("*.jsonl")}
    assert set(files) == {f"{name(1)}.jsonl", f"{name(2)}.jsonl"}
    second = votes_command("merge", source, "votes", "--into", "votes", "--json", cwd=tmp_path)
    assert second.returncode == 0
    assert answer_of(second, "votes-merge") == {
        "votes": 3, "added": 0, "duplicates": 6, "rejected": []}
    assert files == {f.name: f.read_bytes() for f in (tmp_path / "votes").glob("*.jsonl")}


def test_merged_lines_are_votes_by_their_schema_and_keep_their_content(tmp_path):
    votes = [vote(1, name="Zoë \"Z\" 石"), vote(2, answer="withdrawn", revision=7)]
    source = write(tmp_path / "a.jsonl", votes)
    assert votes_command("merge", source, "--into", "votes", cwd=tmp_path).returncode == 0
    lines = (tmp_path / "votes" / f"{name(1)}.jsonl").read_text(encoding="utf-8").splitlines()
    schema = json.loads((SCHEMAS / "vote.schema.json").read_text())
    for line in lines:
        jsonschema.Draft202012Validator(schema).validate(json.loads(line))
    assert [json.loads(line) for line in lines] == votes


@pytest.mark.parametrize("bad", [
    {**vote(1), "answer": "C"}, {**vote(1), "vote": "1"}, {**vote(1), "version": 2},
    {**vote(1), "revision": 0}, {**vote(1), "revision": 1.5}, {**vote(1), "tags": [""]},
    {**vote(1), "tags": "colour"}, {**vote(1), "name": "a" * 201}, {**vote(1), "name": 7},
    {k: v for k, v in vote(1).items() if k != "trial"}, [], "A", None,
])
def test_what_the_schema_refuses_the_merge_refuses(tmp_path, bad):
    schema = json.loads((SCHEMAS / "vote.schema.json").read_text())
    assert not jsonschema.Draft202012Validator(schema).is_valid(bad)
    source = write(tmp_path / "a.jsonl", [bad, vote(2)])
    run = votes_command("merge", source, "--into", "votes", "--json", cwd=tmp_path)
    assert run.returncode == 1
    answer = answer_of(run, "votes-merge")
    assert (answer["votes"], answer["added"]) == (1, 1)
    assert [(r["path"], r["line"]) for r in answer["rejected"]] == [(str(source), 1)]


def test_rejected_lines_are_named_and_the_rest_is_merged(tmp_path):
    source = tmp_path / "a.jsonl"
    source.write_bytes(
        b"\xef\xbb\xbf" + json.dumps(vote(1)).encode() + b"\r\n\r\n"
        + json.dumps(vote(2)).encode()[:50] + b"\n\xff\xfe\n"
        + json.dumps(vote(1, answer="B")).encode() + b"\n" + json.dumps(vote(3)).encode())
    run = votes_command(
        "merge", source, "gone.jsonl", "--into", "votes", "--json", cwd=tmp_path)
    assert run.returncode == 1
    answer = answer_of(run, "votes-merge")
    assert (answer["votes"], answer["added"], answer["duplicates"]) == (2, 2, 0)
    reasons = {(r["path"], r["line"]): r["reason"] for r in answer["rejected"]}
    assert set(reasons) == {
        (str(source), 3), (str(source), 4), (str(source), 5), ("gone.jsonl", 0)}
    assert "cut short" in reasons[str(source), 3]
    assert "UTF-8" in reasons[str(source), 4]
    assert "another content" in reasons[str(source), 5]
    assert "No such file" in reasons["gone.jsonl", 0]
    assert run.stderr.count("\n") == 1 and "and 3 more" in run.stderr

    words = votes_command("merge", source, "--into", "votes", cwd=tmp_path)
    assert words.returncode == 1
    assert f"{source}, line 3: " in words.stdout
    assert "2 votes in votes, 0 of them new; 2 known already, 3 rejected" in words.stdout


def test_a_full_disk_loses_no_vote(tmp_path):
    votes = tmp_path / "votes"
    assert votes_command(
        "merge", write(tmp_path / "a.jsonl", [vote(1)]), "--into", votes, cwd=tmp_path
    ).returncode == 0
    before = {f.name: f.read_bytes() for f in votes.iterdir()}
    more = write(tmp_path / "b.jsonl", [vote(n) for n in range(2, 40)])
    # A limit on the size of files simulates a full disk: writing fails half-way.
    run = subprocess.run(
        ["bash", "-c", f'trap "" XFSZ; ulimit -f 4; exec "{GEOATLAS}" votes merge "{more}" --into "{votes}"'],
        capture_output=True, text=True, timeout=PATIENCE)
    assert run.returncode == 1
    assert f"{name(1)}.jsonl could not be written: File too large" in run.stderr
    assert run.stderr.count("\n") == 1
    assert before == {f.name: f.read_bytes() for f in votes.iterdir()}
    again = votes_command("merge", more, "--into", votes, "--json", cwd=tmp_path)
    assert answer_of(again, "votes-merge")["votes"] == 39


def test_two_merges_at_once_are_refused(tmp_path):
    fcntl = pytest.importorskip("fcntl")
    (tmp_path / "votes").mkdir()
    with open(tmp_path / "votes" / ".merge.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        run = votes_command(
            "merge", write(tmp_path / "a.jsonl", [vote(1)]), "--into", "votes", cwd=tmp_path)
    assert run.returncode == 1
    assert run.stderr == (
        "geoatlas: Another merge into votes is running. Wait until it has ended, and merge again.\n")


def test_merges_that_meet_lose_nothing(tmp_path):
    sources = [
        write(tmp_path / f"{n}.jsonl", [vote(n * 10_000 + v, reviewer=v % 9) for v in range(1500)])
        for n in range(6)
    ]
    waiting = list(sources)
    for _ in range(50):
        runs = [
            (source, subprocess.Popen(
                [GEOATLAS, "votes", "merge", source, "--into", "votes"], cwd=tmp_path,
                stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True))
            for source in waiting
        ]
        refused = [(source, run.communicate(timeout=PATIENCE)[1], run.returncode) for source, run in runs]
        refused = [run for run in refused if run[2] != 0]
        assert all("Another merge into votes is running." in words for _, words, _ in refused)
        waiting = [source for source, _, _ in refused]
        if not waiting:
            break
    last = votes_command("merge", *sources, "--into", "votes", "--json", cwd=tmp_path)
    assert answer_of(last, "votes-merge") == {
        "votes": 9000, "added": 0, "duplicates": 9000, "rejected": []}
    assert not [f for f in (tmp_path / "votes").iterdir() if f.suffix == ".partial"]


def test_votes_are_counted_as_by_hand(tmp_path, review):
    write(tmp_path / "a.jsonl", [
        vote(1, comparison=1, answer="A"),                 # Pairwise, gneiss
        vote(2, comparison=2, answer="A"),                 # superseded
        vote(3, comparison=2, revision=2, answer="B"),     # Pairwise, marble
        vote(4, comparison=3, answer="B"),                 # withdrawn below
        vote(5, comparison=3, revision=2, answer="withdrawn"),
        vote(6, comparison=1, reviewer=2, answer="B"),     # K-Means, gneiss
        vote(7, comparison=2, reviewer=2, answer="equal"),
        vote(8, comparison=3, reviewer=3, answer="neither"),
        vote(9, comparison=9, reviewer=4, answer="A"),     # the key does not know it
        vote(10, comparison=1, reviewer=4, trial=name(0xBB)),
        vote(11, comparison=9, reviewer=4, trial=name(0xCC)),
    ])
    votes_command("merge", "a.jsonl", "--into", "review/votes", cwd=tmp_path)
    run = votes_command("tally", "review/votes", "--key", "review/key.json", "--json", cwd=tmp_path)
    assert run.returncode == 0 and run.stderr == ""
    answer = answer_of(run, "votes-tally")
    share = answer.pop("share")["pairwise"]
    # What is computed from the counts is in test_trial_statistics.py.
    pair = answer.pop("pairs")[0]
    assert pair["counts"] == {"pairwise": 2, "kmeans": 1, "equal": 1, "neither": 1}
    assert pair["verdict"] == "unplanned"
    for member in ("ranking", "reliability", "byReviewer", "days", "undated", "reasons", "remarks"):
        answer.pop(member)
    assert answer == {
        "trial": TRIAL, "votes": 5, "reviewers": 3, "pairwise": 2, "kmeans": 1, "equal": 1,
        "neither": 1, "decided": 3, "otherTrial": 2, "unknown": 1, "rejected": [],
        "byType": {
            "gneiss": {"pairwise": 1, "kmeans": 1, "equal": 0, "neither": 0},
            "marble": {"pairwise": 1, "kmeans": 0, "equal": 1, "neither": 1},
        },
    }
    # statsmodels.stats.proportion.proportion_confint(2, 3, method="wilson")
    assert share["share"] == pytest.approx(2 / 3)
    assert share["interval"] == pytest.approx([0.2076596008020477, 0.9385080552796037], abs=1e-9)

    words = votes_command("tally", "review/votes", "--key", "review/key.json", cwd=tmp_path)
    rows = [line.split() for line in words.stdout.splitlines()]
    assert ["all", "2", "1", "1", "1"] in rows and ["marble", "1", "0", "1", "1"] in rows
    assert ("So far the votes do not decide between Pairwise and K-Means: Pairwise was preferred in "
            "67 % of 3 decided comparisons.") in words.stdout
    assert "Left out: 2 votes of another trial." in words.stdout


def test_without_votes_the_share_is_null_and_without_a_plan_the_types_are_left_out(
    tmp_path, review
):
    (review / "plan.json").unlink()
    (review / "votes").mkdir()
    run = votes_command("tally", "review/votes", "--key", "review/key.json", "--json", cwd=tmp_path)
    assert run.returncode == 0
    answer = answer_of(run, "votes-tally")
    assert answer["share"] is None and answer["votes"] == 0 and "byType" not in answer
    words = votes_command("tally", "review/votes", "--key", "review/key.json", cwd=tmp_path)
    assert "No votes yet." in words.stdout


def test_a_tally_of_one_vote_counts_in_the_singular(tmp_path, review):
    (review / "votes").mkdir()
    write(review / "votes" / "a.jsonl", [vote(1), vote(2, trial=name(99)), vote(3, comparison=9)])
    words = votes_command("tally", "review/votes", "--key", "review/key.json", cwd=tmp_path)
    assert f"Trial {TRIAL}: 1 vote, 1 reviewer.\n" in words.stdout
    assert "Left out: 1 vote of another trial.\n" in words.stdout
    assert "Left out: 1 vote on comparisons the key does not know.\n" in words.stdout


def test_a_tally_with_the_key_of_another_trial_says_so(tmp_path, review):
    (review / "votes").mkdir()
    write(review / "votes" / "a.jsonl", [vote(1, trial=name(99)), vote(2, trial=name(99))])
    words = votes_command("tally", "review/votes", "--key", "review/key.json", cwd=tmp_path)
    assert words.returncode == 0
    assert "No votes yet" not in words.stdout
    assert "The votes in this folder belong to another trial. Give the key.json" in words.stdout
    assert "Left out: 2 votes of another trial." in words.stdout


def test_a_tally_names_the_lines_it_could_not_use(tmp_path, review):
    (review / "votes").mkdir()
    (review / "votes" / "a.jsonl").write_text(json.dumps(vote(1)) + "\nrubbish\n")
    run = votes_command("tally", "review/votes", "--key", "review/key.json", "--json", cwd=tmp_path)
    assert run.returncode == 1
    answer = answer_of(run, "votes-tally")
    assert answer["votes"] == 1
    assert [(r["path"], r["line"]) for r in answer["rejected"]] == [("review/votes/a.jsonl", 2)]


def test_a_closed_trial_makes_room_and_can_still_be_counted(tmp_path, review):
    votes_command(
        "merge", write(tmp_path / "a.jsonl", [vote(1)]), "--into", "review/votes", cwd=tmp_path)
    run = votes_command("close", "--json", cwd=tmp_path)
    assert run.returncode == 0
    answer = answer_of(run, "votes-close")
    assert answer == {"trial": TRIAL, "path": f"review/closed/{TRIAL}"}
    assert sorted(f.name for f in review.iterdir()) == ["closed", "votes"]
    closed = tmp_path / answer["path"]
    assert sorted(f.name for f in closed.iterdir()) == [
        "key.json", "plan.json", "results.json", "votes.jsonl"]
    assert [json.loads(line) for line in (closed / "votes.jsonl").open()] == [vote(1)]
    assert json.loads((closed / "results.json").read_text())["votes"] == 1
    tally = votes_command(
        "tally", "review/votes", "--key", f"{answer['path']}/key.json", "--json", cwd=tmp_path)
    assert answer_of(tally, "votes-tally")["byType"]["gneiss"]["pairwise"] == 1
    again = votes_command("close", cwd=tmp_path)
    assert again.returncode == 1
    assert again.stderr.startswith("geoatlas: No trial is running in review: ")


@pytest.mark.parametrize("arguments, sentence", [
    (["tally", "votes", "--key", "gone/key.json"], "gone/key.json does not exist. Give"),
    (["tally", "gone", "--key", "review/key.json"], "gone is no folder. Give"),
    (["tally", "votes", "--key", "cut.json"], "cut.json is damaged: it is no complete JSON"),
    (["merge", "votes", "--into", "cut.json"], "cut.json could not be written: "),
    (["close", "--review", "gone"], "No trial is running in gone: "),
])
def test_failures_are_one_line_with_a_remedy_and_status_1(tmp_path, review, arguments, sentence):
    (tmp_path / "votes").mkdir()
    (tmp_path / "cut.json").write_text('{"trial": ')
    run = votes_command(*arguments, cwd=tmp_path)
    assert run.returncode == 1 and run.stdout == ""
    assert run.stderr.startswith(f"geoatlas: {sentence}")
    assert run.stderr.count("\n") == 1


@pytest.mark.parametrize("arguments", [
    ["merge", "a.jsonl"], ["merge", "--into", "votes"], ["tally", "votes"],
    ["tally", "--key", "key.json"], ["close", "--force"], ["mend"],
])
def test_wrong_usage_is_status_64(tmp_path, arguments):
    assert votes_command(*arguments, cwd=tmp_path).returncode == 64


def test_the_plan_says_what_a_trial_asks_and_what_it_can_find_out(tmp_path):
    (tmp_path / "content").mkdir()
    (tmp_path / "content/atlas.yml").write_text(
        "review: {comparisons: 60, reviewers: 4, detects: 60, pairs: [[kmeans, pairwise]]}\n")
    plan = answer_of(votes_command("plan", "--json", cwd=tmp_path), "votes-plan")
    assert plan.pop("detectable") == pytest.approx(0.604, abs=0.01)
    assert plan == {
        "pairs": [["kmeans", "pairwise"]], "reviewers": 4,
        "each": {"normal": 60, "again": 6, "attention": 3}, "comparisons": 150, "minutes": 10,
        "expected": 192, "decisive": 210, "detects": 60, "reviewersNeeded": 5}
    words = votes_command("plan", cwd=tmp_path)
    assert "That takes 5 reviewers." in words.stdout and words.returncode == 0


def test_the_plan_of_a_running_trial_is_told(tmp_path, review):
    plan = answer_of(votes_command("plan", "--json", cwd=tmp_path), "votes-plan")
    assert (plan["trial"], plan["comparisons"], plan["each"]["normal"]) == (TRIAL, 3, 3)
    assert "decisive" not in plan


@pytest.mark.parametrize("command", [[], ["plan"], ["merge"], ["tally"], ["close"]])
def test_help_shows_an_example(tmp_path, command):
    run = votes_command(*command, "--help", cwd=tmp_path)
    assert run.returncode == 0 and "Example:" in run.stdout
