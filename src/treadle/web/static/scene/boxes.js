// What moves, drawn over the ground: boxes with a nose, names, trails, contacts, the scale.

import { corners } from "./tracks.js";

const TRAIL = 3.5; // [s]
const FLASH = 1.4; // [s]
const LONG = 4.5; // how long the words of a contact stay [s]
const PEOPLE = ["pedestrian", "Pedestrian", "animal", "wheelchair"];

const spot = { there: false, x: 0, y: 0, heading: 0, speed: 0 };
const box = new Float64Array(8);

export function trails(context, camera, movers, time, start) {
  camera.apply(context);
  context.lineCap = "butt";
  for (const mover of movers) {
    if (!mover.now.there) continue;
    context.strokeStyle = mover.colour;
    context.lineWidth = Math.max(0.22, 2 / camera.scale);
    const since = Math.max(start, time - TRAIL);
    const parts = 12;
    let [x, y] = [mover.now.x, mover.now.y];
    for (let k = 1; k <= parts; k += 1) {
      mover.at(time - ((time - since) * k) / parts, spot);
      if (!spot.there) break;
      context.globalAlpha = 0.42 * (1 - k / (parts + 1));
      context.beginPath();
      context.moveTo(x, y);
      context.lineTo(spot.x, spot.y);
      context.stroke();
      [x, y] = [spot.x, spot.y];
    }
  }
  context.globalAlpha = 1;
}

function rounded(context, length, width, radius) {
  context.beginPath();
  context.roundRect(-length / 2, -width / 2, length, width, radius);
}

function person(context, mover, least) {
  const across = Math.max(mover.width, least) / 2;
  const along = Math.max(mover.length, least) / 2;
  context.beginPath();
  context.ellipse(0, 0, along, across, 0, 0, 2 * Math.PI);
  context.fill();
  context.stroke();
  context.beginPath();
  context.arc(along * 0.2, 0, Math.min(across, along) * 0.55, 0, 2 * Math.PI);
  context.fillStyle = context.strokeStyle;
  context.fill();
}

function vehicle(context, mover, { look, least }) {
  const length = Math.max(mover.length, least * 2);
  const width = Math.max(mover.width, least);
  const radius = Math.min(width * 0.28, length * 0.18);
  rounded(context, length, width, [radius, radius * 1.5, radius * 1.5, radius]);
  context.fill();
  context.stroke();
  const nose = length / 2;
  context.fillStyle = look.glass; // the nose: a windscreen that opens forwards
  context.beginPath();
  context.moveTo(nose - length * 0.36, -width * 0.36);
  context.lineTo(nose - length * 0.2, -width * 0.41);
  context.quadraticCurveTo(nose - length * 0.13, 0, nose - length * 0.2, width * 0.41);
  context.lineTo(nose - length * 0.36, width * 0.36);
  context.quadraticCurveTo(nose - length * 0.31, 0, nose - length * 0.36, -width * 0.36);
  context.fill();
  if (length > 3) {
    context.beginPath();
    context.roundRect(-length * 0.41, -width * 0.35, length * 0.075, width * 0.7, width * 0.06);
    context.fill();
  }
}

function thing(context, mover, least) {
  rounded(context, Math.max(mover.length, least), Math.max(mover.width, least), 0.08);
  context.fill();
  context.stroke();
}

export function boxes(context, camera, movers, look) {
  const least = 5 / camera.scale;
  for (const mover of movers) {
    const { now } = mover;
    if (!now.there) continue;
    camera.apply(context);
    context.translate(now.x, now.y);
    context.rotate(now.heading);
    context.translate(mover.ahead, mover.left);
    context.lineWidth = Math.max(0.07, 1.2 / camera.scale);
    context.fillStyle = mover.colour;
    context.strokeStyle = look.outline;
    if (PEOPLE.includes(mover.kind)) person(context, mover, 1.6 * least);
    else if (mover.moves && !mover.isThing) vehicle(context, mover, { look, least });
    else thing(context, mover, least);
  }
}

function pill(context, text, x, y, { ink, ground, edge }) {
  const wide = context.measureText(text).width + 14;
  context.beginPath();
  context.roundRect(x - wide / 2, y - 10, wide, 20, 10);
  context.fillStyle = ground;
  context.fill();
  context.strokeStyle = edge;
  context.lineWidth = 1;
  context.stroke();
  context.fillStyle = ink;
  context.fillText(text, x, y + 0.5);
  return wide;
}

function ready(context, camera, look) {
  context.setTransform(camera.ratio, 0, 0, camera.ratio, 0, 0);
  context.font = look.font;
  context.textAlign = "center";
  context.textBaseline = "middle";
}

const apart = (a, b) => a.right < b.left || b.right < a.left || a.bottom < b.top || b.bottom < a.top;

// Names stand above their boxes, and above whatever else is there already.
export function names(context, camera, movers, { look, kept }) {
  ready(context, camera, look);
  const shown = movers.filter((mover) => mover.now.there).map((mover) => ({ mover, ...seen(camera, mover) }));
  const taken = [...shown, ...kept];
  for (const own of shown) {
    const x = (own.left + own.right) / 2;
    if (x < -60 || x > camera.width + 60 || own.top < -20 || own.top > camera.height + 40) continue;
    const half = context.measureText(own.mover.name).width / 2 + 8;
    const label = { left: x - half, right: x + half, top: own.top - 27, bottom: own.top - 6 };
    let steps = 0;
    for (let other; steps < 4; steps += 1) {
      other = taken.find((one) => one !== own && !apart(one, label));
      if (!other) break;
      label.bottom = other.top - 2;
      label.top = label.bottom - 21;
    }
    if (steps === 4 && own.mover !== movers[camera.follow]) continue; // too many: its colour has to do
    taken.push(label);
    pill(context, own.mover.name, x, (label.top + label.bottom) / 2, { ink: look.ink, ground: look.label, edge: own.mover.colour });
  }
}

