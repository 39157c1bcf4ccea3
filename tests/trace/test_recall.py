"""Recall in small: each sort of suspect, what counts as built, and what is refused."""

from datetime import UTC, datetime
from typing import Any

import pytest

from epcis_told import (
    CAR,
    LINE,
    LOT,
    OTHER_CAR,
    PACK,
    SERIAL,
    SHOP,
    VIN,
    complete,
    event,
    into,
    out_of,
    seen,
    thread_of,
)
from treadle.kernel import InvalidInputError, NotFoundError, ThingId
from treadle.trace.views.recall import Recall, recall

A, B, C = (ThingId(SERIAL.format(name)) for name in "ABC")
LOT_1, LOT_2 = ThingId(LOT.format(1)), ThingId(LOT.format(2))
LINK = "https://id.gs1.org/01/09521000000209/21/{}"


def on(day: int) -> datetime:
    return datetime(2026, 3, day, 12, tzinfo=UTC)


def sorts(found: Recall) -> dict[str, tuple[bool, bool]]:
    return {c.car: (c.as_built, c.as_maintained) for c in found.cars}


class TestAsBuiltAndAsMaintained:
    def test_a_part_replaced_after_the_car_was_complete(self) -> None:
        app = thread_of(
            into(CAR, A, day=1), *complete(CAR, 2), out_of(CAR, A, day=5), into(CAR, B, day=5)
        )
        found = recall(app.store, suspect=A)
        assert sorts(found) == {CAR: (True, False)}
        assert (found.n_as_built, found.n_as_maintained, found.n_ever) == (1, 0, 1)
        assert (found.cars[0].since, found.cars[0].until) == (on(1), on(5))
        assert (found.elsewhere, found.n_items_in_cars) == ((A,), 0)
        assert sorts(recall(app.store, suspect=B)) == {CAR: (False, True)}

    def test_a_part_replaced_before_the_car_was_complete_was_never_in_it_as_built(self) -> None:
        app = thread_of(
            into(CAR, A, day=1), out_of(CAR, A, day=2), into(CAR, B, day=2), *complete(CAR, 3)
        )
        assert sorts(recall(app.store, suspect=A)) == {CAR: (False, False)}

    def test_as_of_a_date_between(self) -> None:
        app = thread_of(into(CAR, A, day=1), *complete(CAR, 2), out_of(CAR, A, day=5))
        for day, held in ((1, True), (4, True), (5, False)):
            found = recall(app.store, suspect=A, as_of=on(day))
            assert (found.n_as_maintained, found.as_of) == (int(held), on(day))

    def test_a_used_part_counts_in_both_cars_each_for_its_time(self) -> None:
        app = thread_of(
            *complete(CAR, 2),
            *complete(OTHER_CAR, 2),
            into(CAR, A, day=1),
            out_of(CAR, A, day=4),
            into(OTHER_CAR, A, day=6),
        )
        found = recall(app.store, suspect=A)
        assert sorts(found) == {CAR: (True, False), OTHER_CAR: (False, True)}
        assert recall(app.store, suspect=A, as_of=on(5)).n_as_maintained == 0

    def test_the_last_completeness_before_shipping_is_what_was_built(self) -> None:
        shipped = seen(CAR, day=6, bizStep="shipping")
        found = complete(CAR, 2), complete(CAR, 5), complete(CAR, 8)
        told = [one for pair in found for one in pair]
        app = thread_of(into(CAR, A, day=4), out_of(CAR, A, day=7), shipped, *told)
        assert sorts(recall(app.store, suspect=A)) == {CAR: (True, False)}

    def test_a_completeness_told_in_error_does_not_count(self) -> None:
        good, wrong = complete(CAR, 2), complete(CAR, 5)[1]
        declared = {**wrong, "errorDeclaration": {"declarationTime": "2026-03-09T00:00:00Z"}}
        app = thread_of(*good, wrong, into(CAR, A, day=4), declared)
        assert sorts(recall(app.store, suspect=A)) == {CAR: (False, True)}

    def test_a_car_that_nobody_called_complete_is_taken_as_last_known_and_it_says_so(self) -> None:
        found = recall(thread_of(into(CAR, A)).store, suspect=A)
        assert sorts(found) == {CAR: (True, True)}
        assert found.not_known == (
            "1 cars with no word of when they were complete; as built is as last known",
        )

    def test_a_suspect_of_which_nobody_told_when_it_came_is_told_of(self) -> None:
        found = recall(thread_of(*complete(CAR, 1), out_of(CAR, A, day=5)).store, suspect=A)
        assert sorts(found) == {CAR: (True, False)}
        assert found.cars[0].since is None
        assert any("nobody told when it came in" in words for words in found.not_known)


