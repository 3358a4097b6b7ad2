// The wall of a plate. A wall of small pictures is drawn from one sprite, and only the rows near
// the window are in the page, in a grid that keeps its full height. A wall of photographs is in
// the page already. Both are one tab stop; arrow keys move in two dimensions.
"use strict";

(() => {
  const GAP = 2;
  const tiles = GEO.tiles || [];

  /** What a reader hears and sees as the name of a tile; an unlabelled one differs from nothing. */
  const name = ([stem, predicted, probability], own) => {
    const [label, , symbol] = GEO.types[predicted];
    const differs = own !== "" && predicted !== Number(own);
    return {
      title: `${stem}, ${label} ${GEO.percent(probability)}`,
      spoken: differs ? `${stem}, predicted ${label}` : stem,
      symbol: differs ? symbol : null,
    };
  };

  /** The page of a tile: its last value is a folder, or the whole address. */
  const address = ([stem, , , , where]) =>
    where.includes("/") ? where : `${where}/${stem.toLowerCase()}.html`;

  const spriteWall = (wall) => {
    const columns = Number(wall.dataset.cols);
    const rows = Math.ceil(tiles.length / columns);
    const sprite = `url("${new URL(wall.dataset.sprite, location.href).href}")`;
    let order = [];
    let drawn = new Map();
    let across = 1;
    let side = 28;
    let current = 0;

    const link = (place) => {
      const index = order[place];
      const words = name(tiles[index], wall.dataset.own);
      const element = GEO.make("a", { href: address(tiles[index]), title: words.title },
        GEO.make("span", { class: "vh" }, words.spoken));
      if (words.symbol) {
        element.append(GEO.make("span", { class: "dis", "aria-hidden": "true" }, words.symbol));
      }
      const x = index % columns / Math.max(1, columns - 1);
      const y = Math.floor(index / columns) / Math.max(1, rows - 1);
      element.style.backgroundImage = sprite;
      element.style.backgroundSize = `${100 * columns}% ${100 * rows}%`;
      element.style.backgroundPosition = `${100 * x}% ${100 * y}%`;
      return element;
    };

    const measure = () => {
      const css = getComputedStyle(wall);
      const least = parseFloat(css.getPropertyValue("--tile")) || 84;
      const width = wall.clientWidth;
      across = Math.max(1, Math.floor((width + GAP) / (least + GAP)));
      side = (width - GAP * (across - 1)) / across;
      wall.style.gridTemplateColumns = `repeat(${across}, minmax(0, 1fr))`;
      const deep = Math.ceil(order.length / across);
      wall.style.gridTemplateRows = deep ? `repeat(${deep}, ${side}px)` : "none";
    };

    // One window above and below is drawn as well, so that scrolling meets pictures, not mat.
    const near = () => {
      const top = wall.getBoundingClientRect().top;
      const row = side + GAP;
      return [(-top - innerHeight) / row, (2 * innerHeight - top) / row].map(
        (value, end) => Math.min(order.length, Math.max(0, (Math.floor(value) + end) * across)));
    };

    const place = (from, to) => {
      const wanted = new Map();
      const add = (at) => {
        const element = drawn.get(at) || link(at);
        const [row, column] = [Math.floor(at / across) + 1, at % across + 1];
        element.style.gridArea = `${row} / ${column}`;
        element.tabIndex = at === current ? 0 : -1;
        wanted.set(at, element);
      };
      for (let at = from; at < to; at += 1) add(at);
      // The tab stop stays in the page wherever the window is.
      if (current < order.length && !wanted.has(current)) add(current);
      for (const [at, element] of drawn) if (!wanted.has(at)) element.remove();
      // From the end, so that every new tile finds its follower; what is there never moves, or
      // it would lose the focus.
      let next = null;
      for (const at of [...wanted.keys()].sort((a, b) => b - a)) {
        const element = wanted.get(at);
        if (element.parentNode !== wall) wall.insertBefore(element, next);
        next = element;
      }
      drawn = wanted;
    };

    const draw = () => place(...near());
    const redraw = GEO.onceAFrame(draw);
    const resize = GEO.onceAFrame(() => {
      measure();
      draw();
    });

    addEventListener("scroll", redraw, { passive: true });
    new ResizeObserver(resize).observe(wall.parentNode);
    addEventListener("beforeprint", () => place(0, order.length));
    addEventListener("afterprint", redraw);

    return {
      show(indices) {
        for (const element of drawn.values()) element.remove();
        drawn = new Map();
        order = indices;
        current = 0;
        measure();
        draw();
      },
      size: () => order.length,
      at: (element) => [...drawn].find((pair) => pair[1] === element)?.[0] ?? -1,
      move: (from, key) => from + { ArrowRight: 1, ArrowLeft: -1,
        ArrowDown: across, ArrowUp: -across }[key],
      focus(at) {
        current = at;
        const top = wall.getBoundingClientRect().top + Math.floor(at / across) * (side + GAP);
        if (top < 0 || top + side > innerHeight) scrollBy(0, top - (innerHeight - side) / 2);
        draw();
        drawn.get(at).focus({ preventScroll: true });
      },
    };
  };

  const photographWall = (wall) => {
    const items = [...wall.children];
    let shown = items;

    const centre = (item) => {
      const box = item.getBoundingClientRect();
      return [box.left + box.width / 2, box.top + box.height / 2];
    };

    // Rows of photographs have no columns: the nearest centre in the next row is meant.
    const beside = (from, step) => {
      const [x, y] = centre(shown[from]);
      let next = from + step;
      while (shown[next] && Math.abs(centre(shown[next])[1] - y) < 1) next += step;
      if (!shown[next]) return next;
      const row = centre(shown[next])[1];
      let best = next;
      for (; shown[next] && Math.abs(centre(shown[next])[1] - row) < 1; next += step) {
        if (Math.abs(centre(shown[next])[0] - x) < Math.abs(centre(shown[best])[0] - x)) {
          best = next;
        }
      }
      return best;
    };

    const stop = (at) => shown.forEach((item, place) => {
      item.firstElementChild.tabIndex = place === at ? 0 : -1;
    });

    return {
      show(indices) {
        shown = indices.map((index) => items[index]);
        wall.replaceChildren(...shown);
        stop(0);
      },
      size: () => shown.length,
      at: (element) => shown.indexOf(element.closest("li")),
      move: (from, key) => key === "ArrowRight" ? from + 1 : key === "ArrowLeft" ? from - 1
        : beside(from, key === "ArrowDown" ? 1 : -1),
      focus(at) {
        stop(at);
        shown[at].firstElementChild.focus();
      },
    };
  };

  const element = document.querySelector("[data-wall], [data-photos]");
  if (!element) return;
  const wall = "wall" in element.dataset ? spriteWall(element) : photographWall(element);

  element.addEventListener("keydown", (event) => {
    const link = event.target.closest("a");
    const from = link ? wall.at(link) : -1;
    if (from < 0 || event.altKey || event.ctrlKey || event.metaKey) return;
    const to = event.key === "Home" ? 0 : event.key === "End" ? wall.size() - 1
      : event.key.startsWith("Arrow") ? wall.move(from, event.key) : -1;
    if (!(event.key.startsWith("Arrow") || event.key === "Home" || event.key === "End")) return;
    event.preventDefault();
    if (to >= 0 && to < wall.size()) wall.focus(to);
  });

  /** Shows the tiles with these indices, in this order. */
  GEO.showTiles = wall.show;
  wall.show(tiles.map((_, index) => index));
})();
