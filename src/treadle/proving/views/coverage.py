"""What a campaign or gate covers: requirements, the domain, parameters, and behaviours seen."""

from typing import TYPE_CHECKING

from treadle.kernel import InvalidInputError, Store, ThingId
from treadle.kernel.blob import BlobStore
from treadle.kernel.mosaic import (
    Axis,
    Cell,
    Choice,
    Figure,
    Kind,
    Mosaic,
    Option,
    Question,
    Shade,
)
from treadle.proving.views.telling import more

if TYPE_CHECKING:
    from collections.abc import Sequence

    from treadle.proving.rules.coverage import Standing
    from treadle.proving.views.proved import Proved

_ALL = "All scenarios"
_KINDS: tuple[tuple[str, Shade, str, str], ...] = (
    ("FAIL", "bad", "\N{MULTIPLICATION SIGN}", "a criterion does not hold"),
    ("INCONCLUSIVE", "warn", "?", "it is not known"),
    ("NOT COVERED", "warn", "\N{EN DASH}", "nothing was run for it, or nothing is asked"),
    ("PARTLY COVERED", "warn", "\N{TILDE OPERATOR}", "some of its values have no verdict"),
    ("PASS", "good", "\N{CHECK MARK}", "every criterion holds"),
    ("COVERED", "good", "\N{CHECK MARK}", "variants of all of it have a verdict"),
    ("NOT SEEN", "none", "", "the driver did not do so here, and nothing asks for it"),
)
_WORDS = {
    "parameter": "Values of parameters",
    "combination": "Combinations of values",
    "behaviour": "Behaviours asked for",
    "odd": "Values of the domain",
    "requirement": "Requirements",
}


def coverage(store: Store, *, thing: ThingId, role: str = "", blobs: BlobStore) -> Mosaic:
    """Return what a campaign or gate covers, by scenario.

    Requirements; values of the operational design domain; values and intervals of parameters, alone
    and together; and what the driver was seen doing.

    Parameters
    ----------
    thing
        The campaign or the gate; the start of its number will do.
    role
        Whose verdicts: driver, baseline or candidate.

    Raises
    ------
    NotFoundError
        There is no such campaign or gate.
    InvalidInputError
        Nothing is computed yet, or there is no such role.
    """
    from treadle.proving.rules.coverage import (  # noqa: PLC0415 - numpy
        behaviour_standings,
        domain_standings,
        parameter_standings,
        requirement_standings,
    )
    from treadle.proving.rules.deciding import verdicts_by  # noqa: PLC0415 - numpy
    from treadle.proving.views.proved import proved  # noqa: PLC0415 - numpy

    it = proved(store, thing, blobs)
    role = role or ("candidate" if it.is_gate else "driver")
    if role not in it.roles:
        text = f"there is no role {role} here; there are {', '.join(it.roles)}"
        raise InvalidInputError(text)
    runs, verdicts = it.runs[role], verdicts_by(it.catalogue, it.runs, role)
    asked = requirement_standings(it.catalogue, runs, verdicts, is_done=it.life.is_done)
    domain = domain_standings(it.catalogue, runs, verdicts)
    parameters = parameter_standings(it.catalogue, runs, verdicts)
    behaviours = behaviour_standings(it.catalogue, runs, verdicts)
    return _drawn(it, role, [*asked, *domain, *parameters, *behaviours])


