"""Merkle trees against the known answers of RFC 6962, as its reference implementation has them."""

import hashlib

import pytest

from treadle.kernel.merkle import MerkleTree, inclusion_proof, leaf_hash, root, root_from_proof

# certificate-transparency, merkletree/merkle_tree_test.go and python/ct/crypto/merkle_test.py.
LEAVES = [
    bytes.fromhex(leaf)
    for leaf in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]


@pytest.mark.parametrize("size", range(1, 9))
def test_roots_are_those_of_the_reference(size: int) -> None:
    assert root(LEAVES[:size]).hex() == ROOTS[size - 1]


def test_the_root_of_nothing_is_the_hash_of_nothing() -> None:
    empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert root([]).hex() == empty


def _by_definition(leaves: list[bytes]) -> bytes:
    """MTH as RFC 6962 section 2.1 writes it: split at the largest power of two below n."""
    if len(leaves) == 1:
        return hashlib.sha256(b"\x00" + leaves[0]).digest()
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    halves = _by_definition(leaves[:k]) + _by_definition(leaves[k:])
    return hashlib.sha256(b"\x01" + halves).digest()


@pytest.mark.parametrize("size", range(1, 34))
def test_a_tree_grown_leaf_by_leaf_has_the_root_of_the_definition(size: int) -> None:
    leaves = [bytes([n]) * (n % 5) for n in range(size)]
    tree = MerkleTree()
    for leaf in leaves:
        tree.add(leaf)
    assert tree.size == size
    assert tree.root() == _by_definition(leaves)


@pytest.mark.parametrize("size", range(1, 34))
def test_every_leaf_is_proved_and_no_other_leaf_index_or_path_passes(size: int) -> None:
    leaves = [bytes([n]) for n in range(size)]
    whole = root(leaves)
    for index in range(size):
        proof = inclusion_proof(leaves, index)
        assert root_from_proof(leaves[index], index, size, proof) == whole
        assert root_from_proof(b"other", index, size, proof) != whole
        assert root_from_proof(leaves[index], index, size, [*proof, b"x" * 32]) is None
        if size > 1:
            assert root_from_proof(leaves[index], (index + 1) % size, size, proof) != whole
            assert root_from_proof(leaves[index], index, size, proof[:-1]) is None


@pytest.mark.parametrize("index", [-1, 3, 4])
def test_an_index_outside_the_tree_is_proved_by_nothing(index: int) -> None:
    assert root_from_proof(b"", index, 3, []) is None


def test_a_leaf_is_not_taken_for_a_node() -> None:
    # Without the two prefixes a node's two hashes would pass as a leaf (second preimage).
    pair = leaf_hash(b"a") + leaf_hash(b"b")
    assert root([pair]) != root([b"a", b"b"])


def test_the_audit_path_of_the_reference() -> None:
    # merkle_tree_test.go, path {7, 0, 3} of the tree of seven: leaf 0.
    assert [step.hex() for step in inclusion_proof(LEAVES[:7], 0)] == [
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        leaf_path(LEAVES[4:7]),
    ]


def leaf_path(leaves: list[bytes]) -> str:
    return _by_definition(leaves).hex()
