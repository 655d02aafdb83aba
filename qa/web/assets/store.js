/* What the browser keeps: for this tab, if so wished for tabs that are opened later, and what it
   copies. */
window.articleStore = (() => {
  "use strict";

  function get(name) {
    try {
      return window.sessionStorage.getItem(name) ?? window.localStorage.getItem(name) ?? "";
    } catch {
      return "";
    }
  }

  /* A browser that keeps nothing only loses it with the page. */
  function put(name, value, forLater) {
    try {
      for (const storage of forLater ? ["sessionStorage", "localStorage"] : ["sessionStorage"]) {
        if (value) window[storage].setItem(name, value);
        else window[storage].removeItem(name);
      }
    } catch {
      /* Nothing to do. */
    }
  }

  /* What all tabs have together. */
  function getShared(name) {
    try {
      return window.localStorage.getItem(name) ?? "";
    } catch {
      return "";
    }
  }

  /* Tells whether there was room for it. */
  function putShared(name, value) {
    try {
      if (value) window.localStorage.setItem(name, value);
      else window.localStorage.removeItem(name);
      return true;
    } catch {
      return false;
    }
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

  return { copy, get, getShared, put, putShared };
})();
