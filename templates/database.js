// The database of this browser. Unlike localStorage, whose changes browsers write to the disk seconds later,
// it has a change on the disk when it says so.
"use strict";

/**
 * Does something with one of the stores `votes` and `folders`, and waits until it is on the disk.
 *
 * @param act gets the store and gives a request, whose result is that of the promise. The promise fails in
 *   a browser that keeps nothing.
 */
GEO.inStore = (name, mode, act) => {
  // Some browsers neither open a database nor say so.
  const PATIENCE = 3000;
  const ended = (target, good, bad) => new Promise((resolve, reject) => {
    target.addEventListener(good, resolve);
    for (const event of bad) target.addEventListener(event, () => reject(target.error));
  });
  const work = async () => {
    const opening = indexedDB.open("geoatlas", 1);
    opening.addEventListener("upgradeneeded", () => {
      for (const store of ["votes", "folders"]) opening.result.createObjectStore(store);
    });
    await ended(opening, "success", ["error", "blocked"]);
    const database = opening.result;
    try {
      const transaction = database.transaction(name, mode, { durability: "strict" });
      const request = act(transaction.objectStore(name));
      await ended(transaction, "complete", ["error", "abort"]);
      return request.result;
    } finally {
      database.close();
    }
  };
  return Promise.race([work(), new Promise((_, reject) => {
    setTimeout(() => reject(new Error("The database does not answer.")), PATIENCE);
  })]);
};

/** The votes of a trial that this browser has on its disk, as `GEO.votesOf` writes and reads them. */
GEO.journalOf = (trial) => ({
  /** Resolves when the vote is on the disk, or cannot be written. True if it is. */
  async add(line) {
    try {
      await GEO.inStore("votes", "readwrite", (store) => store.put(line, `${trial}/${line.vote}`));
      return true;
    } catch {
      return false;
    }
  },
  /** All votes of the trial in any order; none if they cannot be read. */
  async all() {
    try {
      const range = IDBKeyRange.bound(`${trial}/`, `${trial}0`, false, true);
      return await GEO.inStore("votes", "readonly", (store) => store.getAll(range));
    } catch {
      return [];
    }
  },
});
