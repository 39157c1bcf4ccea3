"""A feature model as a table that an engineer types: TOML or CSV.

One row a feature and one row a rule. TOML has `[[feature]]` and `[[rule]]`; a CSV file has a header
and in each row either `feature` or `rule` filled:

| column | means |
| --- | --- |
| feature | its name, as rules, parts and orders call it |
| title | what customers read; empty where it is the name |
| parent | the feature that it belongs to; empty for the one at the top |
| group | `mandatory`, `optional` (where empty), `or`, `alternative`, `[n..m]`; a word after it keeps two groups of one parent apart: `alternative wheels` |
| abstract | `true` where nobody chooses it by itself |
| rule | a condition that every car keeps: `Towbar => Cooling` |
| reason | why there is this rule |
| any other | an attribute of the feature |
"""  # noqa: E501 - a table's row is one line

import csv
import io
import json
import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from treadle.design.formats.uvl import KINDS, LIMITS
from treadle.design.rules.feature_model import Constraint, FeatureModel
from treadle.engine.choices.expression import ConditionError, parse
from treadle.facts.rulebook import Group, Option, Value
from treadle.kernel import InvalidInputError

_OWN = ("feature", "title", "parent", "group", "abstract", "rule", "reason")
_CARDINALITY = re.compile(r"\[(\d+)(?:\.\.(\d+|\*))?\]\Z")
_NUMBER = re.compile(r"[-+]?\d+(\.\d+)?([eE][-+]?\d+)?\Z")


@dataclass(frozen=True, slots=True)
class _Row:
    """A feature or a rule, and where it stands."""

    place: str
    line: int
    told: Mapping[str, Value]

    def word(self, column: str) -> str:
        """Return what a column says, as text."""
        value = self.told.get(column, "")
        return value.strip() if isinstance(value, str) else str(value)


def read_toml(text: str, name: str = "model") -> FeatureModel:
    """Return the feature model of a TOML table.

    Raises
    ------
    InvalidInputError
        It is no TOML, or no model; with the place.
    """
    try:
        told = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise InvalidInputError(f"this is no TOML: {error}") from error
    unknown = sorted(set(told) - {"name", "feature", "rule"})
    if unknown:
        raise InvalidInputError(f"{', '.join(unknown)}: a model has name, [[feature]] and [[rule]]")
    rows: list[_Row] = []
    for kind in ("feature", "rule"):
        for i, entry in enumerate(_tables(told.get(kind, []), kind), 1):
            given = {
                "feature" if k == "name" and kind == "feature" else k: v for k, v in entry.items()
            }
            given.update(given.pop("attributes", {}))
            for key, value in given.items():
                if not isinstance(value, str | bool | int | float):
                    raise InvalidInputError(f"{kind} {i}: {key} should be a text or a number")
            if not given.get(kind):
                raise InvalidInputError(
                    f"{kind} {i} has no {'name' if kind == 'feature' else kind}"
                )
            rows.append(_Row(f"{kind} {i}", 0, given))
    return _model(rows, str(told.get("name", name)))


def _tables(found: Any, kind: str) -> list[dict[str, Any]]:
    if not isinstance(found, list) or not all(isinstance(entry, dict) for entry in found):
        raise InvalidInputError(f"each {kind} is a table of its own: [[{kind}]]")
    return found


def read_csv(text: str, name: str = "model") -> FeatureModel:
    """Return the feature model of a CSV table, with comma, semicolon or tab between columns.

    Raises
    ------
    InvalidInputError
        It has no column `feature`, or no model; with the line.
    """
    first = text.lstrip("\ufeff").splitlines()[:1] or [""]
    delimiter = max(",;\t", key=first[0].count)
    reader = csv.DictReader(io.StringIO(text.lstrip("\ufeff")), delimiter=delimiter, strict=True)
    rows: list[_Row] = []
    try:
        if "feature" not in (reader.fieldnames or ()):
            raise InvalidInputError("line 1: a table of features has a column `feature`")
        for entry in reader:
            line = reader.line_num
            if None in entry:
                raise InvalidInputError(f"line {line} has more cells than the table has columns")
            told = {k: _cell(k, v) for k, v in entry.items() if v is not None and v.strip()}
            if not told:
                continue
            if ("feature" in told) == ("rule" in told):
                raise InvalidInputError(f"line {line}: a row tells of a feature or of a rule")
            rows.append(_Row(f"line {line}", line, told))
    except csv.Error as error:
        raise InvalidInputError(f"line {reader.line_num}: this is no CSV: {error}") from error
    return _model(rows, name)


def _cell(column: str, text: str) -> Value:
    text = text.strip()
    if column in _OWN:
        return text
    if text in ("true", "false"):
        return text == "true"
    return float(text) if _NUMBER.match(text) else text


def _model(rows: Sequence[_Row], name: str) -> FeatureModel:
    features = [row for row in rows if "feature" in row.told]
    ordered = _in_tree_order(features)
    place = {row.word("feature"): i for i, row in enumerate(ordered)}
    options: list[Option] = []
    groups: list[Group] = []
    known: dict[tuple[str, str], int] = {}
    for row in ordered:
        parent, group = row.word("parent"), -1
        if parent:
            key = parent, row.word("group") or "optional"
            if key not in known:
                known[key] = len(groups)
                groups.append(_group(row, place[parent], key[1]))
            group = known[key]
            groups[group] = replace(groups[group], members=(*groups[group].members, len(options)))
        options.append(
            Option(
                name=row.word("feature"),
                title=row.word("title"),
                parent=place[parent] if parent else -1,
                group=group,
                is_abstract=row.word("abstract").lower() == "true",
                attributes={k: _plain(v) for k, v in row.told.items() if k not in _OWN},
            )
        )
    found = tuple(_filled(group) for group in groups)
    constraints = tuple(_constraint(row) for row in rows if "rule" in row.told)
    return FeatureModel(name=name, options=tuple(options), groups=found, constraints=constraints)


