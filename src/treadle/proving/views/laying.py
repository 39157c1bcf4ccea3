"""A map put together: parameters of the variants, verdicts, frontier, and what may be chosen."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from treadle.kernel import InvalidInputError
from treadle.kernel.mosaic import (
    Axis,
    Cell,
    Choice,
    Divide,
    Figure,
    Kind,
    Mosaic,
    Option,
    Question,
    Shade,
)
from treadle.proving.formats.proofs import scenario_of
from treadle.proving.rules import judging
from treadle.proving.rules.deciding import BASELINE, CANDIDATE, DRIVER, verdicts_by
from treadle.proving.rules.mapping import Field, Scale, crashes_of, laid_out, scale_of
from treadle.proving.rules.releases import CHANGES, changes
from treadle.proving.rules.verdicts import frontier
from treadle.proving.views.proved import Proved, rows_of
from treadle.proving.views.telling import TONES, difference_figure, more, pair_figures

CHANGE = "change"
ALL = "all"
_MOST_OPTIONS = 24
_VERDICTS: tuple[tuple[str, Shade, str, str], ...] = (
    ("FAIL", "bad", "\N{MULTIPLICATION SIGN}", "it collides where the reference avoids it"),
    ("INCONCLUSIVE", "warn", "?", "not known: a run that matters did not come to its end"),
    ("UNPREVENTABLE", "plain", "\N{EN DASH}", "it collides, and so does the reference"),
    ("PASS", "good", "", "no collision"),
    ("OUTSIDE", "none", "", "outside the authors' constraints: not run"),
)
_ORDER = {judging.VERDICTS.index(word): k for k, (word, *_) in enumerate(_VERDICTS)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What a map is to show; empty: as usual."""

    x: str = ""
    y: str = ""
    scenario: str = ""
    role: str = ""
    where: str = ""
    reference: str = ""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Placed:
    """Cases along two axes.

    Attributes
    ----------
    names
        The parameters of the axes; empty where nothing varies.
    scales
        Of all parameters that differ between cases.
    fixed
        The value that parameters are held at.
    kept : (n,) bool
        Which of the cases are shown.
    x, y
        Of those that are shown.
    """

    names: tuple[str, str]
    scales: Mapping[str, Scale]
    fixed: Mapping[str, str]
    kept: np.ndarray
    x: Scale
    y: Scale


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Chosen:
    """What is shown, with the rows of the runs that it is about."""

    proof: int
    role: str
    placed: Placed
    rows: np.ndarray

    @property
    def names(self) -> tuple[str, str]:
        """The parameters of the axes."""
        return self.placed.names

    @property
    def x(self) -> Scale:
        """Along the columns."""
        return self.placed.x

    @property
    def y(self) -> Scale:
        """Along the rows."""
        return self.placed.y


def laid(it: Proved, wish: Wish) -> Mosaic:
    """Return a map.

    Raises
    ------
    InvalidInputError
        There is no such scenario, role, parameter or value.
    """
    chosen = _chosen(it, wish)
    kinds, words = _kinds(it, chosen)
    field = laid_out(chosen.x, chosen.y, kinds, len(words))
    totals = field.counts.sum(axis=(0, 1))
    life, summary = it.life, dict(it.life.finished.summary) if it.life.finished else {}
    verdict = str(summary.get("decision", summary.get("verdict", "")))
    divides = _divides(it, chosen, wish.reference)
    return Mosaic(
        title=_title(it, chosen),
        thing=life.run,
        about=life.asked.about,
        verdict=verdict,
        tone=TONES.get(verdict, "plain"),
        reasons=tuple(summary.get("grounds", ())),
        source=_source(it, chosen),
        noun="variant",
        form="field",
        x=Axis(name=chosen.names[0], labels=chosen.x.labels),
        y=Axis(name=chosen.names[1], labels=chosen.y.labels),
        kinds=tuple(
            Kind(word=word, shade=shade, sign=sign, meaning=meaning, n=int(n))
            for (word, shade, sign, meaning), n in zip(words, totals, strict=True)
        ),
        figures=_figures(it, chosen),
        choices=_choices(it, chosen, wish),
        divides=divides,
        leads=more(it.life.run, "map", is_gate=it.is_gate),
        cells=_cells(it, chosen, field, [word for word, *_ in words]),
    )


