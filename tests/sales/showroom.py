"""A small showroom for tests: a model, its prices, an app that has both."""

from datetime import UTC, datetime
from pathlib import Path

from treadle.app import App, open_app
from treadle.design.formats.models import release_model
from treadle.sales.formats.price_book import release_prices

MODEL = """features
	Car {title 'Small car', weeks 4, kgco2e 6000}
		mandatory
			Body {abstract}
				alternative
					Hatch {title 'Hatchback', weeks 2, kgco2e 400}
					Estate {weeks 6, kgco2e 500}
			Paint {abstract}
				alternative
					White {weeks 1, kgco2e 10}
					Red {weeks 3, kgco2e 12}
		optional
			Towbar {title 'Tow bar', weeks 9, kgco2e 30}
			Sport {weeks 5, kgco2e 20}
			Roof {title 'Roof rack', weeks 2, kgco2e 8}
constraints
	// the hook needs the long floor
	Towbar => Estate
	// low springs
	Sport => !Towbar
	Sport => Red
"""
PRICES = """currency = "EUR"
[[price]]
option = "Car"
amount = 20000
[[price]]
option = "Estate"
amount = 1500.50
[[price]]
option = "Red"
amount = 600
until = 2026-07-01
[[price]]
option = "Red"
amount = 700
since = 2026-07-01
[[price]]
option = "Towbar"
amount = 900
[[price]]
option = "Sport"
amount = 2000
when = "Hatch"
[[price]]
option = "Sport"
amount = 1000
when = "Estate"
[[price]]
name = "Holiday package"
amount = -250
when = "Roof & Estate"
[[price]]
option = "Roof"
amount = 300
[[tax]]
name = "VAT"
rate = 0.20
[[incentive]]
name = "Bonus"
amount = 500
when = "White"
"""
DAY = datetime(2026, 3, 2, 9, tzinfo=UTC)


def showroom(folder: Path, model: str = MODEL, prices: str = PRICES) -> App:
    """Return an app in which a model `small` and its prices in `DE` were released."""
    app = open_app(f"sqlite:///{folder / 'sales.sqlite'}")
    app.take_in(release_model, model.encode(), model="small", version="1", at=DAY)
    app.take_in(release_prices, prices.encode(), model="small", market="DE", version="1", at=DAY)
    return app
