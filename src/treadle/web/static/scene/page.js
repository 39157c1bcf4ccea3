// The page of a scene: the picture, the time under it, the plots, and what all of them share.
// Everything that is told in words stands on the page already; this file draws and plays.

import { boxes, grid, impacts, names, scaleBar, trails } from "./boxes.js";
import { Camera } from "./camera.js";
import { Clock } from "./clock.js";
import { Ground } from "./ground.js";
import { LEFT, Plot, RIGHT } from "./plots.js";
import { Tiles } from "./tiles.js";
import { Mover, gaps } from "./tracks.js";

const KMH = 3.6;
const still = matchMedia("(prefers-reduced-motion: reduce)");
const one = (selector, root = document) => root.querySelector(selector);
const all = (selector, root = document) => Array.from(root.querySelectorAll(selector));
const THINGS = ["MiscObject", "barrier", "building", "obstacle", "pole", "tree", "vegetation", "parkingSpace", "railing", "none"];

class Stage {
  constructor(root, told) {
    this.root = root;
    this.canvas = one("canvas", root);
    this.context = this.canvas.getContext("2d", { alpha: false });
    const origin = this.origin(told);
    this.movers = told.movers.map((mover, n) => new Mover(mover, told.tracks.filter((t) => t.mover === n), origin));
    this.movers.forEach((mover) => { mover.isThing = THINGS.includes(mover.kind); });
    this.ground = new Ground(told.ground, origin);
    this.camera = new Camera();
    this.clock = new Clock(told.start_s, told.end_s);
    this.tiles = new Tiles((context, view, px) => this.paint(context, view, px));
    this.contacts = told.contacts.map((c) => ({
      time: c.time_s,
      x: c.x_m - origin.x,
      y: c.y_m - origin.y,
      words: met(c),
    }));
    this.firings = told.firings;
    this.costs = new Float64Array(4096); // what frames took [ms], for measuring
    this.nFrames = 0;
    this.due = true;
    this.lastScale = 0;
  }

  // Numbers near zero are drawn sharper: all is told from where it begins.
  origin(told) {
    const [track] = told.tracks;
    const [line] = told.ground.lines;
    if (track) return { x: track.x_m[0], y: track.y_m[0] };
    return line ? { x: line.x_m[0], y: line.y_m[0] } : { x: 0, y: 0 };
  }

  look() {
    const style = getComputedStyle(this.root);
    const token = (name) => style.getPropertyValue(`--${name}`).trim();
    this.colours = {
      ground: token("ground"), verge: token("verge"), median: token("verge"), side: token("pavement"),
      shoulder: token("shoulder"), rail: token("shoulder"), road: token("asphalt"),
      mark: token("mark"), kerb: token("kerb"), grid: token("shoulder"),
      yellow: token("mark-yellow"), red: token("bad"), blue: token("accent"), green: token("good"), orange: token("mark-yellow"),
      ink: token("ink"), ink2: token("ink-2"), label: token("sheet"), bad: token("bad"),
      glass: token("glass"), outline: token("outline"),
      font: `600 12px ${token("font")}`,
    };
    all("[data-mover]", this.root).forEach((item) => {
      const mover = this.movers[Number(item.dataset.mover)];
      if (mover) mover.colour = getComputedStyle(item).getPropertyValue("--dye").trim();
    });
    this.tiles.forget();
    this.due = true;
  }

  resize() {
    const box = this.canvas.parentElement.getBoundingClientRect();
    const { camera } = this;
    camera.ratio = Math.min(3, window.devicePixelRatio || 1);
    camera.width = Math.max(50, box.width);
    camera.height = Math.max(50, box.height);
    this.canvas.width = Math.round(camera.width * camera.ratio);
    this.canvas.height = Math.round(camera.height * camera.ratio);
    this.due = true;
  }

  paint(context, view, px) {
    const { a, b, c, d, e, f } = context.getTransform();
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.fillStyle = this.colours.ground;
    context.fillRect(0, 0, context.canvas.width, context.canvas.height);
    context.setTransform(a, b, c, d, e, f);
    this.ground.paint(context, view, px, this.colours);
  }

  draw() {
    const began = performance.now();
    const { camera, context, clock } = this;
    for (const mover of this.movers) mover.at(clock.time);
    camera.look(this.movers);
    const settled = !camera.turn && camera.scale === this.lastScale;
    if (settled && !this.ground.isEmpty) this.tiles.lay(context, camera);
    else {
      camera.apply(context);
      this.paint(context, camera.view(), 1 / (camera.scale * camera.ratio));
    }
    if (camera.scale !== this.lastScale) this.due = true; // once more, when it has settled
    else this.due = false;
    this.lastScale = camera.scale;
    if (this.ground.isEmpty) grid(context, camera, this.colours);
    const { time } = clock;
    trails(context, camera, this.movers, time, clock.start);
    boxes(context, camera, this.movers, this.colours);
    names(context, camera, this.movers, this.colours);
    impacts(context, camera, this.contacts, { time, look: this.colours, still: still.matches });
    scaleBar(context, camera, this.colours);
    this.costs[this.nFrames % this.costs.length] = performance.now() - began;
    this.nFrames += 1;
  }
}

