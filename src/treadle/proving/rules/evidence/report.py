"""What a technical service reads: evidence in sections of words and tables, in one order.

Everything in it is told by nodes of the graph; a printed form adds nothing.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from treadle.proving.rules.evidence.graph import Graph, Node
from treadle.proving.rules.judging import VERDICTS

_SHORT = 12  # hex digits that a reader compares by eye; the file has all


_ASKED = {
    "parameter": "values and intervals of parameters",
    "combination": "combinations of values",
    "behaviour": "behaviours asked for",
    "odd": "values of the operational design domain",
    "requirement": "requirements",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Rows under headings.

    Attributes
    ----------
    verdicts
        Index of the column that holds a verdict; -1: none.
    code
        Indexes of the columns that are typed, hashed or copied.
    widths
        Share of the page of each column.
    """

    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    widths: tuple[float, ...]
    verdicts: int = -1
    code: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A question that a reader asks, with its answer.

    Attributes
    ----------
    words
        Paragraphs before the tables.
    commands
        What one types, after them.
    """

    title: str
    words: tuple[str, ...] = ()
    tables: tuple[Table, ...] = ()
    commands: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """A report on a campaign or a gate."""

    title: str
    subtitle: str
    verdict: str
    summary: tuple[tuple[str, str], ...]
    sections: tuple[Section, ...]


def report_of(graph: Graph, root: str, public_key: str) -> Report:
    """Return the report on evidence.

    Parameters
    ----------
    public_key
        Of whoever signed it, hex.
    """
    top = graph.nodes[root]
    said = top.content
    is_gate = said["work"] == "proving.gate"
    builds = [b.content for b in graph.linked(top, "builds")]
    tested = [b for b in builds if b["role"] in ("driver", "baseline", "candidate")]
    catalogue = said["catalogue"]
    return Report(
        title="Release gate" if is_gate else "Proving campaign",
        subtitle=f"{catalogue['name']}, version {catalogue['version']}",
        verdict=str(said["verdict"]),
        summary=(
            *(
                (f"{b['role'].capitalize()}", f"{b['named']}, version {b['version']}")
                for b in tested
            ),
            ("Variants", f"{said['n_variants']:,}"),
            ("Asked for", str(said["asked"])),
            ("Run", str(said["run"])),
            ("Evidence", root),
        ),
        sections=(
            _claimed(graph, top),
            _run(graph, top),
            _failed(graph, top),
            _not_covered(graph, top),
            _credible(graph, top),
            _traced(graph, top),
            _checked(top, root, public_key),
        ),
    )


def _claimed(graph: Graph, top: Node) -> Section:
    rows = []
    for claim in graph.linked(top, "claims"):
        finding = graph.linked(claim, "finding")[0]
        criterion = next(iter(graph.linked(finding, "criterion")), None)
        said = claim.content
        rows.append(
            (
                str(said["driver"]),
                f"{said['claim']} ({said['requirement']})"
                if said["requirement"]
                else said["claim"],
                str(said["verdict"]),
                _figure(finding, criterion),
                str(finding.content["reason"]) or "-",
                str(said["recompute"]),
            )
        )
    words = (
        (
            "PASS: it holds over all variants that bear on it. FAIL: it does not. INCONCLUSIVE: it "
            "is not known, and that is never counted as good."
        ),
        (
            "The command in each row computes the runs that the claim rests on once more, from the "
            "kept files, and compares every byte of the result."
        ),
    )
    headings = ("Driver", "Claim (requirement)", "Verdict", "Figure", "Why", "Recompute")
    widths = (0.09, 0.25, 0.12, 0.18, 0.18, 0.18)
    table = Table(headings=headings, rows=tuple(rows), widths=widths, verdicts=2, code=(5,))
    return Section(title="What was claimed", words=words, tables=(table,))


def _figure(finding: Node, criterion: Node | None) -> str:
    told = finding.content
    if criterion is None:
        return str(told["metric"])
    figure = told["figure"]
    shown = "no data" if figure is None else f"{figure:g}" if isinstance(figure, float) else figure
    limits = criterion.content
    asked = [
        f"at {word} {limits[word]:g}"
        for word in ("least", "most")
        if isinstance(limits.get(word), int | float)
    ]
    return f"{told['metric']} ({told['over']}) {shown}; asked: {' and '.join(asked) or 'nothing'}"


def _run(graph: Graph, top: Node) -> Section:
    builds = tuple(
        (str(b["role"]), str(b["named"]), str(b["version"]), str(b["identity"]))
        for b in (node.content for node in graph.linked(top, "builds"))
    )
    sets = [node for node in graph.linked(top, "variants") if "counts" in node.content]
    rows = tuple(
        (
            str(node.content["scenario"]),
            str(node.content["driver"]),
            f"{node.content['n_variants']:,}",
            str(node.content["numbers"]),
            _counts(node.content["counts"]),
        )
        for node in sets
    )
    computing = graph.linked(sets[0], "computing")[0].content if sets else {}
    versions = computing.get("versions", {})
    words = (
        (
            "Each driver drove every variant; reference models drove the same ones, to tell what "
            "could have been prevented: the first named decides."
        ),
        f"Seed {computing.get('seed', '-')}, step {computing.get('step_s', 0):g} s, at most "
        f"{computing.get('time_limit_s', 0):g} s a run. Reference models: "
        f"{', '.join(computing.get('references', ())) or 'none'}. Computed on "
        f"{computing.get('platform', '-')} with "
        + ", ".join(f"{name} {version}" for name, version in sorted(versions.items()))
        + ".",
    )
    return Section(
        title="What was run",
        words=words,
        tables=(
            Table(
                headings=("Role", "Driver", "Version", "SHA-256 of all that makes it drive so"),
                rows=builds,
                widths=(0.11, 0.2, 0.09, 0.6),
                code=(3,),
            ),
            Table(
                headings=("Scenario", "Driver", "Variants", "Numbers", "Came to"),
                rows=rows,
                widths=(0.2, 0.14, 0.12, 0.24, 0.3),
                code=(3,),
            ),
        ),
    )


def _counts(counts: Any) -> str:
    return ", ".join(f"{counts[word]:,} {word}" for word in VERDICTS if word in counts) or "nothing"


def _failed(graph: Graph, top: Node) -> Section:
    rows = [
        (str(node.content["scenario"]), str(node.content["driver"]), word, str(numbers))
        for node in graph.linked(top, "variants")
        for word, numbers in node.content.get("verdicts", {}).items()
        if word in ("FAIL", "UNPREVENTABLE")
    ]
    if not rows:
        return Section(title="What failed", words=("No variant that was run to its end failed.",))
    words = (
        (
            "FAIL: the driver collides where the reference model does not, or there is none. "
            "UNPREVENTABLE: both collide. Numbers of variants; they are counted from 0."
        ),
    )
    headings = ("Scenario", "Driver", "Verdict", "Variants")
    table = Table(
        headings=headings,
        rows=tuple(rows),
        widths=(0.25, 0.15, 0.2, 0.4),
        verdicts=2,
        code=(3,),
    )
    return Section(title="What failed", words=words, tables=(table,))


def _not_covered(graph: Graph, top: Node) -> Section:
    gaps = tuple((str(gap.content["what"]),) for gap in graph.linked(top, "gaps"))
    scenarios = {
        n.name: n for s in graph.linked(top, "variants") for n in graph.linked(s, "scenario")
    }
    covered = tuple(
        (
            str(node.content["attribute"]),
            str(node.content["value"]),
            ", ".join(
                str(s.content["id"])
                for s in scenarios.values()
                if node.name in s.links.get("odd", ())
            )
            or "NOT COVERED",
        )
        for node in graph.linked(top, "odd")
    )
    domain = Table(
        headings=("Operational design domain", "Value", "Scenarios"),
        rows=covered,
        widths=(0.3, 0.3, 0.4),
    )
    listed = Table(headings=("Not covered, or not known",), rows=gaps, widths=(1.0,))
    words = () if gaps else ("Nothing that the catalogue asks for was left out.",)
    tables = tuple(table for table in (listed, *_exercised(graph, top), domain) if table.rows)
    more = () if covered else ("The catalogue names no operational design domain.",)
    return Section(title="What was not covered", words=(*words, *more), tables=tables)


def _exercised(graph: Graph, top: Node) -> tuple[Table, Table]:
    """Return what has a verdict of what is asked, and what the drivers were seen doing."""
    exercised = [node.content for node in graph.linked(top, "coverage")]
    shares = Table(
        headings=("Driver", "Of what the catalogue asks", "Has a verdict", "Share"),
        rows=tuple(
            (str(one["driver"]), _ASKED[what], f"{of['covered']:,} of {of['asked']:,}",
             f"{100 * of['covered'] / of['asked']:.4g} %")
            for one in exercised
            for what, of in one["shares"].items()
        ),
        widths=(0.15, 0.45, 0.2, 0.2),
    )  # fmt: skip
    behaviours = Table(
        headings=("Driver", "Behaviour", "Seen in variants", "Asked for"),
        rows=tuple(
            (str(one["driver"]), str(b["behaviour"]), f"{b['n_variants']:,}",
             "yes" if b["asked"] else "no")
            for one in exercised
            for b in one["behaviours"]
        ),
        widths=(0.15, 0.45, 0.2, 0.2),
    )  # fmt: skip
    return shares, behaviours


def _credible(graph: Graph, top: Node) -> Section:
    rows = tuple(
        (
            str(node.content["what"]),
            str(node.content["state"]),
            " ".join(_told(node)),
        )
        for node in graph.linked(top, "credibility")
    )
    words = (
        (
            "Verdicts are worth what the simulation is worth. What nobody measured for this "
            "campaign is said to be so."
        ),
    )
    headings = ("Question", "Answer", "Figures")
    table = Table(headings=headings, rows=rows, widths=(0.22, 0.26, 0.52))
    return Section(title="How credible the simulation is", words=words, tables=(table,))


def _told(node: Node) -> Iterator[str]:
    if text := node.content.get("text"):
        yield str(text)
    for repeat in node.content.get("repeats", ()):
        same = "the same to the last bit" if repeat["identical"] else "not the same"
        yield f"On {repeat['platform']}: {same}, result {str(repeat['result'])[-_SHORT:]}."
    if command := node.content.get("recompute"):
        yield f"{command}"


def _traced(graph: Graph, top: Node) -> Section:
    sets = graph.linked(top, "variants")
    scenarios = {n.name: n for node in sets for n in graph.linked(node, "scenario")}
    claims = graph.linked(top, "claims")
    rows = []
    for requirement in graph.linked(top, "requirements"):
        said = requirement.content
        of = [s for s in scenarios.values() if requirement.name in s.links.get("requirements", ())]
        held = [c.content for c in claims if c.content["requirement"] == said["id"]]
        rows.append(
            (
                f"{said['id']}: {said['text']}",
                str(said["source"]) or "not told",
                ", ".join(str(s.content["id"]) for s in of) or "none",
                "; ".join(f"{c['driver']} {c['criterion']}: {c['verdict']}" for c in held)
                or "none",
            )
        )
    files = tuple(
        (str(f.content["path"]), str(f.content["sha256"])) for f in graph.linked(top, "files")
    )
    return Section(
        title="From requirement to claim",
        tables=(
            Table(
                headings=("Requirement", "Source", "Scenarios", "Criteria and their verdicts"),
                rows=tuple(rows),
                widths=(0.4, 0.16, 0.18, 0.26),
            ),
            Table(headings=("File", "SHA-256"), rows=files, widths=(0.4, 0.6), code=(1,)),
        ),
    )


def _checked(top: Node, root: str, public_key: str) -> Section:
    said = top.content
    rows: Sequence[tuple[str, str]] = (
        ("Evidence (root of the graph)", root),
        ("Result of all runs", str(said["result"])),
        ("List of files", str(said["manifest"])),
        ("Signed with the Ed25519 key", public_key),
    )
    words = (
        (
            "Every statement here is a node of a graph, named by the SHA-256 of what it says and "
            "of the nodes it rests on (RFC 8785), signed as an in-toto statement in a DSSE "
            "envelope. The first command checks that offline; whether the key is the right one, "
            "its owner tells. The second computes all runs once more where the thread is kept, "
            "the third anywhere from the same files: the result must have the hash that is told."
        ),
    )
    commands = (
        "treadle proving verify-evidence FILE --key KEY",
        str(said["recompute"]["repeat"]),
        str(said["recompute"]["from_files"]),
    )
    table = Table(
        headings=("What", "SHA-256 or key"), rows=tuple(rows), widths=(0.3, 0.7), code=(1,)
    )
    return Section(title="How to check it", words=words, tables=(table,), commands=commands)
