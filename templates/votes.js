// The votes of this browser for one trial: stored in localStorage, merged between tabs, and written as
// lines of JSON. A line that has left the browser never changes. Each later action adds a line with a
// higher revision, so that the merge of several files is the union of their lines.
"use strict";

/** Random bytes as hexadecimal digits. */
GEO.randomHex = (bytes) =>
  [...crypto.getRandomValues(new Uint8Array(bytes))]
    .map((byte) => byte.toString(16).padStart(2, "0")).join("");

/**
 * The votes of one trial.
 *
 * Stored are: `lines`, all votes given here, oldest first; `gone`, ids of votes that were taken back
 * before they left the browser; `out`, ids of votes that may have left it (the server can have received
 * votes although its reply was lost); `safe`, ids of votes that certainly have; `skipped`, comparisons
 * moved to the end, in this order; `files`, the number of files saved.
 */
GEO.votesOf = (trial, reviewer) => {
  // In some browsers all pages that are opened as files share one store, so the key names the trial.
  const key = "geoatlas-votes-" + trial;
  const state = { lines: [], gone: [], out: [], safe: [], skipped: [], files: 0 };
  let trouble = null;

  const union = (mine, theirs) => [...new Set([...(theirs || []), ...mine])];

  // Another tab may have written: read what is stored before each write. If a line exists twice, the
  // stored one is right, because the other tab may have added the reviewer's name to it.
  const takeIn = () => {
    const stored = GEO.recall(key);
    if (!stored || !Array.isArray(stored.lines)) return;
    const known = new Set(stored.lines.map((line) => line.vote));
    state.gone = union(state.gone, stored.gone);
    state.out = union(state.out, stored.out);
    state.safe = union(state.safe, stored.safe);
    state.skipped = union(state.skipped, stored.skipped);
    state.files = Math.max(state.files, stored.files || 0);
    const gone = new Set(state.gone);
    state.lines = [...stored.lines, ...state.lines.filter((line) => !known.has(line.vote))]
      .filter((line) => !gone.has(line.vote));
  };

  const change = (edit) => {
    takeIn();
    edit();
    trouble = GEO.keep(key, state);
  };

  // The line with the highest revision, then with the larger id, as `geoatlas votes tally` counts.
  const current = (comparison) => state.lines
    .filter((line) => line.comparison === comparison && line.reviewer === reviewer.id)
    .reduce((best, line) => !best || line.revision > best.revision ||
      (line.revision === best.revision && line.vote > best.vote) ? line : best, null);

  const answerTo = (comparison) => {
    const line = current(comparison);
    return line && line.answer !== "withdrawn" ? line : null;
  };

  // Members in the order of the format; the name only if the reviewer gave one.
  const line = (comparison, answer, tags) => ({
    answer,
    comparison,
    reviewer: reviewer.id,
    ...(reviewer.name ? { name: reviewer.name } : {}),
    revision: (current(comparison)?.revision || 0) + 1,
    tags,
    trial,
    version: 1,
    vote: GEO.randomHex(8),
  });

  takeIn();

  return {
    key,
    takeIn,
    answerTo,
    /** Why the last change could not be stored; `null` if it was stored. */
    get trouble() { return trouble; },
    get skipped() { return state.skipped; },
    /** The answers that count: one line for each comparison answered. */
    get answers() {
      return state.lines.filter((entry) => answerTo(entry.comparison) === entry);
    },
    /** Lines that have neither been saved as a file nor handed in. */
    get inside() {
      const safe = new Set(state.safe);
      return state.lines.filter((entry) => !safe.has(entry.vote));
    },
    /** Whether this reviewer has given votes under another name: then it was another person. */
    get isAnotherPerson() {
      return Boolean(reviewer.name) && state.lines.some((entry) =>
        entry.reviewer === reviewer.id && entry.name && entry.name !== reviewer.name);
    },
    get isEmpty() { return state.lines.length === 0; },

    give(comparison, answer, tags) {
      change(() => state.lines.push(line(comparison, answer, tags)));
    },

    /** Takes the answer to a comparison back, and returns its line. */
    takeBack(comparison) {
      let taken = null;
      change(() => {
        taken = answerTo(comparison);
        if (!taken) return;
        const out = new Set(state.out);
        const left = state.lines.some(
          (entry) => entry.comparison === comparison && out.has(entry.vote));
        if (left) return state.lines.push(line(comparison, "withdrawn", []));
        state.lines = state.lines.filter((entry) => entry.vote !== taken.vote);
        state.gone.push(taken.vote);
      });
      return taken;
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
     * All lines as text, one JSON object on each. From now on they do not change. `number` is the
     * number of the file, from 1; `ids` are the ids of the lines.
     */
    takeOut({ asFile }) {
      change(() => {
        const out = new Set(state.out);
        // A vote without a name gets the name that was typed later. A name stays.
        const isComplete = (entry) => out.has(entry.vote) || entry.name || !reviewer.name ||
          entry.reviewer !== reviewer.id;
        state.lines = state.lines.map((entry) => isComplete(entry) ? entry
          : { ...line(entry.comparison, entry.answer, entry.tags), revision: entry.revision,
            vote: entry.vote });
        state.out = state.lines.map((entry) => entry.vote);
        if (asFile) state.files += 1;
      });
      return {
        number: state.files,
        ids: [...state.out],
        text: state.lines.map((entry) => JSON.stringify(entry) + "\n").join(""),
      };
    },

    /** Notes that the lines with these ids are saved in a file or handed in. */
    settle(ids) {
      change(() => {
        state.safe = union(state.safe, ids);
      });
    },
  };
};
