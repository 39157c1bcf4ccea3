// Where everything is at a time: tracks told at a few moments, even in between.

class Piece {
  constructor(told, origin) {
    this.time = Float64Array.from(told.time_s);
    this.x = Float64Array.from(told.x_m, (x) => x - origin.x);
    this.y = Float64Array.from(told.y_m, (y) => y - origin.y);
    this.heading = Float64Array.from(told.heading_rad);
    this.speed = Float64Array.from(told.speed_mps);
    this.height = told.z_m.length ? Float64Array.from(told.z_m) : new Float64Array(this.time.length);
    this.row = 0;
  }

  get start() { return this.time[0]; }

  get end() { return this.time[this.time.length - 1]; }

  // Finding starts where it was found last: time mostly runs on.
  find(time) {
    const { time: at } = this;
    let row = this.row;
    if (at[row] > time || (row + 2 < at.length && at[row + 2] < time)) {
      let low = 0;
      let high = at.length - 1;
      while (high - low > 1) {
        const middle = (low + high) >> 1;
        if (at[middle] <= time) low = middle; else high = middle;
      }
      row = low;
    } else if (row + 1 < at.length && at[row + 1] <= time) row += 1;
    this.row = Math.max(0, Math.min(row, at.length - 2));
    return this.row;
  }

  put(time, out) {
    if (this.time.length === 1) { this.copy(0, 0, 0, out); return; }
    const row = this.find(time);
    const share = (time - this.time[row]) / (this.time[row + 1] - this.time[row]);
    this.copy(row, row + 1, Math.min(1, Math.max(0, share)), out);
  }

  copy(a, b, share, out) {
    out.there = true;
    out.x = this.x[a] + share * (this.x[b] - this.x[a]);
    out.y = this.y[a] + share * (this.y[b] - this.y[a]);
    out.heading = this.heading[a] + share * (this.heading[b] - this.heading[a]);
    out.speed = this.speed[a] + share * (this.speed[b] - this.speed[a]);
    out.height = this.height[a] + share * (this.height[b] - this.height[a]);
  }
}

export class Mover {
  constructor(told, tracks, origin) {
    this.name = told.name;
    this.kind = told.kind;
    this.length = told.length_m || 0.6;
    this.width = told.width_m || 0.6;
    this.ahead = told.ahead_m;
    this.left = told.left_m;
    this.pieces = tracks.map((track) => new Piece(track, origin));
    this.colour = "#888888";
    this.now = { there: false, x: 0, y: 0, heading: 0, speed: 0, height: 0 };
  }

  get moves() { return this.pieces.length > 0; }

  at(time, out = this.now) {
    out.there = false;
    for (const piece of this.pieces) {
      if (time >= piece.start - 1e-9 && time <= piece.end + 1e-9) { piece.put(time, out); break; }
    }
    return out;
  }
}

// The corners of a mover's box, front left first, counter-clockwise: x0 y0 x1 y1 ...
export function corners(mover, state, out) {
  const cos = Math.cos(state.heading);
  const sin = Math.sin(state.heading);
  const half = mover.length / 2;
  const side = mover.width / 2;
  const along = [half, -half, -half, half];
  const across = [side, side, -side, -side];
  for (let k = 0; k < 4; k += 1) {
    const u = mover.ahead + along[k];
    const v = mover.left + across[k];
    out[2 * k] = state.x + u * cos - v * sin;
    out[2 * k + 1] = state.y + u * sin + v * cos;
  }
  return out;
}

function toSegment(x, y, ax, ay, bx, by) {
  const dx = bx - ax;
  const dy = by - ay;
  const square = dx * dx + dy * dy;
  const share = square > 0 ? Math.max(0, Math.min(1, ((x - ax) * dx + (y - ay) * dy) / square)) : 0;
  const px = ax + share * dx - x;
  const py = ay + share * dy - y;
  return px * px + py * py;
}

function overlap(a, b) {
  for (const box of [a, b]) {
    for (let k = 0; k < 2; k += 1) {
      const nx = box[2 * k + 3] - box[2 * k + 1];
      const ny = box[2 * k] - box[2 * k + 2];
      let [lowA, highA, lowB, highB] = [Infinity, -Infinity, Infinity, -Infinity];
      for (let n = 0; n < 8; n += 2) {
        const onA = a[n] * nx + a[n + 1] * ny;
        const onB = b[n] * nx + b[n + 1] * ny;
        lowA = Math.min(lowA, onA); highA = Math.max(highA, onA);
        lowB = Math.min(lowB, onB); highB = Math.max(highB, onB);
      }
      if (highA < lowB || highB < lowA) return false;
    }
  }
  return true;
}

// The shortest straight distance between two boxes [m]; 0 where they touch or overlap.
export function boxDistance(a, b) {
  if (overlap(a, b)) return 0;
  let least = Infinity;
  for (let n = 0; n < 8; n += 2) {
    for (let k = 0; k < 8; k += 2) {
      const next = (k + 2) % 8;
      least = Math.min(
        least,
        toSegment(a[n], a[n + 1], b[k], b[k + 1], b[next], b[next + 1]),
        toSegment(b[n], b[n + 1], a[k], a[k + 1], a[next], a[next + 1]),
      );
    }
  }
  return Math.sqrt(least);
}

// The gap from one mover to others over time: pairs of time and distance, NaN while one is away.
export function gaps(mover, others, start, end, every) {
  const n = Math.max(2, Math.min(4000, Math.ceil((end - start) / every) + 1));
  const [mine, theirs] = [new Float64Array(8), new Float64Array(8)];
  const state = { there: false, x: 0, y: 0, heading: 0, speed: 0 };
  const points = [];
  for (let k = 0; k < n; k += 1) {
    const time = start + ((end - start) * k) / (n - 1);
    let least = NaN;
    if (mover.at(time, state).there) {
      corners(mover, state, mine);
      for (const other of others) {
        if (!other.at(time, state).there) continue;
        const gap = boxDistance(mine, corners(other, state, theirs));
        least = Number.isNaN(least) ? gap : Math.min(least, gap);
      }
    }
    points.push([time, least]);
  }
  return points;
}
