"""What stands behind the front door of sales: everything that the doors offer of it."""

from treadle.kernel.domain import Door
from treadle.sales import state
from treadle.sales.decide import orders as deciding
from treadle.sales.formats.price_book import release_prices
from treadle.sales.views.configuration import configuration, why
from treadle.sales.views.names import describe, names
from treadle.sales.views.orders import order, orders, quote_sheet
from treadle.sales.views.showrooms import showrooms

DOOR = Door(
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
