// The page of a scene. Its tiles are one tab stop: arrow keys lead to the nearest tile in a direction,
// Home and End to the first and the last. What is known of a tile is shown beside the mosaic.
"use strict";

(() => {
  const ground = document.querySelector(".ground");
  const mosaic = ground.querySelector(".mosaic");
  const tiles = GEO.all("a", mosaic);
  const rows = GEO.all(".members li");
  const read = ground.querySelector("[data-read]");
  const MOST = 12;

  ground.querySelector(".tools").hidden = false;

  // Shows what the list says of a tile.
  const show = (tile) => {
    const copies = [...rows[tiles.indexOf(tile)].children].map((part) => part.cloneNode(true));
    read.replaceChildren(...copies);
    // The tile itself is the link.
    copies[0].removeAttribute("href");
  };

  const enter = (tile) => {
    for (const other of tiles) other.tabIndex = other === tile ? 0 : -1;
    tile.focus();
  };

  const middle = (tile) => {
    const { left, top, width, height } = tile.getBoundingClientRect();
    return [left + width / 2, top + height / 2];
  };

  // The nearest tile within 45 degrees of a direction. Several can lie at one place: then the next of
  // them in the list comes first.
  const beside = (tile, right, down) => {
    const [x, y] = middle(tile);
    let best = null;
    let least = Infinity;
    for (const other of tiles) {
      const [otherX, otherY] = middle(other);
      const along = (otherX - x) * right + (otherY - y) * down;
      const across = Math.abs((otherX - x) * down) + Math.abs((otherY - y) * right);
      if (along <= 0.5 || across > along) continue;
      const distance = along + across;
      if (distance < least) [best, least] = [other, distance];
    }
    return best;
  };

  const ways = {
    ArrowRight: (tile) => beside(tile, 1, 0), ArrowLeft: (tile) => beside(tile, -1, 0),
    ArrowDown: (tile) => beside(tile, 0, 1), ArrowUp: (tile) => beside(tile, 0, -1),
    Home: () => tiles[0], End: () => tiles[tiles.length - 1],
  };

  tiles.forEach((tile, place) => tile.tabIndex = place === 0 ? 0 : -1);
  mosaic.addEventListener("keydown", (event) => {
    const tile = event.target.closest("a");
    const way = ways[event.key];
    if (!tile || !way || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    const next = way(tile);
    if (next) enter(next);
  });
  for (const name of ["pointerover", "focusin"]) {
    mosaic.addEventListener(name, (event) => {
      const tile = event.target.closest("a");
      if (tile) show(tile);
    });
  }

  for (const input of GEO.all("[name=draw]", ground)) {
    input.addEventListener("change", () => ground.dataset.draw = input.value);
  }

  const buttons = GEO.all("[data-step]", ground);
  const width = Number(mosaic.dataset.width);
  const step = () => Math.max(1, Math.round(mosaic.clientWidth / width));
  const update = () => {
    for (const button of buttons) {
      button.disabled = Number(button.dataset.step) < 0 ? step() <= 1 : step() >= MOST;
    }
  };
  for (const button of buttons) {
    button.addEventListener("click", () => {
      mosaic.style.width = `${(step() + Number(button.dataset.step)) * width}px`;
      update();
    });
  }
  addEventListener("resize", update);
  update();
})();
