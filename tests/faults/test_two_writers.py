"""Two processes capture into one store at once: one order without gaps, nothing lost or twice."""

from pathlib import Path

import pytest

from faults.thread_kept import assert_sound, derived, run_alone, start, write
from plant_story import story
from treadle.app import open_app
from treadle.kernel.verify import all_events

STORY = story(3, batch=60)


@pytest.mark.parametrize("kept", ["sqlite", "postgresql"])
def test_two_processes_that_capture_at_once_make_one_thread(
    kept: str,
    tmp_path: Path,
    request: pytest.FixtureRequest,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    store = f"{tmp_path}/t.sqlite"
    if kept == "postgresql":
        store = request.getfixturevalue("postgres_url")
    # One has the even ones, the other the odd ones, and a third of them both have.
    halves = (STORY.documents[0::2], STORY.documents[1::2])
    common = STORY.documents[::3]
    folders = [
        write((*half, *common), tmp_path / name)
        for half, name in zip(halves, ("even", "odd"), strict=True)
    ]
    writers = [start(store, tmp_path, "trace", "capture", str(folder)) for folder in folders]
    assert [writer.wait(120) for writer in writers] == [0, 0], (tmp_path / "said").read_text()

    monkeypatch.setenv("TREADLE_BLOBS", f"{tmp_path}/blobs")
    alone, together = run_alone(STORY.documents, tmp_path), open_app(store)
    assert_sound(together)
    assert together.store.head().position == alone.store.head().position
    bodies = [sorted(e.body for e in all_events(app.store)) for app in (alone, together)]
    assert bodies[0] == bodies[1]
    one, other = derived(alone), derived(together)
    # Which document came first decides how a thing is first spelled; here all spell alike.
    assert one["links"] == other["links"]
    assert one["things"] == other["things"]
    assert one["threads"] == other["threads"]
    alone.store.close()
    together.store.close()
