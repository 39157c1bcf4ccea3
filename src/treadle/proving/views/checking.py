"""What files say, element by element: executed, without effect, not supported, wrong."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from treadle.kernel import TreadleError
from treadle.kernel.bundle import Files
from treadle.kernel.work import FileName
from treadle.proving.formats.opening import manifest_of, read_scenario
from treadle.proving.rules.node import Finding, Line

_AT_ONCE = 100_000  # variants whose parameters are held at once


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """Something wrong or doubtful in a file, with the rule that says so."""

    level: str
    place: str
    text: str
    rule: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """An element that is not executed.

    Attributes
    ----------
    matters
        It can change motion or triggers: a run is INCONCLUSIVE.
    """

    element: str
    place: str
    matters: bool
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """An element and what becomes of it."""

    element: str
    place: str
    outcome: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """What becomes of every element of some files.

    Attributes
    ----------
    n_elements
        Elements in all files.
    n_executed
        Elements that are executed.
    n_no_effect
        Elements without effect, by their nature.
    n_not_supported
        Elements that are not supported.
    n_errors
        Errors: the files cannot run as written.
    n_warnings
        Warnings: they run, and this is what was assumed.
    """

    n_elements: int
    n_executed: int
    n_no_effect: int
    n_not_supported: int
    n_errors: int
    n_warnings: int
    findings: tuple[Found, ...]
    not_supported: tuple[LeftOut, ...]
    elements: tuple[Told, ...] = ()

    @property
    def good(self) -> bool:
        """Whether nothing is wrong."""
        return self.n_errors == 0


def check(
    files: Files,
    *,
    paths: tuple[FileName, ...],
    all: bool = False,  # noqa: A002 - the word on every door
) -> Check:
    """Return what becomes of every element of scenarios, their catalogs and roads.

    Parameters
    ----------
    paths
        Scenarios (.xosc), files that vary them, catalogs, roads (.xodr).
    all
        List every element, not only what is wrong or left out.
    """
    lines: Counter[Line] = Counter()
    findings: dict[Finding, None] = {}
    for path in paths:
        try:
            told, found = manifest_of(files, path)
        except TreadleError as error:
            wrong = Finding(level="error", rule="unreadable", text=str(error), file=path, line=0)
            findings[wrong] = None
            continue
        lines |= Counter(told)  # what two files refer to counts once
        findings |= dict.fromkeys(found)
    outcomes = [line.outcome for line in lines.elements()]
    return Check(
        n_elements=lines.total(),
        n_executed=outcomes.count("executed"),
        n_no_effect=outcomes.count("no effect"),
        n_not_supported=outcomes.count("not supported"),
        n_errors=sum(f.level == "error" for f in findings),
        n_warnings=sum(f.level == "warning" for f in findings),
        findings=tuple(
            Found(level=f.level, place=f.place if f.line else f.file, text=f.text, rule=f.rule)
            for f in sorted(findings, key=lambda f: (f.level, f.file, f.line))
        ),
        not_supported=left_out(lines.elements()),
        elements=tuple(_told(line) for line in lines.elements()) if all else (),
    )


def left_out(lines: Iterable[Line]) -> tuple[LeftOut, ...]:
    """Return the lines of a manifest that are not supported, what matters first."""
    found = [
        LeftOut(
            element=line.tag,
            place=f"{line.file}:{line.line}",
            matters=line.may_change,
            reason=line.reason,
        )
        for line in lines
        if line.outcome == "not supported"
    ]
    return tuple(sorted(found, key=lambda line: not line.matters))


def _told(line: Line) -> Told:
    return Told(
        element=line.tag,
        place=f"{line.file}:{line.line}",
        outcome=line.outcome,
        reason=line.reason,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """How many concrete scenarios a variation makes.

    Attributes
    ----------
    n_scenarios
        Concrete scenarios.
    n_outside
        Outside the authors' constraints; not run unless asked for.
    n_inside
        Within all constraints.
    """

    n_scenarios: int
    n_outside: int
    n_inside: int


def count(files: Files, *, variation: FileName) -> Count:
    """Return how many concrete scenarios a variation file makes, exactly.

    Parameters
    ----------
    variation
        The file of parameter distributions; a scenario alone is one.
    """
    read = read_scenario(files, variation, {})
    n_scenarios, n_outside = int(read.count), 0
    for first in range(0, n_scenarios, _AT_ONCE):
        numbers = range(first, min(first + _AT_ONCE, n_scenarios))
        n_outside += int((read.document.outside(read.table(numbers, 0), len(numbers)) > 0).sum())
    return Count(n_scenarios=n_scenarios, n_outside=n_outside, n_inside=n_scenarios - n_outside)
