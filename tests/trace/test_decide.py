"""Commands: what may happen next to a thing that others are built into, and what is refused."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from epcis_told import CAR, LINE, PACK, SERIAL, SHOP, document, event, into, out_of, tell, thread_of
from treadle import trace
from treadle.app import App
from treadle.kernel import NotFoundError, RefusedError, StaleWriteError, ThingId
from treadle.trace import decide, state
from treadle.trace.formats.capture import capture
from treadle.trace.formats.epcis import check_event, event_hash
from treadle.trace.views.export import export
from treadle.trace.views.genealogy import down

A, B = ThingId(SERIAL.format("A")), ThingId(SERIAL.format("B"))
A_LINK = ThingId("https://id.gs1.org/01/09521000000209/21/A")


def on(day: int) -> datetime:
    return datetime(2026, 3, day, 12, tzinfo=UTC)


def do(app: App, command: Callable[..., Any], day: int, **wish: Any) -> None:
    wish = {name: ThingId(w) if isinstance(w, str) else w for name, w in wish.items()}
    app.do(trace.DOMAIN, command, ThingId(CAR), happened_at=on(day), **wish)


def inside(app: App, day: int | None = None) -> set[str]:
    as_of = None if day is None else on(day)
    return {part.thing for part in down(app.store, thing=ThingId(CAR), as_of=as_of).parts}


class TestInstall:
    def test_a_part_is_built_in(self) -> None:
        app = thread_of()
        do(app, decide.install_part, 1, part=A, station=LINE)
        assert inside(app) == {A}

    def test_what_is_told_is_a_good_epcis_event_that_others_can_read(self) -> None:
        app = thread_of()
        at = datetime(2026, 3, 1, 20, 0, 0, 250, tzinfo=timezone(timedelta(hours=5, minutes=30)))
        app.do(
            trace.DOMAIN,
            decide.install_part,
            ThingId(CAR),
            happened_at=at,
            part=A,
            station=ThingId(LINE),
        )
        content = export(app.store).content
        (told,) = json.loads(content)["epcisBody"]["eventList"]
        assert check_event(told) == []
        assert told == {
            "type": "AssociationEvent",
            "eventTime": "2026-03-01T20:00:00.000250+05:30",
            "eventTimeZoneOffset": "+05:30",
            "parentID": CAR,
            "childEPCs": [A],
            "action": "ADD",
            "bizStep": "installing",
            "readPoint": {"id": LINE},
        }
        (stored,) = app.store.after(0)
        assert stored.identity == event_hash(told)
        assert app.take_in(capture, content).n_duplicate == 1

    def test_a_part_that_is_in_already_is_refused(self) -> None:
        app = thread_of(into(CAR, A, day=1))
        for spelled in (A, A_LINK):
            with pytest.raises(RefusedError, match=r"is in .* already; remove it first"):
                do(app, decide.install_part, 2, part=spelled, station=LINE)
        assert app.store.head().position == 2  # the event and its document, nothing more

    def test_a_thing_is_not_built_into_itself(self) -> None:
        with pytest.raises(RefusedError, match="cannot be built into itself"):
            do(thread_of(), decide.install_part, 1, part=CAR, station=LINE)

    def test_what_came_out_may_go_in_again(self) -> None:
        app = thread_of(into(CAR, A, day=1), out_of(CAR, A, day=2))
        do(app, decide.install_part, 3, part=A, station=LINE)
        assert (inside(app, 2), inside(app, 3)) == (set(), {A})

    def test_a_packed_part_is_not_a_built_in_part(self) -> None:
        app = thread_of(event("Aggregation", action="ADD", parentID=CAR, childEPCs=[A]))
        do(app, decide.install_part, 2, part=A, station=LINE)
        assert inside(app) == {A}


class TestRemove:
    def test_a_part_is_taken_out_in_whatever_spelling(self) -> None:
        for spelled in (A, A_LINK):
            app = thread_of(into(CAR, A, B, day=1))
            do(app, decide.remove_part, 2, part=spelled, station=SHOP)
            assert inside(app) == {B}

    @pytest.mark.parametrize("told", [[], [into(CAR, A), out_of(CAR, day=2)], [into(PACK, A)]])
    def test_a_part_that_is_not_in_is_refused(self, told: list[dict[str, Any]]) -> None:
        app = thread_of(*told)
        with pytest.raises(RefusedError, match=f"{A} is not in {CAR}; `treadle trace down"):
            do(app, decide.remove_part, 3, part=A, station=SHOP)

    def test_a_part_put_in_by_an_event_told_in_error_is_not_in(self) -> None:
        wrong = into(CAR, A, day=1)
        app = thread_of(
            wrong, {**wrong, "errorDeclaration": {"declarationTime": "2026-03-02T00:00:00Z"}}
        )
        with pytest.raises(RefusedError, match="is not in"):
            do(app, decide.remove_part, 3, part=A, station=SHOP)


class TestReplace:
    def test_the_old_one_goes_and_the_new_one_comes_at_one_instant(self) -> None:
        app = thread_of(into(CAR, A, day=1))
        do(app, decide.replace_part, 4, old=A, new=B, station=SHOP)
        assert (inside(app, 3), inside(app, 4)) == ({A}, {B})
        steps = [e.fact.fields["bizStep"] for e in app.store.history(ThingId(CAR))[1:]]  # type: ignore[attr-defined]
        assert steps == ["replacing", "replacing"]

    @pytest.mark.parametrize(("old", "new"), [(B, A), (A, B), (B, SERIAL.format("C"))])
    def test_nothing_is_written_where_one_half_is_refused(self, old: str, new: str) -> None:
        app = thread_of(into(CAR, A, day=1))
        if (old, new) == (A, B):
            tell(app, into(CAR, B, day=2))
        before = app.store.head()
        with pytest.raises(RefusedError):
            do(app, decide.replace_part, 4, old=old, new=new, station=SHOP)
        assert app.store.head() == before


class TestDeclareError:
    def hash_of(self, app: App, number: int = 0) -> str:
        return app.store.history(ThingId(CAR))[number].identity or ""

    def declare(self, app: App, event_id: str, day: int = 9) -> None:
        app.do(
            trace.DOMAIN,
            decide.declare_error,
            ThingId(CAR),
            happened_at=on(day),
            event=event_id,
            reason="did_not_occur",
        )

    def test_the_links_of_the_event_are_undone_and_both_tellings_stay(self) -> None:
        app = thread_of(into(CAR, A, day=1), into(CAR, B, day=2))
        self.declare(app, self.hash_of(app))
        assert inside(app) == {B}
        told = json.loads(export(app.store, thing=ThingId(A)).content)["epcisBody"]["eventList"]
        assert [("errorDeclaration" in e) for e in told] == [False, True]
        assert told[1].pop("errorDeclaration") == {
            "declarationTime": "2026-03-09T12:00:00+00:00",
            "reason": "did_not_occur",
        }
        assert told[0] == told[1]
        assert check_event(told[0]) == []

    def test_a_part_told_in_error_may_be_installed_in_truth(self) -> None:
        app = thread_of(into(CAR, A, day=1))
        self.declare(app, self.hash_of(app))
        do(app, decide.install_part, 3, part=A, station=LINE)
        assert (inside(app, 2), inside(app, 3)) == (set(), {A})

    def test_an_event_is_declared_an_error_once(self) -> None:
        app = thread_of(into(CAR, A, day=1))
        wrong = self.hash_of(app)
        self.declare(app, wrong)
        with pytest.raises(RefusedError, match="was declared an error already"):
            self.declare(app, wrong, 10)

    @pytest.mark.parametrize("event_id", ["", "ni:///sha-256;00?ver=CBV2.0", "urn:uuid:1"])
    def test_an_event_of_another_history_is_not_found(self, event_id: str) -> None:
        app = thread_of(into(CAR, A, day=1), into(PACK, B, day=1))
        with pytest.raises(NotFoundError, match=r"has no event .* in its own history"):
            self.declare(app, event_id)
        other = app.store.history(ThingId(PACK))[0].identity or ""
        with pytest.raises(NotFoundError):
            self.declare(app, other)


class TestState:
    def test_a_history_adds_up_in_order_of_time_not_of_telling(self) -> None:
        app = thread_of(out_of(CAR, A, day=5), into(CAR, B, day=2), into(CAR, A, day=1))
        folded = state.fold(app.store.history(ThingId(CAR)))
        assert (folded.version, len(folded.told), folded.void) == (3, 3, frozenset())
        assert len(folded.parts) == 1

    def test_the_empty_history_is_an_empty_assembly(self) -> None:
        assert state.fold([]) == state.Assembly()

    def test_what_is_not_physical_does_not_count(self) -> None:
        app = thread_of()
        report = app.take_in(capture, document())
        assert state.fold(app.store.history(report.document or ThingId(""))).told == {}


def test_of_two_that_decide_on_one_state_the_second_is_stale() -> None:
    app = thread_of(into(CAR, A, day=1))
    history = app.store.history(ThingId(CAR))
    facts = decide.remove_part(
        state.fold(history), thing=ThingId(CAR), happened_at=on(3), part=A, station=ThingId(SHOP)
    )
    do(app, decide.remove_part, 2, part=A, station=SHOP)
    with pytest.raises(StaleWriteError, match="somebody else wrote about it"):
        app.store.append(
            ThingId(CAR),
            facts,
            happened_at=on(3),
            recorded_at=on(3),
            expected_version=len(history),
        )
