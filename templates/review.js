// The blind review: shows a comparison, takes one of four answers, and shows the next one.
"use strict";

(() => {
  const page = document.querySelector("[data-review]");
  if (!page || !GEO.review) return;
  const { trial } = GEO.review;
  const part = (name) => page.querySelector(`[data-${name}]`);
  const still = matchMedia("(prefers-reduced-motion: reduce)");
  const PICKED = 220;

  // A browser is one reviewer, the same in all trials, until another name is typed.
  const reviewer = { id: GEO.randomHex(8), name: "", keys: true, ...GEO.recall(GEO.READER) };
  const votes = GEO.votesOf(trial, reviewer);
  if (votes.isAnotherPerson) reviewer.id = GEO.randomHex(8);
  GEO.keep(GEO.READER, reviewer);
  const bench = GEO.benchOf(page);

  const comparisons = GEO.comparisonsFor(reviewer, GEO.review);
  const order = GEO.orderFor(reviewer, comparisons);
  const byId = new Map(comparisons.map((comparison) => [comparison.id, comparison]));

  // What was done in this tab, for Undo. After a reload, Undo uses the stored answers.
  const done = [];
  const times = [];
  let current = null;
  let began = 0;
  let busy = false;

  const open = () => {
    const later = votes.skipped.filter((id) => byId.has(id) && !votes.answerTo(id));
    const put = new Set(later);
    return order.filter(({ id }) => !put.has(id) && !votes.answerTo(id))
      .concat(later.map((id) => byId.get(id)));
  };

  // 8 seconds for a comparison until three answers tell the pace of this reviewer.
  const timeLeft = (left) => {
    if (!left) return "";
    const pace = times.length < 3 ? 8 : [...times].sort((a, b) => a - b)[times.length >> 1];
    const minutes = Math.round(left * pace / 60);
    return minutes < 1 ? "less than a minute left"
      : `about ${minutes} ${minutes === 1 ? "minute" : "minutes"} left`;
  };

  const say = (sentence) => {
    const unsafe = votes.inside.length > 0 && votes.trouble;
    part("state").classList.toggle("act", Boolean(unsafe));
    part("state").textContent = unsafe
      ? `Votes could not be saved in this browser: ${unsafe}. Save them as a file now.`
      : sentence;
  };

  // A vote for a comparison that this edition does not show any more is not counted here.
  const answered = () => comparisons.filter(({ id }) => votes.answerTo(id)).length;

  const summary = () => {
    const count = answered();
    const here = new Set(votes.inside);
    const inside = comparisons.filter(({ id }) => here.has(votes.answerTo(id))).length;
    if (!count) return "No votes yet in this browser.";
    if (count === comparisons.length) {
      return inside
        ? `All ${count} done. Save your votes as a file and put it into the share’s “votes” folder.`
        : `All ${count} done, and all are in a file or handed in.`;
    }
    const given = inside === count ? " None handed in yet."
      : inside ? ` ${inside} of them not yet handed in.` : " All are in a file or handed in.";
    return `${count} ${count === 1 ? "vote" : "votes"} saved in this browser.${given}`;
  };

  const lastAnswer = () => votes.answers.findLast((line) => byId.has(line.comparison));

  const progress = () => {
    const count = answered();
    part("done").textContent = `${count} of ${comparisons.length}`;
    part("left").textContent = timeLeft(comparisons.length - count);
    part("bar").setAttribute("aria-valuemax", comparisons.length);
    part("bar").setAttribute("aria-valuenow", count);
    part("bar").querySelector("i").style.setProperty("--v", 100 * count / comparisons.length);
    part("undo").disabled = !done.length && !lastAnswer();
    for (const button of leaving) button.disabled = votes.isEmpty;
    // If all comparisons are answered, the next step is to save the votes: the button leads.
    part("hand").classList.toggle("first", count === comparisons.length && votes.inside.length > 0);
  };

  const press = (button, on) => button.setAttribute("aria-pressed", String(on));
  const tags = () => GEO.all("[data-tag][aria-pressed=true]", page)
    .map((button) => button.dataset.tag);

  /** Shows a comparison, or the end if none is left. */
  const show = (comparison, ticked = []) => {
    current = comparison || null;
    began = performance.now();
    for (const element of GEO.all(".bench, .ballot, .tags, [data-skip]", page)) {
      element.hidden = !current;
    }
    for (const button of GEO.all("[data-tag]", page)) {
      press(button, ticked.includes(button.dataset.tag));
    }
    progress();
    if (!current) return;
    bench.show(current);
    const next = open().find((other) => other !== current);
    if (next) bench.preload(next);
  };

  const advance = () => {
    const [next] = open();
    const lost = !next && page.contains(document.activeElement);
    show(next);
    if (lost) part("hand").focus();
  };

  const answer = (choice) => {
    if (busy || !current) return;
    times.push((performance.now() - began) / 1000);
    done.push({ comparison: current.id });
    votes.give(current.id, choice, tags());
    say(summary());
    if ((choice !== "A" && choice !== "B") || still.matches) return advance();
    bench.pick(choice);
    busy = true;
    setTimeout(() => {
      busy = false;
      advance();
    }, PICKED);
  };

  const skip = () => {
    if (busy || !current) return;
    done.push({ comparison: current.id, skipped: true });
    votes.skip(current.id);
    say("Skipped. The picture comes again at the end.");
    advance();
  };

  const undo = () => {
    if (busy) return;
    const last = done.pop() || lastAnswer();
    if (!last) return;
    if (last.skipped) {
      votes.unskip(last.comparison);
      show(byId.get(last.comparison));
      return say("The skipped picture is back.");
    }
    const taken = votes.takeBack(last.comparison);
    show(byId.get(last.comparison), taken ? taken.tags : []);
    say("Last answer taken back.");
  };

  const saveFile = () => {
    const { number, text, ids } = votes.takeOut({ asFile: true });
    votes.settle(ids);
    const name = `votes-${trial}-${reviewer.id.slice(0, 6)}-${number}.jsonl`;
    const address = URL.createObjectURL(new Blob([text], { type: "application/x-ndjson" }));
    const link = GEO.make("a", { href: address, download: name });
    document.body.append(link);
    link.click();
    link.remove();
    // The browser reads the blob some time after `click` has returned.
    setTimeout(() => URL.revokeObjectURL(address), 60000);
    progress();
    say(`Saved as ${name}. Put the file into the share’s “votes” folder.`);
  };

  const handIn = async (button) => {
    button.disabled = true;
    const { text, ids } = votes.takeOut({ asFile: false });
    try {
      const reply = await fetch("votes", {
        method: "POST",
        headers: { "Content-Type": "application/x-ndjson" },
        body: text,
      });
      const words = (await reply.text()).trim().replace(/\.$/, "");
      if (reply.status === 201) votes.settle(ids);
      say(reply.status === 201 ? "Votes handed in."
        : `The votes were not taken: ${words || reply.statusText}. Save them as a file.`);
    } catch {
      say("The votes could not be handed in: the server does not answer. Save them as a file.");
    }
    progress();
  };

  // Only `geoatlas serve` on this computer accepts votes over HTTP.
  const leaving = [part("hand")];
  if (location.protocol === "http:" && /^(127\.0\.0\.1|localhost)$/.test(location.hostname)) {
    const button = GEO.make("button", { class: "btn", type: "button" }, "Hand in");
    button.addEventListener("click", () => handIn(button));
    part("hand").after(button);
    leaving.push(button);
  }

  for (const button of GEO.all("[data-vote]", page)) {
    button.addEventListener("click", () => answer(button.dataset.vote));
  }
  for (const button of GEO.all("[data-tag]", page)) {
    button.addEventListener("click", () =>
      press(button, button.getAttribute("aria-pressed") !== "true"));
  }
  part("skip").addEventListener("click", skip);
  part("undo").addEventListener("click", undo);
  part("hand").addEventListener("click", saveFile);

  const remember = () => {
    reviewer.name = part("name").value.trim();
    reviewer.keys = part("keys").checked;
    GEO.keep(GEO.READER, reviewer);
    for (const key of GEO.all("kbd", page)) key.hidden = !reviewer.keys;
  };
  part("name").value = reviewer.name;
  part("keys").checked = reviewer.keys;
  part("name").addEventListener("input", remember);
  part("keys").addEventListener("change", remember);
  // The new reviewer sees all comparisons, and sides of their own.
  part("name").addEventListener("change", () => {
    if (votes.isAnotherPerson) location.reload();
  });
  remember();

  const typing = (element) => element.matches("select, textarea, input:not([type=checkbox])") ||
    element.isContentEditable;
  const actions = {
    a: () => answer("A"), e: () => answer("equal"), n: () => answer("neither"),
    b: () => answer("B"), s: skip, u: undo,
  };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
    if (!reviewer.keys || typing(event.target)) return;
    const action = actions[event.key.toLowerCase()];
    if (!action) return;
    event.preventDefault();
    action();
  });

  // Another tab has saved a vote: go to the next comparison if this one is answered now.
  addEventListener("storage", (event) => {
    if (event.key !== votes.key) return;
    votes.takeIn();
    if (busy) return;
    if (!current || votes.answerTo(current.id)) advance();
    progress();
    say(summary());
  });

  addEventListener("beforeunload", (event) => {
    if (votes.trouble && votes.inside.length) event.preventDefault();
  });

  advance();
  say(summary());
})();
