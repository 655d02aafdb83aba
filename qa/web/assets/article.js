/* The article: finds and lights paragraphs, walks through passages, draws the strip beside it,
   opens as a sheet on narrow screens. What is shown comes from the server as text. */
window.articleView = (() => {
  "use strict";

  const narrow = window.matchMedia("(max-width: 900px)");
  const still = window.matchMedia("(prefers-reduced-motion: reduce)");
  /* Pixels of the smallest mark on the strip. */
  const LEAST = 3;

  let send = null;
  let wanted = null;
  let opener = null;
  let chosen = null;
  let shownDocument = null;
  let lit = null;
  let moved = false;
  let isWantedChosen = true;
  /* The address names a passage, which stays lit when the question that it asks is answered. */
  let isHeld = false;
  let drawn = "";
  let drawnOf = null;

  const scrolling = () => (still.matches ? "auto" : "smooth");
  const article = () => document.querySelector("#article article");
  const panes = () => document.getElementById("panes");
  const turns = () => [...document.querySelectorAll('.turn[data-state="answered"]')];

  /* Offsets count characters, the page counts UTF-16 units; marks and cells cut a text up. */
  function placeIn(paragraph, characters) {
    const walker = document.createTreeWalker(paragraph, NodeFilter.SHOW_TEXT);
    let last = null;
    for (let text = walker.nextNode(); text; text = walker.nextNode()) {
      last = text;
      let length = 0;
      for (const character of text.data) {
        if (characters <= 0) return [text, length];
        characters -= 1;
        length += character.length;
      }
      if (characters <= 0) return [text, length];
    }
    return [last, last?.data.length ?? 0];
  }

  function rangeOf(paragraph, start, end) {
    if (!paragraph.firstChild || start === undefined) return [];
    const range = new Range();
    range.setStart(...placeIn(paragraph, Number(start)));
    range.setEnd(...placeIn(paragraph, Number(end)));
    return [range];
  }

  /* All passages that answer are marked where they stand, and the one that was gone to. */
  function mark(targets) {
    const sentences = [];
    const words = [];
    for (const old of document.querySelectorAll("#article .answering")) {
      old.classList.remove("answering");
    }
    const here = article()?.dataset.document;
    for (const target of targets) {
      if (target.document !== undefined && target.document !== here) continue;
      const paragraph = paragraphOf(target);
      if (!paragraph) continue;
      if (target.start !== undefined) paragraph.classList.add("answering");
      sentences.push(...rangeOf(paragraph, target.start, target.end));
      words.push(...rangeOf(paragraph, target.from, target.to));
    }
    if (!("highlights" in CSS)) return;
    CSS.highlights.set("sentence", new Highlight(...sentences));
    CSS.highlights.set("words", new Highlight(...words));
  }

  const paragraphOf = (target) => article()?.querySelector("#" + CSS.escape(target.paragraph));

  function centre(paragraph, behavior) {
    const pane = document.getElementById("article");
    const [box, frame] = [paragraph.getBoundingClientRect(), pane.getBoundingClientRect()];
    const above = Math.max(0, (frame.height - box.height) / 2);
    pane.scrollTo({ top: pane.scrollTop + box.top - frame.top - above, behavior });
  }

  /* What is out of sight in a long article has a guessed height until it is shown. */
  function reach(paragraph, frames = 20) {
    const isLong = paragraph.matches(".long .paragraph");
    centre(paragraph, isLong ? "auto" : scrolling());
    if (!isLong || !frames) return;
    window.requestAnimationFrame(() => { if (!moved) reach(paragraph, frames - 1); });
  }

  /* What the reader chose is in the address; where an answer led is not. */
  function light(target, isChosen = true) {
    const paragraph = paragraphOf(target);
    if (!paragraph) return;
    for (const old of document.querySelectorAll("#article .lit")) {
      old.classList.remove("lit");
      old.removeAttribute("aria-current");
    }
    paragraph.classList.add("lit");
    paragraph.setAttribute("aria-current", "true");
    lit = target;
    moved = false;
    reach(paragraph);
    refresh();
    if (!isChosen) return;
    const address = new URL(window.location.href);
    address.searchParams.set("p", paragraph.id.replace(/^p/, ""));
    if (document.querySelector("[data-documents]")) {
      address.searchParams.set("d", article().dataset.document);
    }
    window.history.replaceState(window.history.state, "", address);
  }

  function show() {
    if (narrow.matches) openSheet();
  }

  function goTo(target, isChosen = true) {
    if (!article()) return;
    if (isChosen) show();
    if (target.document === undefined || target.document === article().dataset.document) {
      light(target, isChosen);
    } else {
      wanted = target;
      isWantedChosen = isChosen;
      send?.turn_to({ document: target.document });
    }
  }

  const answering = (turn) =>
    turn ? [...turn.querySelectorAll(".answer:not(.absent) > .passage")] : [];

  /* The chosen passage is remembered by turn and place, since the conversation is drawn anew. */
  function choose(passage) {
    const turn = passage.closest(".turn");
    chosen = { turn: turn.dataset.turn, ...placeOf(passage) };
    const folded = passage.closest("details.more");
    if (folded) folded.open = true;
    refresh();
    goTo(passage.dataset);
  }

  function placeOf(passage) {
    const turn = passage.closest(".turn");
    return {
      place: [...turn.querySelectorAll(".passage")].indexOf(passage),
      rank: Math.max(0, answering(turn).indexOf(passage)),
    };
  }

  function current() {
    const all = turns();
    const turn = all.find((one) => one.dataset.turn === chosen?.turn) ?? all.at(-1);
    const isChosen = Boolean(turn) && turn.dataset.turn === chosen?.turn;
    return {
      turn,
      passages: answering(turn),
      rank: isChosen ? chosen.rank : 0,
      place: isChosen ? chosen.place : -1,
    };
  }

  function step(by) {
    const { passages, rank } = current();
    const next = passages[rank + by];
    if (!next) return;
    choose(next);
    if (!narrow.matches) next.scrollIntoView({ block: "nearest", behavior: scrolling() });
  }

  /* The article goes to a new answer, unless its reader is somewhere in it. */
  function answered(turn, isNew) {
    const isKept = isHeld;
    isHeld = false;
    chosen = null;
    if (isKept) return;
    lit = null;
    const first = answering(turn)[0];
    if (!first) return;
    chosen = { turn: turn.dataset.turn, ...placeOf(first) };
    if (isNew && !moved && !wanted) goTo(first.dataset, false);
  }

  function asked() {
    moved = false;
  }

  function refresh() {
    const { turn, passages, rank, place } = current();
    for (const old of document.querySelectorAll(".passage.chosen")) old.classList.remove("chosen");
    turn?.querySelectorAll(".passage")[place]?.classList.add("chosen");
    const walk = document.querySelector("#navigator .walk");
    walk.hidden = passages.length < 2;
    walk.querySelector("output").textContent = rank + 1 + " / " + passages.length;
    walk.querySelector('[data-step="-1"]').disabled = rank === 0;
    walk.querySelector('[data-step="1"]').disabled = rank === passages.length - 1;
    const targets = passages.map((one) => one.dataset);
    const isMarked = ({ document: where, paragraph }) =>
      where === lit.document && paragraph === lit.paragraph;
    if (lit && !targets.some(isMarked)) targets.push(lit);
    mark(targets);
    drawStrip(turn);
  }

  /* Where each paragraph stands; the only place that asks, so that the page is laid out once. */
  function places(pane) {
    const shown = article();
    const paragraphs = shown ? [...shown.querySelectorAll(".paragraph")] : [];
    const boxes = paragraphs.map((one) => [one.id, one.offsetTop, one.offsetHeight]);
    if (!boxes.length) return { boxes, length: 1, least: 0 };
    const first = boxes[0][1];
    const length = boxes.at(-1)[1] + boxes.at(-1)[2] - first || 1;
    for (const box of boxes) box[1] -= first;
    return { boxes, length, least: (LEAST * length) / Math.min(length, pane.clientHeight || length) };
  }

  /* One mark a paragraph, or for as many together as can be told apart and hit. */
  function marksOf({ boxes, least }, strengths, quoted) {
    const marks = [];
    boxes.forEach(([paragraph, top, height], number) => {
      const strength = strengths[number] ?? 0;
      const isQuoted = quoted.has(paragraph);
      const last = marks.at(-1);
      if (!last || last.height >= least) {
        marks.push({ paragraph, top, height, strength, isQuoted });
        return;
      }
      last.height = top + height - last.top;
      if (isQuoted > last.isQuoted || (isQuoted === last.isQuoted && strength > last.strength)) {
        last.paragraph = paragraph;
      }
      last.strength = Math.max(last.strength, strength);
      last.isQuoted ||= isQuoted;
    });
    return marks;
  }

  function drawStrip(turn) {
    const strip = document.getElementById("strip");
    const shown = article();
    const here = shown?.dataset.document;
    const pane = document.getElementById("article");
    const asked = turns().filter((one) => one.dataset.bearingOn === here);
    const told = turn && turn.dataset.bearingOn === here ? turn.dataset.bearing : "";
    const quoted = asked.map((one) => one.dataset.quoted).join(" ");
    const isAbsent = Boolean(turn?.querySelector(".answer.absent"));
    const size = [pane.clientWidth, pane.clientHeight];
    const drawing = JSON.stringify([Boolean(turn), here, told, quoted, isAbsent, size]);
    if (drawing === drawn && shown === drawnOf) return;
    drawn = drawing;
    drawnOf = shown;
    if (!turn || !shown) {
      strip.replaceChildren();
      return;
    }
    const measured = places(pane);
    const strengths = told ? told.split(" ").map(Number) : [];
    const marks = marksOf(measured, strengths, new Set(quoted.split(" "))).map((one) => {
      const mark = document.createElement("i");
      mark.style.top = (100 * one.top) / measured.length + "%";
      mark.style.height = (100 * one.height) / measured.length + "%";
      mark.style.setProperty("--strength", String(one.strength ** 2));
      mark.classList.toggle("quoted", one.isQuoted);
      mark.dataset.paragraph = one.paragraph;
      return mark;
    });
    strip.style.maxHeight = measured.length + "px";
    strip.classList.toggle("absent", isAbsent);
    strip.replaceChildren(...marks);
  }

  /* What the sheet is over; the heading of the page stays where it is found. */
  function setBehind(isInert) {
    const parts = ".skip, .masthead > :not(h1, #live, .away), #conversation, #scope, #question";
    for (const part of document.querySelectorAll(parts)) part.inert = isInert;
  }

  function openSheet() {
    if (panes().classList.contains("article-open")) return;
    opener = document.activeElement;
    panes().classList.add("article-open");
    setBehind(true);
    document.querySelector("#shelf [data-close]")?.focus({ preventScroll: true });
    const shown = document.querySelector("#article .lit");
    if (shown && !moved) reach(shown);
  }

  function closeSheet() {
    if (!panes().classList.contains("article-open")) return;
    panes().classList.remove("article-open");
    setBehind(false);
    opener?.focus({ preventScroll: true });
  }

  function changed() {
    const shown = article();
    if (!shown) return;
    document.querySelector("#question button")?.setAttribute("aria-labelledby", "send-label");
    document.title = shown.dataset.title;
    if (shown.dataset.document !== shownDocument) {
      shownDocument = shown.dataset.document;
      lit = null;
      document.getElementById("article").scrollTo({ top: 0, behavior: "auto" });
    }
    refresh();
    if (!wanted) return;
    if (wanted.document !== undefined && wanted.document !== shown.dataset.document) return;
    const target = wanted;
    wanted = null;
    light(target, isWantedChosen);
    isWantedChosen = true;
  }

  function click(event) {
    const plain = !event.ctrlKey && !event.metaKey && !event.shiftKey;
    const heading = event.target.closest(".outline a, #strip i");
    const stepper = event.target.closest("[data-step]");
    if (heading && plain) {
      event.preventDefault();
      light(heading.dataset);
    } else if (stepper) {
      step(Number(stepper.dataset.step));
    } else if (event.target.closest("[data-open]")) {
      openSheet();
    } else if (event.target.closest("[data-close]")) {
      closeSheet();
    } else if (!event.target.closest("#article-pane, .passage")) {
      closeSheet();
    }
  }

  function key(event) {
    if (event.key === "Escape") closeSheet();
    if (!event.altKey || event.ctrlKey || event.metaKey || event.isComposing) return;
    if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
    event.preventDefault();
    step(event.key === "ArrowDown" ? 1 : -1);
  }

  function start(events) {
    send = events;
    const named = new URLSearchParams(window.location.search);
    const anchor = named.get("p") ?? "";
    if (/^\d+$/.test(anchor)) wanted = { paragraph: "p" + Number(anchor) };
    else if (/^l\d+$/.test(anchor)) wanted = { paragraph: anchor };
    isHeld = Boolean(wanted) && named.has("q");
    document.addEventListener("click", click);
    document.addEventListener("keydown", key);
    narrow.addEventListener("change", closeSheet);
    const pane = document.getElementById("article");
    for (const kind of ["wheel", "touchmove", "keydown"]) {
      pane.addEventListener(kind, () => { moved = true; }, { passive: true });
    }
    new ResizeObserver(() => refresh()).observe(pane);
  }

  return { answered, asked, choose, changed, closeSheet, refresh, scrolling, show, start };
})();
