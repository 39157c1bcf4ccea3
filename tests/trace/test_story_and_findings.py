"""What happened to a thing in words, and what was told that wants a look."""

from datetime import UTC, datetime
from typing import Any

import pytest

from epcis_told import (
    CAR,
    LINE,
    LOT,
    PACK,
    SERIAL,
    SHOP,
    document,
    event,
    into,
    out_of,
    seen,
    tell,
    thread_of,
)
from treadle.app import App, open_app
from treadle.kernel import NotFoundError, ThingId
from treadle.trace.formats.capture import capture
from treadle.trace.views.findings import Finding, findings
from treadle.trace.views.story import Happened, describe, story

A, B = SERIAL.format("A"), SERIAL.format("B")
NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)


def of(app: App, thing: str, **wish: Any) -> tuple[Happened, ...]:
    return story(app.store, thing=ThingId(thing), **wish)


class TestStory:
    def test_it_is_told_by_when_it_happened_not_by_when_it_was_told(self) -> None:
        app = thread_of(
            seen(CAR, day=9, bizStep="retail_selling"),
            seen(CAR, day=1, action="ADD", bizStep="commissioning"),
            into(CAR, A, day=2, bizStep="installing"),
        )
        assert [(h.when.day, h.what) for h in of(app, CAR)] == [
            (1, "Made"),
            (2, "Installed"),
            (9, "Sold"),
        ]

    def test_what_was_changed_inside_a_car_belongs_to_its_story(self) -> None:
        app = thread_of(
            into(PACK, A, day=1),
            into(CAR, PACK, day=2),
            out_of(PACK, A, day=5, bizStep="removing"),
            into(PACK, B, day=5, bizStep="replacing"),
        )
        assert [(h.when.day, h.what) for h in of(app, CAR)] == [
            (2, "Associated"),
            (5, "Removed"),
            (5, "Replaced"),
        ]

    def test_a_limit_keeps_the_last_lines(self) -> None:
        app = thread_of(*(seen(CAR, day=day) for day in range(1, 6)))
        assert [h.when.day for h in of(app, CAR, limit=2)] == [4, 5]

    def test_it_says_where(self) -> None:
        place, other = {"readPoint": {"id": LINE}}, {"bizLocation": {"id": SHOP}}
        app = thread_of(
            seen(CAR, day=1, **place, **other), seen(CAR, day=2, **other), seen(CAR, day=3)
        )
        assert [h.where for h in of(app, CAR)] == [LINE, SHOP, None]

    def test_it_says_what_was_told_in_error(self) -> None:
        wrong = into(CAR, A, day=1)
        declared = {
            "errorDeclaration": {
                "declarationTime": "2026-03-09T00:00:00Z",
                "reason": "did_not_occur",
            }
        }
        app = thread_of(wrong, into(CAR, B, day=2), {**wrong, **declared})
        lines = [(h.what, h.detail, h.void) for h in of(app, CAR)]
        assert [void for _, _, void in lines] == [True, False, False]
        assert lines[1] == ("Declared an error", "did not occur", False)

    @pytest.mark.parametrize(
        ("value", "uom", "kwh"),
        # UN/CEFACT Recommendation 20: KWH, WHR, JOU, KJO, 3B (megajoule).
        [
            (1.5, "KWH", 1.5),
            (1500, "WHR", 1.5),
            (5.4e6, "JOU", 1.5),
            (5400, "KJO", 1.5),
            (5.4, "3B", 1.5),
            (10**400, "KWH", 1e300),
            (7, "CEL", None),
        ],
        ids=str,
    )
    def test_metered_energy_is_told_in_kilowatt_hours(
        self, value: float, uom: str, kwh: float | None
    ) -> None:
        report = {"type": "Energy", "value": value, "uom": uom}
        sensor = [{"sensorReport": [report]}, {"sensorReport": [{"type": "Speed", "value": 1}]}]
        (line,) = of(thread_of(seen(CAR, sensorElementList=sensor)), CAR)
        assert line.energy_kwh == (None if kwh is None else pytest.approx(kwh))

    def test_a_document_has_a_story_of_its_own(self) -> None:
        app = open_app("memory://")
        content = document(seen(A), {"type": "ObjectEvent"})
        report = app.take_in(capture, content, on_error="proceed")
        (line,) = of(app, report.document or "")
        assert (line.what, line.detail) == ("Document captured", "1 of 2 events")

    def test_of_a_thing_that_nobody_named_there_is_none(self) -> None:
        with pytest.raises(NotFoundError, match=f"the thread holds no {B}"):
            of(thread_of(seen(A)), B)


