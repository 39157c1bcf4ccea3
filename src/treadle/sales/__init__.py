"""Sales: the configurator, quotes and orders, and what became of each order.

Prices and orders are facts; what may be ordered is the rulebook that design released
(facts/rulebook.py). Read in this order: facts/rulebook.py, facts/sales.py, rules/, state.py,
decide.py, views/.
"""

from treadle.kernel import Domain
from treadle.sales import state
from treadle.sales.decide import orders as deciding
from treadle.sales.formats.price_book import release_prices
from treadle.sales.views.configuration import configuration, why
from treadle.sales.views.names import describe, names
from treadle.sales.views.orders import order, orders, quote_sheet
from treadle.sales.views.showrooms import showrooms

DOMAIN = Domain(
    name="sales",
    title="Sales",
    summary="The configurator, quotes and orders, and what became of each order.",
    fold=state.fold,
    intakes=(release_prices,),
    commands=(
        deciding.quote,
        deciding.order_car,
        deciding.change_order,
        deciding.confirm_order,
        deciding.freeze_order,
        deciding.assign_car,
        deciding.deliver_car,
        deciding.cancel_order,
    ),
    queries=(configuration, why, showrooms, orders, order, quote_sheet),
    names=names,
    describe=describe,
)
