// The list of a reviewer's own answers: each can be changed. A candidate has a link to its page in the atlas
// only here, because that page shows what each model found.
"use strict";

/**
 * @param change is called with the comparison that the reviewer wants to answer again.
 * @returns a function that shows answers: `[{comparison, answer, tags, remark}]`, the last one first.
 */
GEO.answersOf = (page, change) => {
  const box = page.querySelector("[data-answers]");
  const list = box.querySelector("ol");
  const words = { A: "Panel A", B: "Panel B", equal: "Equally good", neither: "Neither" };
  let answers = [];

  const row = ({ comparison, answer, tags, remark }) => {
    const again = GEO.make("button", { class: "btn", type: "button" }, "Change");
    again.addEventListener("click", () => change(comparison));
    const more = [...tags, ...(remark ? [remark] : [])].join(", ");
    const name = `${words[answer]}${more ? `: ${more}` : ""}`;
    return GEO.make("li", {},
      GEO.make("span", { class: "cell", role: "img", "aria-label": "The picture in question",
        style: GEO.viewOf(comparison, "C") }),
      GEO.make("span", {}, name),
      comparison.page ? GEO.make("a", { href: atob(comparison.page) }, "Its page in the atlas") : "",
      again);
  };

  const draw = () => {
    list.replaceChildren(...(box.open ? answers.map(row) : []));
  };
  box.addEventListener("toggle", draw);

  return (given) => {
    answers = given;
    box.hidden = !given.length;
    box.querySelector("summary").textContent = `Your answers, ${given.length}`;
    draw();
  };
};
