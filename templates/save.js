// Saving a text or a blob as a file.
"use strict";

/** Saves a text or a blob under a name. */
GEO.saveFile = (name, text, type) => {
  const address = URL.createObjectURL(new Blob([text], { type }));
  const link = GEO.make("a", { href: address, download: name });
  document.body.append(link);
  link.click();
  link.remove();
  // The browser reads the blob some time after `click` has returned.
  setTimeout(() => URL.revokeObjectURL(address), 60000);
};
