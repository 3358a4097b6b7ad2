// Brings votes out of the browser as they are given, to a folder or to a server that takes them. Each vote
// is a file of its own, whose name is made from a digest of its content. So the same vote sent twice is one
// file, and a file of this name that is there already is this vote.
"use strict";

/**
 * Sends votes to a place, one after the other, and tries again until they have arrived.
 *
 * A place has `words`, such as "on the server", and `put(name, text)`, whose promise gives `{arrived: true}`,
 * `{later: reason}` if it may succeed another time, or `{never: reason}`.
 *
 * @param votes of `GEO.votesOf`.
 * @param changed is called after everything that a reader may want to know.
 */
GEO.deliveryOf = (votes, changed) => {
  // Milliseconds until the next attempt: doubled each time, from the first to the last.
  const FIRST = 2000;
  const LAST = 60000;
  let place = null;
  let trouble = null;
  let isFinal = false;
  let isRunning = false;
  let pause = FIRST;
  let timer = 0;

  const send = async (to) => {
    const vote = votes.next();
    if (!vote) return;
    const name = `vote-${GEO.sha256(vote.text).slice(0, 32)}.jsonl`;
    const { arrived, later, never } = await to.put(name, vote.text);
    if (arrived) votes.arrive([vote.id]);
    // Another place was chosen meanwhile.
    if (place !== to) return;
    trouble = arrived ? null : never || later;
    isFinal = Boolean(never);
    if (!arrived) return;
    pause = FIRST;
    changed();
    await send(to);
  };

  const attempt = async () => {
    clearTimeout(timer);
    if (isRunning || !place || isFinal) return;
    isRunning = true;
    await send(place);
    isRunning = false;
    if (trouble && !isFinal) {
      timer = setTimeout(attempt, pause);
      pause = Math.min(2 * pause, LAST);
    } else if (!isFinal && votes.pending.length) {
      return attempt();
    }
    changed();
  };

  // The network may be there again.
  addEventListener("online", attempt);
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) attempt();
  });

  return {
    get place() { return place; },
    /** Why votes wait, or why the place takes none; `null` if they arrive. */
    get trouble() { return trouble; },
    /** Whether the place takes no votes at all. */
    get isFinal() { return isFinal; },
    /** Votes go to this place from now on. */
    use(next) {
      place = next;
      trouble = null;
      isFinal = false;
      attempt();
    },
    /** Sends what waits, now. */
    attempt,
  };
};

/**
 * The folder `votes` of the server that the page came from, if it takes files by the method PUT, as WebDAV
 * servers and `geoatlas serve` do. `null` for a page that was opened as a file.
 */
GEO.serverPlace = () => {
  if (!/^https?:$/.test(location.protocol)) return null;
  const PATIENCE = 30000;
  // Asks a server not to replace a file. Some refuse requests with this field, so then it is left out.
  let condition = { "If-None-Match": "*" };

  const ask = (name, options) => {
    const address = new URL(`votes/${name}`, location.href);
    // Browsers refuse to fetch an address that has a password in it, as the page's own may have.
    address.username = address.password = "";
    return fetch(address, { cache: "no-store", signal: AbortSignal.timeout(PATIENCE), ...options });
  };

  // Whether the server has the file. Used where the answer to PUT proves nothing.
  const has = async (name, text) => {
    const reply = await ask(name);
    return reply.ok && await reply.text() === text;
  };

  const put = async (name, text) => {
    const { status } = await ask(name, {
      method: "PUT", body: text, keepalive: true,
      headers: { "Content-Type": "application/x-ndjson", ...condition },
    });
    if ([201, 204, 412].includes(status)) return { arrived: true };
    if ([400, 501].includes(status) && condition) {
      condition = null;
      return put(name, text);
    }
    if ([200, 202, 409].includes(status) && await has(name, text)) return { arrived: true };
    if (status === 401) return { later: "the server asks for the password; load this page again" };
    if (status >= 500 && status !== 501 || [408, 425, 429].includes(status)) {
      return { later: `the server cannot keep them now (${status})` };
    }
    return { never: `This server takes no votes (${status}).` };
  };

  return {
    words: "on the server",
    async put(name, text) {
      try {
        return await put(name, text);
      } catch {
        return { later: "the server does not answer" };
      }
    },
  };
};