const speed = (mps) => `${(mps * KMH).toFixed(1)} km/h`;

function met(contact) {
  const changes = [contact.delta_v_mps, contact.other_delta_v_mps];
  const told = changes.includes(null) ? "" : `, Δv ${changes.map((v) => v.toFixed(1)).join(" and ")} m/s`;
  return `${contact.mover} and ${contact.other}: impact ${contact.impact_speed_mps.toFixed(1)} m/s${told}`;
}

const seconds = (time) => `${time.toFixed(2)} s`;

/* ---- the camera by hand: drag, pinch, wheel ------------------------------------------------ */
function gestures(stage) {
  const { canvas, camera } = stage;
  const held = new Map();
  let apart = 0;
  const at = (event) => {
    const box = canvas.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  };
  canvas.addEventListener("pointerdown", (event) => {
    held.set(event.pointerId, at(event));
    canvas.setPointerCapture(event.pointerId);
    apart = 0;
  });
  canvas.addEventListener("pointermove", (event) => {
    const before = held.get(event.pointerId);
    if (!before) return;
    const now = at(event);
    held.set(event.pointerId, now);
    if (held.size === 1) camera.pan(now.x - before.x, now.y - before.y);
    else {
      const [p, q] = held.values();
      const far = Math.hypot(p.x - q.x, p.y - q.y);
      if (apart) camera.zoom(far / apart, (p.x + q.x) / 2, (p.y + q.y) / 2);
      apart = far;
    }
    stage.due = true;
  });
  for (const name of ["pointerup", "pointercancel"]) {
    canvas.addEventListener(name, (event) => { held.delete(event.pointerId); apart = 0; });
  }
  canvas.addEventListener("dblclick", () => { camera.centre(); stage.due = true; });
  canvas.addEventListener("wheel", (event) => {
    if (!event.ctrlKey && document.activeElement !== canvas) return; // the page scrolls
    event.preventDefault();
    const { x, y } = at(event);
    const middle = camera.follow === "free" ? [x, y] : [camera.width / 2, camera.height / 2];
    camera.zoom(2 ** (-event.deltaY / 400), ...middle);
    stage.due = true;
  }, { passive: false });
}

/* ---- buttons and keys ------------------------------------------------------------------------ */
function follow(stage, whom) {
  const { camera } = stage;
  if (camera.follow === "all" && typeof whom === "number") camera.scale = near(camera);
  camera.follow = whom;
  camera.centre();
  for (const button of all("[data-follow]", stage.root)) {
    button.setAttribute("aria-pressed", String(button.dataset.follow === String(whom)));
  }
  stage.due = true;
  stage.root.dispatchEvent(new CustomEvent("follow"));
}

const near = (camera) => Math.max(4, Math.min(9, camera.width / 130));

function act(stage, what) {
  const { camera, root } = stage;
  const middle = [camera.width / 2, camera.height / 2];
  if (what === "in" || what === "out") {
    if (camera.follow === "all") camera.follow = "free";
    if (camera.follow === "free") { camera.panX = camera.x; camera.panY = camera.y; }
    camera.zoom(what === "in" ? Math.SQRT2 : Math.SQRT1_2, ...middle);
    if (camera.follow === "free") pressed(stage, "free");
  } else if (what === "fit") {
    camera.fit(stage.ground.isEmpty ? reach(stage) : stage.ground.box);
    pressed(stage, "free");
    one("[data-do=turn]", root).setAttribute("aria-pressed", "false");
  } else if (what === "turn") {
    camera.turns = !camera.turns;
    one("[data-do=turn]", root).setAttribute("aria-pressed", String(camera.turns));
    if (camera.turns && typeof camera.follow !== "number") follow(stage, 0);
  } else if (what === "play") stage.clock.toggle();
  stage.due = true;
}

function pressed(stage, whom) {
  for (const button of all("[data-follow]", stage.root)) button.setAttribute("aria-pressed", String(button.dataset.follow === whom));
}

function reach(stage) {
  const box = { x0: Infinity, x1: -Infinity, y0: Infinity, y1: -Infinity };
  for (const mover of stage.movers) {
    for (const piece of mover.pieces) {
      for (let k = 0; k < piece.x.length; k += 1) {
        box.x0 = Math.min(box.x0, piece.x[k]); box.x1 = Math.max(box.x1, piece.x[k]);
        box.y0 = Math.min(box.y0, piece.y[k]); box.y1 = Math.max(box.y1, piece.y[k]);
      }
    }
  }
  return box;
}

