// Pictures that are pinned for the light table, on every page. From a web server the browser keeps them. For
// files it cannot: Firefox gives every file a storage of its own. There the links between pages carry the
// pins, "index.html?pins=gneiss/ab/10nfi,marble/03/p2".
//
// A pin is the address of the page of a picture, from the root of the atlas and without ".html". In a type of very
// many pictures it has one folder more, "gneiss/ab/c/10nfi".
"use strict";

(() => {
  const MOST = 8;
  const SHAPE = /^[a-z0-9_-]+\/[0-9a-f]{2}\/(?:[0-9a-f]\/)?[a-z0-9_-][a-z0-9._-]*$/;
  // Milliseconds for which a message is shown, and the least side of a picture with a button.
  const SHOWN = 8000;
  const LEAST = 72;
  const root = new URL(document.documentElement.dataset.root || "./", location.href.split(/[?#]/)[0]).href;
  const store = `geoatlas-pins ${new URL(root).pathname}`;

  /** The valid pins among some texts, each once, and why others were left out. */
  const sorted = (texts) => {
    const valid = texts.filter((text) => SHAPE.test(text));
    const pins = [...new Set(valid)];
    return {
      pins: pins.slice(0, MOST), invalid: texts.length - valid.length,
      twice: valid.length - pins.length, more: Math.max(0, pins.length - MOST),
    };
  };

  const listed = (text) => sorted((text ?? "").split(",").filter(Boolean));
  const asked = new URLSearchParams(location.search).get("pins");
  const kept = GEO.recall(store);
  let pins = asked === null && Array.isArray(kept) ? sorted(kept.map(String)).pins : listed(asked).pins;
  // Whether links carry the pins, because the browser does not keep them for all pages.
  let isCarried = location.protocol === "file:" || asked !== null;

  /** An address of this atlas with the pins, if links carry them. */
  GEO.carried = (address) => {
    const url = new URL(address, location.href);
    if (!isCarried || !url.href.startsWith(root) || !url.pathname.endsWith(".html")) return url.href;
    const search = new URLSearchParams(url.search);
    search.delete("pins");
    // Slashes and commas need no escapes, and a reader may look at the address.
    url.search = [search.toString(), pins.length ? `pins=${pins.join(",")}` : ""]
      .filter(Boolean).join("&");
    return url.href;
  };

  /** The pin of the page with an address; `null` if that is no page of a picture. */
  GEO.pinOf = (address) => {
    const [plain] = new URL(address, location.href).href.split(/[?#]/);
    if (!plain.startsWith(root) || !plain.endsWith(".html")) return null;
    const pin = plain.slice(root.length, -".html".length);
    return SHAPE.test(pin) ? pin : null;
  };

  const own = GEO.pinOf(location.href);
  const isTable = location.href.split(/[?#]/)[0] === `${root}table.html`;
  let said = null;
  let quiet = 0;
  let entry = null;
  let here = null;
  let pointed = null;

  const tableOf = () => `${root}table.html${pins.length ? `#pins=${pins.join(",")}` : ""}`;

  const show = () => {
    if (!said) return;
    const list = document.querySelector(".mast ul");
    if (pins.length && !entry && list) {
      entry = GEO.make("a", isTable ? { "aria-current": "page" } : {});
      list.append(GEO.make("li", {}, entry));
    }
    if (entry) {
      entry.parentElement.hidden = !pins.length;
      entry.href = tableOf();
      entry.replaceChildren(`Table\u00a0${pins.length}`);
    }
    for (const button of GEO.all("[data-pin]")) {
      button.setAttribute("aria-pressed", String(pins.includes(own)));
      button.textContent = pins.includes(own) ? "Pinned" : "Pin";
    }
  };

  const say = (words) => {
    if (!said) return;
    clearTimeout(quiet);
    said.replaceChildren(words, " ", GEO.make("a", { href: tableOf() }, "Open the light table"));
    quiet = setTimeout(() => said.replaceChildren(), SHOWN);
  };

  GEO.pins = {
    most: MOST,
    listed,
    all: () => [...pins],
    has: (pin) => pins.includes(pin),
    /** Takes other pins in place of all. */
    set(others) {
      pins = sorted(others).pins;
      if (GEO.keep(store, pins) !== null) isCarried = true;
      if (isCarried && !isTable) history.replaceState(history.state, "", GEO.carried(location.href));
      show();
    },
  };

  /**
   * Pins a picture, or takes it off the table if it is there.
   *
   * @param address of its page, absolute or from this page.
   * @returns "pinned", "taken", "full", or `null` if the address is no page of a picture.
   */
  GEO.pin = (address) => {
    const pin = GEO.pinOf(address);
    if (!pin) return null;
    if (pins.includes(pin)) {
      GEO.pins.set(pins.filter((other) => other !== pin));
      say("Taken off the light table.");
      return "taken";
    }
    if (pins.length === MOST) {
      say("The light table holds eight pictures. Take one off first.");
      return "full";
    }
    GEO.pins.set([...pins, pin]);
    say(`Pinned: ${pins.length} of ${MOST}.`);
    return "pinned";
  };

  // A link gets the pins when it is followed, and then its own address back.
  const carry = (event) => {
    const link = event.target.closest?.("a[href]");
    const written = link?.getAttribute("href");
    if (!link || !isCarried || written.startsWith("#") || link.hasAttribute("download")) return;
    link.href = GEO.carried(link.href);
    setTimeout(() => link.setAttribute("href", written));
  };
  for (const kind of ["click", "auxclick", "contextmenu"]) addEventListener(kind, carry, true);

  /** The link to the page of a picture around an element. */
  const linkAround = (element) => {
    const link = element?.closest?.("main a[href]");
    return link && GEO.pinOf(link.href) ? link : null;
  };

  // On a smaller picture the button would lie over most of it; the key T still pins it.
  const isPicture = (link, { width, height }) => Math.min(width, height) >= LEAST &&
    (link.querySelector("img") !== null || getComputedStyle(link).backgroundImage !== "none");

  const hide = () => {
    here.hidden = true;
    pointed = null;
  };

  // The button at the picture that the mouse points at.
  const place = (link) => {
    pointed = link;
    const box = (link.querySelector("img") ?? link).getBoundingClientRect();
    here.hidden = !isPicture(link, box);
    if (here.hidden) return;
    here.textContent = GEO.pins.has(GEO.pinOf(link.href)) ? "Unpin" : "Pin";
    here.style.left = `${Math.max(0, box.right - here.offsetWidth) + scrollX}px`;
    here.style.top = `${box.top + scrollY}px`;
  };

  const point = (event) => {
    if (event.pointerType === "touch" || event.target === here) return;
    const link = linkAround(event.target);
    if (link) place(link);
    else if (pointed) hide();
  };

  const pinHere = () => {
    const link = pointed ?? linkAround(document.activeElement);
    // A page that draws its pictures says itself which one is pointed at.
    const address = link?.href ?? GEO.pinTarget?.() ?? (own && !isTable ? location.href : null);
    if (!address) return false;
    GEO.pin(address);
    if (pointed) place(pointed);
    return true;
  };

  const isOff = () => (GEO.recall(GEO.READER) ?? {}).keys === false;

  const begin = () => {
    said = GEO.make("p", { class: "pins-said", role: "status" });
    here = GEO.make("button", { class: "btn pin-here", type: "button", tabindex: "-1", hidden: "" });
    here.addEventListener("click", () => {
      GEO.pin(pointed.href);
      place(pointed);
    });
    document.body.append(said, here);
    for (const button of GEO.all("[data-pin]")) {
      button.addEventListener("click", () => GEO.pin(location.href));
    }
    addEventListener("pointerover", point);
    addEventListener("scroll", () => pointed && hide(), { passive: true });
    const does = own ? "Pin for the light table: the picture, or the look-alike pointed at"
      : "Pin the picture that is pointed at or has the focus";
    if (GEO.addKeys && !isTable) GEO.addKeys({ key: "t", shown: "T", does, act: pinHere });
    addEventListener("keydown", (event) => {
      if (event.key === "Escape" && pointed) hide();
      if (GEO.addKeys || isTable || event.key.toLowerCase() !== "t" || event.defaultPrevented) return;
      if (event.altKey || event.ctrlKey || event.metaKey || isOff()) return;
      if (event.target.closest?.("input, select, textarea, dialog")) return;
      if (pinHere()) event.preventDefault();
    });
    show();
  };
  addEventListener("DOMContentLoaded", begin);
  // A page that comes back from memory shows what was pinned since.
  addEventListener("pageshow", ({ persisted }) => {
    const now = GEO.recall(store);
    if (persisted && !isCarried && Array.isArray(now)) pins = sorted(now.map(String)).pins;
    show();
  });
})();
