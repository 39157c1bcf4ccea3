// The ground as paths, cut into pieces that a view can leave out; painted in layers, far or near.

const CORNERS = 48; // of a piece
const LONGEST = 160; // of a side [m], so that long straights can be left out, too

// What lies under what: the kinds of OpenDRIVE's lanes by the colour that they take.
const LAYERS = [
  ["verge", ["none", "border", "special1", "special2", "special3", "roadWorks"]],
  ["median", ["median", "curb"]],
  ["side", ["sidewalk", "walking", "biking", "shared"]],
  ["shoulder", ["shoulder", "stop", "parking", "restricted", "slipLane"]],
  ["rail", ["tram", "rail"]],
  ["road", []],
];

// What lies flat is painted on the road, what stands is painted over it.
const FLAT = ["crosswalk", "parkingSpace", "roadMark", "roadSurface", "trafficIsland", "patch"];
const GREEN = ["tree", "vegetation"];
const ROOFS = ["tunnel", "bridge"];

function fixturePiece(told, origin) {
  const piece = { box: new Box(), x: told.x_m.map((x) => x - origin.x), y: told.y_m.map((y) => y - origin.y) };
  for (let k = 0; k < piece.x.length; k += 1) piece.box.add(piece.x[k], piece.y[k]);
  piece.closed = told.is_closed;
  piece.style = ROOFS.includes(told.kind) ? "roof" : FLAT.includes(told.kind) ? "flat" : GREEN.includes(told.kind) ? "leaf" : "stone";
  piece.stripes = told.kind === "crosswalk";
  return piece;
}

function layerOf(kind) {
  const found = LAYERS.find(([, kinds]) => kinds.includes(kind));
  return found ? found[0] : "road";
}

class Box {
  constructor() { this.x0 = this.y0 = Infinity; this.x1 = this.y1 = -Infinity; }

  add(x, y) {
    if (x < this.x0) this.x0 = x;
    if (x > this.x1) this.x1 = x;
    if (y < this.y0) this.y0 = y;
    if (y > this.y1) this.y1 = y;
  }

  meets(other) {
    return this.x0 <= other.x1 && this.x1 >= other.x0 && this.y0 <= other.y1 && this.y1 >= other.y0;
  }
}

// Lines that run the same way, with long sides parted at the same places.
function parted(lines) {
  const [first] = lines;
  const out = lines.map(() => ({ x: [], y: [] }));
  for (let k = 0; k < first.x.length; k += 1) {
    let parts = 1;
    if (k > 0) {
      const long = Math.hypot(first.x[k] - first.x[k - 1], first.y[k] - first.y[k - 1]);
      parts = Math.max(1, Math.ceil(long / LONGEST));
    }
    for (let p = 1; p <= parts; p += 1) {
      const share = p / parts;
      lines.forEach((line, n) => {
        const before = k > 0 ? k - 1 : 0;
        out[n].x.push(line.x[before] + share * (line.x[k] - line.x[before]));
        out[n].y.push(line.y[before] + share * (line.y[k] - line.y[before]));
      });
    }
  }
  return out;
}

function pieces(n, take) {
  for (let first = 0; first < n - 1; first += CORNERS) take(first, Math.min(n - 1, first + CORNERS));
}

function areaPieces(left, right, keep) {
  const [a, b] = parted([left, right]);
  pieces(a.x.length, (first, last) => {
    const piece = { box: new Box(), corners: [] };
    for (let k = first; k <= last; k += 1) piece.corners.push(a.x[k], a.y[k]);
    for (let k = last; k >= first; k -= 1) piece.corners.push(b.x[k], b.y[k]);
    for (let k = 0; k < piece.corners.length; k += 2) piece.box.add(piece.corners[k], piece.corners[k + 1]);
    keep(piece);
  });
}

function aside(line, by) {
  const { x, y } = line;
  const out = { x: [], y: [] };
  for (let k = 0; k < x.length; k += 1) {
    const [a, b] = [Math.max(0, k - 1), Math.min(x.length - 1, k + 1)];
    const long = Math.hypot(x[b] - x[a], y[b] - y[a]) || 1;
    out.x.push(x[k] - (by * (y[b] - y[a])) / long);
    out.y.push(y[k] + (by * (x[b] - x[a])) / long);
  }
  return out;
}

