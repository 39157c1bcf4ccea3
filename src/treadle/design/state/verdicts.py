"""What verdicts say of a requirement: passed, failed, missing, stale; and by which run.

Verdicts are read from the facts of proving (campaigns and release gates), and from tests that were
told by hand. A verdict counts only while what it is about is what it was: the requirement, the
link, and the software that was under test.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

from treadle.design.state.requirements import LinkState, Register, Requirement
from treadle.facts.design.requirements import TEST_PREFIX, VerdictGiven
from treadle.facts.design.software import SOFTWARE_PREFIX, SoftwareItem
from treadle.facts.proving import CampaignAsked, GateAsked
from treadle.kernel import Event, Store, ThingId
from treadle.kernel.work import RUN_PREFIX, Life, WorkAsked, WorkFinished, fold

Word = Literal[
    "passed", "failed", "inconclusive", "stale", "missing", "waived", "withdrawn", "none"
]
"""`none`: nothing is asked of it, since it only orders others."""
_WORST: tuple[Word, ...] = ("failed", "stale", "inconclusive", "missing", "passed")
_JUDGED = (CampaignAsked, GateAsked)
_DECISIONS = {"ADMITTED": "PASS", "REFUSED": "FAIL"}
_COUNTS = ("FAIL", "INCONCLUSIVE", "PASS")


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """A verdict that was given.

    Attributes
    ----------
    by
        The campaign, the gate or the test.
    at_us
        When [us since 1970].
    builds
        What was under test: name, version and identity of each.
    """

    verdict: str
    by: ThingId
    at_us: int
    claim: str
    builds: tuple[tuple[str, str, str], ...]
    reason: str = ""

    @property
    def driven(self) -> str:
        """What was under test, in words."""
        return ", ".join(f"{name} {version}".strip() for name, version, _ in self.builds)


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How a requirement stands.

    Attributes
    ----------
    reason
        Why, in words; empty where it passed.
    verdicts
        The runs and tests that it follows from.
    underlying
        What it would be without its waiver.
    """

    word: Word
    reason: str = ""
    verdicts: tuple[str, ...] = ()
    underlying: Word = "none"


@dataclass(slots=True)
class Verdicts:
    """The verdicts of the thread, each end of a link read once."""

    store: Store
    as_of: int | None = None
    _given: dict[ThingId, list[Given]] = field(default_factory=dict)
    _told: dict[ThingId, list[Event]] = field(default_factory=dict)

    def ready(self, ends: Iterable[ThingId]) -> None:
        """Read many tests at once, since all of them will be asked for."""
        tests = sorted({to for to in ends if to.startswith(TEST_PREFIX)} - self._given.keys())
        self._told |= self.store.histories(tests)

    def of(self, to: ThingId, claim: str = "") -> list[Given]:
        """Return the verdicts that were given on a thing, or on a part of it, oldest first."""
        if to not in self._given:
            known = [g for g in self._read(to) if self.as_of is None or g.at_us <= self.as_of]
            self._given[to] = sorted(known, key=lambda given: given.at_us)
        return [given for given in self._given[to] if given.claim == claim]

    def _read(self, to: ThingId) -> Iterator[Given]:
        if to.startswith(TEST_PREFIX):
            for event in self._told.pop(to, []) or self.store.history(to):
                if isinstance(fact := event.fact, VerdictGiven):
                    builds = tuple((name, version, "") for name, version in fact.software.items())
                    yield Given(
                        verdict=fact.verdict,
                        by=to,
                        at_us=event.happened_at,
                        claim=fact.claim,
                        builds=builds,
                    )
            return
        for run in self._runs(to):
            told = self.store.history(run)
            life = fold(told)
            ended = [e.happened_at for e in told if isinstance(e.fact, WorkFinished)]
            if life is None or not isinstance(life.asked, _JUDGED):
                continue
            if life.finished is not None and ended:
                yield from _of_life(life, life.finished.summary, ended[-1])

    def _runs(self, to: ThingId) -> list[ThingId]:
        if to.startswith(RUN_PREFIX):
            return [to]
        told = self.store.thread(to)
        return list(dict.fromkeys(e.thing for e in told if isinstance(e.fact, _JUDGED)))


def standing(
    register: Register,
    verdicts: Verdicts,
    requirement: Requirement,
    day: date,
    software: Sequence[SoftwareItem] | None = None,
) -> Standing:
    """Return how a requirement stands on a day, for given software or for the last that was tried.

    It passed where every link that verifies it has a verdict PASS that still counts; the worst of
    them decides.
    """
    if requirement.is_withdrawn:
        return Standing(word="withdrawn", reason="no version of its specification says it any more")
    if requirement.fact.is_heading:
        return Standing(word="none")
    links = [link for link in requirement.links if link.kind == "verified_by"]
    found = [_of_link(register, verdicts, requirement, link, software) for link in links]
    if not found:
        found = [Standing(word="missing", reason="no link says what verifies it")]
    word = min((one.word for one in found), key=_WORST.index)
    reasons = "; ".join(dict.fromkeys(one.reason for one in found if one.reason))
    by = tuple(dict.fromkeys(run for one in found for run in one.verdicts))
    waiver = requirement.waiver
    if word != "passed" and waiver is not None:
        if requirement.waived(day):
            text = f"waived until {waiver.until} by {waiver.by}: {waiver.reason} ({reasons})"
            return Standing(word="waived", reason=text, verdicts=by, underlying=word)
        reasons += f"; its waiver ended on {waiver.until}"
    return Standing(word=word, reason=reasons, verdicts=by, underlying=word)


