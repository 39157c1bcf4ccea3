"""What the knots of requirements, baselines and software say on the thread."""

from collections.abc import Callable

from treadle.facts.design.requirements import (
    LinkConfirmed,
    LinkRemoved,
    RequirementLinked,
    RequirementStated,
    RequirementWaived,
    RequirementWithdrawn,
    SpecificationTaken,
    VerdictGiven,
)
from treadle.facts.design.software import (
    BaselineDrafted,
    BaselineReleased,
    BaselineWithdrawn,
    SoftwareInstalled,
)
from treadle.kernel import Fact

Label = Callable[[str], str]
Said = tuple[str, str]


def knot(fact: Fact, label: Label) -> Said | None:
    """Return headline and detail of a fact; None where it is of another topic."""
    return _of_requirements(fact, label) or _of_software(fact)


def _of_requirements(fact: Fact, label: Label) -> Said | None:
    match fact:
        case SpecificationTaken():
            return "Version taken in", f"{len(fact.requirements):,} requirements, {fact.title}"
        case RequirementStated():
            return "Stated", fact.title
        case RequirementWithdrawn():
            return "Withdrawn", fact.reason
        case RequirementWaived():
            return f"Waived until {fact.until}", f"{fact.reason} ({fact.by})"
        case VerdictGiven():
            tested = ", ".join(f"{name} {version}" for name, version in fact.software.items())
            return f"Verdict {fact.verdict}", " of ".join(filter(None, (fact.claim, tested)))
        case RequirementLinked() | LinkConfirmed() | LinkRemoved():
            word = {RequirementLinked: "", LinkConfirmed: "Confirmed: "}.get(
                type(fact), "No longer "
            )
            claim = f", {fact.claim}" if fact.claim else ""
            return f"{word}{fact.kind.replace('_', ' ')}".capitalize(), label(fact.to) + claim
        case _:
            return None


def _of_software(fact: Fact) -> Said | None:
    match fact:
        case BaselineDrafted(baseline=told):
            return "Drafted", f"{len(told.software)} software for {told.vehicle_type}"
        case BaselineReleased(relied=relied, supersedes=before):
            waived = sum(one.standing == "waived" for one in relied)
            words = f"{len(relied)} requirements met"
            words += f", {waived} of them waived" if waived else ""
            return "Released", words + (f"; supersedes {before}" if before else "")
        case BaselineWithdrawn(reason=reason):
            return "Withdrawn", reason
        case SoftwareInstalled(baseline=baseline, occasion=occasion, software=software):
            named = ", ".join(f"{one.name} {one.version}" for one in software)
            return f"Software {baseline} {'as built' if occasion == 'built' else 'updated'}", named
        case _:
            return None
