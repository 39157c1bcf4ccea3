"""Which of the twelve dyes a fact takes: the domain that speaks, or whose work it tells of.

A physical happening is told in one language (`trace`) by whichever domain sees it (DESIGN section
3). So a knot takes the dye of the domain whose daily work the business step is: assembly is the
plant's, repair the workshop's, selling the dealer's; goods on their way keep the trace's own grey.
"""

import json
from typing import Any

from treadle.kernel import Event
from treadle.web.words import tail

DYES = (
    "trace", "design", "proving", "factory", "carbon", "sales",
    "fleet", "ota", "cabin", "aftersales", "mobility", "rail",
)  # fmt: skip

WORDS = {
    "trace": "on its way", "design": "design", "proving": "proving", "factory": "plant",
    "carbon": "carbon", "sales": "sales", "fleet": "on the road", "ota": "software",
    "cabin": "cabin", "aftersales": "workshop", "mobility": "journeys", "rail": "rail",
}  # fmt: skip
"""What the legend calls a dye."""

_STEPS = {
    "factory": (
        "assembling", "commissioning", "creating_class_instance", "encoding", "inspecting",
        "installing", "packing", "unpacking", "staging_outbound", "sampling", "sensor_reporting",
        "testing", "transforming",
    ),
    "aftersales": (
        "decommissioning", "destroying", "disassembling", "removing", "repairing", "replacing",
    ),
    "sales": ("reserving", "retail_selling", "consigning", "dispensing", "other_selling"),
}  # fmt: skip
_OF_STEP = {step: dye for dye, steps in _STEPS.items() for step in steps}


def dye_of(event: Event) -> str:
    """Return the dye of an event's knot."""
    if event.domain != "trace":
        return event.domain if event.domain in DYES else "trace"
    step = _step(event.body)
    return _OF_STEP.get(step, "trace")


def _step(body: str) -> str:
    if '"bizStep"' not in body:
        return ""
    told: dict[str, Any] = json.loads(body)
    return tail(str(told.get("event", told).get("bizStep", "")))
