/* The menus, and in the first one the conversations that this browser keeps. */
window.articleMenu = (() => {
  "use strict";

  const conversations = window.articleConversations;
  const conversation = window.conversationView;
  /* Conversations from which they can be searched. */
  const MANY = 6;
  let send = null;

  const main = () => document.querySelector(".masthead .menu");
  const opened = () => [...document.querySelectorAll("details.menu[open]")];
  const titleOf = (one) => one.turns[0].question.trim().slice(0, 80);
  const matches = (one, wanted) =>
    one.turns.some((turn) => turn.question.toLowerCase().includes(wanted));

  function entry(one) {
    const line = document.createElement("li");
    const go = document.createElement("button");
    go.type = "button";
    go.dataset.conversation = one.id;
    go.textContent = titleOf(one);
    go.title = new Date(one.changed).toLocaleString();
    const remove = document.createElement("button");
    remove.type = "button";
    remove.dataset.delete = one.id;
    remove.textContent = "×";
    remove.setAttribute("aria-label", main().dataset.delete + " " + go.textContent);
    line.append(go, remove);
    return line;
  }

  function list() {
    const part = main().querySelector(".conversations");
    const kept = conversations.all().filter((one) => !conversations.isCurrent(one.id));
    const search = part.querySelector("input");
    const wanted = search.value.trim().toLowerCase();
    part.hidden = !kept.length;
    search.hidden = kept.length < MANY && !wanted;
    part.querySelector("ul").replaceChildren(
      ...kept.filter((one) => matches(one, wanted)).map(entry),
    );
  }

  function close(menu) {
    menu.open = false;
    menu.querySelector("input[type=search]")?.form?.reset();
  }

  function click(event) {
    for (const menu of opened()) if (!menu.contains(event.target)) close(menu);
    const button = event.target.closest(".masthead .menu button");
    if (!button) return;
    if (button.dataset.delete !== undefined) {
      conversations.remove(button.dataset.delete);
      list();
      return;
    }
    close(main());
    if (button.dataset.form) send.keep({ form: button.dataset.form });
    else turnTo(button);
  }

  function turnTo(button) {
    if (button.dataset.conversation !== undefined) conversations.choose(button.dataset.conversation);
    else {
      if (button.dataset.anew !== undefined) conversations.removeCurrent();
      conversations.begin();
    }
    conversation.resume();
    document.querySelector("#question textarea").focus();
  }

  function key(event) {
    const menu = opened().at(-1);
    if (event.key !== "Escape" || !menu) return;
    event.preventDefault();
    close(menu);
    menu.querySelector("summary").focus();
  }

  function start(events) {
    send = events;
    const search = main().querySelector("input[type=search]");
    main().addEventListener("toggle", () => { if (main().open) list(); });
    search.addEventListener("input", list);
    document.addEventListener("click", click);
    document.addEventListener("keydown", key);
  }

  return { start };
})();
