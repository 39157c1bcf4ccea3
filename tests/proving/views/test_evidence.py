"""Evidence: everything that is claimed hangs together, and whatever is changed is seen."""

import base64
import copy
import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from proving.views import campaigned
from proving.views.campaigned import Thread
from treadle.kernel import InvalidInputError, NotFoundError, RefusedError, ThingId
from treadle.kernel.bundle import Disk
from treadle.kernel.checkpoint import Signer
from treadle.kernel.work import FileName
from treadle.proving import CREDIBILITY
from treadle.proving.formats.evidence.attestation import sealed
from treadle.proving.formats.evidence.attesting import verified
from treadle.proving.rules.evidence.wording import ranges
from treadle.proving.views.evidence import evidence, verify_evidence


def file_of(thread: Thread) -> bytes:
    content: bytes = thread.app.ask(evidence, thing=thread.run).content
    return content


def statement_in(content: bytes) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(base64.b64decode(json.loads(content)["payload"]))
    return told


def nodes_in(content: bytes) -> dict[str, Any]:
    nodes: dict[str, Any] = statement_in(content)["predicate"]["nodes"]
    return nodes


def of_kind(content: bytes, kind: str) -> list[dict[str, Any]]:
    return [n["content"] for n in nodes_in(content).values() if n["kind"] == kind]


@pytest.fixture(scope="module")
def content() -> bytes:
    return file_of(campaigned.campaign())


def test_a_claim_leads_down_to_requirement_domain_scenario_files_and_build(content: bytes) -> None:
    nodes = nodes_in(content)
    claims = [n for n in nodes.values() if n["kind"] == "claim"]
    claim = next(n for n in claims if n["content"].get("criterion") == "crash")
    found, waiting = set(), [claim]
    while waiting:
        node = waiting.pop()
        found.add(node["kind"])
        waiting += [nodes[name] for names in node["links"].values() for name in names]
    chain = {"claim", "finding", "criterion", "requirement", "variants", "scenario", "odd"}
    assert chain | {"file", "build", "computing", "part"} <= found


