// Compares a picture with two of its targets. The address says which: "#compare=kmeans-1,pairwise-3".
"use strict";

(() => {
  const opener = document.querySelector("[data-compare]");
  if (!opener) return;

  const targets = GEO.all(".panels section").flatMap((panel) => {
    const { id, textContent: name } = panel.querySelector("h2");
    const list = panel.querySelector(".targets");
    const { measure } = list.dataset;
    const units = GEO.unitsOf(list);
    return GEO.all("a", list).map((link, index) => {
      const item = link.parentElement;
      const image = link.querySelector("img");
      return {
        id: `${id}-${index + 1}`, panel: name, rank: index + 1, href: link.href,
        src: link.dataset.src ? new URL(link.dataset.src, location.href).href : image.src,
        isSmall: !item.classList.contains("photo"),
        turn: item.dataset.turn ?? "0",
        type: image.alt, stem: link.querySelector("b"),
        score: GEO.percent(GEO.scoreOf(units[index]) / 100),
        distance: GEO.distanceOf(units[index]), measure,
      };
    });
  });

  /**
   * The name of a target, as nodes. The stem is a copy of the element that shows it, because an
   * attribute with every stem would make the page too large.
   */
  const nameOf = ({ type, stem }) => [`${type} `, ...stem.cloneNode(true).childNodes];

  // Panels whose distance is another one than the correlation say which.
  const measures = [...new Set(targets.flatMap(({ measure }) => measure || []))];
  const button = (attributes, ...children) =>
    GEO.make("button", { class: "btn", type: "button", ...attributes }, ...children);

  const picture = (alt) => {
    const image = GEO.make("img", { alt });
    return { frame: GEO.make("span", { class: "pic" }, image), image };
  };

  const figureOf = (side, name) => {
    const { frame, image } = picture("");
    const caption = GEO.make("figcaption");
    const choice = GEO.make("select", { "aria-label": `${name} target` },
      ...targets.map(({ panel, rank, score }, index) =>
        GEO.make("option", { value: index }, `${panel} ${rank}, ${score}`)));
    const previous = button({ class: "btn prev", "aria-label": `${name} target: previous` });
    const next = button({ class: "btn next", "aria-label": `${name} target: next` });
    choice.addEventListener("change", () => choose(side, Number(choice.value)));
    previous.addEventListener("click", () => step(side, -1));
    next.addEventListener("click", () => step(side, 1));
    const figure = GEO.make("figure", {}, frame,
      GEO.make("div", { class: "chooser" }, previous, choice, next), caption);
    return { figure, frame, image, caption, choice };
  };

  let dialog = null;
  let sides = [];
  let said = null;
  const current = [0, 0];

  const draw = (side) => {
    const { frame, image, caption, choice } = sides[side];
    const target = targets[current[side]];
    const { src, isSmall, turn, href, score, distance } = target;
    image.src = src;
    frame.style.setProperty("--turn", turn);
    frame.classList.toggle("px", isSmall);
    choice.value = String(current[side]);
    const turned = turn === "0" ? "" : `, turned ${turn}°`;
    caption.replaceChildren(GEO.make("a", { href }, ...nameOf(target)), GEO.make("br"),
      `Distance ${distance.toFixed(4)}, ${score}${turned}`);
  };

  const sentence = () => {
    const [left, right] = current.map((index) => targets[index]);
    if (left.href === right.href) return ["Both are ", ...nameOf(left), "."];
    if (left.measure !== right.measure) {
      return ["These distances are of two kinds, which cannot be set against each other."];
    }
    const difference = Math.abs(left.distance - right.distance);
    if (difference < 0.00005) return ["Both are equally far from the picture in question."];
    const nearer = left.distance < right.distance ? left : right;
    return [...nameOf(nearer),
      ` is nearer to the picture in question by ${difference.toFixed(4)}.`];
  };

  const update = () => {
    sides.forEach((_, side) => draw(side));
    said.replaceChildren(...sentence());
    const ids = current.map((index) => targets[index].id).join(",");
    history.replaceState(null, "", `#compare=${ids}`);
  };

  const choose = (side, index) => {
    current[side] = index;
    update();
  };

  const step = (side, by) =>
    choose(side, (current[side] + by + targets.length) % targets.length);

  const make = () => {
    const big = document.querySelector(".shown img");
    const me = picture("The picture in question");
    me.image.src = big.src;
    me.frame.classList.toggle("px", !document.querySelector(".specimen.photo"));
    sides = [figureOf(0, "Left"), figureOf(1, "Right")];
    said = GEO.make("p", { class: "said", "aria-live": "polite" });
    const close = button({ autofocus: "" }, "Close");
    const link = button({}, "Copy link");
    dialog = GEO.make("dialog", { id: "compare", "aria-labelledby": "compare-title" },
      GEO.make("div", { class: "dlg-top" },
        GEO.make("h2", { id: "compare-title" }, "Compare"),
        GEO.make("span", { class: "group" }, link, close)),
      GEO.make("div", { class: "trio" },
        GEO.make("figure", {}, me.frame,
          GEO.make("figcaption", {}, big.alt, GEO.make("br"),
            GEO.make("span", { class: "muted" }, "the picture in question"))),
        sides[0].figure, sides[1].figure),
      said,
      GEO.make("p", { class: "muted" }, "Distance is 1 − the correlation of the two pictures" +
        measures.map((words) => `; ${words}`).join("") + ". " +
        "Targets are turned as they matched. Keys ← → change the left one, ↑ ↓ the right one."));
    close.addEventListener("click", () => dialog.close());
    link.addEventListener("click", () => GEO.copyLink(link));
    dialog.addEventListener("keydown", (event) => {
      const [side, by] = { ArrowRight: [0, 1], ArrowLeft: [0, -1], ArrowDown: [1, 1],
        ArrowUp: [1, -1] }[event.key] || [];
      if (!by || event.target.closest("select")) return;
      event.preventDefault();
      step(side, by);
    });
    // A click beside the dialog is a click on the dialog element itself. A button that is pressed by
    // a key makes a click too, without a position; its detail is 0.
    dialog.addEventListener("click", (event) => {
      const box = dialog.getBoundingClientRect();
      const inside = event.clientX >= box.left && event.clientX <= box.right &&
        event.clientY >= box.top && event.clientY <= box.bottom;
      if (event.detail > 0 && event.target === dialog && !inside) dialog.close();
    });
    dialog.addEventListener("close", () => {
      history.replaceState(null, "", location.pathname + location.search);
      opener.focus();
    });
    document.body.append(dialog);
  };

  const open = () => {
    if (!dialog) make();
    update();
    if (!dialog.open) dialog.showModal();
  };

  // By default: the best target of the first panel, and the best target of the next that differs.
  const others = targets.flatMap(({ panel, href }, index) =>
    panel !== targets[0].panel && href !== targets[0].href ? [index] : []);
  current[1] = others[0] ?? Math.min(1, targets.length - 1);
  /** Opens the dialog with the targets that the address names. */
  const read = () => {
    const asked = new URLSearchParams(location.hash.slice(1)).get("compare");
    if (asked === null) return;
    asked.split(",").slice(0, 2).forEach((id, side) => {
      const index = targets.findIndex((target) => target.id === id);
      if (index >= 0) current[side] = index;
    });
    open();
  };

  opener.addEventListener("click", open);
  GEO.addKeys({ key: "c", shown: "C", does: "Compare with its targets", act: open });
  addEventListener("hashchange", read);
  read();
})();
