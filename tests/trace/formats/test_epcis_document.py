"""Whole EPCIS documents: the verdicts of GS1 and others, nothing lost, everything counted."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from treadle.trace.formats.epcis import (
    DocumentRefusedError,
    check_event,
    read_document,
)

Make = Callable[..., bytes]
Documents = dict[str, tuple[bytes, dict[str, Any]]]
EXPECTED_COUNT = 74


def _event_list(document: dict[str, Any]) -> list[Any]:
    body = document["epcisBody"]
    found: list[Any] = (
        body["eventList"]
        if "eventList" in body
        else body["queryResults"]["resultsBody"]["eventList"]
    )
    return found


def test_every_published_document_gets_the_verdict_of_its_publisher(
    json_documents: Documents,
) -> None:
    wrong = {}
    for file, (content, said) in json_documents.items():
        if said["expected"] == "disputed":
            continue
        verdict = "invalid" if read_document(content).rejections else "valid"
        if verdict != said["expected"]:
            wrong[file] = verdict
    assert len(json_documents) == EXPECTED_COUNT
    assert wrong == {}


def test_each_fault_that_a_publisher_put_in_is_named(json_documents: Documents) -> None:
    told = {
        file.rpartition("/")[2]: [one.reason for one in read_document(content).rejections]
        for file, (content, said) in json_documents.items()
        if said["expected"] == "invalid"
    }
    several = told["Combination_of_multiple_invalid_fields.json"]
    assert [reason.split(" ")[0] for reason in several] == [
        "bizStep",
        "disposition",
        "sourceList/0/type",
        "ilmd/materialType",
        "eventTime",
    ]
    assert "'CREATE'" in several[4]
    assert "has no namespace" in several[3]
    assert "certificationInfo/0" in told["ObjectEvent_with_invalid_certificationInfo.json"][0]
    assert "lacks action" in told["Combination_of_events_with_missing_mandatory_fields.json"][0]


def test_disputed_documents_are_decided_with_a_reason(json_documents: Documents) -> None:
    told = {
        file.rpartition("/")[2]: " ".join(one.reason for one in read_document(content).rejections)
        for file, (content, said) in json_documents.items()
        if said["expected"] == "disputed"
    }
    # EPCIS 2.0 section 7.4.3 and the XML schema have persistentDisposition in AggregationEvent.
    assert told["AggregationEvent_with_persistentDisposition.json"] == ""
    assert "'EffectiveDoseRate'" in told["TransactionEvent_with_userExtensions.json"]
    assert "lacks type" in told["SensorData_with_combined_events.json"]


def test_documents_are_counted_and_typed(json_documents: Documents) -> None:
    for file, (content, said) in json_documents.items():
        found = read_document(content)
        assert found.kind == said["document"], file
        assert found.n_in == said["events"], file
        assert found.n_in == len(found.events) + len(found.rejections), file


def test_each_event_keeps_every_field_of_every_published_document(
    json_documents: Documents,
) -> None:
    for file, (content, _) in json_documents.items():
        given = json.loads(content)
        for event in read_document(content).events:
            number = int(event.place.rpartition("/")[2])
            assert json.loads(event.text) == _event_list(given)[number], file
            assert event.fields == _event_list(given)[number], file


def test_the_header_keeps_everything_but_the_events(json_documents: Documents) -> None:
    for file, (content, _) in json_documents.items():
        given = json.loads(content)
        body = given["epcisBody"]
        inner = body if "eventList" in body else body["queryResults"]["resultsBody"]
        del inner["eventList"]
        assert json.loads(read_document(content).header) == given, file


def test_one_event_of_each_type_is_taken_in(document: Make, events: list[dict[str, Any]]) -> None:
    found = read_document(document(*events))
    assert found.rejections == ()
    assert [event.fields for event in found.events] == events
    assert found.events[2].place == "/epcisBody/eventList/2"
    assert found.remarks == ()


@pytest.mark.parametrize(
    "number",
    [
        "12.10",
        "1e400",
        "-0.0",
        "1E+2",
        "123456789012345678901234567890",
        "0.1234567890123456789012",
    ],
)
def test_numbers_keep_their_spelling(
    document: Make, event_text: Callable[[str], str], number: str
) -> None:
    text = event_text(f'"heddle:given" : [ {number} ,\t{{"heddle:again":\n{number} }}]')
    (event,) = read_document(document(text)).events
    assert event.text.endswith(f'"heddle:given":[{number},{{"heddle:again":{number}}}]}}')


def test_white_space_and_escapes_inside_texts_stay(
    document: Make, event_text: Callable[[str], str]
) -> None:
    (event,) = read_document(
        document(event_text(r'"heddle:note":" a  \"b\" \u00e9 \n é\/ "'))
    ).events
    assert event.text.endswith(r'"heddle:note":" a  \"b\" \u00e9 \n é\/ "}')
    assert event.fields["heddle:note"] == ' a  "b" é \n é/ '


def test_event_time_is_microseconds_since_1970(
    document: Make, events: list[dict[str, Any]]
) -> None:
    one = events[0]
    times = {
        "1970-01-01T00:00:00Z": 0,
        "1970-01-01T01:00:00.000001+01:00": 1,
        "1969-12-31T23:59:59.9999999Z": -1,
        "2026-03-04T08:30:00.123456789+08:00": 1_772_584_200_123_456,
        "0001-01-01T00:00:00+14:00": -62_135_647_200_000_000,
        "9999-12-31T23:59:59.5-14:00": 253_402_351_199_500_000,
    }
    found = read_document(document(*[one | {"eventTime": time} for time in times]))
    assert [event.happened_at_us for event in found.events] == list(times.values())


@pytest.mark.parametrize(
    ("context", "kept"),
    [
        ("https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld", None),
        ("https://ref.gs1.org/standards/epcis/epcis-context.jsonld", None),
        (["https://gs1.github.io/EPCIS/epcis-context.jsonld", {}], None),
        ({}, None),
        ({"a": "urn:a:"}, '{"a":"urn:a:"}'),
        (["https://x.example/c", {"a": "b"}], '["https://x.example/c",{"a":"b"}]'),
    ],
)
def test_the_context_is_kept_where_it_says_more_than_gs1s(
    document: Make, events: list[dict[str, Any]], context: object, kept: str | None
) -> None:
    found = read_document(document(events[0], **{"@context": context}))
    assert found.events[0].context == kept


def test_an_unknown_context_is_remarked_and_not_fetched(
    document: Make, events: list[dict[str, Any]]
) -> None:
    own = events[1] | {"@context": ["https://own.example/context.jsonld"]}
    found = read_document(document(events[0], own, **{"@context": "https://x.example/c.jsonld"}))
    assert found.remarks == (
        (
            "not supported: context https://x.example/c.jsonld is not in the package; "
            "its terms are kept as written"
        ),
        (
            "not supported: context https://own.example/context.jsonld is not in the package; "
            "its terms are kept as written"
        ),
    )
    assert len(found.events) == 2


def test_a_single_event_with_its_context_is_a_document(events: list[dict[str, Any]]) -> None:
    one = {"@context": {"heddle": "urn:heddle:"}} | events[0]
    found = read_document(json.dumps(one).encode())
    assert (found.kind, found.header, found.n_in) == ("Event", "{}", 1)
    assert found.events[0].fields == one
    assert found.events[0].context is None


def test_a_query_document_is_read(document: Make, events: list[dict[str, Any]]) -> None:
    results = {"queryName": "cars", "resultsBody": {"eventList": ["HERE"], "vocabularyList": []}}
    content = document(*events[:2], type="EPCISQueryDocument", epcisBody={"queryResults": results})
    found = read_document(content)
    assert found.kind == "EPCISQueryDocument"
    assert [event.place for event in found.events] == [
        f"/epcisBody/queryResults/resultsBody/eventList/{number}" for number in range(2)
    ]
    assert json.loads(found.header)["epcisBody"]["queryResults"]["resultsBody"] == {
        "vocabularyList": []
    }


def test_one_bad_event_does_not_hold_up_the_others(
    document: Make, events: list[dict[str, Any]]
) -> None:
    bad = events[0] | {"action": "CREATE"}
    found = read_document(document(events[0], bad, 7, events[1]))
    assert [event.place[-1] for event in found.events] == ["0", "3"]
    assert [one.place for one in found.rejections] == [
        "/epcisBody/eventList/1",
        "/epcisBody/eventList/2",
    ]
    assert found.n_in == 4


def test_no_events_at_all_is_a_document(document: Make) -> None:
    found = read_document(document(epcisBody={"eventList": []}))
    assert (found.n_in, found.events) == (0, ())


def test_check_event_tells_the_place_of_each_fault(events: list[dict[str, Any]]) -> None:
    assert check_event(events[0]) == []
    bad = events[0] | {"epcList": ["urn:a:b", "no"], "heddle/x": 1}
    assert [one.place for one in check_event(bad, place="/events/3")] == [
        "/events/3/epcList/1",
        "/events/3/heddle~1x",
    ]


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"@context": ...}, "lacks @context"),
        ({"schemaVersion": 2.0}, "/schemaVersion is the number 2.0"),
        ({"schemaVersion": "2.x"}, "/schemaVersion is '2.x'"),
        ({"creationDate": "2026-02-30T00:00:00Z"}, "/creationDate is '2026-02-30T00:00:00Z'"),
        ({"epcisBody": ...}, "lacks epcisBody"),
        ({"epcisBody": {}}, "lacks /epcisBody/eventList"),
        ({"id": "no uri"}, "/id is 'no uri'"),
        ({"colour": "red"}, "/colour is no field"),
        ({"type": "Document"}, "/type is 'Document'"),
        ({"type": ...}, "lacks type"),
        (
            {"epcisHeader": {"epcisMasterData": {"vocabularyList": [{}]}}},
            "/epcisHeader/epcisMasterData/vocabularyList/0 lacks type",
        ),
    ],
)
def test_a_document_with_a_wrong_header_is_refused_whole(
    document: Make, events: list[dict[str, Any]], changes: dict[str, Any], told: str
) -> None:
    with pytest.raises(DocumentRefusedError) as refused:
        read_document(document(events[0], **changes))
    assert told in str(refused.value)
    assert refused.value.status == 422


def test_master_data_in_the_header_is_kept(document: Make, events: list[dict[str, Any]]) -> None:
    element = {
        "id": "urn:epc:id:sgln:4012345.00005.0",
        "attributes": [{"id": "cbvmda:name", "attribute": "Körting"}, {"id": "urn:a:b"}],
        "children": ["urn:epc:id:sgln:4012345.00005.17"],
    }
    master = {
        "vocabularyList": [
            {"type": "urn:epcglobal:epcis:vtype:Location", "vocabularyElementList": [element]}
        ]
    }
    found = read_document(document(events[0], epcisHeader={"epcisMasterData": master}))
    assert json.loads(found.header)["epcisHeader"] == {"epcisMasterData": master}
