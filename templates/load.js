// Data scripts that are loaded after the page, when something asks for them.
"use strict";

/** Loads a script, relative to the root of the atlas. Resolves to whether it could be loaded. */
GEO.load = (path) => new Promise((done) => {
  const script = GEO.make("script", { src: document.documentElement.dataset.root + path });
  script.addEventListener("load", () => done(true));
  script.addEventListener("error", () => done(false));
  document.head.append(script);
});
