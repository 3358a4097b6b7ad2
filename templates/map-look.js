// How the map looks: colours, legend and filters. What a category means is told by its sign as well.
"use strict";

/** @param parts the form of the settings, and the fieldset of the legend. */
GEO.mapLook = (map, { tools, legend }) => {
  // Colours of clusters, apart in hue; numbers tell them as well.
  const HUES = ["#4e79a7", "#d37a1e", "#b8434a", "#3f8f89", "#4c8c3f", "#a8860b", "#8a5a83", "#b0617a", "#7a5a44", "#5f6a72"];
  const UNLABELLED = ["unlabelled", "Unlabelled", "–", "unlabelled"];
  const listeners = [];

  const types = () => {
    const entries = GEO.types.map(([, title, symbol, style], type) => ({ type, title, symbol, style }));
    return map.label.includes(-1) ? [...entries, { type: -1, title: UNLABELLED[1], symbol: "–", style: "unlabelled" }] : entries;
  };
  const byType = (values) => {
    const entries = types();
    return { entries, of: (cell) => values[cell] < 0 ? entries.length - 1 : values[cell] };
  };
  const DIFFER = [
    { title: "Label and prediction agree", symbol: "=", colour: "#5f6a72" },
    { title: "They differ", symbol: "≠", colour: "#a3195b" }];
  const schemes = {
    none: () => ({ ...byType(map.label), title: "Label", isPlain: true }),
    label: () => ({ ...byType(map.label), title: "Label" }),
    predicted: () => ({ ...byType(map.predicted), title: "Predicted type" }),
    differ: () => ({ entries: DIFFER, of: (cell) => map.differs(cell) ? 1 : 0, title: "Label and prediction" }),
    cluster: () => ({
      title: "Cluster",
      entries: [
        ...Array.from({ length: map.clusters }, (_, number) => (
          { title: `Cluster ${number + 1}`, symbol: String(number + 1), colour: HUES[number % HUES.length] })),
        ...map.cluster.includes(-1) ? [{ title: "Asked about in the trial", symbol: "?", colour: "#7a7e82" }] : []],
      of: (cell) => map.cluster[cell] < 0 ? map.clusters : map.cluster[cell],
    }),
  };
  const scheme = tools.querySelector("[name=scheme]");
  const layout = () => tools.querySelector("[name=layout]:checked").value;
  const only = tools.querySelector("[name=only]");
  let current = schemes.none();
  let categories = new Uint16Array(map.count);
  // For each category whether its pictures are hidden.
  let hidden = [];
  // Red, green and blue of each category.
  let colours = [];
  const veil = Object.assign(document.createElement("canvas"), { width: map.columns, height: map.rows });
  const tint = Object.assign(document.createElement("canvas"), { width: map.columns, height: map.rows });
  let isFiltered = false;
  // For each picture whether it is shown, and the colour of its point as the canvas stores it.
  const shown = new Uint8Array(map.count);
  const points = new Uint32Array(map.count);
  const packed = ([red, green, blue]) => (0xff000000 | blue << 16 | green << 8 | red) >>> 0;

  const numbers = (text) => {
    const hex = text.trim().replace("#", "");
    const full = hex.length === 3 ? [...hex].map((digit) => digit + digit).join("") : hex;
    return [0, 2, 4].map((start) => parseInt(full.slice(start, start + 2), 16));
  };
  const named = (name) => numbers(getComputedStyle(document.documentElement).getPropertyValue(name));

  /** The colours of the types stand in style sheets, and differ between light and dark. */
  const colourOf = ({ style, colour }) => {
    if (colour) return numbers(colour);
    const probe = GEO.make("span", { class: style, hidden: "" });
    document.body.append(probe);
    probe.style.color = "var(--t)";
    const found = getComputedStyle(probe).color.match(/[\d.]+/g).slice(0, 3).map(Number);
    probe.remove();
    return found;
  };

  const shows = (cell) => !hidden[categories[cell]] && (!only?.checked || map.differs(cell));

  const paint = () => {
    colours = current.entries.map(colourOf);
    const sea = named("--mat");
    isFiltered = hidden.some(Boolean) || (only?.checked ?? false);
    for (const [sheet, pixel] of [
      [veil, (cell) => shows(cell) ? null : [...sea, 240]],
      [tint, (cell) => shows(cell) ? [...colours[categories[cell]], 150] : null]]) {
      const image = new ImageData(map.columns, map.rows);
      for (let cell = 0; cell < map.count; cell += 1) {
        const value = pixel(cell);
        if (value) image.data.set(value, 4 * cell);
      }
      sheet.getContext("2d").putImageData(image, 0, 0);
    }
    const veiled = packed(sea.map((value) => value * 0.88 + 16));
    for (let cell = 0; cell < map.count; cell += 1) {
      const own = map.colour[cell];
      shown[cell] = shows(cell) ? 1 : 0;
      points[cell] = !shown[cell] ? veiled : packed(current.isPlain
        ? [(own >> 11) * 255 / 31, (own >> 5 & 63) * 255 / 63, (own & 31) * 255 / 31]
        : colours[categories[cell]]);
    }
  };

  const drawLegend = (isKept) => {
    current = schemes[scheme.value]();
    categories = Uint16Array.from({ length: map.count }, (_, cell) => current.of(cell));
    const counts = new Uint32Array(current.entries.length);
    for (const category of categories) counts[category] += 1;
    if (!isKept) hidden = current.entries.map(() => false);
    legend.replaceChildren(
      GEO.make("legend", {}, current.title),
      ...current.entries.flatMap((entry, category) => {
        if (!counts[category]) return [];
        const box = GEO.make("input", { type: "checkbox", value: String(category) });
        box.defaultChecked = true;
        box.checked = !hidden[category];
        const sign = entry.colour ? GEO.make("span", { class: "swatch", "aria-hidden": "true" }, entry.symbol)
          : GEO.patch(["", "", entry.symbol, entry.style]);
        if (entry.colour) sign.style.borderLeftColor = entry.colour;
        return [GEO.make("label", { class: "opt" }, box, sign, entry.title,
          GEO.make("span", { class: "num" }, GEO.number(counts[category])))];
      }));
  };

  const told = () => {
    paint();
    for (const listener of listeners) listener();
  };

  tools.addEventListener("change", (event) => {
    if (event.target === scheme) drawLegend(false);
    else if (legend.contains(event.target)) hidden[Number(event.target.value)] = !event.target.checked;
    told();
  });
  // Clearing the filters keeps colours and layout.
  tools.addEventListener("reset", (event) => {
    event.preventDefault();
    if (only) only.checked = false;
    drawLegend(false);
    told();
  });
  tools.addEventListener("submit", (event) => event.preventDefault());

  return {
    shows, paint, veil, tint, shown, points, packed,
    isTrue: () => layout() === "true",
    isPlain: () => current.isPlain === true,
    isFiltered: () => isFiltered,
    colour: (cell) => colours[categories[cell]],
    symbol: (cell) => current.entries[categories[cell]].symbol,
    sea: () => named("--mat"),
    changed: (listener) => listeners.push(listener),
    address() {
      const values = {};
      if (scheme.value !== "none") values.colour = scheme.value;
      const left = hidden.flatMap((is, category) => is ? [category] : []);
      if (left.length) values.without = left.join(",");
      if (only?.checked) values.only = "differ";
      if (layout() === "true") values.layout = "true";
      return values;
    },
    read(values) {
      const wanted = values.get("colour");
      scheme.value = [...scheme.options].some(({ value }) => value === wanted) ? wanted : "none";
      drawLegend(false);
      for (const category of (values.get("without") ?? "").split(",").filter(Boolean).map(Number)) {
        if (category in hidden) hidden[category] = true;
      }
      drawLegend(true);
      if (only) only.checked = values.get("only") === "differ";
      tools.querySelector(`[name=layout][value=${values.get("layout") === "true" ? "true" : "spread"}]`).checked = true;
      told();
    },
  };
};
