/* The page: who and in which language, the shelf of articles, and what starts the rest. */
window.articleChat = (() => {
  "use strict";

  const view = window.articleView;
  const conversation = window.conversationView;
  const LANGUAGE = "article-qa-language";
  const KEY = "article-qa-visit";
  const LANGUAGES = ["zh-Hans", "zh-Hant", "en"];

  function stored(storage, name) {
    try {
      return window[storage].getItem(name) ?? "";
    } catch {
      return "";
    }
  }

  function store(storage, name, value) {
    try {
      window[storage].setItem(name, value);
    } catch {
      /* A browser that keeps nothing only loses the choice with the page. */
    }
  }

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
    const chosen = stored("localStorage", LANGUAGE);
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
    let key = stored("sessionStorage", KEY);
    if (!/^[0-9a-f]{32}$/.test(key)) {
      const bytes = window.crypto.getRandomValues(new Uint8Array(16));
      key = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
      store("sessionStorage", KEY, key);
    }
    return key;
  }

  function setAdding(isOpen) {
    document.getElementById("panes").classList.toggle("adding", isOpen);
    document.querySelector("[data-add]")?.setAttribute("aria-expanded", String(isOpen));
    if (isOpen) document.querySelector("#paste-text textarea")?.focus({ preventScroll: true });
  }

  const isAdding = () => document.getElementById("panes").classList.contains("adding");

  function takeFiles(files) {
    const input = document.querySelector("#article-pane input[type=file]");
    if (!input || !files.length) return;
    setAdding(true);
    const taken = new DataTransfer();
    for (const file of files) taken.items.add(file);
    input.files = taken.files;
    input.dispatchEvent(new Event("change", { bubbles: true }));
  }

  /* What is too large is not even sent; its name and size are told instead. */
  function refuseLarge(event) {
    const input = event.target;
    if (!input.matches?.("#article-pane input[type=file]")) return;
    const told = document.querySelector("#adding .too-large");
    const limit = Number(told.dataset.limit);
    const taken = new DataTransfer();
    const lines = [];
    for (const file of input.files) {
      if (file.size <= limit) {
        taken.items.add(file);
        continue;
      }
      const size = (file.size / 1e6).toFixed(1);
      lines.push(told.dataset.text.replace("{name}", () => file.name).replace("{size}", size));
    }
    told.textContent = lines.join(" ");
    told.hidden = !lines.length;
    if (!lines.length) return;
    if (taken.files.length) input.files = taken.files;
    else {
      event.stopImmediatePropagation();
      input.value = "";
    }
  }

  function listenToDrops() {
    const panes = document.getElementById("panes");
    const hasFiles = (event) => [...(event.dataTransfer?.types ?? [])].includes("Files");
    document.addEventListener("dragover", (event) => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      panes.classList.add("dropping");
    });
    document.addEventListener("dragleave", (event) => {
      if (!event.relatedTarget) panes.classList.remove("dropping");
    });
    document.addEventListener("drop", (event) => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      event.stopPropagation();
      panes.classList.remove("dropping");
      takeFiles(event.dataTransfer.files);
    }, true);
  }

  function click(event, send) {
    const button = event.target.closest("button");
    const menu = document.querySelector(".masthead .menu");
    if (menu?.open && !event.target.closest(".menu")) menu.open = false;
    if (!button) return;
    if (button.dataset.language) {
      store("localStorage", LANGUAGE, button.dataset.language);
      setLanguage(button.dataset.language);
      send.speak({ language: button.dataset.language });
    } else if (button.dataset.form) {
      menu.open = false;
      send.keep({ form: button.dataset.form });
    } else if (button.dataset.add !== undefined) {
      setAdding(!isAdding());
    } else if (button.dataset.own !== undefined) {
      view.show();
      setAdding(true);
    } else if (button.dataset.remove !== undefined) {
      send.remove({ document: button.dataset.remove });
    }
  }

  function shelfChanged() {
    document.querySelector("[data-add]")?.setAttribute("aria-expanded", String(isAdding()));
    conversation.restore();
  }

  function statusChanged() {
    const status = document.querySelector("#adding-status .adding-status");
    if (!status) return;
    document.getElementById("live").textContent = status.textContent;
    if (status.dataset.state === "added") setAdding(false);
  }

  function start(send) {
    setLanguage(chosenLanguage() || browserLanguage());
    view.start(send);
    conversation.start(send);
    const observe = (id, changed) => {
      new MutationObserver(changed).observe(document.getElementById(id), {
        childList: true,
        subtree: true,
        characterData: true,
        attributes: true,
        attributeFilter: ["data-state", "data-document", "data-bearing", "data-remove"],
      });
      changed();
    };
    observe("article", view.changed);
    observe("conversation", conversation.changed);
    observe("shelf", shelfChanged);
    observe("adding-status", statusChanged);
    listenToDrops();
    document.addEventListener("change", refuseLarge, true);
    document.addEventListener("click", (event) => click(event, send));
    document.addEventListener("change", (event) => {
      if (event.target.matches?.("[data-documents]")) {
        send.turn_to({ document: event.target.value });
      }
    });
    document.addEventListener("keydown", (event) => {
      const menu = document.querySelector(".masthead .menu");
      if (event.key !== "Escape") return;
      if (menu?.open) {
        menu.open = false;
        menu.querySelector("summary").focus();
      } else if (isAdding()) {
        setAdding(false);
        document.querySelector("[data-add]")?.focus();
      }
    });
  }

  document.documentElement.dataset.interface = chosenLanguage() || browserLanguage();

  return {
    introduce: () => [visitKey(), chosenLanguage()],
    keep: conversation.keep,
    listen(element, events) {
      const startWhenWhole = () => {
        const whole = ["article", "conversation", "shelf", "navigator", "adding-status"].every(
          (id) => document.getElementById(id),
        );
        if (whole && document.querySelector("#navigator .walk")) start(events);
        else window.requestAnimationFrame(startWhenWhole);
      };
      startWhenWhole();
    },
  };
})();
