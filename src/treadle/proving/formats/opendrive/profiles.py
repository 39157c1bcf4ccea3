"""The reference line of a road and the profiles along it."""

from itertools import pairwise
from operator import attrgetter

from treadle.proving.formats.opendrive.source import Source
from treadle.proving.rules.node import Node
from treadle.proving.rules.roads.geometry import (
    Arc,
    Crossfall,
    Curve,
    Geometry,
    Line,
    ParamPoly3,
    Poly3,
    Polynomial,
    Shape,
    Spiral,
    Strip,
)

_CURVES = ("line", "arc", "spiral", "poly3", "paramPoly3")
_WINDING_RAD = 100.0
"""Sixteen full turns: no road winds more within one geometry."""


def read_plan(source: Source, road: Node) -> tuple[Geometry, ...]:
    """Return the pieces of a road's reference line (OpenDRIVE 1.8, 9.2)."""
    plan = source.only(road, "planView")
    found: list[Geometry] = []
    empty: list[Node] = []
    for node in source.each(plan, "geometry"):
        length = source.number(node, "length")
        if length == 0:
            empty.append(node)
            continue
        if length < 0:
            text = f"a geometry of length {length} is no geometry; give more than 0"
            source.ledger.error("opendrive.length_not_positive", text, node)
            continue
        geometry = Geometry(
            s=source.number(node, "s"),
            x=source.number(node, "x"),
            y=source.number(node, "y"),
            hdg=source.number(node, "hdg"),
            length=length,
            curve=_curve(source, node),
        )
        source.nodes[geometry] = node
        found.append(geometry)
        if isinstance(geometry.curve, Spiral):
            _check_winding(source, node, geometry.curve, length)
    for node in empty:  # of published files: nothing of the line is lost without it
        if found:
            text = "a geometry of length 0 is no geometry; it is left out"
            source.ledger.warning("opendrive.length_not_positive", text, node)
            source.ledger.without_effect(node, "it has no length")
        else:
            text = "a geometry of length 0 is no geometry; give more than 0"
            source.ledger.error("opendrive.length_not_positive", text, node)
    if not found:
        text = f"road {road.attributes.get('id', '')} has no planView with a geometry; give one"
        source.ledger.error("opendrive.no_plan_view", text, plan or road)
    return tuple(found)


def _check_winding(source: Source, node: Node, spiral: Spiral, length: float) -> None:
    winding = max(abs(spiral.start), abs(spiral.end)) * length
    if winding > _WINDING_RAD:
        text = f"a spiral turns by up to {winding:.6g} rad; at most {_WINDING_RAD:g} are read"
        source.ledger.error("opendrive.winds_too_much", text, node)


def _curve(source: Source, geometry: Node) -> Curve:
    curves = list(source.each(geometry, *_CURVES))
    if len(curves) != 1:
        words = ", ".join(_CURVES)
        text = f"a geometry has {len(curves)} curves; give exactly one of {words}"
        source.ledger.error("opendrive.no_curve", text, geometry)
        return Line()
    node = curves[0]

    def told(*names: str) -> tuple[float, float, float, float]:
        a, b, c, d = (source.number(node, name) for name in names)
        return a, b, c, d

    match node.tag:
        case "arc":
            return Arc(source.number(node, "curvature"))
        case "spiral":
            return Spiral(source.number(node, "curvStart"), source.number(node, "curvEnd"))
        case "poly3":
            return Poly3(*told("a", "b", "c", "d"))
        case "paramPoly3":
            ranges = ("arcLength", "normalized")
            return ParamPoly3(
                told("aU", "bU", "cU", "dU"),
                told("aV", "bV", "cV", "dV"),
                # 1.4: p runs from 0 to 1 unless the file says otherwise
                source.word(node, "pRange", ranges, "normalized") == "normalized",
            )
        case _:
            return Line()


