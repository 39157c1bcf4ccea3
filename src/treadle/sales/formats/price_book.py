"""A price book as TOML: prices, discounts, incentives and taxes of one market, with their days.

```toml
currency = "SEK"

[[price]]
option = "Car"                # what the option costs, before taxes
amount = 259900
since = 2026-01-01            # the first day of ordering that it holds for; both may be left out
until = 2026-07-01            # the first day that it does not

[[price]]
name = "Registration"         # a line of a condition alone
amount = 900
when = "!Van"

[[discount]]                  # a share of list prices, before taxes
name = "Winter package"
rate = 0.15                   # 15 % off
on = ["HeatedSeats", "HeatPump"]   # of these; or "base" (the car itself), "options", "total"
when = "WinterPack"
until = 2026-04-01

[[tax]]
name = "VAT"
rate = 0.25

[[incentive]]                 # paid after taxes; amounts are what the customer gets
name = "Climate bonus"
amount = 30000
when = "!Diesel"
```
"""

import tomllib
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from functools import partial
from typing import Any, get_args

from treadle.engine.choices.expression import ConditionError, names, parse
from treadle.facts.design.models import model_id, release_of
from treadle.facts.rulebook import Rulebook, open_rules
from treadle.facts.sales.prices import (
    PriceBookReleased,
    PriceRule,
    RateDiscount,
    Scope,
    Tax,
    book_of,
    prices_id,
)
from treadle.kernel import Entry, Intake, InvalidInputError, RefusedError, Store, to_us
from treadle.kernel.blob import BlobStore, blob_id
from treadle.kernel.event import WHEN_TAKEN
from treadle.sales.rules.overlapping import overlaps
from treadle.sales.rules.pricing import base_of, is_list_price

_COLUMNS = {
    "price": {"option", "name", "amount", "when", "since", "until"},
    "incentive": {"name", "amount", "when", "since", "until"},
    "discount": {"name", "rate", "on", "when", "since", "until"},
    "tax": {"name", "rate", "since", "until"},
}
_TOLD = 10  # overlaps that a refusal names
_CODE = 3  # letters of a currency


def release_prices(
    content: bytes, *, model: str, market: str, version: str, at: datetime | None = None
) -> Intake:
    """Release the prices of a model in a market: a price book in TOML.

    Parameters
    ----------
    model
        The name of the model, of which a version is released.
    market
        As sales calls it: SE, NO, DE.
    version
        As sales calls it; a version is released once.
    at
        When it was released; now where it is not said.

    Raises
    ------
    InvalidInputError
        It cannot be read, or prices an option that the model has not.
    RefusedError
        Two prices of one option hold for one car on one day, or that version is there already.
    """
    fact = read(content, model=model, market=market, version=version)
    moment = WHEN_TAKEN if at is None else to_us(at)
    return Intake(
        n_in=1,
        n_facts=1,
        entries=(Entry.of(prices_id(model, market), fact, moment),),
        check=partial(_fits, fact=fact),
    )


def read(content: bytes, *, model: str, market: str, version: str) -> PriceBookReleased:
    """Return the price book that a file holds.

    Raises
    ------
    InvalidInputError
        It is none; with the place.
    """
    try:
        told = tomllib.loads(content.decode("utf-8-sig"), parse_float=Decimal)
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise InvalidInputError(f"this is no price book in TOML: {error}") from error
    if not (model.strip() and market.strip() and version.strip()):
        raise InvalidInputError("a price book has a model, a market and a version")
    if unknown := sorted(set(told) - {"currency", *_COLUMNS}):
        raise InvalidInputError(
            f"{', '.join(unknown)}: a price book has currency, [[price]], [[discount]], "
            "[[incentive]], [[tax]]"
        )
    currency = told.get("currency")
    if not isinstance(currency, str) or len(currency) != _CODE or not currency.isupper():
        raise InvalidInputError('a price book says its currency by ISO 4217: currency = "SEK"')
    return PriceBookReleased(
        model=model.strip(),
        market=market.strip(),
        version=version.strip(),
        currency=currency,
        source=blob_id(content),
        prices=tuple(
            _price(kind, entry, f"{kind} {i}")
            for kind in ("price", "incentive")
            for i, entry in enumerate(_entries(told, kind), 1)
        ),
        taxes=tuple(_tax(entry, f"tax {i}") for i, entry in enumerate(_entries(told, "tax"), 1)),
        discounts=tuple(
            _discount(entry, f"discount {i}")
            for i, entry in enumerate(_entries(told, "discount"), 1)
        ),
    )


def _entries(told: dict[str, Any], kind: str) -> list[dict[str, Any]]:
    found = told.get(kind, [])
    if not isinstance(found, list) or not all(isinstance(entry, dict) for entry in found):
        raise InvalidInputError(f"each {kind} is a table of its own: [[{kind}]]")
    for i, entry in enumerate(found, 1):
        if unknown := sorted(set(entry) - _COLUMNS[kind]):
            known = ", ".join(sorted(_COLUMNS[kind]))
            raise InvalidInputError(f"{kind} {i}: {unknown[0]} is none of {known}")
    return found


def _price(kind: str, entry: dict[str, Any], place: str) -> PriceRule:
    option, name, when = (_text(entry, key, place) for key in ("option", "name", "when"))
    if not option and not name:
        raise InvalidInputError(f"{place}: say the option that it is the price of, or a name")
    _readable(when, place)
    amount = _number(entry, "amount", place)
    if kind == "incentive" and amount < 0:
        raise InvalidInputError(f"{place}: an incentive is what the customer gets: above 0")
    since, until = _days(entry, place)
    return PriceRule(
        option=option,
        name=name,
        amount=-amount if kind == "incentive" else amount,
        when=when,
        since=since,
        until=until,
        taxed=kind != "incentive",
        place=place,
    )


