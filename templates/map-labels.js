// Names of regions on the map: where pictures of one label lie together, for several zooms.
"use strict";

/**
 * Regions of the grid. It is divided into square blocks of several sizes. A block has a label if most of its pictures
 * have it, and adjacent blocks of one label are a region.
 *
 * @param typical cells of the typical pictures that the table of regions names.
 * @returns `[{side, x, y, count, title, more, cell}]`, the largest first: the place in cells, and a typical picture
 *   of the region, -1 without one.
 */
GEO.mapRegions = (map, typical) => {
  const DIVISIONS = [6, 12, 24];
  // Cells along a side of a block, at least.
  const LEAST = 4;
  const { columns, rows, count } = map;

  /** What more than half of some numbers are; null without such a number. */
  const majority = (values) => {
    const counts = new Map();
    for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
    for (const [value, number] of counts) if (2 * number > values.length) return value;
    return null;
  };

  const regionsOf = (side) => {
    const across = Math.ceil(columns / side);
    const blocks = Array.from({ length: across * Math.ceil(rows / side) }, () => []);
    for (let cell = 0; cell < count; cell += 1) {
      blocks[Math.floor(cell / columns / side) * across + Math.floor(cell % columns / side)].push(cell);
    }
    const labels = blocks.map((cells) => majority(cells.map((cell) => map.label[cell])));
    const seen = new Set();

    /** The blocks that belong with a first one, by a search in breadth. */
    const connected = (first) => {
      const found = [first];
      seen.add(first);
      for (const block of found) {
        const column = block % across;
        const beside = [block - across, block + across];
        if (column > 0) beside.push(block - 1);
        if (column < across - 1) beside.push(block + 1);
        for (const next of beside) {
          if (next < 0 || next >= blocks.length || seen.has(next) || labels[next] !== labels[first]) continue;
          seen.add(next);
          found.push(next);
        }
      }
      return found;
    };

    return blocks.flatMap((_, first) => {
      if (labels[first] === null || seen.has(first)) return [];
      const own = connected(first);
      const cells = own.flatMap((block) => blocks[block]);
      // Half a block at the border says little.
      if (2 * cells.length < side * side) return [];
      const mean = (of) => own.reduce((sum, block) => sum + of(block), 0) / own.length;
      const [x, y] = [mean((block) => block % across), mean((block) => Math.floor(block / across))];
      const far = (block) => (block % across - x) ** 2 + (Math.floor(block / across) - y) ** 2;
      const anchor = own.reduce((best, block) => far(block) < far(best) ? block : best);
      const place = { x: (anchor % across + 0.5) * side, y: (Math.floor(anchor / across) + 0.5) * side };
      const inside = new Set(cells);
      const near = (cell) => (cell % columns - place.x) ** 2 + (cell / columns - place.y) ** 2;
      const [cell = -1] = typical.filter((each) => inside.has(each)).sort((a, b) => near(a) - near(b));
      const cluster = majority(cells.map((each) => map.cluster[each]));
      const named = cells.filter((each) => map.label[each] === labels[first]).length;
      return [{
        side, ...place, count: cells.length, cell,
        title: GEO.types[labels[first]]?.[1] ?? "Unlabelled",
        more: [`${GEO.number(named)} of ${GEO.number(cells.length)}`,
          cluster !== null && cluster >= 0 && map.clusters > 1 ? `cluster ${cluster + 1}` : ""].filter(Boolean).join(", "),
      }];
    });
  };

  const sides = DIVISIONS.map((parts) => Math.max(LEAST, Math.ceil(Math.max(columns, rows) / parts)));
  return [...new Set(sides)].flatMap(regionsOf).sort((a, b) => b.count - a.count);
};

/** Draws names of regions, so that none covers another. `parts.arrived` is called when a picture has come. */
GEO.mapLabels = (map, regions, { context, view, style, arrived }) => {
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

  const overlap = (a, b) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;

  /** The names in sight with their boxes; of two that would overlap that of the larger region. */
  const placed = ([left, top], width, height) => {
    const side = sides.findLast((each) => each * view.scale >= LEAST) ?? sides[0];
    const found = [];
    for (const region of regions) {
      if (region.side !== side) continue;
      const words = Math.max(widthOf(region.title, TITLE), widthOf(region.more, MORE));
      const wide = words + 2 * GAP + (region.cell < 0 ? 0 : SIDE + GAP);
      const [x, y] = [left + region.x * view.scale - wide / 2, top + region.y * view.scale - HEIGHT / 2];
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
