// The wall of a plate: one grid of all its pictures. Only the rows near the window are in the page,
// inside a box that has the full height. All pictures are square and stand in columns of one width. Those of
// the plate are cut from sprites; photographs from their thumbnails where few of a sprite are shown. The
// wall is one tab stop, and arrow keys move in it in two dimensions.
"use strict";

(() => {
  const wall = document.querySelector("[data-wall]");
  if (!wall || !GEO.plate) return;
  const GAP = 2;
  const { type, columns, size, sheets } = GEO.plate;
  const tiles = GEO.tiles;
  const root = document.documentElement.dataset.root;
  const absolute = (path) => new URL(root + path, location.href).href;
  const images = sheets.map(([path]) => `url("${absolute(path)}")`);

  // Whether photographs are cut from sprites: if most of the plate is shown in the order of the sprites.
  let areTogether = true;
  const members = tiles.filter(({ label }) => label === type).length;

  /** The picture of a tile: a place on a sheet, or a file. */
  const lookOf = (index) => {
    const { look, label } = tiles[index];
    if (Array.isArray(look)) return { sheet: look[0], at: look[1] };
    if (look && !(areTogether && label === type)) return { src: look };
    return { sheet: Math.floor(index / size), at: index % size };
  };

  /** The address of the page of a tile, from that of the plate. */
  GEO.addressOf = ({ stem, page }) =>
    page.endsWith(".html") ? page : `${page}/${stem.toLowerCase()}.html`;

  /** The name of a tile, as it is shown and as it is spoken. */
  const nameOf = ({ stem, predicted, probability, label }) => {
    const [name, , symbol] = GEO.types[predicted] ?? [];
    const isOther = label !== type;
    const own = isOther ? `${GEO.types[label]?.[1] ?? "Unlabelled"} ${stem}` : stem;
    const differs = predicted >= 0 && label >= 0 && predicted !== label;
    return {
      title: name ? `${own}, ${name} ${GEO.percent(probability / 1000)}` : own,
      spoken: differs ? `${own}, predicted ${name}` : own,
      symbol: differs && !isOther ? symbol : null,
      labelSymbol: isOther ? GEO.types[label]?.[2] ?? "–" : null,
    };
  };

  /** Columns of one width, as many as fit if tiles have their least size. */
  const columnsFor = (count, width) => {
    const least = parseFloat(getComputedStyle(wall).getPropertyValue("--tile"));
    const across = Math.max(1, Math.floor((width + GAP) / (least + GAP)));
    const side = (width - GAP * (across - 1)) / across;
    const step = side + GAP;
    return {
      across,
      side,
      rows: Math.ceil(count / across),
      rowOf: (place) => Math.floor(place / across),
      rowAt: (y) => Math.floor(y / step),
      row: (number) => ({
        top: number * step, height: side, from: number * across,
        to: Math.min(count, (number + 1) * across),
      }),
    };
  };

  const drawn = new Map();
  let order = [];
  let layout = columnsFor(0, 1);
  let measured = 0;
  let current = 0;
  let chosen = -1;
  // Windows drawn in advance. Before the reader scrolls, little below the window is loaded.
  let spare = 0.25;

  const tileAt = (place) => {
    const index = order[place];
    const words = nameOf(tiles[index]);
    const link = GEO.make("a", {
      href: GEO.addressOf(tiles[index]), title: words.title, "aria-label": words.spoken,
      tabindex: place === current ? "0" : "-1", "aria-current": index === chosen && "true",
    });
    const look = lookOf(index);
    if (look.src) {
      link.append(GEO.make("img", { src: absolute(look.src), alt: "", decoding: "async" }));
    } else {
      const [column, row] = [look.at % columns, Math.floor(look.at / columns)];
      const rows = sheets[look.sheet][1];
      link.style.backgroundImage = images[look.sheet];
      link.style.backgroundSize = `${100 * columns}% ${100 * rows}%`;
      link.style.backgroundPosition =
        `${100 * column / (columns - 1)}% ${100 * row / Math.max(1, rows - 1)}%`;
    }
    for (const [style, symbol] of [["dis", words.symbol], ["dis own", words.labelSymbol]]) {
      if (symbol) link.append(GEO.make("span", { class: style, "aria-hidden": "true" }, symbol));
    }
    const cell = GEO.make("span", { role: "gridcell" }, link);
    cell.style.width = `${layout.side}px`;
    return cell;
  };

  const rowAt = (number) => {
    const { top, height, from, to } = layout.row(number);
    const row = GEO.make("div", { role: "row", "aria-rowindex": String(number + 1) });
    row.style.top = `${top}px`;
    row.style.height = `${height}px`;
    for (let place = from; place < to; place += 1) row.append(tileAt(place));
    return row;
  };

  const near = () => {
    const top = wall.getBoundingClientRect().top;
    const last = layout.rows - 1;
    const limit = (value) => Math.min(last, Math.max(0, value));
    return [limit(layout.rowAt(-top - spare * innerHeight)),
      limit(layout.rowAt((1 + spare) * innerHeight - top))];
  };

  // The row with the tab stop stays in the page, even far from the window.
  const draw = (first, last) => {
    const kept = layout.rowOf(current);
    const wanted = (number) => (number >= first && number <= last) || number === kept;
    for (const [number, row] of drawn) {
      if (wanted(number)) continue;
      row.remove();
      drawn.delete(number);
    }
    const numbers = [kept, ...Array.from({ length: last - first + 1 }, (_, n) => first + n)];
    // From the end, so that each new row is inserted before the next one. A row that is in the page is
    // never moved, because its link would lose the focus.
    let next = null;
    for (const number of [...new Set(numbers)].sort((a, b) => b - a)) {
      if (!drawn.has(number)) {
        drawn.set(number, rowAt(number));
        wall.insertBefore(drawn.get(number), next);
      }
      next = drawn.get(number);
    }
  };

  const drawNear = () => {
    if (order.length) draw(...near());
  };

  const measure = () => {
    measured = wall.clientWidth;
    layout = columnsFor(order.length, measured);
    const end = layout.rows ? layout.row(layout.rows - 1) : { top: 0, height: 0 };
    wall.style.height = `${end.top + end.height}px`;
    wall.setAttribute("aria-rowcount", String(layout.rows));
    drawn.clear();
    wall.replaceChildren();
    drawNear();
  };

  const linkOf = (place) => {
    const number = layout.rowOf(place);
    return drawn.get(number)?.children[place - layout.row(number).from].firstChild;
  };

  /** Scrolls a place into the window, below the bar at its top. */
  const bring = (place, middle) => {
    const { top, height } = layout.row(layout.rowOf(place));
    const y = wall.getBoundingClientRect().top + top;
    const covered = GEO.coveredTop?.() ?? 0;
    if (!middle && y >= covered && y + height <= innerHeight) return;
    scrollBy(0, y - covered - Math.max(0, innerHeight - covered - height) / (middle ? 3 : 2));
  };

  const focus = (place) => {
    const old = linkOf(current);
    if (old) old.tabIndex = -1;
    current = place;
    bring(place, false);
    drawNear();
    linkOf(place).tabIndex = 0;
    linkOf(place).focus({ preventScroll: true });
  };

  // Above a last row that is short, this is the end of that row.
  const below = (place) => layout.rowOf(place) + 1 < layout.rows
    ? Math.min(place + layout.across, order.length - 1) : -1;

  wall.addEventListener("keydown", (event) => {
    const link = event.target.closest("a");
    if (!link || event.altKey || event.ctrlKey || event.metaKey) return;
    const place = placeOf(link);
    const target = {
      ArrowRight: () => place + 1, ArrowLeft: () => place - 1,
      ArrowDown: () => below(place), ArrowUp: () => place - layout.across,
      Home: () => 0, End: () => order.length - 1,
    }[event.key];
    if (!target) return;
    event.preventDefault();
    const to = target();
    if (to >= 0 && to < order.length) focus(to);
  });

  const placeOf = (link) => {
    const row = link.closest("[role=row]");
    const number = Number(row.getAttribute("aria-rowindex")) - 1;
    return layout.row(number).from + [...row.children].indexOf(link.parentNode);
  };

  // The first place in the window and the offset of its row; null while the window is above the wall.
  let seen = null;

  const remember = () => {
    // When the width of the page has changed, the rows still have the old one for a moment.
    if (!order.length || wall.clientWidth !== measured) return;
    const above = wall.getBoundingClientRect().top - (GEO.coveredTop?.() ?? 0);
    const row = layout.row(Math.min(layout.rows - 1, Math.max(0, layout.rowAt(-above))));
    seen = above < 0 ? { place: row.from, offset: row.top + above } : null;
  };

  /** Lays the wall out for another width. The picture at the top of the window stays there. */
  const refit = () => {
    const kept = seen;
    measure();
    if (!kept || kept.place >= order.length) return;
    const top = wall.getBoundingClientRect().top - (GEO.coveredTop?.() ?? 0);
    scrollBy(0, top + layout.row(layout.rowOf(kept.place)).top - kept.offset);
    drawNear();
  };

  addEventListener("scroll", GEO.onceAFrame(() => {
    spare = 1;
    remember();
    drawNear();
  }), { passive: true });
  new ResizeObserver(GEO.onceAFrame(() => {
    if (wall.clientWidth !== measured) refit();
  })).observe(wall);
  // A window that becomes higher shows more rows without a scroll event.
  addEventListener("resize", GEO.onceAFrame(drawNear));
  addEventListener("beforeprint", () => order.length && draw(0, layout.rows - 1));
  addEventListener("afterprint", drawNear);

  wall.setAttribute("role", "grid");

  /** Shows the tiles with these indices, in this order. */
  GEO.showTiles = (indices) => {
    order = indices;
    areTogether = 2 * order.length >= members
      && order.every((index, place) => place === 0 || index > order[place - 1]);
    current = 0;
    wall.hidden = !order.length;
    measure();
  };

  /** Marks a tile and scrolls to it; returns false if it is not among those shown. */
  GEO.goToTile = (index, { focused = true } = {}) => {
    const place = order.indexOf(index);
    if (place < 0) return false;
    chosen = index;
    current = place;
    measure();
    bring(place, true);
    drawNear();
    if (focused) linkOf(place).focus({ preventScroll: true });
    return true;
  };

  /** Opens the wall at a place: the first picture of one of the plate's later pages. */
  GEO.startTiles = (place) => {
    current = Math.min(place, order.length - 1);
    bring(current, true);
    measure();
  };
})();
