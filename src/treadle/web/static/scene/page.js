// The page of a scene: the picture, the time under it, the plots, and what all of them share.
// Everything that is told in words stands on the page already; this draws and plays.

import { act, follow, gestures, key, near } from "./controls.js";
import { LEFT, Plot, RIGHT } from "./plots.js";
import { Stage, all, one } from "./stage.js";
import { gaps } from "./tracks.js";

const KMH = 3.6;
const still = matchMedia("(prefers-reduced-motion: reduce)");
const speed = (mps) => `${(mps * KMH).toFixed(1)} km/h`;
const seconds = (time) => `${time.toFixed(2)} s`;

/* ---- plots ----------------------------------------------------------------------------------- */
function marksOf(stage) {
  const told = stage.firings.filter((f) => f.kind === "event" && f.what !== "skipped");
  return [
    ...told.map((f) => ({ time: f.time_s, tone: "", label: f.what === "started" ? f.step : "", words: `${f.step} ${f.what}, ${seconds(f.time_s)}` })),
    ...stage.contacts.map((c) => ({ time: c.time, tone: "bad", label: "collision", words: `${c.words}, ${seconds(c.time)}` })),
  ];
}

function lines(stage, take) {
  return stage.movers.filter((m) => m.moves && !m.isThing).map((mover) => {
    const points = [];
    for (const piece of mover.pieces) {
      for (let k = 0; k < piece.time.length; k += 1) points.push([piece.time[k], take(piece, k)]);
      points.push([piece.end, NaN]);
    }
    return { points, colour: mover.colour, name: mover.name };
  });
}

const speedLines = (stage) => lines(stage, (piece, k) => piece.speed[k] * KMH);
const heightLines = (stage) => lines(stage, (piece, k) => piece.height[k]);

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
  const heightFigure = one("[data-plot=height]", stage.root);
  const height = heightFigure ? new Plot(heightFigure, span) : null;
  const show = () => {
    speeds.show(speedLines(stage), marksOf(stage));
    showGap();
    if (height) height.show(heightLines(stage), marksOf(stage));
  };
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
  const drawn = [speeds, gap, height].filter(Boolean);
  return { show, redraw: () => drawn.forEach((plot) => plot.draw()) };
}

/* ---- what is told while it plays ------------------------------------------------------------- */
function tellValues(stage) {
  const { time } = stage.clock;
  for (const output of all("[data-speed-of]", stage.root)) {
    const { now } = stage.movers[Number(output.dataset.speedOf)];
    output.textContent = now.there ? speed(now.speed) : "not there";
  }
  for (const output of all("[data-height-of]", stage.root)) {
    const { now } = stage.movers[Number(output.dataset.heightOf)];
    output.textContent = now.there ? `${now.height.toFixed(1)} m` : "not there";
  }
  for (const row of all("[data-shows]")) {
    const shown = all("[data-at]", row);
    const on = shown.filter((button) => Number(button.dataset.at) <= time + 1e-9).length - 1;
    shown.forEach((button, n) => button.parentElement.classList.toggle("running", n === on));
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
      const [from, until] = span.split(":").map(Number);
      return from <= time + 1e-9 && time < until;
    });
    row.classList.toggle("running", on);
  }
}

let keeping = 0;

// The address says the time, so that a link leads to what one sees.
function keepTime(clock) {
  clearTimeout(keeping);
  keeping = setTimeout(() => history.replaceState(history.state, "", `#t=${clock.time.toFixed(2)}`), 300);
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
    range.style.setProperty("--gone", `${(share * 100).toFixed(2)}%`);
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
    if (!clock.playing) keepTime(clock);
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
  const wanted = Number(new URLSearchParams(location.hash.slice(1)).get("t"));
  if (wanted > 0) stage.clock.jump(wanted);
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
