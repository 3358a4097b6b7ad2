// On the page of a picture: a small map of its scene, with a frame where the picture lies.
"use strict";

for (const link of GEO.all("[data-at]")) {
  const [width, height, left, top] = link.dataset.at.split(",");
  const map = GEO.draw("svg", { viewBox: `0 0 ${width} ${height}`, "aria-hidden": "true" });
  // The mosaic lies beside the page of the scene.
  const mosaic = link.getAttribute("href").replace(/html$/, "png");
  map.append(
    GEO.draw("image", { href: mosaic, width, height }),
    GEO.draw("rect", { x: left, y: top, width: 28, height: 28 }));
  link.prepend(map);
}
