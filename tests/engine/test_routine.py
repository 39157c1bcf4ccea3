"""Routines: what compiled code calls through a table of addresses."""

from dataclasses import dataclass

import numpy as np

from treadle.engine.compiled import compiled
from treadle.engine.routine import Family, address_of, called_by, routine, type_of
from treadle.engine.tables import Tables


@dataclass(frozen=True, eq=False)
class Desk(Tables):
    """A table of addresses, and some numbers."""

    routines: np.ndarray
    numbers: np.ndarray


def desk() -> Desk:
    return Desk(routines=np.zeros(8, np.int64), numbers=np.array([2.0, 3.0, 5.0]))


by_number = Family(4, [Desk, Desk, float], float)


@routine(1)
def divide(it: Desk, k: int, by: int) -> tuple[float, bool]:
    """Return a number divided, and whether it is a whole one."""
    share = it.numbers[k] / by
    return share, share == int(share)


@compiled
def twice(it: Desk, other: Desk, x: float) -> float:
    """Return a number of the second desk, times twice x."""
    return float(2.0 * x * other.numbers[0])


@compiled
def negative(it: Desk, other: Desk, x: float) -> float:
    """Return -x."""
    return -x


@compiled
def caller(it: Desk, kind: int, x: float) -> float:
    """Call all of it."""
    share, is_whole = divide(it, 2, 2)
    rest = float(by_number(it, it, kind, x))
    return rest + share + (100.0 if is_whole else 0.0)


def test_compiled_code_calls_routines_and_members_of_families_through_the_table() -> None:
    it = desk()
    kinds: dict[type[Tables], Tables] = {Desk: it}
    it.routines[1] = address_of(divide, kinds)
    it.routines[4 + 2], it.routines[4 + 3] = (
        address_of(function, kinds) for function in (twice, negative)
    )
    assert caller(it, 2, 7.0) == 2.0 * 7.0 * 2.0 + 2.5
    assert caller(it, 3, 7.0) == -7.0 + 2.5


def test_python_calls_a_routine_as_it_is_written() -> None:
    assert divide(desk(), 0, 2) == (1.0, True)


def test_what_compiled_code_calls_is_found_without_running_it() -> None:
    assert list(called_by(caller)) == [by_number, divide] or list(called_by(caller)) == [
        divide,
        by_number,
    ]


def test_tables_of_other_rows_are_of_another_type() -> None:
    assert type_of(desk()) is type_of(desk())
    other = Desk(routines=np.zeros(8, np.int64), numbers=np.zeros(3, np.int32))
    assert type_of(other) is not type_of(desk())
