"""A graph of which every node is named by the hash of its content and of the nodes it rests on.

Links lead from what is claimed down to what it rests on, so the name of the root stands for all of
it: whoever changes, adds or takes away a node changes the root.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from treadle.kernel import InvalidInputError
from treadle.proving.rules.evidence.canonical import canonical, hash_of

Links = Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """Something that evidence tells.

    Attributes
    ----------
    kind
        `requirement`, `odd`, `scenario`, `variants`, `criterion`, `finding`, `claim`, ...
    content
        What it says, as plain values.
    links
        The names of the nodes it rests on, by what they are to it.
    """

    kind: str
    content: Mapping[str, Any]
    links: Links = field(default_factory=dict)

    @property
    def plain(self) -> dict[str, Any]:
        """As plain values: what its name is the hash of."""
        links = {word: list(names) for word, names in self.links.items()}
        return {"kind": self.kind, "content": dict(self.content), "links": links}

    @property
    def name(self) -> str:
        """SHA-256 of the canonical text of it, hex."""
        return hash_of(self.plain)


class Graph:
    """Nodes by their name, in the order in which they were told."""

    def __init__(self) -> None:
        self.nodes: dict[str, Node] = {}

    def add(self, kind: str, content: Mapping[str, Any], **links: Iterable[str]) -> str:
        """Tell a node and return its name; links lead to nodes that were told before."""
        made = Node(kind=kind, content=content, links={k: tuple(v) for k, v in links.items()})
        self.nodes[made.name] = made
        return made.name

    def of(self, kind: str) -> list[Node]:
        """Return the nodes of a kind, in their order."""
        return [node for node in self.nodes.values() if node.kind == kind]

    def linked(self, node: Node, word: str) -> list[Node]:
        """Return the nodes that a node rests on, by what they are to it."""
        return [self.nodes[name] for name in node.links.get(word, ())]

    @property
    def plain(self) -> dict[str, Any]:
        """All nodes as plain values by name."""
        return {name: node.plain for name, node in self.nodes.items()}


def read(nodes: Any) -> Graph:
    """Return a graph from plain values; names are taken as they stand.

    Raises
    ------
    InvalidInputError
        A node has not the form of one.
    """
    graph = Graph()
    if not isinstance(nodes, Mapping):
        text = "the graph's nodes are no object of names"
        raise InvalidInputError(text)
    for name, told in nodes.items():
        if not _is_node(told):
            text = f"node {str(name)[:16]} has not the form of one: kind, content, links"
            raise InvalidInputError(text)
        graph.nodes[str(name)] = Node(**told)
    return graph


def _is_node(told: Any) -> bool:
    return (
        isinstance(told, Mapping)
        and set(told) == {"kind", "content", "links"}
        and isinstance(told["kind"], str)
        and isinstance(told["content"], Mapping)
        and isinstance(told["links"], Mapping)
        and all(
            isinstance(names, list) and all(isinstance(name, str) for name in names)
            for names in told["links"].values()
        )
    )


def faults(graph: Graph, root: str) -> Iterator[str]:
    """Yield what is wrong with a graph: a name that is not the hash, a link to nothing, a stray.

    Parameters
    ----------
    root
        The name of the node that all others hold up.
    """
    for name, node in graph.nodes.items():
        told = f"{node.kind} {name[:16]}"
        try:
            canonical(node.plain)
        except InvalidInputError as error:
            yield f"{told} cannot be hashed: {error}"
            continue
        if node.name != name:
            yield f"{told} was changed: its content has another hash, {node.name[:16]}"
        for word, names in node.links.items():
            for gone in (one for one in names if one not in graph.nodes):
                yield f"{told} rests on {word} {gone[:16]}, which is not there"
    if root not in graph.nodes:
        yield f"the root {root[:16]} is not among the nodes"
        return
    held = _reached(graph, root)
    for name, node in graph.nodes.items():
        if name not in held:
            yield f"{node.kind} {name[:16]} was put in: nothing that is signed rests on it"


def _reached(graph: Graph, root: str) -> set[str]:
    found, waiting = set[str](), [root]
    while waiting:
        name = waiting.pop()
        if name in found or name not in graph.nodes:
            continue
        found.add(name)
        waiting += [one for names in graph.nodes[name].links.values() for one in names]
    return found
