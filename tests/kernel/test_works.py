"""Works: asked for once, computed in parts, stopped anywhere, and the same in the end."""

import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from doors import toy
from treadle.app import App
from treadle.kernel import RefusedError, ThingId
from treadle.kernel.blob import BlobStore
from treadle.kernel.bundle import Bundle
from treadle.kernel.claims import Claims
from treadle.kernel.memory import MemoryStore
from treadle.kernel.repeating import repeat
from treadle.kernel.sql import SqlStore
from treadle.kernel.work import Hands, Life

FILES = Bundle(
    files={"a/boxes.txt": b"one\nthree\nseven\ntwelve\nx\nyy\nzzz\n", "b.txt": b"more\n"}
)


@pytest.fixture(params=["memory", "sqlite"])
def app(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[App]:
    made = replace(toy.toy_app(), claims=Claims(tmp_path / "claims"))
    if request.param == "sqlite":
        store: Any = SqlStore.open(f"sqlite:///{tmp_path}/t.sqlite", (), str)
    else:
        store = MemoryStore()
    yield replace(made, store=store, blobs=BlobStore(str(tmp_path / "blobs")))
    store.close()


@pytest.fixture(autouse=True)
def _whole() -> Iterator[None]:
    yield
    toy.broken.update({"at": -1, "by": 0.0})


def ask(app: App, **wish: Any) -> Life:
    life, _ = app.works.ask(toy.DOMAIN, toy.ROLL, FILES, boxes="a/boxes.txt", **wish)
    return life


def done(app: App, **wish: Any) -> Life:
    return app.works.go_on(ask(app, **wish).run, Hands())


def stop_after(n: int) -> Hands:
    """Return the hands of somebody who loses patience after so many items."""
    reached = threading.Event()
    return Hands(
        report=lambda at, _: reached.set() if at >= n else None,
        stopped=reached.is_set,
    )


def result(life: Life) -> str:
    assert life.finished is not None
    return life.finished.result


def names(app: App, life: Life) -> list[str]:
    return [event.stored_as.split(".")[1] for event in app.store.history(life.run)]


def test_a_work_is_computed_part_by_part_and_summed_up(app: App) -> None:
    life = done(app, push_m=2.0)
    assert life.state == "finished"
    assert [(p.first, p.until) for p in life.parts] == [(0, 3), (3, 6), (6, 7)]
    assert life.finished is not None
    lengths = [3, 5, 5, 6, 1, 2, 3]
    assert life.finished.summary == {"n_boxes": 7, "sum_m": 2.0 * sum(lengths)}
    assert names(app, life) == [
        "rolling_asked", *["rolling_part_finished"] * 3, "rolling_finished",
    ]  # fmt: skip


def test_everything_that_the_result_depends_on_is_in_the_fact(app: App) -> None:
    life = ask(app, seed=4, marks={"a": "b"})
    assert life.asked.seed == 4
    assert life.asked.options == {"push_m": 1.0, "marks": {"a": "b"}}
    assert set(life.asked.versions) == {"python", "treadle"}
    files = app.works.inputs(life.asked.about)
    assert dict(files.files) == {"boxes.txt": FILES.files["a/boxes.txt"]}
    assert files.entries == {"boxes": "boxes.txt"}


def test_the_same_asked_twice_is_one_run_and_again_makes_another(app: App) -> None:
    first = done(app)
    assert ask(app).run == first.run
    assert ask(app, wait_s=0.5).run == first.run, "how long it takes changes nothing of it"
    assert ask(app, push_m=3.0).run != first.run
    other = ask(app, again=True)
    assert other.run != first.run
    assert result(app.works.go_on(other.run, Hands())) == result(first)
    assert ask(app, again=True).run not in (first.run, other.run)


def test_one_scenario_has_one_name_wherever_its_files_lie(app: App, tmp_path: Path) -> None:
    (tmp_path / "boxes.txt").write_bytes(FILES.files["a/boxes.txt"])
    from treadle.kernel.bundle import Disk  # noqa: PLC0415 - only here

    life, _ = app.works.ask(toy.DOMAIN, toy.ROLL, Disk(), boxes=str(tmp_path / "boxes.txt"))
    assert life.run == ask(app).run
    registered = app.store.history(life.asked.about)
    assert len(registered) == 1
    told = {event.thing for event in app.store.thread(life.asked.about)}
    assert told == {life.asked.about, life.run}, "the files' thread shows their runs"


@pytest.mark.parametrize("n", [1, 2, 3, 4, 6])
def test_stopped_anywhere_and_resumed_gives_the_same_bytes(app: App, n: int) -> None:
    whole = done(app, again=True)
    life = ask(app, again=True)
    stopped = app.works.go_on(life.run, stop_after(n))
    assert stopped.state == "open"
    assert stopped.n_done == (n // 3) * 3
    resumed = app.works.go_on(life.run, Hands())
    assert result(resumed) == result(whole)
    assert resumed.finished == whole.finished


def test_cancelled_means_stopped_until_somebody_resumes(app: App) -> None:
    life = ask(app)
    app.works.go_on(life.run, stop_after(3))
    assert app.works.cancel(life.run).state == "cancelled"
    with pytest.raises(RefusedError, match="cancelled already"):
        app.works.cancel(life.run)
    assert app.works.go_on(life.run, Hands()).state == "finished"
    assert names(app, life)[2:4] == ["rolling_cancelled", "rolling_resumed"]
    with pytest.raises(RefusedError, match="finished already"):
        app.works.cancel(life.run)


def test_a_run_that_is_cancelled_by_somebody_else_stops_and_keeps_its_parts(app: App) -> None:
    life = ask(app)

    def report(at: int, _: int) -> None:
        if at == 4:
            app.works.cancel(life.run)

    stopped = app.works.go_on(life.run, Hands(report=report))
    assert (stopped.state, stopped.n_done) == ("cancelled", 3)


def test_what_fails_says_why_and_goes_on_when_it_is_mended(app: App) -> None:
    life = ask(app)
    toy.broken["at"] = 4
    with pytest.raises(RefusedError, match="box 4 does not roll"):
        app.works.go_on(life.run, Hands())
    failed = app.works.life(life.run)
    assert (failed.state, failed.error, failed.n_done) == (
        "failed",
        "box 4 does not roll; oil it",
        3,
    )
    toy.broken["at"] = -1
    assert result(app.works.go_on(life.run, Hands())) == result(done(app, again=True))


def test_a_fault_is_told_on_the_thread_and_not_swallowed(
    app: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    life = ask(app)
    monkeypatch.setattr(toy, "_lines", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        app.works.go_on(life.run, Hands())
    assert "a fault: ZeroDivisionError" in app.works.life(life.run).error


def test_a_run_is_repeated_from_blobs_alone(app: App) -> None:
    life = done(app)
    again = repeat(app.works, life.run, Hands())
    assert again.identical
    assert again.result == again.result_then == result(life)
    assert app.works.life(life.run).repeats[-1].identical


def test_a_repeat_that_differs_says_in_what(app: App) -> None:
    life = done(app)
    toy.broken["by"] = 0.5
    again = repeat(app.works, life.run, Hands())
    assert not again.identical
    assert not again.good
    assert again.differences[0] == "box 0 3.0, now 0 3.5"
    assert again.result != again.result_then == result(life)
    assert app.works.life(life.run).state == "finished", "what it gave stays what it gave"


def test_what_is_not_finished_cannot_be_repeated(app: App) -> None:
    with pytest.raises(RefusedError, match="not finished"):
        repeat(app.works, ask(app).run, Hands())


def test_two_do_not_compute_one_run(app: App) -> None:
    life = ask(app)
    inside: list[str] = []

    def report(at: int, _: int) -> None:
        if at == 1:
            with pytest.raises(RefusedError, match="works on"):
                app.works.go_on(life.run, Hands())
            inside.append("refused")
            assert app.claims.taken(life.run)

    assert app.works.go_on(life.run, Hands(report=report)).state == "finished"
    assert inside == ["refused"]
    assert not app.claims.taken(life.run)


def test_who_was_overtaken_gives_up_and_nothing_is_there_twice(app: App) -> None:
    """Another machine has no part in claims; the thread's versions keep it from mixing in."""
    life = ask(app)
    elsewhere = replace(app, claims=Claims())
    overtaken: list[Life] = []

    def report(at: int, _: int) -> None:
        if at == 1 and not overtaken:
            overtaken.append(elsewhere.works.go_on(life.run, Hands()))

    with pytest.raises(RefusedError, match="somebody else"):
        app.works.go_on(life.run, Hands(report=report))
    assert app.works.life(life.run).state == "finished"
    assert result(app.works.life(life.run)) == result(overtaken[0])


def test_claims_of_two_processes_are_seen_by_each_other(tmp_path: Path) -> None:
    one, other = Claims(tmp_path), Claims(tmp_path)
    with one.of("run") as mine, other.of("run") as theirs:
        assert (mine, theirs) == (True, False)
        assert other.taken("run")
        assert not other.taken("another")
    assert not other.taken("run")


def test_a_run_is_found_by_the_start_of_its_number(app: App) -> None:
    life = done(app)
    assert app.works.life(life.id[:6]).run == life.run
    assert app.ask(toy.rolled, thing=ThingId(life.run)).n_boxes == 7
