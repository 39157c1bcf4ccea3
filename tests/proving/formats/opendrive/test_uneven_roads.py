"""What makes a road uneven across: heights of lanes, strips of 1.8."""

from proving.formats.opendrive.written import lane, left_out, read, refused, road, rules, section


def test_a_raised_lane_is_a_row_of_heights() -> None:
    height = '<height sOffset="{}" inner="{}" outer="0.12"/>'
    high = height.format(20, 0.2) + height.format(0, 0)
    flat = height.format(0, 0).replace("0.12", "0")
    network = read(road(lanes=section(right=lane(-1, flat) + lane(-2, high))))
    tables = network.compiled()
    assert left_out(network) == []
    (row,) = tables.roads
    assert (row["is_plain"], row["is_even"], row["is_flat"]) == (1, 0, 0)
    assert tables.heights.tolist() == [(2, 0.0, 0.0, 0.12), (2, 20.0, 0.2, 0.12)]
    (even,) = read(road(lanes=section(right=lane(-1, flat)))).compiled().roads
    assert (even["is_even"], even["is_flat"]) == (1, 1)


def part(tag: str, coefficients: str) -> str:
    """Return a part of a strip."""
    return f"<{tag}><coefficients {coefficients}/></{tag}>"


def strip(attributes: str, *parts: str) -> str:
    """Return a strip."""
    return f"<strip {attributes}>{''.join(parts)}</strip>"


def across(*strips: str, more: str = "") -> str:
    """Return a lateral profile of strips."""
    inside = f"{more}<surfaceStrips>{''.join(strips)}</surfaceStrips>"
    return f"<lateralProfile><crossSectionSurface>{inside}</crossSectionSurface></lateralProfile>"


WIDE = part("width", 's="0" a="4"')


def test_strips_are_rows_and_what_they_do_not_tell_is_0() -> None:
    inner = strip('id="1"', WIDE, part("linear", 's="0" b="1"'))
    outer = strip('id="2" mode="relative"', part("constant", 's="0" d="2"'))
    offset = part("tOffset", 's="0" a="0.5"')
    network = read(road(profiles=across(inner, outer, more=offset)))
    tables = network.compiled()
    assert (left_out(network), rules(network)) == ([], set())
    (row,) = tables.roads
    assert tables.cubics[row["first_strip_offset"]].tolist() == (0.0, 0.5, 0.0, 0.0, 0.0)
    one, two = tables.strips
    assert (one["id"], one["is_relative"], two["id"], two["is_relative"]) == (1, 0, 2, 1)
    assert tables.cubics[one["first_width"]].tolist() == (0.0, 4.0, 0.0, 0.0, 0.0)
    assert tables.cubics[one["first_linear"]].tolist() == (0.0, 0.0, 1.0, 0.0, 0.0)
    assert tables.cubics[two["first_constant"]].tolist() == (0.0, 0.0, 0.0, 0.0, 2.0)
    assert [one[f"n_{name}"] for name in ("constants", "quadratics", "cubics")] == [0, 0, 0]


def test_what_the_standard_says_of_strips_is_checked() -> None:
    alone = strip('id="1"', WIDE)
    assert rules(read(road(profiles=across(alone)))) == {"opendrive.strip_width"}
    said, _ = refused(road(profiles=across(*[strip('id="1"')] * 2)))
    assert "each of 1, -1, 2 and -2 may be there once" in said
    turned = '<superelevation s="0" a="0.1" b="0" c="0" d="0"/><crossSectionSurface>'
    network = read(road(profiles=across(alone).replace("<crossSectionSurface>", turned)))
    assert rules(network) == {"opendrive.surface_and_shape"}
    assert "crossSectionSurface" in {line.tag for line in left_out(network)}
    assert network.compiled().roads[0]["n_strips"] == 0


def test_lane_0_has_no_surface_to_lift() -> None:
    lifted = 'type="none" level="false"><height sOffset="0" inner="0.1" outer="0.1"/></lane>'
    lanes = section().replace('type="none" level="false"/>', lifted)
    network = read(road(lanes=lanes))
    (height,) = (one for one in network.ledger.lines(network.root) if one.tag == "height")
    assert height.outcome == "no effect"
    assert rules(network) == {"schema.unknown_element"}
    assert network.compiled().roads[0]["is_flat"] == 1
