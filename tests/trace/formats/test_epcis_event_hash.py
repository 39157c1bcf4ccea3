"""The CBV event hash: the published vectors, and what may and may not change a hash."""

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from treadle.trace.formats.epcis import TooDeepError, event_hash, pre_hash, read_document

Make = Callable[..., bytes]
PREFIXES = {"heddle": "https://ns.heddle.example/epcis/", "gs1": "https://gs1.org/voc/"}
VECTORS_IN_JSON = 30
CBV = "https://ref.gs1.org/cbv/"


def test_every_published_hash_is_reproduced(epcis: Path, expected: dict[str, Any]) -> None:
    given, found = [], []
    for vector in expected["hash_vectors"]:
        for name in vector["inputs"]:
            if name.endswith(".xml"):
                continue
            document = read_document((epcis / name).read_bytes())
            assert document.rejections == ()
            given += [(name, one) for one in vector["hashes"]]
            found += [(name, event.event_hash) for event in document.events]
    assert len(given) == VECTORS_IN_JSON
    assert found == given


def test_published_pre_hashes_are_reproduced_where_they_give_their_hash(
    epcis: Path, expected: dict[str, Any]
) -> None:
    compared = 0
    for vector in expected["hash_vectors"]:
        names = [name for name in vector["inputs"] if not name.endswith(".xml")]
        if vector["prehashes_file"] is None or not names or "IgnoreFields" in names[0]:
            continue
        faulty = vector.get("prehash_lines_that_do_not_give_the_hash", [])
        lines = (epcis / vector["prehashes_file"]).read_text().splitlines()
        content = json.loads((epcis / names[0]).read_bytes())
        body = content["epcisBody"]
        events = (
            body["eventList"]
            if "eventList" in body
            else body["queryResults"]["resultsBody"]["eventList"]
        )
        prefixes = dict(PREFIXES) | {"cbvmda": "urn:epcglobal:cbv:mda:"}
        for part in content["@context"]:
            prefixes |= part if isinstance(part, dict) else {}
        for number, (event, line) in enumerate(zip(events, lines, strict=True), start=1):
            if number not in faulty:
                assert pre_hash(event, prefixes) == line
                compared += 1
    assert compared == 24


def test_documents_that_say_the_same_hash_alike(epcis: Path, expected: dict[str, Any]) -> None:
    for one in expected["hash_equal"]:
        if one["file"].endswith(".json"):
            found = read_document((epcis / one["file"]).read_bytes())
            assert {event.event_hash for event in found.events} == {one["hash"]}


def test_every_event_of_the_shared_data_has_a_hash(
    json_documents: dict[str, tuple[bytes, dict[str, Any]]],
) -> None:
    for content, _ in json_documents.values():
        for event in read_document(content).events:
            assert event.event_hash.startswith("ni:///sha-256;")
            assert event.event_hash.endswith("?ver=CBV2.0")


def test_the_pre_hash_of_an_event_written_here_is_as_the_rules_say(
    events: list[dict[str, Any]],
) -> None:
    # Put together by hand from CBV 2.0 section 8.9.
    assert pre_hash(events[0], PREFIXES) == (
        "eventType=ObjectEventeventTime=2026-03-04T00:30:00.000ZeventTimeZoneOffset=+08:00"
        "epcListepc=https://id.gs1.org/01/04012345111118/21/9876action=OBSERVE"
        "bizStep=https://ref.gs1.org/cbv/BizStep-inspecting"
        "disposition=https://ref.gs1.org/cbv/Disp-in_progress"
        "readPointid=https://id.gs1.org/414/4012345000054/254/17"
        "bizLocationid=https://id.gs1.org/414/4012345000054"
        "sensorElementListsensorElementsensorMetadatatime=2026-03-04T00:29:58.000Z"
        "deviceID=https://id.gs1.org/8004/4012345T17"
        "sensorReporttype=https://gs1.org/voc/Anglevalue=90uom=DD"
        "sensorReporttype=https://gs1.org/voc/Torquevalue=42.5uom=NU"
        "{https://ns.heddle.example/epcis/}tool=T-17"
        "bizTransactionListtype=https://ref.gs1.org/cbv/BTT-prodorder"
        "bizTransaction=urn:heddle:order:4711"
        "{https://ns.heddle.example/epcis/}station=ST17"
        "{https://ns.heddle.example/epcis/}tightening"
        "{https://ns.heddle.example/epcis/}curve=1.5{https://ns.heddle.example/epcis/}curve=2"
        "{https://ns.heddle.example/epcis/}curve=x{https://ns.heddle.example/epcis/}ok=true"
        "{https://ns.heddle.example/epcis/}program=3"
    )