def _of_link(
    register: Register,
    verdicts: Verdicts,
    requirement: Requirement,
    link: LinkState,
    software: Sequence[SoftwareItem] | None,
) -> Standing:
    what = f"{link.to} ({link.claim})" if link.claim else link.to
    given = verdicts.of(link.to, link.claim)
    if not given:
        return Standing(word="missing", reason=f"{what} has given no verdict")
    if why := register.suspect(requirement, link):
        return Standing(word="stale", reason=why, verdicts=(given[-1].by,))
    fresh = [one for one in given if one.at_us >= requirement.since_us]
    if not fresh:
        text = f"{what} gave its last verdict before {requirement.label} came to say what it says"
        return Standing(word="stale", reason=text, verdicts=(given[-1].by,))
    last = fresh[-1]
    if software is not None:
        wanted = _wanted(requirement, software)
        fitting = [one for one in fresh if not _misfit(one, wanted, software)]
        if not fitting:
            text = f"{what} gave its last verdict {_misfit(last, wanted, software)}"
            return Standing(word="stale", reason=text, verdicts=(last.by,))
        last = fitting[-1]
    match last.verdict:
        case "PASS":
            return Standing(word="passed", verdicts=(last.by,))
        case "FAIL":
            text = f"{what} failed: {last.reason}" if last.reason else f"{what} failed"
            by = "" if last.by == link.to else f" ({last.by})"
            return Standing(word="failed", reason=text + by, verdicts=(last.by,))
        case _:
            text = f"{what} is inconclusive" + (f": {last.reason}" if last.reason else "")
            return Standing(word="inconclusive", reason=text, verdicts=(last.by,))


def _wanted(requirement: Requirement, software: Sequence[SoftwareItem]) -> list[SoftwareItem]:
    """Return the software that has to be under test: what implements it, else any."""
    named = {
        link.to.removeprefix(SOFTWARE_PREFIX)
        for link in requirement.links
        if link.kind == "implemented_by" and link.to.startswith(SOFTWARE_PREFIX)
    }
    return [one for one in software if one.name in named] or list(software)


def _misfit(given: Given, wanted: Sequence[SoftwareItem], software: Sequence[SoftwareItem]) -> str:
    """Return why a verdict is not about this software; empty where it is.

    Something of what is wanted was under test, and nothing of another version than is there.
    """
    if not given.builds:
        return "without saying for which software"
    fits = False
    for build in given.builds:
        if any(_is(build, one) for one in software):
            fits |= any(_is(build, one) for one in wanted)
        elif other := next((one for one in software if one.name == build[0]), None):
            which = "" if build[1] != other.version else f" (build {build[2][:12]})"
            return f"for {build[0]} {build[1]}{which}, not for {other.version} of this baseline"
    return "" if fits else f"for {given.driven}, not for {', '.join(w.name for w in wanted)}"


def _is(build: tuple[str, str, str], one: SoftwareItem) -> bool:
    name, version, identity = build
    if identity and one.build:
        return identity == one.build
    return name == one.name and version == one.version


def _of_life(life: Life, summary: Mapping[str, Any], at_us: int) -> Iterator[Given]:
    """Yield the verdicts of a campaign or a gate: of the whole, of criteria, of scenarios."""
    asked: WorkAsked = life.asked
    builds: Mapping[str, Mapping[str, str]] = asked.options.get("builds", {})
    is_gate = isinstance(asked, GateAsked)
    tried = {r: b for r, b in builds.items() if not is_gate or r == "candidate"}
    told = summary.get("candidate", {}) if is_gate else summary
    known = tuple(
        (b.get("name", ""), b.get("version", ""), b.get("identity", "")) for b in tried.values()
    )

    differs = any(not repeat.identical for repeat in life.repeats)

    def given(verdict: str, claim: str = "", reason: str = "") -> Given:
        if differs:
            verdict, reason = "INCONCLUSIVE", "computed once more it came out otherwise"
        return Given(
            verdict=verdict, by=life.run, at_us=at_us, claim=claim, builds=known, reason=reason
        )

    if is_gate:
        decision = str(summary.get("decision", ""))
        grounds = "; ".join(summary.get("grounds", ()))
        yield given(_DECISIONS.get(decision, "INCONCLUSIVE"), reason=grounds)
    else:
        yield given(str(summary.get("verdict", "INCONCLUSIVE")))
    worst: dict[str, tuple[int, str, str]] = {}
    for ruling in told.get("rulings", ()):
        verdict = str(ruling["verdict"]) if ruling["verdict"] in _COUNTS else "INCONCLUSIVE"
        found = (_COUNTS.index(verdict), verdict, str(ruling.get("reason", "")))
        for claim in {ruling.get("criterion", ""), ruling.get("requirement", "")} - {""}:
            worst[claim] = min(worst.get(claim, found), found, key=lambda one: one[0])
    for claim, (_, verdict, reason) in sorted(worst.items()):
        yield given(verdict, claim, reason)
    for one in told.get("scenarios", ()):
        verdict = next((word for word in _COUNTS if one.get(word)), "INCONCLUSIVE")
        yield given(verdict, str(one.get("id", "")))
