/* The conversation: keeps the newest turn in view, what was unfolded unfolded and the focus where
   it was when the pane is drawn anew, tells screen readers what came, copies and saves. */
window.conversationView = (() => {
  "use strict";

  const view = window.articleView;
  const conversations = window.articleConversations;
  const open = new Map();
  let focused = "";
  let newest = "";
  let offered = "";
  /* The turns that were there when the conversation was opened. */
  let known = null;
  let send = null;
  /* Numbers of what was drawn: the newest, and an older one that came after it. */
  let drawn = 0;
  let outdated = 0;

  const pane = () => document.getElementById("conversation");

  function name(element) {
    const kept = element.closest?.("[data-keep]");
    if (!kept) return "";
    return (kept.closest(".turn")?.dataset.turn ?? "") + "/" + kept.dataset.keep;
  }

  function find(wanted) {
    return [...document.querySelectorAll("[data-keep]")].find((one) => name(one) === wanted);
  }

  function restore() {
    for (const folded of pane().querySelectorAll("details[data-keep]")) {
      const before = open.get(name(folded));
      if (before !== undefined) folded.open = before;
    }
    if (!focused || document.activeElement !== document.body) return;
    const again = find(focused);
    (again?.matches("details") ? again.querySelector("summary") : again)?.focus({
      preventScroll: true,
    });
  }

  function speak(turn) {
    const words = turn.querySelector(".reply .lead") ? ".lead" : ".passage mark";
    const said = [words, ".certainty", ".reason", ".problem", ".loading", ".place"]
      .map((part) => turn.querySelector(".reply " + part))
      .filter(Boolean)
      .map((part) => (part.querySelector("summary") ?? part).textContent);
    document.getElementById("live").textContent = said.join("。 ");
  }

  /* What was drawn before something that is there already may arrive after it. */
  function isOutdated() {
    const now = Number(pane().querySelector("[data-drawn]")?.dataset.drawn ?? 0);
    if (now < drawn && now !== outdated) send.redraw({});
    outdated = now < drawn ? now : 0;
    drawn = Math.max(now, drawn);
    return outdated > 0;
  }

  function changed() {
    if (isOutdated()) return;
    restore();
    if (known === null && pane().querySelector(".turns")) {
      const there = [...pane().querySelectorAll(".turn")].map((one) => one.dataset.turn);
      known = new Set([...there, ...numbersKept()]);
    }
    const last = [...pane().querySelectorAll(".turn")].at(-1);
    const state = last ? last.dataset.turn + last.dataset.state : "";
    if (last && state !== newest) {
      newest = state;
      const isNew = known !== null && !known.has(last.dataset.turn);
      if (last.dataset.state === "answered") view.answered(last, isNew);
      else if (last.dataset.state === "waiting") view.asked();
      speak(last);
      last.scrollIntoView({ block: "start", behavior: view.scrolling() });
    }
    remember();
    const suggested = [...pane().querySelectorAll(".notice, .suggested")].at(-1);
    const words = suggested?.textContent ?? "";
    if (words && words !== offered) {
      suggested.scrollIntoView({ block: "end", behavior: view.scrolling() });
    }
    offered = words;
    view.refresh();
  }

  const numbersKept = () => conversations.record().map((turn) => String(turn.number));

  /* What is shown is kept once the server knows which conversation it is. */
  function remember() {
    const shown = pane().querySelector(".turns[data-conversation]")?.dataset.conversation;
    if (!shown || shown !== conversations.current()) return;
    const asked = [...pane().querySelectorAll(".turn")].map((turn) => ({
      number: Number(turn.dataset.turn),
      question: turn.querySelector(".asked p").textContent,
      scope: turn.dataset.scope,
      alone: turn.dataset.alone !== undefined,
      isAnswered: turn.dataset.state === "answered",
    }));
    const missing = conversations.update(asked);
    if (missing.length) send.record({ turns: missing });
  }

  /* Show the conversation that the tab is in now, which the browser keeps. */
  function resume() {
    open.clear();
    known = new Set(numbersKept());
    newest = "";
    const kept = JSON.stringify(conversations.record());
    send.resume({ name: conversations.current(), kept });
  }

  const earlier = () => [conversations.current(), JSON.stringify(conversations.record())];

  /* A long question that went back into the box makes the pane shorter. */
  function resized() {
    if (!newest.endsWith("failed")) return;
    pane().scrollTo({ top: pane().scrollHeight, behavior: "auto" });
  }

  async function copyPassage(button) {
    const passage = button.closest(".passage");
    const quoted = passage.querySelector("blockquote").textContent;
    await window.articleStore.copy(quoted + "\n—— " + passage.dataset.cite);
    const before = button.textContent;
    button.textContent = button.dataset.done;
    window.setTimeout(() => { button.textContent = before; }, 1600);
  }

  function keep(kept) {
    if (!kept) return;
    if (kept.form === "copy") {
      window.articleStore.copy(kept.text);
      return;
    }
    const kind = kept.form === "json" ? "application/json" : "text/markdown";
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([kept.text], { type: kind + ";charset=utf-8" }));
    link.download = kept.name;
    link.click();
    window.setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  }

  function judge(button) {
    const turn = Number(button.closest(".turn").dataset.turn);
    if (button.dataset.right !== undefined) send.judge({ turn, rank: Number(button.dataset.right) });
    else send.judge({ turn, liked: button.dataset.vote === "yes" });
  }

  /* Noted at once: the pane may be drawn anew before it is told that something was unfolded. */
  function unfold(summary) {
    const folded = summary?.parentElement;
    if (folded && name(folded)) open.set(name(folded), !folded.open);
  }

  function click(event) {
    unfold(event.target.closest("summary"));
    const button = event.target.closest("button");
    if (button?.dataset.ask !== undefined) {
      if (button.dataset.anyway !== undefined) window.articleAsking.fill("");
      send.ask({ question: button.dataset.ask, alone: button.dataset.alone !== undefined });
    } else if (button?.dataset.copy !== undefined) {
      copyPassage(button);
    } else if (button && (button.dataset.right ?? button.dataset.vote) !== undefined) {
      judge(button);
    } else if (button?.dataset.drop !== undefined) {
      send.drop({ turn: Number(button.closest(".turn").dataset.turn) });
    } else if (button?.dataset.link !== undefined) {
      window.articleStore.copy(linkTo(button.closest(".turn")));
      button.closest("details").open = false;
    } else {
      choosePassage(event);
    }
  }

  /* Opens with the question asked, and the passage that answers it lit. */
  function linkTo(turn) {
    const address = new URL(window.location.origin + window.location.pathname);
    const passage = turn.querySelector(".answer:not(.absent) .passage.chosen, " +
      ".answer:not(.absent) .passage");
    const asked = turn.dataset.scope || passage?.dataset.document;
    if (asked && document.querySelector("[data-documents]")) address.searchParams.set("d", asked);
    address.searchParams.set("q", turn.querySelector(".asked p").textContent);
    if (passage) {
      address.searchParams.set("p", passage.dataset.paragraph.replace(/^p/, ""));
    }
    return address.href;
  }

  function choosePassage(event) {
    const passage = event.target.closest(".passage");
    if (!passage) return;
    if (event.target.closest("a:not(.place)")) return;
    const link = event.target.closest("a.place");
    if (link && (event.ctrlKey || event.metaKey || event.shiftKey)) return;
    if (!link && !window.getSelection().isCollapsed) return;
    event.preventDefault();
    view.choose(passage);
  }

  function start(events) {
    send = events;
    pane().addEventListener("click", click);
    pane().addEventListener("toggle", (event) => {
      if (event.target.isConnected && name(event.target)) {
        open.set(name(event.target), event.target.open);
      }
    }, true);
    document.addEventListener("focusin", (event) => { focused = name(event.target); });
    document.addEventListener("pointerdown", () => { focused = ""; });
    new ResizeObserver(resized).observe(pane());
  }

  return { changed, earlier, keep, restore, resume, start };
})();
