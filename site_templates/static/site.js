// Copying of policies and filtering of lists. Every page is complete without it.
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
    const label = button.textContent;
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
      button.textContent = said;
      announcer.textContent = said === "Copied" ? "The policy was copied." : "The policy is selected; copy it now.";
      clearTimeout(pending);
      pending = setTimeout(() => {
        button.textContent = label;
      }, 2000);
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
