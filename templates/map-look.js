// How the map looks: colours, legend and filters. What a category means is told by its sign as well.
"use strict";

/** @param parts the form of the settings, the fieldset of the legend, what it says, and the selection. */
GEO.mapLook = (map, { tools, legend, said, selection }) => {
  // Entries of a legend, at most.
  const MOST = 1000;
  const listeners = [];
  const schemes = GEO.mapSchemes(map);
  const planes = GEO.mapPlanes(map);
  const scheme = tools.querySelector("[name=scheme]");
  // "spread" is the grid; the others are planes.
  let layout = "spread";
  const only = tools.querySelector("[name=only]");
  const names = tools.querySelector("[name=names]");
  let current = schemes.find("none");
  let categories = new Uint16Array(map.count);
  // For each category whether its pictures are hidden; of no meaning while a column is loading.
  let hidden = [];
  let isLoading = false;
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

  const isHidden = (category) => !isLoading && hidden[category] === true;
  const shows = (cell) => !isHidden(categories[cell]) && (!only?.checked || map.differs(cell));

  const paint = () => {
    colours = current.entries.map(colourOf);
    const sea = named("--mat");
    isFiltered = current.entries.some((_, category) => isHidden(category)) || (only?.checked ?? false);
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
    if (selection.count()) selection.paint(sea);
    const veiled = packed(sea.map((value) => value * 0.88 + 16));
    for (let cell = 0; cell < map.count; cell += 1) {
      const own = map.colour[cell];
      shown[cell] = shows(cell) ? 1 : 0;
      const colour = current.isPlain
        ? [(own >> 11) * 255 / 31, (own >> 5 & 63) * 255 / 63, (own & 31) * 255 / 31]
        : colours[categories[cell]];
      // Points that are not selected are nearly lost in the ground.
      const isApart = selection.count() && !selection.has(cell);
      points[cell] = !shown[cell] ? veiled : packed(isApart
        ? colour.map((value, channel) => value * 0.2 + sea[channel] * 0.8) : colour);
    }
  };

  /** A button that shows all entries of the legend, or none. */
  const all = (areShown) => {
    const button = GEO.make("button", { class: "btn", type: "button" }, areShown ? "All" : "None");
    button.addEventListener("click", () => {
      hidden = current.entries.map(() => !areShown);
      for (const box of GEO.all("input", legend)) box.checked = areShown;
      told();
    });
    return button;
  };

  const drawLegend = () => {
    categories = Uint16Array.from({ length: map.count }, (_, cell) => current.of(cell));
    const counts = new Uint32Array(current.entries.length);
    for (const category of categories) counts[category] += 1;
    legend.replaceChildren(
      GEO.make("legend", {}, current.title),
      ...current.entries.flatMap((entry, category) => {
        if (!counts[category]) return [];
        const box = GEO.make("input", { type: "checkbox", value: String(category) });
        box.defaultChecked = true;
        box.checked = !isHidden(category);
        const sign = entry.colour ? GEO.make("span", { class: "swatch", "aria-hidden": "true" }, entry.symbol)
          : GEO.patch(["", "", entry.symbol, entry.style]);
        if (entry.colour) sign.style.borderLeftColor = entry.colour;
        return [GEO.make("label", { class: "opt" }, box, sign, entry.title,
          GEO.make("span", { class: "num" }, GEO.number(counts[category])))];
      }),
      GEO.make("div", { class: "map-buttons" }, all(true), all(false)));
    legend.disabled = isLoading;
  };

  const told = () => {
    paint();
    for (const listener of listeners) listener();
  };

  /** Takes the layout that is chosen, as soon as its places are known. */
  const arrange = () => {
    layout = tools.querySelector("[name=layout]:checked").value;
    if (!planes.find(layout)) planes.load(layout).then(told);
  };

  /** Colours by what is chosen: at once if that is there, else plain until it has been loaded. */
  const colour = () => {
    const name = scheme.value;
    const found = schemes.find(name);
    isLoading = !found;
    current = found ?? schemes.find("none");
    if (found) hidden.length = Math.min(hidden.length, found.entries.length);
    drawLegend();
    told();
    if (found) return;
    said.textContent = "Loading …";
    schemes.load(name).then((isThere) => {
      said.textContent = isThere ? "" : "This column is missing in the atlas. Reload the page, or ask for a new copy.";
      if (scheme.value !== name) return;
      if (!isThere) {
        scheme.value = "none";
        hidden = [];
      }
      colour();
    });
  };

  selection.changed(told);
  tools.addEventListener("change", (event) => {
    if (event.target === scheme) {
      hidden = [];
      colour();
      return;
    }
    if (event.target.name === "layout") arrange();
    if (legend.contains(event.target)) hidden[Number(event.target.value)] = !event.target.checked;
    told();
  });
  // Clearing the filters keeps colours and layout.
  tools.addEventListener("reset", (event) => {
    event.preventDefault();
    if (only) only.checked = false;
    hidden = [];
    drawLegend();
    told();
  });
  tools.addEventListener("submit", (event) => event.preventDefault());

  return {
    shows, paint, veil, tint, shown, points, packed,
    /** The places of the pictures (`GEO.mapPlanes`); null for the grid. */
    plane: () => planes.find(layout),
    layout: () => layout,
    hasNames: () => names.checked,
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
      if (layout !== "spread") values.layout = layout;
      if (!names.checked) values.names = "no";
      return values;
    },
    read(values) {
      const wanted = values.get("colour");
      scheme.value = [...scheme.options].some(({ value }) => value === wanted) ? wanted : "none";
      hidden = [];
      for (const category of (values.get("without") ?? "").split(",").filter(Boolean).map(Number)) {
        if (Number.isInteger(category) && category >= 0 && category < MOST) hidden[category] = true;
      }
      if (only) only.checked = values.get("only") === "differ";
      names.checked = values.get("names") !== "no";
      const layouts = GEO.all("[name=layout]", tools);
      (layouts.find(({ value }) => value === values.get("layout")) ?? layouts[0]).checked = true;
      arrange();
      colour();
      if (wanted && wanted !== scheme.value) {
        said.textContent = `The link asks for colours by “${wanted}”, which this map does not have.`;
      }
    },
  };
};
