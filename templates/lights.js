// The pictures of the light table. They share one view: which part is shown, how much it is enlarged, and how
// it is turned. The address holds the pins and the view,
// "#pins=gneiss/ab/10nfi,marble/03/p2&ground=black&zoom=2&at=0.4,0.6&turn=90".
"use strict";

(() => {
  const page = document.querySelector("[data-table]");
  if (!page || !GEO.pinned) return;
  const VALUES = ["stem", "label", "predicted", "probability", "width", "height", "format", "isReduced",
    "mark", "group", "distances", "scale"];
  const GROUNDS = ["black", "grey", "white"];
  const STEPS = [1, 1.5, 2, 3, 4, 6, 8, 12, 16];
  // The part of the box by which an arrow key moves the pictures.
  const STRIDE = 0.2;
  const GAP = 14;
  // Height of what stands under a picture, and the least side of its box.
  const UNDER = 112;
  const LEAST = 112;
  // Blinking faster than three times a second can harm (WCAG 2.3.1).
  const BLINK = 340;
  const SMALL = 64;
  const root = document.documentElement.dataset.root;
  const part = (name) => page.querySelector(`[data-${name}]`);

  let pins = [];
  let lights = [];
  let view = { ground: "grey", factor: 1, centre: [0.5, 0.5], turn: 0 };
  // The place of the picture that is shown alone; -1 if all are.
  let alone = -1;
  let blinked = -BLINK;

  const loaded = new Map();

  /** The values of a pinned picture; `null` if it is not in the atlas. */
  const find = (pin) => {
    const [folder, ...rest] = pin.split("/");
    const [initial] = rest[0];
    const script = `${folder}/${initial}`;
    if (!loaded.has(script)) {
      loaded.set(script, GEO.load(`${folder}/pins-${initial}.js`));
    }
    return loaded.get(script).then(() => {
      const values = GEO.pinned[script]?.items[rest.join("/")];
      if (!values) return null;
      const picture = Object.fromEntries(VALUES.map((value, place) => [value, values[place]]));
      const original = `${root}${pin}.${picture.format}`;
      return {
        ...picture, original, pin, key: `${GEO.pinned[script].label}/${picture.stem}`,
        shown: picture.isReduced ? `${root}previews/${pin}.jpg` : original,
        type: GEO.types[picture.label]?.[1] ?? "Unlabelled",
        isSmall: Math.max(picture.width, picture.height) <= SMALL,
      };
    });
  };

  const nameOf = ({ type, stem }) => `${type} ${stem}`;

  // Address

  const address = () => {
    const [x, y] = view.centre.map((value) => Number(value.toFixed(3)));
    const words = [
      ["pins", pins.join(",")], ["ground", view.ground === "grey" ? "" : view.ground],
      ["zoom", view.factor === 1 ? "" : view.factor], ["at", view.factor === 1 ? "" : `${x},${y}`],
      ["turn", view.turn || ""],
    ].filter(([, value]) => value !== "").map(([name, value]) => `${name}=${value}`);
    return words.length ? `#${words.join("&")}` : location.pathname;
  };

  const write = () => history.replaceState(null, "", address());

  const limited = (value, least, most) => Math.min(most, Math.max(least, value));

  /** The view of the address; values that mean nothing are those of a fresh table. */
  const viewOf = (asked) => {
    const centre = (asked.get("at") ?? "").split(",").map(Number);
    const factor = Number(asked.get("zoom"));
    const turn = Number(asked.get("turn"));
    return {
      ground: GROUNDS.includes(asked.get("ground")) ? asked.get("ground") : "grey",
      factor: factor >= 1 ? Math.min(factor, STEPS.at(-1)) : 1,
      centre: centre.length === 2 && centre.every(Number.isFinite)
        ? centre.map((value) => limited(value, 0, 1)) : [0.5, 0.5],
      turn: [90, 180, 270].includes(turn) ? turn : 0,
    };
  };

  const sentences = ({ invalid, twice, more }) => [
    more && `The table holds eight pictures; ${more} more in the address ${more === 1 ? "is" : "are"} left out.`,
    invalid && `${invalid} ${invalid === 1 ? "word" : "words"} of the address ` +
      `${invalid === 1 ? "names" : "name"} no picture of an atlas, and ${invalid === 1 ? "is" : "are"} left out.`,
    twice && "A picture that is pinned twice is shown once.",
  ].filter(Boolean).join(" ");

  // Drawing

  /** Columns and side of the boxes, so that all pictures are in the window if there is room. */
  const fit = (count) => {
    const width = part("lights").clientWidth - 2 * GAP;
    const height = Math.max(innerHeight - 220, 360);
    const least = Math.min(2, count);
    let best = { side: 0, columns: least };
    for (let columns = least; columns <= count; columns += 1) {
      const rows = Math.ceil(count / columns);
      const side = Math.min((width - GAP * (columns - 1)) / columns,
        (height - GAP * (rows - 1)) / rows - UNDER);
      if (side > best.side) best = { side, columns };
    }
    const widest = (width - GAP * (best.columns - 1)) / best.columns;
    return { ...best, side: Math.floor(Math.min(widest, Math.max(best.side, LEAST))) };
  };

  const scaleOf = ({ width, height, isSmall }, side) => {
    const most = side / Math.max(width, height);
    return isSmall ? Math.max(1, Math.floor(most)) : Math.min(1, most);
  };

  /** The longest bar of 1, 2 or 5 times a power of ten millimetres within half of the box. */
  const barOf = (millimetres) => {
    const unit = 10 ** Math.floor(Math.log10(millimetres));
    const length = [5, 2, 1].map((step) => step * unit).find((value) => value <= millimetres * (1 + 1e-9)) ?? unit;
    const short = (value) => String(Number(value.toPrecision(6)));
    const text = length >= 1000 ? `${short(length / 1000)}\u202fm` : `${short(length)}\u202fmm`;
    return { share: length / millimetres / 2, text };
  };

  const drawBar = (light, pixels, side) => {
    const { scale } = light.picture;
    if (!scale) return;
    const { share, text } = barOf(scale * side / pixels / 2);
    light.bar.firstChild.style.width = `${100 * share}%`;
    light.bar.lastChild.textContent = text;
    light.bar.setAttribute("aria-label", `Scale bar: ${text} long`);
  };

  const draw = () => {
    const half = 0.5 / view.factor;
    view.centre = view.centre.map((value) => limited(value, half, 1 - half));
    const { side, columns } = fit(alone < 0 ? lights.length : 1);
    const list = part("lights");
    list.style.setProperty("--side", `${side}px`);
    list.style.setProperty("--columns", columns);
    list.className = `lights ${view.ground}`;
    const [x, y] = view.centre.map((value) => `${100 * (0.5 - value)}%`);
    lights.forEach((light, place) => {
      light.item.hidden = alone >= 0 && place !== alone;
      const { picture, image, box } = light;
      if (!picture) return;
      const scale = scaleOf(picture, side);
      image.style.width = `${picture.width * scale}px`;
      image.style.transform = `translate(-50%, -50%) rotate(${view.turn}deg) scale(${view.factor}) ` +
        `translate(${x}, ${y})`;
      image.classList.toggle("px", picture.isSmall || scale * view.factor >= 2);
      box.classList.toggle("enlarged", view.factor > 1);
      if (view.factor > 1) loadOriginal(light);
      drawBar(light, scale * view.factor, side);
    });
    for (const button of GEO.all("[data-ground]", page)) {
      button.setAttribute("aria-pressed", String(button.dataset.ground === view.ground));
    }
    const disable = (step, isDisabled) => {
      page.querySelector(`[data-zoom="${step}"]`).disabled = isDisabled;
    };
    disable(1, view.factor >= STEPS.at(-1));
    disable(-1, view.factor === 1);
    disable(0, view.factor === 1);
    part("beside").hidden = alone < 0;
    part("blink").disabled = lights.length < 2;
  };

  // A photograph comes as a smaller copy; the whole one takes its place once it is enlarged.
  const loadOriginal = (light) => {
    if (!light.picture.isReduced || light.isAsked) return;
    light.isAsked = true;
    const whole = new Image();
    whole.src = light.picture.original;
    whole.decode().then(() => {
      light.image.src = whole.src;
    }, () => say(`The whole picture ${nameOf(light.picture)} cannot be loaded. A smaller copy is shown.`));
  };

  const say = (words) => {
    part("said").textContent = words;
  };

  const takeButton = (pin, name) => {
    const button = GEO.make("button", { class: "btn", type: "button", "aria-label": `Take off ${name}` },
      "Take off");
    button.addEventListener("click", () => take(pin));
    return button;
  };

  const gone = (pin, place) => ({
    pin, picture: null,
    item: GEO.make("li", { class: "gone" },
      GEO.make("div", { class: "light" }, GEO.make("p", {}, "Not in this edition")),
      GEO.make("p", { class: "name" }, GEO.make("b", {}, String(place + 1)), " ",
        GEO.make("span", { class: "key" }, pin)),
      GEO.make("p", {}, "It may have been removed from the atlas, or renamed."),
      takeButton(pin, pin)),
  });

  const typeOf = (type) => GEO.make("span", { class: "type" }, GEO.patch(type), type[1]);

  const verdict = ({ label, predicted, probability }) => {
    if (predicted < 0) return "";
    if (predicted === label) return `Predicted as labelled, ${GEO.percent(probability / 1000)}`;
    return GEO.make("span", {}, "Predicted ", typeOf(GEO.types[predicted]),
      ` ${GEO.percent(probability / 1000)}`);
  };

  const light = (picture, place) => {
    const name = nameOf(picture);
    const image = GEO.make("img", {
      src: picture.shown, alt: name, width: picture.width, height: picture.height, draggable: "false",
    });
    const box = GEO.make("div", { class: "light" }, image);
    image.addEventListener("error", () => say(`The picture ${name} cannot be loaded. ` +
      "Copy the whole folder of the atlas again."));
    const bar = picture.scale ? GEO.make("p", { class: "length", role: "img" }, GEO.make("i"), GEO.make("span"))
      : GEO.make("p", { class: "length" }, "Field scale not recorded");
    const type = GEO.types[picture.label];
    const item = GEO.make("li", {}, box, bar,
      GEO.make("p", { class: "name" }, GEO.make("b", {}, String(place + 1)), " ",
        type ? GEO.patch(type) : "", " ", GEO.make("a", { href: `${root}${picture.pin}.html` }, name)),
      GEO.make("p", { class: "verdict" }, verdict(picture)),
      takeButton(picture.pin, name));
    return { pin: picture.pin, picture, image, box, bar, item };
  };

  const drawDistances = () => {
    const known = lights.flatMap(({ picture }, place) =>
      picture ? [[place + 1, nameOf(picture), picture]] : []);
    part("apart").hidden = known.length < 2 || !GEO.measures.length;
    part("aparts").replaceChildren(...(known.length < 2 ? []
      : GEO.measures.map((_, measure) => GEO.apartTable(known, measure))));
  };

  // Counts the changes, because pictures of an older one may come later.
  let changes = 0;

  const show = async () => {
    const change = changes += 1;
    const found = await Promise.all(pins.map(find));
    if (change !== changes) return;
    lights = found.map((picture, place) => picture ? light(picture, place) : gone(pins[place], place));
    if (alone >= lights.length) alone = -1;
    part("lights").replaceChildren(...lights.map(({ item }) => item));
    part("none").hidden = pins.length > 0;
    part("full").hidden = !pins.length;
    part("cannot").hidden = GEO.canSavePictures;
    part("save-pictures").hidden = !GEO.canSavePictures;
    page.hidden = false;
    draw();
    drawDistances();
    page.classList.add("ready");
  };

  const take = async (pin) => {
    const place = pins.indexOf(pin);
    pins = pins.filter((other) => other !== pin);
    alone = -1;
    GEO.pins.set(pins);
    write();
    await show();
    const next = lights[Math.min(place, lights.length - 1)];
    (next ? next.item.querySelector("button") : part("none").querySelector("a")).focus();
  };

  // What readers do

  const zoom = (direction) => {
    const next = direction > 0 ? STEPS.find((step) => step > view.factor * 1.01)
      : direction < 0 ? STEPS.findLast((step) => step < view.factor * 0.99) : 1;
    view.factor = next ?? view.factor;
    draw();
    write();
  };

  const turn = (degrees) => {
    view.turn = (view.turn + degrees + 360) % 360;
    draw();
    write();
  };

  /** Moves the shown part by shares of a picture as it is seen, whatever way it is turned. */
  const move = (right, down) => {
    const angle = -view.turn * Math.PI / 180;
    const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
    const [x, y] = view.centre;
    view.centre = [x + right * cos - down * sin, y + right * sin + down * cos];
    draw();
    write();
  };

  const ground = (name) => {
    view.ground = name;
    draw();
    write();
  };

  const blink = () => {
    if (lights.length < 2) return false;
    if (performance.now() - blinked < BLINK) return true;
    blinked = performance.now();
    alone = (alone + 1) % lights.length;
    const { picture, pin } = lights[alone];
    say(`${alone + 1} of ${lights.length}: ${picture ? nameOf(picture) : pin}`);
    draw();
    return true;
  };

  const beside = () => {
    if (alone < 0) return false;
    alone = -1;
    say("");
    draw();
    return true;
  };

  const clear = () => {
    pins = [];
    alone = -1;
    GEO.pins.set(pins);
    write();
    show().then(() => part("none").querySelector("a").focus());
  };

  const step = (right, down) => () => {
    if (view.factor === 1) return false;
    move(STRIDE * right / view.factor, STRIDE * down / view.factor);
    return true;
  };

  const known = () => lights.flatMap(({ picture }) => picture ? [picture] : []);

  const rows = () => [
    ["key", "page", "picture", "label", "predicted", "probability"],
    ...known().map(({ key, pin, format, label, predicted, probability }) => [
      key, `${pin}.html`, `${pin}.${format}`, GEO.types[label]?.[0] ?? "", GEO.types[predicted]?.[0] ?? "",
      predicted < 0 ? "" : (probability / 1000).toFixed(3),
    ]),
  ];

  const savePictures = () => GEO.savePictures("table.zip",
    known().map(({ pin, format, original }) => ({ path: `${pin}.${format}`, address: original })), rows(), say);

  // Dragging moves the pictures; two fingers enlarge them.
  const held = new Map();
  const spread = () => {
    const [[ax, ay], [bx, by]] = [...held.values()];
    return Math.hypot(ax - bx, ay - by);
  };
  const list = part("lights");
  list.addEventListener("pointerdown", (event) => {
    const box = event.target.closest(".light");
    if (!box || event.button !== 0) return;
    held.set(event.pointerId, [event.clientX, event.clientY]);
    if (view.factor > 1) box.setPointerCapture(event.pointerId);
  });
  list.addEventListener("pointermove", (event) => {
    const before = held.get(event.pointerId);
    if (!before) return;
    const wide = held.size === 2 ? spread() : 0;
    held.set(event.pointerId, [event.clientX, event.clientY]);
    if (held.size === 2 && wide > 0) {
      view.factor = limited(view.factor * spread() / wide, 1, STEPS.at(-1));
      draw();
      write();
    } else if (view.factor > 1) {
      const picture = lights.find(({ box }) => box?.contains(event.target))?.picture;
      if (!picture) return;
      const side = parseFloat(list.style.getPropertyValue("--side"));
      const shown = scaleOf(picture, side) * view.factor;
      // Shares of a turned picture are those of its other side.
      const [wideness, height] = view.turn % 180 ? [picture.height, picture.width]
        : [picture.width, picture.height];
      move((before[0] - event.clientX) / (wideness * shown), (before[1] - event.clientY) / (height * shown));
    }
  });
  for (const end of ["pointerup", "pointercancel"]) {
    list.addEventListener(end, (event) => held.delete(event.pointerId));
  }
  // A pinch on a touch pad comes as a wheel with the control key; without it the page scrolls.
  list.addEventListener("wheel", (event) => {
    if (!event.ctrlKey) return;
    event.preventDefault();
    view.factor = limited(view.factor * Math.exp(-event.deltaY / 100), 1, STEPS.at(-1));
    draw();
    write();
  }, { passive: false });

  for (const button of GEO.all("[data-ground]", page)) {
    button.addEventListener("click", () => ground(button.dataset.ground));
  }
  for (const button of GEO.all("[data-zoom]", page)) {
    button.addEventListener("click", () => {
      zoom(Number(button.dataset.zoom));
      // A button that is disabled loses the focus, so give it to another one.
      if (button.disabled) page.querySelector("[data-zoom]:not(:disabled)").focus();
    });
  }
  for (const button of GEO.all("[data-turn]", page)) {
    button.addEventListener("click", () => turn(Number(button.dataset.turn)));
  }
  const copyLink = () => GEO.copyLink(part("link"));
  for (const [name, act] of Object.entries({
    blink, beside, clear, link: copyLink, "save-pictures": savePictures,
    "save-list": () => GEO.saveCSV("table.csv", rows()),
  })) {
    part(name).addEventListener("click", act);
  }
  part("beside").addEventListener("click", () => part("blink").focus());
  GEO.addKeys(
    { key: "b", shown: "B", does: "Blink: the next picture alone, in the same place", act: blink },
    { key: "Escape", shown: "Esc", does: "All pictures side by side", act: beside },
    { key: "+", shown: "+", does: "Enlarge all", act: () => zoom(1) },
    // The same key without Shift.
    { key: "=", act: () => zoom(1) },
    { key: "-", shown: "−", does: "Make all smaller", act: () => zoom(-1) },
    { key: "0", shown: "0", does: "Whole pictures", act: () => zoom(0) },
    { key: "ArrowLeft", shown: "← → ↑ ↓", does: "Move what is enlarged", act: step(-1, 0) },
    { key: "ArrowRight", act: step(1, 0) },
    { key: "ArrowUp", act: step(0, -1) },
    { key: "ArrowDown", act: step(0, 1) },
    { key: "r", shown: "R", does: "Turn all to the right", act: () => turn(90) },
    { key: "e", shown: "E", does: "Turn all to the left", act: () => turn(-90) },
    {
      key: "g", shown: "G", does: "Background: black, grey, white",
      act: () => ground(GROUNDS[(GROUNDS.indexOf(view.ground) + 1) % GROUNDS.length]),
    },
    { key: "l", shown: "L", does: "Copy link", act: copyLink });

  /** Takes pins and view from the address; without pins in it, those that this browser keeps. */
  const read = () => {
    const asked = new URLSearchParams(location.hash.slice(1));
    const texts = asked.get("pins");
    const sorted = texts === null ? { pins: GEO.pins.all() } : GEO.pins.listed(texts);
    pins = sorted.pins;
    view = viewOf(asked);
    alone = -1;
    const left = sentences(sorted);
    part("left-out").hidden = !left;
    part("left-out").textContent = left;
    GEO.pins.set(pins);
    write();
    show();
  };

  addEventListener("hashchange", read);
  addEventListener("resize", GEO.onceAFrame(draw));
  read();
})();
