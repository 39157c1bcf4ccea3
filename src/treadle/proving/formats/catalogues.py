"""Catalogues as TOML: read with every mistake named, and where it stands."""

import math
import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, get_args

from treadle.engine.measuring.tables import INDEX
from treadle.kernel import InvalidInputError
from treadle.proving.formats.kpis import known_kpis
from treadle.proving.rules.behaviour import BEHAVIOUR
from treadle.proving.rules.catalogue import (
    COVERAGE,
    KPI,
    PREFIX,
    Catalogue,
    Coverage,
    Criterion,
    Over,
    Proof,
    ReferencesRun,
    Requirement,
)
from treadle.proving.rules.design import Design, Kind, check_design
from treadle.proving.rules.judging import COUNTED
from treadle.proving.rules.limits import check_lengths, check_patience
from treadle.proving.rules.metrics.kpi import Kpi
from treadle.proving.rules.metrics.whole_runs import EXTRA

_ABOUT = {
    "name", "version", "entity", "references", "references_run", "step_s", "time_limit_s",
    "standstill_s", "odd", "requirement", "criterion", "scenario", "coverage",
    "kpis", "patience_s", "run_patience_s",
}  # fmt: skip

_NUMBERS = {"count": int, "strength": int, "levels": int}
_SCENARIO = {
    "id", "file", "requirements", "odd", "sample", "set", "design", "table", "fitted", *_NUMBERS
}  # fmt: skip


def read_catalogue(
    content: bytes, path: str, kpis_of: Callable[[str], Sequence[Kpi] | str] | None = None
) -> Catalogue:
    """Return the catalogue of a TOML file.

    Parameters
    ----------
    kpis_of
        Gives the KPIs of a file that it names, or why that cannot be read; None: it may name none.

    Raises
    ------
    InvalidInputError
        It is no TOML, lacks something, has a word that no catalogue has, or refers to what is not
        there; it names the file and the place.
    """
    try:
        told = tomllib.loads(content.decode())
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        text = f"{path} is no TOML: {error}"
        raise InvalidInputError(text) from error
    table = _Table(told, path, "the catalogue")
    table.only(_ABOUT)
    requirements = tuple(_requirement(one) for one in table.rows("requirement"))
    known = {one.id for one in requirements}
    odd = {name: tuple(_texts(value)) for name, value in table.mapping("odd").items()}
    kpis = _kpis(table, kpis_of)
    criteria = tuple(_criterion(one, known, kpis) for one in table.rows("criterion"))
    made = Catalogue(
        name=table.text("name"),
        version=table.text("version"),
        requirements=requirements,
        criteria=criteria,
        proofs=tuple(_proof(one, known, odd) for one in table.rows("scenario")),
        references=tuple(_texts(told.get("references", ()))),
        odd=odd,
        coverage=_coverage(table),
        kpis=_used(criteria, kpis),
        kpis_unread=kpis.unread,
        **table.present({"entity": str, "references_run": str, "step_s": float,
                         "time_limit_s": float, "standstill_s": float, "patience_s": float,
                         "run_patience_s": float}),
    )  # fmt: skip
    _check(made, path)
    return made


def _check(made: Catalogue, path: str) -> None:
    if made.references_run not in get_args(ReferencesRun):
        words = ", ".join(get_args(ReferencesRun))
        text = f"{path}: references_run = {made.references_run!r} is not known; say one of {words}"
        raise InvalidInputError(text)
    if not made.proofs:
        text = f"{path} names no scenario; add a table [[scenario]] with id and file"
        raise InvalidInputError(text)
    for kind, ids in (
        ("requirements", [one.id for one in made.requirements]),
        ("criteria", [one.id for one in made.criteria]),
        ("scenarios", [one.id for one in made.proofs]),
    ):
        twice = sorted({one for one in ids if ids.count(one) > 1})
        if twice:
            text = f"{path} has several {kind} called {', '.join(twice)}; give each its own id"
            raise InvalidInputError(text)
    check_patience(made.patience_s, made.run_patience_s)
    check_lengths(
        step_s=made.step_s,
        time_limit_s=made.time_limit_s,
        sample_every_s=made.standstill_s,
        threads=None,
    )


def _coverage(about: "_Table") -> Coverage:
    table = about.below("coverage")
    table.only({"intervals", "strength", "behaviours"})
    made = Coverage(
        behaviours=tuple(_texts(table.told("behaviours", ()))),
        **table.present({"intervals": int, "strength": int}),
    )
    table.refers(made.behaviours, set(BEHAVIOUR), "behaviour")
    for name, value in (("intervals", made.intervals), ("strength", made.strength)):
        if value < 1:
            table.refuse(f"{name} = {value} covers nothing; give 1 or more")
    return made


