/* Finds and lights paragraphs, opens the article as a sheet on narrow screens, keeps the newest
   question in view. What is shown comes from the server; nothing here writes HTML. */
(() => {
  "use strict";

  const narrow = window.matchMedia("(max-width: 900px)");
  const still = window.matchMedia("(prefers-reduced-motion: reduce)");

  const language = (() => {
    for (const tag of navigator.languages ?? [navigator.language]) {
      const parts = tag.toLowerCase().split("-");
      if (parts[0] === "en") return "en";
      if (parts[0] !== "zh") continue;
      const traditional = parts.some((part) => ["hant", "tw", "hk", "mo"].includes(part));
      return traditional && !parts.includes("hans") ? "zh-Hant" : "zh-Hans";
    }
    return "en";
  })();
  document.documentElement.dataset.interface = language;

  let send = null;
  let wanted = null;
  let opener = null;
  let newest = "";

  const scrolling = () => (still.matches ? "auto" : "smooth");
  const article = () => document.querySelector("#article article");
  const panes = () => document.getElementById("panes");

  /* Offsets count characters, the page counts UTF-16 units. */
  function units(text, characters) {
    let length = 0;
    for (const character of text) {
      if (characters-- <= 0) break;
      length += character.length;
    }
    return length;
  }

  function lightSentence(paragraph, target) {
    if (!("highlights" in CSS)) return;
    CSS.highlights.delete("sentence");
    const text = paragraph.firstChild;
    if (!text || target.start === undefined) return;
    const range = new Range();
    range.setStart(text, units(text.data, Number(target.start)));
    range.setEnd(text, units(text.data, Number(target.end)));
    CSS.highlights.set("sentence", new Highlight(range));
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
    lightSentence(paragraph, target);
    paragraph.scrollIntoView({ block: "center", behavior: scrolling() });
    const address = new URL(window.location.href);
    address.searchParams.set("p", paragraph.dataset.number);
    if (document.querySelector("#documents")) {
      address.searchParams.set("d", article().dataset.document);
    }
    window.history.replaceState(window.history.state, "", address);
  }

  function goTo(target) {
    if (!article()) return;
    if (narrow.matches) openSheet();
    if (target.document === undefined || target.document === article().dataset.document) {
      light(target);
    } else {
      wanted = target;
      send?.turn_to({ document: target.document });
    }
  }

  function openSheet() {
    if (panes().classList.contains("article-open")) return;
    opener = document.activeElement;
    panes().classList.add("article-open");
    document.querySelector("#chat-pane").inert = true;
    document.querySelector("#article [data-close]")?.focus({ preventScroll: true });
  }

  function closeSheet() {
    if (!panes().classList.contains("article-open")) return;
    panes().classList.remove("article-open");
    document.querySelector("#chat-pane").inert = false;
    opener?.focus({ preventScroll: true });
  }

  function choosePassage(event) {
    const passage = event.target.closest(".passage");
    if (!passage) return;
    const link = event.target.closest("a.place");
    if (link && (event.ctrlKey || event.metaKey || event.shiftKey)) return;
    if (!link && !window.getSelection().isCollapsed) return;
    event.preventDefault();
    for (const old of document.querySelectorAll(".passage.chosen")) old.classList.remove("chosen");
    passage.classList.add("chosen");
    goTo(passage.dataset);
  }

  function click(event) {
    const heading = event.target.closest(".outline a");
    if (heading && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
      event.preventDefault();
      light(heading.dataset);
    } else if (event.target.closest("[data-open]")) {
      openSheet();
    } else if (event.target.closest("[data-close]")) {
      closeSheet();
    } else if (!event.target.closest("#article-pane, .passage")) {
      closeSheet();
    }
  }

  function articleChanged() {
    const shown = article();
    if (!shown) return;
    document.querySelector("#question button")?.setAttribute("aria-labelledby", "send-label");
    document.title = shown.dataset.title;
    if (!wanted) return;
    if (wanted.document !== undefined && wanted.document !== shown.dataset.document) return;
    light(wanted);
    wanted = null;
  }

  function conversationChanged() {
    const last = document.querySelector("#conversation .turn:last-child");
    const state = last ? last.dataset.turn + last.dataset.state : "";
    if (!last || state === newest) return;
    newest = state;
    const pane = document.querySelector("#conversation");
    const top = last.getBoundingClientRect().top - pane.getBoundingClientRect().top;
    pane.scrollTo({ top: pane.scrollTop + top - 8, behavior: scrolling() });
  }

  /* A long question that went back into the box makes the pane shorter. */
  function conversationResized() {
    if (!newest.endsWith("failed")) return;
    const pane = document.querySelector("#conversation");
    pane.scrollTo({ top: pane.scrollHeight, behavior: "auto" });
  }

  function start() {
    const number = new URLSearchParams(window.location.search).get("p");
    if (number && /^\d+$/.test(number)) wanted = { paragraph: "p" + Number(number) };
    const observe = (id, changed) => {
      const pane = document.getElementById(id);
      new MutationObserver(changed).observe(pane, { childList: true, subtree: true,
        attributes: true, attributeFilter: ["data-state", "data-document"] });
      changed();
    };
    observe("article", articleChanged);
    observe("conversation", conversationChanged);
    new ResizeObserver(conversationResized).observe(document.querySelector("#conversation"));
    document.addEventListener("click", click);
    document.addEventListener("keydown", (event) => {
      if (event.key === "Escape") closeSheet();
    });
    narrow.addEventListener("change", closeSheet);
  }

  window.articleChat = {
    listen(element, events) {
      send = events;
      element.addEventListener("click", (event) => {
        const button = event.target.closest("[data-ask]");
        if (button) send.ask({ question: button.dataset.ask });
        else choosePassage(event);
      });
      const startWhenWhole = () => {
        if (document.querySelector("#article .html-container")) start();
        else window.requestAnimationFrame(startWhenWhole);
      };
      startWhenWhole();
    },
  };
})();
