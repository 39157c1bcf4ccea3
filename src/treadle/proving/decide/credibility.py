"""How credible a campaign is: what may be asked, and its computing in parts."""

from collections.abc import Iterable, Iterator
from typing import Any

from treadle.kernel import InvalidInputError
from treadle.kernel.bundle import Files
from treadle.kernel.work import FileName, Part, Wanted, Working
from treadle.proving.rules.choosing import check_seed

MOST = 10_000
"""Variants of a scenario in a sample."""


def credibility(
    files: Files,
    *,
    catalogue: FileName,
    driver: str,
    sample: int = 100,
    seed: int = 0,
    threads: int | None = None,
) -> Wanted:
    """Measure how much verdicts depend on the step and on the seed.

    The same sample of variants is run as the catalogue says, at half the step, and with the next
    seed, with the driver and with the reference models. Evidence of campaigns and gates of this
    driver on these files then says what came of it.

    Parameters
    ----------
    catalogue
        Scenarios, requirements and criteria (.toml).
    driver
        The driver under test, as a campaign names it; of a gate, the candidate.
    sample
        Variants of each scenario, at most.
    seed
        Of all that is drawn by chance, the sample too.
    threads
        How many cores compute; all where nothing is said. The result is the same.

    Raises
    ------
    InvalidInputError
        A file or the driver cannot be read, or a scenario cannot be run as written.
    """
    from treadle.proving.formats.evidence.measuring import Measuring  # noqa: PLC0415 - numpy

    check_seed(seed)
    if not 0 < sample <= MOST:
        text = f"a sample of {sample:,} variants is not between 1 and {MOST:,}"
        raise InvalidInputError(text)
    made = Measuring(files, catalogue, driver, seed, sample)
    made.lower()
    builds = made.campaign.drivers
    return Wanted(
        name=made.campaign.catalogue.name,
        entries={"catalogue": str(catalogue)},
        n_items=sum(made.counts),
        seed=seed,
        options={
            "roles": {"driver": driver},
            "sample": sample,
            "builds": {
                role: {"name": d.name, "version": d.version, "identity": d.identity}
                for role, d in builds.items()
            },
        },
        how={"threads": threads},
    )


def compute(working: Working) -> Iterator[Part]:
    """Yield one part a scenario from where it stands; end early where it is told to stop."""
    from treadle.proving.formats.campaigning import Doing  # noqa: PLC0415 - numpy
    from treadle.proving.formats.evidence.measuring import Measuring  # noqa: PLC0415 - numpy

    hands, options = working.hands, working.options
    hands.say("reading the catalogue")
    path, driver = working.files.entries["catalogue"], options["roles"]["driver"]
    it = Measuring(working.files, path, driver, working.seed, options["sample"])
    hands.say("computing")
    first = 0
    doing = Doing(
        threads=working.how.get("threads"),
        compiling=lambda n: hands.say(f"compiling {n} functions of the engine"),
        stopped=hands.stopped,
    )
    for proof, count in enumerate(it.counts):
        until = first + count
        if count and first >= working.n_done:
            content = it.part(proof, doing)
            if hands.stopped():  # then the part may not be whole
                return
            hands.report(until, working.n_items)
            yield Part(first=first, until=until, content=content)
        first = until


def sum_up(parts: Iterable[bytes]) -> dict[str, Any]:
    """Return what came of it, for the step and for the seed."""
    from treadle.proving.formats.evidence.measuring import measured  # noqa: PLC0415 - numpy

    return {"figures": measured(parts)}


def differences(kept: bytes, now: bytes) -> list[str]:
    """Return in what two parts that should be the same differ."""
    from treadle.proving.formats.evidence import measuring  # noqa: PLC0415 - numpy

    return measuring.differences(kept, now)