def _chosen(it: Proved, wish: Wish) -> _Chosen:
    proof = it.proof(wish.scenario)
    role = wish.role or (CHANGE if it.is_gate else DRIVER)
    known = _roles(it)
    if role not in known:
        text = f"there is no role {role} here; there are {', '.join(known)}"
        raise InvalidInputError(text)
    runs = next(iter(it.runs.values()))
    rows = rows_of(runs, proof)
    variants = runs.variants[rows]
    made = scenario_of(
        it.files, it.files.entries["catalogue"], it.catalogue.proofs[proof], it.life.asked.seed
    )
    placed = placed_by(made.table(variants, it.life.asked.seed), wish)
    return _Chosen(proof=proof, role=role, placed=placed, rows=rows[placed.kept])


def placed_by(table: Mapping[str, np.ndarray], wish: Wish) -> Placed:
    """Return cases along the axes that are wished for, or the first parameters that vary.

    Parameters
    ----------
    table
        Parameters, (n,) each; there is at least one.

    Raises
    ------
    InvalidInputError
        There is no such parameter or value.
    """
    scales = {n: scale_of(n, c) for n, c in table.items() if len(np.unique(c)) > 1}
    fixed = _fixed(wish.where, scales)
    kept = np.ones(len(next(iter(table.values()), ())), np.bool_)
    for name, label in fixed.items():
        kept &= scales[name].places == scales[name].labels.index(label)
    free = [n for n in scales if n not in fixed]
    x = wish.x or next((n for n in free if n != wish.y), "")
    y = wish.y or next((n for n in free if n != x), "")
    for name in (x, y):
        if name and name not in scales:
            text = f"no parameter {name} varies here; there vary {', '.join(scales) or 'none'}"
            raise InvalidInputError(text)
    y = "" if y == x else y
    return Placed(
        names=(x, y), scales=scales, fixed=fixed, kept=kept,
        x=_within(scales, x, kept), y=_within(scales, y, kept),
    )  # fmt: skip


def _within(scales: Mapping[str, Scale], name: str, kept: np.ndarray) -> Scale:
    """Return the scale of the variants that are shown; a single place where there is none."""
    if not name:
        return Scale(places=np.zeros(int(kept.sum()), np.int64), labels=("all",))
    return replace(scales[name], places=scales[name].places[kept])


def _fixed(where: str, scales: Mapping[str, Scale]) -> dict[str, str]:
    """Return the value that parameters are held at."""
    fixed: dict[str, str] = {}
    for one in filter(None, (part.strip() for part in where.split(","))):
        name, _, value = (part.strip() for part in one.partition("="))
        if name not in scales:
            text = f"no parameter {name} varies here; there vary {', '.join(scales) or 'none'}"
            raise InvalidInputError(text)
        if value not in scales[name].labels:
            text = f"{name} is never {value!r} here; it is {', '.join(scales[name].labels[:8])}"
            raise InvalidInputError(text)
        fixed[name] = value
    return fixed


def _roles(it: Proved) -> list[str]:
    return [*([CHANGE] if it.is_gate else []), *it.roles, *it.catalogue.references]


def _kinds(
    it: Proved, chosen: _Chosen
) -> tuple[np.ndarray, tuple[tuple[str, Shade, str, str], ...]]:
    """Return the kind of each variant, the worst one first, and what the kinds are called."""
    if chosen.role == CHANGE:
        return changes(it.runs[BASELINE], it.runs[CANDIDATE])[chosen.rows], CHANGES
    verdicts = verdicts_by(it.catalogue, it.runs, chosen.role)[chosen.rows]
    order = np.array([_ORDER[k] for k in range(len(_ORDER))])
    return order[verdicts], _VERDICTS


def _divides(it: Proved, chosen: _Chosen, wanted: str) -> tuple[Divide, ...]:
    """Return the frontiers of the references that are asked for."""
    known = it.catalogue.references
    if wanted and wanted != ALL and wanted not in known:
        text = f"there is no reference {wanted} here; there are {', '.join((*known, ALL))}"
        raise InvalidInputError(text)
    shown = known if wanted == ALL else (wanted,) if wanted else known[:1]
    found: list[Divide] = []
    for name in shown:
        crashed = crashes_of(chosen.x, chosen.y, it.runs[name].crashed[chosen.rows])
        edges = tuple((int(a), int(b), int(axis)) for a, b, axis in frontier(crashed))
        meaning = "avoids every collision on one side of this line, not on the other"
        if not edges:
            n = int(np.count_nonzero(crashed == 1))
            every = "no collision" if not n else "a collision in every cell"
            meaning = f"has no line here: where it is known, it has {every}"
        found.append(Divide(name=name, meaning=meaning, edges=edges))
    return tuple(found)


