"""What a thread holds, in a form that two runs can be compared by."""

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from treadle.app import App, open_app
from treadle.facts.trace import DocumentCaptured
from treadle.kernel.verify import all_events
from treadle.trace.formats.capture import capture

TREADLE = Path(sys.executable).parent / "treadle"


def run_alone(documents: tuple[bytes, ...], folder: Path) -> App:
    """Capture documents one after the other, undisturbed."""
    app = open_app(f"{folder}/alone.sqlite")
    for content in documents:
        app.take_in(capture, content)
    return app


def write(documents: tuple[bytes, ...], folder: Path) -> Path:
    """Write documents as files of a folder, in their order."""
    folder.mkdir(parents=True)
    for n, content in enumerate(documents):
        (folder / f"{n:05}.jsonld").write_bytes(content)
    return folder


def surroundings(folder: Path) -> dict[str, str]:
    """Return the environment of a Treadle that keeps everything in a folder."""
    quiet = {"COLUMNS": "200", "NO_COLOR": "1"}
    return {**os.environ, **quiet, "TREADLE_DATA": str(folder), "TREADLE_BLOBS": f"{folder}/blobs"}


def start(store: str, folder: Path, *words: str) -> subprocess.Popen[bytes]:
    """Start a Treadle on a store, in a session of its own; what it says goes to `said`."""
    with (folder / "said").open("ab") as said:  # a pipe would be held open by whoever stays behind
        return subprocess.Popen(
            [TREADLE, "--store", store, *words],
            env=surroundings(folder),
            stdout=said,
            stderr=said,
            start_new_session=True,
        )


def told(app: App) -> list[tuple[object, ...]]:
    """Return all events without when they were recorded and what follows from that."""
    return [
        (e.thing, e.version, e.stored_as, e.happened_at, e.identity, e.body)
        for e in all_events(app.store)
    ]


def links(app: App) -> list[str]:
    """Return all links that ever were, without the events that tell them."""
    fields = ("child", "parent", "kind", "quantity", "uom", "since", "until")
    found = app.store.reach(app.store.things(limit=10**6), "down", ever=True)
    return sorted({repr([getattr(link, f) for f in fields]) for link in found})


def derived(app: App) -> Mapping[str, object]:
    """Return what follows from the events, whatever order they came in."""
    things = app.store.things(limit=10**6)
    rows = {
        p.name: sorted(repr({k: v for k, v in row.items() if k != "position"}) for row in found)
        for domain in app.domains
        for p in domain.projections
        for found in [app.store.rows(p)]
    }
    threads = {thing: sorted(e.body for e in app.store.thread(thing)) for thing in things[::50]}
    return {"things": things, "links": links(app), "rows": rows, "threads": threads}


def assert_sound(app: App) -> None:
    """Assert that nothing is told twice, lost, out of order, or without its document."""
    found = app.verify()
    assert found.whole, found.faults
    events = list(all_events(app.store))
    assert [e.position for e in events] == list(range(1, found.n_events + 1))
    identities = [e.identity for e in events]
    assert len(set(identities)) == len(identities)
    for event in events:
        if isinstance(event.fact, DocumentCaptured):
            assert len(app.blobs.get(event.fact.blob)) > 0
            assert all(app.store.find(identity) for identity in event.fact.events)
