// Draws the map on its canvas.
"use strict";

/** @param parts the canvas with its context, the tiles, the look, the selection, the view; `again` draws once more. */
GEO.mapDrawing = (map, { canvas, context, tiles, look, selection, view, again }) => {
  // From this many pixels of the page on a cell has a frame instead of a colour over it; pictures of that many are
  // drawn from their own files.
  const FRAMED = 20;
  const OWN = 112;
  // As many pictures are drawn singly; more become points.
  const SINGLY = 2000;
  const larger = new Map();
  const style = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

  // How much of a picture that is not selected is seen.
  const APART = 0.35;
  const strength = (cell) => selection.count() && !selection.has(cell) ? APART : 1;

  const place = (cell) => {
    const plane = look.plane();
    return plane ? [plane.x[cell] - 0.5, plane.y[cell] - 0.5] : [cell % map.columns, Math.floor(cell / map.columns)];
  };

  /** Left and top of the map's first cell on the canvas, in pixels of the page. */
  const origin = () =>
    [canvas.clientWidth / 2 - view.x * view.scale, canvas.clientHeight / 2 - view.y * view.scale];

  /** The cells of the grid that are in sight: first and end of columns and rows. */
  const window = () => {
    const [left, top] = origin();
    const first = (from) => Math.max(0, Math.floor(-from / view.scale));
    const end = (from, size, most) => Math.min(most, Math.ceil((size - from) / view.scale));
    return [first(left), end(left, canvas.clientWidth, map.columns),
      first(top), end(top, canvas.clientHeight, map.rows)];
  };

  const inSight = () => {
    const plane = look.plane();
    if (!plane) {
      const [left, right, top, bottom] = window();
      if ((right - left) * (bottom - top) > 2 * SINGLY) return null;
      const cells = [];
      for (let row = top; row < bottom; row += 1) {
        for (let column = left; column < right; column += 1) {
          const cell = row * map.columns + column;
          if (cell < map.count) cells.push(cell);
        }
      }
      return cells;
    }
    const half = [canvas.clientWidth, canvas.clientHeight].map((size) => size / view.scale / 2 + 1);
    const cells = [];
    for (let cell = 0; cell < map.count; cell += 1) {
      if (Math.abs(plane.x[cell] - view.x) > half[0] || Math.abs(plane.y[cell] - view.y) > half[1]) continue;
      cells.push(cell);
      if (cells.length > SINGLY) return null;
    }
    return cells;
  };

  const drawTiles = (density) => {
    const level = tiles.level(view.scale * density);
    const side = map.cells * 2 ** level;
    const [left, top] = origin();
    const [first, end, above, below] = window();
    context.imageSmoothingEnabled = view.scale * density < 28;
    // The last tiles reach beyond the map.
    context.save();
    context.beginPath();
    context.rect(left, top, map.columns * view.scale, map.rows * view.scale);
    context.clip();
    for (let row = Math.floor(above / side); row * side < below; row += 1) {
      for (let column = Math.floor(first / side); column * side < end; column += 1) {
        const found = tiles.image(level, column, row);
        if (!found) continue;
        const part = map.tile / found.scale;
        context.drawImage(found.image, found.left, found.top, part, part,
          left + column * side * view.scale, top + row * side * view.scale,
          side * view.scale, side * view.scale);
      }
    }
    context.restore();
  };

  /** The last row may end before the border; there is no picture there. */
  const drawEnd = () => {
    const rest = map.count % map.columns;
    if (!rest) return;
    const [left, top] = origin();
    context.fillStyle = style("--mat");
    context.fillRect(left + rest * view.scale, top + (map.rows - 1) * view.scale,
      (map.columns - rest) * view.scale + 1, view.scale + 1);
  };

  const drawOver = (sheet) => {
    const [left, top] = origin();
    context.imageSmoothingEnabled = false;
    context.drawImage(sheet, left, top, map.columns * view.scale, map.rows * view.scale);
  };

  /** Points in the colour of the picture, or of its category. */
  const drawPoints = (density) => {
    const { width, height } = canvas;
    const image = context.createImageData(width, height);
    const pixels = new Uint32Array(image.data.buffer);
    pixels.fill(look.packed(look.sea()));
    const side = Math.max(2, Math.round(view.scale * density * 0.8));
    const [left, top] = origin().map((value) => value * density);
    const scale = view.scale * density;
    const { shown, points } = look;
    const plane = look.plane();
    // Veiled points first, so that they cover none of the others.
    for (const isShown of look.isFiltered() ? [0, 1] : [1]) {
      for (let cell = 0; cell < map.count; cell += 1) {
        if (shown[cell] !== isShown) continue;
        const x = Math.round(left + plane.x[cell] * scale - side / 2);
        const y = Math.round(top + plane.y[cell] * scale - side / 2);
        if (x < 0 || y < 0 || x + side > width || y + side > height) continue;
        for (let row = y; row < y + side; row += 1) {
          const start = row * width + x;
          for (let at = start; at < start + side; at += 1) pixels[at] = points[cell];
        }
      }
    }
    context.putImageData(image, 0, 0);
  };

  const ownPicture = (cell, redraw) => {
    const path = map.larger(cell);
    if (!path) return null;
    let entry = larger.get(cell);
    if (!entry) {
      const image = new Image();
      entry = { image, isReady: false };
      larger.set(cell, entry);
      image.src = (document.documentElement.dataset.root || "") + path;
      image.decode().then(() => {
        entry.isReady = true;
        redraw();
      }, () => {});
      // What was used first goes first.
      if (larger.size > 240) larger.delete(larger.keys().next().value);
    }
    return entry.isReady ? entry.image : null;
  };

  /** Draws pictures one by one, and `after` each. */
  const drawSingly = (cells, density, redraw, after) => {
    const [left, top] = origin();
    const side = view.scale;
    const level = tiles.level(side * density);
    const isTrue = look.plane() !== null;
    context.imageSmoothingEnabled = side * density < 28;
    for (const cell of cells) {
      const [x, y] = place(cell);
      const [a, b] = [left + x * side, top + y * side];
      const own = side >= OWN ? ownPicture(cell, redraw) : null;
      if (own) {
        const scale = side / Math.max(own.width, own.height);
        context.globalAlpha = 1;
        context.imageSmoothingEnabled = true;
        context.fillStyle = style("--mat");
        context.fillRect(a, b, side, side);
        context.drawImage(own, a + (side - own.width * scale) / 2, b + (side - own.height * scale) / 2,
          own.width * scale, own.height * scale);
        if (!look.shows(cell)) {
          context.globalAlpha = 0.94;
          context.fillRect(a, b, side, side);
        }
      } else if (isTrue) {
        const found = tiles.cell(level, cell);
        if (!found) continue;
        context.globalAlpha = look.shows(cell) ? strength(cell) : 0.06;
        context.drawImage(found.image, found.left, found.top, found.side, found.side, a, b, side, side);
      }
      context.globalAlpha = 1;
      after(cell);
    }
  };

  const names = GEO.mapLabels(map, { context, view, style, arrived: again });
  const marks = GEO.mapMarks(map, { context, look, selection, view, origin, place, strength, style });
  const drawing = {
    place,
    /** The middle of a picture on the canvas, in pixels of the page. */
    middle(cell) {
      const [left, top] = origin();
      const [x, y] = place(cell);
      return [left + (x + 0.5) * view.scale, top + (y + 0.5) * view.scale];
    },
    /** The picture at a point of the canvas that is not hidden; -1 if there is none. */
    hit(x, y) {
      const [left, top] = origin();
      const [column, row] = [(x - left) / view.scale, (y - top) / view.scale];
      const plane = look.plane();
      if (!plane) {
        if (column < 0 || row < 0 || column >= map.columns) return -1;
        const cell = Math.floor(row) * map.columns + Math.floor(column);
        return cell < map.count && look.shows(cell) ? cell : -1;
      }
      let best = -1;
      let nearest = Math.max(0.7, 10 / view.scale) ** 2;
      for (let cell = 0; cell < map.count; cell += 1) {
        const far = (plane.x[cell] - column) ** 2 + (plane.y[cell] - row) ** 2;
        if (far > nearest || !look.shows(cell)) continue;
        [best, nearest] = [cell, far];
      }
      return best;
    },
    /** @param marked pictures with a frame; -1 for none. */
    draw(...marked) {
      const density = canvas.width / Math.max(1, canvas.clientWidth);
      context.setTransform(1, 0, 0, 1, 0, 0);
      const cells = view.scale >= 8 ? inSight() : null;
      const isTrue = look.plane() !== null;
      if (isTrue && !cells) {
        drawPoints(density);
      } else {
        context.fillStyle = style("--mat");
        context.fillRect(0, 0, canvas.width, canvas.height);
      }
      context.setTransform(density, 0, 0, density, 0, 0);
      if (!isTrue) drawTiles(density);
      const hasFrames = cells && view.scale >= FRAMED && !look.isPlain();
      const frame = hasFrames ? marks.framing() : look.isPlain() ? () => {} : marks.wash;
      // Pictures that cover one another have their frames at once; in the grid, frames come last.
      if (cells && (isTrue || view.scale >= OWN)) {
        drawSingly(cells, density, again, isTrue ? frame : () => {});
      }
      if (!isTrue) {
        if (look.isFiltered()) drawOver(look.veil);
        if (!look.isPlain() && !hasFrames) drawOver(look.tint);
        if (selection.count()) drawOver(selection.veil);
        drawEnd();
      }
      if (hasFrames && !isTrue) cells.forEach(frame);
      if (cells && selection.count()) marks.outline(cells);
      if (look.plane()) marks.drawNames();
      else if (look.hasNames()) names(origin());
      for (const cell of marked.filter((each) => each >= 0)) {
        const [left, top] = origin();
        const [x, y] = place(cell);
        const side = Math.max(6, view.scale);
        context.lineWidth = 3;
        context.strokeStyle = style("--over");
        context.strokeRect(left + (x + 0.5) * view.scale - side / 2 - 1.5,
          top + (y + 0.5) * view.scale - side / 2 - 1.5, side + 3, side + 3);
      }
      tiles.load();
    },
  };
  return drawing;
};
