"""The one normal form of each value that enters an event hash.

Source: CBV 2.0 section 8.9, rules 5 to 7 (white space, numbers) and 14 to 18 (CBV URNs, compact
URIs, identifiers of GS1).
"""

from collections.abc import Mapping
from decimal import Decimal
from functools import lru_cache

from treadle.trace.formats.epcis.context import expanded
from treadle.trace.formats.epcis.vocabulary import OLD_CBV
from treadle.trace.rules.identifiers import LONG, canonical

__all__ = ["value_text"]

_CACHE_ENTRIES = 1 << 16
_LONGEST_PLAIN_EXPONENT = 308  # beyond the range of a double a number is written with an exponent
_NUMBER_START = frozenset("0123456789+-.")


def value_text(value: object, prefixes: Mapping[str, str]) -> str:
    """One value in its normal form (rules 5 to 7 and 14 to 18)."""
    if isinstance(value, str):
        if value.startswith("urn:epc:id:"):  # by far the most there are
            return canonical(value.strip())
        text = value.strip()
        if ":" in text:
            text = expanded(text, prefixes)
        return _normal(text) if len(text) <= LONG else _normal.__wrapped__(text)
    if value is True or value is False:
        return "true" if value else "false"
    return _number_value(value)


def _number_value(value: object) -> str:
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        shortest = repr(value or 0.0)  # without zeros at its end but for one: 2.0
        return _number(shortest) if "e" in shortest else shortest.removesuffix(".0")
    return "" if value is None else _number(str(value))


@lru_cache(maxsize=_CACHE_ENTRIES)
def _normal(text: str) -> str:
    """Text in its normal form: number, CBV 2.0 URI or canonical Digital Link where it is one."""
    if text[:1] in _NUMBER_START:
        return _number(text)
    if text.startswith("urn:epcglobal:cbv:"):
        for old, new in OLD_CBV.items():
            if text.startswith(old):
                return new + text[len(old) :]
        return text
    return canonical(text)


def _number(text: str) -> str:
    """Decimal text without zeros at its ends (rule 6); what is no number comes back unchanged.

    XML has no types, so that a text that looks like a number has to count as one in JSON too.
    """
    try:
        exact = Decimal(text) if text.isascii() and "_" not in text else None
    except ArithmeticError:
        return text
    if exact is None or not exact.is_finite():
        return text
    if not exact:
        return "0"
    if abs(exact.adjusted()) > _LONGEST_PLAIN_EXPONENT:
        return _with_exponent(exact)
    plain = f"{exact:f}"
    if "." in plain:
        plain = plain.rstrip("0").rstrip(".")
    if abs(exact) >= 1:
        return plain
    # The published hashes come from a programme that writes doubles: 0.00001 is 1e-05 there.
    shortest = repr(float(plain))
    return shortest if "e" in shortest and Decimal(shortest) == exact else plain


def _with_exponent(exact: Decimal) -> str:
    sign, digits, exponent = exact.as_tuple()
    text = "".join(map(str, digits))
    kept = text.rstrip("0")
    return f"{'-' * sign}{kept}E{int(exponent) + len(text) - len(kept)}"
