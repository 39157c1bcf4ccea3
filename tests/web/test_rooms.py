"""Pages that are made from what a domain's front door offers."""

import html
import json
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, Literal

import pytest

from doors.asgi import Client
from treadle.app import App
from treadle.kernel import InvalidInputError, ThingId
from treadle.kernel.operation import Parameter, operations
from treadle.web.answers import SHOWN, as_csv, blocks
from treadle.web.forms import field_of, read, sort_of, value_of
from web.conftest import client_of
from web.plant import CARS, STATION, VINS, document, event, module, pack, plant
from web.test_pages import text_of

SAME = {"Sec-Fetch-Site": "same-origin"}


def parameter(kind: Any, **more: Any) -> Parameter:
    given: dict[str, Any] = {"is_thing": False, "help": "", "unit": "", "required": True} | more
    return Parameter(name="how_much", kind=kind, **given)


@pytest.mark.parametrize(
    ("kind", "sort", "typed", "value"),
    [
        (str, "text", "x", "x"),
        (int | None, "whole", "12", 12),
        (float, "number", "1.5", 1.5),
        (Decimal, "number", "1.50", Decimal("1.50")),
        (datetime, "moment", "2026-01-02T03:04", datetime(2026, 1, 2, 3, 4, tzinfo=UTC)),
        (date | None, "day", "2026-01-02", date(2026, 1, 2)),
        (Literal["a", "b"], "choice", "b", "b"),
        (tuple[str, ...], "lines", "a\n\n b ", ("a", "b")),
        (dict[str, int], "json", '{"a": 1}', {"a": 1}),
    ],
)
def test_each_type_has_its_field_and_reads_back(
    kind: Any, sort: str, typed: str, value: Any
) -> None:
    assert sort_of(parameter(kind)) == sort
    assert value_of(parameter(kind), typed) == value


@pytest.mark.parametrize(
    ("kind", "typed"),
    [(int, "1.5"), (float, "x"), (datetime, "soon"), (Literal["a"], "c"), (dict[str, int], "{")],
)
def test_what_cannot_be_read_is_refused_by_its_label(kind: Any, typed: str) -> None:
    with pytest.raises(InvalidInputError, match="How much"):
        value_of(parameter(kind), typed)


def test_what_is_needed_is_asked_for_and_a_flag_is_never_missing() -> None:
    needed, flag = parameter(float), parameter(bool, default=False)
    assert read([needed], {}) == ({}, {"how_much": "How much is needed; fill it in"})
    assert read([flag], {}) == ({"how_much": False}, {})
    assert read([flag], {"how_much": "on"}) == ({"how_much": True}, {})


def test_a_field_shows_unit_help_and_default() -> None:
    field = field_of(parameter(float, unit="kWh", help="What the meter says.", default=2.5))
    assert (field.unit, field.hint, field.value) == ("kWh", "What the meter says", "2.5")


def test_every_operation_has_a_page_with_a_label_for_every_field(client: Client, app: App) -> None:
    for domain in app.domains:
        offered = client.get(f"/d/{domain.name}").text
        for operation in operations(domain):
            assert f"/d/{domain.name}/{operation.word}" in offered
            page = client.get(f"/d/{domain.name}/{operation.word}")
            assert page.status_code == 200
            summary = operation.summary.removesuffix(".")
            assert f"<h1>{summary}</h1>" in html.unescape(page.text)
            assert summary in text_of(offered)
            for p in operation.parameters:
                if p.name != "happened_at":
                    assert f'for="f-{p.name}"' in page.text


def test_a_question_is_answered_on_the_page_and_as_files(client: Client) -> None:
    asked = {"thing": VINS[0]}
    page = client.get("/d/trace/down", params=asked)
    assert page.status_code == 200
    assert "Battery pack" in text_of(page.text) or "battery pack" in text_of(page.text)
    told = client.get("/d/trace/down", params=asked | {"format": "json"})
    assert json.loads(told.text)["thing"] == CARS[0]
    lines = client.get("/d/trace/down", params=asked | {"format": "csv"}).text.splitlines()
    assert lines[0].startswith("depth,thing,above")
    assert len(lines) > 10


def test_a_file_comes_as_a_file(client: Client) -> None:
    answer = client.get("/d/trace/export", params={"thing": CARS[0]})
    assert "attachment" in answer.headers["content-disposition"]
    assert json.loads(answer.text)["type"] == "EPCISDocument"


def test_a_question_that_cannot_be_answered_says_why_in_place(client: Client) -> None:
    answer = client.get("/d/trace/down", params={"thing": "urn:nobody"})
    assert answer.status_code == 404
    assert 'role="alert"' in answer.text
    assert 'value="urn:nobody"' in answer.text


