"""Which events conform: each rule once, and the GS1 JSON schema as the judge of random changes."""

import copy
import json
import re
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft7Validator, FormatChecker  # type: ignore[import-untyped] # no stubs

from treadle.trace.formats.epcis import DocumentRefusedError, check_event, read_document
from treadle.trace.formats.epcis import vocabulary as words
from treadle.trace.formats.epcis.uri import is_uri

Make = Callable[..., bytes]

# RFC 3986 appendix A, put together rule by rule: written apart from the pattern under test.
UNRESERVED, SUB_DELIMS, PCT = r"[A-Za-z0-9\-._~]", r"[!$&'()*+,;=]", r"%[0-9A-Fa-f]{2}"
PCHAR = rf"(?:{UNRESERVED}|{PCT}|{SUB_DELIMS}|:|@)"
SEGMENT, SEGMENT_NZ = rf"{PCHAR}*", rf"{PCHAR}+"
H16 = r"[0-9A-Fa-f]{1,4}"
OCTET = r"(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])"
IPV4 = rf"{OCTET}(?:\.{OCTET}){{3}}"
LS32 = rf"(?:{H16}:{H16}|{IPV4})"
IPV6 = "|".join(
    [
        rf"(?:{H16}:){{6}}{LS32}",
        rf"::(?:{H16}:){{5}}{LS32}",
        rf"(?:{H16})?::(?:{H16}:){{4}}{LS32}",
        rf"(?:(?:{H16}:)?{H16})?::(?:{H16}:){{3}}{LS32}",
        rf"(?:(?:{H16}:){{0,2}}{H16})?::(?:{H16}:){{2}}{LS32}",
        rf"(?:(?:{H16}:){{0,3}}{H16})?::{H16}:{LS32}",
        rf"(?:(?:{H16}:){{0,4}}{H16})?::{LS32}",
        rf"(?:(?:{H16}:){{0,5}}{H16})?::{H16}",
        rf"(?:(?:{H16}:){{0,6}}{H16})?::",
    ]
)
IP_LITERAL = rf"\[(?:{IPV6}|[vV][0-9A-Fa-f]+\.(?:{UNRESERVED}|{SUB_DELIMS}|:)+)\]"
HOST = rf"(?:{IP_LITERAL}|(?:{UNRESERVED}|{PCT}|{SUB_DELIMS})*)"
AUTHORITY = rf"(?:(?:{UNRESERVED}|{PCT}|{SUB_DELIMS}|:)*@)?{HOST}(?::[0-9]*)?"
HIER_PART = rf"(?://{AUTHORITY}(?:/{SEGMENT})*|/(?:{SEGMENT_NZ}(?:/{SEGMENT})*)?|{SEGMENT_NZ}(?:/{SEGMENT})*|)"
TAIL = rf"(?:{PCHAR}|/|\?)*"
RFC_3986 = re.compile(rf"[A-Za-z][A-Za-z0-9+\-.]*:{HIER_PART}(?:\?{TAIL})?(?:#{TAIL})?")

