"""Campaigns and release gates: what may be asked, and their computing in parts."""

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from treadle.kernel import InvalidInputError, RefusedError
from treadle.kernel.bundle import Files, are_sent
from treadle.kernel.plain import from_plain, to_plain
from treadle.kernel.work import FileName, Part, Wanted, Working
from treadle.proving.rules.choosing import check_seed
from treadle.proving.rules.design import Design, Kind

if TYPE_CHECKING:
    from treadle.proving.formats.campaigning import Campaign, Cut
    from treadle.proving.rules.catalogue import Catalogue

DRIVER, BASELINE, CANDIDATE = "driver", "baseline", "candidate"


def campaign(
    files: Files,
    *,
    catalogue: FileName,
    driver: str,
    design: Kind | None = None,
    count: int | None = None,
    strength: int | None = None,
    levels: int | None = None,
    seed: int = 0,
    threads: int | None = None,
    on: str | None = None,
) -> Wanted:
    """Prove a driver on all scenarios of a catalogue.

    PASS: every criterion of the catalogue holds. FAIL: one does not. INCONCLUSIVE: a run that
    matters was not simulated to its end, a scenario could not be read, or a figure is missing.

    Parameters
    ----------
    catalogue
        Scenarios, requirements and criteria (.toml).
    driver
        The driver under test: one of Treadle's own, or FILE.py:NAME, FILE.fmu, osi:HOST:PORT.
    design
        Which cases to run of every scenario that varies something, instead of the catalogue's own.
    count
        How many cases a Latin hypercube, a Sobol sequence or the distributions are to give.
    strength
        A covering array has every combination of so many parameters; 2 where nothing is said.
    levels
        Of a parameter with a range, in a grid or a covering array; the file's own steps where
        nothing is said.
    seed
        Of all that is drawn by chance.
    threads
        How many cores compute; all where nothing is said. The result is the same.
    on
        A Ray cluster that computes instead, ray://HOST:PORT. The result is the same.

    Raises
    ------
    InvalidInputError
        The catalogue or the driver cannot be read, or no scenario of it can.
    """
    chosen = None
    if design is not None:
        chosen = Design(kind=design, count=count, strength=strength, levels=levels)
    elif (count, strength, levels) != (None, None, None):
        text = "count, strength and levels are of a design; name one: --design sobol, say"
        raise InvalidInputError(text)
    how = {"threads": threads, "on": on}
    return _wanted(files, catalogue, {DRIVER: driver}, seed, how, design=chosen)


def gate(
    files: Files,
    *,
    baseline: str,
    candidate: str,
    catalogue: FileName,
    confidence: float = 0.95,
    seed: int = 0,
    threads: int | None = None,
    on: str | None = None,
) -> Wanted:
    """Decide whether a release of the driving software may go to cars.

    Both releases run on the same variants with the same seed. The candidate is admitted where all
    criteria of the catalogue hold for it and it does not collide more often than the baseline.

    Parameters
    ----------
    baseline
        The release that is in the cars now: a driver, as a campaign names it.
    candidate
        The release that shall follow it.
    catalogue
        Scenarios, requirements and criteria (.toml).
    confidence
        Of the paired comparison.
    seed
        Of all that is drawn by chance.
    threads
        How many cores compute; all where nothing is said. The result is the same.
    on
        A Ray cluster that computes instead, ray://HOST:PORT. The result is the same.

    Raises
    ------
    InvalidInputError
        The catalogue or a driver cannot be read, or no scenario of it can.
    """
    if not 0.5 < confidence < 1.0:  # noqa: PLR2004 - less than even is no confidence
        text = f"a confidence of {confidence} is not between 0.5 and 1; give 0.95, say"
        raise InvalidInputError(text)
    roles = {BASELINE: baseline, CANDIDATE: candidate}
    wanted = _wanted(files, catalogue, roles, seed, {"threads": threads, "on": on})
    return Wanted(
        name=wanted.name,
        entries=wanted.entries,
        n_items=wanted.n_items,
        seed=seed,
        options={**wanted.options, "confidence": confidence},
        how=wanted.how,
    )


def _wanted(
    files: Files,
    path: str,
    roles: dict[str, str],
    seed: int,
    how: dict[str, Any],
    *,
    design: Design | None = None,
) -> Wanted:
    from treadle.proving.formats.campaigning import Campaign  # noqa: PLC0415 - numpy

    check_seed(seed)
    if how.get("on") and are_sent(files):
        text = "a cluster is asked only by who works on this machine: use its command line"
        raise RefusedError(text)
    made = Campaign(files, path, roles, seed, design)
    made.skip_unread()
    return Wanted(
        name=made.catalogue.name,
        entries={"catalogue": str(path)},
        n_items=made.cuts[-1].until if made.cuts else 0,
        seed=seed,
        options={
            "roles": roles,
            "builds": {
                role: {"name": d.name, "version": d.version, "identity": d.identity}
                for role, d in made.drivers.items()
            },
            **({} if design is None else {"design": to_plain(design)}),
            **_unread(made.catalogue),
        },
        how=how,
    )


