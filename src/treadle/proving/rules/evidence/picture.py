"""Evidence as a picture: requirement, domain, scenario, variants, metric, claim, left to right.

What a technical service asks of any claim is on the way from the right to the left. Nodes and links
are those of the signed graph; what stands apart (files, builds, how it was computed) is told in the
node that rests on it, and files and parts only in the attestation.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from treadle.kernel.mosaic import Question
from treadle.kernel.report import Graph as Drawn
from treadle.kernel.report import Knot
from treadle.kernel.scene import Tone
from treadle.proving.rules.evidence.graph import Graph, Node

COLUMNS = (
    "Requirement", "Operational design domain", "Scenario", "Variants", "Metric", "Claim",
)  # fmt: skip
_KINDS = ("requirement", "odd", "scenario", "variants", "finding", "claim")
_TONES: dict[str, Tone] = {"PASS": "good", "ADMITTED": "good", "FAIL": "bad", "REFUSED": "bad"}
_UNKNOWN: Tone = "warn"
_LIMITS = {"least": "\N{GREATER-THAN OR EQUAL TO}", "most": "\N{LESS-THAN OR EQUAL TO}"}
_LONG = 400  # characters of a value; the attestation has all


def drawn(graph: Graph, root: str, run: str) -> Drawn:
    """Return what each claim rests on.

    Parameters
    ----------
    run
        The campaign or the gate, as a thing.
    """
    top = graph.nodes[root]
    names = set(_reached(graph, top))
    kept = {
        name: node for name, node in graph.nodes.items() if name in names and node.kind in _KINDS
    }
    return Drawn(
        title="What each claim rests on",
        columns=COLUMNS,
        knots=tuple(_knot(graph, name, node, run) for name, node in kept.items()),
        edges=tuple(dict.fromkeys(_edges(kept))),
    )


def _reached(graph: Graph, top: Node) -> Iterator[str]:
    """Yield what claims rest on, and every requirement and value, that nothing covers too."""
    waiting = [*top.links.get("claims", ()), *top.links.get("requirements", ())]
    waiting += top.links.get("odd", ())
    seen: set[str] = set()
    while waiting:
        name = waiting.pop()
        if name in seen or name not in graph.nodes:
            continue
        seen.add(name)
        yield name
        waiting += [one for names in graph.nodes[name].links.values() for one in names]


def _edges(kept: Mapping[str, Node]) -> Iterator[tuple[str, str]]:
    """Yield links from what is rested on; a release's claim rests on the other claims, too."""
    for name, node in kept.items():
        for other in (one for names in node.links.values() for one in names):
            below = kept.get(other)
            if below is not None and _column(below) < _column(node):
                yield other, name


def _column(node: Node) -> int:
    return _KINDS.index(node.kind)


def _knot(graph: Graph, name: str, node: Node, run: str) -> Knot:
    verdict = str(node.content.get("verdict", ""))
    title, detail, says = _TOLD[node.kind](graph, node)
    tone: Tone = _TONES.get(verdict, _UNKNOWN) if verdict else "plain"
    if node.kind == "variants":
        tone, verdict = _judged(node)
    return Knot(
        name=name,
        column=_column(node),
        title=title,
        detail=detail,
        verdict=verdict,
        tone=tone,
        says=tuple((word, _short(value)) for word, value in says if value),
        leads=tuple(_leads(graph, node, run)),
    )


def _short(value: Any) -> str:
    text = str(value)
    return text if len(text) <= _LONG else f"{text[:_LONG]} \N{HORIZONTAL ELLIPSIS}"


_Said = tuple[str, str, list[tuple[str, Any]]]


def _requirement(graph: Graph, node: Node) -> _Said:
    del graph
    said = node.content
    return str(said["id"]), str(said["source"] or said["text"]), [
        ("Text", said["text"]), ("Source", said["source"]),
    ]  # fmt: skip


def _odd(graph: Graph, node: Node) -> _Said:
    del graph
    said = node.content
    title = f"{said['attribute']} = {said['value']}"
    return title, "", [("Attribute", said["attribute"]), ("Value", said["value"])]


