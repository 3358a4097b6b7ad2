// The page of one picture: twins in the two panels, and the compare dialog.
"use strict";

(() => {
  const panels = document.querySelector("[data-panels]");
  if (!panels) return;

  // Pointing at a target that stands in both panels thickens its twin.
  const twins = (event) => {
    const item = event.target.closest(".both");
    if (!item) return;
    const on = event.type === "mouseover" || event.type === "focusin";
    for (const other of GEO.all(".both", panels)) {
      if (other.dataset.key === item.dataset.key) other.classList.toggle("twin", on);
    }
  };
  for (const kind of ["mouseover", "mouseout", "focusin", "focusout"]) {
    panels.addEventListener(kind, twins);
  }

  const targets = GEO.all(".targets", panels).flatMap((list) => {
    const links = GEO.all("a", list);
    const panel = list.closest(".panel").querySelector("h2").textContent.trim();
    return links.map((link, index) => ({ link, panel, rank: index + 1, of: links.length }));
  });
  const dialog = document.getElementById("cmp");
  const opener = document.querySelector("[data-compare]");
  if (!dialog || !opener) return;
  if (!targets.length) {
    opener.disabled = true;
    return;
  }

  const frame = dialog.querySelector("[data-you]");
  const caption = dialog.querySelector("[data-cap]");
  const picture = frame.querySelector("img");
  let current = 0;
  caption.setAttribute("aria-live", "polite");

  const show = () => {
    const { link, panel, rank, of } = targets[current];
    const small = link.querySelector("img");
    const turn = link.querySelector(".pic").style.getPropertyValue("--turn") || "0";
    const name = `${small.alt} ${link.querySelector(".key").textContent}`;
    const turned = turn === "0" ? "" : `, turned ${turn}°`;
    picture.src = link.dataset.src ? new URL(link.dataset.src, location.href).href : small.src;
    picture.alt = "";
    frame.style.setProperty("--turn", turn);
    frame.classList.toggle("px", link.querySelector(".pic").classList.contains("px"));
    caption.replaceChildren(
      `${name}, ${link.querySelector(".score").lastChild.textContent.trim()}${turned}`,
      GEO.make("br"),
      GEO.make("span", { class: "muted" }, `target ${rank} of ${of}, ${panel}`));
  };

  const step = (by) => {
    current = (current + by + targets.length) % targets.length;
    show();
  };

  opener.addEventListener("click", () => {
    show();
    dialog.showModal();
  });
  dialog.querySelector("[data-close]").addEventListener("click", () => dialog.close());
  for (const button of GEO.all("[data-step]", dialog)) {
    button.addEventListener("click", () => step(Number(button.dataset.step)));
  }
  dialog.addEventListener("keydown", (event) => {
    const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!by) return;
    event.preventDefault();
    step(by);
  });
  // A press beside the dialog is a press on the dialog element itself.
  dialog.addEventListener("click", (event) => {
    const box = dialog.getBoundingClientRect();
    const inside = event.clientX >= box.left && event.clientX <= box.right &&
      event.clientY >= box.top && event.clientY <= box.bottom;
    // Keys press buttons without a place of their own.
    if (event.detail > 0 && event.target === dialog && !inside) dialog.close();
  });
})();
