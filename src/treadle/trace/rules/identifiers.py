"""One spelling for every GS1 identifier: EPC URN and Digital Link to the canonical Digital Link.

Sources: GS1 EPC Tag Data Standard 1.13 section 6 (EPC URNs), GS1 Digital Link URI Syntax 1.2
section 4 (keys, qualifiers, canonical form), GS1 General Specifications section 7.9
(check digit), CBV 2.0 section 8.9 rules 17 and 18 (what of it the event hash wants).
"""

import re
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import unquote

from treadle.trace.rules.epc_urn import check_digit, digital_link_path, in_path
from treadle.trace.rules.vin import VIN_LENGTH, VIN_PREFIX, is_valid

__all__ = ["LONG", "canonical", "check_digit", "class_of", "kind", "label", "serial_of"]

CANONICAL_ROOT = "https://id.gs1.org/"
_CACHE_ENTRIES = 1 << 16
LONG = 500
"""Characters beyond which a text is not kept for the next time: it would fill the memory."""
_STEPS_MAX = 10  # key, value, and four qualifiers with theirs
_GTIN = 14  # digits of a GTIN in its one full spelling


def canonical(uri: str) -> str:
    """Canonical GS1 Digital Link of an identifier (CBV 2.0 section 8.9, rules 17 and 18).

    EPC URNs (`urn:epc:id:`, `urn:epc:class:`, `urn:epc:idpat:`) and Digital Links of any domain
    become `https://id.gs1.org/...` with the finest level of identification and nothing else.
    What is not a well-formed GS1 identifier comes back unchanged: it is somebody's own name.
    """
    return _kept(uri) if len(uri) <= LONG else _kept.__wrapped__(uri)


@lru_cache(maxsize=_CACHE_ENTRIES)
def _kept(uri: str) -> str:
    if uri.startswith("urn:epc:"):
        path = digital_link_path(uri)
        return uri if path is None else CANONICAL_ROOT + path
    if uri.startswith(("https://", "http://")):
        if _USUAL.fullmatch(uri):
            return uri
        return _from_digital_link(uri) or uri
    return uri


# The canonical form of a serialised or bare GTIN: most Digital Links there are.
_USUAL = re.compile(r"https://id\.gs1\.org/01/[0-9]{14}(?:/21/[A-Za-z0-9]{1,20})?")
# Digital Link: the keys, how a value looks, and the short names of release 1.1.
_TEXT = r"[A-Za-z0-9!\"%&'()*+,\-./:;<=>?_]"
_KEY_VALUES = {
    "00": re.compile(r"[0-9]{18}"),
    "01": re.compile(r"[0-9]{8}|[0-9]{12,14}"),
    "253": re.compile(rf"[0-9]{{13}}{_TEXT}{{0,17}}"),
    "255": re.compile(r"[0-9]{13,25}"),
    "401": re.compile(rf"[0-9]{{4}}{_TEXT}{{0,26}}"),
    "402": re.compile(r"[0-9]{17}"),
    "414": re.compile(r"[0-9]{13}"),
    "417": re.compile(r"[0-9]{13}"),
    "8003": re.compile(rf"[0-9]{{14}}{_TEXT}{{0,16}}"),
    "8004": re.compile(rf"[0-9]{{4}}{_TEXT}{{0,26}}"),
    "8006": re.compile(r"[0-9]{18}"),
    "8010": re.compile(r"[0-9]{4}[A-Z0-9#/\-]{0,26}"),
    "8017": re.compile(r"[0-9]{18}"),
    "8018": re.compile(r"[0-9]{18}"),
}
_SHORT_NAMES = {
    "sscc": "00", "gtin": "01", "gdti": "253", "gcn": "255", "ginc": "401", "gsin": "402",
    "gln": "414", "party": "417", "grai": "8003", "giai": "8004", "itip": "8006", "cpid": "8010",
    "gsrnp": "8017", "gsrn": "8018", "cpv": "22", "lot": "10", "ser": "21", "cpsn": "8011",
    "glnx": "254", "srin": "8019",
}  # fmt: skip
_SHORT = re.compile(rf"{_TEXT}{{1,20}}")
# Qualifiers of a key; of those with a rank the highest says which thing is meant (CBV rule 18 III).
_QUALIFIERS: dict[str, dict[str, int]] = {
    "01": {"22": 0, "10": 1, "235": 2, "21": 3},
    "8006": {"22": 0, "10": 1, "21": 2},
    "414": {"254": 1, "7040": 0},
    "417": {"7040": 0},
    "8004": {"7040": 0},
    "8010": {"8011": 1},
    "8017": {"8019": 0},
    "8018": {"8019": 0},
}
_QUALIFIER_VALUES = {
    "235": re.compile(rf"{_TEXT}{{1,28}}"),
    "8011": re.compile(r"[0-9]{1,12}"),
    "8019": re.compile(r"[0-9]{1,10}"),
}


