"""The bucket: as many at once as it holds, then as fast as it fills."""

from typing import Any

from treadle.api.pace import Pace


async def _nothing(*_: Any) -> None:
    """An application that is never asked here."""


def test_a_bucket_empties_and_fills_again() -> None:
    now = [0.0]
    pace = Pace(_nothing, ("/x",), per_s=10.0, burst=5, clock=lambda: now[0])
    assert [pace.wait_s("a") for _ in range(5)] == [0.0] * 5
    assert pace.wait_s("a") == 0.1
    assert pace.wait_s("b") == 0.0
    now[0] = 0.3
    assert [pace.wait_s("a") for _ in range(3)] == [0.0] * 3
    assert pace.wait_s("a") > 0
    now[0] = 100.0
    assert [pace.wait_s("a") for _ in range(5)] == [0.0] * 5
    assert pace.wait_s("a") > 0
