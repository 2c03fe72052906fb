// Compares the tools of two servers, from the documents that the site publishes for programs.
"use strict";

(() => {
  const form = document.getElementById("compare");
  if (!form) return;

  const MOST_ROWS = 400;
  const SLUG = /^[a-z0-9_][a-z0-9_-]{0,99}$/;
  const HIDDEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Co}\p{Cs}]/gu;
  const MOST_BYTES = 50_000_000;
  const RESULTS = ["Differs", "Only in the first", "Only in the second", "Same"];
  const DECISIONS = { allow: "Allow", ask: "Ask a person each time", deny: "Deny", hide: "Hide from the agent" };
  const RISKS = ["Low", "Medium", "High", "Critical"];
  const first = document.getElementById("compare-a");
  const second = document.getElementById("compare-b");
  const kept = document.getElementById("compare-kept");
  const names = document.getElementById("compare-names");
  const problem = document.getElementById("compare-problem");
  const result = document.getElementById("compare-result");
  const heading = document.getElementById("result-heading");
  const announcer = document.getElementById("announcer");
  let asked = 0;

  const count = (number, one) => `${number.toLocaleString("en")} ${one}${number === 1 ? "" : "s"}`;

  // Names were written by strangers: what cannot be seen is written out, and long ones are cut.
  const show = (text, limit) => {
    const line = String(text).slice(0, limit * 4).replace(HIDDEN, (one) => {
      return `⟨U+${one.codePointAt(0).toString(16).toUpperCase().padStart(4, "0")}⟩`;
    });
    return line.length > limit ? `${line.slice(0, limit - 1)}…` : line;
  };

  const make = (tag, kind, text) => {
    const element = document.createElement(tag);
    if (kind) element.className = kind;
    if (text !== undefined) element.textContent = text;
    return element;
  };

  const readJson = async (address, missing) => {
    let answer;
    try {
      answer = await fetch(address, { credentials: "same-origin" });
    } catch {
      throw new Error("The documents of this site cannot be read from here. A browser reads none from a folder.");
    }
    if (answer.status === 404) throw new Error(missing);
    if (!answer.ok) throw new Error(`The site answered with ${answer.status}; try again later.`);
    return answer.json();
  };

  const readDocument = (held, linked) => {
    const known = held?.server;
    if (!known || !Array.isArray(held.tools)) throw new Error("That is not the document of a server.");
    const title = show(known.title || known.name, 80);
    const tools = held.tools.filter((tool) => typeof tool?.name === "string");
    const slug = linked && SLUG.test(known.slug) ? known.slug : null;
    return { slug, title: known.version ? `${title} ${show(known.version, 24)}` : title, tools };
  };

  const readServer = async (slug) => {
    const unknown = `There is no server “${show(slug, 100)}” in this catalog; see the list of servers for its slug.`;
    if (!SLUG.test(slug)) throw new Error(unknown);
    return readDocument(await readJson(form.dataset.before + slug + form.dataset.after, unknown), true);
  };

  const readKept = async (file) => {
    if (file.size > MOST_BYTES) throw new Error("The kept document is too large to be one of a server.");
    let held;
    try {
      held = JSON.parse(await file.text());
    } catch {
      throw new Error("The kept document is not JSON.");
    }
    return readDocument(held, false);
  };

  const describe = (tool) => (tool ? [tool.category, tool.risk, tool.decision].join() : "");

  const pair = (a, b) => {
    const rows = new Map();
    for (const tool of a.tools) rows.set(tool.name, [tool, null]);
    for (const tool of b.tools) rows.set(tool.name, [(rows.get(tool.name) || [null])[0], tool]);
    const sorted = [...rows].map(([name, [left, right]]) => {
      const says = !right ? 1 : !left ? 2 : describe(left) === describe(right) ? 3 : 0;
      return { name, left, right, says };
    });
    return sorted.sort((x, y) => x.says - y.says || (x.name < y.name ? -1 : Number(x.name > y.name)));
  };

  const cell = (slug, tool) => {
    const element = make("td");
    if (!tool) {
      element.append(make("span", "quiet", "None"));
      return element;
    }
    const risk = RISKS.includes(tool.risk) ? tool.risk : null;
    const effect = make(slug ? "a" : "span", "", show(tool.category || "Unknown", 40));
    if (slug) effect.href = `${form.dataset.root}servers/${slug}/${encodeURIComponent(tool.slug)}/index.html`;
    const sure = typeof tool.confidence === "number" ? `, ${Math.min(99, Math.round(tool.confidence * 100))} % sure` : "";
    element.append(make("span", `badge risk-${(risk || "unknown").toLowerCase()}`, risk || "Not analysed"), " ", effect);
    element.append(make("span", "sub", `${DECISIONS[tool.decision] || "Unknown"}${sure}`));
    return element;
  };

  const draw = (a, b) => {
    const rows = pair(a, b);
    const body = result.querySelector("tbody");
    body.replaceChildren();
    for (const row of rows.slice(0, MOST_ROWS)) {
      const line = make("tr", row.says === 3 ? "" : "differs");
      const name = make("th");
      name.scope = "row";
      const code = make("code");
      code.append(make("bdi", "", show(row.name, 160)));
      name.append(code);
      line.append(name, cell(a.slug, row.left), cell(b.slug, row.right), make("td", "", RESULTS[row.says]));
      body.append(line);
    }
    const tally = RESULTS.map((_, says) => rows.filter((row) => row.says === says).length);
    heading.textContent = `${a.title} and ${b.title}`;
    document.getElementById("compare-head-a").textContent = a.title;
    document.getElementById("compare-head-b").textContent = b.title;
    document.getElementById("compare-summary").textContent =
      `${count(tally[0] + tally[3], "tool")} in both, ${tally[0].toLocaleString("en")} of them judged otherwise; ` +
      `${count(tally[1], "tool")} only in the first, ${count(tally[2], "tool")} only in the second.`;
    const more = document.getElementById("compare-more");
    more.hidden = rows.length <= MOST_ROWS;
    more.textContent = `The first ${MOST_ROWS} of ${count(rows.length, "tool")} are shown, those that differ first.`;
    result.hidden = false;
  };

  const run = async (byHand) => {
    const turn = (asked += 1);
    problem.hidden = true;
    result.hidden = true;
    announcer.textContent = "Reading both servers.";
    try {
      const [file] = kept.files;
      const reading = file ? readKept(file) : readServer(first.value.trim());
      const [a, b] = await Promise.all([reading, readServer(second.value.trim())]);
      if (turn !== asked) return;
      draw(a, b);
      announcer.textContent = document.getElementById("compare-summary").textContent;
      if (byHand) heading.focus();
    } catch (error) {
      if (turn !== asked) return;
      announcer.textContent = "";
      problem.textContent = error.message;
      problem.hidden = false;
    }
  };

  const readAddress = () => {
    const wanted = new URLSearchParams(location.search);
    first.value = (wanted.get("a") || "").slice(0, 100);
    second.value = (wanted.get("b") || "").slice(0, 100);
    if (first.value && second.value) run(false);
    else if (first.value) second.focus();
  };

  kept.addEventListener("change", () => {
    first.required = !kept.files.length;
  });

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const wanted = new URLSearchParams({ a: first.value.trim(), b: second.value.trim() });
    try {
      history.pushState(null, "", `?${wanted}`);
    } catch {
      // A page opened from a folder has no history of its own to write to.
    }
    run(true);
  });
  addEventListener("popstate", readAddress);

  // Names are suggested from the one piece of the list that what was typed falls into, read when it is first needed.
  const pieces = new Map();
  let head;
  const suggest = async (typed) => {
    head ||= readJson(form.dataset.servers, "");
    const listed = (await head).pieces.find((piece) => piece.last !== null && typed <= piece.last);
    if (!listed) return [];
    const address = new URL(listed.document, new URL(form.dataset.servers, location.href)).href;
    if (!pieces.has(address)) pieces.set(address, readJson(address, ""));
    return (await pieces.get(address)).servers.filter((one) => one.slug.startsWith(typed)).slice(0, 20);
  };
  let pending = 0;
  form.addEventListener("input", (event) => {
    clearTimeout(pending);
    if (event.target === kept) return;
    const typed = event.target.value.trim();
    pending = setTimeout(async () => {
      const found = typed ? await suggest(typed).catch(() => []) : [];
      names.replaceChildren(...found.map((one) => new Option(show(one.title || one.name, 80), one.slug)));
    }, 200);
  });

  form.hidden = false;
  readAddress();
})();
