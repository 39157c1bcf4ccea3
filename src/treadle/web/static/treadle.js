// What the server cannot do for a page: theme, suggestions by keys, the thread's zoom, the tree's
// keys and wires. Every page works without this file; nothing here knows a domain.
"use strict";

const all = (selector, root = document) => Array.from(root.querySelectorAll(selector));
const one = (selector, root = document) => root.querySelector(selector);

/* ---- theme: light, dark, or as the system says ------------------------------------------- */
const THEMES = ["system", "light", "dark"];

function theme() {
  return document.documentElement.dataset.theme || "system";
}

function showTheme() {
  for (const button of all("[data-theme-button]")) {
    button.hidden = false;
    const word = theme()[0].toUpperCase() + theme().slice(1);
    one("[data-theme-word]", button).textContent = word;
    button.setAttribute("aria-label", `Theme: ${word}. Change it`);
  }
}

function nextTheme() {
  const next = THEMES[(THEMES.indexOf(theme()) + 1) % THEMES.length];
  if (next === "system") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = next;
  try {
    if (next === "system") localStorage.removeItem("treadle-theme");
    else localStorage.setItem("treadle-theme", next);
  } catch (e) { say("The theme holds for this page only: the browser keeps nothing."); }
  showTheme();
}

/* ---- a word at the foot of the page ------------------------------------------------------- */
let saying = 0;

function say(text) {
  const toast = one("[data-toast]");
  toast.textContent = text;
  toast.hidden = false;
  clearTimeout(saying);
  saying = setTimeout(() => { toast.hidden = true; }, 4000);
}

async function copy(button) {
  try {
    await navigator.clipboard.writeText(button.dataset.copy);
    say("Copied in full");
  } catch (e) {
    say("The browser did not let this page copy; hold the text and copy it yourself");
  }
}

/* ---- search: suggestions by keys ---------------------------------------------------------- */
function searchKeys(event) {
  const input = event.target.closest("[data-search] input");
  if (!input) return;
  const list = document.getElementById(input.getAttribute("aria-controls"));
  const options = all("[role=option]:not(.none)", list);
  const at = options.findIndex((o) => o.getAttribute("aria-selected") === "true");
  if (event.key === "Escape") { list.replaceChildren(); input.setAttribute("aria-expanded", "false"); return; }
  if (event.key === "Enter" && at >= 0) { event.preventDefault(); one("a", options[at]).click(); return; }
  if (!["ArrowDown", "ArrowUp"].includes(event.key) || !options.length) return;
  event.preventDefault();
  const to = (at + (event.key === "ArrowDown" ? 1 : -1) + options.length + (at < 0 && event.key === "ArrowUp" ? 1 : 0)) % options.length;
  options.forEach((o, n) => o.setAttribute("aria-selected", n === to ? "true" : "false"));
  input.setAttribute("aria-activedescendant", options[to].id);
  options[to].scrollIntoView({ block: "nearest" });
}

function searchFound(list) {
  const input = one("input", list.closest("[data-search]"));
  input.setAttribute("aria-expanded", list.children.length ? "true" : "false");
  input.removeAttribute("aria-activedescendant");
}

/* ---- the thread: knots open beside it, the line follows the date, keys zoom ---------------- */
function openPart(link) {
  const page = new URL(link.getAttribute("href"), location.href);
  const target = link.dataset.target;
  const query = page.search + (target === "#below" ? opened() : "");
  htmx.ajax("GET", link.dataset.part + query, { target, swap: "outerHTML" });
}

function opened() {
  const form = document.getElementById("tree-open");
  if (!form) return "";
  return new FormData(form).getAll("open").map((o) => "&open=" + encodeURIComponent(o)).join("");
}

function moveLine(place, words) {
  const thread = document.getElementById("thread");
  const line = thread && one("[data-now]", thread);
  if (!line) return;
  const x = Number(thread.dataset.left) + (place / 1000) * Number(thread.dataset.width);
  line.setAttribute("x1", x);
  line.setAttribute("x2", x);
  one("[data-gone]", thread).setAttribute("x2", x);
  if (words) document.getElementById("as-of-words").textContent = words;
}

function belowCame(below) {
  const range = document.getElementById("at");
  if (range && document.activeElement !== range) range.value = below.dataset.place;
  if (range) range.setAttribute("aria-valuetext", below.dataset.words);
  const date = document.getElementById("as-of");
  if (date && document.activeElement !== date) date.value = below.dataset.time;
  moveLine(Number(range && document.activeElement === range ? range.value : below.dataset.place), below.dataset.words);
  for (const knot of all(".knot")) {
    const mine = new URLSearchParams(knot.getAttribute("href").split("?")[1]).get("fact") === below.dataset.fact;
    knot.classList.toggle("here", mine && below.dataset.fact !== "");
    if (mine) knot.setAttribute("aria-current", "true"); else knot.removeAttribute("aria-current");
  }
}