def read_polynomials(
    source: Source,
    parent: Node | None,
    tag: str,
    start: str = "s",
    default: float | None = None,
) -> tuple[Polynomial, ...]:
    """Return the pieces of a profile by ascending s; a warning where the file has another order."""
    found: list[Polynomial] = []
    for node in source.each(parent, tag):
        a, b, c, d = (source.number(node, name, default) for name in "abcd")
        piece = Polynomial(source.number(node, start, default), a, b, c, d)
        source.nodes[piece] = node
        found.append(piece)
    for before, piece in pairwise(found):
        if piece.s < before.s:
            text = f"<{tag}> at {start} {piece.s} stands after {before.s}; read in ascending order"
            source.ledger.warning("opendrive.not_ascending", text, source.nodes[piece])
            found.sort(key=attrgetter("s"))
            break
    return tuple(found)


def read_shapes(source: Source, profile: Node | None) -> tuple[Shape, ...]:
    """Return the pieces of a road's shape across, by s and t (10.5.3)."""
    found = [
        Shape(*(source.number(node, name) for name in ("s", "t", "a", "b", "c", "d")))
        for node in source.each(profile, "shape")
    ]
    found.sort(key=attrgetter("s", "t"))
    return tuple(found)


def read_strips(
    source: Source, profile: Node | None
) -> tuple[tuple[Strip, ...], tuple[Polynomial, ...]]:
    """Return the strips of a road's surface across, and their offset (10.5.4).

    It does not go together with a shape or superelevation: then it is left out.
    """
    surface = source.only(profile, "crossSectionSurface") if profile is not None else None
    if surface is None or profile is None:
        return (), ()
    if profile.child("shape", "superelevation") is not None:
        text = "a crossSectionSurface stands with a shape or superelevation; use one of them"
        source.ledger.warning("opendrive.surface_and_shape", text, surface)
        source.ledger.not_supported(surface, "by the standard it does not go with the other two")
        return (), ()
    found: dict[int, Strip] = {}
    holder = source.only(surface, "surfaceStrips")
    for node in source.each(holder, "strip"):
        if "id" not in node.attributes:  # the schema allows it, the text does not
            source.ledger.not_supported(node, "it does not say which of the four strips it is")
            continue
        strip = _strip(source, node)
        if strip.id not in (-2, -1, 1, 2) or strip.id in found:
            text = f"a strip has the id {strip.id}; each of 1, -1, 2 and -2 may be there once"
            source.ledger.error("opendrive.strip_id", text, node)
        found[strip.id] = strip
    for id_ in (1, -1):
        if id_ in found and bool(found[id_].widths) != (2 * id_ in found):
            text = f"strip {id_} has a width where strip {2 * id_} is there, and only then"
            source.ledger.warning("opendrive.strip_width", text, surface)
    return tuple(found.values()), _coefficients(source, source.only(surface, "tOffset"))


def _strip(source: Source, node: Node) -> Strip:
    id_ = source.integer(node, "id")
    mode = source.word(node, "mode", ("independent", "relative"), "independent")
    return Strip(
        id=id_,
        is_relative=mode == "relative",
        widths=_coefficients(source, source.only(node, "width")),
        constants=_coefficients(source, source.only(node, "constant")),
        linears=_coefficients(source, source.only(node, "linear")),
        quadratics=_coefficients(source, source.only(node, "quadratic")),
        cubics=_coefficients(source, source.only(node, "cubic")),
    )


def _coefficients(source: Source, parent: Node | None) -> tuple[Polynomial, ...]:
    """Return the pieces of a part of a strip; what is not told is 0."""
    return read_polynomials(source, parent, "coefficients", default=0.0)


def read_crossfalls(source: Source, profile: Node | None) -> tuple[Crossfall, ...]:
    """Return the crossfalls of a file before 1.6."""
    sides = [
        source.word(node, "side", ("both", "left", "right"), "both")
        for node in source.each(profile, "crossfall")
    ]
    falls = []
    for node in source.each(profile, "crossfall"):
        a, b, c, d = (source.number(node, name) for name in "abcd")
        falls.append(Polynomial(source.number(node, "s"), a, b, c, d))
    found = [
        Crossfall(side="left" if side == "left" else "right" if side == "right" else "both", fall=f)
        for side, f in zip(sides, falls, strict=True)
    ]
    found.sort(key=lambda crossfall: crossfall.fall.s)
    return tuple(found)
