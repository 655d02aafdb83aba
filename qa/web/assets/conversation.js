/* The conversation: keeps the newest turn in view, what was unfolded unfolded and the focus where
   it was when the pane is drawn anew, tells screen readers what came, copies and saves. */
window.conversationView = (() => {
  "use strict";

  const view = window.articleView;
  const open = new Map();
  let focused = "";
  let newest = "";
  let offered = "";

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
    const said = [".lead", ".certainty", ".reason", ".problem", ".loading", ".place"]
      .map((part) => turn.querySelector(".reply " + part))
      .filter(Boolean)
      .map((part) => (part.querySelector("summary") ?? part).textContent);
    document.getElementById("live").textContent = said.join("。 ");
  }

  function changed() {
    restore();
    const last = pane().querySelector(".turn:last-child");
    const state = last ? last.dataset.turn + last.dataset.state : "";
    if (last && state !== newest) {
      newest = state;
      if (last.dataset.state === "answered") view.forget();
      speak(last);
      const top = last.getBoundingClientRect().top - pane().getBoundingClientRect().top;
      pane().scrollTo({ top: pane().scrollTop + top - 8, behavior: view.scrolling() });
    }
    const suggested = pane().querySelector(".notice, .suggested")?.textContent ?? "";
    if (suggested && suggested !== offered) {
      pane().scrollTo({ top: pane().scrollHeight, behavior: view.scrolling() });
    }
    offered = suggested;
    view.refresh();
  }

  /* A long question that went back into the box makes the pane shorter. */
  function resized() {
    if (!newest.endsWith("failed")) return;
    pane().scrollTo({ top: pane().scrollHeight, behavior: "auto" });
  }

  function legacyCopy(text) {
    const box = document.createElement("textarea");
    box.value = text;
    box.style.position = "fixed";
    document.body.append(box);
    box.select();
    document.execCommand("copy");
    box.remove();
  }

  /* The clipboard of the browser exists only on this machine and under https. */
  async function copy(text) {
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      legacyCopy(text);
    }
    document.getElementById("live").textContent =
      document.querySelector("#copied-label .by-language[lang='" +
        document.documentElement.dataset.interface + "']").textContent;
  }

  async function copyPassage(button) {
    const passage = button.closest(".passage");
    const quoted = passage.querySelector("blockquote").textContent;
    await copy(quoted + "\n—— " + passage.dataset.cite);
    const before = button.textContent;
    button.textContent = button.dataset.done;
    window.setTimeout(() => { button.textContent = before; }, 1600);
  }

  function keep(kept) {
    if (!kept) return;
    if (kept.form === "copy") {
      copy(kept.text);
      return;
    }
    const kind = kept.form === "json" ? "application/json" : "text/markdown";
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([kept.text], { type: kind + ";charset=utf-8" }));
    link.download = kept.name;
    link.click();
    window.setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  }

  function judge(button, send) {
    const turn = Number(button.closest(".turn").dataset.turn);
    if (button.dataset.right !== undefined) send.judge({ turn, rank: Number(button.dataset.right) });
    else send.judge({ turn, liked: button.dataset.vote === "yes" });
  }

  function click(event, send) {
    const button = event.target.closest("button");
    if (button?.dataset.ask !== undefined) {
      send.ask({ question: button.dataset.ask, alone: button.dataset.alone !== undefined });
    } else if (button?.dataset.copy !== undefined) {
      copyPassage(button);
    } else if (button && (button.dataset.right ?? button.dataset.vote) !== undefined) {
      judge(button, send);
    } else {
      choosePassage(event);
    }
  }

  function choosePassage(event) {
    const passage = event.target.closest(".passage");
    if (!passage) return;
    const link = event.target.closest("a.place");
    if (link && (event.ctrlKey || event.metaKey || event.shiftKey)) return;
    if (!link && !window.getSelection().isCollapsed) return;
    event.preventDefault();
    view.choose(passage);
  }

  function start(send) {
    pane().addEventListener("click", (event) => click(event, send));
    pane().addEventListener("toggle", (event) => {
      if (event.target.isConnected && name(event.target)) {
        open.set(name(event.target), event.target.open);
      }
    }, true);
    document.addEventListener("focusin", (event) => { focused = name(event.target); });
    document.addEventListener("pointerdown", () => { focused = ""; });
    new ResizeObserver(resized).observe(pane());
  }

  return { changed, keep, restore, start };
})();
