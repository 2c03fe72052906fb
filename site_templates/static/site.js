// Copying and saving of texts, filtering of lists. Every page is complete without it.
"use strict";

(() => {
  const announcer = document.getElementById("announcer");

  const selectText = (element) => {
    const selection = window.getSelection();
    selection.removeAllRanges();
    const range = document.createRange();
    range.selectNodeContents(element);
    selection.addRange(range);
  };

  for (const button of document.querySelectorAll("button[data-copy]")) {
    const source = document.getElementById(button.dataset.copy);
    const word = button.firstChild;
    const label = word.data;
    let pending = 0;
    button.hidden = false;
    button.addEventListener("click", async () => {
      let said = "Copied";
      try {
        await navigator.clipboard.writeText(source.textContent);
      } catch {
        // No permission, or no secure context: the reader copies what is selected.
        selectText(source);
        source.focus();
        said = "Selected";
      }
      word.data = label.replace("Copy", said);
      // The button's own words name what it copies: "Copied policy.json".
      announcer.textContent = said === "Copied" ? button.textContent : `${button.textContent}; copy it now`;
      clearTimeout(pending);
      pending = setTimeout(() => {
        word.data = label;
      }, 2000);
    });
  }

  for (const button of document.querySelectorAll("button[data-save]")) {
    const source = document.getElementById(button.dataset.save);
    button.hidden = false;
    button.addEventListener("click", () => {
      const link = document.createElement("a");
      link.href = URL.createObjectURL(new Blob([source.textContent], { type: "text/plain" }));
      link.download = button.dataset.name;
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
    });
  }

  for (const box of document.querySelectorAll("[data-filter]")) {
    const list = document.getElementById(box.dataset.filter);
    if (!list) continue;
    const rows = Array.from(list.querySelectorAll(".row"), (row) => [row, row.textContent.toLowerCase()]);
    const groups = list.querySelectorAll(".group");
    const input = box.querySelector("input");
    const count = box.querySelector(".filter-count");
    let pending = 0;
    if (rows.length < 8) continue;
    box.hidden = false;
    input.addEventListener("input", () => {
      const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
      let shown = 0;
      for (const [row, text] of rows) {
        row.hidden = !words.every((word) => text.includes(word));
        if (!row.hidden) shown += 1;
      }
      for (const group of groups) group.hidden = !group.querySelector(".row:not([hidden])");
      count.textContent = words.length ? `${shown} of ${rows.length}` : "";
      clearTimeout(pending);
      pending = setTimeout(() => {
        announcer.textContent = words.length ? `${shown} of ${rows.length} shown` : "All shown";
      }, 400);
    });
  }
})();
