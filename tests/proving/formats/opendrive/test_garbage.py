"""Broken files are refused in words, never a crash or a hang, and never numbers that are lost."""

import random
import re

import numpy as np
import pytest

from proving.formats.opendrive.written import document, lane, road, section
from treadle.kernel import InvalidInputError
from treadle.proving.formats.opendrive.reading import read_roads

VALUES = (
    "nan", "inf", "1e308", "-1", "0", "1e9", "-1e9", "1e-300", "", "x", "999999999", "-999", "0.5",
    "1e6", "normalized", "1", "2",
)  # fmt: skip
CURVES = (
    "<line/>",
    '<arc curvature="0.01"/>',
    '<spiral curvStart="0" curvEnd="0.01"/>',
    '<poly3 a="0" b="0" c="0.001" d="-0.00001"/>',
    '<paramPoly3 aU="0" bU="100" cU="0" dU="0" aV="0" bV="0" cV="3" dV="1" pRange="normalized"/>',
)


def sound(curve: str) -> str:
    plan = f'<geometry s="0" x="0" y="0" hdg="0" length="100">{curve}</geometry>'
    profiles = (
        '<elevationProfile><elevation s="0" a="0" b="0.01" c="0" d="0"/></elevationProfile>\n'
        '<lateralProfile><superelevation s="0" a="0.01" b="0" c="0" d="0"/>'
        '<crossfall side="both" s="0" a="0.02" b="0.001" c="0" d="0"/></lateralProfile>'
    )
    link = '<link><predecessor id="-1"/><successor id="-1"/></link>\n'
    lanes = section(left=lane(1, link), right=lane(-1, link)) + section(50, right=lane(-1, link))
    ring = "".join(
        f'<{end} elementType="road" elementId="1" contactPoint="{to}"/>\n'
        for end, to in (("predecessor", "end"), ("successor", "start"))
    )
    junction = (
        '<junction id="5" name=""><connection id="0" incomingRoad="1" connectingRoad="1" '
        'contactPoint="start">\n<laneLink from="-1" to="-1"/></connection></junction>\n'
    )
    return document(
        road(plan=plan, profiles=profiles, link=ring, lanes=lanes), junction, revision=5
    ).decode()


def broken(text: str, chance: random.Random) -> str:
    for _ in range(chance.randint(1, 3)):
        match chance.randrange(5):
            case 0 | 1:
                spots = list(re.finditer(r'="([^"]*)"', text))
                spot = chance.choice(spots) if spots else None
                if spot is not None:
                    text = text[: spot.start(1)] + chance.choice(VALUES) + text[spot.end(1) :]
            case 2:
                spots = list(re.finditer(r' \w+="[^"]*"', text))
                spot = chance.choice(spots) if spots else None
                if spot is not None:
                    text = text[: spot.start()] + text[spot.end() :]
            case 3:
                elements = list(re.finditer(r"<(\w+)[^<>]*/>", text))
                if elements:
                    spot = chance.choice(elements)
                    text = text[: spot.end()] + spot[0] * chance.randrange(3) + text[spot.end() :]
            case _:
                at = chance.randrange(len(text))
                text = text[:at] + text[at + chance.randrange(1, 20) :]
    return text


@pytest.mark.parametrize("seed", range(6))
def test_mutations_are_read_or_refused(seed: int) -> None:
    chance = random.Random(seed)
    n_read = 0
    reasons: list[str] = []
    for number in range(80):
        content = broken(sound(CURVES[number % len(CURVES)]), chance).encode()
        try:
            tables = read_roads(content, "broken.xodr").compiled()
        except InvalidInputError as error:
            reasons.append(str(error))
            continue
        n_read += 1
        for table in (tables.geometries, tables.cubics, tables.shapes):
            for name in table.dtype.names or ():
                assert np.isfinite(table[name]).all()
        assert np.isfinite(tables.samples).all()
    assert n_read
    assert all(reason.startswith("broken.xodr") for reason in reasons)


def test_unmutated_it_is_read() -> None:
    for curve in CURVES:
        read_roads(sound(curve).encode(), "sound.xodr")
