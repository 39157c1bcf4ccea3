"""A yard that no door has heard of: a tug that drives, as a scene."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime

from treadle.kernel import Fact, NotFoundError, Store, ThingId, named
from treadle.kernel.scene import (
    Among,
    Area,
    Contact,
    Fate,
    Firing,
    Ground,
    Line,
    Mark,
    Mover,
    Scene,
    Setting,
    Step,
    Track,
)

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
TUG = ThingId("urn:yard:tug:1")
PAGE = f"/d/yard/drive?thing={TUG}"


@named("yard.arrived")
@dataclass(frozen=True, kw_only=True)
class Arrived(Fact):
    """A tug came to the yard."""

    gate: int


def drive(store: Store, *, thing: ThingId, tour: int = 0, north: bool = False) -> Scene:
    """Return how a tug drove.

    Parameters
    ----------
    tour
        Which of its tours.
    north
        To the north, not to the east.
    """
    if not store.history(thing):
        text = f"there is no tug {thing}; ask at the gate"
        raise NotFoundError(text)
    made = _drive(tour)
    if north:
        turned = (replace(t, x_m=t.y_m, y_m=t.x_m, heading_rad=(1.57, 1.57)) for t in made.tracks)
        made = replace(made, tracks=tuple(turned), ground=Ground())
    return replace(made, verdict="LOST", tone="bad", tracks=()) if tour == 2 else made


def _drive(tour: int) -> Scene:
    """Return 10 s: the tug at 10 m/s from x = 0, a crate of 2 m that stands at x = 80."""
    lines = tuple(Line(x_m=(-100.0, 300.0), y_m=(y, y)) for y in (4.0, 0.0, -4.0))
    return Scene(
        title="A tug's tour",
        thing=TUG,
        about=TUG,
        verdict="ARRIVED",
        tone="good",
        reasons=("the crate was in the way",),
        ended="gate after 10 s",
        source="As it was recorded",
        start_s=0.0,
        end_s=10.0,
        among=Among(
            noun="tour", parameter="tour", number=tour, n=3, before=tour - 1 if tour else None,
            after=tour + 1 if tour < 2 else None, failing_after=2 if tour < 2 else None,
            n_failing=1,
        ),
        movers=(
            Mover(name="Tug", kind="car", length_m=4.0, width_m=2.0),
            Mover(name="Crate", kind="obstacle", length_m=2.0, width_m=2.0),
        ),
        contacts=(
            Contact(
                time_s=7.7, mover="Tug", other="Crate", x_m=79.0, y_m=0.0, impact_speed_mps=10.0,
                delta_v_mps=4.0, other_delta_v_mps=None,
            ),
        ),
        firings=(
            Firing(time_s=0.0, step="Tour", kind="story", what="started", state="on", number=0),
            Firing(time_s=4.0, step="Hoot", kind="event", what="started", state="on", number=1),
            Firing(time_s=6.5, step="Hoot", kind="event", what="ended", state="complete", number=1),
        ),
        steps=(
            Step(depth=0, kind="story", name="Tour", trigger="", place="tour.txt:1"),
            Step(depth=1, kind="event", name="Hoot", trigger="near the crate", place="tour.txt:2"),
        ),
        settings=(
            Setting(name="speed", declared="8", here="10", is_varied=True),
            Setting(name="gate", declared="1", here="1", is_varied=False),
        ),
        elements=(
            Fate(element="Hoot", n=1, place="tour.txt:2", outcome="executed", matters=False,
                 reason=""),
            Fate(element="Wave", n=2, place="tour.txt:3, 4", outcome="not supported", matters=True,
                 reason="tugs have no hands"),
        ),
        ground=Ground(
            lines=lines,
            areas=(Area(kind="driving", left=0, right=2),),
            marks=(Mark(kind="broken", line=1, colour="standard", width_m=0.2),),
        ),
        tracks=(
            Track(mover=0, time_s=(0.0, 10.0), x_m=(0.0, 100.0), y_m=(0.0, 0.0),
                  heading_rad=(0.0, 0.0), speed_mps=(10.0, 10.0)),
            Track(mover=1, time_s=(0.0, 10.0), x_m=(80.0, 80.0), y_m=(0.0, 0.0),
                  heading_rad=(0.0, 0.0), speed_mps=(0.0, 0.0)),
        ),
    )  # fmt: skip
