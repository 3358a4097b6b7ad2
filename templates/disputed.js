// The page of disputed labels: each button copies its line for labels.csv.
"use strict";

for (const button of GEO.all("[data-copy]")) {
  button.addEventListener("click", async () => {
    if (await GEO.copy(button.dataset.copy)) return GEO.answer(button, "Copied");
    // Without permission the line is selected, so that the keys can copy it.
    getSelection().selectAllChildren(button.previousElementSibling);
    GEO.answer(button, "Selected: copy with Ctrl C");
  });
}
