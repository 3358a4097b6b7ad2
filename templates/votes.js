// The votes of this browser for one trial: kept in localStorage, merged between tabs, and written
// out as lines of JSON. A line that has left the browser never changes again; whatever is done
// afterwards is a further line with a higher revision, so that merging files is a plain union.
"use strict";

/** Random bytes as hexadecimal digits. */
GEO.randomHex = (bytes) =>
  [...crypto.getRandomValues(new Uint8Array(bytes))]
    .map((byte) => byte.toString(16).padStart(2, "0")).join("");

/**
 * The votes of one trial.
 *
 * `lines` are all votes ever given here, oldest first; `gone` are ids of votes taken back before
 * they left the browser; `out` are ids that may have left it, because an answer can be lost on the
 * way although the votes arrived; `safe` are those that did; `skipped` are comparisons put at the
 * end, in that order; `files` counts the files.
 */
GEO.votesOf = (trial, reviewer) => {
  // All pages opened as files share one store: the trial's id keeps the atlases apart.
  const key = "geoatlas-votes-" + trial;
  const state = { lines: [], gone: [], out: [], safe: [], skipped: [], files: 0 };
  let trouble = null;

  const union = (mine, theirs) => [...new Set([...(theirs || []), ...mine])];

  // Another tab may have written since: what is stored is taken in before every write. The
  // stored line of an id wins, because that tab may have given it its name when it left.
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

  // Highest revision, then the larger id: the rule by which votes are tallied.
  const current = (comparison) => state.lines
    .filter((line) => line.comparison === comparison && line.reviewer === reviewer.id)
    .reduce((best, line) => !best || line.revision > best.revision ||
      (line.revision === best.revision && line.vote > best.vote) ? line : best, null);

  const answerTo = (comparison) => {
    const line = current(comparison);
    return line && line.answer !== "withdrawn" ? line : null;
  };

  // Keys in the order of the format; a name only if the reviewer gave one.
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
    /** Why the last change could not be stored, `null` when it was. */
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
    get isEmpty() { return state.lines.length === 0; },

    give(comparison, answer, tags) {
      change(() => state.lines.push(line(comparison, answer, tags)));
    },

    /** Takes the answer to a comparison back; gives its line. */
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
     * Every line, as they go out: one JSON object a line. From now on they don't change.
     * `number` is the number of the file, counted from 1; `ids` are those of the lines.
     */
    takeOut({ asFile }) {
      change(() => {
        const out = new Set(state.out);
        state.lines = state.lines.map((entry) => out.has(entry.vote) || !reviewer.name ? entry
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

    /** The lines with these ids stand in a file, or were handed in. */
    settle(ids) {
      change(() => {
        state.safe = union(state.safe, ids);
      });
    },
  };
};
