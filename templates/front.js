// The front page: what this browser holds of the running trial.
"use strict";

(() => {
  const place = document.querySelector("[data-votes]");
  if (!place) return;
  const reader = GEO.recall(GEO.READER);
  // Who has not voted has no name, and nothing is made up for him here.
  if (!reader?.id) return;
  const votes = GEO.votesOf(place.dataset.votes, reader);
  const { answers } = votes;
  if (!answers.length) return;
  const here = new Set(votes.inside);
  const inside = answers.filter((line) => here.has(line)).length;
  place.textContent = `${answers.length} ${answers.length === 1 ? "vote" : "votes"} saved in this ` +
    "browser. " + (inside === answers.length ? "None handed in yet."
    : inside ? `${inside} of them not yet handed in.` : "All are in a file or handed in.");
})();
