// A folder that the reviewer chooses once, mostly the share's "votes". Votes are written there as they are
// given. Only Chromium and its relatives have such folders, and not for a page that comes over plain HTTP
// from another computer.
"use strict";

/**
 * The chosen folder as a place of `GEO.deliveryOf`, remembered for the trial.
 *
 * `null` if this browser has no such folders.
 */
GEO.folderOf = (trial) => {
  if (!window.showDirectoryPicker) return null;
  const RIGHT = { mode: "readwrite" };
  let folder = null;

  // A browser that keeps nothing asks for the folder again next time.
  const stored = async (mode, act) => {
    try {
      return await GEO.inStore("folders", mode, act);
    } catch {
      return null;
    }
  };

  const write = async (name, text) => {
    const file = await folder.getFileHandle(name, { create: true });
    // The name tells the content, so a whole file of this name is this vote.
    if ((await file.getFile()).size === new TextEncoder().encode(text).length) return;
    // The browser writes beside the file and puts the result in its place when it is closed.
    const writing = await file.createWritable();
    await writing.write(text);
    await writing.close();
  };

  const reasons = {
    NotAllowedError: "the browser may not write into the folder; choose it again",
    NotFoundError: "the folder is not there now",
    QuotaExceededError: "the disk of the folder is full",
    NoModificationAllowedError: "the folder is locked or protected",
  };

  const place = {
    get words() { return `in the folder “${folder.name}”`; },
    async put(name, text) {
      try {
        await write(name, text);
        return { arrived: true };
      } catch (error) {
        return { later: reasons[error.name] || "the folder cannot be written to" };
      }
    },
  };

  return {
    /** Whether a folder was chosen that the browser may use only after it has asked again. */
    needsAsking: false,
    /** The place if a folder was chosen before and may be used; else `null`. */
    async recall() {
      folder = await stored("readonly", (store) => store.get(trial));
      if (!folder) return null;
      const isAllowed = await folder.queryPermission(RIGHT) === "granted";
      this.needsAsking = !isAllowed;
      return isAllowed ? place : null;
    },
    /** Asks for the right to use the chosen folder again; called from a click or a key. */
    async ask() {
      this.needsAsking = false;
      return await folder.requestPermission(RIGHT) === "granted" ? place : null;
    },
    /** Lets the reviewer choose a folder; `null` if none was chosen. */
    async choose() {
      this.needsAsking = false;
      try {
        folder = await window.showDirectoryPicker({ id: "votes", ...RIGHT });
      } catch {
        return null;
      }
      await stored("readwrite", (store) => store.put(folder, trial));
      return place;
    },
  };
};
