"""The statistics of a trial against those of statsmodels, krippendorff, choix, confseq and SciPy, through
`geoatlas votes tally --json`.
"""

import math
import sys
import types
from pathlib import Path

import choix
import krippendorff
import numpy as np
import pytest
import statsmodels.api as sm
from conftest import geoatlas_run, validated
from scipy import stats
from statsmodels.stats.proportion import proportion_confint
from trials import Trial

TYPES = ["andesite", "gneiss", "marble"]
CHOICES = {"decisive": 97, "detects": 65, "margin": 10, "reviewers": 4}


def tallied(trial):
    trial.write()
    return validated("votes-tally", geoatlas_run(
        "votes", "tally", trial.folder / "votes", "--key", trial.folder / "key.json", "--json"))


@pytest.fixture(scope="module")
def simulated(tmp_path_factory):
    """Four reviewers and 60 candidates with random effects, some votes missing, some undecided."""
    random = np.random.default_rng(5)
    trial = Trial(tmp_path_factory.mktemp("simulated") / "review", CHOICES)
    rows, answers = [], {}
    for candidate in range(60):
        label = TYPES[candidate % 3]
        key = f"{label}/{candidate}"
        targets = [
            [f"{TYPES[random.integers(3)]}/{candidate}-{side}{n}" for n in range(6)]
            + [f"{label}/{candidate}-both{n}" for n in range(random.integers(3))]
            for side in "AB"]
        length = min(map(len, targets))
        targets = [panel[-length:] for panel in targets]
        for shown in sorted({key, *targets[0], *targets[1]}):
            trial.brightness[shown] = float(random.integers(30, 220))
        first = "pairwise" if random.random() < 0.5 else "kmeans"
        number = trial.ask(key, first, "kmeans" if first == "pairwise" else "pairwise", targets)

        def same(panel, label=label):
            return sum(k.startswith(label + "/") for k in panel) / len(panel)

        def distance(panel, key=key):
            return np.mean([abs(trial.brightness[k] - trial.brightness[key]) for k in panel])

        sign = 1 if first == "pairwise" else -1
        difference = sign * (same(targets[0]) - same(targets[1]))
        features = [
            difference,
            sum(k in targets[1] for k in targets[0]) / length,
            sign * (distance(targets[1]) - distance(targets[0])) / 25.5]
        effect = random.normal()
        for reviewer, lean in enumerate([0.3, -0.4, 0.6, 0.1], 1):
            if random.random() < 0.1:
                continue
            day = f"2026-05-{1 + len(trial.votes) // 20:02}T10:00:00Z"
            undecided = random.random()
            if undecided < 0.15:
                answer = "equal" if undecided < 0.1 else "neither"
                answers[reviewer, number] = answer
                trial.vote(number, reviewer, answer, given=day)
                continue
            p = 1 / (1 + math.exp(-(0.5 + effect + lean + 1.5 * difference)))
            won = random.random() < p
            rows.append((won, reviewer, candidate, *features))
            answers[reviewer, number] = "pairwise" if won else "kmeans"
            trial.vote(number, reviewer, "A" if won == (first == "pairwise") else "B", given=day)
    return tallied(trial), np.array(rows, dtype=float), answers


def test_shares_and_their_plain_interval_and_sign_test(simulated):
    answer, rows, _ = simulated
    share = answer["pairs"][0]["share"]
    wins, total = int(rows[:, 0].sum()), len(rows)
    assert (share["count"], share["total"]) == (wins, total)
    assert share["wilson"] == pytest.approx(
        proportion_confint(wins, total, method="wilson"), abs=1e-6)
    assert share["signTest"] == pytest.approx(stats.binomtest(wins, total).pvalue, abs=1e-9)


def clustered_errors(rows):
    """Standard errors of the share of wins: by reviewer, by candidate, and by both."""
    def error(groups):
        return sm.OLS(rows[:, 0], np.ones(len(rows))).fit(
            cov_type="cluster", cov_kwds={"groups": groups.astype(int)}).bse[0]

    return error(rows[:, 1]), error(rows[:, 2]), error(rows[:, [2, 1]])


