/* The shelf: articles are added from files, folders and the clipboard, renamed and replaced, and
   kept in this browser if its owner says so. */
window.articleShelf = (() => {
  "use strict";

  const store = window.articleStore;
  const OWN = "article-qa-own";
  const IS_KEPT = "article-qa-keep-own";
  /* Milliseconds for which it is told that an article was added. */
  const TOLD = 6000;
  let send = null;
  let leaving = 0;
  /* The news that was told last, and of what. */
  let told = null;
  let toldOf = "";
  let recorded = "";
  let isTakenBack = false;
  /* The articles that this tab has, or had: what others keep is left alone. */
  const known = new Set();

  const panes = () => document.getElementById("panes");
  const isAdding = () => panes().classList.contains("adding");

  function setAdding(isOpen) {
    panes().classList.toggle("adding", isOpen);
    document.querySelector("[data-add]")?.setAttribute("aria-expanded", String(isOpen));
    if (isOpen) document.querySelector("#paste-text textarea")?.focus({ preventScroll: true });
    else stopReplacing();
  }

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

  /* Of a folder only what can be read is taken, and nothing that is hidden. */
  function readable(files) {
    const kinds = document.querySelector("#adding [data-kinds]").dataset.kinds.split(" ");
    return files.filter(({ name }) =>
      !name.startsWith(".") && kinds.some((kind) => name.toLowerCase().endsWith(kind)),
    );
  }

  const fileOf = (entry) => new Promise((done, failed) => { entry.file(done, failed); });
  const someOf = (reader) => new Promise((done, failed) => { reader.readEntries(done, failed); });

  async function filesBelow(entry) {
    if (entry.isFile) return [await fileOf(entry)];
    const reader = entry.createReader();
    const found = [];
    for (let some = await someOf(reader); some.length; some = await someOf(reader)) {
      for (const one of some) found.push(...(await filesBelow(one)));
    }
    return found;
  }

  async function takeDropped(dropped) {
    const entries = [...dropped.items].map((one) => one.webkitGetAsEntry?.()).filter(Boolean);
    const folders = entries.filter((one) => one.isDirectory);
    const files = [...dropped.files].filter(({ name }) => folders.every((one) => one.name !== name));
    for (const folder of folders) files.push(...readable(await filesBelow(folder)));
    takeFiles(files);
  }

  function chooseFolder() {
    const input = document.createElement("input");
    input.type = "file";
    input.webkitdirectory = true;
    input.addEventListener("change", () => takeFiles(readable([...input.files])));
    input.click();
  }

  function listenToDrops() {
    const hasFiles = (event) => [...(event.dataTransfer?.types ?? [])].includes("Files");
    document.addEventListener("dragover", (event) => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      panes().classList.add("dropping");
    });
    document.addEventListener("dragleave", (event) => {
      if (!event.relatedTarget) panes().classList.remove("dropping");
    });
    document.addEventListener("drop", (event) => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      event.stopPropagation();
      panes().classList.remove("dropping");
      takeDropped(event.dataTransfer);
    }, true);
  }

  /* The name is changed where it stands. */
  function rename(button) {
    const menu = button.closest("details");
    const choice = document.querySelector(".shelf > :first-child");
    const input = document.createElement("input");
    input.className = "name";
    input.value = menu.dataset.title;
    input.setAttribute("aria-label", button.textContent);
    menu.open = false;
    choice.hidden = true;
    choice.before(input);
    input.focus();
    input.select();
    let isOpen = true;
    const end = (isSaved) => {
      if (!isOpen) return;
      isOpen = false;
      const name = input.value.trim();
      input.remove();
      choice.hidden = false;
      if (isSaved && name) send.rename({ document: button.dataset.rename, name });
      menu.querySelector("summary").focus();
    };
    input.addEventListener("blur", () => end(true));
    input.addEventListener("keydown", (event) => {
      if (event.isComposing || event.keyCode === 229) return;
      if (event.key === "Enter" || event.key === "Escape") {
        event.stopPropagation();
        end(event.key === "Enter");
      }
    });
  }

  function beginReplacing(button) {
    const menu = button.closest("details");
    menu.open = false;
    setAdding(true);
    const told = document.querySelector("#adding .replacing");
    told.textContent = told.dataset.text.replace("{name}", () => menu.dataset.title);
    told.dataset.replacing = button.dataset.replace;
    told.hidden = false;
  }

  function stopReplacing() {
    const told = document.querySelector("#adding .replacing");
    if (told) told.hidden = true;
  }

  /* The article whose place the next one takes. */
  const replacing = () =>
    document.querySelector("#adding .replacing:not([hidden])")?.dataset.replacing ?? "";

  function click(event) {
    const button = event.target.closest("button");
    if (!button) return;
    if (button.dataset.dismiss !== undefined) button.closest(".adding-status").remove();
    else if (button.dataset.add !== undefined) setAdding(!isAdding());
    else if (button.dataset.own !== undefined) {
      window.articleView.show();
      setAdding(true);
    } else if (button.dataset.remove !== undefined) send.remove({ document: button.dataset.remove });
    else if (button.dataset.stop !== undefined) send.stop({ reading: button.dataset.stop });
    else if (button.dataset.undo !== undefined) send.undo({});
    else if (button.dataset.rename !== undefined) rename(button);
    else if (button.dataset.replace !== undefined) beginReplacing(button);
    else if (button.dataset.folder !== undefined) chooseFolder();
  }

  function changed() {
    document.querySelector("[data-add]")?.setAttribute("aria-expanded", String(isAdding()));
    const own = document.querySelector(".shelf")?.dataset.mine ?? "";
    if (document.querySelector(".shelf")) takeBack();
    if (own === recorded) return;
    recorded = own;
    if (store.getShared(IS_KEPT)) send.record_own({});
  }

  function hintChanged() {
    const box = document.querySelector("[data-keep-own]");
    if (box) box.checked = Boolean(store.getShared(IS_KEPT));
  }

  function keepOwn(isKept) {
    store.putShared(IS_KEPT, isKept ? "1" : "");
    if (isKept) send.record_own({});
    else store.putShared(OWN, "");
  }

  const kept = () => {
    try {
      return JSON.parse(store.getShared(OWN) || "[]");
    } catch {
      return [];
    }
  };

  /* Once, as the page is opened: what the server has already is left as it is. */
  function takeBack() {
    if (isTakenBack) return;
    isTakenBack = true;
    if (!store.getShared(IS_KEPT)) return;
    for (const article of kept()) send.take_back({ article });
  }

  /* As many as fit, those of this tab first; it is told if one does not. */
  function record(articles) {
    if (!store.getShared(IS_KEPT)) return;
    const idOf = (one) => JSON.parse(one).id;
    for (const one of articles) known.add(idOf(one));
    const all = [...articles, ...kept().filter((one) => !known.has(idOf(one)))];
    const box = document.querySelector("[data-keep-own]");
    const limit = Number(box.dataset.limit);
    const taken = [];
    for (const one of all) {
      if (JSON.stringify([...taken, one]).length <= limit) taken.push(one);
    }
    const isKept = store.putShared(OWN, taken.length ? JSON.stringify(taken) : "");
    const told = document.querySelector("#adding .not-kept");
    told.hidden = isKept && taken.length === all.length;
  }

  function statusChanged() {
    const status = document.querySelector("#adding-status .adding-status");
    /* Gradio changes what is around it, as when the next article is sent. */
    if (!status || (status === told && status.dataset.state === toldOf)) return;
    told = status;
    toldOf = status.dataset.state;
    document.getElementById("live").textContent = status.firstElementChild.textContent;
    if (status.dataset.state === "added") setAdding(false);
    window.clearTimeout(leaving);
    const done = () => {
      for (const line of status.querySelectorAll(".added")) line.remove();
      if (!status.querySelector("p")) status.remove();
    };
    if (status.dataset.state !== "busy") leaving = window.setTimeout(done, TOLD);
  }

  function start(events) {
    send = events;
    listenToDrops();
    document.addEventListener("click", click);
    document.addEventListener("change", refuseLarge, true);
    document.addEventListener("click", ({ target }) => {
      /* The same file may be chosen again. */
      if (target.matches?.("#article-pane input[type=file]")) target.value = "";
    }, true);
    document.addEventListener("change", ({ target }) => {
      if (target.matches?.("[data-documents]")) send.turn_to({ document: target.value });
      else if (target.matches?.("[data-keep-own]")) keepOwn(target.checked);
    });
    document.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || event.defaultPrevented || !isAdding()) return;
      setAdding(false);
      document.querySelector("[data-add]")?.focus();
    });
  }

  return { changed, hintChanged, record, replacing, start, statusChanged };
})();