def test_a_command_is_told_and_leads_to_its_fact() -> None:
    app = plant()
    client = client_of(app)
    before = app.store.head().position
    form = {"thing": pack(2), "part": module(901), "station": STATION, "step": "installing"}
    answer = client.post("/d/trace/install-part", data=form, headers=SAME)
    assert answer.status_code == 303
    assert answer.headers["location"].endswith(f"fact={before + 1}")
    refused = client.post("/d/trace/install-part", data=form, headers=SAME)
    assert refused.status_code == 409
    assert "is in" in text_of(refused.text)
    assert f'value="{module(901)}"' in refused.text


def test_a_form_with_holes_says_what_is_missing() -> None:
    answer = client_of(plant()).post("/d/trace/install-part", data={}, headers=SAME)
    assert answer.status_code == 422
    assert answer.text.count("is needed; fill it in") == 3
    assert 'aria-invalid="true"' in answer.text


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "http://elsewhere.example"},
    ],
)
def test_a_form_from_another_site_is_refused(headers: dict[str, str]) -> None:
    app = plant()
    before = app.store.head()
    form = {"thing": pack(2), "part": module(902), "station": STATION}
    answer = client_of(app).post("/d/trace/install-part", data=form, headers=headers)
    assert answer.status_code == 403
    assert app.store.head() == before


def test_files_are_taken_in_with_a_report() -> None:
    app = plant()
    client = client_of(app)
    seen = event("Object", datetime(2026, 2, 1, tzinfo=UTC), "storing", action="OBSERVE")
    good = document([seen | {"epcList": [module(3)]}])
    bad = document([seen | {"epcList": [module(4)], "action": "EAT"}])
    taken = client.post("/d/trace/capture", files=[("file", ("good.json", good))], headers=SAME)
    assert taken.status_code == 200
    assert "1 item = 1 taken + 0 refused" in text_of(taken.text)
    before = app.store.head()
    refused = client.post("/d/trace/capture", files=[("file", ("bad.json", bad))], headers=SAME)
    assert refused.status_code == 422
    assert "refused whole, nothing was written" in text_of(refused.text)
    assert app.store.head() == before


def test_no_file_chosen_is_a_sentence(client: Client) -> None:
    answer = client.post("/d/trace/capture", data={"on_error": "rollback"}, headers=SAME)
    assert answer.status_code == 422
    assert "Choose at least one file" in text_of(answer.text)


def test_an_unknown_domain_or_operation_names_those_that_exist(client: Client) -> None:
    assert "there are trace" in text_of(client.get("/d/nothing").text).lower()
    assert "it offers" in text_of(client.get("/d/trace/nothing").text)


@dataclass(frozen=True)
class Line:
    thing: ThingId
    energy_kwh: float | None
    seen: datetime


@dataclass(frozen=True)
class Answer:
    n_cars: int
    lines: tuple[Line, ...]
    names: tuple[str, ...] = ()


def test_any_dataclass_becomes_terms_and_tables() -> None:
    now = datetime(2026, 1, 1, tzinfo=UTC)
    lines = tuple(Line(ThingId(f"urn:epc:id:sgtin:1.2.{n}"), n / 2, now) for n in range(SHOWN + 7))
    terms, table = blocks(Answer(2, lines))
    assert [(a.text, b.text) for a, b in terms.rows] == [("Cars", "2"), ("Names", "")]
    assert table.columns == ("Thing", "Energy", "Seen")
    assert table.numeric == (False, True, False)
    assert table.n_more == 7
    assert [c.text for c in table.rows[1]][1:] == ["0.5 kWh", "1 Jan 2026, 00:00"]
    assert as_csv(Answer(2, lines)).count("\r\n") == SHOWN + 8


@pytest.mark.parametrize("answer", [(), 5, {"a": 1}, ("x", "y"), [{"a": 1, "b": None}]])
def test_other_answers_are_shown_too(answer: Any) -> None:
    assert blocks(answer)
    assert as_csv(answer)


def test_a_tree_is_set_in_by_depth_and_counts_say_what_they_count(client: Client) -> None:
    page = client.get("/d/trace/down", params={"thing": VINS[0]}).text
    assert 'class="set-in set-in-2"' in page
    words = text_of(page)
    assert "Different things in it" in words
    assert "Above" not in words
    assert "Cars that hold one at the date" in text_of(
        client.get("/d/trace/recall", params={"suspect": module(0)}).text
    )


def test_a_column_that_never_tells_anything_is_left_out() -> None:
    (table,) = blocks(({"a": 1, "void": False, "none": None}, {"a": 2, "void": False, "none": ""}))
    assert table.columns == ("A", "None")
    (empty,) = blocks(({"void": False},))
    assert empty.columns == ("Void",)
