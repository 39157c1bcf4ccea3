"""How finely and for how long a run is computed: the defaults, and what is refused."""

import math

from treadle.kernel import InvalidInputError

EGO = "Ego"
"""The entity under test in the UN R157 scenarios, and by custom elsewhere."""
PATIENCE_S = 30.0
"""A driver that is asked from Python and takes longer for one answer hangs."""
RUN_PATIENCE_S = 600.0
"""For all its answers in one run such a driver may take so long."""
STEP_S = 0.01
"""The step of the integration where nothing is said [s]."""
TIME_LIMIT_S = 400.0
"""How long a run may last where nothing is said, in the scenario's own time [s].

Longer than the longest of the UN R157 scenarios (300 s), short enough that those that can never
end do not hold up a sweep."""
LONGEST_STEP_S = 1.0
MOST_STEPS = 10_000_000
MOST_VARIANTS = 10_000_000
"""Variants of one run."""
MOTIONS = ("default", "kinematic", "dynamic")
"""How vehicles may move, as the engine numbers it (engine.scenario.tables)."""


def check_lengths(
    *, step_s: float, time_limit_s: float, sample_every_s: float | None, threads: int | None
) -> None:
    """Refuse what no run can be computed with.

    Parameters
    ----------
    step_s, time_limit_s, sample_every_s
        Lengths of time [s].

    Raises
    ------
    InvalidInputError
        A length is none, the step is too long, there are too many steps, or there are no threads.
    """
    for what, value in (
        ("step", step_s),
        ("time limit", time_limit_s),
        ("time between samples", sample_every_s),
    ):
        if value is not None and not (math.isfinite(value) and value > 0.0):
            text = f"the {what} of {value} s is no length of time; give more than 0"
            raise InvalidInputError(text)
    if step_s > LONGEST_STEP_S:
        text = f"a step of {step_s:g} s is too long; give at most {LONGEST_STEP_S:g} s"
        raise InvalidInputError(text)
    if step_s > time_limit_s:
        text = f"a step of {step_s:g} s is longer than the time limit of {time_limit_s:g} s"
        raise InvalidInputError(f"{text}; give a shorter one")
    if time_limit_s / step_s > MOST_STEPS:
        text = f"{time_limit_s:g} s at {step_s:g} s a step are more than {MOST_STEPS:,} steps"
        raise InvalidInputError(f"{text}; give a shorter time limit or a longer step")
    if threads is not None and threads < 1:
        text = f"{threads} cores compute nothing; give 1 or more, or leave it out"
        raise InvalidInputError(text)


def check_motion(motion: str) -> None:
    """Refuse a motion that there is none of.

    Raises
    ------
    InvalidInputError
        It is another one than those that are.
    """
    if motion not in MOTIONS:
        text = f"there is no motion {motion!r}; say {', '.join(MOTIONS[:-1])} or {MOTIONS[-1]}"
        raise InvalidInputError(text)


def check_patience(*seconds: float) -> None:
    """Refuse times that no driver could answer in.

    Raises
    ------
    InvalidInputError
        One is no positive number.
    """
    for one in seconds:
        if not one > 0.0:
            text = f"a patience of {one:g} s is none; give a positive number of seconds, or inf"
            raise InvalidInputError(text)
