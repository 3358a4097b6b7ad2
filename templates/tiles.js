// The tiles of a plate. The data script writes each as an array, to save bytes; here its values get
// their names, once for all scripts. What they mean is told in Sources/Site/Data/TileData.swift, which
// lists the same names in the same order.
"use strict";

if (GEO.plate) {
  GEO.tiles = GEO.tiles.map(
    // Without a label of its own a tile has that of the plate.
    ([stem, predicted, probability, margin, cluster, page, look, label = GEO.plate.type]) =>
      ({ stem, predicted, probability, margin, cluster, page, look, label }));
}