def _scenario(graph: Graph, node: Node) -> _Said:
    said = node.content
    (file,) = [f.content for f in graph.linked(node, "file")][:1] or [{}]
    sample = said.get("sample")
    told = [("File", said["file"]), ("Hash of the file", file.get("sha256", ""))]
    told += [("Sample", f"{sample:,} variants, not all")] if sample is not None else []
    return str(said["id"]), str(said["file"]), told


def _variants(graph: Graph, node: Node) -> _Said:
    said = node.content
    builds = [b.content for b in graph.linked(node, "build")]
    named = builds[0] if builds else {}
    counts = ", ".join(f"{n:,} {word}" for word, n in said.get("counts", {}).items())
    title = f"{said['driver']}: {named.get('named', named.get('name', said['driver']))}"
    if not said.get("counts"):
        title = f"reference: {said['driver']}"
    (computing,) = [c.content for c in graph.linked(node, "computing")][:1] or [{}]
    return title, f"{said['n_variants']:,} of {said['scenario']}", [
        ("Scenario", said["scenario"]),
        ("Variants", f"{said['n_variants']:,}, numbers {said['numbers']}"),
        ("Came to", counts),
        ("Collisions in", said["collisions"] or "none"),
        ("Driver", f"{named.get('name', '')} version {named.get('version', '')}, SHA-256 "
                   f"{named.get('identity', '')}" if named else ""),
        ("Computed", f"step {computing.get('step_s')} s, at most {computing.get('time_limit_s')} "
                     f"s, seed {computing.get('seed')}" if computing else ""),
    ]  # fmt: skip


def _finding(graph: Graph, node: Node) -> _Said:
    said = node.content
    figure = said.get("figure")
    shown = f"{figure:.4g}" if isinstance(figure, int | float) else ""
    (limits,) = [c.content for c in graph.linked(node, "criterion")][:1] or [{}]
    asked = " and ".join(
        f"{sign} {limits[word]:g}"
        for word, sign in _LIMITS.items()
        if isinstance(limits.get(word), int | float)
    )
    metric = str(said["metric"]).replace("_", " ")
    told = f"{shown} ({asked})" if asked else shown
    return metric, told, [
        ("Driver", said["driver"]), ("Requirement", limits.get("requirement", "")),
        ("Metric", said["metric"]), ("Over", said["over"]),
        ("Figure", shown), ("Asked", asked), ("Why", said["reason"]),
    ]  # fmt: skip


def _claim(graph: Graph, node: Node) -> _Said:
    del graph
    said = node.content
    return str(said["claim"]), str(said["driver"]), [
        ("Driver", said["driver"]), ("Requirement", said["requirement"]),
        ("Recompute it", said["recompute"]),
    ]  # fmt: skip


_TOLD = {
    "requirement": _requirement, "odd": _odd, "scenario": _scenario, "variants": _variants,
    "finding": _finding, "claim": _claim,
}  # fmt: skip


def _judged(node: Node) -> tuple[Tone, str]:
    """Return how the variants of a scenario came out: as the worst of them."""
    counts = node.content.get("counts")
    if not counts:
        return "plain", ""
    for word in ("FAIL", "INCONCLUSIVE"):
        if counts.get(word):
            return _TONES.get(word, _UNKNOWN), word
    return ("good", "PASS") if counts.get("PASS") else ("plain", next(iter(counts), ""))


def _leads(graph: Graph, node: Node, run: str) -> Iterator[Question]:
    said = node.content
    if node.kind == "variants":
        asked = {"thing": run, "scenario": str(said["scenario"]), "role": str(said["driver"])}
        yield Question(words="the map of these variants", query="map", asked=asked)
        first = str(said["collisions"]).partition(",")[0].partition("-")[0]
        if first:
            yield Question(words="the first that collides", query="scene",
                           asked={**asked, "variant": first})  # fmt: skip
    elif node.kind == "scenario":
        asked = {"thing": run, "scenario": str(said["id"])}
        yield Question(words="its map", query="map", asked=asked)
    elif node.kind in ("requirement", "odd"):
        yield Question(words="coverage", query="coverage", asked={"thing": run})
    elif node.kind == "claim" and said["criterion"] == "release":
        yield Question(words="the comparison", query="comparison", asked={"thing": run})
    del graph