def _cells(it: Proved, chosen: _Chosen, field: Field, words: Sequence[str]) -> tuple[Cell, ...]:
    variants = next(iter(it.runs.values())).variants[chosen.rows]
    found: list[Cell] = []
    for a, b in zip(*np.nonzero(field.worst >= 0), strict=True):
        variant = int(variants[field.first[a, b]])
        found.append(
            Cell(
                x=chosen.x.labels[a],
                y=chosen.y.labels[b],
                kind=words[field.worst[a, b]],
                n=tuple(int(n) for n in field.counts[a, b]),
                leads=_leads(it, chosen, variant),
            )
        )
    return tuple(found)


def _leads(it: Proved, chosen: _Chosen, variant: int) -> tuple[Question, ...]:
    """Return the ways to a variant as it moved."""
    roles = (CANDIDATE, BASELINE) if chosen.role == CHANGE else (chosen.role,)
    scenario = it.catalogue.proofs[chosen.proof].id
    return tuple(
        Question(
            words=f"variant {variant:,}" + (f" with the {role}" if len(roles) > 1 else ""),
            query="scene",
            asked={
                "thing": it.life.run, "scenario": scenario, "role": role, "variant": str(variant),
            },
        )
        for role in roles
    )  # fmt: skip


def _title(it: Proved, chosen: _Chosen) -> str:
    name = it.catalogue.name
    if chosen.role == CHANGE:
        return f"{name}: what {it.roles[CANDIDATE]} changes after {it.roles[BASELINE]}"
    return f"{name}: {it.roles.get(chosen.role, chosen.role)}"


def _source(it: Proved, chosen: _Chosen) -> str:
    scenario = it.catalogue.proofs[chosen.proof].id
    held = "".join(f", {name} = {value}" for name, value in chosen.placed.fixed.items())
    text = f"{len(chosen.rows):,} variants of {scenario}{held}"
    life = it.life
    if life.n_done < life.asked.n_items:
        text += f"; {life.n_done:,} of {life.asked.n_items:,} are simulated so far"
    reference = it.catalogue.references[:1]
    if reference:
        text += f"; {reference[0]} tells what can be prevented"
    return text


def _figures(it: Proved, chosen: _Chosen) -> tuple[Figure, ...]:
    """Return what a gate compares, over all scenarios."""
    summary = dict(it.life.finished.summary) if it.life.finished else {}
    compared = summary.get("comparison", {})
    if chosen.role != CHANGE or not compared:
        return ()
    return (*pair_figures(compared["pairs"]), *difference_figure(compared))


def _choices(it: Proved, chosen: _Chosen, wish: Wish) -> tuple[Choice, ...]:
    roles = tuple(Option(value=r, label=_role_words(it, r)) for r in _roles(it))
    scenarios = tuple(Option(value=p.id, label=p.id) for p in it.catalogue.proofs)
    references = tuple(Option(value=r, label=r) for r in it.catalogue.references)
    if len(references) > 1:
        references += (Option(value=ALL, label="all of them"),)
    first = it.catalogue.references[:1]
    made = (
        *placing(chosen.placed, "variant"),
        Choice(parameter="scenario", label="Scenario", options=scenarios,
               chosen=it.catalogue.proofs[chosen.proof].id),
        Choice(parameter="role", label="Verdicts of", options=roles, chosen=chosen.role),
        Choice(parameter="reference", label="Frontier of", options=references,
               chosen=wish.reference or "".join(first)),
    )  # fmt: skip
    return tuple(one for one in made if len(one.options) > 1)


def placing(it: Placed, noun: str) -> tuple[Choice, ...]:
    """Return the choices of axes, and of what is held."""
    x, y = it.names
    names = tuple(Option(value=name, label=name) for name in it.scales)
    held = tuple(
        Option(value=f"{name}={label}", label=f"{name} = {label}", group=name)
        for name in it.scales
        if name not in (x, y)
        for label in it.scales[name].labels[:_MOST_OPTIONS]
    )
    now = ", ".join(f"{name}={value}" for name, value in it.fixed.items())
    if now and now not in {option.value for option in held}:
        held = (Option(value=now, label=now), *held)
    everything = Option(value="", label=f"every {noun}")
    return (
        Choice(parameter="x", label="Across", options=names, chosen=x),
        Choice(parameter="y", label="Up", options=names, chosen=y or x),
        Choice(parameter="where", label="Only where", options=(everything, *held), chosen=now),
    )


def _role_words(it: Proved, role: str) -> str:
    if role == CHANGE:
        return "what the candidate changes"
    name = it.roles.get(role)
    return f"{role}: {name}" if name else f"reference: {role}"
