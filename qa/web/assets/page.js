/* The page: who and in which language, the shelf of articles, and what starts the rest. */
window.articleChat = (() => {
  "use strict";

  const store = window.articleStore;
  const view = window.articleView;
  const conversation = window.conversationView;
  const asking = window.articleAsking;
  const shelf = window.articleShelf;
  const LANGUAGE = "article-qa-language";
  const KEY = "article-qa-visit";
  /* Milliseconds between two looks whether the server is there. */
  const LOOK = 4000;
  /* Pixels that a pointer moves at most while it presses something. */
  const STEADY = 12;
  /* What the server draws anew tells by these that it is another one. */
  const WATCHED = [
    "data-state", "data-document", "data-bearing", "data-remove", "data-conversation", "data-mine",
    "data-drawn",
  ];
  const PARTS = [
    "article", "conversation", "shelf", "navigator", "adding-hint", "adding-status",
  ];
  const LANGUAGES = ["zh-Hans", "zh-Hant", "en"];

  function browserLanguage() {
    for (const tag of navigator.languages ?? [navigator.language]) {
      const parts = tag.toLowerCase().split("-");
      if (parts[0] === "en") return "en";
      if (parts[0] !== "zh") continue;
      const traditional = parts.some((part) => ["hant", "tw", "hk", "mo"].includes(part));
      return traditional && !parts.includes("hans") ? "zh-Hant" : "zh-Hans";
    }
    return "en";
  }

  const chosenLanguage = () => {
    const chosen = store.get(LANGUAGE);
    return LANGUAGES.includes(chosen) ? chosen : "";
  };

  function setLanguage(language) {
    document.documentElement.dataset.interface = language;
    document.documentElement.lang = language;
    for (const button of document.querySelectorAll("[data-language]")) {
      button.setAttribute("aria-pressed", String(button.dataset.language === language));
    }
  }

  /* Only this tab knows its key; it is kept while the tab is open. */
  function visitKey() {
    let key = store.get(KEY);
    if (!/^[0-9a-f]{32}$/.test(key)) {
      const bytes = window.crypto.getRandomValues(new Uint8Array(16));
      key = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
      store.put(KEY, key, false);
    }
    return key;
  }

  /* A server that went away is waited for; for another one the page is opened anew. */
  async function watchServer() {
    let first = null;
    let isAway = false;
    const look = async () => {
      const now = document.hidden && first !== null && !isAway ? first : await serverId();
      first ??= now;
      isAway = first !== null && now === null;
      document.querySelector(".masthead .away").hidden = !isAway;
      if (now !== first && now !== null) window.location.reload();
      else window.setTimeout(look, isAway ? LOOK / 4 : LOOK);
    };
    look();
  }

  async function serverId() {
    const root = window.gradio_config?.root ?? window.location.origin;
    try {
      const address = root.replace(/\/$/, "") + "/gradio_api/app_id";
      const reply = await fetch(address, { cache: "no-store", signal: AbortSignal.timeout(LOOK) });
      return reply.ok ? (await reply.json()).app_id : null;
    } catch {
      return null;
    }
  }

  /* What is skipped to may be drawn anew, so its name is looked up. */
  function skip(event) {
    const name = event.target.closest("a.skip")?.hash;
    if (!name) return;
    event.preventDefault();
    if (name === "#article") view.show();
    document.querySelector(name === "#article" ? "#article article" : "#question textarea").focus();
  }

  function click(event, send) {
    skip(event);
    const language = event.target.closest("button")?.dataset.language;
    if (!language) return;
    store.put(LANGUAGE, language, true);
    setLanguage(language);
    send.speak({ language });
  }

  /* A part that is drawn anew while a button in it is held down would swallow the click. */
  let pressed = null;

  function press(event) {
    const button = event.target.closest?.("button, summary, a");
    pressed = button && { button, looks: looks(button), x: event.clientX, y: event.clientY };
  }

  function release(event) {
    const { button, looks: before, x, y } = pressed ?? {};
    pressed = null;
    if (!button || button.isConnected) return;
    if (Math.hypot(event.clientX - x, event.clientY - y) > STEADY) return;
    [...document.querySelectorAll(button.localName)].find((one) => looks(one) === before)?.click();
  }

  const looks = (button) => (button.closest(".turn")?.dataset.turn ?? "") + button.outerHTML;

  function conversationChanged() {
    conversation.changed();
    asking.changed();
  }

  function shelfChanged() {
    shelf.changed();
    conversation.restore();
  }

  function start(send) {
    setLanguage(chosenLanguage() || browserLanguage());
    for (const part of [view, conversation, asking, shelf, window.articleMenu]) part.start(send);
    const observe = (id, changed) => {
      new MutationObserver(changed).observe(document.getElementById(id), {
        childList: true,
        subtree: true,
        characterData: true,
        attributes: true,
        attributeFilter: WATCHED,
      });
      changed();
    };
    observe("article", view.changed);
    observe("conversation", conversationChanged);
    observe("shelf", shelfChanged);
    observe("adding-hint", shelf.hintChanged);
    observe("adding-status", shelf.statusChanged);
    watchServer();
    document.addEventListener("click", (event) => click(event, send));
    document.addEventListener("pointerdown", press, true);
    document.addEventListener("pointerup", release, true);
  }

  function record(kept) {
    if (kept?.own) shelf.record(kept.own);
    else if (kept) window.articleConversations.addAnswers(kept);
  }

  document.documentElement.dataset.interface = chosenLanguage() || browserLanguage();

  return {
    introduce: () => [visitKey(), chosenLanguage()],
    earlier: conversation.earlier,
    keep: conversation.keep,
    replacing: shelf.replacing,
    record,
    listen(element, events) {
      const startWhenWhole = () => {
        const whole = PARTS.every(
          (id) => document.getElementById(id),
        );
        if (whole && document.querySelector("#navigator .walk")) start(events);
        else window.requestAnimationFrame(startWhenWhole);
      };
      startWhenWhole();
    },
  };
})();
