"""Trials with known answers, written as the files that the program reads."""

import json

TRIAL = "00000000000000aa"


def name(number):
    return f"{number:016x}"


class Trial:
    """A trial in `folder`; comparisons and votes are added one by one."""

    def __init__(self, folder, choices=None, pairs=(("kmeans", "pairwise"),)):
        self.folder = folder
        self.choices = choices
        self.pairs = pairs
        self.questions, self.sides, self.votes, self.brightness = [], {}, [], {}

    def ask(self, candidate, a, b, targets=None, **key):
        """Adds a comparison of two models and returns its number; `None` is a wrong type."""
        number = len(self.questions) + 1
        label = candidate.split("/")[0]
        panels = targets or ([f"{label}/x{number}"], [f"{label}/y{number}"])
        self.questions.append({
            "id": name(number), "candidate": candidate,
            **{side: [{"key": k, "rotation": 0} for k in panel]
               for side, panel in zip("AB", panels, strict=True)}})
        self.sides[name(number)] = {
            **key, **{side: model for side, model in (("A", a), ("B", b)) if model}}
        return number

    def vote(self, comparison, reviewer, answer, **more):
        number = len(self.votes) + 1
        self.votes.append({
            "answer": answer, "comparison": name(comparison), "reviewer": name(reviewer),
            "revision": 1, "tags": [], "trial": TRIAL, "version": 1, "vote": name(number), **more})

    def write(self):
        self.folder.mkdir(exist_ok=True)
        (self.folder / "votes").mkdir(exist_ok=True)
        plan = {"trial": TRIAL, "parts": 0, "comparisons": self.questions}
        if self.choices:
            plan["choices"] = self.choices
        (self.folder / "plan.json").write_text(json.dumps(plan))
        (self.folder / "key.json").write_text(json.dumps({
            "trial": TRIAL, "comparisons": self.sides,
            "pairs": [{"models": list(p), "pictures": 100, "identical": 21} for p in self.pairs]}))
        (self.folder / "pictures.json").write_text(json.dumps({
            "trial": TRIAL, "digests": {}, "brightness": self.brightness}))
        if self.votes:
            (self.folder / "votes" / "a.jsonl").write_text(
                "".join(json.dumps(vote, separators=(",", ":")) + "\n" for vote in self.votes))