def _plain(value: Value) -> Value:
    return float(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _in_tree_order(features: Sequence[_Row]) -> list[_Row]:
    """Return features with each parent before its children, else as they were typed."""
    below: dict[str, list[_Row]] = {}
    rows: dict[str, _Row] = {}
    for row in features:
        name = row.word("feature")
        if name in rows:
            raise InvalidInputError(f"{row.place}: two features are called {name!r}; rename one")
        rows[name] = row
        below.setdefault(row.word("parent"), []).append(row)
    tops = below.get("", [])
    if len(tops) != 1:
        told = ", ".join(row.word("feature") for row in tops[:5]) or "none"
        raise InvalidInputError(f"a model has one feature without parent, the whole car: {told}")
    for row in features:
        if (parent := row.word("parent")) and parent not in rows:
            raise InvalidInputError(f"{row.place}: the parent {parent!r} is no feature")
    ordered: list[_Row] = []
    waiting = [tops[0]]
    while waiting:
        row = waiting.pop()
        ordered.append(row)
        waiting.extend(reversed(below.get(row.word("feature"), [])))
    if len(ordered) < len(features):
        lost = next(row for row in features if row not in ordered)
        raise InvalidInputError(
            f"{lost.place}: {lost.word('feature')} hangs below itself; "
            "each feature leads up to the one without parent"
        )
    return ordered


def _group(row: _Row, parent: int, told: str) -> Group:
    word = told.split(maxsplit=1)[0]
    if word in KINDS:
        least, most = LIMITS.get(word, (0, -1))
        return Group(parent=parent, kind=KINDS[word], members=(), least=least, most=most)
    if (found := _CARDINALITY.match(word)) is None:
        kinds = ", ".join(KINDS)
        raise InvalidInputError(f"{row.place}: {told!r} is no group: {kinds} or [n..m]")
    least = int(found[1])
    most = least if found[2] is None else -1 if found[2] == "*" else int(found[2])
    return Group(parent=parent, kind="cardinality", members=(), least=least, most=most)


def _filled(group: Group) -> Group:
    most = len(group.members) if group.most < 0 else group.most
    if most < group.least or group.least > len(group.members):
        raise InvalidInputError(
            f"a group of {len(group.members)} features asks for {group.least} to {most} of them"
        )
    return replace(group, most=most)


def _constraint(row: _Row) -> Constraint:
    text = row.word("rule")
    try:
        expression = parse(text)
    except ConditionError as error:
        raise InvalidInputError(f"{row.place}: {text!r}, column {error.column}: {error}") from error
    return Constraint(expression=expression, text=text, reason=row.word("reason"), line=row.line)


def write_toml(model: FeatureModel) -> str:
    """Return a model as a TOML table that `read_toml` gives back the same."""
    lines = [f"name = {json.dumps(model.name, ensure_ascii=False)}"]
    for told in _told(model):
        lines += ["", "[[rule]]" if "rule" in told else "[[feature]]"]
        own = {"name" if k == "feature" else k: v for k, v in told.items() if k in _OWN}
        lines += [f"{key} = {_toml(value)}" for key, value in own.items()]
        if more := {k: v for k, v in told.items() if k not in _OWN}:
            listed = ", ".join(f"{_toml(key)} = {_toml(value)}" for key, value in more.items())
            lines.append(f"attributes = {{ {listed} }}")
    return "\n".join(lines) + "\n"


def write_csv(model: FeatureModel) -> str:
    """Return a model as a CSV table that `read_csv` gives back the same."""
    more = dict.fromkeys(key for option in model.options for key in option.attributes)
    out = io.StringIO()
    writer = csv.DictWriter(out, [*_OWN, *more], lineterminator="\n")
    writer.writeheader()
    for told in _told(model):
        writer.writerow({k: _cell_text(v) for k, v in told.items()})
    return out.getvalue()


def _told(model: FeatureModel) -> Iterable[dict[str, Value]]:
    """Yield each feature and each rule as what a table says of it."""
    if model.is_flat:
        raise InvalidInputError(f"{model.name} has no tree: a table wants one feature at the top")
    named = _group_names(model)
    for option in model.options:
        told: dict[str, Value] = {"feature": option.name}
        told |= {"title": option.title} if option.title else {}
        if option.parent >= 0:
            told |= {"parent": model.options[option.parent].name, "group": named[option.group]}
        told |= {"abstract": True} if option.is_abstract else {}
        yield told | dict(option.attributes)
    for constraint in model.constraints:
        rule: dict[str, Value] = {"rule": constraint.text}
        yield rule | ({"reason": constraint.reason} if constraint.reason else {})


def _group_names(model: FeatureModel) -> list[str]:
    seen: dict[tuple[int, str], int] = {}
    found: list[str] = []
    for group in model.groups:
        own = group.kind == "cardinality"
        word = f"[{group.least}..{group.most}]" if own else group.kind
        seen[group.parent, word] = count = seen.get((group.parent, word), 0) + 1
        found.append(word if count == 1 else f"{word} {count}")
    return found


def _cell_text(value: Value) -> str:
    return str(value).lower() if isinstance(value, bool) else _number_text(value)


def _number_text(value: Value) -> str:
    return f"{value:.15g}" if isinstance(value, float) else str(value)


def _toml(value: Value) -> str:
    if isinstance(value, bool | float):
        return _cell_text(value)
    return json.dumps(value, ensure_ascii=False)
