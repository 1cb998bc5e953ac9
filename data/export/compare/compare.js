"use strict";
// A click on a heading of a table that can be sorted sorts its rows; without script
// they stay in the order given.
for (const table of document.querySelectorAll("table.sort")) {
  const heads = [...table.tHead.rows[0].cells];
  heads.forEach((head, column) => {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = head.textContent;
    head.replaceChildren(button);
    button.addEventListener("click", () => {
      const down = head.getAttribute("aria-sort") === "ascending";
      for (const h of heads) h.removeAttribute("aria-sort");
      head.setAttribute("aria-sort", down ? "descending" : "ascending");
      const rows = [...table.tBodies[0].rows];
      const key = row => row.cells[column].dataset.sort;
      rows.sort((a, b) => {
        const x = key(a), y = key(b);
        if (x === undefined) return (down ? -1 : 1) * a.cells[column].textContent.localeCompare(b.cells[column].textContent, "en", {numeric: true});
        if (x === "" || y === "") return (x === "") - (y === "");
        return (down ? -1 : 1) * (Number(x) - Number(y));
      });
      table.tBodies[0].append(...rows);
    });
  });
}
