"""How long a network of 1,400 roads takes to be read: generated, checked, lowered to arrays."""

import argparse
import gc
import math
import statistics
import sys
import time
from pathlib import Path

from treadle.proving.formats.opendrive.reading import read_roads

BLOCK_M = 120.0
INNER_M = 12.0  # from the middle of a crossing to where its roads end
WIDTH_M = 3.5


def lanes(left: int, right: int, *, links: bool) -> str:
    """Return lane sections with so many lanes on each side, linked to the same ids."""
    link = '<predecessor id="{0}"/><successor id="{0}"/>' if links else ""

    def one(id_: int) -> str:
        kind = "driving" if abs(id_) < max(left, right) or links else "sidewalk"
        return (
            f'<lane id="{id_}" type="{kind}" level="false"><link>{link.format(id_)}</link>'
            f'<width sOffset="0" a="{WIDTH_M}" b="0" c="0" d="0"/>'
            '<roadMark sOffset="0" type="solid" weight="standard" color="standard" width="0.12"'
            ' laneChange="none"/></lane>'
        )

    sides = {
        "left": "".join(one(i) for i in range(left, 0, -1)),
        "right": "".join(one(-i) for i in range(1, right + 1)),
    }
    said = {side: f"<{side}>{told}</{side}>" if told else "" for side, told in sides.items()}
    centre = (
        '<center><lane id="0" type="none" level="false"><roadMark sOffset="0" type="broken"'
        ' weight="standard" color="standard" width="0.12"/></lane></center>'
    )
    return f'<lanes><laneSection s="0">{said["left"]}{centre}{said["right"]}</laneSection></lanes>'


def road(
    id_: int,
    junction: int,
    link: str,
    pieces: list[tuple[float, float, float, float, str]],
    body: str,
) -> str:
    """Return a road of these pieces: x, y, heading, length, curve."""
    s, told = 0.0, []
    for x, y, heading, length, curve in pieces:
        told.append(
            f'<geometry s="{s!r}" x="{x!r}" y="{y!r}" hdg="{heading!r}" length="{length!r}">'
            f"{curve}</geometry>\n"
        )
        s += length
    elevation = '<elevationProfile><elevation s="0" a="0" b="0" c="0" d="0"/></elevationProfile>'
    return (
        f'<road name="" id="{id_}" junction="{junction}" length="{s!r}">\n<link>{link}</link>\n'
        '<type s="0" type="town"><speed max="50" unit="km/h"/></type>\n'
        f"<planView>{''.join(told)}</planView>\n{elevation}\n{body}\n</road>\n"
    )


def straights(x: float, y: float, heading: float, length: float) -> list[tuple[float, ...]]:
    """Return a line, a cubic that is a line, and a line: as tools write them."""
    third = length / 3
    zeros = " ".join(f'{name}="0"' for name in ("aU", "cU", "dU", "aV", "bV", "cV", "dV"))
    cubic = f'<paramPoly3 bU="{third!r}" {zeros} pRange="normalized"/>'
    curves = ("<line/>", cubic, "<line/>")
    cos, sin = math.cos(heading), math.sin(heading)
    return [
        (x + cos * third * k, y + sin * third * k, heading, third, curve)  # type: ignore[misc]
        for k, curve in enumerate(curves)
    ]


