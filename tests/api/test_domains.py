"""The generic routes, shown with a domain that no door has ever heard of."""

import json
from typing import Any

import pytest

from doors import toy
from doors.asgi import Client
from treadle.app import App

PAINT = {"thing": toy.BOX, "colour": "red", "mass_kg": 1.5}


def paint(http: Client, **wish: Any) -> Any:
    return http.post("/v1/toy/paint-box", json=PAINT | wish)


def test_a_command_of_a_new_domain_is_there_without_any_code_of_the_door(http: Client) -> None:
    made = paint(http, marks=["a", "b"], seal={"text": "wax", "at_m": 0.5}, price="12.50")
    assert made.status_code == 201, made.text
    (event,) = made.json()["events"]
    assert event["stored_as"] == "toy.painted.v1"
    assert event["fact"] == {
        "colour": "red",
        "mass_kg": 1.5,
        "coats": 1,
        "marks": ["a", "b", "wax", "12.50"],
    }
    assert event["happened_at"] == "2026-05-04T12:00:00Z"


def test_a_command_takes_the_moment_at_which_it_happened(http: Client) -> None:
    made = paint(http, happened_at="2026-01-02T03:04:05+01:00")
    assert made.json()["events"][0]["happened_at"] == "2026-01-02T02:04:05Z"


@pytest.mark.parametrize(
    ("wish", "place"),
    [
        ({"color": "red"}, "color"),
        ({"mass_kg": "1.5"}, "mass_kg"),
        ({"mass_kg": True}, "mass_kg"),
        ({"coats": 1.5}, "coats"),
        ({"coats": 2**63}, "coats"),
        ({"finish": "shiny"}, "finish"),
        ({"marks": "ab"}, "marks"),
        ({"marks": [1]}, "marks.0"),
        ({"seal": {"text": "wax", "high_m": 1.0}}, "seal.high_m"),
        ({"price": 12.5}, "price"),
        ({"price": "twelve"}, "price"),
        ({"thing": "a box"}, "thing"),
        ({"thing": ""}, "thing"),
        ({"colour": "re\0d"}, "colour"),
        ({"happened_at": "2026-01-02T03:04:05"}, "happened_at"),
        ({"happened_at": "2026-01-02"}, "happened_at"),
        ({"happened_at": 1}, "happened_at"),
    ],
)
def test_a_body_that_does_not_fit_is_refused_at_its_place(
    http: Client, app: App, wish: dict[str, Any], place: str
) -> None:
    refused = paint(http, **wish)
    assert refused.status_code == 422
    assert refused.headers["content-type"] == "application/problem+json"
    assert refused.json()["errors"][0]["place"] == place
    assert refused.json()["detail"].startswith(f"{place}: ")
    assert app.store.head().position == 0


def test_what_a_domain_refuses_is_a_problem_in_its_own_words(http: Client) -> None:
    paint(http)
    refused = paint(http)
    assert refused.status_code == 409
    assert refused.json() == {
        "type": "urn:treadle:problem:refused",
        "title": "Refused",
        "status": 409,
        "detail": f"{toy.BOX} is red already",
        "instance": "/v1/toy/paint-box",
    }


def test_a_query_answers_with_the_shape_that_its_signature_says(http: Client) -> None:
    paint(http)
    answer = http.get("/v1/toy/coats", params={"thing": toy.BOX})
    assert answer.status_code == 200
    assert answer.json() == {
        "thing": toy.BOX,
        "total_kg": 1.5,
        "newest": {"colour": "red", "mass_kg": 1.5, "at": "2026-05-04T12:00:00Z"},
        "coats": [{"colour": "red", "mass_kg": 1.5, "at": "2026-05-04T12:00:00Z"}],
    }


