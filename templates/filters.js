// Filters, sort and jump of a plate: which tiles the wall shows, and in which order. The address holds
// all settings, "#predicted=gneiss,marble&from=50&sort=doubt&at=012L6", so that a reader can send a view
// to a colleague.
"use strict";

(() => {
  const page = document.querySelector("[data-browse]");
  if (!page || !GEO.showTiles) return;
  const BINS = 28;
  const tiles = GEO.tiles;
  const { type } = GEO.plate;
  const form = page.querySelector(".filters");
  const jump = page.querySelector("[data-jump]");
  const part = (name) => page.querySelector(`[data-${name}]`);
  const own = tiles.flatMap((tile, index) => tile.label === type ? [index] : []);
  const styleOf = (label) => label < 0 ? "unlabelled" : GEO.types[label][3];
  let chosen = null;
  let order = [];
  // Number of pictures with the labels asked for; the count says how many of them are shown.
  let labelled = own.length;

  const compare = {
    least: (a, b) => tiles[a].probability - tiles[b].probability,
    most: (a, b) => tiles[b].probability - tiles[a].probability,
    doubt: (a, b) => tiles[a].margin - tiles[b].margin,
    cluster: (a, b) => tiles[a].cluster - tiles[b].cluster,
  };

  // What is known of the pictures besides, by field.
  const known = (GEO.facts ?? []).map(([, isNumber, values, places]) =>
    ({ isNumber, of: (index) => values[places[index]] }));

  // Pictures without a value come last.
  const byFact = ({ isNumber, of }) => (a, b) => {
    const [x, y] = [of(a), of(b)];
    if (x === "" || y === "") return (x === "") - (y === "");
    return isNumber ? x - y : x.localeCompare(y, "en", { numeric: true });
  };

  const ruleOf = (sort) => {
    const field = known[sort.match(/^fact-(\d+)$/)?.[1]];
    return field ? byFact(field) : compare[sort];
  };

  // Two numbers mean a range, in fields of numbers; all else is a part of a value.
  const holds = ({ fact, words }) => {
    const fields = fact === "" ? known : [known[fact]];
    const text = words.toLowerCase();
    const [, least, most] =
      words.replaceAll("\u2212", "-").match(/^(-?[\d.]+)\s*(?:-|–|\.\.|to)\s*(-?[\d.]+)$/) ?? [];
    return (index) => !words || fields.some(({ isNumber, of }) => {
      const value = of(index);
      if (value === "") return false;
      if (isNumber && least) return Number(value) >= Number(least) && Number(value) <= Number(most);
      return value.toLowerCase().includes(text);
    });
  };

  const ticked = (name) =>
    GEO.all(`[name=${name}]:checked`, form).map((input) => input.value);

  const filter = () => ({
    labels: ticked("label"),
    predicted: ticked("predicted"),
    // The plate of pictures without a label does not have this filter.
    agree: form.elements.agree?.value ?? "",
    // An atlas without a network has no probabilities to choose from.
    from: Number(form.elements.from?.value ?? 0),
    to: Number(form.elements.to?.value ?? 100),
    cluster: Number(form.elements.cluster.value),
    fact: form.elements.fact?.value ?? "",
    words: form.elements.words?.value.trim() ?? "",
    sort: jump.elements.sort.value,
  });

  // If no label is ticked, the plate shows the pictures of its own label.
  const isLabelled = (wanted) => ({ label }) =>
    wanted.labels.length ? wanted.labels.includes(styleOf(label)) : label === type;

  // The sliders hold whole percents, the tiles thousandths.
  const meets = (wanted) => ({ predicted, probability, cluster, label }) =>
    (!wanted.predicted.length || wanted.predicted.includes(styleOf(predicted))) &&
    (wanted.agree === "" || (predicted === label) === (wanted.agree === "yes")) &&
    probability >= wanted.from * 10 && (probability <= wanted.to * 10 || wanted.to === 100) &&
    (!wanted.cluster || cluster === wanted.cluster);

  // Most networks are nearly sure of most pictures. The power makes bins of a few pictures visible.
  const drawHistogram = () => {
    if (!part("histo")) return;
    const bins = Array.from({ length: BINS }, () => 0);
    for (const index of own) bins[Math.floor(tiles[index].probability * BINS / 1000)] += 1;
    const most = Math.max(1, ...bins);
    part("histo").replaceChildren(...bins.map((value) => {
      const bar = GEO.make("i");
      bar.style.height = `${value ? Math.max(6, 100 * (value / most) ** 0.4) : 0}%`;
      return bar;
    }));
  };

  const address = (wanted) => {
    const words = [
      ["label", wanted.labels.join(",")], ["predicted", wanted.predicted.join(",")],
      ["agree", wanted.agree], ["from", wanted.from || ""],
      ["to", wanted.to === 100 ? "" : wanted.to], ["cluster", wanted.cluster || ""],
      ["fact", wanted.words ? wanted.fact : ""], ["words", wanted.words],
      ["sort", wanted.sort], ["at", chosen === null ? "" : tiles[chosen].stem],
    ].filter(([, value]) => value !== "")
      .map(([name, value]) => `${name}=${encodeURIComponent(value).replaceAll("%2C", ",")}`);
    return words.length ? "#" + words.join("&") : location.pathname + location.search;
  };

  const count = () => {
    const shown = order.length;
    const pictures = shown === 0 ? "No picture"
      : GEO.number(shown) + (shown === 1 ? " picture" : " pictures");
    return shown === labelled ? pictures : `${pictures} of ${GEO.number(labelled)}`;
  };

  const update = ({ keepsAddress = false } = {}) => {
    const wanted = filter();
    const test = meets(wanted);
    const isKnown = holds(wanted);
    const choice = tiles.map((_, index) => index)
      .filter((index) => isLabelled(wanted)(tiles[index]));
    labelled = choice.length;
    order = choice.filter((index) => test(tiles[index]) && isKnown(index));
    const rule = ruleOf(wanted.sort);
    if (rule) order.sort((a, b) => rule(a, b) || a - b);
    GEO.showTiles(order);

    const narrowed = wanted.from > 0 || wanted.to < 100;
    const set = wanted.labels.length + wanted.predicted.length + (wanted.agree !== "") + narrowed +
      (wanted.cluster > 0) + (wanted.words !== "");
    form.querySelector("[type=reset]").disabled = !set;
    part("active").textContent = set ? `${set} set` : "none set";
    part("count").textContent = count();
    part("empty").hidden = order.length > 0;
    if (part("range")) part("range").textContent = `${wanted.from}\u202f% to ${wanted.to}\u202f%`;
    [...part("histo")?.children ?? []].forEach((bar, place) => {
      const middle = 100 * (place + 0.5) / BINS;
      bar.classList.toggle("off", middle < wanted.from || middle > wanted.to);
    });
    if (!keepsAddress) history.replaceState(null, "", address(wanted));
  };

  // A slider that is moved past the other one moves the other one too.
  const keepOrder = (moved) => {
    const { from, to } = form.elements;
    if (!from) return;
    if (Number(from.value) <= Number(to.value)) return;
    (moved === from ? to : from).value = moved.value;
  };

  /** Sets the filters from the address; unknown values are ignored. */
  const read = () => {
    const asked = new URLSearchParams(location.hash.slice(1));
    for (const input of GEO.all("[type=checkbox]", form)) {
      const wanted = (asked.get(input.name) ?? "").split(",");
      input.checked = !input.disabled && wanted.includes(input.value);
    }
    for (const input of GEO.all("[type=radio]", form)) {
      input.checked = input.value === (asked.get("agree") ?? "");
    }
    const { from, to, cluster, fact, words } = form.elements;
    if (words) words.value = asked.get("words") ?? "";
    // A slider whose value is not a number would go to its middle.
    const percent = (name, otherwise) =>
      /^\d+$/.test(asked.get(name) ?? "") ? asked.get(name) : otherwise;
    if (from) from.value = percent("from", 0);
    if (to) to.value = percent("to", 100);
    for (const choice of [cluster, fact, jump.elements.sort]) {
      if (!choice) continue;
      const wanted = [...choice.options].findIndex(({ value }) => value === asked.get(choice.name));
      choice.selectedIndex = Math.max(0, wanted);
    }
    keepOrder(form.elements.from);
    update({ keepsAddress: true });
    const at = asked.get("at");
    const index = at === null ? -1 : order.find((tile) => tiles[tile].stem === at) ?? -1;
    chosen = index < 0 ? null : index;
    if (chosen !== null) GEO.goToTile(chosen, { focused: false });
  };

  // "quartzite IB5HB", "quartzite.ib5hb" and "IB5HB.jpg" mean the same key. So does the path of a file
  // as Windows copies it, in quotation marks.
  const plain = (text) => text.trim().toLowerCase().replace(/^"(.*)"$/, "$1")
    .replace(/\.(jpe?g|png)$/, "").replace(/[\s./\\]+/g, "/").replace(/^\//, "");

  /**
   * The tile that a text means: the one with this key, else the one with this number among those
   * shown, else the first whose key begins so; `null` if there is none.
   */
  const find = (text) => {
    const wanted = "/" + plain(text);
    const folder = `/${GEO.plate.folder}/`;
    const at = wanted.lastIndexOf(folder);
    const stem = wanted.slice(at < 0 ? 1 : at + folder.length);
    const keys = order.map((index) => plain(tiles[index].stem));
    const whole = keys.indexOf(stem);
    if (whole >= 0) return order[whole];
    const number = Number(text.replaceAll(",", ""));
    if (Number.isInteger(number) && number >= 1 && number <= order.length) return order[number - 1];
    const begins = keys.findIndex((key) => key.startsWith(stem));
    return begins < 0 ? null : order[begins];
  };

  jump.addEventListener("submit", (event) => {
    event.preventDefault();
    const text = jump.elements.jump.value;
    if (!text.trim()) return;
    const index = find(text);
    if (index === null) {
      part("count").textContent = `No picture shown here begins with “${text.trim()}”.`;
      return;
    }
    chosen = index;
    part("count").textContent = count();
    history.replaceState(null, "", address(filter()));
    GEO.goToTile(index);
  });

  form.addEventListener("input", (event) => {
    keepOrder(event.target);
    update();
  });
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", () => {
    setTimeout(update);
    // The button is disabled next, and would lose the focus.
    form.querySelector("input:not(:disabled)").focus();
  });
  jump.elements.sort.addEventListener("change", () => update());
  part("clear").addEventListener("click", () => form.reset());

  // The pictures that are shown, in their order.
  const rows = () => GEO.listOf(
    order.map((index) => ({
      ...tiles[index], key: GEO.keyOf(tiles[index]), facts: known.map(({ of }) => of(index)),
    })),
    (GEO.facts ?? []).map(([name]) => name));
  part("save-list").addEventListener("click", () => GEO.saveCSV(`${GEO.plate.folder}.csv`, rows()));

  /** The published file of a picture: its path in an archive, and its address. */
  const fileOf = (index) => {
    const { format, formats, folder } = GEO.plate;
    const path = GEO.addressOf(tiles[index]).replace(/html$/, formats[index] ?? format);
    return { path: path.startsWith("../") ? path.slice(3) : `${folder}/${path}`, address: path };
  };

  part("save-pictures").addEventListener("click", ({ currentTarget }) => GEO.saveListed(
    currentTarget, `${GEO.plate.folder}.zip`, order.map(fileOf), rows(), (words) => {
      part("saved").textContent = words;
    }));
  part("copy-link").addEventListener("click", (event) => GEO.copyLink(event.currentTarget));

  // In narrow windows the filters are folded.
  part("fold").addEventListener("click", (event) => {
    const isOpen = form.classList.toggle("open");
    event.currentTarget.setAttribute("aria-expanded", String(isOpen));
  });

  // The bar at the top of the window covers a part of the wall.
  const bar = page.querySelector(".bar-top");
  GEO.coveredTop = () => getComputedStyle(bar).position === "sticky" ? bar.offsetHeight : 0;

  addEventListener("hashchange", read);
  drawHistogram();
  read();
  const from = Number(part("wall").dataset.from);
  if (from && !location.hash) GEO.startTiles(from);
  page.classList.add("ready");
})();
