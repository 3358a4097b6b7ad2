// Names of regions on the map. Which there are at each zoom is found when the atlas is built
// (Sources/Site/Map/MapNames.swift).
"use strict";

/** Draws names of regions, so that none covers another. `parts.arrived` is called when a picture has come. */
GEO.mapLabels = (map, { context, view, style, arrived }) => {
  // A name is shown if the blocks of its region have this side in pixels of the page, and no single picture is as
  // large as the other.
  const LEAST = 64;
  const LARGEST = 56;
  const TITLE = "600 13px sans-serif";
  const MORE = "11px sans-serif";
  const HEIGHT = 40;
  const SIDE = 28;
  const GAP = 6;
  const root = document.documentElement.dataset.root || "";
  const { regions } = map;
  const sides = [...new Set(regions.map(({ side }) => side))].sort((a, b) => b - a);
  const widths = new Map();
  const images = new Map();

  const widthOf = (text, font) => {
    const key = `${font} ${text}`;
    if (!widths.has(key)) {
      context.font = font;
      widths.set(key, context.measureText(text).width);
    }
    return widths.get(key);
  };

  /** The typical picture; null as long as it has not come. */
  const imageOf = (cell) => {
    if (!images.has(cell)) {
      const image = new Image();
      images.set(cell, null);
      image.src = root + (map.larger(cell) ?? map.file(cell));
      image.decode().then(() => {
        images.set(cell, image);
        arrived();
      }, () => {});
    }
    return images.get(cell);
  };

  /** Where a box of a length begins so that it lies in 0 to `limit`, if its middle does. */
  const begin = (middle, length, limit) => {
    const start = middle - length / 2;
    return middle < 0 || middle > limit ? start : Math.max(0, Math.min(start, limit - length));
  };

  const overlap = (a, b) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;

  /** The names in sight with their boxes; of two that would overlap that of the larger region. */
  const placed = ([left, top], width, height) => {
    const side = sides.findLast((each) => each * view.scale >= LEAST) ?? sides[0];
    const found = [];
    for (const region of regions) {
      if (region.side !== side) continue;
      const words = Math.max(widthOf(region.title, TITLE), widthOf(region.more, MORE));
      const wide = words + 2 * GAP + (region.cell < 0 ? 0 : SIDE + GAP);
      const x = begin(left + region.x * view.scale, wide, width);
      const y = begin(top + region.y * view.scale, HEIGHT, height);
      const box = { left: x, top: y, right: x + wide, bottom: y + HEIGHT };
      if (!overlap(box, { left: 0, top: 0, right: width, bottom: height })) continue;
      if (!found.some((other) => overlap(box, other.box))) found.push({ region, box });
    }
    return found;
  };

  return (origin) => {
    if (view.scale >= LARGEST) return;
    const { clientWidth, clientHeight } = context.canvas;
    const [ink, sheet] = [style("--ink"), style("--sheet")];
    context.textBaseline = "middle";
    context.lineWidth = 1;
    context.strokeStyle = ink;
    for (const { region, box } of placed(origin, clientWidth, clientHeight)) {
      context.globalAlpha = 0.9;
      context.fillStyle = sheet;
      context.fillRect(box.left, box.top, box.right - box.left, HEIGHT);
      context.globalAlpha = 1;
      context.strokeRect(box.left, box.top, box.right - box.left, HEIGHT);
      const image = region.cell < 0 ? null : imageOf(region.cell);
      if (image) {
        const part = Math.min(image.width, image.height);
        context.imageSmoothingEnabled = part > SIDE;
        context.drawImage(image, (image.width - part) / 2, (image.height - part) / 2, part, part,
          box.left + GAP, box.top + GAP, SIDE, SIDE);
      }
      const at = box.left + GAP + (region.cell < 0 ? 0 : SIDE + GAP);
      context.fillStyle = ink;
      context.font = TITLE;
      context.fillText(region.title, at, box.top + 13);
      context.font = MORE;
      context.fillText(region.more, at, box.top + 28);
    }
  };
};
