"""Sales: the configurator, quotes and orders, and what became of each order.

Prices and orders are facts; what may be ordered is the rulebook that design released
(facts/rulebook.py). Read in this order: facts/rulebook.py, facts/sales.py, rules/, state.py,
decide.py, views/.
"""

from treadle.kernel import Domain

DOMAIN = Domain(
    name="sales",
    title="Sales",
    summary="The configurator, quotes and orders, and what became of each order.",
)