function nextEvent(stage, direction) {
  const times = [...new Set([stage.clock.start, ...stage.firings.map((f) => f.time_s), ...stage.contacts.map((c) => c.time), stage.clock.end])];
  times.sort((a, b) => a - b);
  const { time } = stage.clock;
  const next = direction > 0 ? times.find((t) => t > time + 1e-6) : times.reverse().find((t) => t < time - 1e-6);
  if (next !== undefined) stage.clock.jump(next);
}

function key(stage, event) {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const field = event.target.closest("input:not(.scrub), select, textarea");
  if (field) return;
  const button = event.target.closest("button, a, summary");
  if (event.key === " " && !button) act(stage, "play");
  else if (button && event.key === " ") return;
  else if (event.key === "ArrowRight") stage.clock.jump(stage.clock.time + (event.shiftKey ? 1 : 0.1));
  else if (event.key === "ArrowLeft") stage.clock.jump(stage.clock.time - (event.shiftKey ? 1 : 0.1));
  else if (event.key === "Home") stage.clock.jump(stage.clock.start);
  else if (event.key === "End") stage.clock.jump(stage.clock.end);
  else if (event.key === "." || event.key === ",") nextEvent(stage, event.key === "." ? 1 : -1);
  else if (event.key === "+" || event.key === "=") act(stage, "in");
  else if (event.key === "-") act(stage, "out");
  else if (event.key === "0") act(stage, "fit");
  else if (event.key === "t") act(stage, "turn");
  else if (event.key === "f") {
    const order = [...stage.movers.keys(), "all"];
    follow(stage, order[(order.indexOf(stage.camera.follow) + 1) % order.length]);
  } else return;
  event.preventDefault();
}

/* ---- plots ----------------------------------------------------------------------------------- */
function marksOf(stage) {
  const told = stage.firings.filter((f) => f.kind === "event" && f.what !== "skipped");
  return [
    ...told.map((f) => ({ time: f.time_s, tone: "", words: `${f.step} ${f.what}, ${seconds(f.time_s)}` })),
    ...stage.contacts.map((c) => ({ time: c.time, tone: "bad", words: `${c.words}, ${seconds(c.time)}` })),
  ];
}

function speedLines(stage) {
  return stage.movers.filter((m) => m.moves && !m.isThing).map((mover) => {
    const points = [];
    for (const piece of mover.pieces) {
      for (let k = 0; k < piece.time.length; k += 1) points.push([piece.time[k], piece.speed[k] * KMH]);
      points.push([piece.end, NaN]);
    }
    return { points, colour: mover.colour, name: mover.name };
  });
}

function gapLines(stage) {
  const from = one("[data-gap-from]", stage.root);
  const to = one("[data-gap-to]", stage.root);
  if (!from || stage.movers.length < 2) return [];
  const mover = stage.movers[Number(from.value)];
  const others = to.value === "nearest" ? stage.movers.filter((m) => m !== mover) : [stage.movers[Number(to.value)]].filter((m) => m !== mover);
  const { start, end } = stage.clock;
  stage.gap = { mover, others };
  return [{ points: gaps(mover, others, start, end, 0.05), colour: others.length === 1 ? others[0].colour : mover.colour, name: "gap" }];
}

function plots(stage) {
  if (!one(".timeline", stage.root)) return { show: () => {}, redraw: () => {} };
  const span = [stage.clock.start, stage.clock.end];
  const speeds = new Plot(one("[data-plot=speed]", stage.root), span);
  const gapFigure = one("[data-plot=gap]", stage.root);
  const gap = gapFigure ? new Plot(gapFigure, span) : null;
  const showGap = () => { if (gap) { gap.show(gapLines(stage), marksOf(stage)); stage.gapLine = gap.lines[0]; } };
  const show = () => { speeds.show(speedLines(stage), marksOf(stage)); showGap(); };
  for (const select of all("[data-gap-from], [data-gap-to]", stage.root)) select.addEventListener("change", () => { showGap(); tellValues(stage); });
  stage.root.addEventListener("follow", () => {
    const from = one("[data-gap-from]", stage.root);
    if (from && typeof stage.camera.follow === "number") { from.value = String(stage.camera.follow); showGap(); tellValues(stage); }
  });
  const timeline = one(".timeline", stage.root);
  const jump = (event) => {
    const box = timeline.getBoundingClientRect();
    const share = (event.clientX - box.left - LEFT) / (box.width - LEFT - RIGHT);
    stage.clock.jump(span[0] + share * (span[1] - span[0]));
  };
  for (const figure of all(".plot svg", stage.root)) {
    figure.addEventListener("pointerdown", (event) => { jump(event); figure.setPointerCapture(event.pointerId); });
    figure.addEventListener("pointermove", (event) => { if (event.buttons) jump(event); });
  }
  return { show, redraw: () => { speeds.draw(); if (gap) gap.draw(); } };
}

