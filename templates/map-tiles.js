// The tiles of the map: loads those that are in sight, and lends coarser ones until they have come.
"use strict";

/**
 * @param map of `GEO.readMap`.
 * @param arrived is called when a tile has come.
 */
GEO.mapTiles = (map, arrived) => {
  // Decoded, a tile has about a megabyte.
  const KEPT = 220;
  const AT_ONCE = 8;
  const root = document.documentElement.dataset.root || "";
  const known = new Map();
  const waiting = [];
  let loading = 0;

  const next = () => {
    while (loading < AT_ONCE && waiting.length) {
      const entry = waiting.pop();
      if (entry.image) continue;
      loading += 1;
      const image = new Image();
      entry.image = image;
      image.src = root + entry.path;
      image.decode().then(() => {
        entry.isReady = true;
        arrived();
      }, () => {
        entry.isLost = true;
      }).finally(() => {
        loading -= 1;
        next();
      });
    }
  };

  const entryOf = (level, column, row) => {
    const { across, tiles } = map.levels[level];
    const number = row * across + column;
    const key = `${level}/${number}`;
    let entry = known.get(key);
    if (entry) known.delete(key);
    else entry = { path: `tiles/${level}/${tiles[number]}.jpg` };
    // The order of the map is that of the last use.
    known.set(key, entry);
    return entry;
  };

  const forget = () => {
    for (const [key, entry] of known) {
      if (known.size <= KEPT) return;
      if (entry.isReady) known.delete(key);
    }
  };

  const tiles = {
    /** The number of the level whose cells have at least so many pixels. */
    level(pixels) {
      const cell = map.tile / map.cells;
      const wanted = Math.floor(Math.log2(Math.max(1, cell / pixels)));
      return Math.min(map.levels.length - 1, Math.max(0, wanted));
    },
    /**
     * The image that shows a tile: `{image, scale, left, top}`. The tile begins at `left` and `top` of the
     * image and is `1 / scale` as large. Null as long as nothing has come.
     */
    image(level, column, row) {
      const entry = entryOf(level, column, row);
      if (entry.isReady) return { image: entry.image, scale: 1, left: 0, top: 0 };
      if (!entry.image && !waiting.includes(entry)) waiting.push(entry);
      for (let above = level + 1; above < map.levels.length; above += 1) {
        const scale = 2 ** (above - level);
        const coarse = entryOf(above, Math.floor(column / scale), Math.floor(row / scale));
        if (!coarse.isReady) continue;
        const part = map.tile / scale;
        return { image: coarse.image, scale, left: column % scale * part, top: row % scale * part };
      }
      return null;
    },
    /** Where a picture is: `{image, left, top, side}`; null as long as nothing has come. */
    cell(level, cell) {
      const side = map.cells * 2 ** level;
      const [x, y] = [cell % map.columns, Math.floor(cell / map.columns)];
      const [column, row] = [Math.floor(x / side), Math.floor(y / side)];
      const found = tiles.image(level, column, row);
      if (!found) return null;
      const pixels = map.tile / side / found.scale;
      return {
        image: found.image, side: pixels,
        left: found.left + x % side * pixels, top: found.top + y % side * pixels,
      };
    },
    /** Loads what was asked for since the last time. */
    load() {
      next();
      // What was not begun may be out of sight by the next frame.
      waiting.length = 0;
      forget();
    },
  };
  tiles.image(map.levels.length - 1, 0, 0);
  tiles.load();
  return tiles;
};