class TestWords:
    def say(self, told: dict[str, Any]) -> tuple[str, str]:
        app = thread_of(told)
        return describe(next(iter(app.store.after(0))), lambda thing: f"<{thing[-1]}>")

    @pytest.mark.parametrize(
        ("told", "words"),
        [
            (into(CAR, A), ("Associated", "<A> in")),
            (out_of(CAR, A, bizStep="removing"), ("Removed", "<A> out")),
            (out_of(CAR), ("Associated", "everything out")),
            (into(CAR, A, B, bizStep="installing"), ("Installed", "2 parts in")),
            (
                into(CAR, A, childQuantityList=[{"epcClass": LOT.format(1)}]),
                ("Associated", "1 part and 1 lot in"),
            ),
            (
                event("Aggregation", action="OBSERVE", parentID=PACK, childEPCs=[B]),
                ("Aggregated", "<B> seen"),
            ),
            (
                event("Transformation", inputEPCList=[A], outputEPCList=[B, CAR]),
                ("Transformed", "1 part became 2 parts"),
            ),
            (
                event(
                    "Transaction",
                    action="ADD",
                    epcList=[A],
                    bizTransactionList=[{"bizTransaction": "urn:x:7"}],
                ),
                ("Transacted", "<7>"),
            ),
            (seen(A, bizStep="shipping", disposition="in_transit"), ("Shipped", "in transit")),
            (seen(A, bizStep="cycle_counting"), ("Counted", "")),
            (seen(A, bizStep="https://heddle.example/steps/warping"), ("Warping", "")),
            (event("heddle:Paint"), ("Extended", "")),
        ],
    )
    def test_an_event_is_said_in_words(self, told: dict[str, Any], words: tuple[str, str]) -> None:
        assert self.say(told) == words


class TestFindings:
    def found(self, app: App) -> list[tuple[str, str]]:
        return [(f.sort, f.thing) for f in findings(app.store)]

    def test_a_clean_thread_has_none(self) -> None:
        told = (into(CAR, A, day=1, bizStep="installing"), out_of(CAR, A, day=2))
        assert findings(thread_of(*told).store) == ()

    def test_a_step_that_cbv_does_not_know(self) -> None:
        app = thread_of(seen(A, bizStep="https://heddle.example/steps/warping"))
        (found,) = findings(app.store)
        assert (found.sort, found.thing, found.position) == ("unknown step", A, 1)
        assert "https://heddle.example/steps/warping is not CBV's; kept as told" in found.what

    def test_a_disposition_that_cbv_does_not_know(self) -> None:
        app = thread_of(seen(A, disposition="urn:heddle:disp:tangled"))
        assert self.found(app) == [("unknown disposition", A)]

    def test_an_event_of_another_type(self) -> None:
        app = thread_of(event("heddle:Paint", eventID="urn:uuid:1"))
        assert self.found(app) == [("extended event", "urn:uuid:1")]

    def test_what_was_taken_out_and_never_put_in(self) -> None:
        app = thread_of(seen(B), out_of(CAR, A, day=3))
        (found,) = findings(app.store)
        assert (found.sort, found.thing, found.position) == ("never put in", A, 3)
        tell(app, into(CAR, A, day=1))
        assert findings(app.store) == ()

    def test_a_clock_that_runs_ahead_by_more_than_five_minutes(self) -> None:
        app = open_app("memory://", clock=lambda: NOW)
        tell(app, seen(A, day="2026-03-02T12:04:59Z"))
        assert findings(app.store) == ()
        tell(app, seen(A, day="2026-03-02T20:05:01+08:00"))
        (found,) = findings(app.store)
        assert (found.sort, found.thing) == ("ahead of its time", A)
        assert "2026-03-02T12:05:01+00:00" in found.what

    def test_one_event_may_have_many_and_they_stand_in_the_order_of_telling(self) -> None:
        app = open_app("memory://", clock=lambda: NOW)
        odd = {"bizStep": "urn:x:s", "disposition": "urn:x:d"}
        tell(app, out_of(CAR, A, day=1), seen(B, day=9, **odd))
        told = [(f.position, f.sort) for f in findings(app.store)]
        assert told == [
            (1, "never put in"),
            (2, "ahead of its time"),
            (2, "unknown disposition"),
            (2, "unknown step"),
        ]

    def test_a_limit_holds_for_each_source(self) -> None:
        app = thread_of(*(seen(A, day=day, bizStep="urn:x:s") for day in range(1, 6)))
        found: tuple[Finding, ...] = findings(app.store, limit=3)
        assert len(found) == 3