/* ---- what is told while it plays ------------------------------------------------------------- */
function tellValues(stage) {
  const { time } = stage.clock;
  for (const output of all("[data-speed-of]", stage.root)) {
    const { now } = stage.movers[Number(output.dataset.speedOf)];
    output.textContent = now.there ? speed(now.speed) : "not there";
  }
  const output = one("[data-gap-now]", stage.root);
  if (output && stage.gap) {
    const [[, value]] = gaps(stage.gap.mover, stage.gap.others, time, time, 1);
    output.textContent = Number.isNaN(value) ? "–" : `${value.toFixed(2)} m`;
  }
}

function tellSteps(time) {
  for (const row of all("[data-spans]")) {
    const on = row.dataset.spans.split(" ").some((span) => {
      const [from, until] = span.split("-").map(Number);
      return from <= time + 1e-9 && time < until;
    });
    row.classList.toggle("running", on);
  }
}

function time(stage) {
  const { clock, root } = stage;
  stage.measure = stage.show = () => {};
  if (!one(".timeline", root)) return; // nothing moved
  const range = one(".scrub", root);
  const timeline = one(".timeline", root);
  const cursor = one(".cursor", root);
  const readout = one("[data-time]", root);
  const play = one("[data-do=play]", root);
  let shown = NaN;
  let told = 0;
  let wide = 0;
  stage.measure = () => { wide = timeline.clientWidth - LEFT - RIGHT; shown = NaN; };
  stage.show = (moment) => {
    if (clock.time === shown) return;
    shown = clock.time;
    const share = (clock.time - clock.start) / (clock.end - clock.start || 1);
    cursor.style.transform = `translateX(${(LEFT + share * wide).toFixed(1)}px)`;
    range.value = clock.time;
    if (clock.playing && moment - told < 100) return;
    told = moment;
    readout.textContent = clock.time.toFixed(2);
    range.setAttribute("aria-valuetext", seconds(clock.time));
    tellValues(stage);
    tellSteps(clock.time);
  };
  range.addEventListener("input", () => clock.jump(Number(range.value)));
  clock.listen(() => {
    play.classList.toggle("playing", clock.playing);
    play.setAttribute("aria-label", clock.playing ? "Pause" : "Play");
    play.title = clock.playing ? "Pause (space)" : "Play (space)";
    told = 0;
    shown = NaN;
    stage.due = true;
  });
  one("[data-rate]", root).addEventListener("change", (event) => clock.setSpeed(Number(event.target.value)));
}

function storyboard(stage) {
  document.addEventListener("click", (event) => {
    const jump = event.target.closest("[data-at]");
    if (!jump) return;
    stage.clock.pause();
    stage.clock.jump(Number(jump.dataset.at));
    stage.root.scrollIntoView({ block: "nearest", behavior: still.matches ? "auto" : "smooth" });
  });
}

function start(root, told) {
  const stage = new Stage(root, told);
  root.scene = stage;
  stage.look();
  gestures(stage);
  time(stage);
  storyboard(stage);
  const drawn = plots(stage);
  const sized = () => { stage.resize(); drawn.redraw(); stage.measure(); };
  stage.resize();
  follow(stage, stage.movers.some((m) => m.moves) ? 0 : "all");
  stage.camera.scale = near(stage.camera);
  if (!stage.movers.some((m) => m.moves)) act(stage, "fit");
  drawn.show();
  sized();
  new ResizeObserver(sized).observe(root);
  const themed = () => { stage.look(); drawn.show(); };
  new MutationObserver(themed).observe(document.documentElement, { attributes: true, attributeFilter: ["data-theme"] });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", themed);
  root.addEventListener("click", (event) => {
    const button = event.target.closest("[data-do], [data-follow]");
    if (!button) return;
    if (button.dataset.do) act(stage, button.dataset.do);
    else follow(stage, Number.isNaN(Number(button.dataset.follow)) ? button.dataset.follow : Number(button.dataset.follow));
  });
  document.addEventListener("keydown", (event) => key(stage, event));
  const frame = (moment) => {
    stage.clock.frame(moment);
    if (stage.clock.playing || stage.due) stage.draw();
    stage.show(moment);
    requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
  root.dataset.ready = "";
}

async function load(root) {
  const wait = one("[data-wait]", root);
  wait.hidden = false;
  try {
    const answer = await fetch(root.dataset.scene);
    if (!answer.ok) throw new Error(`the server answered ${answer.status}`);
    start(root, await answer.json());
    wait.hidden = true;
  } catch (error) {
    wait.textContent = `The picture could not be drawn: ${error.message}. Load the page again.`;
    throw error;
  }
}

all("[data-stage]").forEach(load);