class TestLots:
    def test_the_items_of_a_lot_are_the_serials_made_of_it(self) -> None:
        used = [{"epcClass": LOT_1, "quantity": 5, "uom": "KGM"}]
        app = thread_of(
            event("Transformation", inputQuantityList=used, outputEPCList=[A, B, C]),
            into(CAR, A, day=2),
            into(OTHER_CAR, B, day=2),
            *complete(CAR, 3),
            *complete(OTHER_CAR, 3),
        )
        found = recall(app.store, suspect=LOT_1)
        assert (found.n_items, found.n_items_in_cars, found.n_as_maintained) == (3, 2, 2)
        assert (found.n_elsewhere, found.elsewhere) == (1, (C,))
        assert {c.car: c.items for c in found.cars} == {CAR: (A,), OTHER_CAR: (B,)}

    def test_through_another_lot_and_a_process_of_many_to_many(self) -> None:
        one, two = [{"epcClass": LOT_1}], [{"epcClass": LOT_2}]
        app = thread_of(
            event("Transformation", 1, inputQuantityList=one, outputQuantityList=two),
            event(
                "Transformation",
                2,
                inputQuantityList=[*two, {"epcClass": LOT.format(9)}],
                outputEPCList=[A, B],
            ),
            into(CAR, A, day=3),
            *complete(CAR, 4),
        )
        for suspect in (LOT_1, LOT_2, ThingId(LOT.format(9))):
            found = recall(app.store, suspect=suspect)
            assert sorts(found) == {CAR: (True, True)}
            assert found.n_items == 2

    def test_a_lot_that_went_in_as_it_is_counts_as_one_item(self) -> None:
        glue = [{"epcClass": LOT_1, "quantity": 0.2, "uom": "KGM"}]
        app = thread_of(
            event("Association", action="ADD", parentID=CAR, childQuantityList=glue),
            event("Association", action="ADD", parentID=OTHER_CAR, childQuantityList=glue),
            *complete(CAR, 2),
        )
        found = recall(app.store, suspect=LOT_1)
        assert (found.n_items, found.n_as_maintained) == (1, 2)

    def test_what_was_made_before_a_used_up_part_left_its_box_is_kept_by_what_it_became(
        self,
    ) -> None:
        # A was consumed into C on day 3; that A's box was emptied later changes nothing.
        app = thread_of(
            event("Aggregation", 1, action="ADD", parentID=PACK, childEPCs=[A]),
            event("Transformation", 3, inputEPCList=[A], outputEPCList=[C]),
            into(CAR, C, day=4),
            event("Aggregation", 5, action="DELETE", parentID=PACK, childEPCs=[A]),
            *complete(CAR, 6),
        )
        assert sorts(recall(app.store, suspect=A)) == {CAR: (True, True)}


