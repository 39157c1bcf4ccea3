"""Pieces of spirals: by Gauss's quadrature at four places, against scipy's adaptive one."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import quad

from treadle.engine.road.plain import PIECE_TURN, along_spiral


def integrated(way: float, curvature: float, rate: float) -> tuple[float, float]:
    """Return how far a spiral goes ahead and to the left: OpenDRIVE 1.8, section 9.4."""

    def heading(s: float) -> float:
        return s * (curvature + 0.5 * rate * s)

    parts = (lambda s: math.cos(heading(s)), lambda s: math.sin(heading(s)))
    x, y = (quad(part, 0.0, way, epsabs=1e-13, epsrel=1e-13)[0] for part in parts)
    return x, y


@settings(deadline=None)  # the first one compiles
@given(
    start=st.floats(-0.5 * PIECE_TURN, 0.5 * PIECE_TURN),
    end=st.floats(-0.5 * PIECE_TURN, 0.5 * PIECE_TURN),
    way=st.floats(1.0, 100.0),
)
def test_a_piece_of_a_spiral_goes_where_its_integrals_say(
    start: float, end: float, way: float
) -> None:
    curvature, rate = start / way, (end - start) / way**2
    ahead, left, cosine, sine, angle = along_spiral(way, curvature, rate)
    assert (ahead, left) == pytest.approx(integrated(way, curvature, rate), abs=5e-12 * way)
    turn = 0.5 * (start + end)
    assert angle == pytest.approx(turn, abs=1e-15)
    assert (cosine, sine) == pytest.approx((math.cos(turn), math.sin(turn)), abs=1e-15)
    back = along_spiral(-way, -curvature, rate)  # it turns the same way, seen from its other side
    assert back[:2] == pytest.approx((-ahead, -left), abs=1e-12)
