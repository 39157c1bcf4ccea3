"""The evidence of a campaign as an in-toto attestation, and back, with what is wrong with it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from treadle.kernel import InvalidInputError
from treadle.proving.formats.evidence.attestation import (
    Envelope,
    is_signed,
    key_id,
    opened,
    statement,
    statement_of,
)
from treadle.proving.rules.evidence.canonical import canonical
from treadle.proving.rules.evidence.graph import Graph, faults, read

PREDICATE = "https://treadle.dev/attestations/proving-evidence/v1"
_SHORT = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """Evidence as a file has it.

    Attributes
    ----------
    root
        The name of the node that all others hold up.
    public_key
        The key that it says it is signed with, hex.
    faults
        What is wrong with it; none where nothing was changed.
    """

    graph: Graph
    root: str
    public_key: str
    faults: tuple[str, ...]


def told(graph: Graph, root: str, public_key: str) -> dict[str, Any]:
    """Return evidence as an in-toto statement about its builds, its result and its root.

    Parameters
    ----------
    public_key
        Of whoever signs it, hex.
    """
    predicate = {"root": root, "publicKey": public_key, "nodes": graph.plain}
    return statement(_subjects(graph, root), PREDICATE, predicate)


def _subjects(graph: Graph, root: str) -> list[tuple[str, str]]:
    top = graph.nodes[root].content
    told = [build.content for build in graph.linked(graph.nodes[root], "builds")]
    builds = [(f"build:{build['role']}", str(build["identity"])) for build in told]
    under_test = [one for one in builds if one[0].removeprefix("build:") in _UNDER_TEST]
    return [*under_test, ("result", str(top["result"])), ("evidence", root)]


_UNDER_TEST = ("driver", "baseline", "candidate")


def verified(content: bytes, trusted_key: str | None = None) -> Opened:
    """Return the evidence in a file with what is wrong with it; nothing but the file is read.

    Parameters
    ----------
    trusted_key
        The public key (hex) that must have signed it; None: the one that it names.

    Raises
    ------
    InvalidInputError
        It is no evidence, or none that can be read.
    """
    envelope = opened(content)
    statement = statement_of(envelope)
    predicate = statement.get("predicate")
    if statement.get("predicateType") != PREDICATE or not isinstance(predicate, dict):
        text = f"this attests to something else than {PREDICATE}"
        raise InvalidInputError(text)
    graph = read(predicate.get("nodes"))
    root, key = str(predicate.get("root", "")), str(predicate.get("publicKey", ""))
    found = [
        *_signature_faults(envelope, key, trusted_key),
        *faults(graph, root),
        *_statement_faults(envelope, statement, graph, root),
    ]
    return Opened(graph=graph, root=root, public_key=key, faults=tuple(found))


def _signature_faults(envelope: Envelope, named: str, trusted: str | None) -> Iterator[str]:
    wanted = named if trusted is None else trusted
    try:
        key = bytes.fromhex(wanted)
    except ValueError:
        yield f"{wanted[:_SHORT]!r} is no Ed25519 public key in hex"
        return
    if not envelope.signatures:
        yield "nobody signed it"
    elif not is_signed(envelope, key):
        whose = "the key that it names" if trusted is None else "the key that you trust"
        text = f"the signature is not that of {whose}, {wanted[:_SHORT]}: "
        yield text + "what was signed was changed, or somebody else signed it"
    elif trusted is not None and named != trusted:
        yield f"it names another key than the one that signed it: {named[:_SHORT]}"
    else:
        for signature in envelope.signatures:
            if signature.keyid and signature.keyid != key_id(key):
                yield f"a signature says that it is of another key, {signature.keyid[:_SHORT]}"


def _statement_faults(
    envelope: Envelope, statement: dict[str, Any], graph: Graph, root: str
) -> Iterator[str]:
    if root not in graph.nodes:
        return
    try:
        wanted = _subjects(graph, root)
        if canonical(statement) != envelope.payload:
            yield "the statement is not in its canonical form: something was written twice or anew"
    except (KeyError, InvalidInputError) as error:
        yield f"the root or a build does not say what it is: {error}"
        return
    stated = statement.get("subject")
    said = [{"name": name, "digest": {"sha256": digest}} for name, digest in wanted]
    if stated != said:
        yield "what it says it is about is not what the graph tells: builds, result, root"