def _from_digital_link(uri: str) -> str | None:
    address = uri.partition("#")[0].partition("?")[0]
    steps = address.rstrip("/").split("/")[3:]  # after scheme, nothing, domain
    # A key, its value and all its qualifiers stand at the end: what is before is the domain's own.
    for place in range(max(0, len(steps) - _STEPS_MAX), len(steps) - 1):
        step = steps[place]
        key = _SHORT_NAMES.get(step, step)
        if key in _KEY_VALUES and (found := _constrained(key, steps[place + 1 :])) is not None:
            return CANONICAL_ROOT + found
    return None


def _constrained(key: str, steps: list[str]) -> str | None:
    """Key with its finest qualifier only (CBV 2.0 section 8.9 rule 18), None where it is not one.

    `steps` is the value of the key and then qualifier, value, qualifier, value, ...
    """
    if len(steps) % 2 == 0 or _KEY_VALUES[key].fullmatch(unquote(steps[0])) is None:
        return None
    value = steps[0].zfill(_GTIN) if key == "01" else in_path(steps[0])
    ranks, finest, qualified = _QUALIFIERS.get(key, {}), 0, ""
    for name, text in zip(steps[1::2], steps[2::2], strict=True):
        qualifier = _SHORT_NAMES.get(name, name)
        rank = ranks.get(qualifier)
        looks = _QUALIFIER_VALUES.get(qualifier, _SHORT)
        if rank is None or looks.fullmatch(unquote(text)) is None:
            return None
        if rank > finest:
            finest, qualified = rank, f"/{qualifier}/{in_path(text)}"
    return f"{key}/{value}{qualified}"


# What a canonical identifier names: kind, short name, and where its class part ends (0: no class).
_MEANING: dict[str, tuple[str, str, int]] = {
    "00": ("logistic unit", "SSCC", 0),
    "01": ("class", "GTIN", 0),
    "01/10": ("lot", "LGTIN", 0),
    "01/21": ("serial", "SGTIN", 0),
    "01/235": ("serial", "UPUI", 0),
    "253": ("document", "GDTI", 13),
    "255": ("document", "SGCN", 13),
    "401": ("logistic unit", "GINC", 0),
    "402": ("logistic unit", "GSIN", 0),
    "414": ("location", "GLN", 0),
    "414/254": ("location", "SGLN", 0),
    "417": ("party", "PGLN", 0),
    "8003": ("serial", "GRAI", 14),
    "8004": ("serial", "GIAI", 0),
    "8006": ("class", "ITIP", 0),
    "8006/10": ("lot", "ITIP", 0),
    "8006/21": ("serial", "ITIP", 0),
    "8010": ("class", "CPI", 0),
    "8010/8011": ("serial", "CPI", 0),
    "8017": ("party", "GSRNP", 0),
    "8018": ("party", "GSRN", 0),
}
_OTHER_KINDS = (
    (VIN_PREFIX, "serial"),
    ("urn:epc:id:bic:", "logistic unit"),
    ("urn:epc:id:", "serial"),
    ("urn:epc:class:", "class"),
    ("urn:epc:idpat:", "class"),
    ("urn:epcglobal:cbv:bt:", "document"),
    ("urn:epcglobal:cbv:btt:", "other"),
    ("geo:", "location"),
)
_LABEL_TAIL = 12  # characters of an identifier that people still tell apart at a glance


