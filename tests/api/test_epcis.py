"""GS1 EPCIS 2.0 over HTTP, as section 12 of the standard says it."""

import json
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

import pytest

from api.conftest import client
from api.epcis_documents import CONTEXT, document, observed
from doors.asgi import Client
from treadle.app import DOMAINS, App, canonical_of
from treadle.kernel.blob import BlobStore
from treadle.kernel.checkpoint import Signer
from treadle.kernel.memory import MemoryStore

CAPTURE = "/standards/epcis/capture"
EVENTS = "/standards/epcis/events"
JSON = {"Content-Type": "application/json"}
PART = "urn:epc:id:sgtin:0614141.107346.{}"


@pytest.fixture
def app() -> App:
    signer = Signer.fresh()
    projections = tuple(p for d in DOMAINS for p in d.projections)
    return App(
        store=MemoryStore(projections, canonical_of(DOMAINS)),
        blobs=BlobStore("memory://epcis"),
        signer=lambda: signer,
        clock=lambda: datetime(2026, 5, 4, tzinfo=UTC),
    )


@pytest.fixture
def http(app: App) -> Client:
    return client(app)


def capture(http: Client, content: bytes, **headers: str) -> Any:
    said = {k.replace("_", "-"): v for k, v in headers.items()}
    return http.post(CAPTURE, content=content, headers=JSON | said)


def ask(http: Client, **question: str) -> list[dict[str, Any]]:
    answer = http.get(EVENTS, params=question)
    assert answer.status_code == 200, answer.text
    told = answer.json()
    assert told["type"] == "EPCISQueryDocument"
    found: list[dict[str, Any]] = told["epcisBody"]["queryResults"]["resultsBody"]["eventList"]
    return found


def test_a_document_is_captured_and_the_report_says_what_became_of_it(http: Client) -> None:
    taken = capture(http, document(observed(1), observed(2)), GS1_EPCIS_Version="2.0")
    assert taken.status_code == 202, taken.text
    report = taken.json()
    counts = [report[k] for k in ("n_in", "n_ok", "n_duplicate", "n_rejected")]
    assert counts == [2, 2, 0, 0]
    assert taken.headers["gs1-epcis-version"] == "2.0.0"
    job = http.get(taken.headers["location"]).json()
    assert job == {
        "captureID": taken.headers["location"].rpartition("/")[2],
        "createdAt": "2026-05-04T00:00:00Z",
        "finishedAt": "2026-05-04T00:00:00Z",
        "running": False,
        "success": True,
        "captureErrorBehaviour": "rollback",
        "errors": [],
    }


def test_a_document_captured_twice_is_in_the_thread_once(http: Client, app: App) -> None:
    first = capture(http, document(observed(1)))
    head = app.store.head()
    again = capture(http, document(observed(1)))
    assert (again.status_code, again.json()["n_duplicate"]) == (202, 1)
    assert again.headers["location"] == first.headers["location"]
    assert app.store.head() == head


def test_a_bad_event_refuses_its_document_under_rollback(http: Client, app: App) -> None:
    refused = capture(http, document(observed(1), observed(2, action="THROW")))
    assert refused.status_code == 400
    assert refused.headers["content-type"] == "application/problem+json"
    assert refused.json()["type"] == "epcisException:ValidationException"
    assert len(refused.json()["report"]["rejected"]) == 1
    assert app.store.head().position == 0


def test_a_bad_event_is_left_out_under_proceed_and_the_job_tells_of_it(http: Client) -> None:
    content = document(observed(1), observed(2, action="THROW"))
    taken = capture(http, content, GS1_Capture_Error_Behaviour="proceed")
    assert taken.status_code == 202
    assert (taken.json()["n_ok"], taken.json()["n_rejected"]) == (1, 1)
    job = http.get(taken.headers["location"]).json()
    assert (job["success"], job["captureErrorBehaviour"]) == (False, "proceed")
    assert job["errors"][0]["detail"] == taken.json()["rejected"][0]["reason"]


def test_another_version_or_sort_is_not_supported(http: Client) -> None:
    old = capture(http, document(observed(1)), GS1_EPCIS_Version="1.2")
    assert (old.status_code, old.json()["detail"][:14]) == (400, "not supported:")
    xml = http.post(CAPTURE, content=b"<a/>", headers={"Content-Type": "application/xml"})
    assert xml.status_code == 415
    assert http.get(f"{CAPTURE}/{'0' * 64}").status_code == 404
    assert http.get(f"{CAPTURE}/nothing").status_code == 404


def test_one_bare_event_is_captured_and_found_by_its_location(http: Client) -> None:
    event = {"@context": [CONTEXT], **observed(1)}
    made = http.post(EVENTS, content=json.dumps(event).encode(), headers=JSON)
    assert made.status_code == 201, made.text
    found = http.get(made.headers["location"])
    (told,) = found.json()["epcisBody"]["queryResults"]["resultsBody"]["eventList"]
    assert told["epcList"] == event["epcList"]
    again = http.post(EVENTS, content=json.dumps(event).encode(), headers=JSON)
    assert again.status_code == 409
    whole = http.post(EVENTS, content=document(observed(1)), headers=JSON)
    assert whole.status_code == 400


