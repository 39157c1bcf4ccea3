"""Down and up: what is in a thing and what it is in, at any depth and date, circles included."""

from datetime import UTC, datetime
from itertools import pairwise

import pytest

from epcis_told import CAR, LOT, PACK, SERIAL, VIN, event, into, out_of, seen, tell, thread_of
from treadle.app import App
from treadle.kernel import NotFoundError, ThingId
from treadle.trace.views.genealogy import Genealogy, down, up

CELL, MODULE, SPARE, LOT_1 = (*(SERIAL.format(n) for n in ("C1", "M1", "M2")), LOT.format(1))


def on(day: int, hour: int = 12) -> datetime:
    return datetime(2026, 3, day, hour, tzinfo=UTC)


def car_with_a_replaced_module() -> App:
    """Cell into module on day 1, module into pack 2, pack into car 3; module replaced on day 6."""
    return thread_of(
        event("Transformation", 1, inputQuantityList=[{"epcClass": LOT_1}], outputEPCList=[CELL]),
        into(MODULE, CELL, day=1),
        into(PACK, MODULE, day=2),
        into(CAR, PACK, day=3),
        out_of(PACK, MODULE, day=6),
        into(PACK, SPARE, day=6),
    )


def tree(found: Genealogy) -> list[tuple[int, str]]:
    return [(part.depth, part.thing) for part in found.parts]


class TestDown:
    def test_as_last_known_it_shows_what_is_in_now(self) -> None:
        found = down(car_with_a_replaced_module().store, thing=ThingId(CAR))
        assert tree(found) == [(1, PACK), (2, SPARE)]
        assert (found.n_things, found.in_a_circle, found.as_of) == (2, (), None)

    def test_as_of_a_date_it_shows_what_was_in_then(self) -> None:
        store = car_with_a_replaced_module().store
        before = down(store, thing=ThingId(CAR), as_of=on(6, 11))
        assert tree(before) == [(1, PACK), (2, MODULE), (3, CELL), (4, LOT_1)]
        at_the_instant = down(store, thing=ThingId(CAR), as_of=on(6))
        assert tree(at_the_instant) == [(1, PACK), (2, SPARE)]
        assert tree(down(store, thing=ThingId(CAR), as_of=on(2))) == []

    def test_to_a_depth_it_goes_no_further(self) -> None:
        store = car_with_a_replaced_module().store
        for depth in range(5):
            found = down(store, thing=ThingId(CAR), as_of=on(4), depth=depth)
            assert [part.depth for part in found.parts] == list(range(1, depth + 1))

    def test_links_say_since_when_and_until_when(self) -> None:
        found = down(car_with_a_replaced_module().store, thing=ThingId(CAR), as_of=on(4))
        told = {str(part.thing): (part.since, part.until, part.kind) for part in found.parts}
        assert told[MODULE] == (on(2), on(6), "association")
        assert told[LOT_1] == (on(1), None, "transformation")

    def test_branches_stand_in_the_order_of_names_each_below_its_own(self) -> None:
        b, a = SERIAL.format("B"), SERIAL.format("A")
        app = thread_of(into(CAR, b, a), into(b, SERIAL.format("Z")), into(a, SERIAL.format("Y")))
        found = down(app.store, thing=ThingId(CAR))
        assert [(p.depth, p.thing[-1], p.above[-1]) for p in found.parts] == [
            (1, "A", "1"),
            (2, "Y", "A"),
            (1, "B", "1"),
            (2, "Z", "B"),
        ]

    def test_amounts_stand_at_their_links(self) -> None:
        told = [{"epcClass": LOT_1, "quantity": 1.5, "uom": "KGM"}]
        app = thread_of(event("Association", action="ADD", parentID=CAR, childQuantityList=told))
        (part,) = down(app.store, thing=ThingId(CAR)).parts
        assert (part.quantity, part.uom, part.repeated) == (1.5, "KGM", False)

    def test_a_thing_met_again_is_listed_again_but_not_opened_again(self) -> None:
        glue = SERIAL.format("G")
        left, right = SERIAL.format("LEFT"), SERIAL.format("RIGHT")
        app = thread_of(
            into(CAR, left, right), into(left, MODULE), into(right, MODULE), into(MODULE, glue)
        )
        found = down(app.store, thing=ThingId(CAR))
        assert [(p.thing, p.repeated) for p in found.parts] == [
            (left, False),
            (MODULE, False),
            (glue, False),
            (right, False),
            (MODULE, True),
        ]
        assert found.n_things == 4

    def test_a_process_is_a_step_but_no_thing(self) -> None:
        outs = [SERIAL.format("X"), SERIAL.format("Y")]
        app = thread_of(
            event(
                "Transformation",
                inputEPCList=[CELL],
                inputQuantityList=[{"epcClass": LOT_1}],
                outputEPCList=outs,
            )
        )
        found = down(app.store, thing=ThingId(outs[0]))
        assert [part.depth for part in found.parts] == [1, 2, 2]
        assert found.n_things == 2
        assert up(app.store, thing=ThingId(CELL)).n_things == 2

    def test_any_spelling_of_the_thing_will_do(self) -> None:
        app = thread_of(into(SERIAL.format("A"), CELL))
        link = "https://dealer.example/some/01/9521000000209/21/A?linkType=gs1:pip"
        assert down(app.store, thing=ThingId(link)).thing == SERIAL.format("A")

    def test_a_thing_with_nothing_in_it_has_an_empty_tree(self) -> None:
        assert down(thread_of(seen(CAR)).store, thing=ThingId(CAR)).parts == ()

    def test_a_thing_that_nobody_named_is_not_found(self) -> None:
        for ask in (down, up):
            with pytest.raises(NotFoundError, match=f"the thread holds no {VIN}NOBODY"):
                ask(thread_of(seen(CAR)).store, thing=ThingId(VIN + "NOBODY"))


