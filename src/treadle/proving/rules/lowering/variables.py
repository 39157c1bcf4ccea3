"""Variables, and parameters that actions change or conditions ask: rows of their own."""

from treadle.proving.rules.binding import Element
from treadle.proving.rules.expression import Expression
from treadle.proving.rules.lowering.build import Build
from treadle.proving.rules.lowering.slots import ZERO
from treadle.proving.rules.parameters import TRUTHS, term_of, text_of

_TEXTS = ("string", "dateTime")


def lower_variables(build: Build) -> None:
    """Lower the declared variables, with their initial values."""
    declarations = build.scenario.child("VariableDeclarations")
    for it in declarations.all("VariableDeclaration") if declarations else ():
        kind = it.text("variableType")
        build.variable_rows[it.text("name")] = add_variable(build, it, kind)


def add_variable(build: Build, it: Element, kind: str) -> int:
    """Add a row for a declaration's value; return it."""
    if kind in _TEXTS:
        return build.variables.add(is_text=1, word=build.word(it.text("value")), value_slot=ZERO)
    if kind == "boolean":
        value = 1.0 if it.flag("value") else 0.0
        return build.variables.add(value_slot=build.slots.constant(value))
    return build.variables.add(value_slot=build.number(it, "value"))


def add_parameter(build: Build, element: Element, name: str, kind: str) -> int:
    """Add a row for a parameter as this variant has it; return it."""
    place = f"{element.place}: {name}"
    if kind in _TEXTS:
        word = build.word(text_of(f"${name}", element.scope, place))
        return build.variables.add(is_text=1, word=word, value_slot=ZERO)
    if kind == "boolean":
        value = TRUTHS[text_of(f"${name}", element.scope, place).strip()]
        return build.variables.add(value_slot=build.slots.constant(float(value)))
    slot = build.slots.of(Expression(term_of(f"${name}", element.scope, place), place))
    return build.variables.add(value_slot=slot)


def variable_row(build: Build, element: Element, attribute: str) -> int:
    """Return the row of the variable or parameter that an attribute names.

    A parameter gets its row when it is first asked for; -1 and an error where there is none.
    """
    name = element.text(attribute).removeprefix("$")
    bound = element.parameter(name)
    if name in build.variable_rows and (attribute == "variableRef" or bound is None):
        return build.variable_rows[name]
    if bound is not None:  # stories and maneuvers may have parameters of one name
        if id(bound) not in build.parameter_rows:
            row = add_parameter(build, element, name, bound.kind)
            build.parameter_rows[id(bound)] = (bound, row)
        return build.parameter_rows[id(bound)][1]
    known = ", ".join(build.variable_rows) or "none"
    text = f"{element.tag} refers to {name}, which is not declared (variables: {known})"
    element.ledger.error("semantic.unknown_variable", text, element.node)
    return -1


def is_text(build: Build, row: int) -> bool:
    """Return whether a variable holds text."""
    return row >= 0 and bool(build.variables.get(row)["is_text"])


def value_fields(build: Build, element: Element, row: int) -> dict[str, int]:
    """Return what a `value` attribute means for a variable: a slot, or a word."""
    if is_text(build, row):
        return {"word": build.word(element.text("value"))}
    text = element.node.attributes.get("value", "").strip()
    if text in ("true", "false"):
        element.text("value")
        return {"target_slot": build.slots.constant(1.0 if text == "true" else 0.0)}
    return {"target_slot": build.number(element, "value")}
