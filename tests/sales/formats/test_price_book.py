"""Price books: what overlaps or means nothing is refused with its place."""

from pathlib import Path
from typing import Any

import pytest

from sales.showroom import DAY, PRICES, showroom
from treadle.kernel import InvalidInputError, RefusedError
from treadle.sales.formats.price_book import read, release_prices

HEAD = 'currency = "EUR"\n'
PRICE = "[[price]]\noption = '{}'\namount = {}\n"


def test_prices_of_one_option_that_hold_for_one_car_are_refused_with_both_places(
    tmp_path: Path,
) -> None:
    app = showroom(tmp_path)

    def release(text: str, version: str = "2") -> None:
        app.take_in(
            release_prices, (HEAD + text).encode(), model="small", market="DE", version=version
        )

    twice = PRICE.format("Roof", 1) + PRICE.format("Roof", 2)
    with pytest.raises(RefusedError, match=r"Roof costs 1 \(price 1\) and 2 \(price 2\)"):
        release(twice)
    # red and a sports car meet, a hatchback and a tow bar never do
    meeting = (
        PRICE.format("Roof", 1) + "when = 'Red'\n" + PRICE.format("Roof", 2) + "when = 'Sport'\n"
    )
    with pytest.raises(RefusedError, match="two prices hold at once"):
        release(meeting)
    apart = (
        PRICE.format("Roof", 1) + "when = 'Hatch'\n" + PRICE.format("Roof", 2) + "when = 'Towbar'\n"
    )
    release(apart)
    # one day of both is too much, one after the other is not
    before, after = "until = 2026-05-02\n", "since = 2026-05-01\n"
    with pytest.raises(RefusedError, match="from 2026-05-01"):
        release(PRICE.format("Roof", 1) + before + PRICE.format("Roof", 2) + after, "3")
    release(
        PRICE.format("Roof", 1) + before.replace("02", "01") + PRICE.format("Roof", 2) + after, "3"
    )


def test_a_version_is_released_once_and_of_a_model_that_is_there(tmp_path: Path) -> None:
    app = showroom(tmp_path)
    wish: dict[str, Any] = {"model": "small", "market": "DE", "version": "1"}
    assert app.take_in(release_prices, PRICES.encode(), at=DAY, **wish).n_duplicate == 1
    with pytest.raises(RefusedError, match="version 1"):
        app.take_in(release_prices, (PRICES + "#").encode(), **wish)
    with pytest.raises(InvalidInputError, match="no model large"):
        app.take_in(release_prices, PRICES.encode(), **(wish | {"model": "large"}))
    text = HEAD + PRICE.format("Sunroof", 1)
    with pytest.raises(InvalidInputError, match="price 1: Sunroof is no option of small"):
        app.take_in(release_prices, text.encode(), **(wish | {"version": "2"}))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "says its currency"),
        ("currency = 'euro'", "says its currency"),
        (HEAD + "[[price]]\noption = 'A'", "price 1: amount should be a number, not None"),
        (HEAD + "[[price]]\noption = 'A'\namount = nan", "price 1: amount"),
        (HEAD + "[[price]]\namount = 1", "price 1: say the option"),
        (HEAD + "[[price]]\noption = 'A'\namount = 1\nwhen = 'B &'", "price 1: 'B &', column 4"),
        (HEAD + "[[price]]\noption = 'A'\namount = 1\nsince = '1'", "a day is written"),
        (
            HEAD + "[[price]]\noption = 'A'\namount = 1\nsince = 2026-02-01\nuntil = 2026-02-01",
            "before it begins",
        ),
        (HEAD + "[[price]]\noption = 'A'\namount = 1\ncolour = 'x'", "colour is none of"),
        (HEAD + "[[tax]]\nname = 'VAT'\nrate = 25", "0.25 for 25 %"),
        (HEAD + "[[tax]]\nrate = 0.25", "a tax has a name"),
        (HEAD + "[[incentive]]\nname = 'x'\namount = -1", "above 0"),
        (HEAD + "[[rebate]]\nname = 'x'", "rebate: a price book has"),
        (HEAD + "price = 3", "a table of its own"),
        ("currency", "no price book in TOML"),
    ],
)
def test_a_bad_price_book_is_refused_with_its_place(text: str, words: str) -> None:
    with pytest.raises(InvalidInputError) as told:
        read(text.encode(), model="m", market="DE", version="1")
    assert words in str(told.value)
