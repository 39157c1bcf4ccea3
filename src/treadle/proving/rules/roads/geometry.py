"""The shape of a road: its reference line in the plane, and its surface above it."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True, eq=False)
class Polynomial:
    """a + b ds + c ds2 + d ds3, ds from its s on: a piece of a profile along the road.

    An elevation [m], superelevation or crossfall [rad], lane offset, lane width or lane border [m]
    (OpenDRIVE 1.8, sections 10.5, 11.4, 11.6). The s of a width or border is from the start of
    its lane section, as its sOffset says.
    """

    s: float
    a: float
    b: float
    c: float
    d: float


@dataclass(frozen=True, slots=True, eq=False)
class Shape:
    """A piece of the road's shape across: height above its plane from t on (1.8, 10.5.3)."""

    s: float
    t: float
    a: float
    b: float
    c: float
    d: float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Strip:
    """A strip of the surface across: height constant + linear dt + quadratic dt2 + cubic dt3.

    OpenDRIVE 1.8, 10.5.4. dt is from its inner edge, to the left; each part is a profile along s.

    Attributes
    ----------
    id
        1 and -1 beside the reference line, 2 and -2 beyond; positive to the left.
    is_relative
        Of an outer strip: its heights are above the outer edge of the inner one.
    widths
        Of an inner strip that has an outer one [m].
    """

    id: int
    is_relative: bool
    widths: tuple[Polynomial, ...]
    constants: tuple[Polynomial, ...]
    linears: tuple[Polynomial, ...]
    quadratics: tuple[Polynomial, ...]
    cubics: tuple[Polynomial, ...]

    @property
    def parts(self) -> tuple[tuple[Polynomial, ...], ...]:
        """Its profiles: widths, then the four parts of its height."""
        return self.widths, self.constants, self.linears, self.quadratics, self.cubics


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Crossfall:
    """A fall to the outside of one or both sides (OpenDRIVE 1.4, 5.3.6.2; 1.5, 8.4.2).

    Attributes
    ----------
    fall
        Positive falls to the outside [rad].
    """

    side: Literal["left", "right", "both"]
    fall: Polynomial


@dataclass(frozen=True, slots=True, eq=False)
class Line:
    """A straight (OpenDRIVE 1.8, 9.3)."""


@dataclass(frozen=True, slots=True, eq=False)
class Arc:
    """A piece of a circle (9.5): curvature positive to the left [1/m]."""

    curvature: float


@dataclass(frozen=True, slots=True, eq=False)
class Spiral:
    """A clothoid (9.4): its curvature changes evenly along its length [1/m]."""

    start: float
    end: float


@dataclass(frozen=True, slots=True, eq=False)
class Poly3:
    """v = a + b u + c u2 + d u3 in the local frame (9.6; deprecated since 1.6)."""

    a: float
    b: float
    c: float
    d: float


@dataclass(frozen=True, slots=True, eq=False)
class ParamPoly3:
    """Cubics u(p), v(p) in the local frame (9.7).

    Attributes
    ----------
    u, v
        Coefficients a, b, c, d.
    is_normalized
        p runs from 0 to 1; else from 0 to the geometry's length.
    """

    u: tuple[float, float, float, float]
    v: tuple[float, float, float, float]
    is_normalized: bool


Curve = Line | Arc | Spiral | Poly3 | ParamPoly3


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Geometry:
    """A piece of the reference line (OpenDRIVE 1.8, 9.2).

    Attributes
    ----------
    s, x, y, length
        [m]
    hdg
        [rad]
    """

    s: float
    x: float
    y: float
    hdg: float
    length: float
    curve: Curve
