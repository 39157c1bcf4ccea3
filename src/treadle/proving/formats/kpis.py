"""KPI files: TOML with a `[[kpi]]` for each, as `known_kpis.toml` beside this file has them.

format = "treadle.kpis.1"

[[kpi]]
name = "MinAveragerTimeHeadway"
suite = "Tencent TAD Sim"
metric = "min_ttc"              # docs/metrics.md; "" with a note: not measured
threshold = 1.5
unit = "s"                      # of the threshold; must be the metric's
pass = "events < 1"             # value or events, < <= > >= ==, a number or `threshold`
finish = "never"                # the same; `never` where it is left out
score = [[0, 100], [1, 0]]      # of what `pass` is about; evenly between
note = "what to know"
"""

import re
import tomllib
from collections.abc import Iterable
from importlib.resources import files
from typing import Any

from treadle.kernel import InvalidInputError
from treadle.proving.rules.metrics.catalogue import METRIC
from treadle.proving.rules.metrics.kpi import Condition, Kpi

FORMAT = "treadle.kpis.1"
_CONDITION = re.compile(r"\s*(value|events)\s*(<=|>=|==|<|>)\s*(\S+)\s*")
_HEADER = re.compile(r"\s*\[\[\s*kpi\s*\]\]")
_TEXTS = ("name", "suite", "metric", "unit", "pass", "finish", "note")
_KEYS = {*_TEXTS, "threshold", "score"}


def read_kpis(content: bytes, file: str) -> tuple[Kpi, ...]:
    """Return the KPIs of a file.

    Parameters
    ----------
    file
        Its name, for messages.

    Raises
    ------
    InvalidInputError
        With file and line, for the first thing that is wrong.
    """
    try:
        text = content.decode()
        told = tomllib.loads(text)
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise InvalidInputError(f"{file}: this is no TOML: {error}") from error
    lines = _Lines(text)
    if told.get("format") != FORMAT:
        raise InvalidInputError(f'{file}:1: write `format = "{FORMAT}"` on top')
    rows = told.get("kpi", [])
    extra = sorted(told.keys() - {"format", "kpi"})
    if extra or not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        what = f"'{extra[0]}'" if extra else "`kpi`"
        raise InvalidInputError(f"{file}: {what} is not known here; write each KPI as [[kpi]]")
    kpis: list[Kpi] = []
    seen: dict[tuple[str, str], int] = {}
    for k, row in enumerate(rows):
        kpi = _kpi(row, k, file, lines)
        key = (kpi.suite, kpi.name)
        if key in seen:
            text = f"KPI {kpi.name} is here already, in line {seen[key]}; rename or remove one"
            raise InvalidInputError(f"{file}:{lines.of(k, 'name')}: {text}")
        seen[key] = lines.of(k, "name")
        kpis.append(kpi)
    return tuple(kpis)


def known_kpis() -> tuple[Kpi, ...]:
    """Return the KPIs that Treadle knows from other suites, under their names."""
    content = files(__package__).joinpath("known_kpis.toml").read_bytes()
    return read_kpis(content, "known_kpis.toml")


class _Lines:
    """Where each KPI and its keys are in a file."""

    def __init__(self, text: str) -> None:
        self._lines = text.splitlines()
        self._headers = [k for k, line in enumerate(self._lines) if _HEADER.match(line)]

    def of(self, kpi: int, key: str = "") -> int:
        """Return the line of a key of the KPI, of its header where that has none."""
        if kpi >= len(self._headers):
            return 1
        begin = self._headers[kpi]
        end = self._headers[kpi + 1] if kpi + 1 < len(self._headers) else len(self._lines)
        for k in range(begin + 1, end):
            if key and re.match(rf'\s*"?{re.escape(key)}"?\s*=', self._lines[k]):
                return k + 1
        return begin + 1


