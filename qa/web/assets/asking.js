/* The question box and the questions: what was typed outlives the page, earlier questions come
   back with the arrow, a question is changed where it stands, an address asks one. */
window.articleAsking = (() => {
  "use strict";

  const store = window.articleStore;
  const TYPED = "article-qa-typed";
  let send = null;
  /* How many questions the arrow has gone back, and what it put into the box. */
  let back = 0;
  let recalled = "";
  /* The question that is being changed: its turn, and what it is by now. */
  let changing = null;
  /* The question that the address asks, until it is asked. */
  let linked = "";
  /* The answer that the Tab key has gone into. */
  let entered = "";

  const box = () => document.querySelector("#question textarea");
  const turns = () => [...document.querySelectorAll(".turn")];
  const questionOf = (turn) => turn.querySelector(".asked p").textContent;
  const isComposing = (event) => event.isComposing || event.keyCode === 229;

  function fill(text) {
    box().value = text;
    box().dispatchEvent(new Event("input", { bubbles: true }));
  }

  /* What was typed outlives the page, as when it is opened anew for another server. */
  function keepTyped() {
    const typed = store.get(TYPED);
    let goesOn = typed !== "";
    const refill = () => {
      if (goesOn && box() && !box().value) fill(typed);
    };
    for (const touched of ["keydown", "pointerdown"]) {
      window.addEventListener(touched, () => { goesOn = false; }, { capture: true, once: true });
    }
    /* While a page begins the server's first words empty the box again. */
    for (const wait of [0, 300, 1000, 2500, 5000]) window.setTimeout(refill, wait);
    store.put(TYPED, "", false);
    window.addEventListener("pagehide", () => {
      store.put(TYPED, box()?.value || (goesOn ? typed : ""), false);
    });
  }

  function recall(event) {
    const asked = turns().map(questionOf);
    if (box().value !== recalled) back = 0;
    if (box().value && !back) return;
    back = Math.min(asked.length, Math.max(0, back + (event.key === "ArrowUp" ? 1 : -1)));
    recalled = back ? asked.at(-back) : "";
    event.preventDefault();
    fill(recalled);
  }

  /* From the empty box the Tab key goes on in an answer that has just come: once. */
  function goIntoAnswer(event) {
    const last = turns().at(-1);
    if (box().value || last?.dataset.state !== "answered") return;
    const first = last.querySelector(".reply :is(a[href], button, summary)");
    const answer = last.dataset.turn + " " + questionOf(last);
    if (!first || answer === entered) return;
    entered = answer;
    event.preventDefault();
    first.focus();
  }

  function keyInBox(event) {
    const isPlain = !event.shiftKey && !event.altKey && !event.ctrlKey && !event.metaKey;
    if (!isPlain || isComposing(event)) return;
    if (event.key === "ArrowUp" || event.key === "ArrowDown") recall(event);
    else if (event.key === "Tab") goIntoAnswer(event);
  }

  function change(turn) {
    turn.querySelector("details.menu").open = false;
    changing = { turn: turn.dataset.turn, text: questionOf(turn) };
    drawEditor();
    document.querySelector(".editor textarea").focus();
  }

  /* The pane is drawn anew by the server, the editor with it. */
  function drawEditor() {
    if (!changing || document.querySelector(".editor")) return;
    const turn = turns().find((one) => one.dataset.turn === changing.turn);
    if (!turn) {
      changing = null;
      return;
    }
    const editor = document.getElementById("editor").content.cloneNode(true).firstElementChild;
    editor.querySelector("textarea").value = changing.text;
    turn.querySelector(".bubble").after(editor);
    turn.querySelector(".bubble").hidden = true;
  }

  function endChange(isAsked) {
    const { turn, text } = changing;
    changing = null;
    const editor = document.querySelector(".editor");
    editor.previousElementSibling.hidden = false;
    editor.remove();
    if (isAsked && text.trim()) send.ask({ question: text, instead: Number(turn) });
    box().focus();
  }

  function keyInEditor(event) {
    if (isComposing(event)) return;
    if (event.key === "Escape") endChange(false);
    else if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      endChange(true);
    }
  }

  function key(event) {
    if (event.target === box()) keyInBox(event);
    else if (event.target.closest?.(".editor textarea")) keyInEditor(event);
  }

  function click(event) {
    const button = event.target.closest("button");
    if (button?.dataset.edit !== undefined) change(button.closest(".turn"));
    else if (button?.dataset.done !== undefined && button.closest(".editor")) {
      endChange(button.dataset.done === "ask");
    }
  }

  /* An address with ?q= asks once, unless the conversation ends with that question. */
  function askLinked() {
    if (!linked || !document.querySelector(".turns")) return;
    const question = linked;
    linked = "";
    const asked = window.articleConversations.record().at(-1)?.question;
    if (asked !== question) send.ask({ question });
  }

  function readAddress() {
    const address = new URL(window.location.href);
    linked = address.searchParams.get("q") ?? "";
    if (!linked) return;
    address.searchParams.delete("q");
    window.history.replaceState(window.history.state, "", address);
  }

  function changed() {
    drawEditor();
    askLinked();
  }

  function start(events) {
    send = events;
    readAddress();
    keepTyped();
    document.addEventListener("keydown", key, true);
    document.addEventListener("click", click);
    document.addEventListener("input", (event) => {
      if (changing && event.target.closest(".editor")) changing.text = event.target.value;
    });
  }

  return { changed, fill, start };
})();
