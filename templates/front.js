// The front page: how many votes of the running trial are in this browser.
"use strict";

(() => {
  const place = document.querySelector("[data-votes]");
  if (!place) return;
  const reader = GEO.recall(GEO.READER);
  // A browser without votes has no reviewer id, and this page makes none.
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
