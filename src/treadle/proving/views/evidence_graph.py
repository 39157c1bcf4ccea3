"""What the claims of a campaign or a gate rest on, as a picture and in words."""

from typing import TYPE_CHECKING

from treadle.kernel import Store, ThingId
from treadle.kernel.blob import BlobStore
from treadle.kernel.mosaic import Figure, Question
from treadle.kernel.report import Entry, Report, Table
from treadle.proving.views.evidence import graph_of
from treadle.proving.views.telling import MISSING, TONES, verdict

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from treadle.proving.rules.evidence.graph import Node


def evidence_graph(store: Store, *, thing: ThingId, blobs: BlobStore) -> Report:
    """Return what each claim of a finished campaign or gate rests on.

    From requirement and operational design domain over scenario, variants and metric to the claim:
    the graph that `evidence` signs, judged anew from the kept result.

    Parameters
    ----------
    thing
        The campaign or the gate; the start of its number will do.

    Raises
    ------
    NotFoundError
        There is no such campaign or gate.
    RefusedError
        It is not finished, or its result does not come to what the thread says of it.
    """
    from treadle.proving.rules.evidence.picture import drawn  # noqa: PLC0415 - with the graph

    life, graph, root = graph_of(store, thing, blobs)
    top = graph.nodes[root]
    said = top.content
    claims = graph.linked(top, "claims")
    gaps = graph.linked(top, "gaps")
    held = sum(claim.content["verdict"] in ("PASS", "ADMITTED") for claim in claims)
    word = str(said["verdict"])
    asked = {"thing": life.run}
    return Report(
        title=f"{said['catalogue']['name']}: evidence",
        thing=life.run,
        about=life.asked.about,
        verdict=word,
        tone=TONES.get(word, "plain"),
        reasons=(),
        source=f"judged anew from the kept result of {said['n_variants']:,} variants; "
        f"{len(graph.nodes):,} nodes, each named by the hash of what it says and rests on",
        figures=(
            Figure(label="Claims that hold", value=f"{held:,} of {len(claims):,}",
                   tone="good" if held == len(claims) else "bad"),
            Figure(label="Not covered, or not known", value=f"{len(gaps):,}",
                   tone="warn" if gaps else "good"),
            Figure(label="Root of the graph", value=root[:12], note="the signature is over it"),
        ),
        leads=(
            *(
                Question(words=f"{form.upper()} report" if form != "json" else "Signed attestation",
                         query="evidence", asked={**asked, "form": form})
                for form in ("html", "pdf", "json")
            ),
        ),
        graph=drawn(graph, root, life.run),
        tables=(_claims(claims), _gaps(gaps), _credible(graph.linked(top, "credibility")),
                _commands(said["recompute"])),
    )  # fmt: skip


def _claims(claims: "Sequence[Node]") -> Table:
    return Table(
        title="What was claimed",
        columns=("Claim", "Driver", "Requirement", "Verdict", "Recompute it"),
        rows=tuple(
            (
                Entry(text=str(one.content["claim"])),
                Entry(text=str(one.content["driver"])),
                Entry(text=str(one.content["requirement"]) or MISSING),
                verdict(str(one.content["verdict"])),
                Entry(text=str(one.content["recompute"]), is_code=True),
            )
            for one in claims
        ),
        empty="The catalogue has no criterion, so nothing is claimed",
    )


def _gaps(gaps: "Sequence[Node]") -> Table:
    return Table(
        title="What was not covered",
        columns=("Not covered, not known, or not run",),
        rows=tuple((Entry(text=str(one.content["what"])),) for one in gaps),
        empty="Nothing that the catalogue asks for was left out",
    )


def _credible(told: "Sequence[Node]") -> Table:
    return Table(
        title="How credible the simulation is",
        note="verdicts are worth what the simulation is worth",
        columns=("Question", "Answer", "Figures"),
        rows=tuple(
            (
                Entry(text=str(one.content["what"]).capitalize()),
                Entry(
                    text=str(one.content["state"]),
                    tone="warn" if one.content["state"] == "not measured" else "plain",
                ),
                Entry(text=str(one.content.get("text", "")) or MISSING),
            )
            for one in told
        ),
    )


def _commands(commands: "Mapping[str, str]") -> Table:
    words = {"repeat": "Where the thread is kept", "from_files": "Anywhere, from the same files"}
    return Table(
        title="How to compute it once more",
        note="the result must come to the same hash",
        columns=("Where", "Command"),
        rows=tuple(
            (Entry(text=words.get(word, word)), Entry(text=command, is_code=True))
            for word, command in commands.items()
        ),
    )
