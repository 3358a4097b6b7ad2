// The search box of the front page: a combobox over the keys of all pictures. The keys of a large
// collection are divided by the first character of the stem. Each part is a script that is loaded when
// it is needed, so that the front page opens fast.
"use strict";

(() => {
  const SHOWN = 8;
  const box = document.querySelector("[data-search]");
  if (!box || !GEO.search) return;
  const root = document.documentElement.dataset.root || "";
  const field = box.querySelector("input");
  const list = box.querySelector("ul");

  const pictures = new Map();
  const failed = new Set();
  const asked = new Set();
  let hits = [];
  // The hits whose rows are in the list.
  let drawn = [];
  let at = -1;
  // Whether Enter was pressed before the keys were loaded: pasting a key is faster than loading.
  let isHurried = false;

  // "quartzite IB5HB", "quartzite.ib5hb" and "quartzite/IB5HB.jpg" mean the same key. So does the path
  // of a file as Windows copies it, in quotation marks.
  const plain = (text) => text.trim().toLowerCase().replace(/^"(.*)"$/, "$1")
    .replace(/\.(jpe?g|png)$/, "").replace(/[\s./\\]+/g, "/").replace(/^\//, "");

  // An item is "label/shard/stem", from which all else follows, or [key, page, picture, small].
  const picture = (part) => (item) => {
    if (Array.isArray(item)) {
      // A value of metadata is looked for in place of the key.
      const [key, page, image, small, value] = item;
      return { key, plain: plain(value ?? key), page, image, small, value };
    }
    const parts = item.split("/");
    const key = `${parts[0]}/${parts.at(-1)}`;
    const path = item.toLowerCase();
    return {
      key, plain: plain(key), page: path + ".html", image: part.pics + path + part.ext,
      small: part.px,
    };
  };

  const plates = GEO.search.types.map(([title, page, count]) => ({ title, page, count }));

  // Keys and plates that begin with the text come first: most readers type the beginning.
  const find = (wanted) => {
    const first = plates.filter((plate) => plain(plate.title).startsWith(wanted));
    const others = [];
    for (const part of pictures.values()) {
      for (const entry of part) {
        // A pasted path of a file ends with the key.
        const where = wanted.endsWith("/" + entry.plain) ? 0 : entry.plain.indexOf(wanted);
        if (where < 0) continue;
        const begins = where === 0 || entry.plain[where - 1] === "/";
        const heap = begins ? first : others;
        if (heap.length < SHOWN && !heap.some(({ key }) => key === entry.key)) heap.push(entry);
      }
    }
    return first.concat(others).slice(0, SHOWN);
  };

  const load = (name) => {
    if (asked.has(name)) return;
    asked.add(name);
    const script = GEO.make("script", { src: root + GEO.search.parts[name] });
    const settle = () => {
      if (GEO.keys[name]) {
        pictures.set(name, GEO.keys[name].items.map(picture(GEO.keys[name])));
      } else {
        failed.add(name);
      }
      // If the reader is already choosing a row, the rows stay as they are.
      if (document.activeElement === field && at < 0) show();
      if (isHurried && !list.hidden && hits.length) visit(hits[0]);
    };
    script.addEventListener("load", settle);
    script.addEventListener("error", settle);
    document.head.append(script);
  };

  const waiting = () => asked.size > pictures.size + failed.size;

  // First the part for this stem. The other parts only if the list is not full, because the text can
  // stand anywhere in a key.
  const loadFor = (wanted) => {
    const parts = GEO.search.parts;
    const initial = wanted.slice(wanted.lastIndexOf("/") + 1)[0];
    const own = [initial, "_", ""].find((name) => name in parts);
    if (own !== undefined) load(own);
    // Values of metadata are in the parts of their words.
    const words = wanted.split(/[^\p{L}\p{N}]+/u).filter(Boolean);
    for (const word of ["", ...words.map(([first]) => /[a-z0-9]/.test(first) ? first : "_")]) {
      if ("~" + word in parts) load("~" + word);
    }
    if (hits.length < SHOWN && !waiting()) {
      Object.keys(parts).filter((name) => name[0] !== "~").forEach(load);
    }
  };

  const row = (hit, index) => {
    const item = GEO.make("li", { role: "option", id: "hit-" + index, "aria-selected": "false" });
    if (hit.title) {
      item.append(GEO.make("span", {}, hit.title),
        GEO.make("span", { class: "muted" },
          GEO.number(hit.count) + (hit.count === 1 ? " picture" : " pictures")));
      return item;
    }
    const look = hit.small ? "px" : null;
    const image = GEO.make("img", { class: look, src: root + hit.image, alt: "" });
    const slash = hit.key.indexOf("/");
    const label = hit.key.slice(0, slash);
    item.append(image, GEO.make("span", {}, label[0].toUpperCase() + label.slice(1) + " ",
      GEO.make("span", { class: "key" }, hit.key.slice(slash + 1))));
    if (hit.value) item.append(GEO.make("span", { class: "muted" }, hit.value.slice(0, 60)));
    return item;
  };

  const sentence = () => {
    if (failed.size) {
      return "The list of keys could not be read. Copy the whole folder of the atlas again, " +
        "or find the picture through its plate below.";
    }
    return `No key contains “${field.value.trim()}”. ` +
      "Try the first characters of the file name.";
  };

  const close = () => {
    list.hidden = true;
    at = -1;
    field.setAttribute("aria-expanded", "false");
    field.removeAttribute("aria-activedescendant");
  };

  const show = () => {
    const wanted = plain(field.value);
    if (!wanted) return close();
    hits = find(wanted);
    loadFor(wanted);
    // "No key contains" can be said only after all keys are loaded.
    if (!hits.length && waiting()) return close();
    // Rows that stay the same are left alone, because a reader may be pressing one.
    const isSame = !list.hidden && at < 0 && hits.length > 0 && hits.length === drawn.length &&
      hits.every((hit, place) => hit === drawn[place]);
    at = -1;
    field.removeAttribute("aria-activedescendant");
    const none = { role: "option", "aria-disabled": "true", "aria-selected": "false" };
    if (!isSame) list.replaceChildren(...(hits.length ? hits.map(row) : [GEO.make("li", none, sentence())]));
    drawn = hits;
    list.hidden = false;
    field.setAttribute("aria-expanded", "true");
  };

  const mark = (index) => {
    at = index;
    [...list.children].forEach((item, place) => {
      item.setAttribute("aria-selected", String(place === at));
    });
    list.children[at].scrollIntoView({ block: "nearest" });
    field.setAttribute("aria-activedescendant", list.children[at].id);
  };

  const visit = (hit) => {
    location.href = GEO.carried(root + hit.page);
  };

  field.addEventListener("input", () => {
    isHurried = false;
    show();
  });
  field.addEventListener("focus", show);
  field.addEventListener("blur", () => {
    isHurried = false;
    close();
  });
  field.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && list.hidden) isHurried = waiting();
    if (event.key === "Escape" && !list.hidden) {
      event.preventDefault();
      return close();
    }
    if (list.hidden || !hits.length) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      event.preventDefault();
      mark(at < 0 && step < 0 ? hits.length - 1 : (at + step + hits.length) % hits.length);
    } else if (event.key === "Enter") {
      event.preventDefault();
      visit(hits[Math.max(at, 0)]);
    }
  });

  // Pressing a row must not take the focus from the field, or the list closes before the click.
  list.addEventListener("mousedown", (event) => event.preventDefault());
  list.addEventListener("click", (event) => {
    const item = event.target.closest("li:not([aria-disabled])");
    if (item) visit(hits[[...list.children].indexOf(item)]);
  });
})();