def town(columns: int, rows: int) -> tuple[bytes, int]:
    """Return an OpenDRIVE text of a grid of streets, and how many roads it has.

    Each crossing has a connecting road for every way through it: arcs to the right and left,
    lines straight on.
    """
    roads: list[str] = []
    ends: dict[tuple[int, int], list[tuple[int, str, float]]] = {}
    junctions = {(c, r): 100_000 + c * rows + r for c in range(columns) for r in range(rows)}

    def street(c: int, r: int, dc: int, dr: int) -> None:
        if (c + dc, r + dr) not in junctions:
            return
        id_ = len(roads)
        heading = math.atan2(dr, dc)
        x, y = (BLOCK_M * n + INNER_M * d for n, d in ((c, dc), (r, dr)))
        link = (
            f'<predecessor elementType="junction" elementId="{junctions[c, r]}"/>'
            f'<successor elementType="junction" elementId="{junctions[c + dc, r + dr]}"/>'
        )
        pieces = straights(x, y, heading, BLOCK_M - 2 * INNER_M)
        roads.append(road(id_, -1, link, pieces, lanes(2, 2, links=False)))  # type: ignore[arg-type]
        ends.setdefault((c, r), []).append((id_, "start", heading))
        ends.setdefault((c + dc, r + dr), []).append((id_, "end", heading + math.pi))

    for c, r in junctions:
        street(c, r, 1, 0)
        street(c, r, 0, 1)
    told: list[str] = []
    for (c, r), arms in ends.items():
        connections: list[str] = []
        for number, (from_, from_end, out) in enumerate(arms):
            for to, to_end, away in arms[:number] + arms[number + 1 :]:
                id_ = len(roads)
                roads.append(
                    _through(
                        id_, junctions[c, r], (c, r), (from_, from_end, out), (to, to_end, away)
                    )
                )
                lane = -1 if from_end == "end" else 1
                connections.append(
                    f'<connection id="{len(connections)}" incomingRoad="{from_}" '
                    f'connectingRoad="{id_}" contactPoint="start">'
                    f'<laneLink from="{lane}" to="-1"/></connection>\n'
                )
        told.append(f'<junction id="{junctions[c, r]}" name="">{"".join(connections)}</junction>\n')
    header = '<header revMajor="1" revMinor="6" name="a town" version="1" date="2025-01-01"/>\n'
    text = (
        f'<?xml version="1.0"?>\n<OpenDRIVE>\n{header}{"".join(roads)}{"".join(told)}</OpenDRIVE>'
    )
    return text.encode(), len(roads)


def _through(
    id_: int,
    junction: int,
    at: tuple[int, int],
    incoming: tuple[int, str, float],
    outgoing: tuple[int, str, float],
) -> str:
    from_, from_end, out = incoming
    to, to_end, away = outgoing
    heading = out + math.pi
    turn = math.remainder(away - heading, 2 * math.pi)
    x, y = (BLOCK_M * n + INNER_M * f(out) for n, f in zip(at, (math.cos, math.sin), strict=True))
    if abs(turn) < 1e-6:
        pieces = [(x, y, heading, 2 * INNER_M, "<line/>")]
    else:
        curve = f'<arc curvature="{math.copysign(1 / INNER_M, turn)!r}"/>'
        pieces = [(x, y, heading, INNER_M * abs(turn), curve)]
    back = -1 if from_end == "end" else 1
    on = -1 if to_end == "start" else 1
    link = (
        f'<predecessor elementType="road" elementId="{from_}" contactPoint="{from_end}"/>'
        f'<successor elementType="road" elementId="{to}" contactPoint="{to_end}"/>'
    )
    body = lanes(0, 1, links=True)
    body = body.replace('<predecessor id="-1"/>', f'<predecessor id="{back}"/>')
    body = body.replace('<successor id="-1"/>', f'<successor id="{on}"/>')
    return road(id_, junction, link, pieces, body)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--columns", type=int, default=11)
    parser.add_argument("--rows", type=int, default=11)
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--write", type=Path, help="write the network there too")
    wanted = parser.parse_args()
    content, n_roads = town(wanted.columns, wanted.rows)
    if wanted.write:
        wanted.write.write_bytes(content)
    taken = []
    for _ in range(wanted.repeat):
        gc.collect()
        start = time.perf_counter()
        network = read_roads(content, "town.xodr")
        tables = network.compiled()
        taken.append(time.perf_counter() - start)
    findings = {finding.rule for finding in network.ledger.findings}
    sys.stdout.write(
        f"{n_roads:,} roads, {len(content) / 1e6:.1f} MB, {len(tables.lanes):,} lanes, "
        f"{len(tables.pieces):,} pieces in {len(tables.cells):,} cells: "
        f"read in {statistics.median(taken):.2f} s (median of {wanted.repeat})\n"
        f"findings: {', '.join(sorted(findings)) or 'none'}\n"
    )


if __name__ == "__main__":
    main()
