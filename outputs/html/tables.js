"use strict";
/* Tables that sort by a click on a heading, and are filtered by words. */
(() => {
  const byId = (id) => document.getElementById(id);

  const key = (cell) => (cell.dataset.v === undefined ? cell.textContent : Number(cell.dataset.v));
  const compare = (a, b) => {
    if (typeof a === "number" && typeof b === "number") return a - b;
    if (typeof a !== typeof b) return typeof a === "number" ? -1 : 1;
    return a.localeCompare(b, "en", { numeric: true });
  };

  const sort = (table, column) => {
    const heads = [...table.tHead.rows[0].cells];
    const up = heads[column].getAttribute("aria-sort") !== "ascending";
    heads.forEach((h) => h.removeAttribute("aria-sort"));
    heads[column].setAttribute("aria-sort", up ? "ascending" : "descending");
    const body = table.tBodies[0];
    const rows = [...body.rows].map((row) => ({ row, key: key(row.cells[column]) }));
    const blank = (r) => r.key === "";
    rows.sort((a, b) => (blank(a) !== blank(b) ? (blank(a) ? 1 : -1) : (up ? 1 : -1) * compare(a.key, b.key)));
    body.append(...rows.map((r) => r.row));
  };

  const filter = (input) => {
    const body = byId(input.dataset.table).tBodies[0];
    const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
    let shown = 0;
    for (const row of body.rows) {
      const text = words.length ? [...row.cells].map((c) => c.textContent).join(" ").toLowerCase() : "";
      row.hidden = !words.every((w) => text.includes(w));
      shown += !row.hidden;
    }
    const count = document.querySelector(`[data-count="${input.dataset.table}"]`);
    count.textContent = `${shown.toLocaleString("en-US")} of ${body.rows.length.toLocaleString("en-US")} rows`;
  };

  document.querySelectorAll("table.big").forEach((table) =>
    [...table.tHead.rows[0].cells].forEach((head, column) => head.firstElementChild.addEventListener("click", () => sort(table, column))));
  document.querySelectorAll("input[data-table]").forEach((input) => input.addEventListener("input", () => filter(input)));
})();
