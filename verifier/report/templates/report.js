"use strict";
(() => {
  const annex = document.getElementById("annex");
  const unfold = () => {
    const asked = location.hash.length > 1 && document.getElementById(location.hash.slice(1));
    if (annex && asked && annex.contains(asked) && !annex.open) {
      annex.open = true;
      asked.scrollIntoView();
    }
  };
  addEventListener("hashchange", unfold);
  unfold();
  addEventListener("beforeprint", () => {
    for (const part of document.querySelectorAll("details:not(#annex)")) {
      if (!annex || annex.open || !annex.contains(part)) part.open = true;
    }
  });
  const tools = document.getElementById("tools"), list = document.getElementById("list");
  const field = (name) => document.getElementById("f-" + name);
  if (!tools || !list) return;
  tools.hidden = false;
  const articles = Array.from(list.children);
  const text = new Map();
  const words = (article) => {
    if (!text.has(article)) text.set(article, article.textContent.toLowerCase());
    return text.get(article);
  };
  const filter = () => {
    const asked = field("words").value.toLowerCase().trim(), kind = field("kind").value, is = field("is").value;
    let shown = 0;
    for (const article of articles) {
      const keep = (!kind || article.dataset.kind === kind) && (!is || article.dataset.is.split(" ").includes(is))
        && (!asked || words(article).includes(asked));
      article.hidden = !keep;
      shown += keep;
    }
    field("count").textContent = shown + " / " + articles.length;
  };
  const order = {
    id: (a, b) => (a.id < b.id ? -1 : 1),
    time: (a, b) => ((a.dataset.time || "9") < (b.dataset.time || "9") ? -1 : 1),
    size: (a, b) => b.dataset.size - a.dataset.size,
  };
  for (const name of ["words", "kind", "is"]) field(name).addEventListener("input", filter);
  field("sort").addEventListener("input", () => {
    list.append(...articles.slice().sort(order[field("sort").value]));
  });
  document.getElementById("blur").addEventListener("click", () => {
    for (const box of document.querySelectorAll(".picture input")) box.checked = false;
  });
  for (const cell of document.querySelectorAll(".index thead th, #s-index thead th")) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = cell.textContent;
    cell.replaceChildren(button);
    button.addEventListener("click", () => {
      const up = cell.getAttribute("aria-sort") !== "ascending";
      for (const other of cell.parentNode.children) other.removeAttribute("aria-sort");
      cell.setAttribute("aria-sort", up ? "ascending" : "descending");
      const body = cell.closest("table").tBodies[0], at = cell.cellIndex;
      const key = (row) => row.cells[at].textContent;
      const compare = (a, b) => key(a).localeCompare(key(b), undefined, { numeric: true }) * (up ? 1 : -1);
      body.append(...Array.from(body.rows).sort(compare));
    });
  }
})();
