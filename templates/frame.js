// What the scripts of several pages share. It runs before anything is shown. The class "js" tells style
// sheets that scripts run.
"use strict";

globalThis.GEO = {};

document.documentElement.className = "js";

/** The relative path from this page to the root of the atlas: "", "../" and so on. */
document.documentElement.dataset.root =
  document.currentScript.getAttribute("src").replace(/assets\/[^/]*$/, "");

/** Every element that a selector finds, as an array. */
GEO.all = (selector, root = document) => [...root.querySelectorAll(selector)];

/** 26398 as "26,398". */
GEO.number = (value) => String(value).replace(/\B(?=(\d{3})+$)/g, ",");

/** A share as percent with one decimal. 0.9997 is "99.9 %", because only 1 is "100 %". */
GEO.percent = (share) => {
  if (share >= 1) return "100\u202f%";
  if (share > 0 && share < 0.0005) return "< 0.1\u202f%";
  const tenths = share > 0.5 ? Math.min(999, Math.round(share * 1000)) : Math.round(share * 1000);
  return (tenths / 10).toFixed(1) + "\u202f%";
};

/**
 * A new element. Attributes that are null or false are left out. Children are nodes or text and never
 * markup, because a key can contain any character that a file name can.
 */
GEO.make = (tag, attributes = {}, ...children) => {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== null && value !== false) element.setAttribute(name, value);
  }
  element.append(...children);
  return element;
};

/** The patch of a rock type: colour, pattern and symbol. Its name is written beside it. */
GEO.patch = ([, , symbol, style]) =>
  GEO.make("span", { class: "patch " + style, "aria-hidden": "true" },
    GEO.make("b", {}, symbol));

/** A function that calls `draw` once before the next frame, however often it is called. */
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

/** Reads a JSON value from localStorage; `null` if there is none, or if the browser refuses. */
GEO.recall = (key) => {
  try {
    return JSON.parse(localStorage.getItem(key));
  } catch {
    return null;
  }
};

/** Writes a JSON value to localStorage. Returns `null`, or the reason why it could not. */
GEO.keep = (key, value) => {
  try {
    localStorage.setItem(key, JSON.stringify(value));
    return null;
  } catch (error) {
    return error.name === "QuotaExceededError" ? "its storage is full"
      : "it lets this page keep nothing";
  }
};

/** The localStorage key of the reader: a random id for votes, a name, and whether letter keys act. */
GEO.READER = "geoatlas-reviewer";

/** Copies a text to the clipboard. Pages that come over plain HTTP can use only the older way. */
GEO.copy = async (text) => {
  if (navigator.clipboard && window.isSecureContext) {
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch {
      // The browser refused: try the older way.
    }
  }
  const field = GEO.make("textarea", { class: "vh", "aria-hidden": "true" });
  const focused = document.activeElement;
  field.value = text;
  // While a dialog is open, nothing outside it can be selected.
  (document.querySelector("dialog[open]") || document.body).append(field);
  field.select();
  const done = document.execCommand("copy");
  field.remove();
  focused?.focus({ preventScroll: true });
  return done;
};

/** Shows the result of a button on the button itself, for 2.5 seconds. */
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

//= include "pins.js"