def test_names_are_sha_256_of_sorted_json(content: bytes) -> None:
    """These nodes hold no number that RFC 8785 writes otherwise than Python's json."""
    for name, node in nodes_in(content).items():
        if node["kind"] in ("requirement", "odd", "file", "build", "part", "scenario", "claim"):
            text = json.dumps(node, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
            assert hashlib.sha256(text.encode()).hexdigest() == name


def test_it_names_files_builds_seed_versions_and_result(content: bytes) -> None:
    files = {f["path"]: f["sha256"] for f in of_kind(content, "file")}
    assert files == {p: hashlib.sha256(c).hexdigest() for p, c in campaigned.FILES.items()}
    (computing,) = of_kind(content, "computing")
    assert (computing["seed"], computing["versions"]["numpy"]) == ("7", "2")
    about = {s["name"]: s["digest"]["sha256"] for s in statement_in(content)["subject"]}
    (root,) = of_kind(content, "evidence")
    assert about["build:driver"] == f"{0:064x}"
    assert about["result"] == root["result"]
    assert sorted(p["until"] for p in of_kind(content, "part")) == [4, 6, 9]


def test_what_failed_and_what_was_not_covered_is_told(content: bytes) -> None:
    gaps = [g["what"] for g in of_kind(content, "gap")]
    assert "requirement quiet has no scenario" in gaps
    assert "road = town is in no scenario" in gaps
    claims = {c["criterion"]: c for c in of_kind(content, "claim")}
    assert {name: c["verdict"] for name, c in claims.items()} == {
        "crash": "FAIL",
        "braking": "PASS",
    }
    one = next(
        v for v in of_kind(content, "variants") if (v["scenario"], v["driver"]) == ("one", "driver")
    )
    assert one["verdicts"] == {"FAIL": "2"}
    assert one["counts"] == {"PASS": 5, "FAIL": 1}


def test_a_claim_says_the_command_that_recomputes_it(content: bytes) -> None:
    for claim in of_kind(content, "claim"):
        assert claim["recompute"] == "treadle proving repeat " + "ab" * 16
    (root,) = of_kind(content, "evidence")
    words = root["recompute"]["from_files"].split()
    assert words[:4] == ["treadle", "proving", "campaign", "catalogue.toml"]
    assert words[4:] == ["--driver", "mine.py:drive", "--seed", "7"]


def test_nothing_lost_counts_as_good() -> None:
    told = file_of(campaigned.campaign(crashed=frozenset(), lost=True))
    verdicts = {c["criterion"]: c["verdict"] for c in of_kind(told, "claim")}
    assert verdicts == {"crash": "INCONCLUSIVE", "braking": "INCONCLUSIVE"}
    assert any("the driver answered nothing" in g["what"] for g in of_kind(told, "gap"))


def test_what_was_not_measured_is_not_called_credible(content: bytes) -> None:
    states = {c["what"]: c["state"] for c in of_kind(content, "credibility")}
    assert states["step convergence"] == states["seed stability"] == "not measured"
    assert states["repeatability"] == "not measured"
    assert states["parity with an independent simulator"] == "measured apart"


def test_a_gate_s_decision_rests_on_both_releases() -> None:
    told = file_of(campaigned.gate())
    claims = {(c["driver"], c["criterion"]) for c in of_kind(told, "claim")}
    assert {("baseline", "crash"), ("candidate", "crash"), ("candidate", "release")} <= claims
    names = [s["name"] for s in statement_in(told)["subject"]]
    assert names == ["build:baseline", "build:candidate", "result", "evidence"]


def checked(content: bytes, folder: Path, key: str | None = None) -> Any:
    path = folder / "e.json"
    path.write_bytes(content)
    return verify_evidence(Disk(), file=FileName(str(path)), key=key)


def test_good_evidence_verifies_and_says_whose_it_is(tmp_path: Path) -> None:
    thread = campaigned.campaign()
    key = thread.app.signer().public_key
    found = checked(file_of(thread), tmp_path)
    assert (found.good, found.verdict, found.signed_by) == (True, "FAIL", key)
    assert found.trusted.startswith("not known")
    assert checked(file_of(thread), tmp_path, key).trusted == "yes"


def test_another_s_signature_is_not_trusted(tmp_path: Path) -> None:
    found = checked(file_of(campaigned.campaign()), tmp_path, Signer.fresh().public_key)
    assert not found.good
    assert found.trusted == "no"


def test_any_byte_that_changes_breaks_the_signature(content: bytes) -> None:
    envelope = json.loads(content)
    payload = base64.b64decode(envelope["payload"])
    for place in range(0, len(payload), 997):
        bent = bytearray(payload)
        bent[place] ^= 1
        envelope["payload"] = base64.b64encode(bent).decode()
        try:
            faults = verified(json.dumps(envelope).encode()).faults
        except InvalidInputError:
            continue
        assert faults, place


def signed_anew(told: dict[str, Any]) -> tuple[str, ...]:
    """Return the faults of a statement that somebody with a key of their own signed."""
    signer = Signer.fresh()
    told["predicate"]["publicKey"] = signer.public_key
    return verified(sealed(told, signer.sign_message, bytes.fromhex(signer.public_key))).faults


def test_signed_anew_without_a_change_nothing_is_wrong(content: bytes) -> None:
    assert signed_anew(statement_in(content)) == ()


def content_of(node: dict[str, Any]) -> None:
    node["content"]["and"] = "more"


def kind_of(node: dict[str, Any]) -> None:
    node["kind"] += "s"


def links_of(node: dict[str, Any]) -> None:
    node["links"]["also"] = []


@pytest.mark.parametrize("bend", [content_of, kind_of, links_of])
def test_tampering_with_any_node_is_found_though_it_be_signed_anew(
    content: bytes, bend: Callable[[dict[str, Any]], None]
) -> None:
    told = statement_in(content)
    for name, node in told["predicate"]["nodes"].items():
        bent = copy.deepcopy(told)
        bend(bent["predicate"]["nodes"][name])
        faults = signed_anew(bent)
        assert any(name[:16] in fault for fault in faults), node["kind"]


def test_a_node_that_is_gone_or_came_is_found(content: bytes) -> None:
    told = statement_in(content)
    for name in told["predicate"]["nodes"]:
        bent = copy.deepcopy(told)
        del bent["predicate"]["nodes"][name]
        assert any(name[:16] in fault for fault in signed_anew(bent))
    stray = {"kind": "claim", "content": {"claim": "all is well"}, "links": {}}
    text = json.dumps(stray, sort_keys=True, separators=(",", ":"))
    told["predicate"]["nodes"][hashlib.sha256(text.encode()).hexdigest()] = stray
    assert any("was put in" in fault for fault in signed_anew(told))


def test_subjects_that_the_graph_does_not_tell_are_found(content: bytes) -> None:
    told = statement_in(content)
    told["subject"][0]["digest"]["sha256"] = "f" * 64
    assert any("says it is about" in fault for fault in signed_anew(told))


def test_evidence_of_a_result_that_does_not_come_to_its_verdict_is_refused() -> None:
    thread = campaigned.campaign()
    history = thread.app.store.history(thread.run)
    facts = [event.fact for event in history]
    last: Any = facts[-1]
    bent = type(last)(result=last.result, summary={**last.summary, "verdict": "PASS"})
    other = ThingId("urn:treadle:run:" + "cd" * 16)
    now = campaigned.NOW
    thread.app.store.append(
        other, [*facts[:-1], bent], happened_at=now, recorded_at=now, expected_version=0
    )
    with pytest.raises(RefusedError, match="judged anew"):
        thread.app.ask(evidence, thing=other)


def test_there_is_no_evidence_of_what_is_not_finished_or_not_there() -> None:
    thread = campaigned.campaign()
    facts = [event.fact for event in thread.app.store.history(thread.run)]
    other = ThingId("urn:treadle:run:" + "cd" * 16)
    now = campaigned.NOW
    thread.app.store.append(other, facts[:2], happened_at=now, recorded_at=now, expected_version=0)
    with pytest.raises(RefusedError, match="not finished"):
        thread.app.ask(evidence, thing=other)
    with pytest.raises(NotFoundError):
        thread.app.ask(evidence, thing=ThingId("ef"))


def test_whole_numbers_are_told_as_ranges() -> None:
    assert ranges(np.array([9, 0, 1, 2, 4, 10])) == "0-2,4,9-10"
    assert ranges(np.array([], np.int64)) == ""


def with_credibility(thread: Thread, *, identity: str, treadle: str = "1") -> None:
    """Tell a thread that somebody measured the driver of its campaign, or another."""
    asked: Any = thread.app.store.history(thread.run)[0].fact
    told = CREDIBILITY.telling
    figures = [
        {"what": "step convergence", "state": "1 of 8 verdicts change", "text": "At half."},
        {"what": "seed stability", "state": "0 of 8 verdicts change", "text": "The next one."},
    ]
    facts = [
        told.asked(
            work="proving.credibility",
            about=asked.about,
            manifest=asked.manifest,
            options={"builds": {"driver": {"identity": identity}}},
            seed=7,
            n_items=8,
            versions={"treadle": treadle},
            platform="Linux-x86_64",
        ),
        told.finished(result="", summary={"figures": figures}),
    ]
    run = ThingId("urn:treadle:run:" + "ce" * 16)
    now = campaigned.NOW
    thread.app.store.append(run, facts, happened_at=now, recorded_at=now, expected_version=0)


@pytest.mark.parametrize(
    ("identity", "treadle", "state"),
    [
        (f"{0:064x}", "1", "1 of 8 verdicts change"),
        (f"{9:064x}", "1", "not measured"),
        (f"{0:064x}", "2", "not measured"),
    ],
)
def test_credibility_counts_where_it_is_of_the_same_driver_files_and_versions(
    identity: str, treadle: str, state: str
) -> None:
    thread = campaigned.campaign()
    with_credibility(thread, identity=identity, treadle=treadle)
    told = {c["what"]: c for c in of_kind(file_of(thread), "credibility")}
    assert told["step convergence"]["state"] == state
    if state != "not measured":
        command = "treadle proving repeat " + "ce" * 16
        assert told["step convergence"]["recompute"] == command
