"""In-toto statements (v1) in DSSE envelopes, signed with Ed25519.

Statement: in-toto Attestation Framework, spec/v1/statement.md. Envelope and what is signed: DSSE
v1.0 (secure-systems-lab/dsse, protocol.md and envelope.md).
"""

import base64
import binascii
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from treadle.kernel import InvalidInputError
from treadle.proving.rules.evidence.canonical import canonical

STATEMENT = "https://in-toto.io/Statement/v1"
PAYLOAD_TYPE = "application/vnd.in-toto+json"
_KEY_BYTES = 32  # RFC 8032, section 5.1.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """A signature of an envelope; the name of its key is a hint that nobody signed."""

    sig: bytes
    keyid: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """What was signed, as bytes, with its signatures."""

    payload: bytes
    payload_type: str
    signatures: tuple[Signature, ...]

    @property
    def encoded(self) -> bytes:
        """The bytes that a signature is over: PAE(payload type, payload)."""
        return pre_authentication_encoding(self.payload_type, self.payload)


def pre_authentication_encoding(payload_type: str, payload: bytes) -> bytes:
    """Return the bytes that are signed (DSSE v1.0, Signature Definition)."""
    kind = payload_type.encode()
    return b"DSSEv1 %d %b %d %b" % (len(kind), kind, len(payload), payload)


def statement(
    subjects: Sequence[tuple[str, str]], predicate_type: str, predicate: Mapping[str, Any]
) -> dict[str, Any]:
    """Return an in-toto statement.

    Parameters
    ----------
    subjects
        Name and SHA-256, hex, of each thing that it is about.
    """
    return {
        "_type": STATEMENT,
        "subject": [{"name": name, "digest": {"sha256": digest}} for name, digest in subjects],
        "predicateType": predicate_type,
        "predicate": dict(predicate),
    }


def key_id(public_key: bytes) -> str:
    """Return the name of an Ed25519 key: SHA-256 of its 32 bytes, hex."""
    return sha256(public_key).hexdigest()


def sealed(told: Mapping[str, Any], sign: Callable[[bytes], bytes], public_key: bytes) -> bytes:
    """Return a statement signed and enveloped, as the bytes of a JSON file.

    Parameters
    ----------
    sign
        Gives the 64 bytes of an Ed25519 signature.
    """
    payload = canonical(told)
    signature = sign(pre_authentication_encoding(PAYLOAD_TYPE, payload))
    envelope = {
        "payloadType": PAYLOAD_TYPE,
        "payload": base64.b64encode(payload).decode(),
        "signatures": [{"keyid": key_id(public_key), "sig": base64.b64encode(signature).decode()}],
    }
    return json.dumps(envelope, indent=1).encode() + b"\n"


def opened(content: bytes) -> Envelope:
    """Return an envelope from the bytes of its file; nothing is verified by that.

    Raises
    ------
    InvalidInputError
        It is none.
    """
    try:
        told = json.loads(content)
        return Envelope(
            payload=_decoded(told["payload"]),
            payload_type=_expected_text(told["payloadType"]),
            signatures=tuple(
                Signature(sig=_decoded(one["sig"]), keyid=_expected_text(one.get("keyid") or ""))
                for one in told["signatures"]
            ),
        )
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        text = f"this is no DSSE envelope (payload, payloadType, signatures): {error}"
        raise InvalidInputError(text) from error


def _expected_text(value: Any) -> str:
    if not isinstance(value, str):
        text = f"{value!r} is no text"
        raise TypeError(text)
    return value


def _decoded(text: Any) -> bytes:
    """Return what base64 says; both alphabets are read (DSSE v1.0, Protocol)."""
    try:
        plain = _expected_text(text).translate(str.maketrans("-_", "+/"))
        return base64.b64decode(plain, validate=True)
    except binascii.Error as error:
        wrong = f"{str(text)[:20]!r} is no base64: {error}"
        raise ValueError(wrong) from error


def is_signed(envelope: Envelope, public_key: bytes) -> bool:
    """Return whether a key signed an envelope: one of its signatures is that key's."""
    from cryptography.exceptions import InvalidSignature  # noqa: PLC0415 - 30 ms, to verify only
    from cryptography.hazmat.primitives.asymmetric import ed25519  # noqa: PLC0415 - as above

    if len(public_key) != _KEY_BYTES:
        return False
    key = ed25519.Ed25519PublicKey.from_public_bytes(public_key)
    for signature in envelope.signatures:
        try:
            key.verify(signature.sig, envelope.encoded)
        except InvalidSignature:
            continue
        return True
    return False


def statement_of(envelope: Envelope) -> dict[str, Any]:
    """Return the statement in an envelope.

    Raises
    ------
    InvalidInputError
        It holds none, or one of another version.
    """
    if envelope.payload_type != PAYLOAD_TYPE:
        text = f"the envelope holds {envelope.payload_type!r}, not {PAYLOAD_TYPE}"
        raise InvalidInputError(text)
    try:
        told = json.loads(envelope.payload)
    except (ValueError, RecursionError) as error:
        text = f"what was signed is no JSON: {error}"
        raise InvalidInputError(text) from error
    if not isinstance(told, dict) or told.get("_type") != STATEMENT:
        text = f"what was signed is no in-toto statement of type {STATEMENT}"
        raise InvalidInputError(text)
    return told
