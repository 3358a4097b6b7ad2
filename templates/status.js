// What is true of the votes in this browser, in words: saved here, in a file, or arrived.
"use strict";

/**
 * One to three sentences.
 *
 * @param votes of `GEO.votesOf`.
 * @param delivery of `GEO.deliveryOf`.
 * @param more `{count, all, trouble}`: comparisons that the reviewer has answered, and has to answer; why the
 *   browser keeps nothing, or `null`.
 */
GEO.stateOf = (votes, delivery, { count, all, trouble }) => {
  const [inside, waiting] = [votes.inside.length, votes.pending.length];
  if (inside && votes.trouble) {
    return `Votes could not be saved in this browser: ${votes.trouble}. Save them as a file now.`;
  }
  if (votes.isEmpty) {
    return trouble
      ? `This browser keeps no votes: ${trouble}. Save them as a file before you close the page.`
      : "No votes in this browser yet.";
  }
  const begin = count === all && all ? `All ${all} done. ` : `${count} ${count === 1 ? "vote" : "votes"}. `;
  if (delivery.place && !delivery.isFinal) {
    if (!waiting) return `${begin}All votes of this browser are ${delivery.place.words}.`;
    return delivery.trouble
      ? `${begin}${waiting} of this browser wait: ${delivery.trouble}. They are sent again.`
      : `${begin}${waiting} of this browser on the way.`;
  }
  const refused = delivery.isFinal ? `${delivery.trouble} ` : "";
  if (!inside) return `${begin}${refused}All votes of this browser are in a file or have arrived.`;
  return `${begin}${refused}${inside} ${inside === 1 ? "is" : "are"} only in this browser. ` +
    "Save votes as a file, and put it into the share’s “votes” folder.";
};
