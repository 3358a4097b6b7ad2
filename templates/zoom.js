// Enlarges a photograph in its frame, by buttons and keys; it is moved by dragging or by arrow keys. The
// mouse wheel still scrolls the page.
"use strict";

(() => {
  const box = document.querySelector(".window");
  if (!box) return;
  const image = box.querySelector("img");
  const figure = box.closest("figure");
  const marks = GEO.all(".scale i", figure);
  const shown = figure.querySelector("[data-shown]");
  const buttons = GEO.all("[data-zoom]", figure);
  const width = Number(image.getAttribute("width"));
  // The original marks of the bar scale, to be restored.
  const wholeMarks = marks.map((mark) => [...mark.childNodes]);
  // Screen pixels for each pixel of the picture; below 1 the picture is reduced.
  const STEPS = [0.125, 0.25, 0.5, 1, 2, 4, 8];
  // The part of the box by which an arrow key moves the picture.
  const STRIDE = 0.2;
  let factor = 1;
  // Whether the marks show a part of the picture.
  let areChanged = false;
  let centre = [0.5, 0.5];

  // The page shows a smaller copy of a large photograph. The whole one takes its place when it has
  // come, once it is enlarged.
  let original = image.dataset.original;
  const loadOriginal = () => {
    if (!original) return;
    const whole = new Image();
    whole.src = original;
    original = "";
    whole.decode().then(() => {
      image.src = whole.src;
    }, () => {
      shown.textContent = "The whole picture cannot be loaded. A smaller copy is shown.";
    });
  };

  const fit = () => box.clientWidth / width;
  const largest = () => STEPS.at(-1) / fit();

  const draw = () => {
    const half = 0.5 / factor;
    centre = centre.map((value) => Math.min(1 - half, Math.max(half, value)));
    const [left, top] = centre.map((value) => value - half);
    const isWhole = factor === 1;
    image.style.transform = isWhole ? ""
      : `scale(${factor}) translate(${-100 * left}%, ${-100 * top}%)`;
    image.classList.toggle("px", fit() * factor >= 2);
    box.classList.toggle("enlarged", !isWhole);
    // Only an enlarged picture can be moved, so only then the box takes the focus.
    box.tabIndex = isWhole ? -1 : 0;
    // Marks that did not change are left alone: putting them in again would count as a move.
    if (!isWhole || areChanged) marks.forEach((mark, place) => {
      const pixel = Math.round(width * (left + place / (4 * factor)));
      if (isWhole) mark.replaceChildren(...wholeMarks[place]);
      else mark.textContent = GEO.number(pixel) + (place === 4 ? "\u202fpx" : "");
    });
    areChanged = !isWhole;
    shown.textContent = `Shown at ${Math.round(100 * fit() * factor)}\u202f% of its size`;
    for (const button of buttons) {
      button.disabled = button.dataset.zoom === "1" ? factor >= largest() * 0.99 : isWhole;
    }
  };

  const zoom = (direction) => {
    const now = fit() * factor;
    const next = direction > 0 ? STEPS.find((step) => step > now * 1.01)
      : direction < 0 ? STEPS.findLast((step) => step < now * 0.99) : 0;
    if (direction > 0 && !next) return;
    factor = Math.max(1, (next ?? 0) / fit());
    if (factor > 1) loadOriginal();
    draw();
  };

  const move = (x, y) => {
    centre = [centre[0] + x / factor, centre[1] + y / factor];
    draw();
  };

  for (const button of buttons) {
    button.addEventListener("click", () => {
      zoom(Number(button.dataset.zoom));
      // A button that is disabled loses the focus, so give it to the other one.
      if (button.disabled) buttons.find((other) => !other.disabled)?.focus();
    });
  }

  box.setAttribute("role", "group");
  box.setAttribute("aria-label", "The picture; arrow keys move it when it is enlarged");
  box.addEventListener("keydown", (event) => {
    const way = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
    if (factor === 1 || !way[event.key] || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    move(...way[event.key].map((step) => step * STRIDE));
  });

  let held = null;
  image.draggable = false;
  box.addEventListener("pointerdown", (event) => {
    if (factor === 1 || event.button !== 0) return;
    held = [event.clientX, event.clientY];
    box.setPointerCapture(event.pointerId);
  });
  box.addEventListener("pointermove", (event) => {
    if (!held) return;
    move((held[0] - event.clientX) / box.clientWidth, (held[1] - event.clientY) / box.clientHeight);
    held = [event.clientX, event.clientY];
  });
  for (const end of ["pointerup", "pointercancel"]) {
    box.addEventListener(end, () => {
      held = null;
    });
  }

  addEventListener("resize", GEO.onceAFrame(() => {
    factor = Math.min(factor, Math.max(1, largest()));
    draw();
  }));
  GEO.addKeys(
    { key: "+", shown: "+", does: "Enlarge the picture", act: () => zoom(1) },
    // The same key without Shift.
    { key: "=", act: () => zoom(1) },
    { key: "-", shown: "−", does: "Make it smaller", act: () => zoom(-1) },
    { key: "0", shown: "0", does: "Show the whole picture", act: () => zoom(0) });
  draw();
})();
