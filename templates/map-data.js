// The data of the map with names for its values. What they mean is told in Sources/Site/Data/MapData.swift.
"use strict";

/** The numbers of a packed list `[bytes, text]`; -1 where there is none. */
GEO.unpacked = ([bytes, text]) => {
  const raw = atob(text);
  const none = 256 ** bytes - 1;
  return Int32Array.from({ length: raw.length / bytes }, (_, place) => {
    let value = 0;
    for (let at = bytes - 1; at >= 0; at -= 1) value = 256 * value + raw.charCodeAt(place * bytes + at);
    return value === none ? -1 : value;
  });
};

/** The columns that are loaded when they are asked for: `{id, title, isNumber, load}`. */
GEO.mapColumnsOf = (map) => map.further.map(([id, title, isNumber, path]) => {
  let loaded = null;
  const read = async () => {
    if (!await GEO.load(path)) return null;
    const { values, places } = GEO.mapColumns[id];
    return { values, places: GEO.unpacked(places) };
  };
  return {
    id, title, isNumber: isNumber === 1,
    /** Its `values`, and for each cell the place of its value in `places`; null if it cannot be loaded. */
    load() {
      loaded ??= read();
      return loaded;
    },
  };
});

/** Named parts of the grid, the largest first: the side of their blocks and their place in cells, and the cell of a
 *  picture that stands for each. */
GEO.mapRegionsOf = (map) => map.regions.map(
  ([side, x, y, count, cell, title, more]) => ({ side, x, y, count, cell, title, more }));

/** What the scripts of the map know of the pictures. A picture is named by the number of its cell. */
GEO.readMap = (map) => {
  const column = (name) => GEO.unpacked(map[name]);
  const [label, predicted, probability, cluster, colour, look] =
    ["label", "predicted", "probability", "cluster", "colour", "look"].map(column);
  const [x, y] = ["x", "y"].map(column);
  const { count, columns } = map;
  const rows = Math.ceil(count / columns);
  const names = map.names.split("\n");

  // True positions fill the plane of the grid as far as its shape allows.
  const width = Math.min(columns, rows * map.shape);
  const height = width / map.shape;
  const [left, top] = [(columns - width) / 2, (rows - height) / 2];
  const trueX = Float32Array.from(x, (value) => left + value / 65534 * width);
  const trueY = Float32Array.from(y, (value) => top + value / 65534 * height);

  let digest = null;
  const stem = (cell) => names[cell].split("\t")[0].replace(/^\S+ /, "");
  const page = (cell) => {
    const [own, elsewhere] = names[cell].split("\t");
    if (elsewhere) return elsewhere;
    const [shard] = own.split(" ", 1);
    return `${map.folders[label[cell]]}/${shard}/${own.slice(shard.length + 1).toLowerCase()}`;
  };
  const differs = (cell) =>
    label[cell] >= 0 && predicted[cell] >= 0 && label[cell] !== predicted[cell];

  return {
    count, columns, rows, label, predicted, probability, cluster, colour, trueX, trueY,
    levels: map.levels.map(([across, tiles]) => ({ across, tiles: tiles.split(" ") })),
    cells: map.cells, tile: map.tile, clusters: map.clusters, stem, page, differs,
    further: GEO.mapColumnsOf(map),
    regions: GEO.mapRegionsOf(map),
    key(cell) {
      const [folder] = page(cell).split("/", 1);
      return `${map.keys[folder] ?? folder}/${stem(cell)}`;
    },
    /** The published file, relative to the root. */
    file: (cell) => `${page(cell)}.${map.formats[cell] ?? map.format}`,
    title: (cell) => `${GEO.types[label[cell]]?.[1] ?? "Unlabelled"} ${stem(cell)}`,
    /** The larger picture, relative to the root; null if the tile shows all of it. */
    larger(cell) {
      if (look[cell] < 0) return null;
      if (look[cell] === 0) return `thumbs/${page(cell)}.jpg`;
      return `${page(cell)}.${["jpg", "png", "webp"][look[cell] - 1]}`;
    },
    /** A number that differs between maps of other pictures or places. */
    digest() {
      digest ??= [...map.names].reduce((sum, letter) => (31 * sum + letter.codePointAt(0)) >>> 0, columns);
      return digest;
    },
    /** The picture of a page, -1 if there is none: "andesite/06/1b67x". */
    find: (wanted) => names.findIndex((_, cell) => page(cell) === wanted),
    /** The first picture whose stem is the text, or begins with it; -1 if there is none. */
    search(text) {
      const wanted = text.trim().toLowerCase().replace(/^.*\//, "").replace(/\.(jpe?g|png|webp|tiff?)$/, "");
      if (!wanted) return -1;
      let begins = -1;
      for (let cell = 0; cell < count; cell += 1) {
        const own = stem(cell).toLowerCase();
        if (own === wanted) return cell;
        if (begins < 0 && own.startsWith(wanted)) begins = cell;
      }
      return begins;
    },
    /** Pictures whose label and prediction differ, the most certain prediction first. */
    disputes() {
      const cells = [...label.keys()].filter(differs);
      return cells.sort((a, b) => probability[b] - probability[a] || a - b);
    },
  };
};