def _requirement(table: "_Table") -> Requirement:
    table.only({"id", "text", "source"})
    return Requirement(
        id=table.text("id"), text=table.text("text"), **table.present({"source": str})
    )


@dataclass(slots=True)
class _Kpis:
    """KPIs by name, and by suite and name; and why files of some could not be read."""

    known: dict[str, Kpi] = field(default_factory=dict)
    unread: dict[str, str] = field(default_factory=dict)


def _kpis(table: "_Table", kpis_of: Callable[[str], Sequence[Kpi] | str] | None) -> _Kpis:
    """Return the KPIs of the files, before those known to all.

    A file that cannot be read might have said another thing of whatever is known before it, so
    that all of this is not known any more.
    """
    found = {f"{one.suite}/{one.name}": one for one in known_kpis()}
    ours = {one.name: one for one in found.values()}
    twice = [one.name for one in found.values()]
    made = _Kpis(found | {name: one for name, one in ours.items() if twice.count(name) == 1})
    for file in _texts(table.told("kpis", ())):
        if kpis_of is None:
            table.refuse(f"it names the KPIs of {file}, and no files are at hand")
            continue
        told = kpis_of(file)
        if isinstance(told, str):
            made.known.clear()
            made.unread[file] = told
            continue
        for one in told:
            made.known[f"{one.suite}/{one.name}"] = made.known[one.name] = one
    return made


def _used(criteria: Sequence[Criterion], kpis: _Kpis) -> dict[str, Kpi]:
    named = [one.metric.removeprefix(KPI) for one in criteria if one.metric.startswith(KPI)]
    return {name: kpis.known[name] for name in named if name in kpis.known}


def _criterion_of_kpi(table: "_Table", kpis: _Kpis) -> Criterion:
    table.only({"id", "requirement", "claim", "kpi", "over", "least", "most"})
    name = table.text("kpi")
    kpi = kpis.known.get(name)
    if kpi is None and not kpis.unread:
        words = ", ".join(sorted(kpis.known))
        table.refuse(f"there is no KPI {name!r}; write its own with `kpis`, or one of {words}")
    made = Criterion(
        id=table.text("id"),
        requirement=table.text("requirement"),
        claim=table.text("claim"),
        metric=KPI + name,
        **table.present({"over": str, "least": float, "most": float}),
    )
    counted = made.over in {"count", "share"}
    if kpi is not None and counted and kpi.passes is None:
        table.refuse(f"the KPI {name} has no `pass` condition, so nothing could fail it")
    if kpi is not None and not counted and not kpi.score:
        table.refuse(f"the KPI {name} has no score map, so it has no points to sum up")
    if counted and made.least is None and made.most is None:
        return replace(made, most=0.0)
    return made


def _criterion(table: "_Table", known: set[str], kpis: _Kpis) -> Criterion:
    if table.told("kpi", None) is not None:
        made = _criterion_of_kpi(table, kpis)
    else:
        made = _criterion_of_metric(table)
    table.refers([made.requirement], known, "requirement")
    if made.over not in get_args(Over):
        table.refuse(f"{made.over!r} is no way to sum up; say {', '.join(get_args(Over))}")
    if made.least is None and made.most is None:
        table.refuse("it says neither `least` nor `most`, so nothing could fail it")
    return made


def _criterion_of_metric(table: "_Table") -> Criterion:
    table.only({"id", "requirement", "claim", "metric", "over", "limit", "least", "most"})
    made = Criterion(
        id=table.text("id"),
        requirement=table.text("requirement"),
        claim=table.text("claim"),
        metric=table.text("metric"),
        **table.present({"over": str, "limit": float, "least": float, "most": float}),
    )
    if made.metric.startswith(PREFIX):
        if made.metric.removeprefix(PREFIX) not in COVERAGE:
            shares = ", ".join(PREFIX + one for one in COVERAGE)
            table.refuse(f"there is no {made.metric}; there are {shares}")
        if made.over not in ("count", "share"):
            table.refuse(f"{made.metric} is a share of what is asked; leave `over` out")
        made = replace(made, over="share")
    elif made.metric not in (*COUNTED, *EXTRA, *INDEX):
        words = ", ".join((*COUNTED, *(PREFIX + one for one in COVERAGE), *EXTRA, *INDEX))
        table.refuse(f"there is no metric {made.metric!r}; there are {words}")
    elif made.metric not in COUNTED and made.over in ("count", "share") and made.limit is None:
        table.refuse(f"it counts values of {made.metric} beyond a limit; say which: `limit`")
    return made


