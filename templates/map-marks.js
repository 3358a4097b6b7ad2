// Marks over the pictures of the map: frames and colours of categories, lines around the selection, names.
"use strict";

/** @param parts of the drawing: its context, and where a picture is. */
GEO.mapMarks = (map, { context, look, selection, view, origin, place, strength, style }) => {
  // From this many pixels of the page on a cell has a symbol.
  const SIGNED = 56;

  /** A function that frames a picture in the colour of its category, and signs it if it is large enough. */
  const framing = () => {
    const [left, top] = origin();
    const side = view.scale;
    const width = Math.max(1.5, side / 14);
    const [ink, sheet] = [style("--ink"), style("--sheet")];
    context.font = "600 12px sans-serif";
    context.textBaseline = "middle";
    return (cell) => {
      if (!look.shows(cell)) return;
      const [x, y] = place(cell);
      const [a, b] = [left + x * side, top + y * side];
      context.lineWidth = width;
      context.globalAlpha = strength(cell);
      context.strokeStyle = `rgb(${look.colour(cell)})`;
      context.strokeRect(a + width / 2, b + width / 2, side - width, side - width);
      context.globalAlpha = 1;
      if (side < SIGNED) return;
      const symbol = look.symbol(cell);
      const box = context.measureText(symbol).width + 8;
      context.fillStyle = sheet;
      context.fillRect(a, b + side - 18, box, 18);
      context.lineWidth = 1;
      context.strokeRect(a + 0.5, b + side - 17.5, box - 1, 17);
      context.fillStyle = ink;
      context.fillText(symbol, a + 4, b + side - 8.5);
    };
  };

  /** Lays the colour of its category over a picture. */
  const wash = (cell) => {
    if (!look.shows(cell)) return;
    const [left, top] = origin();
    const [x, y] = place(cell);
    context.globalAlpha = 0.59 * strength(cell);
    context.fillStyle = `rgb(${look.colour(cell)})`;
    context.fillRect(left + x * view.scale, top + y * view.scale, view.scale, view.scale);
    context.globalAlpha = 1;
  };

  /** Lines around the selected pictures in sight, drawn at once. In the grid neighbours share none. */
  const outline = (cells) => {
    const [left, top] = origin();
    const side = view.scale;
    const isTrue = look.plane() !== null;
    const lines = new Path2D();
    const line = (x, y, right, down) => {
      lines.moveTo(x, y);
      lines.lineTo(x + right, y + down);
    };
    const ends = (cell, step, isAtBorder) => isTrue || isAtBorder || !selection.has(cell + step);
    for (const cell of cells) {
      if (!selection.has(cell)) continue;
      const [x, y] = place(cell);
      const [a, b] = [left + x * side, top + y * side];
      if (ends(cell, -1, x === 0)) line(a, b, 0, side);
      if (ends(cell, 1, x === map.columns - 1)) line(a + side, b, 0, side);
      if (ends(cell, -map.columns, y === 0)) line(a, b, side, 0);
      if (ends(cell, map.columns, y === map.rows - 1)) line(a, b + side, side, 0);
    }
    for (const [width, colour] of [[4, "--sheet"], [2, "--over"]]) {
      context.lineWidth = width;
      context.strokeStyle = style(colour);
      context.stroke(lines);
    }
  };

  /** Names of the parts of a plane, each in the gap above its part, where they fit. */
  const drawNames = () => {
    const [, top] = origin();
    // In the middle of the canvas no button covers them.
    const middle = context.canvas.clientWidth / 2;
    context.textBaseline = "middle";
    context.textAlign = "center";
    context.fillStyle = style("--ink");
    for (const { text, y, height } of look.plane()?.names ?? []) {
      const size = Math.min(15, height * view.scale * 0.8);
      if (size < 9) continue;
      context.font = `600 ${size}px sans-serif`;
      context.fillText(text, middle, top + (y + height / 2) * view.scale);
    }
    context.textAlign = "start";
  };

  return { framing, wash, outline, drawNames };
};
