"""EPCIS documents out: what goes out is what came in, and means the same."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from treadle.trace.formats.epcis import read_document, write_document

Make = Callable[..., bytes]
Text = Callable[..., str]
NOW = datetime(2026, 3, 4, 17, 0, 0, 123456, tzinfo=timezone(timedelta(hours=8)))
GS1 = "https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"


def _again(content: bytes) -> list[tuple[str, str | None]]:
    return [(event.text, event.context) for event in read_document(content).events]


def test_what_was_read_and_written_is_read_alike(
    document: Make, events: list[dict[str, Any]]
) -> None:
    first = read_document(document(*events))
    given = [(event.text, event.context) for event in first.events]
    second = read_document(write_document(given, created_at=NOW))
    assert [(event.text, event.context) for event in second.events] == given
    assert [event.event_hash for event in second.events] == [
        event.event_hash for event in first.events
    ]


def test_every_published_document_goes_out_as_it_came_in(
    json_documents: dict[str, tuple[bytes, dict[str, Any]]],
) -> None:
    for file, (content, _) in json_documents.items():
        first = read_document(content).events
        given = [(event.text, event.context) for event in first]
        second = read_document(write_document(given, created_at=NOW)).events
        assert [event.text for event in second] == [event.text for event in first], file
        assert [event.event_hash for event in second] == [event.event_hash for event in first]


def test_events_of_all_published_documents_keep_their_meaning_in_one_document(
    json_documents: dict[str, tuple[bytes, dict[str, Any]]],
) -> None:
    events = [
        event
        for content, said in json_documents.values()
        if said["expected"] == "valid"
        for event in read_document(content).events
    ]
    written = write_document([(one.text, one.context) for one in events], created_at=NOW)
    again = read_document(written)
    assert again.rejections == ()
    assert [one.event_hash for one in again.events] == [one.event_hash for one in events]
    for before, after in zip(events, again.events, strict=True):
        kept = {name: value for name, value in after.fields.items() if name != "@context"}
        assert kept == {name: value for name, value in before.fields.items() if name != "@context"}


def test_numbers_go_out_as_they_were_spelled(document: Make, event_text: Text) -> None:
    numbers = '"heddle:a": [12.10, 1e400, 123456789012345678901234567890]'
    given = _again(document(event_text(numbers)))
    more: list[tuple[str, str | None]] = [(event_text(), None)]
    for other in ([], more):
        written = write_document([*given, *other], created_at=NOW)
        assert b"[12.10,1e400,123456789012345678901234567890]" in written


def test_the_document_around_the_events_is_complete(events: list[dict[str, Any]]) -> None:
    text = json.dumps(events[4])
    written = json.loads(write_document([(text, None)], created_at=NOW, header={"sender": "plant"}))
    assert written == {
        "@context": [GS1],
        "type": "EPCISDocument",
        "schemaVersion": "2.0",
        "creationDate": "2026-03-04T09:00:00.123Z",
        "sender": "plant",
        "epcisBody": {"eventList": [events[4]]},
    }


def test_no_events_are_a_document_too() -> None:
    found = read_document(write_document([], created_at=NOW))
    assert (found.kind, found.n_in) == ("EPCISDocument", 0)


def test_the_answer_to_a_query_is_a_query_document(events: list[dict[str, Any]]) -> None:
    written = write_document(
        [(json.dumps(events[4]), None)],
        created_at=NOW,
        query_name="SimpleEventQuery",
        subscription_id="s-1",
    )
    found = read_document(written)
    assert (found.kind, len(found.events)) == ("EPCISQueryDocument", 1)
    results = json.loads(found.header)["epcisBody"]["queryResults"]
    assert results == {
        "queryName": "SimpleEventQuery",
        "subscriptionID": "s-1",
        "resultsBody": {},
    }


def test_contexts_that_differ_move_into_their_events(
    document: Make, events: list[dict[str, Any]]
) -> None:
    heddle = _again(document(events[0]))
    other = _again(document(events[0], **{"@context": [GS1, {"heddle": "urn:other:"}]}))
    own = _again(document(events[0] | {"@context": [{"own": "urn:own:"}, GS1]}))
    hashes = [
        read_document(write_document([one], created_at=NOW)).events[0].event_hash
        for one in (*heddle, *other, *own)
    ]
    together = write_document([*heddle, *other, *own, (heddle[0][0], None)], created_at=NOW)
    assert json.loads(together)["@context"] == [GS1]
    found = read_document(together)
    assert found.rejections == ()
    assert [event.event_hash for event in found.events[:3]] == hashes
    assert len({event.event_hash for event in found.events}) == 3
    assert found.events[2].fields["@context"] == [
        {"heddle": "https://ns.heddle.example/epcis/"},
        {"own": "urn:own:"},
        GS1,
    ]


def test_only_the_events_own_context_is_changed(document: Make, event_text: Text) -> None:
    inner = '"heddle:a": {"@context": {"x": "urn:x:"}, "x:b": "{\\"x\\":\\"urn:x:\\"}"}'
    twice = '"eventID": "urn:a:1", "@context": {"x": "urn:x:"}, "eventID": "urn:a:2"'
    first = read_document(document(event_text(f"{inner}, {twice}")))
    given: list[tuple[str, str | None]] = [(one.text, one.context) for one in first.events]
    second = read_document(write_document([*given, (event_text(), None)], created_at=NOW))
    heddle = '{"heddle":"https://ns.heddle.example/epcis/"}'
    assert second.events[0].event_hash == first.events[0].event_hash
    assert second.events[0].text == first.events[0].text.replace(
        '1","@context":{"x":"urn:x:"}', f'1","@context":["{GS1}",{heddle},{{"x":"urn:x:"}}]'
    )


def test_a_time_without_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="has no time zone"):
        write_document([], created_at=datetime(2026, 3, 4, tzinfo=UTC).replace(tzinfo=None))