function markPieces(mark, line, keep) {
  const kinds = mark.kind.split(" ");
  const dashes = [mark.dash_m || 3, mark.gap_m || 6];
  kinds.forEach((kind, n) => {
    const by = kinds.length > 1 ? mark.width_m * (n === 0 ? 1.1 : -1.1) : 0;
    const [path] = parted([by ? aside(line, by) : line]);
    let gone = 0;
    pieces(path.x.length, (first, last) => {
      const piece = { box: new Box(), x: path.x.slice(first, last + 1), y: path.y.slice(first, last + 1) };
      piece.gone = gone;
      for (let k = first; k <= last; k += 1) {
        piece.box.add(path.x[k], path.y[k]);
        if (k > first) gone += Math.hypot(path.x[k] - path.x[k - 1], path.y[k] - path.y[k - 1]);
      }
      piece.dashes = kind === "broken" ? dashes : [];
      piece.width = mark.width_m;
      piece.style = kind === "curb" || kind === "edge" || kind === "grass" ? "kerb" : paint(mark.colour);
      keep(piece);
    });
  });
}

const paint = (colour) => (["yellow", "red", "blue", "green", "orange"].includes(colour) ? colour : "mark");

export class Ground {
  constructor(told, origin) {
    const lines = told.lines.map((line) => ({
      x: line.x_m.map((x) => x - origin.x),
      y: line.y_m.map((y) => y - origin.y),
    }));
    this.areas = new Map(LAYERS.map(([layer]) => [layer, []]));
    this.marks = [];
    this.box = new Box();
    for (const area of told.areas) {
      areaPieces(lines[area.left], lines[area.right], (piece) => this.areas.get(layerOf(area.kind)).push(piece));
    }
    for (const mark of told.marks) markPieces(mark, lines[mark.line], (piece) => this.marks.push(piece));
    for (const line of lines) for (let k = 0; k < line.x.length; k += 1) this.box.add(line.x[k], line.y[k]);
    this.fixtures = told.fixtures.map((fixture) => fixturePiece(fixture, origin));
    this.isEmpty = lines.length === 0;
  }

  // Paint what a view shows; the context is set to metres already. `px` is a pixel [m].
  paint(context, view, px, look) {
    for (const [layer] of LAYERS) {
      const path = new Path2D();
      let any = false;
      for (const piece of this.areas.get(layer)) {
        if (!piece.box.meets(view)) continue;
        const at = piece.corners;
        path.moveTo(at[0], at[1]);
        for (let k = 2; k < at.length; k += 2) path.lineTo(at[k], at[k + 1]);
        path.closePath();
        any = true;
      }
      if (!any) continue;
      context.fillStyle = look[layer];
      context.fill(path);
      context.strokeStyle = look[layer];
      context.lineWidth = px; // neighbours overlap by a pixel: no seam
      context.setLineDash([]);
      context.stroke(path);
    }
    if (px < 1.6) this.paintMarks(context, view, px, look);
    this.paintFixtures(context, view, px, look);
  }

  paintFixtures(context, view, px, look) {
    context.setLineDash([]);
    context.lineJoin = "round";
    for (const piece of this.fixtures) {
      const wide = Math.max(piece.box.x1 - piece.box.x0, piece.box.y1 - piece.box.y0);
      if (!piece.box.meets(view) || wide < px) continue;
      context.beginPath();
      context.moveTo(piece.x[0], piece.y[0]);
      for (let k = 1; k < piece.x.length; k += 1) context.lineTo(piece.x[k], piece.y[k]);
      if (piece.closed) context.closePath();
      context.strokeStyle = piece.style === "flat" ? look.mark : look.edge;
      context.lineWidth = Math.max(piece.closed ? 0.06 : 0.15, 1.1 * px);
      if (piece.style === "roof") context.setLineDash([6 * px, 5 * px]);
      else if (piece.closed && (piece.style !== "flat" || piece.stripes)) {
        context.fillStyle = piece.style === "flat" ? look.mark : look[piece.style];
        context.globalAlpha = piece.style === "flat" ? 0.45 : 1;
        context.fill();
        context.globalAlpha = 1;
      }
      context.stroke();
      context.setLineDash([]);
    }
  }

  paintMarks(context, view, px, look) {
    context.lineCap = "butt";
    const far = px > 0.5;
    for (const piece of this.marks) {
      if (!piece.box.meets(view) || (far && piece.dashes.length)) continue;
      context.strokeStyle = look[piece.style] || look.mark;
      context.lineWidth = Math.max(piece.width, px * (far ? 0.7 : 1.1));
      context.setLineDash(piece.dashes);
      context.lineDashOffset = piece.dashes.length ? piece.gone % (piece.dashes[0] + piece.dashes[1]) : 0;
      context.beginPath();
      context.moveTo(piece.x[0], piece.y[0]);
      for (let k = 1; k < piece.x.length; k += 1) context.lineTo(piece.x[k], piece.y[k]);
      context.stroke();
    }
    context.setLineDash([]);
  }
}
