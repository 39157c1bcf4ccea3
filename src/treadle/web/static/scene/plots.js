// Lines over time under the picture: speeds, gaps; events as ticks, a cursor that follows the time.

const NS = "http://www.w3.org/2000/svg";
export const LEFT = 52;
export const RIGHT = 14;
const TOP = 12;
const BOTTOM = 20;

function svg(tag, fields, ...children) {
  const made = document.createElementNS(NS, tag);
  for (const [name, value] of Object.entries(fields)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

export function ticks(low, high, about) {
  const raw = (high - low) / about || 1;
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = [1, 2, 2.5, 5, 10].map((n) => n * power).find((n) => n >= raw * 0.999);
  const found = [];
  for (let n = Math.ceil(low / step - 1e-9); n * step <= high + step * 1e-6; n += 1) found.push(Number((n * step).toPrecision(10)));
  return { step, found };
}

export class Plot {
  constructor(figure, span) {
    this.figure = figure;
    this.span = span;
    this.canvas = figure.querySelector("svg");
    this.lines = [];
    this.marks = [];
    this.labels = figure.dataset.plot === "speed";
    this.fromZero = figure.dataset.plot !== "height";
  }

  // Lines: { points: [[t, v] ...], colour, name }; a NaN breaks a line.
  show(lines, marks) {
    this.lines = lines;
    this.marks = marks;
    this.draw();
  }

  range() {
    let [low, high] = [this.fromZero ? 0 : Infinity, -Infinity];
    for (const line of this.lines) {
      for (const [, value] of line.points) {
        if (Number.isNaN(value)) continue;
        if (value < low) low = value;
        if (value > high) high = value;
      }
    }
    if (high === -Infinity) [low, high] = [0, 1];
    if (high - low < 1) high = low + 1;
    const { step } = ticks(low, high, 4);
    return [Math.floor(low / step + 1e-9) * step, Math.ceil((high + step * 0.3) / step - 1e-9) * step];
  }

  draw() {
    const width = Math.max(120, this.figure.clientWidth);
    const height = Number(this.figure.dataset.height);
    const [low, high] = this.range();
    const [start, end] = this.span;
    const inner = width - LEFT - RIGHT;
    const x = (t) => LEFT + ((t - start) / (end - start || 1)) * inner;
    const y = (v) => height - BOTTOM - ((v - low) / (high - low)) * (height - TOP - BOTTOM);
    this.canvas.setAttribute("viewBox", `0 0 ${width} ${height}`);
    this.canvas.setAttribute("height", height);
    const parts = [];
    for (const value of ticks(low, high, 4).found) {
      parts.push(svg("line", { class: "rule", x1: LEFT, x2: width - RIGHT, y1: y(value), y2: y(value) }));
      parts.push(svg("text", { class: "tick", x: LEFT - 8, y: y(value) + 4, "text-anchor": "end" }, String(value)));
    }
    for (const time of ticks(start, end, Math.max(3, Math.min(10, inner / 90))).found) {
      const last = x(time) > width - RIGHT - 16;
      parts.push(svg("text", { class: "tick", x: x(time), y: height - 4, "text-anchor": last ? "end" : "middle" }, `${time} s`));
    }
    let free = -Infinity;
    for (const mark of [...this.marks].sort((a, b) => a.time - b.time)) {
      parts.push(svg("line", { class: `event ${mark.tone}`, x1: x(mark.time), x2: x(mark.time), y1: TOP - 4, y2: height - BOTTOM },
        svg("title", {}, mark.words)));
      const wide = 6.6 * (mark.label || "").length + 8;
      if (!this.labels || !mark.label || x(mark.time) < free || x(mark.time) + wide > width) continue;
      parts.push(svg("text", { class: `label ${mark.tone}`, x: x(mark.time) + 4, y: TOP + 4 }, mark.label));
      free = x(mark.time) + wide;
    }
    for (const line of this.lines) {
      const path = svg("path", { class: "curve", d: this.path(line.points, x, y) });
      path.style.stroke = line.colour;
      parts.push(path);
    }
    this.canvas.replaceChildren(...parts);
  }

  path(points, x, y) {
    let d = "";
    let on = false;
    for (const [time, value] of points) {
      if (Number.isNaN(value)) { on = false; continue; }
      d += `${on ? "L" : "M"}${x(time).toFixed(1)} ${y(value).toFixed(1)}`;
      on = true;
    }
    return d;
  }
}