LONG = 20_000
WORDS: list[Any] = [
    None, True, False, 0, -1, 2.5, "", "x", "a:b", "urn:x:y", "urn:epcglobal:cbv:bizstep:packing",
    "https://ns.gs1.org/cbv/BizStep-packing", "https://gs1.org/voc/Temperature", "http://a b/c",
    "ADD", "OBSERVE", "DELETE", "CREATE", "packing", "in_transit", "po", "location", "Temperature",
    "ALARM_CONDITION", "x", "did_not_occur", "KGM", "kgm", "+14:00", "+14:30", "-13:59", "+1:00",
    "2026-02-28T23:59:59Z", "2026-02-29T23:59:59Z", "2026-02-28T24:00:00Z", "2026-02-28", "f0F0",
    "2026-02-28T23:59:59.123456789+23:59", "2.0", "2", "2.", "ObjectEvent", "AssociationEvent",
    "TransformationEvent", "TransactionEvent", "AggregationEvent", "EPCISDocument",
    [], {}, [1], [[]], ["urn:a:b"], ["urn:a:b", "urn:a:b"], [{"id": "urn:a:b"}], {"id": "urn:a:b"},
    {"id": 1}, {"a": 1}, ["urn:a:b", {"a": 1}, {"a": 1.0}], ["packing"], {"set": ["active"]},
    {"set": [], "unset": ["active"]}, {"set": ["active", "active"]}, {"unset": ["urn:own:x"]},
    [{"sensorReport": [{"type": "Temperature", "value": 1}]}], [{"sensorReport": []}],
    [{"epcClass": "urn:a:b", "quantity": 1}], [{"epcClass": "urn:a:b", "colour": 1}],
    [{"type": "po", "bizTransaction": "urn:a:b"}], [{"bizTransaction": "urn:a:b"}],
    [{"source": "urn:a:b"}], {"declarationTime": "2026-02-28T23:59:59Z", "reason": "urn:x:y"},
]  # fmt: skip
NAMES = [
    "type", "action", "eventTime", "recordTime", "eventTimeZoneOffset", "eventID", "epcList",
    "quantityList", "parentID", "childEPCs", "childQuantityList", "inputEPCList", "outputEPCList",
    "inputQuantityList", "outputQuantityList", "transformationID", "bizStep", "disposition",
    "persistentDisposition", "readPoint", "bizLocation", "bizTransactionList", "sourceList",
    "destinationList", "sensorElementList", "ilmd", "errorDeclaration", "certificationInfo",
    "@context", "id", "colour", "own:colour", "https://own.example/colour", "schemaVersion",
    "sender", "epcisHeader", "epcisBody", "sensorMetadata", "sensorReport", "value", "uom", "time",
    "component", "exception", "booleanValue", "hexBinaryValue", "set", "unset", "reason", "source",
]  # fmt: skip


@pytest.fixture(scope="module")
def judge(epcis: Path) -> Draft7Validator:
    """Give the GS1 schema with `uri` and `date-time` asserted.

    `date-time` is that of rfc3339-validator; there is none for `uri` without the GPL.
    """
    formats = FormatChecker(formats=())
    formats.checkers["date-time"] = Draft7Validator.FORMAT_CHECKER.checkers["date-time"]
    formats.checks("uri")(
        lambda text: not isinstance(text, str) or RFC_3986.fullmatch(text) is not None
    )
    schema = json.loads((epcis / "gs1" / "EPCIS-JSON-Schema.json").read_text())
    return Draft7Validator(schema, format_checker=formats)


class Valid(NamedTuple):
    """Valid documents, with a short name for messages."""

    documents: list[Any]

    def __repr__(self) -> str:
        return f"{len(self.documents)} documents"


@pytest.fixture(scope="module")
def valid(json_documents: dict[str, tuple[bytes, dict[str, Any]]]) -> Valid:
    """Give all valid documents of GS1 and others that are not too long for the judge."""
    found = [
        json.loads(content)
        for content, said in json_documents.values()
        if said["expected"] == "valid" and len(content) < LONG
    ]
    singly = [
        {"@context": one["@context"]} | one["epcisBody"]["eventList"][0]
        for one in found
        if "eventList" in one["epcisBody"]
    ]
    return Valid(found + singly)


def _is_good(content: bytes) -> bool:
    try:
        return not read_document(content).rejections
    except DocumentRefusedError:
        return False


def _as_the_schema_sees_it(document: Any) -> Any:
    """Document without what we take in knowingly beyond the schema (see `checking`)."""
    seen = copy.deepcopy(document)
    body = seen.get("epcisBody")
    listed = body.get("eventList") if isinstance(body, dict) else None
    for event in [seen, *(listed if isinstance(listed, list) else [])]:
        if isinstance(event, dict) and event.get("type") == "AggregationEvent":
            kept = event.pop("persistentDisposition", None)
            if kept is not None and check_event(event | {"persistentDisposition": kept}):
                event["eventTime"] = None  # wrong for us, so that it is to be wrong for the schema
    return seen


