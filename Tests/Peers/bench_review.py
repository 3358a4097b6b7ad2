"""Trials of known truth through `votes tally --json`: how often the intervals hold it, how often daily looking
finds a difference that is not there, and how long 100,000 votes take. Prints tables.

    bench_review.py [TRIALS [SEQUENCES]]
"""

import json
import math
import os
import resource
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
from scipy.optimize import brentq

ROOT = Path(__file__).resolve().parents[2]
sys.path.append(str(ROOT / "Tests"))
from trials import Trial  # noqa: E402

GEOATLAS = Path(os.environ.get("GEOATLAS", ROOT / ".build" / "release" / "geoatlas")).resolve()
CANDIDATES, REVIEWERS, DAYS, VOTES_A_DAY = 50, 4, 30, 10


def tally(trial):
    trial.write()
    run = subprocess.run(
        [GEOATLAS, "votes", "tally", trial.folder / "votes", "--key", trial.folder / "key.json", "--json"],
        capture_output=True, text=True, check=True)
    return json.loads(run.stdout)["pairs"][0]["share"]


def share(centre):
    """The share over all candidates (standard deviation 1) and reviewers (0.5), in log odds."""
    x, weights = np.polynomial.hermite_e.hermegauss(60)
    p = 1 / (1 + np.exp(-(centre + math.sqrt(1.25) * x)))
    return float((weights * p).sum() / math.sqrt(2 * math.pi))


def simulated(arguments):
    folder, truth, seed = arguments
    random = np.random.default_rng(seed)
    centre = brentq(lambda c: share(c) - truth, -5, 5)
    trial = Trial(Path(folder) / str(seed))
    leans = random.normal(0, 0.5, REVIEWERS)
    for candidate in range(CANDIDATES):
        number = trial.ask(f"gneiss/{candidate}", "pairwise", "kmeans")
        effect = random.normal()
        for reviewer, lean in enumerate(leans, 1):
            won = random.random() < 1 / (1 + math.exp(-(centre + effect + lean)))
            trial.vote(number, reviewer, "A" if won else "B")
    found = tally(trial)
    return [low <= truth <= high for low, high in (found["interval"], found["wilson"])]


def peeked(arguments):
    """Whether a look on one of the days finds a difference: by the bound, by the plain sign test."""
    folder, seed = arguments
    random = np.random.default_rng(seed)
    trial = Trial(Path(folder) / f"days{seed}")
    bound = plain = False
    for _ in range(DAYS):
        for _ in range(VOTES_A_DAY):
            number = trial.ask(f"gneiss/{len(trial.questions)}", "pairwise", "kmeans")
            trial.vote(number, 1 + number % REVIEWERS, "A" if random.random() < 0.5 else "B")
        found = tally(trial)
        low, high = found["anytime"]["interval"]
        bound |= low > 0.5 or high < 0.5
        plain |= found["signTest"] <= 0.05
    return bound, plain


def large(folder):
    """Processor seconds to merge and to tally 100,000 votes."""
    random = np.random.default_rng(1)
    trial = Trial(Path(folder) / "large")
    for number in range(1_000):
        trial.ask(f"gneiss/{number}", "pairwise", "kmeans")
    for reviewer in range(1, 101):
        for number in range(1, 1_001):
            trial.vote(number, reviewer, "AB"[random.integers(2)], given="2026-05-14T09:30:00Z")
    trial.write()
    votes = trial.folder / "votes"
    votes.rename(trial.folder / "sent")
    for command in (["merge", trial.folder / "sent", "--into", votes],
                    ["tally", votes, "--key", trial.folder / "key.json"]):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run([GEOATLAS, "votes", *command], check=True, stdout=subprocess.DEVNULL)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        yield command[0], after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main(trials=2_000, sequences=400):
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(os.cpu_count()) as pool:
        print(f"{trials} trials, {REVIEWERS} reviewers share {CANDIDATES} candidates")
        print(f"{'truth':>6} {'clustered':>10} {'independent':>12}")
        for truth in (0.55, 0.6, 0.7):
            (Path(folder) / str(truth)).mkdir()
            held = list(pool.map(
                simulated, [(f"{folder}/{truth}", truth, seed) for seed in range(trials)]))
            clustered, plain = np.mean(held, axis=0)
            print(f"{truth:6.0%} {clustered:10.1%} {plain:12.1%}")
        found = np.mean(list(pool.map(
            peeked, [(folder, seed) for seed in range(sequences)])), axis=0)
        print(f"\nLooking on {DAYS} days, {sequences} trials without a difference: "
              f"the bound errs in {found[0]:.1%}, a plain test in {found[1]:.1%}")
        for command, seconds in large(folder):
            print(f"votes {command} of 100,000 votes: {seconds:.2f} s of processor time")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
