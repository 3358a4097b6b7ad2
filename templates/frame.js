// What the scripts of several pages share. It runs before anything is shown: the class tells styles
// that scripts run.
"use strict";

var GEO = {};

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
