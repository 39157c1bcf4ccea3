"""Coverage of 5,000 requirements, each with a test and a software: `python benchmarks/requirements.py`.

Processor time of a first answer, since the machine may have other work.
"""  # noqa: E501 - the command stands on its line

import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from measure import Figure, table

from treadle.app import open_app
from treadle.design.views.requirements import coverage
from treadle.facts.design.requirements import (
    RequirementLinked,
    RequirementStated,
    SpecificationTaken,
    VerdictGiven,
    requirement_id,
    specification_id,
)
from treadle.kernel import Entry, Fact, ThingId, to_us

REQUIREMENTS, TESTS, SOFTWARE = 5_000, 1_000, 50
AT = datetime(2026, 1, 1, tzinfo=UTC)


def told() -> list[Entry]:
    """Return a specification, its requirements, two links of each, and a verdict of each test."""
    names = {f"R-{i}": f"c{i}" for i in range(REQUIREMENTS)}
    place = specification_id("driving")
    found: list[tuple[ThingId, Fact]] = [
        (
            place,
            SpecificationTaken(name="driving", blob="", title="", tool="", requirements=names),
        )
    ]
    for i, (name, content) in enumerate(names.items()):
        thing = requirement_id(name)
        stated = RequirementStated(
            identifier=name, specification=place, content=content, number=str(i), title="Brakes",
            text="The car shall stop. " * 10, type="Functional", attributes={"ASIL": "B"},
        )  # fmt: skip
        test = ThingId(f"urn:treadle:test:t{i % TESTS}")
        software = ThingId(f"urn:treadle:software:s{i % SOFTWARE}")
        found += [
            (thing, stated),
            (thing, RequirementLinked(to=test, kind="verified_by", content=content)),
            (thing, RequirementLinked(to=software, kind="implemented_by", content=content)),
        ]
    tests = [ThingId(f"urn:treadle:test:t{i}") for i in range(TESTS)]
    found += [(test, VerdictGiven(verdict="PASS")) for test in tests]
    return [Entry.of(thing, fact, to_us(AT) + n) for n, (thing, fact) in enumerate(found)]


def main() -> None:
    """Print the figure."""
    with tempfile.TemporaryDirectory() as folder:
        app = open_app(f"sqlite:///{Path(folder) / 'requirements.sqlite'}")
        app.store.append_many(told(), recorded_at=AT)
        begun = time.process_time()
        found = app.ask(coverage, specification="driving")
        taken = time.process_time() - begun
    if found.standings != {"passed": REQUIREMENTS}:
        raise SystemExit(f"not all have passed: {found.standings}")
    name = f"coverage of {REQUIREMENTS:,} requirements, CPU of one core"
    table("Requirements", [Figure(name, taken, "s", "< 1 s", taken < 1.0)])


if __name__ == "__main__":
    main()
