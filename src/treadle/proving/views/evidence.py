"""The evidence of a campaign or a gate, signed, and whether such a file is as it was signed."""

import json
from dataclasses import dataclass, replace
from typing import Any, Literal

from treadle.facts.proving import CampaignAsked, CredibilityAsked, GateAsked
from treadle.kernel import Document, NotFoundError, RefusedError, Store, ThingId
from treadle.kernel.blob import BlobStore
from treadle.kernel.bundle import Files
from treadle.kernel.checkpoint import Signer
from treadle.kernel.plain import to_plain
from treadle.kernel.work import RUN_PREFIX, FileName, Life
from treadle.proving.formats.opening import content
from treadle.proving.state import fold, life_of

Form = Literal["json", "html", "pdf"]
_MOST = 1000
_MEDIA_TYPES = {
    "json": "application/vnd.in-toto+json",
    "html": "text/html; charset=utf-8",
    "pdf": "application/pdf",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Verified:
    """Whether evidence is as it was signed.

    Attributes
    ----------
    verdict
        What was claimed of the release, as the evidence says.
    signed_by
        The Ed25519 public key, hex.
    trusted
        Whether that is the key that you said you trust; without one, only who holds the key knows.
    n_nodes
        Nodes whose hash was checked.
    n_claims
        Claims among them.
    faults
        What is wrong; none where nothing was changed.
    """

    run: str
    verdict: str
    signed_by: str
    trusted: str
    n_nodes: int
    n_claims: int
    root: str
    faults: tuple[str, ...]

    @property
    def good(self) -> bool:
        """Whether a door may answer with 0."""
        return not self.faults


def evidence(
    store: Store, *, thing: ThingId, form: Form = "json", blobs: BlobStore, signer: Signer
) -> Document:
    """Return the evidence of a finished campaign or gate, signed.

    Requirement, operational design domain, scenario, variants, metric and claim as a graph, each
    named by the hash of what it says and rests on. It is judged anew from the kept result, and
    refused where that does not come to what the thread says.

    Parameters
    ----------
    thing
        The campaign or the gate; the start of its number will do.
    form
        An in-toto attestation (json), or a report to read that carries it, as a
        page (html) or on paper (pdf).

    Raises
    ------
    NotFoundError
        There is no such campaign or gate.
    RefusedError
        It is not finished, or its result does not come to what the thread says of it.
    """
    from treadle.proving.formats.evidence.attestation import sealed  # noqa: PLC0415 - with numpy
    from treadle.proving.formats.evidence.attesting import told, verified  # noqa: PLC0415 - as above

    life, graph, root = graph_of(store, thing, blobs)
    statement = told(graph, root, signer.public_key)
    attested = sealed(statement, signer.sign_message, bytes.fromhex(signer.public_key))
    return Document(
        content=_formed(form, verified(attested), attested),
        media_type=_MEDIA_TYPES[form],
        filename=f"evidence-{life.id[:8]}.{form}",
    )


def graph_of(store: Store, thing: ThingId, blobs: BlobStore) -> tuple[Life, Any, str]:
    """Return a finished campaign or gate, its evidence judged anew, and the name of the root.

    Raises
    ------
    NotFoundError
        There is no such campaign or gate.
    RefusedError
        It is not finished, or its result does not come to what the thread says of it.
    """
    life = _life(store, thing)
    graph, root = _graph(life, blobs, _steady(store, life, blobs))
    return life, graph, root


def _formed(form: Form, found: Any, attestation: bytes) -> bytes:
    """Return evidence in a form, from what its attestation tells alone."""
    from treadle.proving.formats.evidence import page, paper  # noqa: PLC0415 - for these forms
    from treadle.proving.rules.evidence.report import report_of  # noqa: PLC0415 - as above

    if form == "json":
        return attestation
    report = report_of(found.graph, found.root, found.public_key)
    return (page.page if form == "html" else paper.paper)(report, attestation)


def _life(store: Store, thing: ThingId) -> Life:
    try:
        life = life_of(store, thing, CampaignAsked)
    except NotFoundError:
        life = life_of(store, thing, GateAsked)
    if life.finished is None:
        text = f"{life.run} is not finished ({life.state}); there is evidence of what is: "
        raise RefusedError(text + f"treadle proving resume {life.id}")
    return life


def _graph(life: Life, blobs: BlobStore, steady: Life | None) -> tuple[Any, str]:
    """Return a run's evidence, judged anew from the parts of its result."""
    from treadle.proving.formats.campaigning import gathered  # noqa: PLC0415 - numpy
    from treadle.proving.rules.deciding import campaign_summary, gate_summary  # noqa: PLC0415 - numpy
    from treadle.proving.rules.evidence.telling import told_of  # noqa: PLC0415 - numpy

    it, confidence, runs = gathered(blobs.get(part.content) for part in life.parts)
    is_gate = isinstance(life.asked, GateAsked)
    anew = gate_summary(it, confidence, runs) if is_gate else campaign_summary(it, runs)
    if life.finished is None or _plain(anew) != _plain(life.finished.summary):
        text = f"{life.run}: judged anew, its result does not come to what the thread says of it; "
        text += "another Treadle judged it: ask for it again (--again), then for its evidence"
        raise RefusedError(text)
    return told_of(_told(life, blobs, steady), it, runs)


def _plain(summary: Any) -> Any:
    return json.loads(json.dumps(to_plain(summary)))


def _told(life: Life, blobs: BlobStore, steady: Life | None) -> Any:
    from treadle.proving.rules.evidence.wording import Told  # noqa: PLC0415 - numpy

    asked, finished = life.asked, life.finished
    listed = _listed(life, blobs)
    return Told(
        work=asked.work,
        number=life.id,
        about=asked.about,
        asked=str(to_plain(life.asked_at)),
        manifest=asked.manifest,
        entry=listed["entries"]["catalogue"],
        files=listed["files"],
        options=asked.options,
        seed=asked.seed,
        versions=asked.versions,
        platform=asked.platform,
        parts=[(part.first, part.until, part.content) for part in life.parts],
        result=finished.result if finished else "",
        summary=finished.summary if finished else {},
        repeats=[
            {"identical": r.identical, "result": r.result, "platform": r.platform}
            for r in life.repeats
        ],
        steady=_figures(steady),
    )


def _listed(life: Life, blobs: BlobStore) -> dict[str, Any]:
    listed: dict[str, Any] = json.loads(blobs.get(life.asked.manifest))
    return listed


def _same_versions(one: dict[str, str], other: dict[str, str]) -> bool:
    """Return whether two were computed with the same, as far as both name it."""
    return all(other[word] == version for word, version in one.items() if word in other)


def _same_files(measured: dict[str, Any], run: dict[str, Any]) -> bool:
    """Return whether a measurement read the catalogue of a run, and nothing that it did not."""
    one, other = (told["files"][told["entries"]["catalogue"]] for told in (measured, run))
    return one == other and set(measured["files"].values()) <= set(run["files"].values())


def _figures(steady: Life | None) -> dict[str, Any] | None:
    """Return what a measurement of credibility came to, with the command that recomputes it."""
    if steady is None or steady.finished is None:
        return None
    recompute = {"recompute": f"treadle proving repeat {steady.id}", "run": steady.id}
    return {"figures": [{**one, **recompute} for one in steady.finished.summary["figures"]]}


def _steady(store: Store, life: Life, blobs: BlobStore) -> Life | None:
    """Return the newest measurement of the same driver on the same files; None: nobody made one."""
    builds = life.asked.options["builds"]
    identity = builds.get("candidate", builds.get("driver", {})).get("identity")
    lives = (fold(store.history(run)) for run in store.things(prefix=RUN_PREFIX, limit=_MOST))
    found = [
        one
        for one in lives
        if one is not None
        and isinstance(one.asked, CredibilityAsked)
        and one.finished is not None
        and one.asked.options["builds"]["driver"]["identity"] == identity
        and _same_versions(one.asked.versions, life.asked.versions)
        and _same_files(_listed(one, blobs), _listed(life, blobs))
    ]
    return max(found, key=lambda one: one.asked_at, default=None)


def verify_evidence(files: Files, *, file: FileName, key: str | None = None) -> Verified:
    """Check the signature, the hashes and the links of evidence, offline.

    Parameters
    ----------
    file
        The evidence, as `treadle proving evidence` wrote it.
    key
        The Ed25519 public key that you trust, hex; `treadle key` tells a store's own.

    Raises
    ------
    InvalidInputError
        The file is no evidence.
    """
    found = _read(content(files, file), None if key is None else key.strip().lower())
    top = found.graph.nodes[found.root].content if found.root in found.graph.nodes else {}
    return Verified(
        run=str(top.get("run", "")),
        verdict=str(top.get("verdict", "")),
        signed_by=found.public_key,
        trusted="yes"
        if key is not None and not found.faults
        else _UNKNOWN
        if key is None
        else "no",
        n_nodes=len(found.graph.nodes),
        n_claims=len(found.graph.of("claim")),
        root=found.root,
        faults=found.faults,
    )


def _read(given: bytes, key: str | None) -> Any:
    """Return the evidence in a file or a report; a report must say what its attestation tells."""
    from treadle.proving.formats.evidence import page, paper  # noqa: PLC0415 - for reports
    from treadle.proving.formats.evidence.attesting import verified  # noqa: PLC0415 - cryptography

    form: Form = "pdf" if given.startswith(b"%PDF") else "html"
    if form == "html" and not given.lstrip().startswith(b"<"):
        return verified(given, key)
    inside = (page if form == "html" else paper).attestation_in(given)
    found = verified(inside, key)
    if found.faults or _formed(form, found, inside) == given:
        return found
    text = "the report says something else than the attestation that it carries, or another "
    text += "Treadle wrote it; read the attestation"
    return replace(found, faults=(text,))


_UNKNOWN = "not known: nobody said which key is trusted (--key)"