def _kpi(row: dict[str, Any], k: int, file: str, lines: _Lines) -> Kpi:
    key, text = _fault(row)
    if not text:
        threshold = row.get("threshold")
        try:
            return Kpi(
                name=row["name"],
                metric=row["metric"],
                suite=row.get("suite", ""),
                threshold=None if threshold is None else float(threshold),
                passes=_condition(row.get("pass", "never")),
                finishes=_condition(row.get("finish", "never")),
                score=tuple((float(u), float(y)) for u, y in row.get("score", [])),
                note=row.get("note", ""),
            )
        except InvalidInputError as error:
            text = str(error)
            key = next((one for one in ("metric", "score") if one in text), "pass")
    raise InvalidInputError(f"{file}:{lines.of(k, key)}: {text}")


def _fault(row: dict[str, Any]) -> tuple[str, str]:
    """Return the key of the first thing that is wrong with a KPI, and what; empty: nothing."""
    for key, value in row.items():
        if key not in _KEYS:
            return key, f"'{key}' is not known; known are {', '.join(sorted(_KEYS))}"
        if key in _TEXTS and not isinstance(value, str):
            return key, f"{key} must be a text in quotes"
    name = row.get("name", "")
    if not name:
        return "name", 'a KPI has no name; write name = "..."'
    if "metric" not in row:
        return "metric", f'KPI {name} has no metric; write metric = "..."'
    return _fault_of_numbers(row, name, row["metric"])


def _fault_of_numbers(row: dict[str, Any], name: str, metric: str) -> tuple[str, str]:
    if "threshold" in row and not _is_number(row["threshold"]):
        return "threshold", f"threshold of {name} is no number"
    unit = METRIC[metric].unit if metric in METRIC else ""
    if metric in METRIC and row.get("unit", unit) != unit:
        text = f"{metric} is in {unit}, not in {row['unit']}; convert the threshold"
        return "unit", f"KPI {name}: {text}"
    for key in ("pass", "finish"):
        try:
            _condition(row.get(key, "never"))
        except ValueError:
            text = f"'{row[key]}' is no condition; write, as an example, `value >= threshold`"
            return key, f"KPI {name}: {text}, `events < 1`, `never`"
    score = row.get("score", [])
    if not isinstance(score, list) or not all(_is_pair(pair) for pair in score):
        return "score", f"score of {name} must be pairs, as [[0, 100], [1, 0]]"
    return "", ""


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and value == value  # noqa: PLR0124 - no NaN


def _is_pair(pair: object) -> bool:
    return isinstance(pair, list) and len(pair) == 2 and all(_is_number(one) for one in pair)  # noqa: PLR2004 - a pair


def _condition(text: str) -> Condition | None:
    if text.strip() == "never":
        return None
    found = _CONDITION.fullmatch(text)
    if found is None:
        raise ValueError(text)
    subject, relation, against = found.groups()
    number = None if against == "threshold" else float(against)
    if number is not None and number != number:  # noqa: PLR0124 - NaN is no number to hold against
        raise ValueError(text)
    return Condition(subject=subject, relation=relation, number=number)  # type: ignore[arg-type] # by the pattern


def write_kpis(kpis: Iterable[Kpi]) -> bytes:
    """Return a KPI file; read again it is the same KPIs."""
    told = [f"format = {_quoted(FORMAT)}"]
    for kpi in kpis:
        told += ["", "[[kpi]]", f"name = {_quoted(kpi.name)}"]
        if kpi.suite:
            told.append(f"suite = {_quoted(kpi.suite)}")
        told.append(f"metric = {_quoted(kpi.metric)}")
        if kpi.threshold is not None:
            told.append(f"threshold = {kpi.threshold!r}")
        if kpi.metric:
            told.append(f"unit = {_quoted(METRIC[kpi.metric].unit)}")
        for key, condition in (("pass", kpi.passes), ("finish", kpi.finishes)):
            if condition is not None:
                told.append(f"{key} = {_quoted(str(condition))}")
        if kpi.score:
            pairs = ", ".join(f"[{u!r}, {y!r}]" for u, y in kpi.score)
            told.append(f"score = [{pairs}]")
        if kpi.note:
            told.append(f"note = {_quoted(kpi.note)}")
    return ("\n".join(told) + "\n").encode()


def _quoted(text: str) -> str:
    """Return a TOML basic string (TOML 1.0, String)."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    shown = [c if c.isprintable() and c != "\x7f" else f"\\U{ord(c):08x}" for c in escaped]
    return '"' + "".join(shown) + '"'
