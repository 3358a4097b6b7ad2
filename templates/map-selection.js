// Which pictures of the map are selected.
"use strict";

/** Cells by number; a selection tells its listeners when it changes. */
GEO.mapSelection = (map) => {
  let selected = new Uint8Array(map.count);
  let count = 0;
  const listeners = [];
  // What is not selected lies under a veil, one pixel for each cell.
  const veil = Object.assign(document.createElement("canvas"), { width: map.columns, height: map.rows });

  const changed = () => {
    count = selected.reduce((sum, is) => sum + is, 0);
    for (const listener of listeners) listener();
  };

  return {
    veil,
    has: (cell) => selected[cell] === 1,
    count: () => count,
    /** In the order of their keys. */
    cells() {
      const keys = new Map();
      for (let cell = 0; cell < map.count; cell += 1) if (selected[cell]) keys.set(cell, map.key(cell));
      return [...keys.keys()].sort((a, b) => keys.get(a) < keys.get(b) ? -1 : 1);
    },
    /** `how` is "replace", "add" or "remove". */
    take(cells, how) {
      const next = how === "replace" ? new Uint8Array(map.count) : selected;
      for (const cell of cells) next[cell] = how === "remove" ? 0 : 1;
      selected = next;
      changed();
    },
    toggle(cell) {
      selected[cell] = 1 - selected[cell];
      changed();
    },
    /** False if nothing was selected. */
    clear() {
      if (!count) return false;
      selected = new Uint8Array(map.count);
      changed();
      return true;
    },
    /** @param sea red, green and blue of the veil. */
    paint(sea) {
      const image = new ImageData(map.columns, map.rows);
      for (let cell = 0; cell < map.count; cell += 1) {
        if (!selected[cell]) image.data.set([...sea, 170], 4 * cell);
      }
      veil.getContext("2d").putImageData(image, 0, 0);
    },
    changed: (listener) => listeners.push(listener),
    /** What the browser keeps with the address, so that the way back leads to the same selection. */
    state() {
      if (!count) return null;
      return { selected: [...selected.keys()].filter((cell) => selected[cell]), of: map.digest() };
    },
    /** Takes what `state` gave, if this is still the same map. */
    restore(state) {
      if (!Array.isArray(state?.selected) || state.of !== map.digest()) return;
      for (const cell of state.selected) selected[cell] = 1;
      changed();
    },
  };
};

/**
 * The panel of the selection: its count, its pictures as a strip of links, and what can be done with them.
 *
 * @param parts `part` finds an element of the page; `point` shows a picture on the map, -1 none.
 */
GEO.mapSelectionPanel = (map, selection, { part, point }) => {
  const AT_ONCE = 48;
  const root = document.documentElement.dataset.root || "";
  const strip = part("strip");
  const buttons = ["drop", "pin-selected", "save-list", "save-pictures"].map(part);
  let cells = [];
  let shown = AT_ONCE;

  const say = (words) => {
    part("saved").textContent = words;
  };

  const link = (cell) => {
    const image = GEO.make("img", { src: root + (map.larger(cell) ?? map.file(cell)), alt: "", decoding: "async" });
    const made = GEO.make("a", { href: `${root}${map.page(cell)}.html`, "aria-label": map.title(cell),
      title: map.title(cell), "data-cell": cell }, image);
    return GEO.make("li", {}, made);
  };

  const more = () => {
    const first = strip.children.length;
    strip.append(...cells.slice(first, shown).map(link));
    part("more").hidden = shown >= cells.length;
    part("more").textContent = `Show ${GEO.number(Math.min(AT_ONCE, cells.length - shown))} more`;
  };

  const show = () => {
    cells = selection.cells();
    shown = AT_ONCE;
    part("selected").textContent = !cells.length ? "No picture is selected."
      : `${GEO.number(cells.length)} ${cells.length === 1 ? "picture" : "pictures"} selected.`;
    for (const button of buttons) button.disabled = !cells.length;
    strip.replaceChildren();
    say("");
    more();
  };

  /** Rows of the list, with all that is known; null if a part of it cannot be loaded. */
  const rows = async () => {
    const fields = map.further.filter(({ id }) => id.startsWith("fact-"));
    const facts = await Promise.all(fields.map(({ load }) => load()));
    if (facts.includes(null)) {
      say("A file of the atlas is missing, so the list cannot be made. Reload the page, or ask for a new copy.");
      return null;
    }
    return GEO.listOf(cells.map((cell) => ({
      key: map.key(cell), label: map.label[cell], predicted: map.predicted[cell],
      probability: map.probability[cell], cluster: map.cluster[cell] + 1,
      facts: facts.map(({ values, places }) => values[places[cell]]),
    })), fields.map(({ title }) => title));
  };

  const saveList = async () => {
    const list = await rows();
    if (list) GEO.saveCSV("selection.csv", list);
  };

  const savePictures = async ({ currentTarget: button }) => {
    const list = await rows();
    const files = cells.map((cell) => ({ path: map.file(cell), address: root + map.file(cell) }));
    if (list) await GEO.saveListed(button, "selection.zip", files, list, say);
  };

  /** Pins as many as the light table has places for. */
  const pin = () => {
    const before = GEO.pins.all();
    const fresh = cells.map((cell) => map.page(cell)).filter((page) => !before.includes(page));
    const taken = fresh.slice(0, GEO.pins.most - before.length);
    GEO.pins.set([...before, ...taken]);
    const pictures = `${taken.length} ${taken.length === 1 ? "picture" : "pictures"} pinned`;
    const rest = GEO.number(fresh.length - taken.length);
    say(rest === "0" ? `${pictures}.` : `${pictures}; the light table holds ${GEO.pins.most}, so ${rest} were left out.`);
  };

  const pointAt = ({ target }) => {
    const pointed = target.closest("[data-cell]");
    if (pointed) point(Number(pointed.dataset.cell));
  };
  const leave = () => point(-1);
  strip.addEventListener("pointerover", pointAt);
  strip.addEventListener("focusin", pointAt);
  strip.addEventListener("pointerleave", leave);
  strip.addEventListener("focusout", leave);
  part("more").addEventListener("click", () => {
    const first = strip.children.length;
    shown += AT_ONCE;
    more();
    // The button may be gone, and the reader goes on in the list.
    strip.children[first].firstChild.focus();
  });
  part("drop").addEventListener("click", () => {
    selection.clear();
    part("canvas").focus();
  });
  part("pin-selected").addEventListener("click", pin);
  part("save-list").addEventListener("click", saveList);
  part("save-pictures").addEventListener("click", savePictures);
  selection.changed(show);
  show();
};
