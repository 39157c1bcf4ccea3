// The time of the scenario: running, standing, at a speed; told to whoever listens.

export class Clock {
  constructor(start, end) {
    this.start = start;
    this.end = end;
    this.time = start;
    this.speed = 1;
    this.playing = false;
    this.last = 0;
    this.heard = [];
  }

  listen(hear) { this.heard.push(hear); }

  tell() { for (const hear of this.heard) hear(this); }

  toggle() {
    if (!this.playing && this.time >= this.end) this.time = this.start;
    this.playing = !this.playing && this.end > this.start;
    this.last = 0;
    this.tell();
  }

  pause() {
    this.playing = false;
    this.tell();
  }

  jump(time) {
    this.time = Math.min(this.end, Math.max(this.start, time));
    this.tell();
  }

  setSpeed(speed) {
    this.speed = speed;
    this.tell();
  }

  // A frame came at this moment [ms]; a page that was out of sight does not catch up.
  frame(moment) {
    if (!this.playing) { this.last = 0; return; }
    if (this.last) {
      this.time += Math.min(0.1, (moment - this.last) / 1000) * this.speed;
      if (this.time >= this.end) {
        this.time = this.end;
        this.playing = false;
        this.tell();
      }
    }
    this.last = moment;
  }
}
