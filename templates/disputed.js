// The page of disputed labels: each button copies its line for labels.csv.
"use strict";

/** Puts text on the clipboard; pages from a plain web server get only the older way. */
GEO.copy = async (element) => {
  if (navigator.clipboard && window.isSecureContext) {
    try {
      await navigator.clipboard.writeText(element.textContent);
      return true;
    } catch {
      // The browser may refuse; then the older way is left.
    }
  }
  getSelection().selectAllChildren(element);
  return document.execCommand("copy");
};

for (const button of GEO.all("[data-copy]")) {
  const name = button.getAttribute("aria-label");
  button.addEventListener("click", async () => {
    const done = await GEO.copy(button.previousElementSibling);
    // Without permission the line stays selected, so that the keys can copy it.
    const word = done ? "Copied" : "Selected: copy with Ctrl C";
    button.textContent = word;
    button.setAttribute("aria-label", word);
    setTimeout(() => {
      button.textContent = "Copy line";
      button.setAttribute("aria-label", name);
    }, 2500);
  });
}
