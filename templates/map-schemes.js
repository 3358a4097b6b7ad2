// By what the map is coloured. A scheme has a title, entries with a sign each, and tells the entry of a picture.
"use strict";

/**
 * @returns `{find, load}`. `find(name)` is a scheme `{title, entries, of, isPlain}`: entries are `{title, symbol}`
 *   with a `colour` or the class of a type as `style`. It is undefined for a column that is not loaded yet.
 */
GEO.mapSchemes = (map) => {
  // Apart in hue; numbers tell them as well.
  const HUES = [
    "#4e79a7", "#d37a1e", "#b8434a", "#3f8f89", "#4c8c3f",
    "#a8860b", "#8a5a83", "#b0617a", "#7a5a44", "#5f6a72",
  ];
  // From little to much, by lightness as well as hue: steps of Matplotlib's viridis.
  const STEPS = ["#440154", "#414487", "#2a788e", "#22a884", "#7ad151", "#d8c31c"];
  const NONE = "#7a7e82";
  // As many values of a column have entries of their own, and so many numbers are not put into steps.
  const MOST_VALUES = 12;
  const MOST_NUMBERS = 6;
  const UNLABELLED = { title: "Unlabelled", symbol: "–", style: "unlabelled" };
  // Percents at which a step of the confidence begins.
  const SURE = [0, 50, 70, 90, 99];

  const byType = (values) => {
    const entries = GEO.types.map(([, title, symbol, style]) => ({ title, symbol, style }));
    return {
      entries: [...entries, ...map.label.includes(-1) ? [UNLABELLED] : []],
      of: (cell) => values[cell] < 0 ? entries.length : values[cell],
    };
  };

  const numbered = (titles, colours) => titles.map((title, place) =>
    ({ title, symbol: String(place + 1), colour: colours[place % colours.length] }));

  /** Steps from dark to light over all of the colours. */
  const graded = (titles) => numbered(titles, titles.map((_, place) =>
    STEPS[Math.round(place * (STEPS.length - 1) / Math.max(1, titles.length - 1))]));

  const bySureness = () => {
    const titles = SURE.map((from, step) => step === 0 ? `Less than ${SURE[1]}\u202f%`
      : step === SURE.length - 1 ? `${from}\u202f% or more` : `${from} to ${SURE[step + 1]}\u202f%`);
    return {
      title: "Confidence of the prediction",
      entries: [...graded(titles), { title: "No prediction", symbol: "–", colour: NONE }],
      of: (cell) => map.predicted[cell] < 0 ? SURE.length
        : SURE.findLastIndex((from) => map.probability[cell] >= 10 * from),
    };
  };

  /** Ranges of numbers with about as many pictures each, named by the least and the largest in them. */
  const rangesOf = (numbers, counts) => {
    const order = [...numbers.keys()].filter((place) => counts[place] && numbers[place] !== null)
      .sort((a, b) => numbers[a] - numbers[b]);
    if (order.length <= MOST_NUMBERS) return order.map((place) => [place]);
    const all = order.reduce((sum, place) => sum + counts[place], 0);
    const ranges = [];
    let before = 0;
    for (const place of order) {
      const step = Math.min(MOST_NUMBERS - 1, Math.floor(before * MOST_NUMBERS / all));
      (ranges[step] ??= []).push(place);
      before += counts[place];
    }
    return ranges.filter(Boolean);
  };

  /** The scheme of a column that has been loaded. */
  const byColumn = ({ title, isNumber }, { values, places }) => {
    const counts = new Uint32Array(values.length);
    for (const place of places) counts[place] += 1;
    const entryOf = new Int32Array(values.length).fill(-1);
    let entries = [];
    if (isNumber) {
      const numbers = values.map((value) => value === "" ? null : Number(value));
      const ranges = rangesOf(numbers, counts);
      entries = graded(ranges.map((range) => {
        const [first, last] = [values[range[0]], values[range.at(-1)]];
        return first === last ? first : `${first} to ${last}`;
      }));
      ranges.forEach((range, step) => range.forEach((place) => {
        entryOf[place] = step;
      }));
    } else {
      const order = [...values.keys()].filter((place) => values[place] !== "")
        .sort((a, b) => counts[b] - counts[a] || (values[a] < values[b] ? -1 : 1));
      const own = order.length <= MOST_VALUES ? order : order.slice(0, MOST_VALUES - 1);
      entries = numbered(own.map((place) => values[place]), HUES);
      own.forEach((place, entry) => {
        entryOf[place] = entry;
      });
      if (own.length < order.length) {
        const others = order.slice(own.length);
        for (const place of others) entryOf[place] = entries.length;
        entries.push({ title: `${GEO.number(others.length)} other values`, symbol: "+", colour: "#3d4043" });
      }
    }
    if (counts[0]) {
      entryOf[0] = entries.length;
      entries.push({ title: "Not known", symbol: "–", colour: NONE });
    }
    return { title, entries, of: (cell) => entryOf[places[cell]] };
  };

  const schemes = {
    none: () => ({ ...byType(map.label), title: "Label", isPlain: true }),
    label: () => ({ ...byType(map.label), title: "Label" }),
    predicted: () => ({ ...byType(map.predicted), title: "Predicted type" }),
    differ: () => ({
      title: "Label and prediction",
      entries: [
        { title: "Label and prediction agree", symbol: "=", colour: "#5f6a72" },
        { title: "They differ", symbol: "≠", colour: "#a3195b" }],
      of: (cell) => map.differs(cell) ? 1 : 0,
    }),
    sure: bySureness,
    cluster: () => ({
      title: "Cluster",
      entries: [
        ...numbered(Array.from({ length: map.clusters }, (_, number) => `Cluster ${number + 1}`), HUES),
        ...map.cluster.includes(-1) ? [{ title: "Asked about in the trial", symbol: "?", colour: NONE }] : []],
      of: (cell) => map.cluster[cell] < 0 ? map.clusters : map.cluster[cell],
    }),
  };
  const columns = new Map(map.further.map((column) => [column.id, column]));

  return {
    find: (name) => schemes[name]?.(),
    /** Loads the column of a scheme; resolves to whether it could be loaded. */
    async load(name) {
      const column = columns.get(name);
      const loaded = await column?.load();
      if (loaded) schemes[name] ??= () => byColumn(column, loaded);
      return Boolean(loaded);
    },
  };
};
