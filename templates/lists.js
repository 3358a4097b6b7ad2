// Saving a list of pictures as CSV, with the cells as Sources/Tables/CSV.swift writes them.
"use strict";

(() => {
  const NUMBER = /^[+-]?\d+(?:[.,]\d+)?(?:[eE][+-]?\d+)?$/;
  // A spreadsheet runs a cell that begins so as a formula, unless it is a number.
  const FORMULA = /^'*[=+\-@\t\r\n\uFF1D\uFF0B\uFF0D\uFF20]/;

  const cell = (value) => {
    const text = String(value);
    const harmless = FORMULA.test(text) && !NUMBER.test(text) ? `'${text}` : text;
    return /[,"\n\r\t]/.test(harmless) ? `"${harmless.replaceAll("\"", "\"\"")}"` : harmless;
  };

  /** Rows of cells as CSV. */
  GEO.csvOf = (rows) => rows.map((row) => row.map(cell).join(",") + "\n").join("");

  /** Saves rows of cells as a file. */
  GEO.saveCSV = (name, rows) => GEO.saveFile(name, GEO.csvOf(rows), "text/csv");

  const OWN = ["key", "label", "predicted", "probability", "cluster"];

  // No name stands twice, as in Sources/Site/Data/ListColumns.swift.
  const fieldNames = (facts) => {
    const taken = new Set(OWN);
    return facts.map((fact) => {
      let name = fact;
      while (taken.has(name.toLowerCase())) name = `metadata ${name}`;
      taken.add(name.toLowerCase());
      return name;
    });
  };

  /**
   * Rows of a list, the names of the columns first.
   *
   * @param pictures `[{key, label, predicted, probability, cluster, facts}]`: types as numbers, -1 without one;
   *   the probability in thousandths, the cluster from 1, 0 if it is not told; values in the order of `facts`.
   * @param facts names of the fields of the metadata.
   */
  GEO.listOf = (pictures, facts) => [
    [...OWN, ...fieldNames(facts)],
    ...pictures.map(({ key, label, predicted, probability, cluster, facts: values }) => [
      key, GEO.types[label]?.[0] ?? "", GEO.types[predicted]?.[0] ?? "",
      predicted < 0 ? "" : (probability / 1000).toFixed(3), cluster || "", ...values,
    ]),
  ];

  /** The key of a picture of a plate's data. Its page lies in the folder of its label. */
  GEO.keyOf = ({ stem, page }) => {
    const folder = page.match(/^\.\.\/([^/]+)\//)?.[1] ?? GEO.plate.folder;
    return `${GEO.plate.names[folder] ?? folder}/${stem}`;
  };
})();
