"""UVL, the Universal Variability Language, in and out: the Boolean level.

Benavides et al., "UVL: Feature modelling with the Universal Variability Language", Journal of
Systems and Software (2025); grammar of Universal-Variability-Language/uvl-parser. Groups
(`mandatory`, `optional`, `or`, `alternative`, `[n..m]`), attributes, abstract features and
constraints are read and written back. Numbers and strings as features, feature cardinality,
arithmetic constraints and imports are refused by name: they say something that a Boolean rule
cannot. A comment line right before a constraint is the reason that is shown with it; a feature's
attribute `title` is what customers read.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from treadle.design.rules.feature_model import Constraint, FeatureModel
from treadle.engine.choices.expression import ConditionError, parse, quote
from treadle.facts.rulebook import Group, GroupKind, Option, Value
from treadle.kernel import InvalidInputError

_SECTIONS = ("include", "namespace", "imports", "features", "constraints")
KINDS: dict[str, GroupKind] = {
    "mandatory": "mandatory",
    "optional": "optional",
    "or": "or",
    "alternative": "alternative",
}
LIMITS = {"or": (1, -1), "alternative": (1, 1)}
_CARDINALITY = re.compile(r"\[\s*(\d+)\s*(?:\.\.\s*(\d+|\*)\s*)?\]\Z")
_FEATURE = re.compile(
    r"""(?:(?P<type>Boolean|Integer|Real|String)\s+(?=["\w]))?
        (?P<name>"[^"]*"(?:\."[^"]*")*|[^\s{}"]+)
        (?:\s+cardinality\s*(?P<cardinality>\[[^\]]*\]))?\s*(?P<attributes>\{.*\})?\s*\Z""",
    re.VERBOSE | re.DOTALL,
)
_ARITHMETIC = re.compile(r"==|!=|[<>+*/]|\b(?:sum|avg|len|floor|ceil)\s*\(")
_STRING = re.compile(r"'[^']*'|\"[^\"]*\"")
_ATTRIBUTE = re.compile(r"""\s*("[^"]*"|[^\s,{}\[\]"']+)\s*""")
_NUMBER = re.compile(r"[-+]?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?\Z")


@dataclass(slots=True)
class _Line:
    """One logical line: what stands in brackets may go on over several."""

    number: int
    indent: int
    text: str
    comment: str = ""


@dataclass(slots=True)
class _Open:
    """A feature or a group whose children may follow."""

    indent: int
    feature: int = -1
    group: int = -1


@dataclass(slots=True)
class _Reading:
    options: list[Option] = field(default_factory=list)
    members: list[list[int]] = field(default_factory=list)
    groups: list[tuple[int, GroupKind, int, int, int]] = field(default_factory=list)
    constraints: list[Constraint] = field(default_factory=list)
    stack: list[_Open] = field(default_factory=list)
    name: str = ""


def read(text: str, name: str = "") -> FeatureModel:
    """Return the feature model that a UVL text holds.

    Parameters
    ----------
    name
        What it is called where the text has no namespace.

    Raises
    ------
    InvalidInputError
        It is no UVL, or says what the Boolean level has no word for; with the line.
    """
    reading = _Reading(name=name)
    section = ""
    for line in _lines(text):
        if line.indent == 0 and line.text.split(maxsplit=1)[0] in _SECTIONS:
            section = _section(reading, line)
        elif section == "features":
            _tree_line(reading, line)
        elif section == "constraints":
            reading.constraints.append(_constraint(line.text, line.number, line.comment))
        elif section == "include":
            _level(line)
        else:
            sections = ", ".join(_SECTIONS)
            raise InvalidInputError(
                f"line {line.number}: {line.text[:40]!r} stands in no section of UVL ({sections})"
            )
    return FeatureModel(
        name=reading.name or (reading.options[0].name if reading.options else "model"),
        options=tuple(reading.options),
        groups=tuple(_groups(reading)),
        constraints=tuple(reading.constraints),
    )


def _section(reading: _Reading, line: _Line) -> str:
    word, _, rest = line.text.partition(" ")
    if word == "namespace":
        reading.name = rest.strip().strip('"') or reading.name
    elif word == "imports":
        text = "imports of other models are not supported: put them into one file"
        raise InvalidInputError(f"line {line.number}: {text}")
    return word


def _groups(reading: _Reading) -> Iterator[Group]:
    for told, members in zip(reading.groups, reading.members, strict=True):
        parent, kind, least, most, line = told
        if not members:
            raise InvalidInputError(f"line {line}: this group has no feature in it")
        if least > len(members):
            text = f"at least {least} of {len(members)} features can never be"
            raise InvalidInputError(f"line {line}: {text}")
        yield Group(
            parent=parent,
            kind=kind,
            members=tuple(members),
            least=least,
            most=len(members) if most < 0 else most,
        )


def _level(line: _Line) -> None:
    if line.text not in {"Boolean", "Boolean.*", "Boolean.group-cardinality"}:
        raise InvalidInputError(
            f"line {line.number}: the language level {line.text!r} is not supported: this reads "
            "the Boolean level with group cardinality"
        )


def _lines(text: str) -> Iterator[_Line]:
    """Yield logical lines without comments; a comment line before one is told with it."""
    pending: _Line | None = None
    comment = ""
    for number, raw in enumerate(_without_blocks(text).splitlines(), 1):
        code, said = _cut_comment(raw)
        if not code.strip():
            comment = said or ("" if not raw.strip() else comment)
            continue
        if pending is None:
            body = code.lstrip(" \t")
            indent = sum(4 if c == "\t" else 1 for c in code[: len(code) - len(body)])
            pending = _Line(number, indent, body.rstrip(), comment)
        else:
            pending.text += " " + code.strip()
        comment = ""
        if _is_closed(pending.text):
            yield pending
            pending = None
    if pending is not None:
        raise InvalidInputError(f"line {pending.number}: a bracket is opened and never closed")


def _without_blocks(text: str) -> str:
    """Return the text with `/* ... */` blanked out, lines kept."""

    def blank(found: re.Match[str]) -> str:
        said = found[0]
        return said if said[0] in "'\"" else "\n" * said.count("\n")

    return re.sub(r"'[^'\n]*'|\"[^\"\n]*\"|/\*.*?\*/", blank, text, flags=re.DOTALL)


def _cut_comment(line: str) -> tuple[str, str]:
    """Return what stands before `//` outside of quotes, and what it says."""
    if "//" not in line:
        return line, ""
    bare = _STRING.sub(lambda found: "x" * len(found[0]), line)
    at = bare.find("//")
    return (line, "") if at < 0 else (line[:at], line[at + 2 :].strip())


def _is_closed(text: str) -> bool:
    bare = _STRING.sub("", text)
    return bare.count("{") <= bare.count("}") and bare.count("(") <= bare.count(")")


def _tree_line(reading: _Reading, line: _Line) -> None:
    stack = reading.stack
    while stack and stack[-1].indent >= line.indent:
        stack.pop()
    above = stack[-1] if stack else None
    of_group = _group_of(line)
    if of_group is not None:
        kind, limits = of_group
        if above is None or above.feature < 0:
            raise InvalidInputError(f"line {line.number}: a group stands below a feature")
        stack.append(_Open(line.indent, group=len(reading.groups)))
        reading.groups.append((above.feature, kind, *limits, line.number))
        reading.members.append([])
        return
    if above is None and reading.options:
        raise InvalidInputError(
            f"line {line.number}: {line.text[:40]!r} is a second root, or is not indented "
            "below its group"
        )
    if above is not None and above.group < 0:
        raise InvalidInputError(
            f"line {line.number}: {line.text[:40]!r} stands right below a feature; between them "
            "a group is due: mandatory, optional, or, alternative, [n..m]"
        )
    place = len(reading.options)
    group = above.group if above else -1
    parent = reading.groups[group][0] if above else -1
    reading.options.append(_feature(reading, line, parent, group))
    if above is not None:
        reading.members[group].append(place)
    stack.append(_Open(line.indent, feature=place))


def _group_of(line: _Line) -> tuple[GroupKind, tuple[int, int]] | None:
    """Return the kind of a group, its least and its most; -1 stands for all members."""
    if line.text in KINDS:
        return KINDS[line.text], LIMITS.get(line.text, (0, -1))
    if (found := _CARDINALITY.match(line.text)) is None:
        return None
    least = int(found[1])
    most = least if found[2] is None else -1 if found[2] == "*" else int(found[2])
    if 0 <= most < least:
        raise InvalidInputError(f"line {line.number}: {line.text} asks for more than it allows")
    return "cardinality", (least, most)


def _feature(reading: _Reading, line: _Line, parent: int, group: int) -> Option:
    found = _FEATURE.match(line.text)
    if found is None:
        raise InvalidInputError(f"line {line.number}: {line.text[:60]!r} is no feature of UVL")
    name = re.sub(r'"([^"]*)"', r"\1", found["name"])
    if found["type"] not in (None, "Boolean"):
        raise InvalidInputError(
            f"line {line.number}: {name} is of the type {found['type']}, which is not supported: "
            "a feature is there or not"
        )
    if found["cardinality"]:
        raise InvalidInputError(
            f"line {line.number}: {name} can be there several times ({found['cardinality']}), "
            "which is not supported: list it as often as it can be"
        )
    attributes = _attributes(reading, found["attributes"] or "", line)
    is_abstract = attributes.pop("abstract", False) is True
    title = attributes.pop("title", "")
    return Option(
        name=name,
        title=str(title),
        parent=parent,
        group=group,
        is_abstract=is_abstract,
        attributes=attributes,
    )


def _attributes(reading: _Reading, text: str, line: _Line) -> dict[str, Value]:
    """Return a feature's attributes; constraints among them become constraints of the model."""
    found: dict[str, Value] = {}
    for entry in _split(text[1:-1]):
        named = _ATTRIBUTE.match(entry)
        if named is None:
            raise InvalidInputError(f"line {line.number}: {entry.strip()[:40]!r} is no attribute")
        key, value = named[1].strip('"'), entry[named.end() :].strip()
        if key == "constraint":
            reading.constraints.append(_constraint(value, line.number, ""))
        elif key == "constraints":
            if not (value.startswith("[") and value.endswith("]")):
                raise InvalidInputError(f"line {line.number}: constraints are listed in [ ]")
            for each in _split(value[1:-1]):
                reading.constraints.append(_constraint(each.strip(), line.number, ""))
        else:
            found[key] = _value(value)
    return found


def _split(text: str) -> list[str]:
    """Return what stands between commas, outside of quotes and brackets."""
    bare = _STRING.sub(lambda found: "x" * len(found[0]), text)
    parts: list[str] = []
    depth = start = 0
    for i, c in enumerate(bare):
        depth += c in "[{("
        depth -= c in "]})"
        if c == "," and depth == 0:
            parts.append(text[start:i])
            start = i + 1
    parts.append(text[start:])
    return [part for part in parts if part.strip()]


def _value(text: str) -> Value:
    if not text or text == "true":
        return True
    if text == "false":
        return False
    if _STRING.fullmatch(text):
        return text[1:-1]
    if _NUMBER.match(text):
        return float(text)
    return text  # a vector or nested attributes, kept as they are written


def _constraint(text: str, line: int, reason: str) -> Constraint:
    bare = _STRING.sub("", text).replace("<=>", "").replace("=>", "")
    if (found := _ARITHMETIC.search(bare)) is not None:
        raise InvalidInputError(
            f"line {line}: {text[:60]!r} computes ({found[0]}), which is not supported: this reads "
            "rules of options that are there or not"
        )
    try:
        return Constraint(expression=parse(text), text=text, reason=reason, line=line)
    except ConditionError as error:
        raise InvalidInputError(f"line {line}, column {error.column}: {error}") from error


def write(model: FeatureModel) -> str:
    """Return a model as UVL text that `read` gives back the same."""
    lines = [f"namespace {quote(model.name)}", "", "features"]
    below: dict[int, list[int]] = {}
    for place, group in enumerate(model.groups):
        below.setdefault(group.parent, []).append(place)
    waiting = [(0, 0, -1)]  # depth, feature, group
    if model.is_flat:
        raise InvalidInputError(f"{model.name} has no tree: UVL wants one root above all features")
    while waiting:
        depth, feature, place = waiting.pop()
        if place >= 0:
            told = model.groups[place]
            lines.append("\t" * (depth + 1) + _group_text(told))
            waiting.extend((depth + 1, m, -1) for m in reversed(told.members))
            continue
        option = model.options[feature]
        lines.append("\t" * (depth + 1) + quote(option.name) + _attributes_text(option))
        waiting.extend((depth + 1, feature, g) for g in reversed(below.get(feature, [])))
    if model.constraints:
        lines += ["", "constraints"]
        for constraint in model.constraints:
            lines += [f"\t// {constraint.reason}"] if constraint.reason else []
            lines.append(f"\t{constraint.text}")
    return "\n".join(lines) + "\n"


def _group_text(group: Group) -> str:
    if group.kind != "cardinality":
        return group.kind
    return f"[{group.least}..{group.most}]"


def _attributes_text(option: Option) -> str:
    told: dict[str, Value] = {"abstract": True} if option.is_abstract else {}
    told |= {"title": option.title} if option.title else {}
    told |= option.attributes
    listed = ", ".join(_attribute_text(key, value) for key, value in told.items())
    return f" {{{listed}}}" if listed else ""


def _attribute_text(key: str, value: Value) -> str:
    name = quote(key)
    match value:
        case True:
            return name if key == "abstract" else f"{name} true"
        case False:
            return f"{name} false"
        case str():
            return f"{name} {_quoted(value)}"
        case _:
            return f"{name} {value:.15g}"


def _quoted(value: str) -> str:
    if value[:1] in "[{" and value[-1:] in "]}":
        return value
    return f'"{value}"' if "'" in value else f"'{value}'"
