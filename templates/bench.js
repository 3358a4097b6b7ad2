// The bench of the blind review: the picture in question between two panels.
// Panels A and B are built by the same function, so that nothing in the page tells them apart.
"use strict";

/** The bench inside a review page: shows a comparison, frames a panel, loads what comes next. */
GEO.benchOf = (page) => {
  // Larger pictures are scaled smoothly.
  const SMALL = 64;
  const part = (name) => page.querySelector(`[data-${name}]`);

  // The candidate's size is known before; a collection may hold pictures of all sizes.
  const picture = ([path, degrees], alt, small) => {
    const image = GEO.make("img", { src: path, alt });
    const frame = GEO.make("span", { class: small ? "pic px" : "pic" }, image);
    image.addEventListener("load", () => {
      frame.classList.toggle("px", image.naturalWidth <= SMALL);
    });
    if (degrees) frame.style.setProperty("--turn", degrees);
    return frame;
  };

  const fill = (side, pictures, small) => {
    part(side.toLowerCase()).replaceChildren(...pictures.map((entry, index) =>
      picture(entry, `Panel ${side}, picture ${index + 1}`, small)));
  };

  return {
    show({ src, small, A, B }) {
      for (const side of GEO.all(".side", page)) side.classList.remove("picked");
      const candidate = picture([src], "The picture in question", small);
      part("c").closest(".pic").replaceWith(candidate);
      candidate.firstChild.dataset.c = "";
      fill("A", A, small);
      fill("B", B, small);
    },
    pick(side) {
      part(side.toLowerCase()).closest(".side").classList.add("picked");
    },
    preload({ src, A, B }) {
      for (const [path] of [[src], ...A, ...B]) new Image().src = path;
    },
  };
};