@pytest.mark.parametrize(
    "change",
    [
        {"recordTime": "2026-03-05T00:00:00Z"},
        {"eventID": "urn:uuid:9d1c5bd4-9d7f-4d6b-9d8b-2b7d9d2d9c11"},
        {"errorDeclaration": {"declarationTime": "2026-03-05T00:00:00Z"}},
        {"rdfs:comment": "seen by eye"},
        {"heddle:nothing": None},
        {"eventTime": "2026-03-04T00:30:00Z"},
        {"eventTime": "2026-03-03T18:00:00.0001-06:30"},
        {"epcList": ["https://heddle.example/gtin/4012345111118/lot/7/ser/9876?a=b#c"]},
        {"bizLocation": {"id": "urn:epc:id:sgln:4012345.00005.0"}},
        {"disposition": "cbv:Disp-in_progress"},
        {
            "bizTransactionList": [
                {"bizTransaction": "urn:heddle:order:4711", "type": f"{CBV}BTT-prodorder"}
            ]
        },
        {"https://ns.heddle.example/epcis/note": None},
    ],
)
def test_another_telling_of_the_same_happening_has_the_same_hash(
    events: list[dict[str, Any]], change: dict[str, Any]
) -> None:
    prefixes = PREFIXES | {
        "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
        "cbv": "https://ref.gs1.org/cbv/",
    }
    assert event_hash(events[0] | change, prefixes) == event_hash(events[0], prefixes)


@pytest.mark.parametrize(
    "change",
    [
        {"eventTime": "2026-03-04T00:30:00.001Z"},
        {"eventTimeZoneOffset": "+08:30"},
        {"epcList": ["urn:epc:id:sgtin:4012345.011111.9877"]},
        {"action": "DELETE"},
        {"disposition": "urn:heddle:in_progress"},
        {"heddle:station": "ST18"},
        {"heddle:tightening": {"heddle:program": 3, "heddle:ok": False}},
        {"heddle:more": []} | {"heddle:more2": ""},
        {"heddle:more": 12345678901234567890},
    ],
)
def test_another_happening_has_another_hash(
    events: list[dict[str, Any]], change: dict[str, Any]
) -> None:
    assert event_hash(events[0] | change, PREFIXES) != event_hash(events[0], PREFIXES)


def test_the_name_of_a_prefix_does_not_matter_but_its_namespace_does(
    events: list[dict[str, Any]],
) -> None:
    text = json.dumps(events[0])
    renamed = json.loads(text.replace("heddle:", "h:").replace("urn:h:", "urn:heddle:"))
    in_full = json.loads(text.replace('"heddle:', '"https://ns.heddle.example/epcis/'))
    h = {"h": PREFIXES["heddle"]}
    assert event_hash(renamed, h) == event_hash(events[0], PREFIXES)
    assert event_hash(in_full, {}) == event_hash(events[0], PREFIXES)
    assert event_hash(renamed, {"h": "urn:other:"}) != event_hash(events[0], PREFIXES)


def test_the_context_of_an_event_wins_over_that_of_its_document(
    document: Make, events: list[dict[str, Any]]
) -> None:
    inside = events[0] | {"@context": {"heddle": "urn:other:"}}
    first, second = read_document(document(inside, events[0])).events
    assert first.event_hash == event_hash(events[0], {"heddle": "urn:other:"})
    assert second.event_hash == event_hash(events[0], PREFIXES)


