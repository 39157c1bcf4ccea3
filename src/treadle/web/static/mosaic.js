// The page of a mosaic: choices that show at once, a line that tells the cell under the pointer, and
// arrow keys from cell to cell. The page works without it; nothing here knows a domain.

const all = (selector, root = document) => Array.from(root.querySelectorAll(selector));
const one = (selector, root = document) => root.querySelector(selector);
const STEPS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };

function field(svg) {
  const cells = all("a.cell", svg);
  const at = new Map(cells.map((cell) => [cell.dataset.at, cell]));
  const readout = one("[data-readout]");
  const usual = readout.textContent;
  const columns = 1 + Math.max(...cells.map((cell) => Number(cell.dataset.at.split(" ")[0])));
  const rows = 1 + Math.max(...cells.map((cell) => Number(cell.dataset.at.split(" ")[1])));
  const tell = (cell) => { readout.textContent = cell ? one("title", cell).textContent : usual; };

  // One stop for the tab key: the cell that the arrows reached last.
  const stop = (cell) => { for (const other of cells) other.setAttribute("tabindex", other === cell ? "0" : "-1"); };
  stop(cells[0]);

  svg.addEventListener("keydown", (event) => {
    const step = STEPS[event.key];
    const here = event.target.closest("a.cell");
    if (!step || !here || event.ctrlKey || event.altKey || event.metaKey) return;
    let [column, row] = here.dataset.at.split(" ").map(Number);
    do { column += step[0]; row += step[1]; } while (column >= 0 && row >= 0 && column < columns && row < rows && !at.has(`${column} ${row}`));
    const next = at.get(`${column} ${row}`);
    event.preventDefault();
    if (next) { stop(next); next.focus(); }
  });
  svg.addEventListener("focusin", (event) => tell(event.target.closest("a.cell")));
  svg.addEventListener("focusout", () => tell(null));
  svg.addEventListener("pointerover", (event) => { const cell = event.target.closest("a.cell"); if (cell) tell(cell); });
  svg.addEventListener("pointerleave", () => tell(null));
}

for (const svg of all("[data-mosaic]")) field(svg);
for (const form of all("[data-lay]")) form.addEventListener("change", () => form.requestSubmit());
