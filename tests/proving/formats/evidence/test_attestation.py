"""In-toto statements in DSSE envelopes, against the standards' own text and OpenSSL."""

import base64
import json
import shutil
import subprocess
from pathlib import Path

import pytest

from treadle.kernel import InvalidInputError
from treadle.kernel.checkpoint import Signer
from treadle.proving.formats.evidence.attestation import (
    Envelope,
    Signature,
    is_signed,
    key_id,
    opened,
    pre_authentication_encoding,
    sealed,
    statement,
    statement_of,
)

# RFC 8032, section 7.1, TEST 1 and TEST 2: public keys.
KEY_1 = bytes.fromhex("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a")
KEY_2 = bytes.fromhex("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c")


def test_what_is_signed_is_what_the_standard_s_example_has() -> None:
    # DSSE v1.0, protocol.md, Test Vectors.
    found = pre_authentication_encoding("http://example.com/HelloWorld", b"hello world")
    assert found == b"DSSEv1 29 http://example.com/HelloWorld 11 hello world"


def test_lengths_are_of_bytes_not_of_characters() -> None:
    assert pre_authentication_encoding("ä", b"") == b"DSSEv1 2 \xc3\xa4 0 "


def test_a_statement_has_the_fields_of_the_standard_s_schema() -> None:
    # in-toto Attestation Framework, spec/v1/statement.md, Schema.
    golden = json.loads(
        """{"_type": "https://in-toto.io/Statement/v1",
            "subject": [{"name": "<NAME>", "digest": {"sha256": "<HEX_VALUE>"}}],
            "predicateType": "<URI>", "predicate": {}}"""
    )
    assert statement([("<NAME>", "<HEX_VALUE>")], "<URI>", {}) == golden


def test_an_envelope_of_the_standard_s_example_is_read() -> None:
    # DSSE v1.0, protocol.md, Test Vectors: the envelope there is signed with ECDSA.
    sig = "A3JqsQGtVsJ2O2xqrI5IcnXip5GToJ3F+FnZ+O88SjtR6rDAajabZKciJTfUiHqJPcIAriEGAHTVeCUjW2JIZA=="
    content = b'{"payload": "aGVsbG8gd29ybGQ=", "payloadType": "http://example.com/HelloWorld",'
    content += b'"signatures": [{"sig": "%b"}]}' % sig.encode()
    found = opened(content)
    assert found.payload == b"hello world"
    assert len(found.signatures[0].sig) == 64
    assert not is_signed(found, KEY_1)
    with pytest.raises(InvalidInputError, match=r"not application/vnd\.in-toto"):
        statement_of(found)


def sealed_by(signer: Signer, told: dict[str, object]) -> bytes:
    return sealed(told, signer.sign_message, bytes.fromhex(signer.public_key))


def test_both_alphabets_of_base64_are_read() -> None:
    envelope = {"payload": "-_-_Pj8=", "payloadType": "x", "signatures": [{"sig": "-_8="}]}
    assert opened(json.dumps(envelope).encode()).payload == b"\xfb\xff\xbf>?"


def test_one_good_signature_among_others_will_do_and_a_key_s_name_is_no_proof() -> None:
    signer = Signer.fresh()
    key = bytes.fromhex(signer.public_key)
    good = opened(sealed_by(signer, statement([], "x", {})))
    other = Signature(sig=b"\0" * 64, keyid=key_id(key))
    both = Envelope(
        payload=good.payload,
        payload_type=good.payload_type,
        signatures=(other, Signature(sig=good.signatures[0].sig)),
    )
    alone = Envelope(payload=good.payload, payload_type=good.payload_type, signatures=(other,))
    assert is_signed(both, key)
    assert not is_signed(alone, key)
    assert not is_signed(both, KEY_2)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"[]",
        b"{}",
        b'{"payload": 1, "payloadType": "x", "signatures": []}',
        b'{"payload": "??", "payloadType": "x", "signatures": []}',
        b'{"payload": "", "payloadType": "x", "signatures": [3]}',
        b"[" * 100_000,
    ],
)
def test_what_is_no_envelope_is_refused(content: bytes) -> None:
    with pytest.raises(InvalidInputError, match="no DSSE envelope"):
        opened(content)


@pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl is not installed")
def test_openssl_finds_the_signature_good_and_a_changed_one_bad(tmp_path: Path) -> None:
    signer = Signer.fresh()
    envelope = json.loads(sealed_by(signer, statement([("a", "00")], "x", {"n": 1})))
    payload = base64.b64decode(envelope["payload"])
    kind = envelope["payloadType"].encode()
    # The encoding, written once more by hand, and the key as RFC 8410 has it in DER.
    signed = b" ".join([b"DSSEv1", str(len(kind)).encode(), kind, str(len(payload)).encode()])
    der = bytes.fromhex("302a300506032b6570032100" + signer.public_key)
    (tmp_path / "key.der").write_bytes(der)
    (tmp_path / "sig").write_bytes(base64.b64decode(envelope["signatures"][0]["sig"]))
    codes = []
    for n, body in enumerate((payload, payload.replace(b'"n":1', b'"n":2'))):
        (tmp_path / f"{n}").write_bytes(signed + b" " + body)
        words = ["-pubin", "-inkey", "key.der", "-keyform", "DER", "-rawin", "-in", f"{n}"]
        command = ["openssl", "pkeyutl", "-verify", *words, "-sigfile", "sig"]
        codes.append(subprocess.run(command, cwd=tmp_path, capture_output=True, check=False))
    assert [done.returncode for done in codes] == [0, 1], codes[0].stderr


def test_a_checkpoint_cannot_be_had_as_a_message() -> None:
    with pytest.raises(ValueError, match="checkpoint"):
        Signer.fresh().sign_message(b"treadle checkpoint v1\n1\nab\n2\n")
