// Who votes in this browser. Several people may use one computer: each has a random id, so that two with
// the same initials stay apart, here and when votes of several computers are merged.
"use strict";

/**
 * The reviewers of this browser: `current` votes now, `all` have voted or begun here, each with `id` and
 * `name`, which may be empty. They are the same in all trials.
 */
GEO.reviewersOf = () => {
  const KEY = "geoatlas-reviewers";
  const isReviewer = (entry) => typeof entry?.id === "string" && /^[0-9a-f]{16}$/.test(entry.id);
  const fresh = (name = "") => ({ id: GEO.randomHex(8), name });
  const stored = () => {
    const list = GEO.recall(KEY);
    return Array.isArray(list) ? list.filter(isReviewer) : [];
  };

  // Older builds knew one reviewer, who is the current one.
  const known = GEO.recall(GEO.READER);
  const current = isReviewer(known) ? { id: known.id, name: known.name || "" } : fresh();
  const all = stored();
  let trouble = null;

  /** Adds people who are not in the list yet. */
  const meet = (people) => {
    const ids = new Set(all.map(({ id }) => id));
    all.push(...people.filter((entry) => isReviewer(entry) && !ids.has(entry.id)));
  };

  const keep = () => {
    meet(stored());
    trouble = GEO.keep(KEY, all) || GEO.keep(GEO.READER, { ...GEO.recall(GEO.READER), ...current });
  };

  if (isReviewer(known)) meet([{ ...current }]);

  return {
    current,
    meet,
    all,
    /** Why the reviewers could not be stored; `null` if they were. */
    get trouble() { return trouble; },
    /** The reviewer with this id votes from now on. */
    choose(id) {
      const found = all.find((entry) => entry.id === id);
      if (found) Object.assign(current, found);
      keep();
    },
    /** Somebody who has not voted here votes from now on, whatever names are known. */
    add(name) {
      const someone = { ...(all.some(({ id }) => id === current.id) ? fresh() : current), name };
      all.push({ ...someone });
      Object.assign(current, someone);
      keep();
    },
  };
};