class TestUp:
    def test_from_a_lot_to_the_car_that_holds_it_at_a_date(self) -> None:
        store = car_with_a_replaced_module().store
        assert tree(up(store, thing=ThingId(LOT_1), as_of=on(4))) == [
            (1, CELL),
            (2, MODULE),
            (3, PACK),
            (4, CAR),
        ]
        assert tree(up(store, thing=ThingId(LOT_1), as_of=on(7))) == [(1, CELL), (2, MODULE)]
        assert tree(up(store, thing=ThingId(LOT_1), as_of=on(4), depth=2)) == [
            (1, CELL),
            (2, MODULE),
        ]


class TestCircles:
    A, B, C = (SERIAL.format(n) for n in "ABC")

    def test_things_that_are_in_themselves_are_named_and_the_walk_ends(self) -> None:
        app = thread_of(into(self.A, self.B), into(self.B, self.C), into(self.C, self.A))
        for ask in (down, up):
            found = ask(app.store, thing=ThingId(self.A))
            assert found.in_a_circle == (self.A,)
            assert found.n_things == 2
            assert len(found.parts) == 3

    def test_a_thing_told_to_be_in_itself(self) -> None:
        found = down(thread_of(into(self.A, self.A)).store, thing=ThingId(self.A))
        assert (found.in_a_circle, found.n_things) == ((self.A,), 0)

    def test_a_circle_below_a_car_does_not_hide_the_rest(self) -> None:
        app = thread_of(
            into(CAR, self.A, day=1), into(self.A, self.B), into(self.B, self.A), into(self.B, CELL)
        )
        found = down(app.store, thing=ThingId(CAR))
        assert {part.thing for part in found.parts} == {self.A, self.B, CELL}
        assert found.in_a_circle == (self.A,)

    def test_a_part_met_on_two_ways_is_in_no_circle(self) -> None:
        app = thread_of(into(CAR, self.A, self.B), into(self.A, self.C), into(self.B, self.C))
        assert down(app.store, thing=ThingId(CAR)).in_a_circle == ()

    def test_a_long_chain_is_walked_to_its_end(self) -> None:
        names = [SERIAL.format(f"N{n}") for n in range(1500)]  # deeper than Python calls go
        app = thread_of()
        tell(app, *(into(parent, child) for parent, child in pairwise(names)))
        found = down(app.store, thing=ThingId(names[1000 - 1500]))
        assert len(found.parts) == 499
