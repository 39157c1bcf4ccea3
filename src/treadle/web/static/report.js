// The page of a report: a node under the pointer or with the focus shows what it rests on and what
// rests on it, all the way; choices show at once. The page works without it.

const all = (selector, root = document) => Array.from(root.querySelectorAll(selector));

function reach(start, next) {
  const found = new Set();
  const waiting = [start];
  while (waiting.length) {
    for (const name of next.get(waiting.pop()) || []) {
      if (!found.has(name)) { found.add(name); waiting.push(name); }
    }
  }
  return found;
}

function graph(svg) {
  const [ahead, behind] = [new Map(), new Map()];
  const edges = all(".edges path", svg);
  for (const { dataset } of edges) {
    ahead.set(dataset.from, [...(ahead.get(dataset.from) || []), dataset.to]);
    behind.set(dataset.to, [...(behind.get(dataset.to) || []), dataset.from]);
  }
  const show = (node) => {
    svg.classList.toggle("looking", Boolean(node));
    const name = node ? node.dataset.node : "";
    const [below, above] = [reach(name, behind).add(name), reach(name, ahead).add(name)];
    for (const one of all(".knot-box", svg)) one.classList.toggle("near", Boolean(node) && (below.has(one.dataset.node) || above.has(one.dataset.node)));
    for (const edge of edges) {
      const { from, to } = edge.dataset;
      edge.classList.toggle("near", Boolean(node) && ((below.has(from) && below.has(to)) || (above.has(from) && above.has(to))));
    }
  };
  svg.addEventListener("pointerover", (event) => show(event.target.closest(".knot-box")));
  svg.addEventListener("pointerleave", () => show(null));
  svg.addEventListener("focusin", (event) => show(event.target.closest(".knot-box")));
  svg.addEventListener("focusout", () => show(null));
}

for (const svg of all("[data-graph]")) graph(svg);
for (const form of all("[data-lay]")) form.addEventListener("change", () => form.requestSubmit());
