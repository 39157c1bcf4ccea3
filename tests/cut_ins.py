"""Which cut-ins of the UN R157 set pieces could be met comfortably: for tests and benchmarks.

Worked out with NumPy from shared/spec/r157_models.md, section 5, apart from the engine. In three
steps a comfortable answer is one that a driver could have given who does not know the future:

1. Another vehicle shows itself when it has gone 0.375 m sideways: UN R157 takes less for wandering.
2. From then on 2.5 m/s2, rising by 12.65 m/s3, avoids the collision; or keeping the speed does,
   and what is seen from then on says so: with its lateral speed as it is, or growing on as it just
   did up to 1.8 m/s, the own vehicle is past by 0.3 m and a sample (0.1 s) to spare.
3. To wait so long could not have cost a collision: there is no final lateral speed, from that of
   the case up to 1.8 m/s, at which full braking from the first sideways motion on avoids one, and
   full braking from that moment on, or from when the growth was over, does not.
"""

import numpy as np

LENGTH, WIDTH, ASIDE, FULL = 4.3, 1.9, 3.5, 0.774 * 9.81
GENTLE, JERK, SHOWN, FASTEST = 2.5, 12.65, 0.375, 1.8
SPARE, SAMPLES = 0.3, 400


class Motion:
    """Cut-ins side by side: sample by sample, both vehicles; the own one brakes where told."""

    def __init__(self, case: np.ndarray, fastest: np.ndarray) -> None:
        self.v, self.u, gap, w = (case[:, 0] / 3.6, case[:, 1] / 3.6, case[:, 2], case[:, 3])
        self.n = np.ceil(w / 0.15)
        self.fastest = fastest
        self.speed, self.way = self.v.copy(), -self.v * self.n / 10.0
        self.other = gap + LENGTH - self.u * self.n / 10.0
        self.start = ASIDE + 0.15 * self.n * (self.n - 1.0) / 20.0
        self.aside, self.step = self.start.copy(), 0
        self.braking, self.touched = np.zeros(len(case)), np.zeros(len(case), bool)

    def sideways(self, step: int) -> np.ndarray:
        """Return the lateral speeds at a sample [m/s]."""
        return np.asarray(np.minimum(0.15 * step, self.fastest))

    def go_on(self, begun: np.ndarray, most: float) -> None:
        """Judge this sample and go to the next, braking down to the other's speed."""
        near = abs(self.other - self.way) < LENGTH
        self.touched |= near & (abs(self.aside) < WIDTH) & (self.step < self.n + 350)
        acts = begun & (self.speed > self.u)
        self.braking = np.where(acts, np.minimum(most, self.braking + JERK / 10.0), self.braking)
        slower = np.maximum(self.speed - self.braking / 10.0, self.u)
        self.speed = np.where(acts, slower, self.speed)
        self.way, self.other = self.way + self.speed / 10.0, self.other + self.u / 10.0
        self.aside = np.maximum(self.aside - self.sideways(self.step) / 10.0, 0.0)
        self.step += 1


def avoided(case: np.ndarray, most: float, shown: float = 0.0) -> np.ndarray:
    """Return which cut-ins are avoided by braking from so much sideways way on; at once at 0."""
    motion = Motion(case, case[:, 3])
    for _ in range(SAMPLES):
        moves = motion.sideways(motion.step) > 0.0
        motion.go_on(moves & (motion.start - motion.aside >= shown), most)
    return ~motion.touched


def seen_to_pass(case: np.ndarray) -> np.ndarray:
    """Return where keeping the speed avoids it, and what is seen of it says so."""
    motion, says = Motion(case, case[:, 3]), np.ones(len(case), bool)
    for _ in range(SAMPLES):
        w = motion.sideways(motion.step)
        growth = (w - motion.sideways(motion.step - 1)) * 10.0 if motion.step else 0.0 * w
        beside, grows = motion.aside - WIDTH, growth > 1e-9
        judged = (motion.start - motion.aside >= SHOWN) & (w > 0.0) & (beside > 0.0)
        g, at_end = np.where(grows, growth, 1.0), np.where(w > 0.0, w, 1.0)
        rising = (FASTEST - w) / g
        way = (w + FASTEST) / 2.0 * rising
        late = rising + (beside - way) / FASTEST
        soon = (np.sqrt(np.maximum(w * w + 2.0 * g * beside, 0.0)) - w) / g
        at = np.where(grows, np.where(beside > way, late, soon), beside / at_end)
        ahead = motion.way - motion.other - LENGTH
        room = ahead + (motion.v - motion.u) * np.maximum(at - 0.1, 0.0)
        says &= ~(judged & (room < SPARE))
        motion.go_on(np.zeros(len(case), bool), 0.0)
    return np.asarray(says & ~motion.touched)


def saved_at_once(case: np.ndarray) -> np.ndarray:
    """Return where waiting for it to show itself could have cost a collision."""
    found, known = np.zeros(len(case), bool), np.minimum(8, np.ceil(case[:, 3] / 0.15))
    for fastest in np.arange(2, 19) / 10.0:
        possible = fastest >= case[:, 3] - 1e-9
        if not possible.any():
            continue
        ends = []
        for wait in (np.ones(len(case)), known):
            motion = Motion(case, np.full(len(case), fastest))
            for _ in range(150):
                motion.go_on((motion.step >= wait) & (motion.way < motion.other), FULL)
            ends.append(motion.touched)
        found |= possible & ~ends[0] & ends[1]
    return found


def comfortable(case: np.ndarray) -> np.ndarray:
    """Return which cut-ins have a comfortable answer for whom does not know the future."""
    answered = avoided(case, GENTLE, SHOWN) | seen_to_pass(case)
    return np.asarray(answered & ~saved_at_once(case))


def comfortable_in_hindsight(case: np.ndarray) -> np.ndarray:
    """Return which of them gentle braking from the first motion on avoids, or keeping the speed."""
    return np.asarray(avoided(case, GENTLE) | avoided(case, 0.0))