function nextStop(range, direction) {
  const stops = range.dataset.stops.split(" ").map(Number);
  const here = Number(range.value);
  const next = direction > 0 ? stops.find((s) => s > here) : stops.reverse().find((s) => s < here);
  range.value = next === undefined ? (direction > 0 ? range.max : range.min) : next;
  moveLine(Number(range.value));
  range.dispatchEvent(new Event("input", { bubbles: true }));
}

function showWhereItStands() {
  const wide = one("#thread .wide:not([data-shown])");
  const svg = wide && one("svg.line", wide);
  if (!svg) return;
  wide.dataset.shown = "";
  const share = Number(svg.dataset.at) / svg.viewBox.baseVal.width;
  wide.scrollLeft = share * wide.scrollWidth - wide.clientWidth * 0.7;
}

function zoom(key) {
  const tool = all("#thread [data-zoom]").find((t) => t.dataset.zoom === key);
  if (tool) tool.click();
  return Boolean(tool);
}

function threadKeys(event) {
  const range = event.target.closest("input.range");
  if (range && ["ArrowLeft", "ArrowRight"].includes(event.key)) {
    event.preventDefault();
    nextStop(range, event.key === "ArrowRight" ? 1 : -1);
    return;
  }
  if (!event.target.closest("#thread") || event.ctrlKey || event.metaKey || event.altKey || range) return;
  const knot = event.target.closest(".knot");
  if (knot && ["ArrowLeft", "ArrowRight"].includes(event.key)) {
    event.preventDefault();
    const knots = all("#thread .knot");
    const next = knots[knots.indexOf(knot) + (event.key === "ArrowRight" ? 1 : -1)];
    if (next) next.focus(); else zoom(event.key);
    return;
  }
  const key = event.key === "=" ? "+" : event.key;
  if (["+", "-", "0", "ArrowLeft", "ArrowRight"].includes(key) && zoom(key)) event.preventDefault();
}

let wheelAt = 0;

function threadWheel(event) {
  if (!event.ctrlKey || !event.target.closest("[data-zoomable]")) return;
  event.preventDefault();
  if (event.timeStamp - wheelAt < 260) return;
  wheelAt = event.timeStamp;
  zoom(event.deltaY < 0 ? "+" : "-");
}

/* ---- the tree: opening, keys, wires ------------------------------------------------------- */
async function toggle(item) {
  if (!item.hasAttribute("aria-expanded")) return;
  const group = one(":scope > [role=group]", item);
  if (group) {
    const open = item.getAttribute("aria-expanded") === "true";
    item.setAttribute("aria-expanded", open ? "false" : "true");
    group.hidden = open;
    all("input[name=open]", group).forEach((i) => { i.disabled = open; });
  } else {
    item.setAttribute("aria-busy", "true");
    const link = one(":scope > .row .toggle", item);
    const answer = await fetch(link.dataset.branch, { headers: { "HX-Request": "true" } });
    item.removeAttribute("aria-busy");
    if (!answer.ok) { say("That branch could not be read; try again."); return; }
    const box = document.createElement("template");
    box.innerHTML = await answer.text();
    const list = one("ul", box.content);
    if (!list) { say("Nothing is below it."); return; }
    item.append(list);
    item.setAttribute("aria-expanded", "true");
  }
  wires();
}

const shown = (tree) => all("[role=treeitem]", tree).filter((i) => i.offsetParent !== null);

function focusItem(tree, item) {
  all("[role=treeitem]", tree).forEach((i) => { i.tabIndex = -1; });
  item.tabIndex = 0;
  item.focus();
  one(":scope > .row", item).scrollIntoView({ block: "nearest", inline: "nearest" });
}

function treeKeys(event) {
  const item = event.target.closest("[role=treeitem]");
  if (!item || event.target !== item || event.ctrlKey || event.metaKey || event.altKey) return;
  const tree = item.closest("[role=tree]");
  const items = shown(tree);
  const at = items.indexOf(item);
  const open = item.getAttribute("aria-expanded");
  let next = null;
  switch (event.key) {
    case "ArrowDown": next = items[at + 1]; break;
    case "ArrowUp": next = items[at - 1]; break;
    case "Home": next = items[0]; break;
    case "End": next = items[items.length - 1]; break;
    case "ArrowRight":
      if (open === "false") toggle(item); else if (open === "true") next = items[at + 1];
      break;
    case "ArrowLeft":
      if (open === "true") toggle(item); else next = item.parentElement.closest("[role=treeitem]");
      break;
    case "Enter": { const link = one(":scope > .row a.label", item); if (link) link.click(); else toggle(item); break; }
    case " ": toggle(item); break;
    default: return;
  }
  event.preventDefault();
  if (next) focusItem(tree, next);
}

