// Enlarges a picture of the review beside the picture in question.
"use strict";

/**
 * The dialog that shows a picture of a panel enlarged, beside the picture in question.
 *
 * @returns a function that opens it for a comparison, a side and a place.
 */
GEO.enlarger = () => {
  let current = null;
  const shown = (label) => {
    const view = GEO.make("span", { class: "cell", role: "img" });
    const words = GEO.make("figcaption", {}, label);
    return { view, words, figure: GEO.make("figure", {}, view, words) };
  };
  const [left, right] = [shown("The picture in question"), shown("")];
  const button = (words) => GEO.make("button", { class: "btn", type: "button" }, words);
  const [previous, next, close] = ["Previous", "Next", "Close"].map(button);
  const dialog = GEO.make("dialog", { "aria-labelledby": "enlarged" },
    GEO.make("div", { class: "dlg-top" }, GEO.make("h2", { id: "enlarged" }, "Enlarged"),
      GEO.make("span", { class: "group" }, previous, next, close)),
    GEO.make("div", { class: "duo" }, left.figure, right.figure));

  const draw = () => {
    const { comparison, side, place } = current;
    right.figure.hidden = side === "C";
    previous.hidden = next.hidden = side === "C";
    left.view.style = GEO.viewOf(comparison, "C");
    left.view.setAttribute("aria-label", "The picture in question");
    if (side === "C") return;
    right.view.style = GEO.viewOf(comparison, side, place);
    right.view.setAttribute("aria-label", `Panel ${side}, picture ${place + 1}`);
    right.words.textContent = `Panel ${side}, picture ${place + 1} of ${comparison.targets}`;
  };
  const move = (by) => {
    if (current.side === "C") return;
    current.place = (current.place + by + current.comparison.targets) % current.comparison.targets;
    draw();
  };
  previous.addEventListener("click", () => move(-1));
  next.addEventListener("click", () => move(1));
  close.addEventListener("click", () => dialog.close());
  dialog.addEventListener("keydown", (event) => {
    const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (by) move(by);
  });
  dialog.addEventListener("click", ({ target }) => {
    if (target === dialog) dialog.close();
  });
  document.body.append(dialog);

  return (comparison, side, place) => {
    current = { comparison, side, place };
    dialog.classList.toggle("px", GEO.review.small);
    draw();
    dialog.showModal();
  };
};
