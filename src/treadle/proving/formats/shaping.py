"""What entities are like: their bounding boxes and kinds, as rows beside their trajectories."""

import numpy as np

from treadle.proving.rules.binding import Element
from treadle.proving.rules.gathering import Gathering
from treadle.proving.rules.lowering.build import Build
from treadle.proving.rules.lowering.entities import KINDS
from treadle.proving.rules.lowering.traffic_templates import CATEGORIES
from treadle.proving.rules.result import SHAPE

_SLOTS = {
    "length_m": "length_slot",
    "width_m": "width_slot",
    "height_m": "height_slot",
    "ahead_m": "centre_x_slot",
    "left_m": "centre_y_slot",
    "up_m": "centre_z_slot",
}


def shapes(build: Build, numbers: np.ndarray, gathering: Gathering) -> np.ndarray:
    """Return the entities of the variant whose samples were added last.

    Parameters
    ----------
    numbers : (n_slots,)
        Of that variant.

    Returns
    -------
    rows : (n_entities,) SHAPE
        Of the scenario's own entities, then of its traffic.
    """
    made, entities = gathering.guests[-1], build.entities.array()
    templates = build.templates.array()
    rows = np.zeros(len(build.entity_rows) + len(made), SHAPE)
    samples = gathering.samples[-1]
    rows["variant"] = samples["variant"][0] if len(samples) else 0
    kinds = _categories(build.scenario)
    for row, (name, at) in zip(rows, build.entity_rows.items(), strict=False):
        _fill(row, entities[at], numbers, gathering.entities[name])
        row["category"] = kinds.get(name, -1)
    for row, guest in zip(rows[len(build.entity_rows) :], made, strict=True):
        template = templates[guest["template"]]
        _fill(row, template, numbers, guest["entity"])
        row["category"] = template["category"]
    return rows if len(samples) else rows[:0]


def _fill(row: np.void, it: np.void, numbers: np.ndarray, entity: int) -> None:
    row["entity"], row["kind"] = entity, it["kind"]
    for ours, theirs in _SLOTS.items():
        row[ours] = numbers[it[theirs]]


def _categories(scenario: Element) -> dict[str, int]:
    """Return of vehicles which category they are of."""
    entities = scenario.child("Entities")
    found = {}
    for one in entities.all("ScenarioObject") if entities else ():
        it = one.only(*KINDS, "CatalogReference").resolved()
        word = it.node.attributes.get("vehicleCategory", "")
        found[one.text("name")] = CATEGORIES.index(word) if word in CATEGORIES else -1
    return found
