/* The article: finds and lights paragraphs, walks through passages, draws the strip beside it,
   opens as a sheet on narrow screens. What is shown comes from the server as text. */
window.articleView = (() => {
  "use strict";

  const narrow = window.matchMedia("(max-width: 900px)");
  const still = window.matchMedia("(prefers-reduced-motion: reduce)");

  let send = null;
  let wanted = null;
  let opener = null;
  let chosen = null;
  let shownDocument = null;

  const scrolling = () => (still.matches ? "auto" : "smooth");
  const article = () => document.querySelector("#article article");
  const panes = () => document.getElementById("panes");
  const turns = () => [...document.querySelectorAll('.turn[data-state="answered"]')];

  /* Offsets count characters, the page counts UTF-16 units. */
  function units(text, characters) {
    let length = 0;
    for (const character of text) {
      if (characters-- <= 0) break;
      length += character.length;
    }
    return length;
  }

  function highlight(name, paragraph, start, end) {
    CSS.highlights.delete(name);
    const text = paragraph.firstChild;
    if (!text || start === undefined) return;
    const range = new Range();
    range.setStart(text, units(text.data, Number(start)));
    range.setEnd(text, units(text.data, Number(end)));
    CSS.highlights.set(name, new Highlight(range));
  }

  function light(target) {
    const paragraph = article()?.querySelector("#" + CSS.escape(target.paragraph));
    if (!paragraph) return;
    for (const old of document.querySelectorAll("#article .lit")) {
      old.classList.remove("lit");
      old.removeAttribute("aria-current");
    }
    paragraph.classList.add("lit");
    paragraph.setAttribute("aria-current", "true");
    if ("highlights" in CSS) {
      highlight("sentence", paragraph, target.start, target.end);
      highlight("words", paragraph, target.from, target.to);
    }
    paragraph.scrollIntoView({ block: "center", behavior: scrolling() });
    const address = new URL(window.location.href);
    address.searchParams.set("p", paragraph.dataset.number);
    if (document.querySelector("[data-documents]")) {
      address.searchParams.set("d", article().dataset.document);
    }
    window.history.replaceState(window.history.state, "", address);
  }

  function show() {
    if (narrow.matches) openSheet();
  }

  function goTo(target) {
    if (!article()) return;
    show();
    if (target.document === undefined || target.document === article().dataset.document) {
      light(target);
    } else {
      wanted = target;
      send?.turn_to({ document: target.document });
    }
  }

  /* The chosen passage is remembered by turn and place, since the conversation is drawn anew. */
  function choose(passage) {
    const turn = passage.closest(".turn");
    const rank = [...turn.querySelectorAll(".passage")].indexOf(passage);
    chosen = { turn: turn.dataset.turn, rank };
    const folded = passage.closest("details.more");
    if (folded) folded.open = true;
    refresh();
    goTo(passage.dataset);
  }

  function current() {
    const all = turns();
    const turn = all.find((one) => one.dataset.turn === chosen?.turn) ?? all.at(-1);
    const passages = turn ? [...turn.querySelectorAll(".passage")] : [];
    const rank = turn && turn.dataset.turn === chosen?.turn ? chosen.rank : -1;
    return { turn, passages, rank };
  }

  function step(by) {
    const { passages, rank } = current();
    if (!passages.length) return;
    const next = rank < 0 ? (by > 0 ? 0 : passages.length - 1) : rank + by;
    if (next < 0 || next >= passages.length) return;
    choose(passages[next]);
    if (!narrow.matches) passages[next].scrollIntoView({ block: "nearest", behavior: scrolling() });
  }

  /* A new answer is what the strip and the buttons are about. */
  function forget() {
    chosen = null;
  }

  function refresh() {
    const { turn, passages, rank } = current();
    for (const old of document.querySelectorAll(".passage.chosen")) old.classList.remove("chosen");
    passages[rank]?.classList.add("chosen");
    const walk = document.querySelector("#navigator .walk");
    walk.hidden = !passages.length;
    walk.querySelector("output").textContent =
      (rank < 0 ? "–" : String(rank + 1)) + " / " + passages.length;
    walk.querySelector('[data-step="-1"]').disabled = rank === 0;
    walk.querySelector('[data-step="1"]').disabled = rank === passages.length - 1;
    drawStrip(turn);
  }

  function drawStrip(turn) {
    const strip = document.getElementById("strip");
    strip.replaceChildren();
    const shown = article();
    const paragraphs = shown ? [...shown.querySelectorAll(".paragraph")] : [];
    if (!turn || !paragraphs.length) return;
    const here = shown.dataset.document;
    const on = turn.dataset.bearingOn === here;
    const strengths = on ? turn.dataset.bearing.split(" ").map(Number) : [];
    const quoted = new Set();
    for (const one of turns()) {
      if (one.dataset.bearingOn !== here) continue;
      for (const id of one.dataset.quoted.split(" ")) quoted.add(id);
    }
    const first = paragraphs[0].offsetTop;
    const last = paragraphs.at(-1);
    const length = last.offsetTop + last.offsetHeight - first || 1;
    strip.style.maxHeight = length + "px";
    strip.classList.toggle("absent", Boolean(turn.querySelector(".answer.absent")));
    paragraphs.forEach((paragraph, number) => {
      const mark = document.createElement("i");
      mark.style.top = (100 * (paragraph.offsetTop - first)) / length + "%";
      mark.style.height = (100 * paragraph.offsetHeight) / length + "%";
      mark.style.setProperty("--strength", String((strengths[number] ?? 0) ** 2));
      mark.classList.toggle("quoted", quoted.has(paragraph.id));
      mark.dataset.paragraph = paragraph.id;
      strip.append(mark);
    });
  }

  function openSheet() {
    if (panes().classList.contains("article-open")) return;
    opener = document.activeElement;
    panes().classList.add("article-open");
    document.querySelector("#chat-pane").inert = true;
    document.querySelector("#shelf [data-close]")?.focus({ preventScroll: true });
  }

  function closeSheet() {
    if (!panes().classList.contains("article-open")) return;
    panes().classList.remove("article-open");
    document.querySelector("#chat-pane").inert = false;
    opener?.focus({ preventScroll: true });
  }

  function changed() {
    const shown = article();
    if (!shown) return;
    document.querySelector("#question button")?.setAttribute("aria-labelledby", "send-label");
    document.title = shown.dataset.title;
    if (shown.dataset.document !== shownDocument) {
      shownDocument = shown.dataset.document;
      document.getElementById("article").scrollTo({ top: 0, behavior: "auto" });
    }
    refresh();
    if (!wanted) return;
    if (wanted.document !== undefined && wanted.document !== shown.dataset.document) return;
    light(wanted);
    wanted = null;
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
    const number = new URLSearchParams(window.location.search).get("p");
    if (number && /^\d+$/.test(number)) wanted = { paragraph: "p" + Number(number) };
    document.addEventListener("click", click);
    document.addEventListener("keydown", key);
    narrow.addEventListener("change", closeSheet);
    new ResizeObserver(() => refresh()).observe(document.getElementById("article"));
  }

  return { choose, changed, closeSheet, forget, refresh, scrolling, show, start };
})();
