// Filters and sort of a plate: which of its tiles the wall shows, and in which order.
"use strict";

(() => {
  const page = document.querySelector("[data-browse]");
  if (!page || !GEO.showTiles) return;
  const BINS = 28;
  const tiles = GEO.tiles || [];
  const form = page.querySelector("form");
  const part = (name) => page.querySelector(`[data-${name}]`);
  const wall = page.querySelector("[data-wall], [data-photos]");
  const own = wall.dataset.own;
  const total = Number(part("count").dataset.total) || tiles.length;
  const first = Number(part("count").dataset.first) || 1;

  const compare = {
    lo: (a, b) => tiles[a][2] - tiles[b][2],
    hi: (a, b) => tiles[b][2] - tiles[a][2],
    cluster: (a, b) => tiles[a][3] - tiles[b][3],
  };

  const chosen = () => ({
    types: GEO.all("[name=pred]:checked", form).map((input) => Number(input.value)),
    // The unlabelled neither agree nor disagree: their plate doesn't ask.
    agree: form.elements.agree?.value ?? "",
    low: Number(form.elements.lo.value) / 100,
    high: Number(form.elements.hi.value) / 100,
    cluster: Number(form.elements.cluster.value),
  });

  // The thumbs stand on whole percents: each takes in all that is shown as its number.
  const meets = (filter) => ([, predicted, probability, cluster]) =>
    (!filter.types.length || filter.types.includes(predicted)) &&
    (filter.agree === "" || (predicted === Number(own)) === (filter.agree === "1")) &&
    probability >= filter.low - 0.0005 && probability <= filter.high + 0.0005 &&
    (!filter.cluster || cluster === filter.cluster);

  const count = (shown) => {
    const pictures = shown === 0 ? "No picture"
      : GEO.number(shown) + (shown === 1 ? " picture" : " pictures");
    if (tiles.length === total) {
      return shown === total ? pictures : `${pictures} of ${GEO.number(total)}`;
    }
    if (shown < tiles.length) {
      return `${pictures} of the ${GEO.number(tiles.length)} on this page`;
    }
    const last = first + tiles.length - 1;
    return `${pictures}, ${GEO.number(first)} to ${GEO.number(last)} of ${GEO.number(total)}`;
  };

  // Most networks are nearly sure of most pictures: the root keeps the rare doubts visible.
  const drawHistogram = () => {
    const bins = new Array(BINS).fill(0);
    for (const tile of tiles) bins[Math.min(BINS - 1, Math.floor(tile[2] * BINS))] += 1;
    const most = Math.max(1, ...bins);
    part("histo").replaceChildren(...bins.map((value) => {
      const bar = GEO.make("i");
      bar.style.height = `${value ? Math.max(6, 100 * (value / most) ** 0.4) : 0}%`;
      return bar;
    }));
  };

  const update = () => {
    const filter = chosen();
    const test = meets(filter);
    const order = tiles.map((_, index) => index).filter((index) => test(tiles[index]));
    const rule = compare[part("sort").value];
    if (rule) order.sort((a, b) => rule(a, b) || a - b);
    GEO.showTiles(order);

    const narrowed = filter.low > 0 || filter.high < 1;
    const set = filter.types.length + (filter.agree !== "") + narrowed + (filter.cluster > 0);
    form.querySelector("[type=reset]").disabled = !set;
    part("active").textContent = set ? `${set} set` : "none set";
    part("count").textContent = count(order.length);
    part("empty").hidden = order.length > 0;
    part("range").textContent =
      `${Math.round(filter.low * 100)}\u202f% to ${Math.round(filter.high * 100)}\u202f%`;
    [...part("histo").children].forEach((bar, place) => {
      const middle = (place + 0.5) / BINS;
      bar.classList.toggle("off", middle < filter.low || middle > filter.high);
    });
  };

  // One thumb pushes the other along and never passes it.
  const keepOrder = (moved) => {
    const { lo, hi } = form.elements;
    if (Number(lo.value) <= Number(hi.value)) return;
    (moved === lo ? hi : lo).value = moved.value;
  };

  form.addEventListener("input", (event) => {
    keepOrder(event.target);
    update();
  });
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", () => setTimeout(update));
  part("sort").addEventListener("change", update);
  part("clear").addEventListener("click", () => {
    form.reset();
    form.querySelector("input").focus();
  });

  // Narrow windows fold the filters away; wide ones have no summary to open them with.
  const narrow = matchMedia("(max-width: 56.25em)");
  const fold = () => {
    page.querySelector(".fold").open = !narrow.matches;
  };
  narrow.addEventListener("change", fold);

  // The confusion matrix leads here with the type it counted: "#predicted=gneiss".
  const preset = new URLSearchParams(location.hash.slice(1)).get("predicted");
  const type = GEO.types.findIndex((entry) => entry[3] === preset);
  const tick = form.querySelector(`[name=pred][value="${type}"]`);
  if (tick && !tick.disabled) tick.checked = true;

  fold();
  drawHistogram();
  update();
})();