def clustered_wilson(p, error, degrees):
    """Wilson's interval with Student's quantile and the number of independent votes of this error."""
    quantile = stats.t.ppf(0.975, degrees)
    n = p * (1 - p) / error ** 2
    middle = (p + quantile ** 2 / (2 * n)) / (1 + quantile ** 2 / n)
    half = quantile / (1 + quantile ** 2 / n) * math.sqrt(
        p * (1 - p) / n + quantile ** 2 / (4 * n * n))
    return [middle - half, middle + half]


def test_the_standard_error_is_clustered_by_reviewer_and_candidate(simulated):
    answer, rows, _ = simulated
    share = answer["pairs"][0]["share"]
    assert share["standardError"] == pytest.approx(max(clustered_errors(rows)), abs=1e-6)
    assert share["interval"] == pytest.approx(
        clustered_wilson(rows[:, 0].mean(), share["standardError"], share["degrees"]), abs=1e-6)


def test_intervals_of_types_are_clustered_too(simulated):
    answer, rows, _ = simulated
    found = answer["pairs"][0]["intervalsByType"]
    assert sorted(found) == TYPES
    for number, label in enumerate(TYPES):
        own = rows[rows[:, 2] % 3 == number]
        errors = clustered_errors(own)
        p, count = own[:, 0].mean(), len(own)
        # Satterthwaite's degrees of freedom of the three components of the variance.
        parts = [
            error ** 4 / (len(set(own[:, column])) - 1)
            for error, column in zip(errors, (1, 2), strict=False)]
        parts.append((p * (1 - p) / (count - 1)) ** 2 / (count - 1))
        error = max(errors)
        degrees = max(1, error ** 4 / sum(parts))
        assert found[label] == pytest.approx(clustered_wilson(p, error, degrees), abs=1e-6)


def test_covariates_are_those_of_statsmodels(simulated):
    answer, rows, _ = simulated
    covariates = answer["pairs"][0]["covariates"]
    features = rows[:, 3:].copy()
    features[:, 1] -= features[:, 1].mean()
    fit = sm.Logit(rows[:, 0], sm.add_constant(features)).fit(
        disp=0, cov_type="cluster", cov_kwds={"groups": rows[:, [2, 1]].astype(int)}, tol=1e-12)
    names = ["intercept", "sameType", "common", "brightness"]
    terms = covariates["terms"]
    assert [terms[n]["coefficient"] for n in names] == pytest.approx(fit.params, abs=1e-6)
    assert [terms[n]["standardError"] for n in names] == pytest.approx(fit.bse, abs=1e-6)
    assert covariates["adjusted"] == pytest.approx(1 / (1 + math.exp(-fit.params[0])), abs=1e-6)


def test_agreement_is_that_of_krippendorff(simulated):
    answer, _, answers = simulated
    codes = {"pairwise": 0, "kmeans": 1, "equal": 2, "neither": 3}
    data = np.full((4, 60), np.nan)
    for (reviewer, number), value in answers.items():
        data[reviewer - 1, number - 1] = codes[value]
    expected = krippendorff.alpha(reliability_data=data, level_of_measurement="nominal")
    assert answer["reliability"]["alpha"] == pytest.approx(expected, abs=1e-9)


def betting():
    """`confseq.betting`. It has no wheel for new releases of Python, so it is installed apart; what it
    imports for figures and for several processes is not needed, and NumPy 2 has another name.
    """
    sys.path.append(str(Path(sys.prefix) / "confseq"))
    if not hasattr(np, "float_"):
        np.float_ = np.float64
    stubs = ["matplotlib", "matplotlib.pyplot", "multiprocess"]
    for stub in stubs:
        sys.modules.setdefault(stub, types.ModuleType(stub))
    import confseq.betting
    return confseq.betting


