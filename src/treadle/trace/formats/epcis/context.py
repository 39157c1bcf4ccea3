"""What a JSON-LD @context says about prefixes: from the package, never from the network.

Sources: JSON-LD 1.1 sections 3.1 (the context) and 4.1.5 (compact IRIs), EPCIS 2.0 section 10 (the
GS1 context). The prefixes of the GS1 context stand here as a table; its terms are the fields that
`checking` knows and the words of `vocabulary`.
"""

import re
from collections.abc import Iterator, Mapping

__all__ = ["GS1_CONTEXT", "PREFIXES", "expanded", "is_gs1_context", "only_gs1", "resolved"]

GS1_CONTEXT = "https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"
"""The context that written documents name."""

# The same context is served with a version, without one, and from the working group's own pages.
_GS1_CONTEXTS = re.compile(
    r"https?://(?:ref\.gs1\.org/standards/epcis/(?:2(?:\.[0-9]+){0,2}/)?"
    r"|gs1\.github\.io/EPCIS/)epcis-context\.jsonld"
)

PREFIXES: Mapping[str, str] = {
    "epcis": "https://ref.gs1.org/epcis/",
    "cbv": "https://ref.gs1.org/cbv/",
    "cbvmda": "urn:epcglobal:cbv:mda:",
    "gs1": "https://gs1.org/voc/",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "owl": "http://www.w3.org/2002/07/owl#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    "dcterms": "http://purl.org/dc/terms/",
}
"""Prefixes that the GS1 context of EPCIS 2.0 and CBV 2.0 defines."""


def is_gs1_context(address: str) -> bool:
    """Whether an address is the GS1 context, of whatever version 2 and wherever it is served."""
    return _GS1_CONTEXTS.fullmatch(address) is not None


def only_gs1(context: object) -> bool:
    """Whether an @context says nothing beyond the GS1 context."""
    if isinstance(context, str):
        return is_gs1_context(context)
    if isinstance(context, list):
        return all(part == {} or (isinstance(part, str) and only_gs1(part)) for part in context)
    return context is None or context == {}


def _definitions(context: object) -> Iterator[tuple[str, str]]:
    """Terms of an @context with the address each stands for, in the order they are written."""
    if isinstance(context, list):
        for part in context:
            yield from _definitions(part)
    elif isinstance(context, dict):
        for term, meaning in context.items():
            # A term may be defined as an object: its @id is the address, the rest is its type.
            address = meaning.get("@id") if isinstance(meaning, dict) else meaning
            if isinstance(address, str) and not term.startswith("@"):
                yield term, address


def resolved(
    context: object, known: Mapping[str, str] = PREFIXES
) -> tuple[Mapping[str, str], tuple[str, ...]]:
    """Prefixes that hold under an @context, and a remark for each context that is unknown here.

    Parameters
    ----------
    context
        The value of @context: an address, an object, or a list of these.
    known
        Prefixes that hold outside; later definitions win, as in JSON-LD.
    """
    remarks = tuple(
        f"not supported: context {part[:200]} is not in the package; its terms are kept as written"
        for part in (context if isinstance(context, list) else [context])
        if isinstance(part, str) and not is_gs1_context(part)
    )
    added = dict(_definitions(context))
    if not added:
        return known, remarks
    prefixes: dict[str, str] = {**known, **added}
    for term in added:
        prefixes[term] = expanded(prefixes[term], {**prefixes, term: ""})
    return prefixes, remarks


def expanded(text: str, prefixes: Mapping[str, str]) -> str:
    """Full form of a compact IRI, and any other text unchanged (JSON-LD 1.1 section 4.1.5)."""
    prefix, colon, name = text.partition(":")
    if colon and (root := prefixes.get(prefix)) and not name.startswith("//"):
        return root + name
    return text
