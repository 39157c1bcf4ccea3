"""Cars that were ordered are built as the bill resolves them; a stated share is mixed up."""

import dataclasses
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

import pytest

from treadle.twins.plant.office import Office
from treadle.twins.plant.ordered import Building, building, built_to_order
from treadle.twins.plant.play import Played, planned, play
from treadle.twins.plant.programme import Programme
from treadle.twins.plant.tables import ProgrammeError, read_toml

WISH = Building(bill="b", plant="norrtorp", slips=0.0, slip_parts=("HO-WPC", "HO-AMP"))
N_CARS = 6


class Desk(Office):
    """Orders and a bill as an API would tell them, without one."""

    def __init__(self, orders: dict[str, str], parts: set[str], known: set[str]) -> None:
        self._orders, self._parts, self._known = orders, parts, known
        self.asked: list[dict[str, Any]] = []

    def ask(self, query: str, **question: Any) -> Any:
        match query:
            case "design.bom":
                return {"rows": [{"part": part} for part in sorted(self._known)]}
            case "sales.orders":
                later = [o for o in sorted(self._orders) if o > question["after"]]
                return [{"order": order} for order in later] or None
            case "sales.order":
                stage = self._orders[question["thing"]]
                return {"stage": stage, "plant": "norrtorp", "options": ["Hatch"]}
            case _:
                self.asked.append(question)
                return {"rows": [{"part": part} for part in sorted(self._parts)]}


def numbers(programme: Programme) -> set[str]:
    return {part.number for part in programme.parts.values() if not part.into}


def ordered(
    programme: Programme, desk: Desk, wish: Building = WISH, n_cars: int = N_CARS
) -> dict[int, frozenset[str]]:
    cars = planned(programme, n_cars=n_cars, rng=Random(programme.seed))
    return built_to_order(desk, wish, programme, cars)


def fitted(played: Played, programme: Programme, number: str) -> list[int]:
    """How many of a part went into each car, as the events say it."""
    part = programme.parts[number]
    stem = f"urn:epc:id:sgtin:{part.supplier.prefix}.{part.item}."
    into = dict.fromkeys((car.uri for car in played.cars), 0)
    for event in played.events:
        at_the_line = event["bizStep"] == "installing" and "heddle:station" in event
        if at_the_line and event["parentID"] in into:
            children = event.get("childEPCs", [])
            into[event["parentID"]] += sum(c.startswith(stem) for c in children)
    return list(into.values())


def test_a_car_has_what_was_ordered_and_no_other_car_changes(programme: Programme) -> None:
    bill = numbers(programme) - {"HO-TAILDRIVE", "HO-ROOF", "HO-HEADLINER", "HO-DISPLAY-C"}
    desk = Desk(
        {
            "urn:treadle:order:heddle-one-000002": "frozen",
            "urn:treadle:order:heddle-one-000004": "cancelled",
            "urn:treadle:order:heddle-one-000099": "frozen",
            "urn:treadle:order:other-000001": "frozen",
        },
        bill,
        numbers(programme),
    )
    built_to = ordered(programme, desk)
    assert built_to == {1: frozenset(bill)}
    assert [q["plant"] for q in desk.asked] == ["norrtorp"]
    before = play(programme, n_cars=N_CARS, rng=Random(programme.seed))
    after = play(programme, n_cars=N_CARS, rng=Random(programme.seed), built_to=built_to)
    assert fitted(after, programme, "HO-TOW-FIX") == [0, 1, 0, 0, 0, 0]
    assert fitted(after, programme, "HO-WWHEEL-17") == [0, 4, 0, 0, 0, 0]
    assert fitted(after, programme, "HO-ROOF") == [1, 0, 1, 1, 1, 1]
    for number in ("HO-AMP", "HO-WPC", "HO-GLASSROOF", "HO-HEATPUMP", "HO-TAILDRIVE"):
        old, new = fitted(before, programme, number), fitted(after, programme, number)
        assert new == [old[0], number in bill, *old[2:]]
    assert [c.completed for c in after.cars] == [c.completed for c in before.cars]
    assert [c.retail for c in after.cars] == [c.retail for c in before.cars]
    assert after.story["bad_lot"] == before.story["bad_lot"]
    assert after.story["affected_as_built"] == before.story["affected_as_built"]


def test_parts_that_the_bill_does_not_know_are_built_in(programme: Programme) -> None:
    desk = Desk(
        {"urn:treadle:order:heddle-one-000001": "built"}, {"HO-ROOF"}, {"HO-ROOF", "HO-WPC"}
    )
    assert ordered(programme, desk)[0] == numbers(programme) - {"HO-WPC"}


def test_the_stated_share_of_ordered_cars_is_mixed_up_in_one_part(programme: Programme) -> None:
    names = {f"urn:treadle:order:heddle-one-{n:06d}": "frozen" for n in range(1, 401)}
    meant = numbers(programme) - {"HO-WPC"}
    desk = Desk(names, meant, numbers(programme))
    wish = dataclasses.replace(WISH, slips=0.1)
    built = ordered(programme, desk, wish, n_cars=400)
    wrong = [parts ^ meant for parts in built.values() if parts != meant]
    assert len(built) == 400
    assert 20 <= len(wrong) <= 60  # 40 expected, six standard deviations of 6
    assert {tuple(one) for one in wrong} == {("HO-WPC",), ("HO-AMP",)}
    assert ordered(programme, desk, wish, n_cars=400) == built


def test_a_programme_without_a_bill_builds_by_chance(
    programme: Programme, changed: Callable[[str, str, str], Path]
) -> None:
    folder = changed("programme.toml", 'bill = "heddle-one"         #', "#")
    assert building(read_toml(folder), programme) is None


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('"HO-STRIPE"]', '"HO-CELL"]', "slip_parts names 'HO-CELL', no part of the car"),
        ('slip_parts = ["HO-WPC", "HO-AMP", "HO-STRIPE"]', "", "name what is mixed up"),
    ],
)
def test_what_cannot_be_mixed_up_is_refused(
    programme: Programme, changed: Callable[[str, str, str], Path], old: str, new: str, said: str
) -> None:
    with pytest.raises(ProgrammeError, match=said.replace("[", r"\[")):
        building(read_toml(changed("programme.toml", old, new)), programme)