@pytest.mark.parametrize(
    ("written", "hashed"),
    [
        ("12.10", "12.1"),
        ('"12.10"', "12.1"),
        ("1.0", "1"),
        ("1E2", "100"),
        ("-0.0", "0"),
        ('"+07"', "7"),
        ("0.00001", "1e-05"),
        ("123456789012345678901234567890", "123456789012345678901234567890"),
        ("0.1234567890123456789012", "0.1234567890123456789012"),
        ("12345678.90123456789", "12345678.90123456789"),
        ("1e400", "1E400"),
        ("1200e398", "12E400"),
        ('"1_000"', "1_000"),
        ('"NaN"', "NaN"),
        ('"-inf"', "-inf"),
        ('" a b "', "a b"),
        ("true", "true"),
        ('"2026-03-04"', "2026-03-04"),
        ('"heddle:x"', "https://ns.heddle.example/epcis/x"),
        ('"unknown:x"', "unknown:x"),
        ('"urn:epcglobal:cbv:disp:in_transit"', "https://ref.gs1.org/cbv/Disp-in_transit"),
        ('"urn:epcglobal:cbv:bt:4012345000009:1"', "urn:epcglobal:cbv:bt:4012345000009:1"),
    ],
)
def test_values_have_one_form(
    document: Make, event_text: Callable[[str], str], written: str, hashed: str
) -> None:
    one = read_document(document(event_text(f'"heddle:a": {written}'))).events[0]
    text = pre_hash({"type": "ObjectEvent"}, PREFIXES)
    base = (
        "eventTime=2026-03-04T00:31:00.000ZeventTimeZoneOffset=+08:00"
        "epcListepc=https://id.gs1.org/01/04012345111118/21/9876action=OBSERVE"
    )

    whole = f"{text}{base}{{https://ns.heddle.example/epcis/}}a={hashed}"
    assert one.event_hash == (
        f"ni:///sha-256;{hashlib.sha256(whole.encode()).hexdigest()}?ver=CBV2.0"
    )


@pytest.mark.parametrize(
    ("time", "hashed"),
    [
        ("2026-03-04T08:30:00.1234+08:00", "2026-03-04T00:30:00.123Z"),
        ("2026-03-04T08:30:00.1235+08:00", "2026-03-04T00:30:00.124Z"),
        ("2026-12-31T23:59:59.9995Z", "2027-01-01T00:00:00.000Z"),
        ("2026-03-01T00:30:00+01:00", "2026-02-28T23:30:00.000Z"),
        ("2026-03-04t08:30:00z", "2026-03-04T08:30:00.000Z"),
        ("0001-01-01T00:00:00+01:00", "0000-12-31T23:00:00.000Z"),
        ("9999-12-31T23:59:59-01:00", "10000-01-01T00:59:59.000Z"),
    ],
)
def test_times_are_hashed_in_utc_with_milliseconds(time: str, hashed: str) -> None:
    assert pre_hash({"type": "ObjectEvent", "eventTime": time}, {}) == (
        f"eventType=ObjectEventeventTime={hashed}"
    )


def test_lists_are_sorted_and_their_order_does_not_matter(events: list[dict[str, Any]]) -> None:
    one = events[1]
    turned = one | {"childEPCs": one["childEPCs"][::-1]}
    assert event_hash(turned, PREFIXES) == event_hash(one, PREFIXES)


def test_fields_that_the_sender_ignores_are_left_out_but_never_those_of_the_standard(
    document: Make, events: list[dict[str, Any]]
) -> None:
    told = {"heddle:ignoreFields": ["heddle:station", "epcList"]}
    plain, changed = (
        read_document(document(event, **told)).events[0].event_hash
        for event in (events[0], events[0] | {"heddle:station": "ST99"})
    )
    other = events[0] | {"epcList": ["urn:epc:id:sgtin:4012345.011111.1"]}
    assert plain == changed
    found = read_document(document(other, **told))
    assert found.events[0].event_hash != plain
    assert "heddle:station" in found.remarks[0]


def test_events_of_ones_own_type_may_use_the_names_of_the_standard_as_they_like(
    document: Make, events: list[dict[str, Any]]
) -> None:
    own = events[5]
    odd = {name: 7 for name in events[0] if name not in own} | own
    usual = events[0] | {"type": own["type"]}
    found = read_document(document(own, odd, usual, {**usual, "sourceList": {"a": [1]}}))
    assert found.rejections == ()
    assert len({event.event_hash for event in found.events}) == 4
    standard = pre_hash(events[0], PREFIXES)
    assert pre_hash(usual, PREFIXES) == standard.replace(
        "eventType=ObjectEvent", "eventType=https://ns.heddle.example/epcis/PaintEvent"
    )


def test_an_event_that_nests_too_deep_has_no_hash() -> None:
    deep: Any = 1
    for _ in range(500):
        deep = {"heddle:a": [deep]}
    with pytest.raises(TooDeepError, match="100 levels"):
        event_hash({"type": "ObjectEvent", "heddle:a": deep}, PREFIXES)
