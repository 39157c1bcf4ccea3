"""What vehicles of traffic are like: distributions of categories (1.0) and of entities (1.3)."""

from collections.abc import Sequence
from functools import partial

import numpy as np

from treadle.engine.scenario.tables import VEHICLE
from treadle.proving.rules.binding import Element
from treadle.proving.rules.expression import Expression
from treadle.proving.rules.lowering.build import Build
from treadle.proving.rules.lowering.dialect import manner_of
from treadle.proving.rules.lowering.entities import KINDS, entity_fields
from treadle.proving.rules.lowering.slots import INFINITE

CATEGORIES = (
    "bicycle", "bus", "car", "motorbike", "semitrailer", "trailer", "train", "tram", "truck", "van",
)  # fmt: skip
USUAL = {
    # length, width, height [m], mass [kg], top speed [m/s], box's centre ahead of the rear axle [m]
    "bicycle": (1.8, 0.6, 1.8, 90.0, 8.0, 0.5),
    "bus": (12.0, 2.55, 3.2, 14_000.0, 28.0, 3.0),
    "car": (4.5, 1.8, 1.5, 1_500.0, 55.0, 1.4),
    "motorbike": (2.2, 0.8, 1.5, 280.0, 55.0, 0.7),
    "semitrailer": (13.6, 2.55, 4.0, 24_000.0, 25.0, 4.0),
    "trailer": (6.0, 2.3, 2.5, 1_800.0, 28.0, 1.5),
    "train": (75.0, 2.9, 4.2, 150_000.0, 44.0, 0.0),
    "tram": (30.0, 2.4, 3.5, 40_000.0, 20.0, 0.0),
    "truck": (9.0, 2.5, 3.5, 12_000.0, 25.0, 2.5),
    "van": (5.5, 2.0, 2.4, 2_500.0, 45.0, 1.7),
}
"""A category says nothing of sizes; these are usual ones."""
SIZES = "sizes, masses and top speeds are usual ones of the category, which tells none itself"
DRIVER = (
    "vehicles of traffic go by the default controller: along their lane at the speed that they "
    "start with"
)
_ROLE = "a role moves nothing"
_OLDER = "TrafficDistribution is there, too, and is taken"
_LONE = "a vehicle of traffic comes without the trailer that its template has"


def lower_templates(build: Build, it: Element) -> dict[str, int]:
    """Lower what a traffic is made of; return its rows of shares."""
    definition, distribution = it.child("TrafficDefinition"), it.child("TrafficDistribution")
    if distribution is not None:
        if definition is not None:
            definition.without_effect(_OLDER)
        return _distributed(build, distribution)
    if definition is not None:
        return _defined(build, definition)
    text = f"{it.tag} says not what it is made of; it is made of cars"
    it.ledger.warning("semantic.no_distribution", text, it.node)
    first = len(build.shares)
    share = build.slots.constant(1.0)
    build.shares.add(template=_usual(build, "car"), share_slot=share)
    return {"first_share": first, "n_shares": 1}


def _defined(build: Build, definition: Element) -> dict[str, int]:
    """Lower a TrafficDefinition: categories with their weights; who drives is the default."""
    definition.noted("what it is called", "name")
    _set_aside(definition)
    distribution = definition.only("VehicleCategoryDistribution")
    entries = distribution.all("VehicleCategoryDistributionEntry")
    weights = [entry.number("weight") for entry in entries]
    first = len(build.shares)
    for k, entry in enumerate(entries):
        category = entry.word("category", CATEGORIES)
        slot = _share(build, distribution, [(k, weights)])
        build.shares.add(template=_usual(build, category), share_slot=slot)
        entry.noted(SIZES, "category")
    return {"first_share": first, "n_shares": len(entries)}


def _set_aside(definition: Element) -> None:
    if (roles := definition.child("VehicleRoleDistribution")) is not None:
        roles.without_effect(_ROLE)
    if (drivers := definition.child("ControllerDistribution")) is not None:
        drivers.without_effect(DRIVER)


