// What a reviewer sees before the first comparison, and in a pause: instructions, how long it takes, and who
// votes. Two people at one computer are two reviewers, also with the same initials.
"use strict";

/** Seconds for a comparison, until the answers tell the pace of a reviewer. */
GEO.PACE = 8;

/** 300 seconds as "about 5 minutes". */
GEO.minutes = (seconds) => {
  const minutes = Math.round(seconds / 60);
  return minutes < 1 ? "less than a minute" : `about ${minutes} ${minutes === 1 ? "minute" : "minutes"}`;
};

/**
 * The start panel of a review page.
 *
 * @param reviewers of `GEO.reviewersOf`.
 * @param countOf how many comparisons a reviewer has answered, by id.
 * @param isNeeded whether the current reviewer has not voted yet, and so begins with the practice.
 * @param begin is called when the reviewer is known and wants to vote.
 * @returns functions that show and hide it.
 */
GEO.startOf = (page, { reviewers, countOf, lengthOf, begin }) => {
  const part = (name) => page.querySelector(`[data-${name}]`);
  const SOMEBODY = "somebody";
  const called = ({ name }) => name || "Without a name";

  const chosen = () => part("known").querySelector("input:checked")?.value ?? SOMEBODY;
  const votes = (count) => `${count} ${count === 1 ? "comparison" : "comparisons"} done`;

  const choice = (value, label, isChecked) => {
    const input = GEO.make("input", { type: "radio", name: "who", value, checked: isChecked && "" });
    input.addEventListener("change", draw);
    return GEO.make("label", { class: "opt" }, input, GEO.make("span", {}, label));
  };

  const draw = () => {
    const isNew = chosen() === SOMEBODY;
    const typed = part("name").value.trim();
    const isKnown = isNew && typed && reviewers.all.some(({ name }) => name === typed);
    part("name").closest("label").hidden = !isNew;
    part("same").hidden = !isKnown;
    part("same").textContent = isKnown
      ? `${typed} has voted in this browser. If that is you, choose the name above. If you begin here, ` +
        "you are counted as another person." : "";
    const done = isNew ? 0 : countOf(chosen());
    part("length").textContent = lengthOf(isNew ? null : chosen());
    part("begin").textContent = done ? "Go on"
      : GEO.review.practice ? "Begin with a practice comparison" : "Begin";
  };

  part("who").addEventListener("submit", (event) => {
    event.preventDefault();
    if (chosen() === SOMEBODY) reviewers.add(part("name").value.trim());
    else reviewers.choose(chosen());
    begin();
  });
  part("name").addEventListener("input", draw);

  return {
    /** Shows the panel. `asksWho`: nobody is chosen beforehand, because another person wants to vote. */
    show({ asksWho = false } = {}) {
      const { all, current } = reviewers;
      const isCurrent = ({ id }) => !asksWho && id === current.id;
      part("known").hidden = !all.length;
      part("known").replaceChildren(GEO.make("legend", {}, "Who votes?"),
        ...all.map((entry) =>
          choice(entry.id, `${called(entry)}, ${votes(countOf(entry.id))}`, isCurrent(entry))),
        choice(SOMEBODY, "Somebody else", !all.some(isCurrent)));
      part("name").value = "";
      part("start").hidden = false;
      draw();
    },
    hide() {
      part("start").hidden = true;
    },
  };
};
