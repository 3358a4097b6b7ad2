// Mouse, pen and fingers on the map: moving, zooming, choosing, and drawing shapes.
"use strict";

/** @param acts what they do: `zoom`, `move`, `choose`, `point` at and `toggle` a picture; and the shapes. */
GEO.mapPointers = (canvas, { drawing, shapes, zoom, move, choose, point, toggle }) => {
  // Pixels that a click may go.
  const STILL = 6;
  const held = new Map();
  const stage = canvas.closest(".stage");
  let way = 0;
  // Where the mouse is; null outside.
  let at = null;
  const follow = GEO.onceAFrame(() => point(at ? drawing.hit(...at) : -1));

  canvas.addEventListener("pointerdown", (event) => {
    if (event.pointerType === "mouse" && event.button !== 0) return;
    canvas.setPointerCapture(event.pointerId);
    held.set(event.pointerId, [event.offsetX, event.offsetY]);
    way = held.size > 1 ? Infinity : 0;
    // A second finger zooms.
    if (held.size > 1) shapes.drop();
    else if (!shapes.begins(event)) stage.classList.add("held");
  });
  canvas.addEventListener("pointermove", (event) => {
    const now = [event.offsetX, event.offsetY];
    const before = held.get(event.pointerId);
    if (!before) {
      at = now;
      follow();
      return;
    }
    held.set(event.pointerId, now);
    const other = [...held].find(([id]) => id !== event.pointerId)?.[1];
    if (shapes.isGrowing()) {
      shapes.grows(event);
    } else if (other) {
      const far = (a) => Math.max(1, Math.hypot(a[0] - other[0], a[1] - other[1]));
      zoom(far(now) / far(before), other[0], other[1]);
    } else {
      const [x, y] = [before[0] - now[0], before[1] - now[1]];
      way += Math.abs(x) + Math.abs(y);
      move(x, y);
    }
  });

  canvas.addEventListener("pointerleave", () => {
    at = null;
    follow();
  });

  const click = (event) => {
    const cell = drawing.hit(event.offsetX, event.offsetY);
    choose(cell);
    if (event.shiftKey && cell >= 0) toggle(cell);
  };
  canvas.addEventListener("pointerup", (event) => {
    if (!held.delete(event.pointerId)) return;
    if (!held.size) stage.classList.remove("held");
    if (shapes.isGrowing()) {
      if (!shapes.ends(event)) click(event);
    } else if (way < STILL) {
      click(event);
    }
  });
  canvas.addEventListener("pointercancel", (event) => {
    if (!held.delete(event.pointerId)) return;
    if (!held.size) stage.classList.remove("held");
    shapes.drop();
  });
  canvas.addEventListener("dblclick", (event) => zoom(2.5, event.offsetX, event.offsetY));
  canvas.addEventListener("wheel", (event) => {
    event.preventDefault();
    // Firefox counts lines.
    const pixels = event.deltaY * (event.deltaMode === 1 ? 24 : 1);
    zoom(Math.exp(-pixels * 0.0015), event.offsetX, event.offsetY);
  }, { passive: false });
};
