// The blind review: shows a comparison, takes one of four answers, and shows the next one.
"use strict";

(() => {
  const page = document.querySelector("[data-review]");
  if (!page || !GEO.review) return;
  const { trial, practice } = GEO.review;
  const part = (name) => page.querySelector(`[data-${name}]`);
  const still = matchMedia("(prefers-reduced-motion: reduce)");
  const PICKED = 220;
  const pauseOf = (time) => new Promise((resolve) => setTimeout(resolve, time));

  const reviewers = GEO.reviewersOf();
  const reviewer = reviewers.current;
  const votes = GEO.votesOf(trial, reviewer);
  const journal = GEO.journalOf(trial);
  const enlarge = GEO.enlarger();
  const bench = GEO.benchOf(page, (side, place) => enlarge(current, side, place));

  let order = [];
  let byId = new Map();
  // What was done in this tab, for Undo. After a reload, Undo uses the stored answers.
  let done = [];
  let times = [];
  let current = null;
  let isPractice = false;
  let shownAt = 0;
  let busy = false;

  const placed = (comparison) =>
    Object.assign({}, comparison, { isSwapped: GEO.isSwapped(reviewer, comparison) });

  /** The comparisons of whoever votes now, in their order. */
  const gather = () => {
    const mine = GEO.orderFor(reviewer, GEO.comparisonsFor(reviewer, GEO.review));
    order = mine.map(placed);
    byId = new Map(order.map((comparison) => [comparison.id, comparison]));
    done = [];
    times = [];
  };

  const open = () => {
    const later = votes.skipped.filter((id) => byId.has(id) && !votes.answerTo(id));
    const put = new Set(later);
    return order.filter(({ id }) => !put.has(id) && !votes.answerTo(id))
      .concat(later.map((id) => byId.get(id)));
  };

  // A vote for a comparison that this edition does not show any more is not counted here.
  const answered = () => order.filter(({ id }) => votes.answerTo(id)).length;

  const pace = () =>
    times.length < 3 ? GEO.PACE : [...times].sort((a, b) => a - b)[times.length >> 1];
  const timeLeft = (left) => left ? `${GEO.minutes(left * pace())} left` : "";

  const say = (sentence = GEO.stateOf(votes, delivery, {
    count: answered(), all: order.length, trouble: reviewers.trouble,
  })) => {
    const needsAct = (votes.inside.length > 0 && votes.trouble) || delivery.trouble;
    part("state").classList.toggle("act", Boolean(needsAct));
    // A live region that gets the same words again would be read again.
    if (part("state").textContent !== sentence) part("state").textContent = sentence;
    part("again").hidden = !delivery.trouble || delivery.isFinal;
  };

  const lastAnswer = () => votes.answers.findLast((line) => byId.has(line.comparison));

  const ownAnswers = () => votes.answers.filter((line) => byId.has(line.comparison)).toReversed()
    .map((line) => ({
      comparison: byId.get(line.comparison), tags: line.tags, remark: line.remark,
      answer: GEO.exchanged(line.answer, line.swapped),
    }));

  const progress = () => {
    const count = answered();
    part("done").textContent = `${count} of ${order.length}`;
    part("left").textContent = timeLeft(order.length - count);
    part("bar").setAttribute("aria-valuemax", order.length);
    part("bar").setAttribute("aria-valuenow", count);
    part("bar").querySelector("i").style.setProperty("--v", 100 * count / order.length);
    part("undo").disabled = isPractice || (!done.length && !lastAnswer());
    part("skip").disabled = isPractice;
    part("hand").disabled = votes.isEmpty;
    // If all comparisons are answered, the next step is to save the votes: the button leads.
    part("hand").classList.toggle("first", count === order.length && votes.inside.length > 0);
    showAnswers(ownAnswers());
  };

  const press = (button, on) => button.setAttribute("aria-pressed", String(on));
  const tags = () => GEO.all("[data-tag][aria-pressed=true]", page)
    .map((button) => button.dataset.tag);

  /** Shows a comparison, or the end if none is left. `line` is the answer that was given before. */
  const show = (comparison, line = null) => {
    current = comparison || null;
    shownAt = performance.now();
    part("work").hidden = !current;
    part("practice").hidden = !isPractice;
    for (const button of GEO.all("[data-tag]", page)) {
      press(button, Boolean(line?.tags.includes(button.dataset.tag)));
    }
    part("remark").value = line?.remark || "";
    progress();
    if (!current) return;
    bench.show(current);
    const next = open().find((other) => other.id !== current.id);
    if (next) bench.preload(next);
  };

  const advance = () => {
    isPractice = false;
    const [next] = open();
    const lost = !next && page.contains(document.activeElement);
    show(next);
    if (lost) part("hand").focus();
  };

  /**
   * Goes on when the frame around a chosen panel was seen and the vote is on the disk, so that a browser
   * that is killed afterwards has it.
   */
  const then = async (choice, kept, act) => {
    busy = true;
    const isPanel = choice === "A" || choice === "B";
    if (isPanel) bench.pick(choice);
    await Promise.all([kept, isPanel && !still.matches && pauseOf(PICKED)]);
    busy = false;
    act();
  };

  // The right answer is not told: there is none, and a reviewer shall not learn to please.
  const practise = (choice) => then(choice, null, () => {
    advance();
    say("That was the practice; it is not counted. This is the first comparison.");
  });

  const answer = (choice) => {
    if (busy || !current || document.querySelector("dialog[open]")) return;
    if (isPractice) return practise(choice);
    times.push((performance.now() - shownAt) / 1000);
    done.push({ comparison: current.id });
    const swapped = current.isSwapped;
    const line = votes.give(current.id, GEO.exchanged(choice, swapped), tags(),
      { remark: part("remark").value.trim(), swapped });
    delivery.attempt();
    then(choice, journal.add(line), () => {
      advance();
      say();
    });
  };

  const skip = () => {
    if (busy || !current || isPractice) return;
    done.push({ comparison: current.id, skipped: true });
    votes.skip(current.id);
    say("Skipped. The picture comes again at the end.");
    advance();
  };

  const undo = () => {
    if (busy || isPractice) return;
    const last = done.pop() || lastAnswer();
    if (!last) return;
    const comparison = byId.get(last.comparison);
    if (last.skipped) {
      votes.unskip(last.comparison);
      show(comparison);
      return say("The skipped picture is back.");
    }
    const { taken, line } = votes.takeBack(last.comparison);
    if (line) journal.add(line);
    show(comparison, taken);
    delivery.attempt();
    say("Last answer taken back.");
  };

  const saveFile = () => {
    const { number, text, ids } = votes.takeOut();
    votes.settle(ids);
    const name = `votes-${trial}-${reviewer.id.slice(0, 6)}-${number}.jsonl`;
    GEO.saveFile(name, text, "application/x-ndjson");
    progress();
    say(`Saved as ${name}. Put the file into the share’s “votes” folder.`);
  };

  // A tab that was voting goes on after a reload; a new one begins with the start panel, because another
  // person may sit there now.
  const VOTING = `geoatlas-voting-${trial}`;
  const session = (act) => {
    try {
      return act(sessionStorage);
    } catch {
      return null;
    }
  };

  const work = () => {
    session((store) => store.setItem(VOTING, reviewer.id));
    start.hide();
    gather();
    part("voter").replaceChildren(
      reviewer.name ? `You vote as ${reviewer.name}. ` : "You vote without a name. ", another);
    isPractice = Boolean(practice) && !votes.countOf(reviewer.id) && !votes.skipped.length;
    if (isPractice) show(placed(practice));
    else advance();
    say();
  };

  const pause = (options) => {
    if (busy) return;
    session((store) => store.removeItem(VOTING));
    current = null;
    part("work").hidden = true;
    part("voter").replaceChildren();
    start.show(options);
    const first = part("who").querySelector("input:checked, input[type=text]:not([hidden])");
    first?.focus();
  };

  const another = GEO.make("button", { class: "btn", type: "button" }, "Another person votes");
  another.addEventListener("click", () => pause({ asksWho: true }));

  const start = GEO.startOf(page, {
    reviewers,
    begin: work,
    countOf: (id) => votes.countOf(id),
    lengthOf: (id) => {
      const all = GEO.comparisonsFor({ id: id || reviewer.id }, GEO.review).length;
      const count = id ? Math.min(votes.countOf(id), all) : 0;
      const time = GEO.minutes((all - count) * pace());
      return count ? `${count} of ${all} comparisons are done; the others take ${time}.`
        : `You see a picture between two panels of look-alikes, ${all} times. That takes ${time}; ` +
          "pause whenever you like.";
    },
  });
  const showAnswers = GEO.answersOf(page, (comparison) => {
    isPractice = false;
    show(comparison, votes.answerTo(comparison.id));
    page.scrollIntoView();
  });

  const delivery = GEO.deliveryOf(votes, () => {
    // The count changes together with the comparison.
    if (!busy) progress();
    say();
  });
  const folder = GEO.folderOf(trial);
  const server = GEO.serverPlace();

  const choose = async () => {
    const place = await folder.choose();
    if (place) delivery.use(place);
    say();
  };
  // The browser lets a page ask for a folder again only from a click or a key.
  const askAgain = async () => {
    const place = await folder.ask();
    if (place) delivery.use(place);
    say();
  };
  const prepare = async () => {
    const place = folder && await folder.recall();
    if (place || server) delivery.use(place || server);
    part("folder").hidden = !folder;
    say();
  };

  for (const button of GEO.all("[data-vote]", page)) {
    button.addEventListener("click", () => answer(button.dataset.vote));
  }
  for (const button of GEO.all("[data-tag]", page)) {
    button.addEventListener("click", () =>
      press(button, button.getAttribute("aria-pressed") !== "true"));
  }
  part("skip").addEventListener("click", skip);
  part("undo").addEventListener("click", undo);
  part("pause").addEventListener("click", () => pause());
  part("hand").addEventListener("click", saveFile);
  part("again").addEventListener("click", () => delivery.attempt());
  part("folder").addEventListener("click", choose);
  page.addEventListener("click", ({ target }) => {
    if (folder?.needsAsking && target !== part("folder")) askAgain();
  });

  const keys = () => part("keys").checked;
  const remember = () => {
    GEO.keep(GEO.READER, { ...GEO.recall(GEO.READER), keys: keys() });
    for (const key of GEO.all("kbd", page)) key.hidden = !keys();
  };
  part("keys").checked = GEO.recall(GEO.READER)?.keys !== false;
  part("keys").addEventListener("change", remember);
  for (const key of GEO.all("kbd", page)) key.hidden = !keys();

  const typing = (element) => element.matches("select, textarea, input:not([type=checkbox])") ||
    element.isContentEditable;
  const actions = {
    a: () => answer("A"), e: () => answer("equal"), n: () => answer("neither"),
    b: () => answer("B"), s: skip, u: undo,
  };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
    if (!keys() || typing(event.target) || event.target.closest("dialog")) return;
    const action = actions[event.key.toLowerCase()];
    if (!action || part("work").hidden) return;
    event.preventDefault();
    action();
  });

  // Another tab has saved a vote: go to the next comparison if this one is answered now.
  addEventListener("storage", (event) => {
    if (event.key !== votes.key) return;
    votes.takeIn();
    if (busy) return;
    const isVoting = part("start").hidden && !isPractice;
    if (isVoting && (!current || votes.answerTo(current.id))) advance();
    progress();
    say();
  });

  addEventListener("beforeunload", (event) => {
    if (votes.trouble && votes.inside.length) event.preventDefault();
  });

  /** Takes in votes that the disk has and localStorage lost, then shows the page. */
  const begin = async () => {
    votes.restore(await journal.all());
    reviewers.meet(votes.reviewers);
    gather();
    progress();
    if (session((store) => store.getItem(VOTING)) === reviewer.id) work();
    else start.show();
    prepare();
  };
  begin();
})();
