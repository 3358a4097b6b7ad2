// Places of the pictures other than the cells of the grid: true positions, and blocks of types.
"use strict";

/**
 * A plane is `{x, y, columns, rows, names}`: the middle of each picture in cells, how many cells it is wide and high,
 * and names of its parts, `{text, y, height}`.
 */
GEO.mapPlanes = (map) => {
  // A block begins below a gap for its name, of this part of the rows.
  const GAP = 1 / 28;
  const { columns, rows } = map;
  const planes = { true: { x: map.trueX, y: map.trueY, columns, rows, names: [] } };

  /** Blocks of types from top to bottom; in each the pictures of one scene lie side by side. */
  const blocks = (sceneOf) => {
    const members = new Map([...GEO.types.keys(), -1].map((type) => [type, []]));
    for (let cell = 0; cell < map.count; cell += 1) members.get(map.label[cell]).push(cell);
    const filled = [...members].filter(([, cells]) => cells.length);
    const gap = Math.max(1, Math.round(rows * GAP));
    const height = (width) => filled.reduce((sum, [, cells]) => sum + gap + Math.ceil(cells.length / width), 0);
    let width = columns;
    while (height(width) > width * rows / columns) width += 1;
    const plane = {
      x: new Float32Array(map.count), y: new Float32Array(map.count), columns: width, rows: height(width), names: [],
    };
    let top = 0;
    for (const [type, cells] of filled) {
      const title = GEO.types[type]?.[1] ?? "Unlabelled";
      plane.names.push({ text: `${title}, ${GEO.number(cells.length)}`, y: top, height: gap });
      top += gap;
      cells.sort((a, b) => sceneOf(a) - sceneOf(b) || a - b).forEach((cell, place) => {
        plane.x[cell] = place % width + 0.5;
        plane.y[cell] = top + Math.floor(place / width) + 0.5;
      });
      top += Math.ceil(cells.length / width);
    }
    return plane;
  };

  return {
    /** Null for the grid, and for a plane that is not loaded yet. */
    find: (name) => planes[name] ?? null,
    /** Makes a plane that needs a column. */
    async load(name) {
      if (name !== "types" || planes.types) return;
      const scenes = await map.further.find(({ id }) => id === "scene")?.load();
      // What is in no scene comes last.
      planes.types ??= blocks((cell) => scenes?.places[cell] || Infinity);
    },
  };
};
