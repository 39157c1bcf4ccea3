"""Properties of esmini's own that change how an entity moves: a dialect, carried out as such.

The standard gives a Property no meaning (class Property). Scenarios made with esmini use some that
change motion; left out in silence they would run otherwise than their authors saw. So these are
carried out, in any scenario and with any value, and the manifest says whose they are. Other
properties have no effect. Source: esmini's user guide and release notes (2.56.0 and later).

refpoint_x_offset
    The reference point is that far ahead of the rear axle [m], which is drawn behind it
    (engine/scenario/axle.py). Bounding box, hitch and coupler stay where the file has them,
    measured from the rear axle.
ignoreHeadingForTrajMotion
    On a trajectory speed is along the curve, whichever way its vertices make the entity look.
plineInterpolation
    How headings change along a Polyline: corner, segment or none.
"""

from dataclasses import dataclass

import numpy as np

from treadle.engine.curve.tables import AT_CORNERS, AT_VERTICES, EVENLY
from treadle.kernel import InvalidInputError
from treadle.proving.rules.binding import Element
from treadle.proving.rules.expression import Expression
from treadle.proving.rules.lowering.slots import Slots
from treadle.proving.rules.parameters import VariesError

OWN_WORDS = "properties are its author's own: the standard gives them no meaning"
OF_ESMINI = "executed: a property of esmini, the standard gives it no meaning"
BLENDS = {"corner": AT_CORNERS, "segment": EVENLY, "none": AT_VERTICES}


@dataclass(frozen=True, slots=True, kw_only=True)
class Manner:
    """How an entity moves by properties of its own.

    Attributes
    ----------
    ahead
        How far its reference point is ahead of its rear axle [m]; None: it is the axle.
    along_curve
        On a trajectory its speed is along the curve.
    blend
        How headings change along a polyline (engine.curve.tables); None: by the following mode.
    """

    ahead: Expression | None = None
    along_curve: bool = False
    blend: int | None = None


NO_MANNER = Manner()


def manner_of(it: Element) -> Manner:
    """Return how an entity moves by its Properties, and tell what becomes of each of them."""
    properties = it.child("Properties")
    if properties is None:
        return NO_MANNER
    found: dict[str, Expression | bool | int] = {}
    for one in properties.children:
        name = one.node.attributes.get("name", "") if one.tag == "Property" else ""
        value = _value(one, name) if name in _NAMES else None
        if value is None:
            one.without_effect(OWN_WORDS)
        else:
            one.text("name")
            one.remark(OF_ESMINI)
            found[_NAMES[name]] = value
    if not found:
        properties.without_effect(OWN_WORDS)
    return Manner(**found)  # type: ignore[arg-type]  # each value is of its field's type: _value


_NAMES = {
    "refpoint_x_offset": "ahead",
    "ignoreHeadingForTrajMotion": "along_curve",
    "plineInterpolation": "blend",
}


def _value(one: Element, name: str) -> Expression | bool | int | None:
    """Return what a property says; None, and a warning, where esmini could not read it either.

    A reference point that is the axle, as the standard has it, is nothing of esmini's.
    """
    try:
        if name == "plineInterpolation":
            return BLENDS[one.word("value", tuple(BLENDS))]
        if name == "ignoreHeadingForTrajMotion":
            return one.flag("value")
        ahead = one.number("value")
    except VariesError:
        raise
    except InvalidInputError as error:
        text = f"esmini's property {name} cannot be read and is left out ({error})"
        one.ledger.warning("semantic.esmini_property", text, one.node)
        return None
    return None if ahead.constant == 0.0 else ahead


def less(slots: Slots, number: Expression, ahead: Expression | None) -> int:
    """Return the slot of an x [m] that is told from the rear axle, from the reference point."""
    return slots.of(number) if ahead is None else slots.derived(_less, number, ahead)


def _less(number: np.ndarray, ahead: np.ndarray) -> np.ndarray:
    found: np.ndarray = number - ahead
    return found
