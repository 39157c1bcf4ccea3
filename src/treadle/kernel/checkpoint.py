"""Signed checkpoints: who holds one can tell later whether anything was changed or removed.

A checkpoint is the Merkle root over the hashes of all events up to a position, signed with the
store's Ed25519 key. The key's public half travels with it, so anyone can verify.
"""

import os
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING
from uuid import uuid4

from treadle.kernel.errors import StoreError

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkpoint:
    """What the thread was, up to a position.

    Attributes
    ----------
    position
        The last event that it covers.
    root
        Merkle root over the hashes of events 1 to position, hex.
    made_at
        When it was signed, microseconds since 1970, UTC.
    key
        The Ed25519 public key, hex.
    signature
        Over `statement`, hex.
    """

    position: int
    root: str
    made_at: int
    key: str
    signature: str

    @property
    def statement(self) -> bytes:
        """The text that is signed."""
        return _statement(self.position, self.root, self.made_at)

    def is_signed(self) -> bool:
        """Return whether the signature is the key's."""
        from cryptography.exceptions import InvalidSignature  # noqa: PLC0415 - as below

        try:
            public = _ed25519().Ed25519PublicKey.from_public_bytes(bytes.fromhex(self.key))
            public.verify(bytes.fromhex(self.signature), self.statement)
        except (InvalidSignature, ValueError):
            return False
        return True


def _ed25519() -> ModuleType:
    """Return the signing library; it takes 30 ms, and only who signs or verifies wants it."""
    from cryptography.hazmat.primitives.asymmetric import ed25519  # noqa: PLC0415 - only where it is needed

    return ed25519


_OPENS = b"treadle checkpoint "


def _statement(position: int, root: str, made_at: int) -> bytes:
    return _OPENS + f"v1\n{position}\n{root}\n{made_at}\n".encode()


def _write_key(path: Path) -> None:
    """Write a new key; whole or not at all, and of two that do it at once the first counts."""
    from cryptography.hazmat.primitives import serialization as form  # noqa: PLC0415 - as above

    pem = (
        _ed25519()
        .Ed25519PrivateKey.generate()
        .private_bytes(form.Encoding.PEM, form.PrivateFormat.PKCS8, form.NoEncryption())
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f"{path.name}.{uuid4().hex}.part")
    try:
        part.touch(mode=0o600)
        part.write_bytes(pem)
        with suppress(FileExistsError):
            os.link(part, path)
    finally:
        part.unlink(missing_ok=True)


class Signer:
    """A private key that signs checkpoints; made on first use, readable by its owner only."""

    def __init__(self, key: "Ed25519PrivateKey") -> None:
        self._key = key

    @classmethod
    def fresh(cls) -> "Signer":
        """Return a signer with a new key that is kept nowhere."""
        return cls(_ed25519().Ed25519PrivateKey.generate())

    @classmethod
    def at(cls, path: Path) -> "Signer":
        """Return the signer whose key lies in a file; write a new one where there is none."""
        from cryptography.exceptions import UnsupportedAlgorithm  # noqa: PLC0415 - as above
        from cryptography.hazmat.primitives.serialization import (  # noqa: PLC0415 - as above
            load_pem_private_key,
        )

        try:
            if not path.exists():
                _write_key(path)
            pem = path.read_bytes()
        except OSError as error:
            text = f"the key at {path} cannot be written or read: {error.strerror}"
            raise StoreError(text) from error
        try:
            key = load_pem_private_key(pem, password=None)
        except (ValueError, TypeError, UnsupportedAlgorithm):
            key = None
        if not isinstance(key, _ed25519().Ed25519PrivateKey):
            text = f"{path} holds no Ed25519 key; move it away and a new one is made"
            raise StoreError(text)
        return cls(key)

    @property
    def public_key(self) -> str:
        """The public half, hex."""
        return self._key.public_key().public_bytes_raw().hex()

    def sign_message(self, message: bytes) -> bytes:
        """Return the 64 bytes of an Ed25519 signature over a message.

        Messages open with the name of their form (`DSSEv1 ...`), so that none can be taken for a
        checkpoint.

        Raises
        ------
        ValueError
            The message opens as a checkpoint does.
        """
        if message.startswith(_OPENS):
            text = "a checkpoint is signed by `sign` alone"
            raise ValueError(text)
        return self._key.sign(message)

    def sign(self, position: int, root: bytes, made_at: int) -> Checkpoint:
        """Return a signed checkpoint."""
        signature = self._key.sign(_statement(position, root.hex(), made_at))
        return Checkpoint(
            position=position,
            root=root.hex(),
            made_at=made_at,
            key=self.public_key,
            signature=signature.hex(),
        )
