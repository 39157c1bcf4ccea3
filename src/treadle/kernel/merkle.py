"""Merkle trees over the order of events, as in RFC 6962 section 2 (and RFC 9162)."""

import hashlib
from collections.abc import Iterable, Sequence

_LEAF, _NODE = b"\x00", b"\x01"


def leaf_hash(leaf: bytes) -> bytes:
    """Return the hash of one leaf: SHA-256(0x00 || leaf)."""
    return hashlib.sha256(_LEAF + leaf).digest()


def _node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(_NODE + left + right).digest()


class MerkleTree:
    """The root over leaves taken one by one; holds one hash for each bit of their number."""

    def __init__(self) -> None:
        self._peaks: list[tuple[int, bytes]] = []
        self.size = 0

    def add(self, leaf: bytes) -> None:
        """Take the next leaf."""
        size, hashed = 1, leaf_hash(leaf)
        while self._peaks and self._peaks[-1][0] == size:
            hashed = _node(self._peaks.pop()[1], hashed)
            size *= 2
        self._peaks.append((size, hashed))
        self.size += 1

    def root(self) -> bytes:
        """Return the root over all leaves so far; of none, SHA-256 of nothing."""
        if not self._peaks:
            return hashlib.sha256(b"").digest()
        hashed = self._peaks[-1][1]
        for _, left in reversed(self._peaks[:-1]):
            hashed = _node(left, hashed)
        return hashed


def root(leaves: Iterable[bytes]) -> bytes:
    """Return the root over leaves."""
    tree = MerkleTree()
    for leaf in leaves:
        tree.add(leaf)
    return tree.root()


def inclusion_proof(leaves: Sequence[bytes], index: int) -> list[bytes]:
    """Return the audit path from leaf `index` (from 0) to the root (section 2.1.1)."""
    if len(leaves) <= 1:
        return []
    split = 1 << ((len(leaves) - 1).bit_length() - 1)
    if index < split:
        return [*inclusion_proof(leaves[:split], index), root(leaves[split:])]
    return [*inclusion_proof(leaves[split:], index - split), root(leaves[:split])]


def root_from_proof(leaf: bytes, index: int, size: int, proof: Sequence[bytes]) -> bytes | None:
    """Return the root that a leaf and its audit path give, or None where the path cannot fit.

    RFC 9162 section 2.1.3.2.
    """
    if not 0 <= index < size:
        return None
    here, last, hashed = index, size - 1, leaf_hash(leaf)
    for sibling in proof:
        if last == 0:
            return None
        if here & 1 or here == last:
            hashed = _node(sibling, hashed)
            while here and not here & 1:
                here, last = here >> 1, last >> 1
        else:
            hashed = _node(hashed, sibling)
        here, last = here >> 1, last >> 1
    return hashed if last == 0 else None