def test_the_bound_that_holds_at_any_time_is_that_of_confseq(simulated):
    answer, rows, _ = simulated
    anytime = answer["pairs"][0]["share"]["anytime"]
    _, first = np.unique(rows[:, 2], return_index=True)
    values = rows[np.sort(first), 0]
    assert anytime["votes"] == len(values)
    capital = betting().betting_mart
    assert anytime["evidence"] == pytest.approx(capital(values, 0.5)[-1], rel=1e-6)
    # At its ends the capital is twenty times what it was.
    for end, inner in zip(anytime["interval"], (1e-6, -1e-6), strict=True):
        assert capital(values, end - inner)[-1] >= 20 > capital(values, end + inner)[-1]


@pytest.mark.parametrize(("count", "total", "significant"), [(21, 30, True), (32, 44, True), (20, 30, False)])
def test_the_worked_examples_of_iso_5495(tmp_path, count, total, significant):
    """ISO 5495:2005/Amd 1:2016: paired comparisons, two-sided, 5 %."""
    trial = Trial(tmp_path / "review")
    for number in range(total):
        trial.vote(trial.ask(f"gneiss/{number}", "pairwise", "kmeans"), number + 1,
                   "A" if number < count else "B")
    p = tallied(trial)["pairs"][0]["share"]["signTest"]
    assert (p <= 0.05) == significant
    assert p == pytest.approx(stats.binomtest(count, total).pvalue, abs=1e-12)


def test_strengths_of_three_models_are_those_of_choix(tmp_path):
    pairs = [("pairwise", "kmeans"), ("embedding", "pairwise"), ("kmeans", "embedding")]
    wins = {("pairwise", "kmeans"): 25, ("kmeans", "pairwise"): 14, ("embedding", "pairwise"): 30,
            ("pairwise", "embedding"): 12, ("kmeans", "embedding"): 9, ("embedding", "kmeans"): 33}
    trial = Trial(tmp_path / "review", pairs=pairs)
    for (winner, loser), count in wins.items():
        for number in range(count):
            trial.vote(trial.ask(f"gneiss/{winner}{loser}{number}", winner, loser), 1 + number % 3, "A")
    ranking = tallied(trial)["ranking"]
    models = ["embedding", "kmeans", "pairwise"]
    data = [(models.index(w), models.index(o)) for (w, o), n in wins.items() for _ in range(n)]
    expected = choix.opt_pairwise(3, data, alpha=0, tol=1e-12)
    found = {entry["model"]: entry["strength"] for entry in ranking["models"]}
    assert ranking["tie"] == 0
    assert [found[m] for m in models] == pytest.approx(expected - expected.mean(), abs=1e-6)
    assert [entry["model"] for entry in ranking["models"]] == ["embedding", "pairwise", "kmeans"]


def test_strengths_with_ties_are_those_of_the_log_linear_model(tmp_path):
    """Davidson's model as a Poisson regression (D. Sinclair (1982), GLIM for preference)."""
    pairs = [("pairwise", "kmeans"), ("embedding", "pairwise"), ("kmeans", "embedding")]
    counts = {0: (20, 11, 9), 1: (26, 8, 12), 2: (7, 24, 5)}
    trial = Trial(tmp_path / "review", pairs=pairs)
    models = ["embedding", "kmeans", "pairwise"]
    rows, observed = [], []
    for index, (first, second) in enumerate(pairs):
        wins, losses, ties = counts[index]
        for number, answer in enumerate("A" * wins + "B" * losses + "=" * ties):
            trial.vote(trial.ask(f"gneiss/{index}-{number}", first, second), 1,
                       "equal" if answer == "=" else answer)
        for count, weights, tie in ((wins, (1, 0), 0), (losses, (0, 1), 0), (ties, (0.5, 0.5), 1)):
            row = [0.0] * 3
            row[models.index(first)] += weights[0]
            row[models.index(second)] += weights[1]
            # The strengths sum to 0.
            rows.append([*(float(index == n) for n in range(3)), row[0] - row[2], row[1] - row[2], tie])
            observed.append(count)
    fit = sm.GLM(observed, np.array(rows), family=sm.families.Poisson()).fit(tol=1e-13)
    ranking = tallied(trial)["ranking"]
    found = {entry["model"]: entry for entry in ranking["models"]}
    assert found["embedding"]["strength"] == pytest.approx(fit.params[3], abs=1e-6)
    assert found["kmeans"]["strength"] == pytest.approx(fit.params[4], abs=1e-6)
    assert found["embedding"]["standardError"] == pytest.approx(fit.bse[3], abs=1e-6)
    assert ranking["tie"] == pytest.approx(math.exp(fit.params[5]), abs=1e-6)


