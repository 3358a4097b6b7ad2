// What a reviewer sees, and in which order: the candidate between two panels. Both panels are parts of one
// picture file and are built by the same function, so nothing but the pictures differs between them.
"use strict";

/** FNV-1a of a text, mixed as in MurmurHash3: 32 bits. */
GEO.hashOf = (text) => {
  let hash = 0x811c9dc5;
  for (const letter of text) hash = Math.imul(hash ^ letter.charCodeAt(0), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
};

/** The comparisons of one reviewer: part 0, and the part that the reviewer's id chooses. */
GEO.comparisonsFor = (reviewer, { trial, parts, comparisons }) => {
  const part = parts ? 1 + GEO.hashOf(reviewer.id + trial) % parts : 0;
  return comparisons.filter((comparison) => comparison.part === 0 || comparison.part === part);
};

/**
 * The comparisons in the order of one reviewer. Each reviewer has another order, so that not all begin
 * with the same comparisons; a reload does not change it. Comparisons of one candidate are as far from
 * each other as the list allows: two of them half its length, give or take a few places.
 *
 * Places are numbers from 0 to 1. Comparisons of candidates that have the same number of them stand at
 * even distances, so that every part of the list holds the same share, whatever the hashes are.
 */
GEO.orderFor = (reviewer, comparisons) => {
  const hashOf = (text) => GEO.hashOf(reviewer.id + text);
  const byHash = (one, other) => hashOf(one.id) - hashOf(other.id) || (one.id < other.id ? -1 : 1);
  const ofCandidate = new Map();
  for (const comparison of comparisons) {
    ofCandidate.set(comparison.candidate, [...(ofCandidate.get(comparison.candidate) || []), comparison]);
  }
  const ofSize = new Map();
  for (const group of ofCandidate.values()) {
    ofSize.set(group.length, [...(ofSize.get(group.length) || []), group.sort(byHash)]);
  }
  const places = [...ofSize].flatMap(([size, groups]) => {
    const start = hashOf(`places of ${size}`) / 2 ** 32;
    return groups.sort(([one], [other]) => byHash(one, other)).flatMap((group, rank) =>
      group.map((comparison, number) =>
        ({ comparison, place: (start + (rank / groups.length + number) / size) % 1 })));
  });
  return places.sort((a, b) => a.place - b.place || byHash(a.comparison, b.comparison))
    .map(({ comparison }) => comparison);
};

/**
 * Whether a reviewer sees panel B of a comparison at the place of panel A. It depends on the candidate, not
 * on the comparison, so that a comparison that the plan repeats with swapped sides is swapped for everyone.
 */
GEO.isSwapped = (reviewer, { candidate }) => (GEO.hashOf(reviewer.id + candidate) & 1) === 1;

/** The panel of the plan at a place of the page, and the place of a panel: "A" or "B". Others stay. */
GEO.exchanged = (side, isSwapped) => isSwapped ? { A: "B", B: "A" }[side] || side : side;

/**
 * The style of an element that shows one picture of a comparison. The board of a comparison is a grid of
 * squares: three columns of panel A, then three of panel B, best target first.
 *
 * @param side of the page: "A", "B", or "C" for the candidate, which has a file of its own.
 */
GEO.viewOf = ({ board, candidate, targets, isSwapped }, side, place = 0) => {
  const COLUMNS = 3;
  if (side === "C") return `background-image:url("${candidate}");background-size:100% 100%`;
  const rows = Math.ceil(targets / COLUMNS);
  const column = place % COLUMNS + (GEO.exchanged(side, isSwapped) === "B" ? COLUMNS : 0);
  const row = Math.floor(place / COLUMNS);
  const down = rows > 1 ? 100 * row / (rows - 1) : 0;
  return `background-image:url("${board}");background-size:${200 * COLUMNS}% ${100 * rows}%;` +
    `background-position:${100 * column / (2 * COLUMNS - 1)}% ${down}%`;
};

/**
 * The bench inside a review page: shows a comparison, frames a panel, loads what comes next. A comparison
 * has the members of `GEO.review.comparisons`, and `isSwapped`.
 *
 * @param enlarge is called with a side and a place when a reader chooses a picture.
 */
GEO.benchOf = (page, enlarge) => {
  const grids = { A: page.querySelector("[data-a]"), B: page.querySelector("[data-b]") };
  const middle = page.querySelector("[data-c]");

  const cell = (comparison, side, place, name) => {
    const button = GEO.make("button", {
      class: "cell", type: "button", "aria-label": `${name}. Enlarge`,
      style: GEO.viewOf(comparison, side, place), tabindex: place ? -1 : 0,
    });
    button.addEventListener("click", () => enlarge(side, place));
    return button;
  };

  // One stop of the tab key for each panel; the arrow keys move inside it.
  const step = (event) => {
    const by = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -3, ArrowDown: 3 }[event.key];
    const cells = [...event.currentTarget.children];
    const next = cells[cells.indexOf(event.target) + by];
    if (!by || !next) return;
    event.preventDefault();
    for (const other of cells) other.tabIndex = other === next ? 0 : -1;
    next.focus();
  };
  for (const grid of Object.values(grids)) grid.addEventListener("keydown", step);

  return {
    show(comparison) {
      for (const side of GEO.all(".side", page)) side.classList.remove("picked");
      middle.replaceChildren(cell(comparison, "C", 0, "The picture in question"));
      for (const [side, grid] of Object.entries(grids)) {
        grid.replaceChildren(...Array.from({ length: comparison.targets }, (_, place) =>
          cell(comparison, side, place, `Panel ${side}, picture ${place + 1}`)));
      }
    },
    pick(side) {
      grids[side].closest(".side").classList.add("picked");
    },
    preload({ board, candidate }) {
      for (const path of [board, candidate]) new Image().src = path;
    },
  };
};