def test_an_event_is_found_by_the_id_that_it_came_with(http: Client) -> None:
    given = "urn:uuid:37f4a9f0-6f0b-4ab8-8c5e-9b6a0d3a3d55"
    capture(http, document(observed(1, eventID=given)))
    assert http.get(f"{EVENTS}/{quote(given, safe='')}").status_code == 200
    assert [e["eventID"] for e in ask(http, EQ_eventID=given)] == [given]
    assert http.get(f"{EVENTS}/urn:uuid:nobody").status_code == 404


@pytest.mark.parametrize(
    ("question", "minutes"),
    [
        ({}, [1, 2, 3]),
        ({"eventType": "ObjectEvent"}, [1, 2, 3]),
        ({"eventType": "AggregationEvent|TransactionEvent"}, []),
        ({"GE_eventTime": "2026-03-01T08:02:00Z"}, [2, 3]),
        ({"LT_eventTime": "2026-03-01T09:02:00+01:00"}, [1]),
        ({"GE_recordTime": "2026-05-04T00:00:00Z"}, [1, 2, 3]),
        ({"LT_recordTime": "2026-05-04T00:00:00Z"}, []),
        ({"EQ_action": "OBSERVE"}, [1, 2, 3]),
        ({"EQ_bizStep": "urn:epcglobal:cbv:bizstep:shipping"}, [1, 2]),
        ({"EQ_bizStep": "https://ref.gs1.org/cbv/BizStep-receiving"}, [3]),
        ({"EQ_bizStep": "receiving|shipping"}, [1, 2, 3]),
        ({"EQ_readPoint": "urn:epc:id:sgln:0614141.07346.1234"}, [1, 2, 3]),
        ({"EQ_bizLocation": "urn:epc:id:sgln:0614141.07346.0"}, []),
        ({"MATCH_anyEPC": PART.format(2002)}, [2]),
        ({"MATCH_anyEPC": f"{PART.format(2002)}|{PART.format(2003)}"}, [2, 3]),
        ({"MATCH_epc": PART.format(2001), "EQ_bizStep": "receiving"}, []),
        ({"MATCH_parentID": PART.format(2001)}, []),
    ],
)
def test_a_simple_event_query_gives_the_events_that_fit(
    http: Client, question: dict[str, str], minutes: list[int]
) -> None:
    capture(http, document(observed(1), observed(2), observed(3, bizStep="receiving")))
    found = [int(e["eventTime"][14:16]) for e in ask(http, **question)]
    assert found == minutes


@pytest.mark.parametrize("things", ["", "|".join(PART.format(2000 + n) for n in range(1, 6))])
def test_pages_follow_each_other_by_their_links(http: Client, things: str) -> None:
    capture(http, document(*(observed(n) for n in range(1, 6))))
    narrow = {"MATCH_anyEPC": things} if things else {}
    answer = http.get(
        EVENTS, params={"perPage": "2", "GE_eventTime": "2026-01-01T00:00:00Z"} | narrow
    )
    pages = [answer]
    while link := pages[-1].headers.get("link"):
        pages.append(http.get(link[1:].partition(">")[0]))
    sizes = [len(p.json()["epcisBody"]["queryResults"]["resultsBody"]["eventList"]) for p in pages]
    assert sizes == [2, 2, 1]


@pytest.mark.parametrize(
    "question",
    [
        {"EQ_quantity": "1"},
        {"eventtype": "ObjectEvent"},
        {"perPage": "0"},
        {"perPage": "many"},
        {"GE_eventTime": "yesterday"},
        {"nextPageToken": "x"},
        {"EQ_action": ""},
    ],
)
def test_what_a_query_cannot_do_is_refused(http: Client, question: dict[str, str]) -> None:
    refused = http.get(EVENTS, params=question)
    assert refused.status_code == 400
    assert refused.json()["type"] == "epcisException:QueryParameterException"
    if "EQ_quantity" in question:
        assert refused.json()["detail"].startswith("not supported: ")


def test_events_of_different_contexts_keep_their_meaning(http: Client) -> None:
    more = {"ex": "https://example.com/epcis/"}
    with_more = json.loads(document(observed(2, **{"ex:torque": 12})))
    with_more["@context"].append(more)
    capture(http, document(observed(1)))
    taken = capture(http, json.dumps(with_more).encode())
    assert taken.status_code == 202, taken.text
    first, second = ask(http)
    assert "@context" not in first or more not in first["@context"]
    assert more in second["@context"]
    assert second["ex:torque"] == 12


def test_where_no_domain_speaks_epcis_there_are_no_routes() -> None:
    from doors import toy  # noqa: PLC0415 - only this test is about another domain

    assert client(toy.toy_app()).get(EVENTS).status_code == 404