def _proof(table: "_Table", known: set[str], odd: Mapping[str, Sequence[str]]) -> Proof:
    table.only(_SCENARIO)
    made = Proof(
        id=table.text("id"),
        file=table.text("file"),
        requirements=tuple(_texts(table.value("requirements"))),
        odd={name: str(value) for name, value in table.mapping("odd").items()},
        set={name: str(value) for name, value in table.mapping("set").items()},
        design=_design(table),
        **table.present({"sample": int, "table": str, "fitted": bool}),
    )
    table.refers(made.requirements, known, "requirement")
    for name, value in made.odd.items():
        if value not in odd.get(name, ()):
            there = ", ".join(odd.get(name, ())) or "none"
            table.refuse(f"{name} = {value} is outside the catalogue's own odd (it has: {there})")
    if made.sample is not None and made.sample < 1:
        table.refuse(f"a sample of {made.sample} variants proves nothing; give 1 or more")
    return made


def _design(table: "_Table") -> Design | None:
    told = table.present({"design": str, **_NUMBERS})
    kind = told.pop("design", None)
    if kind is None:
        if told:
            table.refuse(f'{", ".join(told)} belong to a design; name one: design = "sobol", say')
        return None
    if kind not in get_args(Kind):
        table.refuse(f"{kind!r} is no design; say {', '.join(get_args(Kind))}")
    made = Design(kind=kind, **told)
    try:
        check_design(made)
    except InvalidInputError as error:
        table.refuse(str(error))
    return made


def _texts(value: object) -> list[str]:
    return [str(one) for one in value] if isinstance(value, list | tuple) else [str(value)]


class _Table:
    """A table of the file, that says where it stands when something is wrong with it."""

    def __init__(self, told: Mapping[str, Any], path: str, place: str) -> None:
        self._told, self._path, self._place = told, path, place

    def refuse(self, why: str) -> None:
        """Raise an error about this table."""
        text = f"{self._path}, {self._place}: {why}"
        raise InvalidInputError(text)

    def only(self, known: set[str]) -> None:
        """Refuse words that a table of this kind does not have."""
        unknown = sorted(set(self._told) - known)
        if unknown:
            words = ", ".join(sorted(known))
            self.refuse(f"{', '.join(unknown)} means nothing here; known are {words}")

    def value(self, name: str) -> Any:
        """Return a value that must be there."""
        if name not in self._told:
            self.refuse(f"{name} is missing")
        return self._told[name]

    def told(self, name: str, usual: Any) -> Any:
        """Return a value, or the usual one where it is not there."""
        return self._told.get(name, usual)

    def text(self, name: str) -> str:
        """Return a text that must be there, and not be empty."""
        value = self.value(name)
        if not isinstance(value, str) or not value.strip():
            self.refuse(f"{name} must be a text, not {value!r}")
        return str(value)

    def mapping(self, name: str) -> Mapping[str, Any]:
        """Return a table below this one; empty where there is none."""
        value = self._told.get(name, {})
        if not isinstance(value, dict):
            self.refuse(f"{name} must be a table, not {value!r}")
        return dict(value)

    def below(self, name: str) -> "_Table":
        """Return a table below this one, that says where it stands; empty where there is none."""
        return _Table(self.mapping(name), self._path, f"the table {name}")

    def rows(self, name: str) -> list["_Table"]:
        """Return the tables of a list of tables."""
        rows = self._told.get(name, [])
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            self.refuse(f"{name} must be tables, written [[{name}]]")
        return [
            _Table(row, self._path, f"{name} {row.get('id', number)}")
            for number, row in enumerate(rows, start=1)
        ]

    def present(self, kinds: Mapping[str, type]) -> dict[str, Any]:
        """Return those of some values that are there, each of its kind."""
        found: dict[str, Any] = {}
        for name, kind in kinds.items():
            if name not in self._told:
                continue
            value = self._told[name]
            if kind is float and isinstance(value, int) and not isinstance(value, bool):
                value = float(value)
            if not isinstance(value, kind) or isinstance(value, bool) != (kind is bool):
                self.refuse(f"{name} must be of the kind {kind.__name__}, not {value!r}")
            if isinstance(value, float) and not math.isfinite(value):
                self.refuse(f"{name} must be a finite number, not {value}")
            found[name] = value
        return found

    def refers(self, ids: Sequence[str], known: set[str], what: str) -> None:
        """Refuse a reference to what is not there."""
        unknown = [one for one in ids if one not in known]
        if unknown:
            there = ", ".join(sorted(known)) or "none"
            self.refuse(f"there is no {what} {', '.join(unknown)} (there are: {there})")