// The upright rectangle around a mover on the screen.
function seen(camera, mover) {
  corners(mover, mover.now, box);
  const found = { left: Infinity, right: -Infinity, top: Infinity, bottom: -Infinity };
  for (let k = 0; k < 8; k += 2) {
    const at = camera.toScreen(box[k], box[k + 1]);
    found.left = Math.min(found.left, at.x);
    found.right = Math.max(found.right, at.x);
    found.top = Math.min(found.top, at.y);
    found.bottom = Math.max(found.bottom, at.y);
  }
  return found;
}

export function impacts(context, camera, contacts, { time, look, still }) {
  ready(context, camera, look);
  for (const contact of contacts) {
    const gone = time - contact.time;
    if (gone < 0) continue;
    const at = camera.toScreen(contact.x, contact.y);
    context.strokeStyle = context.fillStyle = look.bad;
    if (gone < FLASH && !still) {
      for (const late of [0, 0.22]) {
        const share = (gone - late) / (FLASH - late);
        if (share <= 0) continue;
        context.globalAlpha = (1 - share) * 0.9;
        context.lineWidth = 3 * (1 - share) + 1;
        context.beginPath();
        context.arc(at.x, at.y, 8 + 46 * Math.sqrt(share), 0, 2 * Math.PI);
        context.stroke();
      }
      context.globalAlpha = 1;
    }
    context.lineWidth = 2;
    context.beginPath();
    context.arc(at.x, at.y, 6, 0, 2 * Math.PI);
    context.stroke();
    context.beginPath();
    context.arc(at.x, at.y, 2, 0, 2 * Math.PI);
    context.fill();
    if (gone < LONG) words(context, camera, { contact, at, look });
  }
}

function words(context, camera, { contact, at, look }) {
  const half = context.measureText(contact.words).width / 2 + 14;
  const x = Math.min(Math.max(at.x, half), camera.width - half);
  const y = Math.min(at.y + 40, camera.height - 18);
  context.lineWidth = 1;
  context.beginPath();
  context.moveTo(at.x, at.y + 7);
  context.lineTo(x, y - 10);
  context.stroke();
  pill(context, contact.words, x, y, { ink: look.ink, ground: look.label, edge: look.bad });
}

// Without roads: a grid, every ten metres and every hundred, so that motion can be seen.
export function grid(context, camera, look) {
  const view = camera.view();
  camera.apply(context);
  for (const every of [10, 100]) {
    const gap = every * camera.scale;
    if (gap < 14) continue;
    context.strokeStyle = every === 10 ? look.grid : look.kerb;
    context.lineWidth = 1 / camera.scale;
    context.beginPath();
    for (let x = Math.ceil(view.x0 / every) * every; x <= view.x1; x += every) { context.moveTo(x, view.y0); context.lineTo(x, view.y1); }
    for (let y = Math.ceil(view.y0 / every) * every; y <= view.y1; y += every) { context.moveTo(view.x0, y); context.lineTo(view.x1, y); }
    context.stroke();
  }
}

// Where north is, where that is not up.
export function compass(context, camera, look) {
  if (Math.abs(Math.sin(camera.turn / 2)) < 0.01) return;
  ready(context, camera, look);
  const [x, y] = [camera.width - 26, camera.height - 30];
  const angle = Math.PI / 2 - camera.turn;
  const [u, v] = [Math.cos(angle), -Math.sin(angle)];
  context.strokeStyle = context.fillStyle = look.ink2;
  context.lineWidth = 1.5;
  context.beginPath();
  context.moveTo(x - 9 * u, y - 9 * v);
  context.lineTo(x + 7 * u, y + 7 * v);
  context.stroke();
  context.beginPath();
  context.moveTo(x + 12 * u, y + 12 * v);
  context.lineTo(x + 5 * u - 4 * v, y + 5 * v + 4 * u);
  context.lineTo(x + 5 * u + 4 * v, y + 5 * v - 4 * u);
  context.fill();
  context.fillText("N", x - 17 * u, y - 17 * v);
}

export function scaleBar(context, camera, look) {
  ready(context, camera, look);
  const most = Math.min(150, camera.width * 0.3) / camera.scale;
  const power = 10 ** Math.floor(Math.log10(most));
  const metres = [5, 2, 1].map((n) => n * power).find((n) => n <= most) || power;
  const wide = metres * camera.scale;
  const [x, y] = [16, camera.height - 18];
  context.strokeStyle = look.ink2;
  context.lineWidth = 1.5;
  context.beginPath();
  context.moveTo(x, y - 5);
  context.lineTo(x, y);
  context.lineTo(x + wide, y);
  context.lineTo(x + wide, y - 5);
  context.stroke();
  context.fillStyle = look.ink2;
  context.textAlign = "left";
  context.fillText(metres >= 1000 ? `${metres / 1000} km` : `${metres} m`, x + 4, y - 12);
}
