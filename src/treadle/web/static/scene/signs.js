// Signs and lights beside the road: a plate with what it says, lamps with what they show just then.

const LEAST = 2; // pixels a metre: farther off they would cover the road
const HALF = 9;
const LAMPS = { 1: ["green"], 2: ["red", "green"], 3: ["red", "yellow", "green"] };
const WORDS = [["red", /red|stop/i], ["yellow", /yellow|amber/i], ["green", /green|go/i]];

// A state as lamps that are lit or not: `off;off;on` lamp by lamp, from red to green, or a word.
export function lampsOf(state) {
  const parts = state.split(";").map((part) => part.trim().toLowerCase());
  if (LAMPS[parts.length] && parts.length > 1 && parts.every((part) => /^(on|off|flashing)$/.test(part))) {
    return parts.map((part, n) => ({ colour: LAMPS[parts.length][n], lit: part !== "off" }));
  }
  const lit = WORDS.filter(([, known]) => known.test(state)).map(([colour]) => colour);
  return lit.length ? LAMPS[3].map((colour) => ({ colour, lit: lit.includes(colour) })) : [];
}

export class Sign {
  constructor(told, origin) {
    this.name = told.name;
    this.isLight = told.kind === "light";
    this.says = told.says;
    this.x = told.x_m - origin.x;
    this.y = told.y_m - origin.y;
    this.times = told.times_s;
    this.states = told.states;
    this.lamps = told.states.map(lampsOf);
  }

  // What it shows at a time; -1: nobody has set it.
  at(time) {
    let row = -1;
    while (row + 1 < this.times.length && this.times[row + 1] <= time + 1e-9) row += 1;
    return row;
  }
}

const colours = { red: "bad", yellow: "yellow", green: "good" };

function lamps(context, shown, x, y, look) {
  const high = 2 * HALF * 0.62 * shown.length + 5;
  context.beginPath();
  context.roundRect(x - 7, y - high / 2, 14, high, 5);
  context.fillStyle = look.glass;
  context.fill();
  context.strokeStyle = look.edge;
  context.lineWidth = 1.2;
  context.stroke();
  shown.forEach((lamp, n) => {
    context.beginPath();
    context.arc(x, y - high / 2 + 8 + n * 11.2, 4, 0, 2 * Math.PI);
    context.fillStyle = look[colours[lamp.colour]];
    context.globalAlpha = lamp.lit ? 1 : 0.16;
    context.fill();
    context.globalAlpha = 1;
  });
}

function plate(context, words, x, y, look) {
  const half = Math.max(HALF, context.measureText(words).width / 2 + 5);
  context.beginPath();
  context.roundRect(x - half, y - HALF, 2 * half, 2 * HALF, words ? 4 : HALF);
  context.fillStyle = look.label;
  context.fill();
  context.strokeStyle = words ? look.ink : look.edge;
  context.lineWidth = 1.5;
  context.stroke();
  context.fillStyle = look.ink;
  if (words) context.fillText(words, x, y + 0.5);
  else { context.beginPath(); context.arc(x, y, 2.5, 0, 2 * Math.PI); context.fill(); }
}

// Draw them all; return where they stand on the screen, for names to keep away.
export function signs(context, camera, all, { time, look }) {
  if (!all.length || camera.scale < LEAST) return [];
  context.setTransform(camera.ratio, 0, 0, camera.ratio, 0, 0);
  context.font = look.font;
  context.textAlign = "center";
  context.textBaseline = "middle";
  const taken = [];
  for (const sign of all) {
    const at = camera.toScreen(sign.x, sign.y);
    if (at.x < -30 || at.x > camera.width + 30 || at.y < -30 || at.y > camera.height + 30) continue;
    while (taken.some((other) => Math.abs(other.x - at.x) < 18 && Math.abs(other.y - at.y) < 30)) at.x += 19;
    taken.push(at);
    const row = sign.at(time);
    const shown = row < 0 ? [] : sign.lamps[row];
    if (shown.length) lamps(context, shown, at.x, at.y, look);
    else plate(context, row < 0 ? sign.says : sign.states[row].slice(0, 12), at.x, at.y, look);
  }
  return taken.map(({ x, y }) => ({ left: x - 10, right: x + 10, top: y - 20, bottom: y + 20 }));
}
