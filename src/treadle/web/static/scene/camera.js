// Which part of the world is seen: a middle, a scale, a turn; following what moves, or all of it.

const LEAST = 0.02;
const MOST = 90; // pixels a metre

export class Camera {
  constructor() {
    this.x = 0;
    this.y = 0;
    this.scale = 8; // CSS pixels a metre
    this.turn = 0; // how far the world is turned to the right [rad]
    this.panX = 0; // how far the middle is put aside from what is followed [m]
    this.panY = 0;
    this.width = 100;
    this.height = 100;
    this.ratio = 1;
    this.follow = "all";
    this.turns = false;
  }

  zoom(by, px, py) {
    const before = this.toWorld(px, py);
    this.scale = Math.min(MOST, Math.max(LEAST, this.scale * by));
    const after = this.toWorld(px, py);
    this.panX += before.x - after.x;
    this.panY += before.y - after.y;
    this.x += before.x - after.x;
    this.y += before.y - after.y;
  }

  pan(dx, dy) {
    const [cos, sin] = [Math.cos(this.turn), Math.sin(this.turn)];
    const [u, v] = [-dx / this.scale, dy / this.scale];
    this.panX += u * cos - v * sin;
    this.panY += u * sin + v * cos;
  }

  centre() { this.panX = 0; this.panY = 0; }

  // Look at what is followed. Headings are seen to the right where the picture turns with it.
  look(movers) {
    if (this.follow === "free") {
      this.x = this.panX;
      this.y = this.panY;
      return;
    }
    const mover = typeof this.follow === "number" ? movers[this.follow] : null;
    if (mover && mover.now.there) {
      const { x, y, heading } = mover.now;
      if (this.turns) this.turn = heading;
      const ahead = (0.14 * this.width) / this.scale; // more is seen of what comes than of what was
      const side = this.turns ? ahead : ahead * 0.9;
      this.x = x + side * Math.cos(heading) + this.panX;
      this.y = y + side * Math.sin(heading) * Math.min(1, this.height / this.width) + this.panY;
    } else if (this.follow === "all") this.frameAll(movers);
    if (!this.turns) this.turn = 0;
  }

  frameAll(movers) {
    let [x0, x1, y0, y1] = [Infinity, -Infinity, Infinity, -Infinity];
    for (const { now } of movers) {
      if (!now.there) continue;
      x0 = Math.min(x0, now.x); x1 = Math.max(x1, now.x);
      y0 = Math.min(y0, now.y); y1 = Math.max(y1, now.y);
    }
    if (x0 > x1) return;
    this.x = (x0 + x1) / 2 + this.panX;
    this.y = (y0 + y1) / 2 + this.panY;
    const room = Math.min(this.width / (x1 - x0 + 34), this.height / (y1 - y0 + 22));
    const wanted = Math.min(14, room);
    // Steps of a square root of two, left only when needed: the ground need not be painted anew.
    if (this.scale > wanted || this.scale < wanted / 2.2) {
      this.scale = Math.max(LEAST, 2 ** (Math.floor(Math.log2(wanted) * 2) / 2));
    }
  }

  fit(box) {
    if (!(box.x0 <= box.x1)) return;
    this.follow = "free";
    this.turns = false;
    this.turn = 0;
    this.panX = (box.x0 + box.x1) / 2;
    this.panY = (box.y0 + box.y1) / 2;
    this.scale = Math.max(LEAST, Math.min(20, 0.94 * Math.min(
      this.width / Math.max(20, box.x1 - box.x0),
      this.height / Math.max(20, box.y1 - box.y0),
    )));
  }

  toWorld(px, py) {
    const [cos, sin] = [Math.cos(this.turn), Math.sin(this.turn)];
    const u = (px - this.width / 2) / this.scale;
    const v = (this.height / 2 - py) / this.scale;
    return { x: this.x + u * cos - v * sin, y: this.y + u * sin + v * cos };
  }

  toScreen(x, y) {
    const [cos, sin] = [Math.cos(this.turn), Math.sin(this.turn)];
    const [dx, dy] = [x - this.x, y - this.y];
    return {
      x: this.width / 2 + this.scale * (dx * cos + dy * sin),
      y: this.height / 2 - this.scale * (dy * cos - dx * sin),
    };
  }

  // Set a context to metres.
  apply(context) {
    const s = this.scale * this.ratio;
    const [a, b] = [s * Math.cos(this.turn), s * Math.sin(this.turn)];
    const e = (this.width * this.ratio) / 2 - a * this.x - b * this.y;
    const f = (this.height * this.ratio) / 2 - b * this.x + a * this.y;
    context.setTransform(a, b, b, -a, e, f);
  }

  // The box around all that is seen [m].
  view() {
    const half = Math.hypot(this.width, this.height) / 2 / this.scale;
    const [w, h] = this.turn ? [half, half] : [this.width / 2 / this.scale, this.height / 2 / this.scale];
    return { x0: this.x - w, x1: this.x + w, y0: this.y - h, y1: this.y + h };
  }
}
