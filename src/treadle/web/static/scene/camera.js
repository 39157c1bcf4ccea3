// Which part of the world is seen: a middle, a scale, a turn; following what moves, or all of it.

const LEAST = 0.02;
const MOST = 90; // pixels a metre

export class Camera {
  constructor() {
    this.x = 0;
    this.y = 0;
    this.scale = 8; // CSS pixels a metre
    this.base = 0; // the turn where it does not turn with anybody: a road that runs north lies across
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
    const at = this.world(-dx / this.scale, dy / this.scale);
    this.panX += at.x;
    this.panY += at.y;
  }

  centre() { this.panX = 0; this.panY = 0; }

  // Look at what is followed. Headings are seen to the right where the picture turns with it.
  look(movers) {
    const mover = typeof this.follow === "number" ? movers[this.follow] : null;
    this.turn = this.base;
    if (this.follow === "free") {
      this.x = this.panX;
      this.y = this.panY;
    } else if (mover && mover.now.there) {
      const { x, y, heading } = mover.now;
      if (this.turns) this.turn = heading;
      const aside = heading - this.turn; // more is seen of what comes than of what was
      const at = this.world((0.14 * this.width * Math.cos(aside)) / this.scale, (0.14 * this.height * Math.sin(aside)) / this.scale);
      this.x = x + at.x + this.panX;
      this.y = y + at.y + this.panY;
    } else if (this.follow === "all") this.frameAll(movers);
  }

  frameAll(movers) {
    const [cos, sin] = [Math.cos(this.turn), Math.sin(this.turn)];
    let [u0, u1, v0, v1] = [Infinity, -Infinity, Infinity, -Infinity];
    for (const { now } of movers) {
      if (!now.there) continue;
      const [u, v] = [now.x * cos + now.y * sin, now.y * cos - now.x * sin];
      u0 = Math.min(u0, u); u1 = Math.max(u1, u);
      v0 = Math.min(v0, v); v1 = Math.max(v1, v);
    }
    if (u0 > u1) return;
    const at = this.world((u0 + u1) / 2, (v0 + v1) / 2);
    this.x = at.x + this.panX;
    this.y = at.y + this.panY;
    const room = Math.min(this.width / (u1 - u0 + 34), this.height / (v1 - v0 + 22));
    const wanted = Math.min(14, room);
    // Steps of a square root of two, left only when needed: nothing shrinks and grows all the time.
    if (this.scale > wanted || this.scale < wanted / 2.2) {
      this.scale = Math.max(LEAST, 2 ** (Math.floor(Math.log2(wanted) * 2) / 2));
    }
  }

  // What lies to the right and up on the screen, as a way in the world.
  world(right, up) {
    const [cos, sin] = [Math.cos(this.turn), Math.sin(this.turn)];
    return { x: right * cos - up * sin, y: right * sin + up * cos };
  }

  fit(box) {
    if (!(box.x0 <= box.x1)) return;
    this.follow = "free";
    this.turns = false;
    this.turn = this.base;
    this.panX = (box.x0 + box.x1) / 2;
    this.panY = (box.y0 + box.y1) / 2;
    this.scale = Math.max(LEAST, Math.min(20, 0.94 * Math.min(
      (this.base ? this.height : this.width) / Math.max(20, box.x1 - box.x0),
      (this.base ? this.width : this.height) / Math.max(20, box.y1 - box.y0),
    )));
  }

  toWorld(px, py) {
    const at = this.world((px - this.width / 2) / this.scale, (this.height / 2 - py) / this.scale);
    return { x: this.x + at.x, y: this.y + at.y };
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
