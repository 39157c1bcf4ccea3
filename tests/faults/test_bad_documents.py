"""Bad documents: refused whole or per event, with place and reason; nothing half-lands."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from epcis_told import CAR, LOT, PACK, SERIAL, document, event, into, links, out_of, seen
from treadle.app import App, DocumentRejectedError, Report, open_app
from treadle.kernel import ThingId
from treadle.kernel.errors import TreadleError
from treadle.kernel.presence import life
from treadle.trace.formats.capture import capture
from treadle.trace.views.export import export
from treadle.trace.views.findings import findings
from treadle.trace.views.genealogy import down, up
from treadle.trace.views.recall import recall
from treadle.trace.views.story import story

A, B, C = (SERIAL.format(name) for name in "ABC")
NOW = datetime(2026, 6, 1, tzinfo=UTC)
BAD = {"type": "ObjectEvent", "eventTime": "2026-03-01T00:00:00Z"}


@pytest.fixture
def app(tmp_path: Path) -> Iterator[App]:
    app = open_app(f"{tmp_path}/t.sqlite", clock=lambda: NOW)
    yield app
    app.store.close()


def take(app: App, content: bytes, **wish: Any) -> Report:
    report = app.take_in(capture, content, **wish)
    assert report.n_in == report.n_ok + report.n_rejected
    return report


def untouched(app: App) -> bool:
    return app.store.head().position == 0 and app.store.things() == []


GOOD = document(seen(A))


class TestRefusedWhole:
    @pytest.mark.parametrize(
        ("content", "status", "told"),
        [
            (b"", 422, "the document"),
            (b"{", 422, "the document"),
            (GOOD[:-1], 422, "the document"),
            (GOOD + b"}", 422, "the document"),
            (GOOD.replace(b'"type"', b'type"', 1), 422, "line 1, column 130"),
            (b"null", 422, "the document"),
            (b"[]", 422, "the document"),
            (b"42", 422, "the document"),
            (b"{}", 422, "lacks type"),
            (b"NaN", 422, "the document"),
            (GOOD.decode().encode("utf-16"), 415, "UTF-16"),
            (GOOD.decode().encode("utf-32"), 415, "UTF-16 or UTF-32"),
            (document(seen(A, **{"heddle:x": "é"})).decode().encode("latin-1"), 415, "UTF-8"),
            (b"\x00\x01\x02", 415, "the document"),
            (b"\x1f\x8b\x08\x00" + bytes(20), 415, "the document"),
            (b"<?xml version='1.0'?><epcis:EPCISDocument/>", 415, "EPCIS XML"),
            (GOOD.replace(b"eventList", b"eventLost"), 422, "eventList"),
            (GOOD.replace(b'"EPCISDocument"', b'"Invoice"'), 422, "Invoice"),
            (document(epcisBody={"eventList": {"0": seen(A)}}), 422, "is not a list"),
            (b"[" * 10_000, 422, "the document"),
            (GOOD[:-1] + b', "heddle:x": ' + b"[" * 10_000 + b"]" * 10_000 + b"}", 422, "deep"),
        ],
        ids=range(21),
    )
    def test_what_is_no_document_is_refused_with_the_reason_and_nothing_is_written(
        self, app: App, content: bytes, status: int, told: str
    ) -> None:
        with pytest.raises(TreadleError, match=told) as refused:
            take(app, content, on_error="proceed")
        assert refused.value.status == status
        assert untouched(app)

    def test_a_document_beyond_the_limit_is_refused_before_it_is_read(self, app: App) -> None:
        huge = b" " * ((256 << 20) + 1)
        with pytest.raises(TreadleError, match="has 268435457 bytes, at most 268435456") as refused:
            take(app, huge)
        assert refused.value.status == 413
        assert untouched(app)

    def test_one_bad_event_refuses_all_and_the_report_says_where_and_why(self, app: App) -> None:
        with pytest.raises(DocumentRejectedError) as refused:
            take(app, document(seen(A), BAD, seen(B), BAD))
        report = refused.value.report
        assert (report.accepted, report.n_in, report.n_ok, report.n_rejected) == (False, 4, 0, 4)
        assert [r.place for r in report.rejected] == [
            "/epcisBody/eventList/1",
            "/epcisBody/eventList/3",
        ]
        assert all("eventTimeZoneOffset" in r.reason for r in report.rejected)
        assert "nothing of it was written: /epcisBody/eventList/1: " in str(refused.value)
        assert "(and 1 more)" in str(refused.value)
        assert untouched(app)
        assert not list(Path(app.blobs.url).rglob("*"))


class TestRefusedPerEvent:
    def test_the_good_ones_are_taken_and_the_bad_ones_are_told(self, app: App) -> None:
        report = take(app, document(seen(A), BAD, seen(B)), on_error="proceed")
        assert (report.n_in, report.n_ok, report.n_rejected) == (3, 2, 1)
        assert [r.place for r in report.rejected] == ["/epcisBody/eventList/1"]
        assert app.store.things(prefix="urn:epc:id:sgtin") == [A, B]

    @pytest.mark.parametrize(
        ("changes", "reason"),
        [
            ({"action": "BURN"}, "action"),
            ({"epcList": ["not a uri"]}, "epcList"),
            ({"epcList": "urn:x:a"}, "epcList"),
            ({"bizStep": "dancing"}, "no business step of the standard"),
            ({"disposition": "bored"}, "disposition"),
            ({"eventTime": "yesterday"}, "eventTime"),
            ({"eventTime": "2026-02-30T00:00:00Z"}, "eventTime"),
            ({"eventTime": "2026-03-01T00:00:00"}, "eventTime"),
            ({"eventTime": "0001-01-01T00:00:00+14:00"}, "outside the years 1 to 9999"),
            ({"eventTime": "9999-12-31T23:59:59-14:00"}, "outside the years 1 to 9999"),
            ({"eventTimeZoneOffset": "+25:00"}, "eventTimeZoneOffset"),
            ({"quantityList": [{"epcClass": LOT.format(1), "quantity": "many"}]}, "quantity"),
            ({"readPoint": "urn:x:p"}, "readPoint"),
            ({"type": "WorkEvent"}, "type"),
            ({"epcList": ["urn:x:" + "n" * 2000]}, "2006 bytes, at most 2000"),
            ({"eventID": "urn:x:" + "n" * 2000}, "2006 bytes, at most 2000"),
            ({"heddle:note": "n" * (17 << 20)}, "bytes, at most"),
        ],
        ids=range(17),
    )
    def test_a_bad_event_is_named_by_its_place_with_the_reason(
        self, app: App, changes: dict[str, Any], reason: str
    ) -> None:
        report = take(app, document({**seen(A), **changes}, seen(B)), on_error="proceed")
        (rejected,) = report.rejected
        assert rejected.place == "/epcisBody/eventList/0"
        assert reason in rejected.reason
        assert app.store.things(prefix="urn:epc:id:sgtin") == [B]

    def test_what_nests_too_deep_is_refused_and_the_rest_is_taken(self, app: App) -> None:
        deep = json.loads("[" * 150 + "]" * 150)
        report = take(app, document({**seen(A), "heddle:x": deep}, seen(B)), on_error="proceed")
        (rejected,) = report.rejected
        assert (rejected.place, "deep" in rejected.reason) == ("/epcisBody/eventList/0", True)
        assert app.store.things(prefix="urn:epc:id:sgtin") == [B]

    def test_ten_thousand_levels_in_one_event_refuse_its_document_whole(self, app: App) -> None:
        deep = '"heddle:x": ' + "[" * 10_000 + "]" * 10_000
        text = document({**seen(A), "heddle:y": 1}, seen(B)).decode()
        with pytest.raises(TreadleError, match="nests too deep; flatten it") as refused:
            take(app, text.replace('"heddle:y": 1', deep).encode(), on_error="proceed")
        assert refused.value.status == 422
        assert untouched(app)

    def test_rejected_places_stand_in_the_order_of_the_document(self, app: App) -> None:
        early = seen(A, day="0001-01-01T00:00:00+14:00")
        report = take(app, document(*[early, BAD] * 6), on_error="proceed")
        assert [int(r.place.rpartition("/")[2]) for r in report.rejected] == list(range(12))
        assert (report.n_in, report.n_ok) == (12, 0)

    def test_nothing_that_is_taken_breaks_a_later_question(self, app: App) -> None:
        sensors = [{"sensorReport": [{"type": "Speed"}]}]
        lots = [{"epcClass": LOT.format(1), "quantity": n} for n in (-5, 0, 10**400)]
        odd = [
            seen(A, day="0001-01-01T00:00:00Z"),
            seen(A, day="9999-12-31T23:59:59.999999999Z"),
            into(CAR, A, day="1969-12-31T23:59:59Z"),
            into(PACK, PACK),
            {**seen(A), "heddle:n": 10**400, "heddle:e": None, "heddle:l": [[], {}]},
            seen(readPoint={"id": "urn:x:p"}, sensorElementList=sensors),
            event(
                "heddle:Odd",
                parentID=7,
                epcList={"no": "list"},
                readPoint="nowhere",
                bizStep=[1],
                disposition={"no": "word"},
                sensorElementList="none",
                eventID=CAR,
            ),
            event("Aggregation", action="ADD", parentID=PACK, childQuantityList=lots),
            event("Aggregation", action="ADD", childEPCs=[B]),
            seen(epcList=[], quantityList=[{"epcClass": LOT.format(2)}]),
        ]
        assert take(app, document(*odd)).n_ok == len(odd)
        for thing in app.store.things(limit=1000):
            assert down(app.store, thing=thing).thing == thing
            assert up(app.store, thing=thing).thing == thing
            assert story(app.store, thing=thing) is not None
            assert recall(app.store, suspect=thing).n_ever >= 0
            assert life(app.store, thing) is not None
        told = json.loads(export(app.store).content)["epcisBody"]["eventList"]
        assert len(told) == len(odd)
        assert app.verify().whole
        assert len(findings(app.store)) > 0
        app.store.rebuild()


class TestBig:
    def test_a_document_of_a_hundred_megabytes_is_taken_whole(self, app: App) -> None:
        note = "n" * (10 << 20)
        content = document(*(seen(SERIAL.format(n), **{"heddle:note": note}) for n in range(10)))
        assert len(content) > 100 << 20
        report = take(app, content)
        assert (report.n_ok, app.store.head().position) == (10, 11)
        (event_told,) = app.store.history(ThingId(SERIAL.format(3)))
        assert len(event_told.body) > 10 << 20
        assert take(app, content).n_duplicate == 10

    def test_a_hundred_megabytes_of_white_space_are_an_empty_document(self, app: App) -> None:
        assert take(app, document() + b" " * (100 << 20)).n_in == 0


class TestDuplicates:
    def test_the_same_document_again_adds_nothing(self, app: App) -> None:
        content = document(into(CAR, A), seen(B))
        first, again = take(app, content), take(app, content)
        assert (first.n_ok, first.n_duplicate) == (2, 0)
        assert (again.n_ok, again.n_duplicate, again.document) == (2, 2, first.document)
        assert app.store.head().position == 3

    def test_the_same_event_in_another_document_is_known(self, app: App) -> None:
        take(app, document(into(CAR, A), seen(B)))
        report = take(app, document(seen(B), seen(C)))
        assert (report.n_ok, report.n_duplicate) == (2, 1)
        assert len(app.store.thread(ThingId(B))) == 1

    def test_twice_in_one_document_is_once_in_the_thread(self, app: App) -> None:
        report = take(app, document(*[into(CAR, A, recordTime="2026-03-01T00:00:00Z")] * 3))
        assert (report.n_ok, report.n_duplicate) == (3, 2)
        assert len(links(app, CAR)) == 1

    def test_other_white_space_and_order_of_fields_are_the_same_event(self, app: App) -> None:
        one = seen(A)
        take(app, document(one))
        turned = json.dumps(json.loads(document(dict(reversed(one.items())))), indent=3).encode()
        assert take(app, turned).n_duplicate == 1


class TestOrderAndSense:
    def test_events_told_backwards_give_what_they_give_forwards(self, app: App) -> None:
        told = [into(CAR, A, day=1), out_of(CAR, A, day=3), into(CAR, B, day=3), seen(CAR, day=5)]
        for one in reversed(told):
            take(app, document(one))
        assert [p.thing for p in down(app.store, thing=ThingId(CAR)).parts] == [B]
        assert [h.when.day for h in story(app.store, thing=ThingId(CAR))] == [1, 3, 3, 5]

    def test_a_delete_without_an_add_is_kept_and_told_of(self, app: App) -> None:
        assert take(app, document(out_of(CAR, A, day=4))).n_ok == 1
        (found,) = findings(app.store)
        assert (found.sort, found.thing) == ("never put in", A)
        before = down(app.store, thing=ThingId(CAR), as_of=datetime(2026, 3, 1, tzinfo=UTC))
        assert [(p.thing, p.since) for p in before.parts] == [(A, None)]
        assert down(app.store, thing=ThingId(CAR)).parts == ()

    def test_a_delete_of_all_where_nothing_is_in_changes_nothing(self, app: App) -> None:
        take(app, document(out_of(CAR, day=4)))
        assert (links(app, CAR), findings(app.store)) == ([], ())

    def test_a_circle_is_kept_named_and_walked_once(self, app: App) -> None:
        take(app, document(into(A, B), into(B, C), into(C, A), into(CAR, C)))
        assert down(app.store, thing=ThingId(CAR)).in_a_circle == (C,)
        assert recall(app.store, suspect=ThingId(A)).n_ever == 1

    def test_a_step_nobody_knows_is_kept_and_told_of(self, app: App) -> None:
        take(app, document(into(CAR, A, bizStep="https://heddle.example/warping")))
        assert [f.sort for f in findings(app.store)] == ["unknown step"]
        assert len(links(app, CAR)) == 1

    def test_a_clock_that_runs_ahead_is_kept_and_told_of(self, app: App) -> None:
        take(app, document(into(CAR, A, day="2026-06-01T00:10:00Z")))
        assert [f.sort for f in findings(app.store)] == ["ahead of its time"]
        assert links(app, CAR)[0].since == datetime(2026, 6, 1, 0, 10, tzinfo=UTC)
        then = down(app.store, thing=ThingId(CAR), as_of=NOW)
        assert then.parts == ()

    def test_a_clock_that_runs_behind_gives_history_its_own_order(self, app: App) -> None:
        take(app, document(into(CAR, A, day="1999-01-01T00:00:00Z"), seen(CAR, day=1)))
        assert [h.when.year for h in story(app.store, thing=ThingId(CAR))] == [1999, 2026]
        assert findings(app.store) == ()
