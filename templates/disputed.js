// The page of disputed labels: each button copies its line for labels.csv.
"use strict";

for (const button of GEO.all("[data-copy]")) {
  button.addEventListener("click", async () => {
    const line = button.previousElementSibling;
    if (await GEO.copy(line.textContent)) return GEO.answer(button, "Copied");
    // Without permission the line is selected, so that the keys can copy it.
    getSelection().selectAllChildren(line);
    GEO.answer(button, "Selected: copy with Ctrl C");
  });
}
