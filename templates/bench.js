// What a reviewer sees, and in which order: the candidate between two panels. Panels A and B are built
// by the same function, so that nothing in the page shows which model made which.
"use strict";

/** FNV-1a of a text, mixed as in MurmurHash3: 32 bits. */
GEO.hashOf = (text) => {
  let hash = 0x811c9dc5;
  for (const letter of text) hash = Math.imul(hash ^ letter.charCodeAt(0), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
};

/** The comparisons of one reviewer: part 0, and the part that the reviewer's id chooses. */
GEO.comparisonsFor = (reviewer, { trial, parts, comparisons }) => {
  const part = parts ? 1 + GEO.hashOf(reviewer.id + trial) % parts : 0;
  return comparisons.filter((comparison) => comparison.part === 0 || comparison.part === part);
};

/**
 * The comparisons in the order of one reviewer. Each reviewer has another order, so that not all begin
 * with the same comparisons; a reload does not change it.
 */
GEO.orderFor = (reviewer, comparisons) => {
  const rank = new Map(comparisons.map(({ id }) => [id, GEO.hashOf(reviewer.id + id)]));
  return [...comparisons].sort((a, b) =>
    rank.get(a.id) - rank.get(b.id) || (a.id < b.id ? -1 : 1));
};

/** The bench inside a review page: shows a comparison, frames a panel, loads what comes next. */
GEO.benchOf = (page) => {
  // Pixels on a side up to which a picture is enlarged pixel by pixel; larger ones are smoothed.
  const SMALL = 64;
  const part = (name) => page.querySelector(`[data-${name}]`);

  // The plan tells whether the candidate is small, which is a guess for the others until they load.
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
