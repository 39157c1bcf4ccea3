// The picture: what there is, where the camera stands, and how a frame is drawn.

import { boxes, compass, grid, impacts, names, scaleBar, trails } from "./boxes.js";
import { Camera } from "./camera.js";
import { Clock } from "./clock.js";
import { Ground } from "./ground.js";
import { Sign, signs } from "./signs.js";
import { Mover } from "./tracks.js";

const still = matchMedia("(prefers-reduced-motion: reduce)");
const THINGS = ["MiscObject", "barrier", "building", "obstacle", "pole", "tree", "vegetation", "parkingSpace", "railing", "none"];

export const one = (selector, root = document) => root.querySelector(selector);
export const all = (selector, root = document) => Array.from(root.querySelectorAll(selector));

function met(contact) {
  const changes = [contact.delta_v_mps, contact.other_delta_v_mps];
  const told = changes.includes(null) ? "" : `, Δv ${changes.map((v) => v.toFixed(1)).join(" and ")} m/s`;
  return `${contact.mover} and ${contact.other}: impact ${contact.impact_speed_mps.toFixed(1)} m/s${told}`;
}

export class Stage {
  constructor(root, told) {
    this.root = root;
    this.canvas = one("canvas", root);
    this.context = this.canvas.getContext("2d", { alpha: false });
    const origin = this.origin(told);
    this.movers = told.movers.map((mover, n) => new Mover(mover, told.tracks.filter((t) => t.mover === n), origin));
    this.movers.forEach((mover) => { mover.isThing = THINGS.includes(mover.kind); });
    this.ground = new Ground(told.ground, origin);
    this.camera = new Camera();
    const [first] = told.tracks;
    const across = first ? Math.sin(first.heading_rad[0]) : 0;
    if (Math.abs(across) > Math.SQRT1_2) this.camera.base = Math.sign(across) * (Math.PI / 2);
    this.clock = new Clock(told.start_s, told.end_s);
    this.kept = { canvas: document.createElement("canvas"), of: "" };
    this.before = "";
    this.contacts = told.contacts.map((c) => ({
      time: c.time_s,
      x: c.x_m - origin.x,
      y: c.y_m - origin.y,
      words: met(c),
    }));
    this.firings = told.firings;
    this.signs = told.signs.filter((sign) => sign.x_m !== null).map((sign) => new Sign(sign, origin));
    this.costs = new Float64Array(4096); // what frames took [ms], for measuring
    this.nFrames = 0;
    this.due = true;
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
      glass: token("glass"), outline: token("outline"), stone: token("stone"), leaf: token("leaf"),
      edge: token("edge"), good: token("good"),
      font: `600 12px ${token("font")}`,
    };
    all("[data-mover]", this.root).forEach((item) => {
      const mover = this.movers[Number(item.dataset.mover)];
      if (mover) mover.colour = getComputedStyle(item).getPropertyValue("--dye").trim();
    });
    this.before = this.kept.of = "";
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

  // The ground is painted anew where the camera goes, for little of it is seen then; where it
  // stands, as over a whole network, it is painted once and kept.
  layGround() {
    const { camera, context, kept, canvas } = this;
    const now = [camera.x, camera.y, camera.scale, camera.turn, canvas.width, canvas.height].join(" ");
    if (kept.of !== now && this.before === now) {
      kept.canvas.width = canvas.width;
      kept.canvas.height = canvas.height;
      this.paint(kept.canvas.getContext("2d", { alpha: false }));
      kept.of = now;
    }
    if (kept.of === now) {
      context.setTransform(1, 0, 0, 1, 0, 0);
      context.drawImage(kept.canvas, 0, 0);
    } else this.paint(context);
    this.before = now;
  }

  paint(context) {
    const { camera, colours, ground } = this;
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.fillStyle = colours.ground;
    context.fillRect(0, 0, context.canvas.width, context.canvas.height);
    if (ground.isEmpty) { grid(context, camera, colours); return; }
    camera.apply(context);
    ground.paint(context, camera.view(), 1 / (camera.scale * camera.ratio), colours);
  }

  draw() {
    const began = performance.now();
    const { camera, context, clock } = this;
    for (const mover of this.movers) mover.at(clock.time);
    camera.look(this.movers);
    this.layGround();
    this.due = false;
    const { time } = clock;
    trails(context, camera, this.movers, time, clock.start);
    boxes(context, camera, this.movers, this.colours);
    const kept = signs(context, camera, this.signs, { time, look: this.colours });
    names(context, camera, this.movers, { look: this.colours, kept });
    impacts(context, camera, this.contacts, { time, look: this.colours, still: still.matches });
    scaleBar(context, camera, this.colours);
    compass(context, camera, this.colours);
    this.costs[this.nFrames % this.costs.length] = performance.now() - began;
    this.nFrames += 1;
  }
}
