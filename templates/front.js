// The front page: what this browser holds of the running trial.
"use strict";

(() => {
  const place = document.querySelector("[data-votes]");
  if (!place) return;
  const reader = GEO.recall(GEO.READER);
  // Who has not voted has no name, and nothing is made up for him here.
  if (!reader?.id) return;
  const votes = GEO.votesOf(place.dataset.votes, reader);
  const count = votes.answers.length;
  if (!count) return;
  const inside = votes.inside.length;
  place.textContent = `${count} ${count === 1 ? "vote" : "votes"} saved in this browser` +
    (inside ? ", not all handed in yet." : ", all handed in.");
})();
