// The picture by hand: dragged, pinched, zoomed; followed, turned, stepped through by keys.

import { all, one } from "./stage.js";

/* ---- the camera by hand: drag, pinch, wheel ------------------------------------------------ */
export function gestures(stage) {
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
export function follow(stage, whom) {
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

export const near = (camera) => Math.max(4, Math.min(9, camera.width / 130));

export function act(stage, what) {
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

export function key(stage, event) {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const field = event.target.closest("input:not(.scrub), select, textarea");
  // Letters and signs count only where the picture has the focus; elsewhere they are other people's.
  const inside = stage.root.contains(event.target);
  const anywhere = event.target === document.body && [" ", "ArrowLeft", "ArrowRight"].includes(event.key);
  if (field || !(inside || anywhere)) return;
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