def _drawn(it: "Proved", role: str, standings: "Sequence[Standing]") -> Mosaic:
    catalogue, life = it.catalogue, it.life
    scenarios = [proof.id for proof in catalogue.proofs]
    whole = [one for one in standings if one.scenario is None]
    asked = {one.id for one in catalogue.requirements}
    open_ = [
        f"{'requirement ' if one.row in asked else ''}{one.row}: {one.note}"
        for one in whole
        if one.word not in ("PASS", "COVERED", "NOT SEEN")
    ]
    words = {one.word for one in whole}
    verdict = next(
        (word for word, shade, *_ in _KINDS if word in words and shade in ("bad", "warn")), ""
    )
    done = "" if life.is_done else f"; {life.n_done:,} of {life.asked.n_items:,} variants so far"
    return Mosaic(
        title=f"{catalogue.name}: what is covered with {it.roles[role]}",
        thing=life.run,
        about=life.asked.about,
        verdict=verdict or "COVERED",
        tone="bad" if verdict == "FAIL" else "warn" if verdict else "good",
        reasons=tuple(open_),
        source="requirements, the operational design domain, parameters and behaviours in "
        f"{len(scenarios)} scenario{'s' if len(scenarios) != 1 else ''}{done}",
        noun="line",
        form="table",
        x=Axis(
            name="Scenario",
            labels=(_ALL, *scenarios),
            notes=("", *(_about(it, n) for n in range(len(scenarios)))),
        ),
        y=_rows(it, role),
        kinds=tuple(
            Kind(word=w, shade=shade, sign=sign, meaning=meaning, n=sum(o.word == w for o in whole))
            for w, shade, sign, meaning in _KINDS
        ),
        figures=_figures(it, role),
        leads=more(life.run, "coverage", is_gate=it.is_gate),
        choices=_choices(it, role),
        cells=tuple(_cell(it, role, one) for one in standings),
    )


def _about(it: "Proved", scenario: int) -> str:
    runs = next(iter(it.runs.values()))
    n = int((runs.proofs == scenario).sum())
    return f"{n:,} variant{'s' if n != 1 else ''}"


def _figures(it: "Proved", role: str) -> tuple[Figure, ...]:
    """Return the shares of what is covered, over the whole catalogue."""
    from treadle.proving.rules.deciding import verdicts_by  # noqa: PLC0415 - numpy
    from treadle.proving.rules.exercised import told_of  # noqa: PLC0415 - numpy
    from treadle.proving.rules.judging import is_decided  # noqa: PLC0415 - numpy

    decided = is_decided(verdicts_by(it.catalogue, it.runs, role))
    shares = told_of(it.catalogue, it.runs[role], decided)["shares"]
    return tuple(
        Figure(
            label=_WORDS[what],
            value=f"{part['covered']:,} of {part['asked']:,}",
            tone="good" if part["covered"] >= part["asked"] else "warn",
            note=f"{100 * part['covered'] / part['asked']:.4g} %",
        )
        for what, part in shares.items()
    )


def _rows(it: "Proved", role: str) -> Axis:
    from treadle.proving.rules.behaviour import BEHAVIOURS  # noqa: PLC0415 - numpy
    from treadle.proving.rules.coverage import domain_row, parameter_rows  # noqa: PLC0415 - numpy

    rows = [
        ("Requirements", one.id, f"{one.text} {one.source}".strip())
        for one in it.catalogue.requirements
    ]
    rows += [
        ("Operational design domain", domain_row(name, value), "")
        for name, values in it.catalogue.odd.items()
        for value in values
    ]
    rows += [("Parameters", row, "") for row in parameter_rows(it.runs[role])]
    rows += [("Behaviour", one.name, one.meaning) for one in BEHAVIOURS]
    return Axis(
        name="Requirement or value",
        labels=tuple(label for _, label, _ in rows),
        groups=tuple(group for group, _, _ in rows),
        notes=tuple(note for _, _, note in rows),
    )


def _choices(it: "Proved", role: str) -> tuple[Choice, ...]:
    options = tuple(Option(value=r, label=f"{r}: {name}") for r, name in it.roles.items())
    if len(options) < 2:  # noqa: PLR2004 - one is no choice
        return ()
    return (Choice(parameter="role", label="Verdicts of", options=options, chosen=role),)


def _cell(it: "Proved", role: str, one: "Standing") -> Cell:
    scenario = None if one.scenario is None else it.catalogue.proofs[one.scenario].id
    leads: tuple[Question, ...] = ()
    if scenario is not None:
        asked = {"thing": it.life.run, "scenario": scenario, "role": role}
        leads = (Question(words=f"the map of {scenario}", query="map", asked=asked),)
    return Cell(x=scenario or _ALL, y=one.row, kind=one.word, note=one.note, leads=leads)
