// The page of disputed labels: each button copies its line for labels.csv.
"use strict";

for (const button of GEO.all("[data-copy]")) {
  button.addEventListener("click", async () => {
    if (await GEO.copy(button.dataset.copy)) return GEO.answer(button, "Copied");
    // The browser refused: the line is selected, so that the reader can copy it by keys.
    getSelection().selectAllChildren(button.previousElementSibling);
    GEO.answer(button, "Selected: copy with Ctrl C");
  });
}
