"""A catalogue with a scenario that cannot be read: INCONCLUSIVE with the reason, the rest runs."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from proving.decide.test_campaigns import app, ask, folder, summary
from treadle import proving
from treadle.app import App, open_app
from treadle.kernel.bundle import Bundle
from treadle.kernel.repeating import repeat
from treadle.kernel.work import Hands
from treadle.proving.formats.campaigning import gathered, read, written
from treadle.proving.formats.cluster import _part
from treadle.proving.rules.deciding import gate_summary

__all__ = ["app", "folder"]  # fixtures

FIRST = "at_70.xosc"


def missing(folder: Path) -> None:
    (folder / FIRST).unlink()


def cut_short(folder: Path) -> None:
    whole = (folder / FIRST).read_text()
    (folder / FIRST).write_text(whole[: len(whole) // 2])


def no_text(folder: Path) -> None:
    (folder / FIRST).write_bytes(b"\xff\xfe\x00\x81 no XML")


def a_folder(folder: Path) -> None:
    (folder / FIRST).unlink()
    (folder / FIRST).mkdir()


def without_its_road(folder: Path) -> None:
    text = (folder / FIRST).read_text()
    assert "r.xodr" in text
    (folder / FIRST).write_text(text.replace("r.xodr", "gone.xodr"))


def without_who_drives(folder: Path) -> None:
    (folder / FIRST).write_text((folder / FIRST).read_text().replace("Ego", "Somebody"))


def a_missing_table(folder: Path) -> None:
    text = (folder / "c.toml").read_text()
    line = f'file = "{FIRST}"\n'
    (folder / "c.toml").write_text(
        text.replace(line, line + 'table = "gone.csv"\ndesign = "grid"\n')
    )


WAYS = (missing, cut_short, no_text, a_folder, without_its_road, without_who_drives,
        a_missing_table)  # fmt: skip


@pytest.mark.parametrize("spoil", WAYS)
def test_what_cannot_be_read_is_inconclusive_with_the_reason_and_the_rest_runs(
    app: App, folder: Path, spoil: Callable[[Path], None]
) -> None:
    spoil(folder)
    life = app.works.go_on(ask(app, proving.CAMPAIGN, folder, driver="fsm").run, Hands())
    told = summary(life)
    assert told["verdict"] == "INCONCLUSIVE"
    assert told["outcomes"] == {"PASS": 1}
    (ruling,) = told["rulings"]
    assert ruling["verdict"] == "INCONCLUSIVE"
    gone, ran = told["scenarios"]
    assert (gone["id"], gone["n_variants"], gone["verdict"]) == ("at 70", 0, "INCONCLUSIVE")
    assert "PASS" not in gone
    assert FIRST in gone["reason"]
    assert gone["reason"] in ruling["reason"]
    assert str(folder) not in gone["reason"]
    assert (ran["n_variants"], ran["PASS"]) == (1, 1)
    assert any(gone["reason"] in line for line in told["uncovered"])
    assert life.asked.options["unread"] == {"at 70": gone["reason"]}


def test_a_requirement_with_a_scenario_that_was_not_read_is_not_covered(
    app: App, folder: Path
) -> None:
    def covered() -> dict[str, int]:
        life = app.works.go_on(ask(app, proving.CAMPAIGN, folder, driver="fsm").run, Hands())
        shares: dict[str, dict[str, int]] = summary(life)["exercised"]["shares"]
        return shares["requirement"]

    assert covered() == {"covered": 1, "asked": 1}
    missing(folder)
    assert covered() == {"covered": 0, "asked": 1}


def test_a_failure_elsewhere_still_fails(app: App, folder: Path) -> None:
    missing(folder)
    (folder / "drivers.py").write_text("def on(own, others):\n    return own['speed'] * 0.0\n")
    life = ask(app, proving.CAMPAIGN, folder, driver=f"{folder}/drivers.py:on")
    told = summary(app.works.go_on(life.run, Hands()))
    assert told["verdict"] == "FAIL"
    assert told["failures"] == [{"scenario": "at 100", "variant": 0}]


@pytest.mark.parametrize("bears_on", ['["r"]', "[]"])
@pytest.mark.parametrize("metric", ["collisions", "inconclusive"])
def test_the_gate_does_not_admit_what_it_could_not_try_whatever_is_asked(
    app: App, folder: Path, bears_on: str, metric: str
) -> None:
    missing(folder)
    text = (folder / "c.toml").read_text().replace('"collisions"', f'"{metric}"')
    first, rest = text.split(f'file = "{FIRST}"')
    rest = rest.replace('requirements = ["r"]', f"requirements = {bears_on}", 1)
    (folder / "c.toml").write_text(f'{first}file = "{FIRST}"{rest}')
    life = ask(app, proving.GATE, folder, baseline="rss", candidate="fsm")
    done = app.works.go_on(life.run, Hands())
    told = summary(done)
    assert told["decision"] == "INCONCLUSIVE"
    assert told["comparison"]["pairs"]["neither"] == 1
    assert any("scenario at 70" in line and FIRST in line for line in told["grounds"])
    from_parts = gate_summary(*gathered(app.works.blobs.get(p.content) for p in done.parts))
    assert from_parts["decision"] == "INCONCLUSIVE"


def test_it_is_the_same_wherever_it_is_asked_and_repeated_from_the_fact_alone(
    app: App, folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    without_its_road(folder)
    other = tmp_path_factory.mktemp("elsewhere") / "copy"
    shutil.copytree(folder, other)
    life = app.works.go_on(ask(app, proving.CAMPAIGN, folder, driver="cc").run, Hands())
    second = open_app("memory://")
    again = ask(second, proving.CAMPAIGN, other, driver="cc")
    second.store.close()
    assert again.run == life.run
    shutil.copy(folder / "at_100.xosc", folder / FIRST)  # mended too late for this run
    assert repeat(app.works, life.run, Hands()).identical
    mended = ask(app, proving.CAMPAIGN, folder, driver="cc")
    assert mended.run != life.run
    assert "unread" not in mended.asked.options


def test_one_that_was_stopped_goes_on_with_the_same_left_out(app: App, folder: Path) -> None:
    text = (folder / "c.toml").read_text()
    more = '[[scenario]]\nid = "again"\nfile = "at_100.xosc"\nrequirements = ["r"]\n'
    (folder / "c.toml").write_text(text + more)
    missing(folder)
    run = ask(app, proving.CAMPAIGN, folder, driver="rss").run
    seen: list[int] = []
    hands = Hands(report=lambda done, _: seen.append(done), stopped=lambda: 1 in seen)
    assert not app.works.go_on(run, hands).finished
    told = summary(app.works.go_on(run, Hands()))
    assert [one["n_variants"] for one in told["scenarios"]] == [0, 1, 1]
    assert told["verdict"] == "INCONCLUSIVE"


def test_parts_of_a_catalogue_that_was_read_whole_keep_their_bytes(app: App, folder: Path) -> None:
    def about(spoil: Callable[[Path], None] | None) -> Any:
        if spoil is not None:
            spoil(folder)
        life = app.works.go_on(ask(app, proving.CAMPAIGN, folder, driver="cc").run, Hands())
        part = app.works.blobs.get(life.parts[-1].content)
        assert written(read(part)) == part
        return b'"unread"' in part

    assert not about(None)
    assert about(missing)


def test_a_worker_of_a_cluster_leaves_out_the_same(app: App, folder: Path) -> None:
    missing(folder)
    life = app.works.go_on(ask(app, proving.CAMPAIGN, folder, driver="cc").run, Hands())
    files = Bundle.kept(app.works.blobs, life.asked.manifest)
    told = {
        "path": files.entries["catalogue"],
        "roles": life.asked.options["roles"],
        "seed": life.asked.seed,
        "confidence": 0.95,
        "design": None,
        "unread": life.asked.options["unread"],
    }
    assert _part(files, told, 0) == app.works.blobs.get(life.parts[0].content)
