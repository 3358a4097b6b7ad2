// On the page of a picture: a small map of its scene, with a frame where the picture lies.
"use strict";

for (const link of GEO.all("[data-at]")) {
  const [width, height, left, top] = link.dataset.at.split(",");
  const draw = (tag, attributes) => {
    const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    return element;
  };
  const map = draw("svg", { viewBox: `0 0 ${width} ${height}`, "aria-hidden": "true" });
  // The mosaic lies beside the page of the scene.
  const mosaic = link.getAttribute("href").replace(/html$/, "png");
  map.append(
    draw("image", { href: mosaic, width, height }),
    draw("rect", { x: left, y: top, width: 28, height: 28 }));
  link.prepend(map);
}
