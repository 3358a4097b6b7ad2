// What the scripts of several pages share. It runs before anything is shown: the class tells styles
// that scripts run.
"use strict";

globalThis.GEO = {};

document.documentElement.className = "js";

/** The way from this page to the root of the atlas: "", "../" and so on. */
document.documentElement.dataset.root =
  document.currentScript.getAttribute("src").replace(/assets\/[^/]*$/, "");

/** Every element that a selector finds, as an array. */
GEO.all = (selector, root = document) => [...root.querySelectorAll(selector)];

/** 26398 as "26,398". */
GEO.number = (value) => String(value).replace(/\B(?=(\d{3})+$)/g, ",");

/** A share as percent with one decimal: 0.9997 is "99.9 %", because it isn't all. */
GEO.percent = (share) => {
  if (share >= 1) return "100\u202f%";
  if (share > 0 && share < 0.0005) return "< 0.1\u202f%";
  const tenths = share > 0.5 ? Math.min(999, Math.round(share * 1000)) : Math.round(share * 1000);
  return (tenths / 10).toFixed(1) + "\u202f%";
};

/**
 * A new element. Attributes that are null or false are left out; children are nodes or text,
 * never markup, because keys are whatever a file was called.
 */
GEO.make = (tag, attributes = {}, ...children) => {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== null && value !== false) element.setAttribute(name, value);
  }
  element.append(...children);
  return element;
};

/** Colour, pattern and symbol of a type; its name stands beside it. */
GEO.patch = ([, , symbol, style]) =>
  GEO.make("span", { class: "patch " + style, "aria-hidden": "true" },
    GEO.make("b", {}, symbol));

/** Calls `draw` before the next frame, once, however often it is asked for. */
GEO.onceAFrame = (draw) => {
  let asked = false;
  return () => {
    if (asked) return;
    asked = true;
    requestAnimationFrame(() => {
      asked = false;
      draw();
    });
  };
};

/** Reads a JSON value from localStorage, `null` where there is none or the browser refuses. */
GEO.recall = (key) => {
  try {
    return JSON.parse(localStorage.getItem(key));
  } catch {
    return null;
  }
};

/** Keeps a JSON value in localStorage. Gives the reason why it could not, or `null`. */
GEO.keep = (key, value) => {
  try {
    localStorage.setItem(key, JSON.stringify(value));
    return null;
  } catch (error) {
    return error.name === "QuotaExceededError" ? "its storage is full"
      : "it lets this page keep nothing";
  }
};

/** What this browser keeps of its reader: a random name for votes, and whether letter keys act. */
GEO.READER = "geoatlas-reviewer";

/** Puts text on the clipboard; pages from a plain web server get only the older way. */
GEO.copy = async (text) => {
  if (navigator.clipboard && window.isSecureContext) {
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch {
      // The browser may refuse; then the older way is left.
    }
  }
  const field = GEO.make("textarea", { class: "vh", "aria-hidden": "true" });
  const focused = document.activeElement;
  field.value = text;
  // In an open dialog nothing outside it can be selected.
  (document.querySelector("dialog[open]") || document.body).append(field);
  field.select();
  const done = document.execCommand("copy");
  field.remove();
  focused?.focus({ preventScroll: true });
  return done;
};

/** Lets a button say for a while what came of it. */
GEO.answer = (button, words) => {
  const before = [...button.childNodes];
  const name = button.getAttribute("aria-label");
  if (button.dataset.answers) return;
  button.dataset.answers = "1";
  button.style.minWidth = `${button.offsetWidth}px`;
  button.replaceChildren(words);
  button.removeAttribute("aria-label");
  setTimeout(() => {
    button.replaceChildren(...before);
    if (name !== null) button.setAttribute("aria-label", name);
    delete button.dataset.answers;
    button.style.minWidth = "";
  }, 2500);
};

/** Copies the address of the page with the view it shows. */
GEO.copyLink = async (button) => {
  GEO.answer(button, await GEO.copy(location.href) ? "Copied" : "Not allowed here");
};
