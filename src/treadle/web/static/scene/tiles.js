// The ground in tiles, painted once for a scale: a frame only lays them side by side.

const SIZE = 512; // device pixels
const KEPT = 60;

export class Tiles {
  constructor(paint) {
    this.paint = paint; // (context, view [m], pixel [m])
    this.kept = new Map();
    this.scale = 0;
  }

  forget() { this.kept.clear(); }

  // Lay the ground under a camera that is not turned; the ground goes by whole
  // pixels, so that it stays sharp; what moves on it does not have to.
  lay(context, camera) {
    const s = camera.scale * camera.ratio;
    if (s !== this.scale) { this.forget(); this.scale = s; }
    const [width, height] = [context.canvas.width, context.canvas.height];
    const left = Math.round(camera.x * s - width / 2);
    const top = Math.round(-camera.y * s - height / 2);
    context.setTransform(1, 0, 0, 1, 0, 0);
    const across = [Math.floor(left / SIZE), Math.floor((left + width - 1) / SIZE)];
    const down = [Math.floor(top / SIZE), Math.floor((top + height - 1) / SIZE)];
    for (let i = across[0]; i <= across[1]; i += 1) {
      for (let j = down[0]; j <= down[1]; j += 1) {
        context.drawImage(this.tile(i, j), i * SIZE - left, j * SIZE - top);
      }
    }
    this.ahead(across, down);
  }

  // Paint one tile beside those that are seen, so that it is there when it is needed.
  ahead(across, down) {
    for (const i of [across[1] + 1, across[0] - 1]) {
      for (let j = down[0]; j <= down[1]; j += 1) {
        if (!this.kept.has(`${i} ${j}`)) { this.tile(i, j); return; }
      }
    }
  }

  tile(i, j) {
    const key = `${i} ${j}`;
    let canvas = this.kept.get(key);
    if (canvas) {
      this.kept.delete(key); // the ones that are used last are kept longest
      this.kept.set(key, canvas);
      return canvas;
    }
    canvas = document.createElement("canvas");
    canvas.width = canvas.height = SIZE;
    const context = canvas.getContext("2d", { alpha: false });
    const s = this.scale;
    const view = { x0: (i * SIZE) / s, x1: ((i + 1) * SIZE) / s, y0: -((j + 1) * SIZE) / s, y1: -(j * SIZE) / s };
    context.setTransform(s, 0, 0, -s, -i * SIZE, -j * SIZE);
    this.paint(context, view, 1 / s);
    this.kept.set(key, canvas);
    if (this.kept.size > KEPT) this.kept.delete(this.kept.keys().next().value);
    return canvas;
  }
}
