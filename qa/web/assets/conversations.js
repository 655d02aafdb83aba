/* The conversations that this browser keeps, questions with their answers: found again by what
   was asked, bounded, and gone when they are deleted. */
window.articleConversations = (() => {
  "use strict";

  const store = window.articleStore;
  const KEPT = "article-qa-conversations";
  /* Of this tab: what the server calls its conversation, what it is kept as, and the state of it
     that the tab knows. */
  const CURRENT = "article-qa-conversation";
  const MOST = 30;
  /* Characters of all together. */
  const MOST_TOGETHER = 2000000;
  /* Bytes of one on its way to the server, which takes no more. */
  const MOST_OF_ONE = 1800000;

  function all() {
    try {
      const kept = JSON.parse(store.getShared(KEPT) || "[]");
      return kept.filter((one) => typeof one.id === "string" && Array.isArray(one.turns));
    } catch {
      return [];
    }
  }

  /* The oldest go when there are too many, or they are too long together for the browser. */
  function write(conversations) {
    const kept = conversations.filter((one) => one.turns.length).slice(0, MOST);
    const isWritten = () => {
      const text = JSON.stringify(kept);
      const fits = kept.length < 2 || text.length <= MOST_TOGETHER;
      return fits && store.putShared(KEPT, kept.length ? text : "");
    };
    while (!isWritten() && kept.length) kept.pop();
  }

  const newId = () => window.crypto.getRandomValues(new Uint32Array(4)).join("-");

  function tab() {
    const [name, id, seen] = store.get(CURRENT).split(" ");
    return { name: name ?? "", id: id ?? "", seen: Number(seen ?? 0) };
  }

  function enter(name, id, seen) {
    store.put(CURRENT, [name, id, seen].join(" "), false);
    return name;
  }

  function begin() {
    const id = newId();
    return enter(id, id, 0);
  }

  /* A tab that is opened goes on with the last conversation. */
  function current() {
    const { name } = tab();
    if (name) return name;
    const last = all()[0];
    return last ? enter(last.id, last.id, last.changed) : begin();
  }

  const isCurrent = (id) => tab().id === id;
  const turnsOf = (id) => all().find((one) => one.id === id)?.turns ?? [];

  /* Enter a conversation of the list under a name of its own, since it may be open elsewhere. */
  function choose(id) {
    const chosen = all().find((one) => one.id === id);
    return chosen ? enter(newId(), id, chosen.changed) : begin();
  }

  /* The turns as the server reads them; of a very long conversation the last ones. */
  function record() {
    const turns = [...turnsOf(tab().id)];
    const bytes = () => new Blob([JSON.stringify(JSON.stringify(turns))]).size;
    while (turns.length && bytes() > MOST_OF_ONE) turns.shift();
    return turns;
  }

  /* What another tab has written meanwhile is left alone: this one is kept beside it. */
  function put(turns) {
    const kept = all();
    const { name, id, seen } = tab();
    const before = kept.find((one) => one.id === id);
    if (before && JSON.stringify(before.turns) === JSON.stringify(turns)) return;
    const changed = Math.max(Date.now(), seen + 1);
    const mine = before && before.changed !== seen ? newId() : id;
    write([{ id: mine, changed, turns }, ...kept.filter((one) => one.id !== mine)]);
    enter(name, mine, changed);
  }

  /* Take over what was asked; return the numbers of the turns whose answers are not kept yet. */
  function update(asked) {
    const before = turnsOf(tab().id);
    const missing = [];
    const turns = asked.map(({ isAnswered, ...turn }) => {
      const known = before.find(
        (one) => one.number === turn.number && one.question === turn.question,
      );
      if (isAnswered && !known?.answer) missing.push(turn.number);
      return known?.answer ? { ...turn, answer: known.answer, history: known.history } : turn;
    });
    put(turns);
    return missing;
  }

  function addAnswers(answers) {
    put(turnsOf(tab().id).map((turn) => ({ ...turn, ...answers[turn.number] })));
  }

  function remove(id) {
    write(all().filter((one) => one.id !== id));
  }

  const removeCurrent = () => remove(tab().id);

  return {
    addAnswers, all, begin, choose, current, isCurrent, record, remove, removeCurrent, update,
  };
})();