class TestRanges:
    def range_of(self, *serials: str, first: str, last: str, put: str = SERIAL) -> set[str]:
        app = thread_of(*(into(CAR, put.format(s)) for s in serials))
        found = recall(app.store, first=ThingId(first), last=ThingId(last))
        return {item for car in found.cars for item in car.items}

    def test_numbers_are_compared_by_size_and_both_ends_count(self) -> None:
        found = self.range_of(
            "8", "9", "10", "11", "99", first=SERIAL.format(9), last=SERIAL.format(11)
        )
        assert found == {SERIAL.format(n) for n in (9, 10, 11)}

    def test_words_are_compared_by_letters(self) -> None:
        found = self.range_of(
            "B01", "B02", "B10", "C01", first=SERIAL.format("B02"), last=SERIAL.format("B99")
        )
        assert found == {SERIAL.format("B02"), SERIAL.format("B10")}

    def test_another_part_number_with_the_same_serials_is_not_meant(self) -> None:
        other = "urn:epc:id:sgtin:9521000.000030.5"
        app = thread_of(into(CAR, other), into(CAR, SERIAL.format(5)))
        found = recall(app.store, first=ThingId(SERIAL.format(1)), last=ThingId(SERIAL.format(9)))
        assert found.cars[0].items == (SERIAL.format(5),)

    @pytest.mark.parametrize(("put", "ask"), [(SERIAL, LINK), (LINK, SERIAL), (LINK, LINK)])
    def test_a_range_is_found_in_whatever_spelling_it_was_told(self, put: str, ask: str) -> None:
        found = self.range_of("4", "5", "6", first=ask.format(5), last=ask.format(9), put=put)
        assert found == {put.format(5), put.format(6)}

    def test_serials_with_signs_that_are_escaped_in_a_urn(self) -> None:
        app = thread_of(into(CAR, SERIAL.format("A%2F1")), into(CAR, SERIAL.format("A%2F5")))
        found = recall(
            app.store,
            first=ThingId(SERIAL.format("A%2F0")),
            last=ThingId(SERIAL.format("A%2F2")),
        )
        assert found.cars[0].items == (SERIAL.format("A%2F1"),)

    def test_a_range_of_cars_goes_over_all_check_digits(self) -> None:
        # Position 9 of a VIN is its check digit (49 CFR 565.15 (c)): no part of the number.
        cars = [VIN + f"U9HH1E5A{digit}RN00000{n}" for n, digit in enumerate("4680X2", start=1)]
        app = thread_of(*(seen(car) for car in cars))
        found = recall(app.store, first=ThingId(cars[1]), last=ThingId(cars[4]))
        assert [c.car for c in found.cars] == sorted(cars[1:5])

    def test_a_range_between_serials_that_nobody_named_takes_what_is_between(self) -> None:
        found = self.range_of("5", "6", first=SERIAL.format(2), last=SERIAL.format(5))
        assert found == {SERIAL.format(5)}

    def test_a_range_that_holds_nothing_known_is_not_found(self) -> None:
        with pytest.raises(NotFoundError):
            self.range_of("5", first=SERIAL.format(7), last=SERIAL.format(9))

    def test_a_range_the_wrong_way_round_is_refused_and_not_empty(self) -> None:
        with pytest.raises(InvalidInputError, match=r"comes after .*; give them the other way"):
            self.range_of("5", first=SERIAL.format(9), last=SERIAL.format(2))

    @pytest.mark.parametrize(
        ("first", "last"),
        [
            (SERIAL.format(1), "urn:epc:id:sgtin:9521000.000030.9"),
            (LOT.format(1), LOT.format(2)),
            ("urn:x:a", "urn:x:b"),
            (VIN + "U9HH1E5A4RN000001", VIN + "U9HH1E5A4SN000009"),
        ],
    )
    def test_what_are_no_serials_of_one_part_number_is_refused(self, first: str, last: str) -> None:
        with pytest.raises(InvalidInputError, match="are not serials of one part number"):
            self.range_of("5", first=first, last=last)