function wires() {
  for (const form of all("[data-tree]")) {
    const svg = one(".wires", form);
    const box = form.getBoundingClientRect();
    const across = getComputedStyle(form).getPropertyValue("--across").trim() === "1";
    form.classList.toggle("wired", across);
    if (!across) { svg.replaceChildren(); continue; }
    svg.setAttribute("width", form.scrollWidth);
    svg.setAttribute("height", form.scrollHeight);
    const paths = [];
    const draw = (from, list) => {
      const a = from.getBoundingClientRect();
      for (const item of all(":scope > [role=treeitem]", list)) {
        const node = one(":scope > .row > .node", item);
        const b = node.getBoundingClientRect();
        const x1 = a.right - box.left, y1 = a.top + a.height / 2 - box.top;
        const x2 = b.left - box.left, y2 = b.top + b.height / 2 - box.top;
        const mid = x1 + (x2 - x1) * 0.45, turn = Math.sign(y2 - y1) * Math.min(9, Math.abs(y2 - y1) / 2);
        const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
        path.setAttribute("d", `M${x1} ${y1}H${mid - 8}Q${mid} ${y1} ${mid} ${y1 + turn}V${y2 - turn}Q${mid} ${y2} ${mid + Math.abs(turn)} ${y2}H${x2}`);
        path.setAttribute("class", item.className);
        paths.push(path);
        const below = one(":scope > [role=group]", item);
        if (below && !below.hidden) draw(node, below);
      }
    };
    draw(one(".root > .node", form), one("[role=tree]", form));
    svg.replaceChildren(...paths);
  }
}

function readyTree() {
  for (const tree of all("[role=tree]")) {
    const items = all("[role=treeitem]", tree);
    if (items.length && !items.some((i) => i.tabIndex === 0)) items[0].tabIndex = 0;
  }
  wires();
}

/* ---- forms: what does not apply is put away ----------------------------------------------- */
function choose(form) {
  const chosen = one("input[data-way]:checked", form);
  if (!chosen) return;
  for (const set of all("[data-for]", form)) {
    set.hidden = set.dataset.for !== chosen.value;
    set.disabled = set.hidden;
  }
}

/* ---- listening ----------------------------------------------------------------------------- */
document.addEventListener("click", (event) => {
  const target = event.target;
  if (target.closest("[data-theme-button]")) nextTheme();
  const copied = target.closest("[data-copy]");
  if (copied) copy(copied);
  const plain = event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey;
  const link = target.closest("[data-part]");
  if (link && plain && window.htmx) { event.preventDefault(); openPart(link); }
  const opens = target.closest("[data-branch]");
  if (opens && plain) {
    event.preventDefault();
    const item = opens.closest("[role=treeitem]");
    toggle(item).then(() => focusItem(item.closest("[role=tree]"), item));
  }
  if (!target.closest("[data-search]")) all(".found").forEach((list) => list.replaceChildren());
});

document.addEventListener("keydown", (event) => {
  searchKeys(event);
  threadKeys(event);
  treeKeys(event);
  const field = event.target.closest("input, textarea, select");
  if (event.key === "/" && !field) { event.preventDefault(); one("[data-search] input").focus(); }
});

document.addEventListener("input", (event) => {
  if (event.target.matches("input.range")) moveLine(Number(event.target.value));
});

document.addEventListener("change", (event) => {
  if (event.target.matches("input[data-way]")) choose(event.target.form);
});

document.addEventListener("wheel", threadWheel, { passive: false });
document.addEventListener("toggle", wires, true);
window.addEventListener("resize", wires);

document.addEventListener("htmx:afterSettle", (event) => {
  const came = event.detail.elt;
  if (came.matches(".found")) searchFound(came);
  const below = document.getElementById("below");
  if (below && (came.id === "below" || came.closest("#below"))) belowCame(below);
  readyTree();
  showWhereItStands();
});

document.addEventListener("htmx:responseError", (event) => {
  const told = new DOMParser().parseFromString(event.detail.xhr.responseText, "text/html");
  const note = told.querySelector(".note");
  say(note ? note.textContent : "That did not work; try again.");
});
document.addEventListener("htmx:sseMessage", () => {
  for (const feed of all("[data-feed]")) {
    while (feed.children.length > 60) feed.lastElementChild.remove();
  }
});
document.addEventListener("htmx:sendError", () => say("Treadle does not answer; is it still running?"));

showTheme();
readyTree();
showWhereItStands();
all("form[data-ways]").forEach(choose);
if (document.fonts) document.fonts.ready.then(wires);
