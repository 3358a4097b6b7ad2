// Saving pictures together as a zip archive, with entries that are stored as they are: pictures do not get
// smaller. The layout is that of PKWARE's APPNOTE 6.3, sections 4.3.7, 4.3.12 and 4.3.16.
"use strict";

(() => {
  // What the format can count without its extension for large archives.
  const MOST_ENTRIES = 0xfffe;
  const MOST_BYTES = 0xfffffffe;
  const AT_ONCE = 6;
  // A screen reader reads each message, so there are few.
  const TOLD = 100;

  const table = Uint32Array.from({ length: 256 }, (_, byte) => {
    let value = byte;
    for (let bit = 0; bit < 8; bit += 1) value = value & 1 ? 0xedb88320 ^ (value >>> 1) : value >>> 1;
    return value;
  });

  const crc32 = (bytes) => {
    let sum = 0xffffffff;
    for (const byte of bytes) sum = table[(sum ^ byte) & 0xff] ^ (sum >>> 8);
    return (sum ^ 0xffffffff) >>> 0;
  };

  /** Numbers as little-endian bytes: [value, length], … */
  const packed = (fields) => {
    const view = new DataView(new ArrayBuffer(fields.reduce((sum, [, length]) => sum + length, 0)));
    let at = 0;
    for (const [value, length] of fields) {
      if (length === 2) view.setUint16(at, value, true);
      else view.setUint32(at, value, true);
      at += length;
    }
    return view.buffer;
  };

  /** An entry of an archive. A blob lets the browser move its bytes out of memory. */
  GEO.zipEntry = (path, bytes) => {
    const name = new TextEncoder().encode(path);
    // Version 2.0, names in UTF-8, stored, the first of January 1980 at midnight.
    const facts = [
      [20, 2], [0x0800, 2], [0, 2], [0, 2], [0x21, 2], [crc32(bytes), 4], [bytes.length, 4],
      [bytes.length, 4], [name.length, 2], [0, 2],
    ];
    return { name, facts, size: bytes.length, data: new Blob([bytes]) };
  };

  /** A zip archive of entries, as a blob; `null` if they are more than the format can hold. */
  GEO.zipOf = (entries) => {
    const parts = [];
    const directory = [];
    const bytes = (list) => list.reduce((sum, part) => sum + (part.byteLength ?? part.size), 0);
    let offset = 0;
    for (const { name, facts, data } of entries) {
      const entry = [packed([[0x04034b50, 4], ...facts]), name, data];
      directory.push(packed([
        [0x02014b50, 4], [20, 2], ...facts, [0, 2], [0, 2], [0, 2], [0, 4], [offset, 4],
      ]), name);
      parts.push(...entry);
      offset += bytes(entry);
    }
    const length = bytes(directory);
    if (entries.length > MOST_ENTRIES || offset + length > MOST_BYTES) return null;
    const end = packed([
      [0x06054b50, 4], [0, 2], [0, 2], [entries.length, 2], [entries.length, 2], [length, 4],
      [offset, 4], [0, 2],
    ]);
    return new Blob([...parts, ...directory, end], { type: "application/zip" });
  };

  const bytesOf = async (address) => {
    try {
      const answer = await fetch(address);
      return answer.ok ? new Uint8Array(await answer.arrayBuffer()) : null;
    } catch {
      return null;
    }
  };

  /** Whether a page may read pictures: one that was opened as a file may not. */
  GEO.canSavePictures = location.protocol !== "file:";

  /**
   * Saves pictures and their list as one archive.
   *
   * @param pictures `[{path, address}]`; an archive has the first as names.
   * @param list rows of cells, saved as `list.csv` in the archive.
   * @param say is told in words how far it is, and what became of it.
   */
  GEO.savePictures = async (name, pictures, list, say) => {
    const entries = [];
    let asked = 0;
    let size = 0;
    // Reads one picture after the other, several times at once.
    const read = async () => {
      if (asked === pictures.length || size > MOST_BYTES) return;
      const place = asked;
      asked += 1;
      if (place % TOLD === 0) say(`Reading picture ${GEO.number(asked)} of ${GEO.number(pictures.length)}`);
      const { path, address } = pictures[place];
      const bytes = await bytesOf(address);
      if (bytes) entries[place] = GEO.zipEntry(path, bytes);
      size += bytes?.length ?? 0;
      await read();
    };
    await Promise.all(Array.from({ length: AT_ONCE }, read));
    const found = entries.filter(Boolean);
    const missing = pictures.length - found.length;
    const words = new TextEncoder().encode(GEO.csvOf(list));
    const archive = size > MOST_BYTES ? null : GEO.zipOf([GEO.zipEntry("list.csv", words), ...found]);
    if (!archive) {
      return say("These are more than one archive can hold. Narrow the filters, or save the list.");
    }
    if (missing === pictures.length) {
      return say("No picture could be read. Save the list instead.");
    }
    GEO.saveFile(name, archive, "application/zip");
    const count = found.length;
    const saved = `${GEO.number(count)} ${count === 1 ? "picture" : "pictures"} saved`;
    say(missing ? `${saved}; ${GEO.number(missing)} could not be read` : saved);
  };

  /**
   * Saves listed pictures as an archive, with the list and a column that tells the path of each. A second click
   * while it works does nothing.
   *
   * @param button is off until it is done.
   * @param rows of the list, with names first; as many pictures as rows follow them.
   */
  GEO.saveListed = async (button, name, pictures, rows, say) => {
    if (!GEO.canSavePictures) {
      return say("A page that is opened as a file may not read pictures. Save the list, which names them; " +
        "from a web server this button saves the pictures.");
    }
    if (button.getAttribute("aria-disabled") || !pictures.length) return;
    button.setAttribute("aria-disabled", "true");
    const [names, ...lines] = rows;
    const list = [[...names, "picture"], ...lines.map((line, place) => line.concat(pictures[place].path))];
    await GEO.savePictures(name, pictures, list, say);
    button.removeAttribute("aria-disabled");
  };
})();
