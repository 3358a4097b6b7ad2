// The page of one picture: its keys, the score rugs, and targets that stand in both panels.
"use strict";

/**
 * The distances of a list of targets in units of 0.00005, rounded up. The attribute holds steps: each
 * number is the difference to the one before. The limits of rounding of distances (four decimals) and
 * of scores (one decimal) are whole units, so both are the same as those in the text of the page.
 */
GEO.unitsOf = (list) => {
  let sum = 0;
  return list.dataset.d.split(" ").filter(Boolean).map((step) => sum += Number(step));
};

/** A distance with four decimals: 4405 units are 0.2202. */
GEO.distanceOf = (units) => Math.floor(units / 2) / 10000;

/** The score of a distance in percent with one decimal, 100 · (1 − distance / 2): 4405 units are 89. */
GEO.scoreOf = (units) => units > 0 ? Math.min(999, Math.round(1000 - units / 40)) / 10 : 100;

/** A new element of a drawing. */
GEO.draw = (tag, attributes, text = "") => {
  const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(text);
  return element;
};

/**
 * Draws the score rug into the head of a panel: one tick for each target. All panels of the page have
 * the same scale, from the multiple of ten at or below the lowest score to 100. The scores are also
 * written at the targets, so a page without scripts lacks only the overview.
 * @param {Element} panel - Contains a list of targets.
 * @param {number} least - The lowest score on the page, in percent.
 */
const drawRug = (panel, least) => {
  const list = panel.querySelector(".targets");
  const scores = GEO.unitsOf(list).map(GEO.scoreOf);
  if (!scores.length) return;
  const lowest = Math.min(90, Math.max(0, Math.floor(least / 10) * 10));
  const { draw } = GEO;
  const items = [...list.children];
  const ticks = (both, top) => scores
    .filter((_, place) => items[place].classList.contains("both") === both)
    .map((score) => {
      const x = Math.max(4, 4 + 200 * (score - lowest) / (100 - lowest));
      return `M${x.toFixed(1)} ${top}V20`;
    }).join("");
  const rug = draw("svg", {
    class: "rug", viewBox: "0 0 208 38", role: "img",
    "aria-label": `Scores from ${Math.min(...scores)} to ${Math.max(...scores)} percent, ` +
      `on a scale from ${lowest} to 100`,
  });
  rug.append(
    draw("path", { d: ticks(false, 9), stroke: "var(--ink)", "stroke-width": "1.5" }),
    draw("path", { d: ticks(true, 4), stroke: "var(--over)", "stroke-width": "2.5" }),
    draw("path", { d: "M4 20.5H204M4 20v4M104 20v4M204 20v4", stroke: "var(--ink2)", fill: "none" }),
    draw("text", { y: 36 }, `${lowest} %`),
    draw("text", { x: 104, y: 36, "text-anchor": "middle" }, String((lowest + 100) / 2)),
    draw("text", { x: 208, y: 36, "text-anchor": "end" }, "100 %"));
  panel.querySelector("header").append(rug);
};

(() => {
  // Style sheets assume that a small picture is square. Tell them if it is not.
  const figure = document.querySelector("figure");
  const large = figure.querySelector("img");
  if (!figure.closest(".photo") && large.width !== large.height) {
    figure.style.setProperty("--w", large.getAttribute("width"));
    figure.style.setProperty("--h", large.getAttribute("height"));
  }

  const follow = (rel) => () => {
    const link = document.querySelector(`a[rel=${rel}]`);
    if (!link) return false;
    location.href = GEO.carried(link.href);
    return true;
  };
  const plate = document.querySelector(".walk a");
  // The address of this page from the root of the atlas, without ".html"; `null` where a server changed it.
  const here = GEO.pinOf(location.href);

  // Says which of how many pictures of its plate this is. See Sources/Site/Data/OrderData.swift for
  // why a script says it.
  const tellPlace = () => {
    const home = new URL("order.js", plate.href);
    const [folder, ...rest] = here.split("/");
    const name = rest.at(-1);
    const own = home.pathname.split("/").at(-2) === folder ? name : folder + "/" + name;
    const script = GEO.make("script", { src: home.href });
    script.addEventListener("load", () => {
      const place = GEO.order.indexOf(own) + 1;
      if (!place) return;
      const [at, of] = [place, GEO.order.length].map((count) => count.toLocaleString("en"));
      plate.after(`, picture ${at} of ${of}`);
    });
    document.head.append(script);
  };
  if (here) tellPlace();

  // The link to the map opens it at this picture. An atlas without a map has no such link.
  const map = document.querySelector(".mast a[href$='map.html']");
  if (map && here) {
    map.hash = `picture=${here}`;
    GEO.addKeys({ key: "m", shown: "M", does: "The map, at this picture", act: () => map.click() });
  }

  const copyLink = () => GEO.copyLink(document.querySelector("[data-link]"));
  document.querySelector("[data-link]").addEventListener("click", copyLink);
  GEO.addKeys(
    { key: "ArrowLeft", shown: "←", does: "Previous picture", act: follow("prev") },
    { key: "ArrowRight", shown: "→", does: "Next picture", act: follow("next") },
    { key: "p", shown: "P", does: "The plate, at this picture", act: () => plate.click() },
    { key: "l", shown: "L", does: "Copy link", act: copyLink });

  const panels = document.querySelector(".panels");
  if (!panels) return;

  const address = (item) => item.querySelector("a").href;

  // If a target stands in both panels, pointing at one of the two marks the other.
  const twins = (event) => {
    const item = event.target.closest(".both");
    if (!item) return;
    const on = event.type === "mouseover" || event.type === "focusin";
    for (const other of GEO.all(".both", panels)) {
      if (address(other) === address(item)) other.classList.toggle("twin", on);
    }
  };
  for (const kind of ["mouseover", "mouseout", "focusin", "focusout"]) {
    panels.addEventListener(kind, twins);
  }

  const least = Math.min(...GEO.all(".targets", panels).flatMap(GEO.unitsOf).map(GEO.scoreOf));
  for (const panel of GEO.all("section", panels)) drawRug(panel, least);
})();