class TestStations:
    def test_only_what_was_made_there_in_the_window(self) -> None:
        at = {"readPoint": {"id": LINE}}
        app = thread_of(
            into(A, SERIAL.format("x"), day=1, **at),
            into(B, SERIAL.format("y"), day=2, **at),
            into(C, SERIAL.format("z"), day=3, readPoint={"id": SHOP}),
            into(CAR, A, B, C, day=4),
            *complete(CAR, 5),
        )
        found = recall(app.store, station=ThingId(LINE), since=on(2), until=on(3))
        assert (found.n_items, found.cars[0].items) == (1, (B,))
        assert recall(app.store, station=ThingId(LINE), until=on(2)).cars[0].items == (A,)
        assert recall(app.store, station=ThingId(LINE)).n_items == 2

    def test_a_business_location_is_a_station_too(self) -> None:
        app = thread_of(seen(A, bizLocation={"id": SHOP}), into(CAR, A, day=2))
        assert recall(app.store, station=ThingId(SHOP)).n_ever == 1

    def test_what_came_out_of_a_transformation_there_is_suspect(self) -> None:
        app = thread_of(
            event(
                "Transformation",
                inputQuantityList=[{"epcClass": LOT_1}],
                outputEPCList=[A],
                outputQuantityList=[{"epcClass": LOT_2}],
                readPoint={"id": LINE},
            ),
            into(CAR, A, day=2),
        )
        found = recall(app.store, station=ThingId(LINE))
        assert (found.n_items, found.elsewhere) == (2, (LOT_2,))

    def test_a_car_worked_on_twice_is_suspect_from_the_first_time(self) -> None:
        at = {"readPoint": {"id": LINE}}
        app = thread_of(into(CAR, A, day=1, **at), *complete(CAR, 2), into(CAR, B, day=4, **at))
        assert sorts(recall(app.store, station=ThingId(LINE))) == {CAR: (True, True)}

    def test_a_car_worked_on_after_it_was_complete_is_suspect_only_as_maintained(self) -> None:
        app = thread_of(*complete(CAR, 2), into(CAR, B, day=4, readPoint={"id": LINE}))
        assert sorts(recall(app.store, station=ThingId(LINE))) == {CAR: (False, True)}

    def test_work_told_in_error_does_not_count(self) -> None:
        wrong = into(CAR, A, day=1, readPoint={"id": LINE})
        declared = {**wrong, "errorDeclaration": {"declarationTime": "2026-03-09T00:00:00Z"}}
        found = recall(thread_of(wrong, declared).store, station=ThingId(LINE))
        assert (found.n_items, found.n_ever) == (0, 0)

    def test_a_window_in_which_nothing_happened_is_empty(self) -> None:
        app = thread_of(into(CAR, A, day=1, readPoint={"id": LINE}))
        found = recall(app.store, station=ThingId(LINE), since=on(2))
        assert (found.n_items, found.n_ever, found.cars) == (0, 0, ())


class TestSuspects:
    def test_a_part_is_found_in_whatever_spelling(self) -> None:
        app = thread_of(into(CAR, A))
        assert recall(app.store, suspect=ThingId(LINK.format("A"))).n_ever == 1

    def test_a_part_deep_in_a_circle_is_found_and_the_walk_ends(self) -> None:
        app = thread_of(into(A, B), into(B, A), into(CAR, B), *complete(CAR, 5))
        assert sorts(recall(app.store, suspect=A)) == {CAR: (True, True)}

    def test_a_part_that_nobody_named_is_not_found(self) -> None:
        with pytest.raises(NotFoundError, match="the thread holds no"):
            recall(thread_of(into(CAR, A)).store, suspect=B)

    def test_exactly_one_suspect_is_asked_for(self) -> None:
        store = thread_of(into(CAR, A)).store
        wishes: tuple[dict[str, Any], ...] = (
            {},
            {"suspect": A, "station": A},
            {"suspect": A, "first": A, "last": B},
        )
        for wish in wishes:
            with pytest.raises(InvalidInputError, match="give one of"):
                recall(store, **wish)
        with pytest.raises(InvalidInputError, match="needs both its first and its last"):
            recall(store, first=A)
