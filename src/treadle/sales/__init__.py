"""Sales: the configurator, quotes and orders, and what became of each order.

Prices and orders are facts; what may be ordered is the rulebook that design released
(facts/rulebook.py). Read in this order: facts/rulebook.py, facts/sales.py, rules/, state.py,
decide.py, views/.
"""

from treadle.kernel import Domain
from treadle.kernel.domain import Door


def _door() -> Door:
    from treadle.sales.door import DOOR  # noqa: PLC0415 - who asks for help alone needs no room

    return DOOR


DOMAIN = Domain.behind(
    _door,
    name="sales",
    title="Sales",
    summary="The configurator, quotes and orders, and what became of each order.",
)
