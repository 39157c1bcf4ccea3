"""The composition root: documents in, commands, names, checkpoints, and where things are kept."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from epcis_told import CAR, LINE, SERIAL, VIN, Event, document, into, seen, tell
from treadle import trace
from treadle.app import (
    DOMAINS,
    App,
    DocumentRejectedError,
    blob_url,
    canonical_of,
    data_folder,
    open_app,
    store_url,
)
from treadle.kernel import Domain, InvalidInputError, RefusedError, ThingId, to_us
from treadle.kernel.checkpoint import Signer
from treadle.trace.decide import install_part
from treadle.trace.formats.capture import capture
from treadle.trace.views.genealogy import down

NOW = datetime(2026, 6, 1, tzinfo=UTC)
A = ThingId(SERIAL.format("A"))
BAD: Event = {"type": "ObjectEvent"}


@pytest.fixture
def app(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[App]:
    monkeypatch.setenv("TREADLE_DATA", str(tmp_path / "data"))
    app = open_app(f"{tmp_path}/t.sqlite", clock=lambda: NOW)
    yield app
    app.store.close()


class TestTakingIn:
    def test_the_report_adds_up_and_names_the_document(self, app: App) -> None:
        report = tell(app, seen(A), seen(CAR))
        assert (report.accepted, report.n_in, report.n_ok) == (True, 2, 2)
        assert (report.n_duplicate, report.n_rejected, report.rejected) == (0, 0, ())
        assert report.document in app.store.things(prefix="urn:treadle:document:")

    def test_the_document_itself_is_kept_byte_for_byte(self, app: App) -> None:
        content = document(seen(A)) + b"\n\n"
        report = app.take_in(capture, content)
        assert report.document is not None
        assert app.blobs.get("sha256:" + report.document.rpartition(":")[2]) == content

    def test_events_are_recorded_by_the_clock_that_was_given(self, app: App) -> None:
        tell(app, seen(A, day=1))
        (event,) = app.store.history(A)
        assert (event.recorded, event.happened) == (NOW, datetime(2026, 3, 1, 12, tzinfo=UTC))

    def test_a_refused_document_is_called_by_the_name_it_was_given(self, app: App) -> None:
        with pytest.raises(DocumentRejectedError, match=r"box\.json is refused whole") as refused:
            app.take_in(capture, document(BAD), name="box.json")
        assert refused.value.report.name == "box.json"
        assert refused.value.status == 422
        assert (app.store.head().position, list(Path(app.blobs.url).rglob("*"))) == (0, [])

    @pytest.mark.parametrize("n_documents", [2, 9])
    def test_many_are_taken_in_their_order_and_what_is_refused_is_told(
        self, app: App, n_documents: int
    ) -> None:
        given = [(f"d{n}", document(seen(SERIAL.format(n)))) for n in range(n_documents)]
        given.insert(1, ("broken", b"{"))
        given.insert(2, ("half", document(seen(A), BAD)))
        reports = list(app.take_in_all(capture, given))
        assert [r.name for r in reports] == [name for name, _ in given]
        assert [r.accepted for r in reports] == [n not in (1, 2) for n in range(len(given))]
        assert [(r.n_in, r.n_rejected) for r in reports[1:3]] == [(0, 0), (2, 2)]
        assert all(r.rejected[0].reason for r in reports[1:3])
        told = app.store.things(prefix="urn:epc:id:sgtin:")
        assert told == sorted(SERIAL.format(n) for n in range(n_documents))
        assert all(r.n_in == r.n_ok + r.n_rejected for r in reports)

    def test_many_with_proceed_take_what_is_good(self, app: App) -> None:
        (report,) = app.take_in_all(capture, [("half", document(seen(A), BAD))], on_error="proceed")
        assert (report.n_in, report.n_ok, report.n_rejected) == (2, 1, 1)


class TestDoing:
    def test_a_command_happens_now_where_nobody_says_when(self, app: App) -> None:
        (event,) = app.do(trace.DOMAIN, install_part, ThingId(CAR), part=A, station=ThingId(LINE))
        assert (event.happened, event.recorded) == (NOW, NOW)
        later = NOW + timedelta(days=2)
        (event,) = app.do(
            trace.DOMAIN,
            install_part,
            ThingId(CAR),
            happened_at=later,
            part=ThingId(SERIAL.format("B")),
            station=ThingId(LINE),
        )
        assert (event.happened, event.version) == (later, 2)

    def test_a_refusal_writes_nothing(self, app: App) -> None:
        tell(app, into(CAR, A))
        before = app.store.head()
        with pytest.raises(RefusedError):
            app.do(trace.DOMAIN, install_part, ThingId(CAR), part=A, station=ThingId(LINE))
        assert app.store.head() == before

    def test_a_question_is_asked_of_the_store(self, app: App) -> None:
        tell(app, into(CAR, A))
        assert app.ask(down, thing=ThingId(CAR)) == down(app.store, thing=ThingId(CAR))


class TestWords:
    def test_a_car_is_called_by_its_vin_and_what_nobody_knows_by_itself(self, app: App) -> None:
        assert CAR.removeprefix(VIN) in app.label(CAR)
        assert app.label("mailto:somebody") == "mailto:somebody"

    def test_an_event_of_a_domain_that_says_nothing_is_called_by_its_fact(self, app: App) -> None:
        tell(app, into(CAR, A))
        silent = replace(trace.DOMAIN, describe=None)
        quiet = App(store=app.store, blobs=app.blobs, signer=app.signer, domains=(silent,))
        (event, _) = app.store.after(0)
        assert quiet.describe(event) == ("Associated", "")
        assert app.describe(event)[0] == "Associated"


class TestCheckpoints:
    def test_a_checkpoint_covers_the_thread_as_it_stands_and_verifies(self, app: App) -> None:
        tell(app, seen(A))
        made = app.checkpoint()
        assert (made.position, made.made_at, made.is_signed()) == (2, to_us(NOW), True)
        assert app.store.checkpoints() == [made]
        tell(app, seen(CAR))
        found = app.verify(trusted_key=made.key)
        assert (found.whole, found.n_events, found.covered_to) == (True, 4, 2)
        assert not app.verify(also=[Signer.fresh().sign(1, bytes(32), 0)]).whole

    def test_the_key_is_one_key_for_all_stores_of_a_user(self, app: App, tmp_path: Path) -> None:
        other = open_app(f"{tmp_path}/other.sqlite")
        tell(app, seen(A))
        tell(other, seen(CAR))
        assert app.checkpoint().key == other.checkpoint().key
        assert (tmp_path / "data" / "keys" / "checkpoint.pem").stat().st_mode & 0o777 == 0o600
        other.store.close()

    def test_there_is_nothing_to_sign_in_an_empty_thread(self, app: App) -> None:
        with pytest.raises(RefusedError, match="nothing to sign yet"):
            app.checkpoint()
        assert app.verify().whole


class TestPlaces:
    def test_the_data_folder_is_the_one_that_is_said(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("TREADLE_DATA", str(tmp_path))
        monkeypatch.delenv("TREADLE_STORE", raising=False)
        assert data_folder() == tmp_path
        assert store_url() == f"sqlite:///{tmp_path}/treadle.sqlite"

    def test_a_store_is_where_it_is_said_to_be_first_here_then_in_the_environment(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("TREADLE_STORE", "postgresql://here/it")
        assert store_url() == "postgresql://here/it"
        assert store_url("memory://") == "memory://"
        monkeypatch.chdir(tmp_path)
        assert store_url("a.sqlite") == f"sqlite:///{tmp_path}/a.sqlite"
        monkeypatch.setenv("HOME", str(tmp_path))
        assert store_url("~/b.sqlite") == f"sqlite:///{tmp_path}/b.sqlite"

    def test_blobs_lie_beside_an_sqlite_store_and_in_the_data_folder_of_others(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.delenv("TREADLE_BLOBS", raising=False)
        monkeypatch.setenv("TREADLE_DATA", str(tmp_path))
        assert blob_url("sqlite:////x/t.sqlite") == "/x/t.sqlite.blobs"
        assert blob_url("postgresql://here/it") == f"{tmp_path}/blobs"
        monkeypatch.setenv("TREADLE_BLOBS", "s3://bucket")
        assert blob_url("sqlite:////x/t.sqlite") == "s3://bucket"

    def test_what_is_no_store_is_refused(self) -> None:
        with pytest.raises(InvalidInputError, match="mysql:// is no store"):
            open_app("mysql://here/it")

    def test_a_store_opens_again_with_all_that_was_in_it(self, app: App, tmp_path: Path) -> None:
        tell(app, into(CAR, A))
        again = open_app(f"{tmp_path}/t.sqlite")
        assert again.store.head() == app.store.head()
        assert again.verify().whole
        again.store.close()


def test_the_canonical_spelling_goes_through_every_domain() -> None:
    def domain(name: str, old: str, new: str) -> Domain:
        return Domain(name=name, title=name, canonical=lambda thing: thing.replace(old, new))

    assert canonical_of(())("a") == "a"
    assert canonical_of([domain("x", "a", "b")])("a") == "b"
    assert canonical_of([domain("x", "a", "b"), domain("y", "b", "c")])("a") == "c"
    assert canonical_of(DOMAINS)(SERIAL.format(7)) == "https://id.gs1.org/01/09521000000209/21/7"
