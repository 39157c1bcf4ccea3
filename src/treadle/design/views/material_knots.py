"""What the knots of a bill of material, of its changes and of figures say."""

from treadle.design.rules.effectivity import in_words
from treadle.facts.design.changes import (
    ChangeApproved,
    ChangeEffected,
    ChangeProposed,
    ChangeRejected,
    ChangeRetracted,
    ChangeReviewed,
)
from treadle.facts.design.figures import FiguresStated
from treadle.facts.design.material import BillReleased
from treadle.kernel import Fact


def material_knot(fact: Fact) -> tuple[str, str] | None:
    """Return headline and detail of a fact of material; None of any other."""
    match fact:
        case BillReleased(version=version, lines=lines):
            return f"Version {version} released", f"{lines:,} lines"
        case FiguresStated(source=source, figures=figures):
            by = "" if source else ", by the bill of material"
            return "Carbon and weeks stated", f"of {len(figures):,} options and parts{by}"
        case ChangeProposed(number=number, title=title, by=by):
            return f"{number} proposed", f"{title}, by {by}"
        case ChangeReviewed(number=number, by=by, note=note):
            return f"{number} reviewed", f"by {by}{f': {note}' if note else ''}"
        case ChangeApproved(number=number, by=by, note=note):
            return f"{number} approved", f"by {by}{f': {note}' if note else ''}"
        case ChangeEffected(number=number, effectivity=effectivity):
            return f"{number} effective", in_words(effectivity)
        case ChangeRejected(number=number, by=by, reason=reason):
            return f"{number} rejected", f"by {by}: {reason}"
        case ChangeRetracted(number=number, by=by, reason=reason):
            return f"{number} withdrawn", f"by {by}{f': {reason}' if reason else ''}"
        case _:
            return None
