// The page of the map. Everything is drawn on a canvas: tiles, colours and frames over them.
//= include "keys.js"
//= include "load.js"
//= include "save.js"
//= include "lists.js"
//= include "zip.js"
//= include "map-data.js"
//= include "map-tiles.js"
//= include "map-selection.js"
//= include "map-schemes.js"
//= include "map-planes.js"
//= include "map-look.js"
//= include "map-marks.js"
//= include "map-labels.js"
//= include "map-draw.js"
//= include "map-shapes.js"
//= include "map-pointers.js"
"use strict";

(() => {
  const page = document.querySelector("[data-map-page]");
  const part = (name) => page.querySelector(`[data-${name}]`);
  const canvas = part("canvas");
  const context = canvas.getContext?.("2d", { alpha: false });
  if (!GEO.map || !context) {
    page.classList.add("off");
    return;
  }
  const map = GEO.readMap(GEO.map);
  const tools = part("tools");
  const root = document.documentElement.dataset.root || "";
  // Pixels of the page that a cell may have, and what a key or a button does.
  const LARGEST = 448;
  const READABLE = 84;
  const STRIDE = 84;
  // Pixels of the page: from this width on, this much stays free at both sides when everything is shown.
  const WIDE = 640;
  const BUTTONS = 48;
  const NOTES = {
    spread: "Nearby means alike. Each picture has a place of its own, so distances are only a rough guide.",
    true: "True positions: nearby means alike. Pictures cover one another.",
    types: "A block for each label; pictures of one scene lie side by side.",
  };
  // The view: the cell in the middle of the canvas, and pixels of the page for each cell.
  const view = { x: map.columns / 2, y: map.rows / 2, scale: 1 };
  // The picture that was chosen stays so until another one is; the one that is pointed at is only shown.
  let chosen = -1;
  let pointed = -1;
  let told = -1;
  let isWhole = true;
  // Whether the tile that shows the told picture best has not come yet.
  let isLookDue = false;

  const redraw = GEO.onceAFrame(() => draw());
  const tiles = GEO.mapTiles(map, redraw);
  const selection = GEO.mapSelection(map);
  const look = GEO.mapLook(map, { tools, legend: part("legend"), said: part("loading"), selection });
  const drawing = GEO.mapDrawing(map, { canvas, context, tiles, look, selection, view, again: redraw });
  const shapes = GEO.mapShapes(map, { part, canvas, drawing, look, taken: selection.take });
  const draw = () => {
    drawing.draw(chosen, pointed);
    if (isLookDue) lookAt(told);
  };

  // MARK: The view

  const least = () => {
    const { columns, rows } = look.plane() ?? map;
    // On a wide page the buttons at both sides cover no picture.
    const aside = canvas.clientWidth < WIDE ? 0 : BUTTONS;
    return Math.min((canvas.clientWidth - 2 * aside) / columns, canvas.clientHeight / rows) * 0.94;
  };

  const bounded = () => {
    view.scale = Math.min(LARGEST, Math.max(least() * 0.6, view.scale));
    const { columns, rows } = look.plane() ?? map;
    view.x = Math.min(columns, Math.max(0, view.x));
    view.y = Math.min(rows, Math.max(0, view.y));
  };

  const moved = () => {
    bounded();
    redraw();
    keepAddress();
  };

  const showAll = () => {
    const { columns, rows } = look.plane() ?? map;
    isWhole = true;
    Object.assign(view, { x: columns / 2, y: rows / 2, scale: Math.min(READABLE, least()) });
    moved();
  };

  /** Zooms about a point of the canvas; about its middle without one. */
  const zoom = (by, left = canvas.clientWidth / 2, top = canvas.clientHeight / 2) => {
    const before = view.scale;
    isWhole = false;
    view.scale *= by;
    bounded();
    const [x, y] = [left - canvas.clientWidth / 2, top - canvas.clientHeight / 2];
    view.x += x / before - x / view.scale;
    view.y += y / before - y / view.scale;
    moved();
  };

  const move = (x, y) => {
    isWhole = false;
    view.x += x / view.scale;
    view.y += y / view.scale;
    moved();
  };

  /** Brings a picture into the middle, large enough to be seen. */
  const visit = (cell) => {
    const [x, y] = drawing.place(cell);
    isWhole = false;
    Object.assign(view, { x: x + 0.5, y: y + 0.5, scale: Math.max(READABLE, view.scale) });
    choose(cell);
    moved();
  };

  // MARK: The chosen picture

  const typeOf = (index) => index < 0 ? ["unlabelled", "Unlabelled", "–", "unlabelled"] : GEO.types[index];
  const typeLine = (index) =>
    GEO.make("span", { class: "type" }, GEO.patch(typeOf(index)), typeOf(index)[1]);

  const lookAt = (cell) => {
    const small = part("look");
    const pen = small.getContext("2d");
    const found = tiles.cell(0, cell);
    tiles.load();
    const path = map.larger(cell);
    isLookDue = !path && (!found || found.side < map.tile / map.cells);
    pen.imageSmoothingEnabled = false;
    if (found) pen.drawImage(found.image, found.left, found.top, found.side, found.side, 0, 0, 112, 112);
    else pen.clearRect(0, 0, 112, 112);
    small.hidden = false;
    if (!path) return;
    const image = new Image();
    image.src = root + path;
    image.decode().then(() => {
      if (cell !== told) return;
      const scale = 112 / Math.max(image.width, image.height);
      const [width, height] = [image.width * scale, image.height * scale];
      pen.imageSmoothingEnabled = scale < 1;
      pen.clearRect(0, 0, 112, 112);
      pen.drawImage(image, (112 - width) / 2, (112 - height) / 2, width, height);
    }, () => {});
  };

  const tell = (cell) => {
    if (cell < 0 || cell === told) return;
    told = cell;
    const [label, predicted] = [map.label[cell], map.predicted[cell]];
    const share = GEO.percent(map.probability[cell] / 1000);
    const words = predicted < 0 ? "" : label === predicted ? `= predicted so, ${share}`
      : `≠ predicted ${typeOf(predicted)[1].toLowerCase()}, ${share}`;
    part("facts").replaceChildren(
      GEO.make("p", { class: "key" }, map.stem(cell)), GEO.make("p", {}, typeLine(label)),
      GEO.make("p", { class: "muted" }, words),
      GEO.make("p", {}, GEO.make("a", { href: `${root}${map.page(cell)}.html` }, "Open picture")));
    lookAt(cell);
  };

  const choose = (cell) => {
    if (cell < 0) return;
    chosen = cell;
    pointed = -1;
    tell(cell);
    redraw();
    keepAddress();
  };

  /** Shows a picture for as long as it is pointed at; -1 for none: then the chosen one again. */
  const point = (cell) => {
    if (cell === pointed) return;
    pointed = cell;
    tell(cell < 0 ? chosen : cell);
    redraw();
  };
  const current = () => pointed < 0 ? chosen : pointed;

  const open = (cell) => {
    if (cell < 0) return;
    // The way back leads to the view as it is now.
    writeAddress();
    location.href = `${root}${map.page(cell)}.html`;
  };

  const middle = () => drawing.hit(canvas.clientWidth / 2, canvas.clientHeight / 2);
  const enter = () => {
    const cell = middle();
    if (cell >= 0 && cell === chosen) open(cell);
    else choose(cell);
  };

  // MARK: The address: view, colour, filter and picture

  let asked = 0;
  let isReading = false;
  const writeAddress = () => {
    clearTimeout(asked);
    asked = 0;
    const values = new URLSearchParams(look.address());
    if (!isWhole) {
      values.set("at", [view.x, view.y, canvas.clientWidth / view.scale]
        .map((value) => value.toFixed(1)).join(","));
    } else if (chosen >= 0) {
      // A picture without a view is one to go to.
      values.set("at", "all");
    }
    if (chosen >= 0) values.set("picture", map.page(chosen));
    const text = String(values).replaceAll("%2C", ",").replaceAll("%2F", "/");
    history.replaceState(selection.state(), "", text ? `#${text}` : location.pathname + location.search);
  };
  // Browsers let a page change its address only some times a second.
  const keepAddress = () => {
    if (!asked && !isReading) asked = setTimeout(writeAddress, 250);
  };

  const read = () => {
    const values = new URLSearchParams(location.hash.slice(1));
    isReading = true;
    look.read(values);
    const [x, y, width] = (values.get("at") ?? "").split(",").map(Number);
    const wanted = values.get("picture");
    const cell = wanted ? map.find(wanted) : -1;
    part("found").textContent = wanted && cell < 0
      ? `The map has no picture “${wanted}”. It may have been removed from the collection.` : "";
    if (width > 0 && Number.isFinite(x + y)) {
      isWhole = false;
      Object.assign(view, { x, y, scale: canvas.clientWidth / width });
      choose(cell);
    } else if (cell >= 0 && values.get("at") === "all") {
      showAll();
      choose(cell);
    } else if (cell >= 0) {
      visit(cell);
    } else {
      showAll();
    }
    isReading = false;
    moved();
  };

  // MARK: Controls and keys

  GEO.mapPointers(canvas, { drawing, shapes, zoom, move, choose, point, toggle: selection.toggle });
  GEO.mapSelectionPanel(map, selection, { part, point });
  selection.changed(keepAddress);
  GEO.pinTarget = () => current() < 0 ? null : `${root}${map.page(current())}.html`;

  const disputes = map.disputes();
  const nextDispute = () => {
    const shown = disputes.filter((cell) => look.shows(cell));
    if (!shown.length) return false;
    visit(shown[(shown.indexOf(chosen) + 1) % shown.length]);
    return true;
  };
  const isOnMap = () => document.activeElement === canvas || document.activeElement === document.body;
  const onMap = (act) => () => isOnMap() && act() !== false;

  const escape = () => {
    if (shapes.hasFrame() || shapes.isGrowing()) shapes.drop();
    else if (!selection.clear()) tools.reset();
  };

  canvas.addEventListener("keydown", (event) => {
    const ways = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    if (ways[event.key] && shapes.hasFrame()) shapes.changeFrame(...ways[event.key], event.shiftKey);
    else if (ways[event.key]) move(...ways[event.key].map((step) => step * STRIDE));
    else if (event.key === "Enter" && shapes.hasFrame()) shapes.frame();
    else if (event.key === "Enter") enter();
    else return;
    event.preventDefault();
  });
  GEO.addKeys(
    { shown: "← → ↑ ↓", does: "Move the map, when it has the focus" },
    { shown: "Enter", does: "Choose the picture in the middle; again: open it" },
    { key: "+", shown: "+", does: "Zoom in", act: onMap(() => zoom(1.6)) },
    { key: "=", act: onMap(() => zoom(1.6)) },
    { key: "-", shown: "−", does: "Zoom out", act: onMap(() => zoom(0.625)) },
    { key: "0", shown: "0", does: "Show everything", act: onMap(showAll) },
    { key: "l", shown: "L", does: "Draw a lasso, or move the map again", act: () =>
      shapes.use(shapes.tool() === "lasso" ? "move" : "lasso") },
    { key: "r", shown: "R", does: "Select with a frame: arrow keys move it, with Shift they size it, Enter takes it",
      act: () => {
        canvas.focus();
        shapes.frame();
      } },
    { key: "s", shown: "S", does: "Select all that the map shows", act: shapes.takeWindow },
    { key: "x", shown: "X", does: "Select the picture that is pointed at or chosen, or no longer", act: () => {
      if (current() < 0) return false;
      selection.toggle(current());
      return true;
    } },
    { shown: "Shift, Alt", does: "A shape that is drawn adds to the selection, or takes away" },
    { key: "Escape", shown: "Esc", does: "Clear the selection; then the filters. The view stays", act: escape });
  if (disputes.length) {
    GEO.addKeys({ key: "n", shown: "N", does: "Next disagreement of label and prediction", act: nextDispute });
  }
  for (const button of GEO.all("[data-by]", page)) {
    button.addEventListener("click", () => button.dataset.by === "0" ? showAll() : zoom(Number(button.dataset.by)));
  }
  part("take").addEventListener("click", shapes.takeWindow);
  part("next")?.addEventListener("click", nextDispute);
  part("link").addEventListener("click", () => {
    writeAddress();
    GEO.copyLink(part("link"));
  });
  part("find").addEventListener("submit", (event) => {
    event.preventDefault();
    const text = part("find").querySelector("input").value;
    const cell = map.search(text);
    const missing = text.trim() ? `No picture is called “${text}”.` : "Type the name of a picture first.";
    part("found").textContent = cell < 0 ? missing : "";
    if (cell >= 0) visit(cell);
  });
  look.changed(() => {
    part("note").textContent = NOTES[look.layout()];
    if (isWhole) showAll();
    redraw();
    keepAddress();
  });

  // Blocks and the land of likeness have no places in common.
  tools.addEventListener("change", ({ target }) => {
    if (target.name === "layout") showAll();
  });

  const resized = () => {
    const density = window.devicePixelRatio || 1;
    canvas.width = Math.round(canvas.clientWidth * density);
    canvas.height = Math.round(canvas.clientHeight * density);
    if (isWhole) showAll();
    else moved();
    // A canvas that was resized is empty until it is drawn.
    draw();
  };
  new ResizeObserver(resized).observe(canvas);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
    look.paint();
    redraw();
  });
  addEventListener("hashchange", () => {
    read();
    page.scrollIntoView();
  });
  // What a reader does within the last moments before leaving the page is kept too: before a link is followed,
  // because what a page writes while the browser leaves it can come too late.
  const writeNow = () => asked && writeAddress();
  addEventListener("click", writeNow, true);
  addEventListener("pagehide", writeNow);
  canvas.width = canvas.clientWidth;
  canvas.height = canvas.clientHeight;
  read();
  selection.restore(history.state);
  resized();
})();