class _Parts(NamedTuple):
    """A canonical identifier in its parts; `serial` is empty where it names a class."""

    kind: str
    name: str
    of_class: str
    serial: str
    tail: str


def _parts(uri: str) -> _Parts | None:
    known = canonical(uri)
    if not known.startswith(CANONICAL_ROOT):
        return None
    steps = known[len(CANONICAL_ROOT) :].split("/")
    meaning = _MEANING.get("/".join(steps[::2]))
    if meaning is None:
        return None
    sort, name, end = meaning
    value = unquote(steps[-1])
    if end:  # key and serial stand in one step: 8003/<14 digits><serial>
        sort = "class" if sort == "serial" and len(steps[1]) == end else sort
        of_class = f"{CANONICAL_ROOT}{steps[0]}/{steps[1][:end]}"
        return _Parts(sort, name, of_class, unquote(steps[1][end:]), value[end:] or value)
    if sort == "serial" and len(steps) > 2:  # noqa: PLR2004 - key/value/qualifier/value
        return _Parts(sort, name, CANONICAL_ROOT + "/".join(steps[:2]), value, value)
    return _Parts(sort, name, known, "", value)


def kind(uri: str) -> str:
    """Kind of thing that an identifier names, one of eight words.

    'serial', 'class', 'lot', 'location', 'party', 'document', 'logistic unit' or 'other'.
    """
    if (parts := _parts(uri)) is not None:
        return parts.kind
    return next((sort for start, sort in _OTHER_KINDS if uri.startswith(start)), "other")


def one_spelling(thing: str) -> str:
    """Return the spelling by which things are compared; a bare VIN, as people type it, is its car.

    No event can carry a bare VIN, since EPCIS wants URIs: so nothing else is meant by one.
    """
    if len(thing) == VIN_LENGTH and is_valid(thing.upper(), check_digit_wanted=False):
        return VIN_PREFIX + thing.upper()
    return canonical(thing)


def label(uri: str) -> str:
    """Short name of an identifier for people: 'SGTIN …9876', 'VIN LSVAA4182E2184842'."""
    if uri.startswith(VIN_PREFIX):
        return f"VIN {uri[len(VIN_PREFIX) :]}"
    if (parts := _parts(uri)) is None:
        tail = re.split(r"[/#:]", uri.rstrip("/#:"))[-1]
        return tail if len(tail) <= 2 * _LABEL_TAIL else f"…{tail[-_LABEL_TAIL:]}"
    return f"{parts.name} …{parts.tail[-_LABEL_TAIL:]}"


def serial_of(uri: str) -> str | None:
    """Give the serial of a serialised identifier, decoded; None where the identifier has none.

    Of a VIN it is the last six characters, the production number (49 CFR 565.15 (d)).
    """
    if uri.startswith(VIN_PREFIX):
        return uri[-6:]
    parts = _parts(uri)
    return (parts.serial or None) if parts is not None else None


def class_of(uri: str) -> str:
    """Class part of a serialised identifier: what all of one serial range have in common.

    The canonical identifier itself where it has no serial. Of a VIN it is what stands before the
    production number, with `*` for the check digit, which differs from car to car.
    """
    if uri.startswith(VIN_PREFIX):
        vin = uri[len(VIN_PREFIX) :]
        return f"{VIN_PREFIX}{vin[:8]}*{vin[9:-6]}"
    parts = _parts(uri)
    return canonical(uri) if parts is None else parts.of_class