def _places(value: Any, here: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Give the path of everything inside a JSON value."""
    if not isinstance(value, dict | list):
        return []
    found = []
    for key, item in value.items() if isinstance(value, dict) else enumerate(value):
        found += [(*here, key), *_places(item, (*here, key))]
    return found


def _change(chance: Random, document: Any) -> None:
    """Change one place of a document: delete it, write something else, add to it, double it."""
    *above, key = chance.choice(_places(document))
    holder = document
    for step in above:
        holder = holder[step]
    how = chance.choice(["write", "write", "delete", "add", "double", "rename"])
    if how == "delete":
        del holder[key]
    elif how == "double" and isinstance(holder, list):
        holder.append(copy.deepcopy(holder[key]))
    elif how == "rename" and isinstance(holder, dict):
        holder[chance.choice(NAMES)] = holder.pop(key)
    elif how == "add" and isinstance(holder[key], dict):
        holder[key][chance.choice(NAMES)] = copy.deepcopy(chance.choice(WORDS))
    else:
        holder[key] = copy.deepcopy(chance.choice(WORDS))


@settings(max_examples=250, derandomize=True, deadline=None)
@given(seed=st.integers(0, 1 << 32))
def test_after_any_change_the_verdict_is_that_of_the_gs1_schema(
    judge: Draft7Validator, valid: Valid, seed: int
) -> None:
    chance = Random(seed)
    document = copy.deepcopy(chance.choice(valid.documents))
    for _ in range(chance.randint(1, 2)):
        if document:
            _change(chance, document)
    good = _is_good(json.dumps(document).encode())
    assert good == judge.is_valid(_as_the_schema_sees_it(document))


def test_events_written_here_are_good_for_the_schema_too(
    judge: Draft7Validator, document: Make, events: list[dict[str, Any]]
) -> None:
    content = json.loads(document(*events))
    assert judge.is_valid(_as_the_schema_sees_it(content))


URIS = [
    "urn:a:b", "a:", "a:/", "a:/b", "a://", "a:b//c", "http://h", "http://h:", "http://h:80/p?q#f",
    "http://u:p@h/", "http://[::1]/", "http://[::1]", "http://[1::2:3.4.5.6]:8/x", "http://[v1.a:b]/x",
    "http://[::1", "http://::1]/", "http://[::1]x", "http://[fe80::1%25eth0]/", "http://[1:2:3]/",
    "http://h:8x/", "http://h/a b", "http://h/%zz", "http://h/%4", "http://h/ü", "http://h/a|b",
    "http://h/#a#b", "http://h/?a?b", "://h", "1a:b", "a+b.c-d:e", "geo:47.5,11.1", "", "a",
    "a b:c", "mailto:a@b", "ni:///sha-256;00?ver=CBV2.0", "urn:epc:id:sgtin:1.2.%22'()", "http://h/[x]",
    "a:\n", "a:b\n", "http://h/\\", "http:////h", "a:?q", "a:#", "http://@h", "http://a@b@c/",
]  # fmt: skip


@pytest.mark.parametrize("text", URIS)
def test_uris_are_those_of_rfc_3986(text: str) -> None:
    assert is_uri(text) == (RFC_3986.fullmatch(text) is not None)


@settings(max_examples=500, derandomize=True)
@given(st.text("ab:/?#[]@!%41.-~ é\n", max_size=12).map(lambda text: f"http:{text}"))
def test_any_text_is_a_uri_where_rfc_3986_says_so(text: str) -> None:
    assert is_uri(text) == (RFC_3986.fullmatch(text) is not None)


def _changed(event: dict[str, Any], changes: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in (event | changes).items() if value is not ...}


@pytest.mark.parametrize(
    ("number", "changes", "place"),
    [
        (0, {"epcList": ["urn:a:b", "urn:a:b"]}, "/epcList/1"),
        (0, {"epcList": ...}, ""),
        (0, {"epcList": ..., "sensorElementList": ...}, ""),
        (0, {"ilmd": {"own:a": 1}}, "/ilmd"),
        (0, {"ilmd": {"a": 1}, "action": "ADD"}, "/ilmd/a"),
        (0, {"eventTimeZoneOffset": "+15:00"}, "/eventTimeZoneOffset"),
        (0, {"eventTimeZoneOffset": "Z"}, "/eventTimeZoneOffset"),
        (0, {"bizStep": "urn:epcglobal:cbv:bizstep:packing"}, "/bizStep"),
        (0, {"readPoint": {}}, "/readPoint"),
        (0, {"sensorElementList": [{"sensorReport": []}]}, "/sensorElementList/0/sensorReport"),
        (0, {"quantityList": [{"epcClass": "a:b", "quantity": "1"}]}, "/quantityList/0/quantity"),
        (0, {"quantityList": [{"epcClass": "a:b", "uom": "kg"}]}, "/quantityList/0/uom"),
        (0, {"persistentDisposition": {}}, "/persistentDisposition"),
        (0, {"errorDeclaration": {"reason": "did_not_occur"}}, "/errorDeclaration"),
        (0, {"@context": [{"a": 1}, {"a": 1.0}]}, "/@context/1"),
        (1, {"childEPCs": [], "childQuantityList": []}, ""),
        (2, {"bizTransactionList": []}, "/bizTransactionList"),
        (2, {"epcList": ...}, ""),
        (2, {"persistentDisposition": {"set": ["active"]}}, "/persistentDisposition"),
        (3, {"outputEPCList": [], "transformationID": ...}, ""),
        (3, {"outputEPCList": [], "inputQuantityList": []}, ""),
        (3, {"action": "ADD"}, "/action"),
        (4, {"parentID": ...}, ""),
        (5, {"eventTime": "now"}, "/eventTime"),
        (5, {"type": "PaintEvent"}, "/type"),
    ],
)  # fmt: skip
def test_a_broken_rule_is_told_at_its_place(
    events: list[dict[str, Any]], number: int, changes: dict[str, Any], place: str
) -> None:
    changed = {
        name: value for name, value in (events[number] | changes).items() if value is not ...
    }
    if number == 0 and changes == {"epcList": ...}:
        del changed["readPoint"]  # with a place, sensors alone are enough
    assert [one.place for one in check_event(changed)] == [place]


@pytest.mark.parametrize(
    ("number", "changes"),
    [
        (0, {"epcList": ...}),
        (0, {"epcList": [], "sensorElementList": ...}),
        (0, {"action": "ADD", "ilmd": {}}),
        (0, {"@context": [{"a": 1}, {"a": True}, "urn:x:y"]}),
        (0, {"bizStep": "https://ref.gs1.org/cbv/BizStep-packing", "disposition": "own:shiny"}),
        (0, {"certificationInfo": "urn:a:b"}),
        (1, {"action": "DELETE", "childEPCs": ..., "childQuantityList": ...}),
        (2, {"action": "DELETE", "epcList": ...}),
        (3, {"outputEPCList": ...}),
        (3, {"transformationID": ...}),
        (4, {"childEPCs": ["urn:a:b", "urn:a:b"]}),
        (5, {"colour": "red"}),
    ],
)
def test_what_the_standard_allows_is_good(
    events: list[dict[str, Any]], number: int, changes: dict[str, Any]
) -> None:
    changed = {
        name: value for name, value in (events[number] | changes).items() if value is not ...
    }
    assert check_event(changed) == []


def test_every_word_of_the_schema_is_known_and_no_other(epcis: Path) -> None:

    schema = json.loads((epcis / "gs1" / "EPCIS-JSON-Schema.json").read_text())["definitions"]
    for name, known in {
        "bizStep": words.BIZ_STEPS,
        "disposition": words.DISPOSITIONS,
        "bizTransaction-type": words.BIZ_TRANSACTION_TYPES,
        "source-dest-type": words.SOURCE_DESTINATION_TYPES,
        "error-reason": words.ERROR_REASONS,
        "component": words.COMPONENTS,
        "sensorAlertType": words.EXCEPTIONS,
        "measurementType": words.MEASUREMENT_TYPES,
    }.items():
        (listed,) = (part["enum"] for part in schema[name]["anyOf"] if "enum" in part)
        assert set(listed) == set(known), name
    assert set(schema["action"]["enum"]) == words.ACTIONS