def test_who_fails_tests_of_attention_is_counted_apart(tmp_path):
    trial = Trial(tmp_path / "review", CHOICES)
    normal = [trial.ask(f"gneiss/{n}", "pairwise", "kmeans") for n in range(10)]
    tests = [trial.ask(f"marble/{n}", "pairwise", None, kind="attention") for n in range(6)]
    again = trial.ask("gneiss/0", "kmeans", "pairwise", kind="again", of=f"{normal[0]:016x}")
    for reviewer in (1, 2, 3):
        for number in normal:
            trial.vote(number, reviewer, "A", swapped=reviewer == 2, name=f"R{reviewer}")
        for place, number in enumerate(tests):
            # Reviewer 3 fails two of six, reviewer 2 none although one is "neither".
            answer = "B" if reviewer == 3 and place < 2 else "neither" if place == 5 else "A"
            trial.vote(number, reviewer, answer)
    trial.vote(again, 1, "B")
    trial.vote(again, 2, "A", remark="The other one is darker.")
    answer = tallied(trial)
    assert [r["apart"] for r in answer["byReviewer"]] == [False, False, True]
    assert answer["byReviewer"][2]["attention"] == {"count": 2, "total": 6}
    assert answer["pairs"][0]["counts"]["pairwise"] == 20
    assert answer["pairs"][0]["apart"]["pairwise"] == 10
    assert answer["reliability"]["oneself"] == {"count": 1, "total": 2}
    assert answer["reliability"]["left"] == {"count": 10, "total": 20}
    assert answer["remarks"] == ["The other one is darker."]
    assert answer["votes"] == 30


@pytest.mark.parametrize(("wins", "losses", "verdict"), [
    (70, 30, "preferred"), (50, 50, "equivalent"), (56, 44, "open"), (40, 0, "preferred-early"),
    (12, 9, "early"), (0, 0, "nothing")])
def test_what_may_be_concluded(tmp_path, wins, losses, verdict):
    """Every vote is by a reviewer and on a candidate of its own, so the votes are independent."""
    trial = Trial(tmp_path / "review", CHOICES)
    answers = ["A"] * wins + ["B"] * losses
    np.random.default_rng(3).shuffle(answers)
    for number, answer in enumerate(answers):
        trial.vote(trial.ask(f"gneiss/{number}", "pairwise", "kmeans"), number + 1, answer)
    if not answers:
        trial.ask("gneiss/0", "pairwise", "kmeans")
    pair = tallied(trial)["pairs"][0]
    assert pair["verdict"] == verdict
    assert pair.get("preferred") == ("pairwise" if verdict.startswith("preferred") else None)
    if verdict == "early":
        assert "76 decided votes are missing to the number" in pair["statement"]


def test_votes_after_the_fixed_number_change_shares_but_not_the_verdict(tmp_path):
    """Who asks for more votes because he likes where they go would get what he likes."""
    trial = Trial(tmp_path / "review", CHOICES)
    answers = ["A" if number % 13 < 7 else "B" for number in range(97)] + ["A"] * 43
    for number, answer in reversed(list(enumerate(answers))):
        trial.vote(
            trial.ask(f"gneiss/{number}", "pairwise", "kmeans"), number + 1, answer,
            given=f"2026-05-{1 + number // 20:02}T10:{number % 20:02}:00Z")
    pair = tallied(trial)["pairs"][0]
    assert (pair["share"]["count"], pair["share"]["total"]) == (answers.count("A"), 140)
    assert pair["share"]["interval"][0] > 0.5
    assert (pair["fixed"]["count"], pair["fixed"]["total"]) == (answers[:97].count("A"), 97)
    assert pair["fixed"]["wilson"] == pytest.approx(
        proportion_confint(answers[:97].count("A"), 97, method="wilson"), abs=1e-6)
    assert (pair["verdict"], "97 decided" in pair["statement"]) == ("open", True)