def categories_of(build: Build, sink: Element) -> int:
    """Return the categories that a sink takes, as a bit set: those of some weight; -1 all."""
    definition = sink.child("TrafficDefinition")
    if definition is None:
        return -1
    definition.noted("what it is called", "name")
    _set_aside(definition)
    distribution = definition.only("VehicleCategoryDistribution")
    bits = 0
    for entry in distribution.all("VehicleCategoryDistributionEntry"):
        weight = entry.number("weight").constant
        category = entry.word("category", CATEGORIES)
        if weight is None:
            entry.not_supported("which categories a sink takes is the same for all variants")
        elif weight > 0.0:
            bits |= 1 << CATEGORIES.index(category)
    del build
    return bits


def _usual(build: Build, category: str) -> int:
    """Add a template with the usual sizes of a category."""
    length, width, height, mass, top, ahead = map(build.slots.constant, USUAL[category])
    return build.templates.add(
        kind=VEHICLE,
        category=CATEGORIES.index(category),
        length_slot=length,
        width_slot=width,
        height_slot=height,
        mass_slot=mass,
        max_speed_slot=top,
        centre_x_slot=ahead,
        centre_z_slot=build.slots.constant(0.5 * USUAL[category][2]),
        **dict.fromkeys(_LIMITS, INFINITE),
    )


_LIMITS = (
    "max_acceleration_slot", "max_deceleration_slot", "max_acceleration_rate_slot",
    "max_deceleration_rate_slot",
)  # fmt: skip


def _distributed(build: Build, distribution: Element) -> dict[str, int]:
    """Lower a TrafficDistribution: weights of entries, and inside of them of entities."""
    outer = distribution.all("TrafficDistributionEntry")
    outer_weights = [entry.number("weight") for entry in outer]
    rows = []
    for k, entry in enumerate(outer):
        if (properties := entry.child("Properties")) is not None:
            properties.without_effect("properties are its author's own")
        inner = entry.only("EntityDistribution").all("EntityDistributionEntry")
        weights = [one.number("weight") for one in inner]
        for m, one in enumerate(inner):
            template = _template(build, one.only("ScenarioObjectTemplate"))
            share = _share(build, distribution, [(k, outer_weights), (m, weights)])
            rows.append((template, share))
    first = len(build.shares)
    for template, share in rows:
        build.shares.add(template=template, share_slot=share)
    return {"first_share": first, "n_shares": len(rows)}


def _template(build: Build, template: Element) -> int:
    """Lower a ScenarioObjectTemplate."""
    template.executed()
    for controller in template.all("ObjectController"):
        controller.without_effect(DRIVER)
    it = template.only(*KINDS, "CatalogReference").resolved()
    fields = entity_fields(build, it, manner_of(it))
    category = -1
    if it.tag == "Vehicle":
        category = CATEGORIES.index(it.word("vehicleCategory", CATEGORIES))
        for tag in ("TrailerHitch", "TrailerCoupler"):
            if (coupling := it.child(tag)) is not None:
                coupling.without_effect("nothing is coupled to a vehicle of traffic")
        if (trailer := it.child("Trailer")) is not None:
            trailer.not_supported(_LONE)
    return build.templates.add(**{**fields, "category": category})


def _share(build: Build, of: Element, levels: list[tuple[int, list[Expression]]]) -> int:
    """Return the slot of a product of weights, each by the sum of those that it stands with."""
    inputs = [weight for _, weights in levels for weight in weights]
    function = partial(_product, [(k, len(weights)) for k, weights in levels])
    says = "has a weight below 0, or no weight above 0"
    constants = [weight.constant for weight in inputs]
    known = [one for one in constants if one is not None]
    if len(known) < len(inputs):
        return build.slots.derived(function, *inputs, says=says)
    share = float(function(*(np.array([one]) for one in known))[0])
    if not np.isfinite(share):
        of.ledger.error("semantic.weights", f"{of.tag} {says}; correct it", of.node)
    return build.slots.constant(share)


def _product(levels: Sequence[tuple[int, int]], *columns: np.ndarray) -> np.ndarray:
    """Return the product of shares, NaN where weights are none; all (n,)."""
    found, at = np.ones_like(columns[0]), 0
    for k, n in levels:
        weights = np.stack(columns[at : at + n])
        total = weights.sum(axis=0)
        lost = (weights < 0.0).any(axis=0) | ~(total > 0.0)
        found = found * np.where(lost, np.nan, weights[k] / np.where(total > 0.0, total, 1.0))
        at += n
    return found
