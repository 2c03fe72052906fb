// The search page: what is typed and chosen becomes an address and a list of links. Finding is in search_query.js.
"use strict";

(() => {
  const PAUSE_IN_TYPING = 140;
  const NAMES = ["q", "kind", "risk", "category", "facet", "server"];
  const form = document.getElementById("search");
  const found = document.getElementById("search-found");
  const says = document.getElementById("search-says");
  const list = document.getElementById("search-results");
  const more = document.getElementById("search-more");
  const announcer = document.getElementById("announcer");
  const words = form.elements.q;
  const root = form.dataset.root;
  let index = null; // a promise, made when somebody begins to search
  let search = null;
  let asked = 0;
  let working = Promise.resolve();
  let pending = 0;
  let announcing = 0;
  let isCommitted = false; // by Enter: what is typed next is a step of its own for the back button

  const readForm = () => Object.fromEntries(NAMES.map((name) => [name, form.elements[name].value]));

  const readAddress = () => {
    const given = new URLSearchParams(location.search);
    for (const name of NAMES) {
      const field = form.elements[name];
      field.value = given.get(name) ?? "";
      // A choice that does not exist leaves a list without a choice.
      if (field.selectedIndex === -1) field.selectedIndex = 0;
    }
  };

  const writeAddress = (isStep) => {
    const given = new URLSearchParams(Object.entries(readForm()).filter(([, value]) => value.trim()));
    const address = given.size ? `?${given}` : location.pathname;
    if (given.toString() === new URLSearchParams(location.search).toString()) return;
    history[isStep ? "pushState" : "replaceState"](null, "", address);
  };

  const say = (text) => {
    says.textContent = text;
    clearTimeout(announcing);
    announcing = setTimeout(() => {
      announcer.textContent = text;
    }, 500);
  };

  const element = (name, kind, ...children) => {
    const made = document.createElement(name);
    if (kind) made.className = kind;
    made.append(...children);
    return made;
  };

  const link = (href, text, kind) => {
    const made = element("a", kind, element("bdi", "", text));
    made.href = root + href;
    return made;
  };

  const label = (name, value) => {
    const option = [...form.elements[name].options].find((one) => one.value === value);
    return option ? option.textContent : "Unknown";
  };

  const makeRow = (row) => {
    const what = element("div", "what", link(row.href, row.name, row.isTool ? "code" : "server-name"));
    const on = row.isTool ? ["on ", link(row.serverPage, row.server, "")] : ["server, most dangerous tool:"];
    what.append(" ", element("span", "on", ...on));
    const badge = element("span", `badge risk-${row.risk}`, label("risk", row.risk));
    return element("li", "row", what, element("div", "level", badge), element("div", "effect", label("category", row.category)));
  };

  const countWords = (answer, shown) => {
    if (answer.done && !answer.found) return "Nothing in this catalog has all of that.";
    if (answer.paused) return `${shown ? "No more" : "Nothing"} found in what was read so far. There is more to read.`;
    const found = `${answer.isCounted ? "" : "At least "}${answer.found.toLocaleString("en")} found`;
    return answer.done ? `${found}.` : `${found}, ${shown.toLocaleString("en")} shown.`;
  };

  // Shows the next rows of a search, unless another one was asked for meanwhile.
  const showMore = async (number, isFirst) => {
    try {
      index ??= toolriskSearch.open(`${root}search/`);
      const opened = await index;
      if (number !== asked) return;
      if (isFirst) search = opened.search(words.value, readForm());
      const answer = await search.more();
      if (number !== asked) return;
      if (isFirst) list.replaceChildren();
      const rows = answer.rows.map(makeRow);
      list.append(...rows);
      say(countWords(answer, list.children.length));
      more.hidden = answer.done;
      more.textContent = answer.paused ? "Search on" : "More results";
      if (!isFirst && rows.length) rows[0].querySelector("a").focus();
    } catch {
      if (number !== asked) return;
      index = null;
      more.hidden = true;
      say("The search files could not be read. Try again, or use the lists below.");
    }
  };

  const begin = () => {
    const given = readForm();
    const number = (asked += 1);
    found.hidden = !Object.values(given).some((value) => value.trim());
    if (found.hidden) {
      list.replaceChildren();
      say("");
      return;
    }
    more.hidden = true;
    if (!list.children.length) says.textContent = "Searching…";
    // One after the other: what a step may move is counted for one search at a time.
    working = working.then(() => (number === asked ? showMore(number, true) : null));
  };

  words.addEventListener("input", () => {
    clearTimeout(pending);
    pending = setTimeout(() => {
      writeAddress(isCommitted);
      isCommitted = false;
      begin();
    }, PAUSE_IN_TYPING);
  });

  form.addEventListener("change", (event) => {
    if (event.target === words) return;
    writeAddress(true);
    begin();
  });

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    clearTimeout(pending);
    writeAddress(false);
    isCommitted = true;
    begin();
  });

  more.addEventListener("click", () => {
    const number = asked;
    working = working.then(() => (number === asked ? showMore(number, false) : null));
  });

  window.addEventListener("popstate", () => {
    readAddress();
    begin();
  });

  document.addEventListener("keydown", (event) => {
    const links = [...list.querySelectorAll(".what > a:first-child")];
    const at = links.indexOf(document.activeElement);
    const isTyping = document.activeElement === words;
    if (event.key === "Escape" && at >= 0) words.focus();
    else if (event.key === "ArrowDown" && (isTyping || at >= 0)) (links[at + 1] ?? document.activeElement).focus();
    else if (event.key === "ArrowUp" && at >= 0) (links[at - 1] ?? words).focus();
    else return;
    event.preventDefault();
  });

  form.hidden = false;
  readAddress();
  if (location.search) begin();
  else words.focus();
})();
