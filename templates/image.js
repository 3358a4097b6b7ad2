// The page of one picture: twins in the two panels, and the compare dialog.
"use strict";

/** The dialog in which two pictures stand side by side; only scripts can open it. */
const compareDialog = (name, source, small) => {
  const picture = (attributes, caption) => GEO.make("figure", {},
    GEO.make("span", { class: small ? "pic px" : "pic", ...attributes }, GEO.make("img", { alt: "" })),
    caption);
  const button = (text, attributes) =>
    GEO.make("button", { class: "btn", type: "button", ...attributes }, text);
  const dialog = GEO.make("dialog", { id: "cmp", "aria-labelledby": "cmpt" },
    GEO.make("div", { class: "dlg-top" },
      GEO.make("h2", { id: "cmpt" }, "Compare"), button("Close", { "data-close": "" })),
    GEO.make("div", { class: "duo" },
      picture({ "data-me": "" }, GEO.make("figcaption", {}, name, GEO.make("br"),
        GEO.make("span", { class: "muted" }, "the picture in question"))),
      picture({ "data-you": "" }, GEO.make("figcaption", { "data-cap": "" }))),
    GEO.make("p", { class: "walk" },
      GEO.make("span", { class: "muted" },
        "Both at the same size. The right picture is turned as it matched."),
      GEO.make("span", { class: "group" },
        button("Previous target", { "data-step": "-1", class: "btn prev" }),
        button("Next target", { "data-step": "1", class: "btn next" }))));
  dialog.querySelector("[data-me] img").src = source;
  document.body.append(dialog);
  return dialog;
};

/**
 * Draws the score rug into the head of a panel: one tick a target on a scale that all panels of the
 * page share, a whole ten at or below the lowest score, to 100. It shows the scores below it once
 * more, so a page without scripts lacks nothing but the overview.
 * @param {Element} panel - With a list of targets.
 * @param {Element} panels - Around all panels.
 * @param {function(Element): string} score - The text of a target's score: "89.4 %".
 */
const drawRug = (panel, panels, score) => {
  const number = (link) => parseFloat(score(link).replace("<", ""));
  const links = GEO.all(".targets a", panel);
  if (!links.length) return;
  const least = Math.min(...GEO.all(".targets a", panels).map(number));
  const lowest = Math.min(90, Math.max(0, Math.floor(least / 10) * 10));
  const draw = (tag, attributes, text = "") => {
    const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    element.append(text);
    return element;
  };
  const ticks = (both, top) => links
    .filter((link) => link.parentElement.classList.contains("both") === both)
    .map((link) => {
      const x = Math.max(4, 4 + 200 * (number(link) - lowest) / (100 - lowest));
      return `M${x.toFixed(1)} ${top}V20`;
    }).join("");
  const scores = links.map(number);
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
  // Styles take a small picture for square unless they are told.
  const figure = document.querySelector("figure");
  const large = figure.querySelector("img");
  if (!figure.closest(".photo") && large.width !== large.height) {
    figure.style.setProperty("--w", large.getAttribute("width"));
    figure.style.setProperty("--h", large.getAttribute("height"));
  }

  const panels = document.querySelector(".panels");
  if (!panels) return;

  const address = (item) => item.querySelector("a").href;

  // Pointing at a target that stands in both panels thickens its twin.
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

  const targets = GEO.all(".targets", panels).flatMap((list) => {
    const links = GEO.all("a", list);
    const panel = list.closest(".panel").querySelector("h2").textContent.trim();
    return links.map((link, index) => ({ link, panel, rank: index + 1, of: links.length }));
  });
  // Read from the texts, the number before its unit.
  const score = (link) => link.querySelector("img").nextSibling.textContent;
  for (const panel of GEO.all(".panel", panels)) drawRug(panel, panels, score);

  const dialog = compareDialog(large.alt, large.src, !figure.closest(".photo"));
  const opener = document.querySelector("[data-compare]");
  if (!opener) return;

  const frame = dialog.querySelector("[data-you]");
  const caption = dialog.querySelector("[data-cap]");
  const picture = frame.querySelector("img");
  let current = 0;
  caption.setAttribute("aria-live", "polite");

  const show = () => {
    const { link, panel, rank, of } = targets[current];
    const small = link.querySelector("img");
    const turn = (/\bt(\d+)\b/.exec(link.parentElement.className) || ["", "0"])[1];
    const name = `${small.alt} ${link.querySelector("b").textContent}`;
    const turned = turn === "0" ? "" : `, turned ${turn}°`;
    picture.src = link.dataset.src ? new URL(link.dataset.src, location.href).href : small.src;
    picture.alt = "";
    frame.style.setProperty("--turn", turn);
    frame.classList.toggle("px", !link.parentElement.classList.contains("photo"));
    caption.replaceChildren(
      `${name}, ${score(link)}${turned}`,
      GEO.make("br"),
      GEO.make("span", { class: "muted" }, `target ${rank} of ${of}, ${panel}`));
  };

  const step = (by) => {
    current = (current + by + targets.length) % targets.length;
    show();
  };

  opener.addEventListener("click", () => {
    show();
    dialog.showModal();
  });
  dialog.querySelector("[data-close]").addEventListener("click", () => dialog.close());
  for (const button of GEO.all("[data-step]", dialog)) {
    button.addEventListener("click", () => step(Number(button.dataset.step)));
  }
  dialog.addEventListener("keydown", (event) => {
    const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!by) return;
    event.preventDefault();
    step(by);
  });
  // A press beside the dialog is a press on the dialog element itself.
  dialog.addEventListener("click", (event) => {
    const box = dialog.getBoundingClientRect();
    const inside = event.clientX >= box.left && event.clientX <= box.right &&
      event.clientY >= box.top && event.clientY <= box.bottom;
    // Keys press buttons without a place of their own.
    if (event.detail > 0 && event.target === dialog && !inside) dialog.close();
  });
})();
