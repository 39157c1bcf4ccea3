"""What comes out of export equals what went in: every event, every field, every number."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from epcis_told import (
    CAR,
    DAY,
    GS1,
    LOT,
    PACK,
    SERIAL,
    Event,
    document,
    event,
    into,
    seen,
    thread_of,
)
from plant_story import story
from treadle.app import App, open_app
from treadle.facts.trace import DocumentCaptured
from treadle.kernel import InvalidInputError, NotFoundError, ThingId
from treadle.trace.formats.capture import capture
from treadle.trace.views.export import export

A, B = SERIAL.format("A"), SERIAL.format("B")


def exactly(content: bytes) -> Any:
    """Decode JSON with every number as its text: 1.0, 1.00 and 1e0 are three things."""
    return json.loads(content, parse_float=str, parse_int=str)


def events_of(content: bytes) -> list[Any]:
    told = exactly(content)
    body = told.get("epcisBody", {})
    if "queryResults" in body:
        body = body["queryResults"]["resultsBody"]
    found: list[Any] = body["eventList"] if body else [told]
    return found


def out_again(content: bytes, app: App | None = None) -> bytes:
    app = app or open_app("memory://")
    report = app.take_in(capture, content)
    return export(app.store, document=report.document).content


def valid_documents(shared_data: Path) -> dict[str, bytes]:
    told = json.loads((shared_data / "epcis" / "expected.json").read_text())
    return {
        one["file"]: (shared_data / "epcis" / one["file"]).read_bytes()
        for one in told["documents"]
        if one["expected"] == "valid" and not one["file"].endswith(".xml")
    }


class TestDocuments:
    def test_every_valid_document_of_gs1_and_others_comes_out_as_it_went_in(
        self, shared_data: Path
    ) -> None:
        documents = valid_documents(shared_data)
        assert len(documents) > 50
        changed = []
        for name, content in documents.items():
            given, got = exactly(content), exactly(out_again(content))
            whole = given.get("type") in ("EPCISDocument", "EPCISQueryDocument")
            same = got == given if whole else got["epcisBody"]["eventList"] == [given]
            if not same:
                changed.append(name)
        assert changed == []

    def test_they_come_out_of_a_database_as_they_went_in(
        self, shared_data: Path, tmp_path: Path
    ) -> None:
        app = open_app(f"{tmp_path}/t.sqlite")
        told: dict[str, str] = {}
        for name, content in valid_documents(shared_data).items():
            report = app.take_in(capture, content)
            if report.n_duplicate:
                continue  # told before in other words: see the test of that below
            told[name] = ""
            got = export(app.store, document=report.document).content
            assert events_of(got) == events_of(content), name
        assert len(told) > 40
        app.store.close()

    def test_every_document_of_the_plant_comes_out_as_it_went_in(self) -> None:
        for content in story(6).documents:
            assert exactly(out_again(content)) == exactly(content)

    @pytest.mark.parametrize(
        "number", ["1.0", "1.00", "100", "1e2", "1E+2", "-0", "-0.0", "0.1", "1e-400", "1e400"]
    )
    def test_a_number_keeps_its_very_text(self, number: str) -> None:
        told = seen(A)
        content = document(told).replace(b'"action"', b'"heddle:n": %s, "action"' % number.encode())
        (got,) = events_of(out_again(content))
        assert got["heddle:n"] == number

    def test_digits_beyond_a_double_are_kept(self) -> None:
        digits = "3.14159265358979323846264338327950288419716939937510"
        content = document(seen(A)).replace(
            b'"action"', b'"heddle:n":%s,"action"' % digits.encode()
        )
        assert events_of(out_again(content))[0]["heddle:n"] == digits

    def test_every_field_of_every_sort_of_event_comes_out(self) -> None:
        lots = [{"epcClass": LOT.format(1), "quantity": 2.50, "uom": "KGM"}]
        sensor = {
            "sensorMetadata": {"time": DAY.format(1), "heddle:rig": {"heddle:n": [1, 2.0]}},
            "sensorReport": [
                {"type": "Temperature", "value": 26.0, "uom": "CEL"},
                {"type": "AbsoluteHumidity", "booleanValue": True, "heddle:x": None},
            ],
        }
        told = [
            seen(A, action="ADD", ilmd={"heddle:colour": "Grün \u2028 \U0001f697"}),
            seen(sensorElementList=[sensor], readPoint={"id": "urn:epc:id:sgln:9521000.00001.L1"}),
            event("Aggregation", action="ADD", parentID=PACK, childQuantityList=lots),
            event(
                "Transaction",
                action="ADD",
                epcList=[A],
                bizTransactionList=[{"type": "po", "bizTransaction": "urn:x:po:1"}],
                sourceList=[{"type": "location", "source": "urn:epc:id:sgln:9521000.00001.0"}],
            ),
            event("Transformation", inputQuantityList=lots, outputEPCList=[B], ilmd={}),
            into(CAR, B, day=2, certificationInfo=["urn:x:certificate"]),
            {**event("heddle:Paint"), "heddle:deep": [[[{"heddle:n": "0096"}]]]},
            {**seen(A), "errorDeclaration": {"declarationTime": DAY.format(9), "heddle:by": "QA"}},
        ]
        header: Event = {"epcisMasterData": {"vocabularyList": []}}
        content = document(*told, id="urn:x:document:1", sender="urn:x:s", epcisHeader=header)
        assert exactly(out_again(content)) == exactly(content)

    def test_events_keep_the_order_of_their_document_not_that_of_time(self) -> None:
        content = document(seen(A, day=5), seen(A, day=1), seen(A, day=3))
        assert events_of(out_again(content)) == events_of(content)

    def test_an_event_twice_in_a_document_comes_out_twice(self) -> None:
        content = document(seen(A), seen(B), seen(A))
        assert len(events_of(out_again(content))) == 3

    def test_what_was_rejected_is_left_out_and_the_rest_stays(self) -> None:
        app = open_app("memory://")
        content = document(seen(A), {"type": "ObjectEvent"}, seen(B))
        report = app.take_in(capture, content, on_error="proceed")
        got = events_of(export(app.store, document=report.document).content)
        given = events_of(content)
        assert got == [given[0], given[2]]

    def test_a_document_without_events_comes_out_without_events(self) -> None:
        assert exactly(out_again(document())) == exactly(document())

    def test_what_nobody_captured_is_not_found(self) -> None:
        name = ThingId("urn:treadle:document:sha256:" + "0" * 64)
        with pytest.raises(NotFoundError, match=r"no document .* was captured"):
            export(thread_of().store, document=name)
        with pytest.raises(NotFoundError):
            export(thread_of(seen(A)).store, document=ThingId(A))


class TestThings:
    def test_all_comes_out_in_the_order_it_was_told(self) -> None:
        app = thread_of(seen(A, day=3), into(CAR, A, day=1), seen(B, day=2))
        told = json.loads(export(app.store).content)["epcisBody"]["eventList"]
        assert told == [seen(A, day=3), into(CAR, A, day=1), seen(B, day=2)]

    def test_a_thing_comes_out_with_all_that_names_it_by_when_it_happened(self) -> None:
        app = thread_of(seen(A, day=3), into(CAR, A, day=1), seen(B, day=2))
        got = export(app.store, thing=ThingId(A))
        told = json.loads(got.content)["epcisBody"]["eventList"]
        assert told == [into(CAR, A, day=1), seen(A, day=3)]
        assert got.media_type == "application/ld+json"

    def test_a_time_window_takes_its_start_in_and_leaves_its_end_out(self) -> None:
        app = thread_of(*(seen(A, day=day) for day in (1, 2, 3, 4)))
        start, end = (datetime(2026, 3, day, 12, tzinfo=UTC) for day in (2, 4))
        got = export(app.store, since=start, until=end)
        told = json.loads(got.content)["epcisBody"]["eventList"]
        assert told == [seen(A, day=2), seen(A, day=3)]

    def test_contexts_that_differ_stay_with_their_events(self) -> None:
        app = open_app("memory://")
        one, two = ({"heddle": f"https://{n}.example/"} for n in ("one", "two"))
        for context in (one, two):
            told = seen(A, **{"heddle:colour": "red"})
            app.take_in(capture, document(told, **{"@context": [GS1, context]}))
        told = json.loads(export(app.store).content)["epcisBody"]["eventList"]
        assert [e["heddle:colour"] for e in told] == ["red", "red"]
        assert [one in e["@context"] for e in told] == [True, False]
        assert [two in e["@context"] for e in told] == [False, True]

    def test_what_is_exported_can_be_captured_and_is_the_same_thread(self) -> None:
        first = open_app("memory://")
        for content in story(6).documents:
            first.take_in(capture, content)
        second = open_app("memory://")
        report = second.take_in(capture, export(first.store).content)
        assert (report.n_in, report.n_duplicate) == (story(6).n_events, 0)
        for content in story(6).documents:
            again = second.take_in(capture, content)
            assert again.n_duplicate == again.n_in

    def test_an_empty_thread_is_an_empty_document(self) -> None:
        assert json.loads(export(thread_of().store).content)["epcisBody"] == {"eventList": []}

    def test_a_thing_and_a_document_together_are_refused(self) -> None:
        with pytest.raises(InvalidInputError, match="a thing or a document, not both"):
            export(thread_of().store, thing=ThingId(A), document=ThingId("urn:x"))

    def test_a_thing_that_nobody_named_is_not_found(self) -> None:
        with pytest.raises(NotFoundError, match=f"the thread holds no {A}"):
            export(thread_of(seen(B)).store, thing=ThingId(A))


class TestToldTwice:
    def test_one_happening_in_two_spellings_is_kept_once_and_both_documents_are_kept_whole(
        self,
    ) -> None:
        app = open_app("memory://")
        link = "https://id.gs1.org/01/09521000000209/21/A"
        first, second = document(seen(A)), document(seen(link))
        assert app.take_in(capture, first).n_duplicate == 0
        report = app.take_in(capture, second)
        assert (report.n_ok, report.n_duplicate) == (1, 1)
        assert len(app.store.thread(ThingId(A))) == 1
        (captured,) = (e.fact for e in app.store.history(report.document or ThingId("")))
        assert isinstance(captured, DocumentCaptured)
        assert app.blobs.get(captured.blob) == second
        assert app.ask(export, document=report.document).content == second

    def test_an_event_told_before_in_another_context_keeps_what_its_names_meant(self) -> None:
        app = open_app("memory://")
        mine, other = ({"heddle": "https://heddle.example/"}, {"loom": "https://heddle.example/"})
        app.take_in(capture, document(seen(A, **{"heddle:n": 1}), **{"@context": [GS1, mine]}))
        report = app.take_in(
            capture, document(seen(A, **{"loom:n": 1}), **{"@context": [GS1, other]})
        )
        assert report.n_duplicate == 1
        (got,) = json.loads(export(app.store, document=report.document).content)["epcisBody"][
            "eventList"
        ]
        assert got["heddle:n"] == 1
        assert mine in got["@context"]


class TestHeaders:
    def test_numbers_and_extensions_around_the_events_come_out_as_they_went_in(self) -> None:
        content = document(seen(A), **{"heddle:n": 0, "epcisHeader": {"heddle:v": {"heddle:w": 1}}})
        content = content.replace(b'"heddle:n": 0', b'"heddle:n": 1.10, "heddle:m": 1e400')
        content = content.replace(b'"epcisBody": {', b'"epcisBody": {"heddle:x": [1.0], ')
        assert exactly(out_again(content)) == exactly(content)

    def test_the_answer_to_a_query_comes_out_as_one(self) -> None:
        results = {
            "queryName": "Bad cells",
            "subscriptionID": "s-1",
            "heddle:n": 1,
            "resultsBody": {"eventList": [seen(A)], "heddle:m": 2},
        }
        content = document(type="EPCISQueryDocument", epcisBody={"queryResults": results})
        assert exactly(out_again(content)) == exactly(content)

    def test_one_bare_event_comes_out_as_a_document_of_one(self) -> None:
        bare = json.dumps({"@context": [GS1], **seen(A)}).encode()
        assert events_of(out_again(bare)) == [exactly(bare)]
