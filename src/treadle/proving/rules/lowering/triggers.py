"""Triggers: their groups and conditions, one row each, and room for what they remember."""

from treadle.engine.scenario.tables import (
    ALL,
    ANY,
    FALLING,
    NEVER,
    NO_EDGE,
    RISING,
    RISING_OR_FALLING,
)
from treadle.proving.rules.binding import Element
from treadle.proving.rules.lowering.build import Build
from treadle.proving.rules.lowering.conditions import BY_ENTITY, BY_VALUE, Lower

_EDGES = {
    "none": NO_EDGE,
    "rising": RISING,
    "falling": FALLING,
    "risingOrFalling": RISING_OR_FALLING,
}


def lower_trigger(build: Build, trigger: Element) -> int:
    """Lower a trigger; return its row. One without groups is never true (class Trigger)."""
    trigger.executed()
    groups = trigger.all("ConditionGroup")
    first = len(build.groups)
    for _ in groups:
        build.groups.add()
    for index, group in enumerate(groups):
        group.executed()
        conditions = group.all("Condition")
        start = len(build.conditions)
        build.groups.set(first + index, first_condition=start, n_conditions=len(conditions))
        for _ in conditions:
            build.conditions.add()
        for offset, condition in enumerate(conditions):
            build.conditions.set(start + offset, **_lower_condition(build, condition))
    return build.triggers.add(first_group=first, n_groups=len(groups))


def _lower_condition(build: Build, condition: Element) -> dict[str, int]:
    condition.text("name", default="")
    fields = {
        "edge": _EDGES[condition.word("conditionEdge", tuple(_EDGES))],
        "delay_slot": build.number(condition, "delay", 0.0),
        "first_memory": build.n_memories,
    }
    what = condition.only("ByEntityCondition", "ByValueCondition")
    what.executed()
    if what.tag == "ByValueCondition":
        build.n_memories += 1
        return {**fields, **_lower_expression(build, what, BY_VALUE)}
    triggering = what.only("TriggeringEntities")
    rule = triggering.word("triggeringEntitiesRule", ("any", "all"))
    rows = [row for ref in triggering.all("EntityRef") for row in build.entities_of(ref)]
    rows = list(dict.fromkeys(rows))
    fields["first_member"], fields["n_members"] = len(build.members), len(rows)
    fields["members_rule"] = ALL if rule == "all" else ANY
    build.members.extend(rows)
    build.n_memories += max(1, len(rows))
    expression = what.only("EntityCondition")
    expression.executed()
    return {**fields, **_lower_expression(build, expression, BY_ENTITY)}


def _lower_expression(build: Build, holder: Element, known: dict[str, Lower]) -> dict[str, int]:
    for child in holder.children:
        if child.tag in known:
            child.executed()
            return known[child.tag](build, child)
        child.not_supported("Treadle knows no such condition")
    return {"kind": NEVER}
