// The page of all scenes: filters by type and by whether a prediction differs. The address holds them,
// "#type=gneiss,marble&differ=yes".
"use strict";

(() => {
  const form = document.querySelector(".filters");
  const scenes = GEO.all(".scenes > li");
  const count = document.querySelector("[data-count]");
  const none = document.querySelector("[data-none]");

  const ticked = (name) => GEO.all(`[name=${name}]:checked`, form).map((input) => input.value);

  const show = () => {
    const types = ticked("type");
    const differ = ticked("differ").length > 0;
    let shown = 0;
    for (const scene of scenes) {
      const own = scene.dataset.types.split(" ");
      scene.hidden = (types.length > 0 && !types.some((type) => own.includes(type)))
        || (differ && !("differs" in scene.dataset));
      if (!scene.hidden) shown += 1;
    }
    const all = GEO.number(scenes.length);
    const noun = scenes.length === 1 ? "scene" : "scenes";
    count.textContent = shown === scenes.length ? `${all} ${noun}`
      : `${GEO.number(shown)} of ${all} ${noun}`;
    none.hidden = shown > 0;
    const parts = [types.length ? `type=${types.join(",")}` : "", differ ? "differ=yes" : ""];
    const fragment = parts.filter(Boolean).join("&");
    history.replaceState(null, "", fragment ? `#${fragment}` : location.pathname + location.search);
  };

  const read = () => {
    const wanted = new URLSearchParams(location.hash.slice(1));
    for (const input of GEO.all("input", form)) {
      input.checked = (wanted.get(input.name) ?? "").split(",").includes(input.value);
    }
    show();
  };

  form.hidden = false;
  form.addEventListener("change", show);
  addEventListener("hashchange", read);
  read();
})();
