// The distances between pinned pictures, from the look-alikes that the build found for each. The scripts of
// Sources/Site/Data/PinData.swift hold them.
"use strict";

(() => {
  const DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-_";
  const BOUND = 3;
  const MARK = 4;
  const ENTRY = MARK + 3;

  const number = (text) => [...text].reduce((sum, digit) => sum * 64 + DIGITS.indexOf(digit), 0);

  /** The two bounds of a list, and its distances by mark. */
  const read = (text) => {
    const known = new Map();
    for (let at = 2 * BOUND; at < text.length; at += ENTRY) {
      known.set(text.slice(at, at + MARK), number(text.slice(at + MARK, at + ENTRY)));
    }
    return { any: number(text.slice(0, BOUND)), others: number(text.slice(BOUND, 2 * BOUND)), known };
  };

  /**
   * What is known of the distance of two pictures by one measure, as a text: "0.2213", "≥ 0.3120", or "–".
   */
  GEO.apart = (one, other, measure) => {
    const texts = [one, other].map(({ distances }) => distances[measure]);
    if (texts.includes(undefined)) return "–";
    const [own, its] = texts.map(read);
    const units = own.known.get(other.mark) ?? its.known.get(one.mark);
    // Two units of the data are one of the last decimal place.
    if (units !== undefined) return (Math.floor(units / 2) / 10000).toFixed(4);
    const isOneGroup = one.group !== "" && one.group === other.group;
    const bound = Math.max(...[own, its].map(({ any, others }) => isOneGroup ? any : others));
    return bound > 0 ? `≥\u202f${(bound / 10000).toFixed(4)}` : "–";
  };

  /** A table with the distances of pictures, `[[number, name, picture], …]`, by one measure. */
  GEO.apartTable = (pictures, measure) => {
    const [titles, words] = GEO.measures[measure];
    const heads = pictures.slice(0, -1);
    const body = pictures.slice(1).map(([place, name, picture], row) =>
      GEO.make("tr", {}, GEO.make("th", { scope: "row" }, `${place} ${name}`),
        ...heads.map(([, , other], column) =>
          GEO.make("td", { class: "num" }, column <= row ? GEO.apart(picture, other, measure) : ""))));
    const name = titles.join(" and ");
    return GEO.make("div", {}, GEO.make("h3", {}, name), GEO.make("p", {}, `Distance: ${words}.`),
      GEO.make("div", {
        class: "scrollx", tabindex: "0", role: "region", "aria-label": `${name}, scrolls sideways`,
      },
      GEO.make("table", { class: "data", "aria-label": `Distances by ${name}` },
        GEO.make("thead", {}, GEO.make("tr", {}, GEO.make("th", { scope: "col" }, "Picture"),
          ...heads.map(([place]) => GEO.make("th", { scope: "col", class: "num" }, String(place))))),
        GEO.make("tbody", {}, ...body))));
  };
})();
