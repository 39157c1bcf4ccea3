"""Signed checkpoints: Ed25519, the key's file, and what no longer verifies."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from treadle.kernel import StoreError
from treadle.kernel.checkpoint import Checkpoint, Signer

ROOT = bytes(range(32))


def test_anyone_with_the_public_key_can_verify_the_statement() -> None:
    checkpoint = Signer.fresh().sign(7, ROOT, 1_000)
    text = f"treadle checkpoint v1\n7\n{ROOT.hex()}\n1000\n".encode()
    key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(checkpoint.key))
    key.verify(bytes.fromhex(checkpoint.signature), text)  # raises where it is not so
    assert checkpoint.is_signed()


def test_the_signature_is_that_of_rfc_8032() -> None:
    # RFC 8032 section 7.1, TEST 2: the secret key and its public key.
    secret = "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb"
    public = "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c"
    signer = Signer(Ed25519PrivateKey.from_private_bytes(bytes.fromhex(secret)))
    assert signer.public_key == public


@pytest.mark.parametrize(
    "change",
    [
        {"position": 8},
        {"root": bytes(32).hex()},
        {"made_at": 1_001},
        {"signature": "00" * 64},
        {"signature": "no hex"},
        {"signature": ""},
        {"key": Signer.fresh().public_key},
        {"key": "abcd"},
    ],
)
def test_whatever_is_changed_is_no_longer_signed(change: dict[str, object]) -> None:
    checkpoint = Signer.fresh().sign(7, ROOT, 1_000)
    values = {name: getattr(checkpoint, name) for name in Checkpoint.__dataclass_fields__}
    assert not Checkpoint(**values | change).is_signed()
    assert replace(checkpoint).is_signed()


def test_a_key_is_made_once_and_only_its_owner_can_read_it(tmp_path: Path) -> None:
    path = tmp_path / "keys" / "checkpoint.pem"
    first = Signer.at(path)
    assert path.stat().st_mode & 0o777 == 0o600
    assert Signer.at(path).public_key == first.public_key
    assert Signer.at(path).sign(1, ROOT, 1) == first.sign(1, ROOT, 1)


def test_of_many_that_make_the_key_at_once_all_get_the_same(tmp_path: Path) -> None:
    path = tmp_path / "keys" / "checkpoint.pem"
    with ThreadPoolExecutor(8) as pool:
        keys = set(pool.map(lambda _: Signer.at(path).public_key, range(8)))
    assert keys == {Signer.at(path).public_key}
    assert [p.name for p in path.parent.iterdir()] == ["checkpoint.pem"]


def test_a_key_that_cannot_be_written_is_told_in_plain_words(tmp_path: Path) -> None:
    (tmp_path / "keys").write_text("a file where the folder should be")
    with pytest.raises(StoreError, match=r"the key at .*checkpoint\.pem cannot be written"):
        Signer.at(tmp_path / "keys" / "checkpoint.pem")


def test_a_key_of_another_sort_is_refused_and_stays_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "checkpoint.pem"
    pem = ec.generate_private_key(ec.SECP256R1()).private_bytes(
        Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()
    )
    path.write_bytes(pem)
    with pytest.raises(StoreError, match="holds no Ed25519 key; move it away"):
        Signer.at(path)
    assert path.read_bytes() == pem


@pytest.mark.parametrize("content", [b"", b"not a key", b"-----BEGIN PRIVATE KEY-----\n"])
def test_a_key_file_that_is_no_key_is_refused_in_plain_words(
    tmp_path: Path, content: bytes
) -> None:
    path = tmp_path / "checkpoint.pem"
    path.write_bytes(content)
    with pytest.raises(StoreError, match=r"checkpoint\.pem holds no Ed25519 key"):
        Signer.at(path)
    assert path.read_bytes() == content
