// The votes of this browser for one trial: stored in localStorage, merged between tabs, and written as
// lines of JSON. A line never changes. Each later action adds a line with a higher revision, so that the
// merge of several files is the union of their lines.
"use strict";

/** Random bytes as hexadecimal digits. */
GEO.randomHex = (bytes) =>
  [...crypto.getRandomValues(new Uint8Array(bytes))]
    .map((byte) => byte.toString(16).padStart(2, "0")).join("");

/**
 * The votes of one trial.
 *
 * Stored are: `lines`, all votes given here, by all reviewers, oldest first; `safe`, ids of votes that are
 * in a saved file or have arrived; `sent`, ids of votes that have arrived where they are collected;
 * `skipped`, comparisons moved to the end, in this order; `files`, the number of files saved.
 *
 * @param reviewer `{id, name}`: who votes now.
 */
GEO.votesOf = (trial, reviewer) => {
  // In some browsers all pages that are opened as files share one store, so the key names the trial.
  const key = "geoatlas-votes-" + trial;
  const state = { lines: [], safe: [], sent: [], skipped: [], files: 0 };
  let trouble = null;

  const union = (mine, theirs) => [...new Set([...(theirs || []), ...mine])];
  const withLines = (lines) => {
    const known = new Set(lines.map(({ vote }) => vote));
    state.lines = [...lines, ...state.lines.filter(({ vote }) => !known.has(vote))];
  };

  // Another tab may have written: read what is stored before each write.
  const takeIn = () => {
    const stored = GEO.recall(key);
    if (!stored || !Array.isArray(stored.lines)) return;
    withLines(stored.lines);
    for (const name of ["safe", "sent", "skipped"]) state[name] = union(state[name], stored[name]);
    state.files = Math.max(state.files, stored.files || 0);
  };

  const change = (edit) => {
    takeIn();
    edit();
    trouble = GEO.keep(key, state);
  };

  // Of the lines about each comparison by a reviewer, the one with the highest revision, then with the
  // larger id, as `geoatlas votes tally` counts.
  const latest = (id) => {
    const last = new Map();
    for (const line of state.lines) {
      const other = last.get(line.comparison);
      const isLater = !other || line.revision > other.revision ||
        (line.revision === other.revision && line.vote > other.vote);
      if (line.reviewer === id && isLater) last.set(line.comparison, line);
    }
    return last;
  };
  const isAnswer = (line) => Boolean(line) && line.answer !== "withdrawn";
  const answersOf = (id) => [...latest(id).values()].filter(isAnswer);
  const answerTo = (comparison) => {
    const line = latest(reviewer.id).get(comparison);
    return isAnswer(line) ? line : null;
  };

  // The time in UTC, as the clock of this computer has it. A clock beyond the year 9999 gives none.
  const now = () => {
    const time = new Date().toISOString();
    return time.length === "2026-05-14T09:30:00.000Z".length ? { given: time.slice(0, 19) + "Z" } : {};
  };

  // Members in the order of the format; what does not apply is left out.
  const added = (comparison, answer, tags, { remark, swapped } = {}) => {
    const line = {
      answer,
      comparison,
      ...now(),
      reviewer: reviewer.id,
      ...(reviewer.name ? { name: reviewer.name } : {}),
      ...(remark ? { remark } : {}),
      revision: 1,
      ...(swapped ? { swapped } : {}),
      tags,
      trial,
      version: 1,
      vote: GEO.randomHex(8),
    };
    change(() => {
      line.revision += latest(reviewer.id).get(comparison)?.revision || 0;
      state.lines.push(line);
    });
    return line;
  };

  const textOf = (line) => JSON.stringify(line) + "\n";

  takeIn();

  return {
    key,
    takeIn,
    answerTo,
    /** Why the last change could not be stored; `null` if it was stored. */
    get trouble() { return trouble; },
    get skipped() { return state.skipped; },
    get isEmpty() { return state.lines.length === 0; },
    /** The answers of the reviewer that count: one line for each comparison answered, in their order. */
    get answers() {
      const counting = new Set(answersOf(reviewer.id));
      return state.lines.filter((line) => counting.has(line));
    },
    /** How many answers of a reviewer count. */
    countOf: (id) => answersOf(id).length,
    /** Everyone who has voted here: `{id, name}`. */
    get reviewers() {
      return [...new Map(state.lines.map((line) =>
        [line.reviewer, { id: line.reviewer, name: line.name || "" }])).values()];
    },
    /** Lines that have neither been saved as a file nor handed in. */
    get inside() {
      const safe = new Set(state.safe);
      return state.lines.filter(({ vote }) => !safe.has(vote));
    },
    /** Lines that have not arrived where they are collected, oldest first. */
    get pending() {
      const sent = new Set(state.sent);
      return state.lines.filter(({ vote }) => !sent.has(vote));
    },

    /**
     * Gives an answer, in the terms of the plan, and returns its line.
     *
     * @param tags reasons.
     * @param more `{remark, swapped}`, both optional.
     */
    give: added,

    /** Takes the answer to a comparison back. Returns `{taken, line}`: the answer, and the new line. */
    takeBack(comparison) {
      takeIn();
      const taken = answerTo(comparison);
      return { taken, line: taken && added(comparison, "withdrawn", []) };
    },

    /** Lines that were found elsewhere, in any order; those of this trial that are not known are kept. */
    restore(lines) {
      takeIn();
      const known = new Set(state.lines.map(({ vote }) => vote));
      const lost = lines.filter((line) => line?.trial === trial && !known.has(line.vote));
      if (lost.length) change(() => state.lines.push(...lost));
    },

    skip(comparison) {
      change(() => {
        state.skipped = [...state.skipped.filter((id) => id !== comparison), comparison];
      });
    },

    unskip(comparison) {
      change(() => {
        state.skipped = state.skipped.filter((id) => id !== comparison);
      });
    },

    /**
     * All lines as the text of a file, one JSON object on each. `number` is the number of the file, from
     * 1; `ids` are the ids of the lines.
     */
    takeOut() {
      change(() => {
        state.files += 1;
      });
      return {
        number: state.files,
        ids: state.lines.map(({ vote }) => vote),
        text: state.lines.map(textOf).join(""),
      };
    },

    /** The oldest vote that has not arrived, as `{id, text}`; `null` if all have. */
    next() {
      const [line] = this.pending;
      return line ? { id: line.vote, text: textOf(line) } : null;
    },

    /** Notes that the lines with these ids are in a file that was saved. */
    settle(ids) {
      change(() => {
        state.safe = union(state.safe, ids);
      });
    },

    /** Notes that the lines with these ids have arrived where votes are collected. */
    arrive(ids) {
      change(() => {
        state.safe = union(state.safe, ids);
        state.sent = union(state.sent, ids);
      });
    },
  };
};