def _unread(it: "Catalogue") -> dict[str, dict[str, str]]:
    """Return what of a catalogue could not be read and why; nothing where all could."""
    told = {"unread": dict(it.unread), "kpis_unread": dict(it.kpis_unread)}
    return {name: whys for name, whys in told.items() if whys}


def compute(working: Working) -> Iterator[Part]:
    """Yield a campaign's parts from where it stands; end early where it is told to stop."""
    from treadle.proving.formats.campaigning import Campaign, Doing  # noqa: PLC0415 - numpy

    hands = working.hands
    hands.say("reading the catalogue")
    options, path = working.options, working.files.entries["catalogue"]
    design = from_plain(Design, options["design"]) if "design" in options else None
    unread = {"unread": options.get("unread"), "kpis_unread": options.get("kpis_unread", {})}
    it = Campaign(working.files, path, options["roles"], working.seed, design, **unread)
    hands.say("computing")
    cuts = [cut for cut in it.cuts if cut.first >= working.n_done]
    if working.how.get("on"):
        yield from _elsewhere(working, it, cuts)
        return
    for cut in cuts:
        if hands.stopped():
            return

        def progress(done: int, first: int = cut.first) -> None:
            hands.report(first + done, working.n_items)

        content = it.part(
            cut,
            Doing(
                threads=working.how.get("threads"),
                confidence=working.options.get("confidence", 0.95),
                progress=progress,
                compiling=lambda n: hands.say(f"compiling {n} functions of the engine"),
                stopped=hands.stopped,
            ),
        )
        if hands.stopped():  # then the part may not be whole
            return
        hands.report(cut.until, working.n_items)
        yield Part(first=cut.first, until=cut.until, content=content)


def _elsewhere(working: Working, it: "Campaign", cuts: Sequence["Cut"]) -> Iterator[Part]:
    """Yield parts that a cluster computes."""
    from treadle.proving.formats.cluster import parts_on_ray  # noqa: PLC0415 - only there

    told = {
        "path": working.files.entries["catalogue"],
        "roles": working.options["roles"],
        "seed": working.seed,
        "confidence": working.options.get("confidence", 0.95),
        "design": working.options.get("design"),
        "unread": working.options.get("unread"),
        "kpis_unread": working.options.get("kpis_unread"),
    }
    numbers = [it.cuts.index(cut) for cut in cuts]
    parts = parts_on_ray(
        str(working.how["on"]), working.files, told, numbers, stopped=working.hands.stopped
    )
    for cut, content in zip(cuts, parts, strict=False):  # fewer where it was stopped
        working.hands.report(cut.until, working.n_items)
        yield Part(first=cut.first, until=cut.until, content=content)


def sum_up(parts: Iterable[bytes]) -> dict[str, Any]:
    """Return what came of a campaign in a few figures."""
    from treadle.proving.formats.campaigning import gathered  # noqa: PLC0415 - numpy
    from treadle.proving.rules.deciding import campaign_summary  # noqa: PLC0415 - numpy

    it, _, runs = gathered(parts)
    return campaign_summary(it, runs)


def decided(parts: Iterable[bytes]) -> dict[str, Any]:
    """Return what a gate decides, and what it rests on."""
    from treadle.proving.formats.campaigning import gathered  # noqa: PLC0415 - numpy
    from treadle.proving.rules.deciding import gate_summary  # noqa: PLC0415 - scipy

    return gate_summary(*gathered(parts))


def differences(kept: bytes, now: bytes) -> list[str]:
    """Return in what two parts that should be the same differ."""
    from treadle.proving.formats import campaigning, results  # noqa: PLC0415 - numpy

    then, new = campaigning.read(kept), campaigning.read(now)
    if list(then.found) != list(new.found):
        return [f"the drivers were {', '.join(then.found)}, they are {', '.join(new.found)}"]
    told = [] if then.catalogue == new.catalogue else ["the catalogue is another one"]
    for role, result in then.found.items():
        pair = (results.written(one) for one in (result, new.found[role]))
        before, after = pair
        if before != after:
            told += [f"{role}: {line}" for line in results.differences(before, after)]
    return told or ["the same numbers, kept in other bytes"]
