"""Scenes: what moved where and when, so that a door can draw it; the third kind of answer.

A query that answers with a `Scene` gets a page with a moving picture, seen from above, without a
word about it in any door (docs/decisions/0012). Whatever moves over ground and time can be told.
"""

from dataclasses import dataclass, field
from typing import Literal

from treadle.kernel.fact import ThingId

Tone = Literal["good", "warn", "bad", "plain"]
"""How a verdict is meant, whatever its word."""
DRAWN = {"drawn": True}
"""Marks a field that is to be drawn: who prints leaves it out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A line on the ground, corner by corner: the x and y of each [m]."""

    x_m: tuple[float, ...]
    y_m: tuple[float, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Area:
    """A strip of ground between two lines that run the same way.

    Attributes
    ----------
    kind
        What it is, in the field's word, as `driving`.
    left, right
        Places in `Ground.lines`.
    """

    kind: str
    left: int
    right: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """Paint along a line.

    Attributes
    ----------
    kind
        In the field's word, as `solid` or `broken`.
    line
        Place in `Ground.lines`.
    dash_m, gap_m
        Length of a stroke and of the gap after it [m]; 0 where it is unbroken.
    """

    kind: str
    line: int
    colour: str
    width_m: float
    dash_m: float = 0.0
    gap_m: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Fixture:
    """Something that stands or lies on the ground and does not move.

    Attributes
    ----------
    kind
        In the field's word, as `building`.
    x_m, y_m
        Its corners from above [m].
    is_closed
        The last corner is joined to the first; else it is a line, as a fence.
    height_m
        0 where it is flat or nobody tells [m].
    """

    name: str
    kind: str
    x_m: tuple[float, ...]
    y_m: tuple[float, ...]
    is_closed: bool = True
    height_m: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """What everything moves on.

    Attributes
    ----------
    within_m
        How far the lines may be from what they stand for [m].
    n_left_out
        Fixtures that are not told, since they are too many to draw.
    """

    lines: tuple[Line, ...] = ()
    areas: tuple[Area, ...] = ()
    marks: tuple[Mark, ...] = ()
    within_m: float = 0.0
    fixtures: tuple[Fixture, ...] = ()
    n_left_out: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Sign:
    """What tells those who pass: a sign, or a light with what it showed when.

    Attributes
    ----------
    kind
        `sign` or `light`.
    says
        In a few characters, as it would be read in passing; empty: nothing to read.
    words
        What it is.
    x_m, y_m
        Where it stands [m]; None where no place is told.
    heading_rad
        The way of those whom it is for, from the x axis to the left [rad].
    times_s
        When it changed [s]; empty where nobody sets it.
    states
        What it showed from each of these times on.
    """

    name: str
    kind: Literal["sign", "light"]
    says: str
    words: str
    x_m: float | None
    y_m: float | None
    heading_rad: float
    times_s: tuple[float, ...] = ()
    states: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Mover:
    """Something that moves, as a box seen from above.

    Attributes
    ----------
    kind
        What it is, in the field's word, as `car`.
    length_m, width_m
        Of the box [m].
    ahead_m, left_m
        Where the middle of the box is, from the point that moves [m].
    """

    name: str
    kind: str
    length_m: float
    width_m: float
    ahead_m: float = 0.0
    left_m: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Track:
    """How a mover went while it was there, without a break; between two moments evenly.

    Attributes
    ----------
    mover
        Place in `Scene.movers`.
    heading_rad
        From the x axis to the left [rad], without jumps.
    speed_mps
        Along the heading, negative backwards [m/s].
    z_m
        Height [m]; empty where all is level.
    """

    mover: int
    time_s: tuple[float, ...]
    x_m: tuple[float, ...]
    y_m: tuple[float, ...]
    heading_rad: tuple[float, ...]
    speed_mps: tuple[float, ...]
    z_m: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """Two movers that touch.

    Attributes
    ----------
    x_m, y_m
        Where [m].
    impact_speed_mps
        Closing speed [m/s].
    delta_v_mps, other_delta_v_mps
        Change of speed of the one and of the other [m/s]; None where a mass is not known.
    """

    time_s: float
    mover: str
    other: str
    x_m: float
    y_m: float
    impact_speed_mps: float
    delta_v_mps: float | None
    other_delta_v_mps: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """Something that a step waits for, or that ends it.

    Attributes
    ----------
    step
        The step's name.
    name
        Its author's word for it.
    words
        What has to be so, with the values that it had here.
    group
        Conditions of one group have to hold together; any group will do.
    ends
        It ends the step; else it starts it.
    fired_s
        When its group held and so the step started or ended [s].
    is_known
        False where it fired by one of several groups, and which is not known.
    number
        The step's place in `Scene.steps`.
    place
        Where it is written, `file:line`.
    """

    step: str
    words: str
    name: str
    group: int
    ends: bool
    fired_s: tuple[float, ...] = ()
    is_known: bool = True
    number: int
    place: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A step of what was planned to happen; depth first, so that depths make a tree.

    Attributes
    ----------
    trigger
        What it waits for, in its author's words.
    place
        Where it is written, `file:line`.
    """

    depth: int
    kind: str
    name: str
    trigger: str
    place: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Firing:
    """A step that started, ended, was stopped or skipped.

    Attributes
    ----------
    step
        Its name.
    number
        Place in `Scene.steps`.
    state
        What the step is in from then on.
    """

    time_s: float
    step: str
    kind: str
    what: str
    state: str
    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """A parameter: as it is declared, and as it was here.

    Attributes
    ----------
    is_varied
        It differs between the variants.
    """

    name: str
    declared: str
    here: str
    is_varied: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Fate:
    """Pieces of what was asked for that are alike, and what became of them.

    Attributes
    ----------
    n
        How many there are.
    place
        Where they are written, `file:line, line`.
    outcome
        In the field's word, as `executed`.
    matters
        Leaving it out can change what is seen.
    """

    element: str
    n: int
    place: str
    outcome: str
    matters: bool
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Among:
    """Which of several scenes this is, and its neighbours.

    Attributes
    ----------
    noun
        What they are called, as `variant`.
    parameter
        The query's parameter that chooses one.
    n
        There are so many, numbered from 0.
    before, after
        Its neighbours.
    failing_before, failing_after
        The nearest ones that did not come out well.
    n_failing
        Did not come out well; None where nothing is known of the others.
    """

    noun: str
    parameter: str
    number: int
    n: int
    before: int | None = None
    after: int | None = None
    failing_before: int | None = None
    failing_after: int | None = None
    n_failing: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """What moved where and when, why, and what came of it.

    Attributes
    ----------
    about
        The thing that it belongs to.
    verdict
        In the field's word.
    ended
        How it ended, and after how long.
    source
        How it was come by: kept, or computed again, and whether it is the same.
    start_s, end_s
        From when to when [s].
    """

    title: str
    thing: ThingId
    about: ThingId
    verdict: str
    tone: Tone
    reasons: tuple[str, ...]
    ended: str
    source: str
    start_s: float
    end_s: float
    among: Among | None
    movers: tuple[Mover, ...]
    contacts: tuple[Contact, ...]
    firings: tuple[Firing, ...]
    steps: tuple[Step, ...]
    settings: tuple[Setting, ...]
    elements: tuple[Fate, ...]
    conditions: tuple[Condition, ...] = ()
    signs: tuple[Sign, ...] = ()
    ground: Ground = field(metadata=DRAWN)
    tracks: tuple[Track, ...] = field(metadata=DRAWN)
