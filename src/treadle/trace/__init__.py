"""The trace: what physically happened to parts and cars, and what is in what at any date.

EPCIS 2.0 documents come in and go out unchanged (formats); links follow from them (facts/trace.py);
one asks what is in a car, what a lot is in, and which cars to call (views). Read in this order:
facts/trace.py, rules/, formats/, state.py, decide.py, views/.
"""

from treadle.kernel import Domain
from treadle.kernel.domain import Door


def _door() -> Door:
    from treadle.trace.door import DOOR  # noqa: PLC0415 - who asks for help alone needs no room

    return DOOR


DOMAIN = Domain.behind(
    _door,
    name="trace",
    title="Trace",
    summary="What physically happened to parts and cars, and what is in what at any date.",
)
