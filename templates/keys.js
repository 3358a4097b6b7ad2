// The keyboard shortcuts of a page. Scripts add theirs to a list, which "?" and the button Keys show.
// Shortcuts that are a letter or a sign can be switched off, because dictation software types such
// characters (WCAG 2.1.4).
"use strict";

(() => {
  const shortcuts = [];
  const reader = () => GEO.recall(GEO.READER) || {};
  let letters = reader().keys !== false;
  let dialog = null;

  /**
   * Adds shortcuts: `{key, shown, does, act}`. `act` returns false if there was nothing to do. An entry
   * without `does` is not listed.
   */
  GEO.addKeys = (...entries) => shortcuts.push(...entries);

  const row = ({ shown, does }) =>
    [GEO.make("dt", {}, GEO.make("kbd", {}, shown)), GEO.make("dd", {}, does)];

  const make = () => {
    const box = GEO.make("input", { type: "checkbox" });
    box.checked = letters;
    box.addEventListener("change", () => {
      letters = box.checked;
      GEO.keep(GEO.READER, { ...reader(), keys: letters });
    });
    const close = GEO.make("button", { class: "btn", type: "button" }, "Close");
    close.addEventListener("click", () => dialog.close());
    dialog = GEO.make("dialog", { class: "small", "aria-labelledby": "keys-title" },
      GEO.make("div", { class: "dlg-top" }, GEO.make("h2", { id: "keys-title" }, "Keys"), close),
      GEO.make("dl", { class: "facts keys" }, ...shortcuts.filter(({ does }) => does).flatMap(row)),
      GEO.make("label", { class: "opt" }, box, "Letter keys"),
      GEO.make("p", { class: "muted" },
        "Switched off, keys that are a letter or a sign do nothing; the arrow keys remain."));
    document.body.append(dialog);
  };

  const open = () => {
    if (!dialog) make();
    dialog.showModal();
  };

  for (const button of GEO.all("[data-keys]")) button.addEventListener("click", open);

  addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.altKey || event.ctrlKey || event.metaKey) return;
    if (event.target.closest("input, select, textarea, dialog")) return;
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    if (key.length === 1 && !letters) return;
    const shortcut = shortcuts.find((entry) => entry.key === key);
    if (shortcut && shortcut.act() !== false) event.preventDefault();
  });

  GEO.addKeys({ key: "?", shown: "?", does: "This list", act: open });
})();