def test_query_parameters_have_types(http: Client) -> None:
    paint(http)
    paint(http, colour="blue", mass_kg=0.5)
    question = {
        "thing": toy.BOX,
        "only": ["red", "blue"],
        "newest_first": "true",
        "least_kg": "0.25",
        "most": "1",
        "as_of": "2026-05-04T12:00:00Z",
    }
    answer = http.get("/v1/toy/coats", params=question).json()
    assert [c["colour"] for c in answer["coats"]] == ["blue"]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("newest_first", "yes"),
        ("newest_first", "1"),
        ("most", "1.0"),
        ("most", "1_0"),
        ("most", str(2**63)),
        ("least_kg", "nan"),
        ("least_kg", "1e999"),
        ("as_of", "2026-05-04"),
        ("as_of", "2026-05-04T12:00:00"),
        ("as_of", "2026-02-30T12:00:00Z"),
        ("nobody_knows", "1"),
    ],
)
def test_a_query_parameter_that_does_not_fit_is_refused(
    http: Client, name: str, value: str
) -> None:
    refused = http.get("/v1/toy/coats", params={"thing": toy.BOX, name: value})
    assert refused.status_code == 422, refused.text
    assert refused.json()["errors"][0]["place"] == f"query.{name}"


def test_a_query_about_nobody_is_not_found(http: Client) -> None:
    missing = http.get("/v1/toy/coats", params={"thing": "urn:toy:box:9"})
    assert missing.status_code == 404
    assert missing.json()["type"] == "urn:treadle:problem:not-found"


def test_a_single_value_is_an_answer_too(http: Client) -> None:
    paint(http)
    assert http.get("/v1/toy/total-kg").json() == 1.5


def test_a_document_comes_as_a_file(http: Client) -> None:
    paint(http)
    file = http.get("/v1/toy/sheet", params={"thing": toy.BOX})
    assert file.content == f"{toy.BOX}\nred".encode()
    assert file.headers["content-type"].startswith("text/plain")
    assert file.headers["content-disposition"] == 'attachment; filename="sheet_1.txt"'


def take(http: Client, items: Any, **options: Any) -> Any:
    content = items if isinstance(items, bytes) else json.dumps(items).encode()
    media = {"Content-Type": "application/json"}
    return http.post("/v1/toy/take-list", content=content, params=options, headers=media)


def test_an_intake_reports_on_every_item(http: Client) -> None:
    taken = take(http, [{"colour": "red"}, {"colour": "pink"}], on_error="proceed")
    assert taken.status_code == 200, taken.text
    report = taken.json()
    assert (report["n_in"], report["n_ok"], report["n_rejected"]) == (2, 1, 1)
    assert report["rejected"] == [{"place": "/1", "reason": "the colour is neither red nor blue"}]
    again = take(http, [{"colour": "red"}, {"colour": "pink"}], on_error="proceed").json()
    assert (again["n_ok"], again["n_duplicate"]) == (1, 1)


def test_a_document_with_a_bad_item_is_refused_whole_unless_told_otherwise(
    http: Client, app: App
) -> None:
    refused = take(http, [{"colour": "red"}, {"colour": "pink"}])
    assert refused.status_code == 422
    assert refused.json()["type"] == "urn:treadle:problem:document-rejected"
    assert refused.json()["report"]["rejected"][0]["place"] == "/1"
    assert app.store.head().position == 0


def test_an_intake_has_the_options_of_its_signature(http: Client) -> None:
    refused = take(http, [{"colour": "red"}], least_kg="2")
    assert refused.json()["report"]["rejected"][0]["reason"] == "there is too little paint"
    assert take(http, [], more="2").status_code == 422


def test_the_openapi_tells_of_help_units_and_shapes(http: Client) -> None:
    told = http.get("/openapi.json").json()
    command = told["paths"]["/v1/toy/paint-box"]["post"]
    assert command["summary"] == "Paint a box."
    assert command["security"] == [{"localKey": []}, {"oauth2": ["toy:write"]}]
    wish = told["components"]["schemas"]["ToyPaintBoxWish"]
    assert wish["properties"]["mass_kg"]["description"] == "How much paint it takes [kg]."
    assert wish["additionalProperties"] is False
    query = told["paths"]["/v1/toy/coats"]["get"]
    assert query["summary"] == "What is on a box."
    assert query["security"] == [{"localKey": []}, {"oauth2": ["toy:read"]}]
    schema = query["responses"]["200"]["content"]["application/json"]["schema"]
    assert schema["$ref"].endswith("/Coats")
    scopes = told["components"]["securitySchemes"]["oauth2"]["flows"]["clientCredentials"]["scopes"]
    assert {"toy:read", "toy:write", "store:read", "store:write"} <= set(scopes)