def _discount(entry: dict[str, Any], place: str) -> RateDiscount:
    name, when = (_text(entry, key, place) for key in ("name", "when"))
    if not name:
        raise InvalidInputError(f"{place}: a discount has a name")
    _readable(when, place)
    rate = _number(entry, "rate", place)
    if not 0 < rate <= 1:
        raise InvalidInputError(f"{place}: the rate is a share, 0.05 for 5 % off, not {rate}")
    since, until = _days(entry, place)
    on, options = _scope(entry.get("on", "total"), place)
    return RateDiscount(
        name=name,
        rate=rate,
        on=on,
        options=options,
        when=when,
        since=since,
        until=until,
        place=place,
    )


def _scope(told: object, place: str) -> tuple[Scope, tuple[str, ...]]:
    for scope in get_args(Scope):
        if told == scope:
            return scope, ()
    if isinstance(told, list) and told and all(isinstance(name, str) for name in told):
        return "total", tuple(dict.fromkeys(name.strip() for name in told))
    raise InvalidInputError(
        f'{place}: on is "base", "options", "total" or a list of options, not {told!r}'
    )


def _readable(when: str, place: str) -> None:
    try:
        parse(when)
    except ConditionError as error:
        raise InvalidInputError(f"{place}: {when!r}, column {error.column}: {error}") from error


def _tax(entry: dict[str, Any], place: str) -> Tax:
    rate = _number(entry, "rate", place)
    if not 0 <= rate < 10:  # noqa: PLR2004 - ten times the price is no tax, but a percentage
        raise InvalidInputError(f"{place}: the rate is a share, 0.25 for 25 %, not {rate}")
    name = _text(entry, "name", place)
    if not name:
        raise InvalidInputError(f"{place}: a tax has a name")
    since, until = _days(entry, place)
    return Tax(name=name, rate=rate, since=since, until=until)


def _text(entry: dict[str, Any], key: str, place: str) -> str:
    value = entry.get(key, "")
    if not isinstance(value, str):
        raise InvalidInputError(f"{place}: {key} should be a text, not {value!r}")
    return value.strip()


def _number(entry: dict[str, Any], key: str, place: str) -> Decimal:
    value = entry.get(key)
    try:
        number = Decimal("nan") if isinstance(value, bool) or value is None else Decimal(value)
    except (InvalidOperation, TypeError, ValueError):
        number = Decimal("nan")
    if not number.is_finite():
        raise InvalidInputError(f"{place}: {key} should be a number, not {value!r}")
    return number


def _days(entry: dict[str, Any], place: str) -> tuple[date | None, date | None]:
    days = [entry.get(key) for key in ("since", "until")]
    for day in days:
        if day is not None and (not isinstance(day, date) or isinstance(day, datetime)):
            raise InvalidInputError(f"{place}: a day is written 2026-01-31, not {day!r}")
    since, until = days
    if since and until and until <= since:
        raise InvalidInputError(f"{place}: it ends on {until}, before it begins on {since}")
    return since, until


def _fits(store: Store, blobs: BlobStore, *, fact: PriceBookReleased) -> None:
    """Refuse a price book that does not fit its model, or of which nobody could say what holds."""
    thing = model_id(fact.model)
    release = release_of(thing, store.history(thing))
    if release is None:
        raise InvalidInputError(
            f"no model {fact.model} was released; release it with `treadle design release-model`"
        )
    rulebook = open_rules(blobs, release.fact.rulebook, release.fact.diagram).rulebook
    _knows(rulebook, fact)
    known = book_of(store.history(prices_id(fact.model, fact.market)), version=fact.version)
    if known is not None and known.source != fact.source:
        raise RefusedError(
            f"version {fact.version} of the prices of {fact.model} in {fact.market} is there "
            "already; give this one a version of its own"
        )
    if found := overlaps(fact, rulebook):
        told = "; ".join(
            o.words
            + (f" from {o.day}" if o.day else "")
            + (f", for a car with {', '.join(o.example)}" if o.example else "")
            for o in found[:_TOLD]
        )
        more = f"; and {len(found) - _TOLD} more" if len(found) > _TOLD else ""
        raise RefusedError(
            f"two prices hold at once: {told}{more}; give one a `when` or other days"
        )


def _knows(rulebook: Rulebook, fact: PriceBookReleased) -> None:
    asked = [(r.place, {r.option} - {""} | names(parse(r.when))) for r in fact.prices]
    asked += [(d.place, {*d.options} | names(parse(d.when))) for d in fact.discounts]
    for place, wanted in asked:
        if missing := sorted(wanted - set(rulebook.number)):
            raise InvalidInputError(f"{place}: {', '.join(missing)} is no option of {fact.model}")
    priced = {rule.option for rule in fact.prices if is_list_price(rule)}
    for discount in fact.discounts:
        if unpriced := [name for name in discount.options if name not in priced]:
            raise InvalidInputError(
                f"{discount.place}: {', '.join(unpriced)} has no price here that a share could be "
                "taken off"
            )
        if discount.on == "base" and len(base_of(rulebook)) != 1:
            raise InvalidInputError(
                f"{discount.place}: {fact.model} has no tree and so no base; name the options: "
                'on = ["..."]'
            )
