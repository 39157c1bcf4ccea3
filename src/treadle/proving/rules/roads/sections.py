"""Lane sections made whole: what a section for one side leaves to the section before it."""

from dataclasses import replace

from treadle.proving.rules.roads.geometry import Polynomial
from treadle.proving.rules.roads.lanes import Lane, LaneSection


def whole_sections(sections: tuple[LaneSection, ...]) -> tuple[LaneSection, ...]:
    """Return sections that all have both sides.

    A section with singleSide (OpenDRIVE 1.8, 11.3.1) counts for the side that it has lanes on; the
    lanes of the other side go on as the section before says.
    """
    made: list[LaneSection] = []
    for section in sections:
        sides = {_side(lane) for lane in section.lanes} - {0}
        if not (section.is_single_side and made and len(sides) == 1):
            made.append(section)
            continue
        kept = -sides.pop()
        before = made[-1]
        delta = section.s - before.s
        on = [_goes_on(lane, delta) for lane in before.lanes if _side(lane) == kept]
        made[-1] = replace(
            before,
            lanes=tuple(
                replace(lane, successors=(lane.id,)) if _side(lane) == kept else lane
                for lane in before.lanes
            ),
        )
        lanes = [lane for lane in section.lanes if _side(lane) != kept] + on
        lanes.sort(key=lambda lane: -lane.id)
        made.append(replace(section, lanes=tuple(lanes)))
    return tuple(made)


def _side(lane: Lane) -> int:
    return (lane.id > 0) - (lane.id < 0)


def _goes_on(lane: Lane, delta: float) -> Lane:
    """Return a lane as it is from delta further on: its places counted from there."""
    return replace(
        lane,
        predecessors=(lane.id,),
        widths=_moved(lane.widths, delta),
        borders=_moved(lane.borders, delta),
        speeds=tuple(replace(speed, s=speed.s - delta) for speed in lane.speeds),
        accesses=tuple(replace(access, s=access.s - delta) for access in lane.accesses),
        heights=tuple(replace(height, s=height.s - delta) for height in lane.heights),
        materials=tuple(replace(material, s=material.s - delta) for material in lane.materials),
        rules=tuple((s - delta, text) for s, text in lane.rules),
    )


def _moved(rows: tuple[Polynomial, ...], delta: float) -> tuple[Polynomial, ...]:
    return tuple(Polynomial(p.s - delta, p.a, p.b, p.c, p.d) for p in rows)
