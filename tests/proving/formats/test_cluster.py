"""Campaigns on a Ray cluster of several nodes: the same bytes as here, whoever dies meanwhile."""

import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from proving.decide import approach
from proving.scenarios import small
from treadle.app import open_app
from treadle.kernel import InvalidInputError
from treadle.kernel.bundle import Bundle, Disk
from treadle.kernel.work import Hands, Work
from treadle.proving import DOMAIN, PROBABILITY, SEARCH
from treadle.proving.formats.campaigning import Campaign, Doing
from treadle.proving.formats.cluster import parts_on_ray

ray_cluster = pytest.importorskip("ray.cluster_utils", reason="Ray is not installed")
pytestmark = pytest.mark.filterwarnings("ignore")  # Ray's own
TOLD = {"path": "c.toml", "roles": {"driver": "fsm"}, "seed": 0, "confidence": 0.95}


@pytest.fixture(scope="module")
def files() -> Bundle:
    """Eight scenarios: somebody stands ahead at eight distances."""
    text = 'name = "n"\nversion = "1"\nreferences = ["rss"]\ntime_limit_s = 30.0\n'
    text += '[[requirement]]\nid = "r"\ntext = "t"\n'
    contents = {"r.xodr": small.network(small.road(1, "0 0 0 <line/>", 400)).encode()}
    for s in range(40, 120, 10):
        init = [
            small.placed("Ego", small.lane("1", -1, 10), 15.0),
            small.placed("Other", small.lane("1", -1, s), 0.0),
        ]
        entities = [small.entity("Ego"), small.entity("Other")]
        contents[f"{s}.xosc"] = small.text_of(entities, init, 20.0).encode()
        text += f'[[scenario]]\nid = "{s}"\nfile = "{s}.xosc"\nrequirements = ["r"]\n'
    return Bundle(files=contents | {"c.toml": text.encode()})


@pytest.fixture(scope="module")
def here(files: Bundle) -> list[bytes]:
    campaign = Campaign(files, "c.toml", {"driver": "fsm"}, 0)
    return [campaign.part(cut, Doing()) for cut in campaign.cuts]


@pytest.fixture(scope="module")
def cluster() -> Iterator[Any]:
    """A head of one core; tests add nodes."""
    paths = [str(Path(__file__).parents[3] / one) for one in ("src", "tests")]
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", ":".join(paths))
        made: Any = ray_cluster.Cluster(initialize_head=True, head_node_args={"num_cpus": 1})
        try:
            yield made
        finally:
            made.shutdown()


def test_a_cluster_whose_node_dies_comes_to_the_same_bytes(
    files: Bundle, here: list[bytes], cluster: Any
) -> None:
    node = cluster.add_node(num_cpus=1)
    cluster.wait_for_nodes()
    parts = parts_on_ray(cluster.address, files, TOLD, range(len(here)))
    found = [next(parts)]
    killer = threading.Thread(
        target=lambda: cluster.remove_node(node, allow_graceful=False), daemon=True
    )
    killer.start()
    time.sleep(0.2)
    found += list(parts)
    killer.join(60.0)
    assert len(here) == 8
    assert found == here


def test_a_search_and_an_estimate_whose_node_dies_come_to_the_same_bytes(
    tmp_path: Path, cluster: Any
) -> None:
    folder = approach.write(tmp_path, varied=approach.CHANCES)
    # One driver is asked for all cases of a round at once, the other's are shared out.
    asked: list[tuple[Work, str, int]] = [
        (SEARCH, f"{folder}/drivers.py:brakes", 160), (PROBABILITY, "reg157", 2400),
    ]  # fmt: skip
    for work, driver, runs in asked:
        node = cluster.add_node(num_cpus=1)
        cluster.wait_for_nodes()
        killer = threading.Thread(
            target=lambda node=node: cluster.remove_node(node, allow_graceful=False), daemon=True
        )

        def report(done: int, _total: int, killer: threading.Thread = killer) -> None:
            if done > 20 and killer.ident is None:
                killer.start()

        results = []
        for on in (None, cluster.address):
            app = open_app("memory://")
            wish: dict[str, Any] = {
                "catalogue": str(folder / "c.toml"),
                "driver": driver,
                "runs": runs,
                "on": on,
            }
            life, _ = app.works.ask(DOMAIN, work, Disk(), **wish)
            hands = Hands(report=report) if on else Hands()
            ended = app.works.go_on(life.run, hands)
            assert ended.finished is not None, ended.error
            results.append((ended.run, ended.finished.result, ended.finished.summary))
            app.store.close()
        assert killer.ident is not None, "no node died in mid-run"
        killer.join(60.0)
        assert results[0] == results[1]


def test_a_cluster_that_is_not_there_is_said(files: Bundle) -> None:
    with pytest.raises(InvalidInputError, match="no Ray cluster at"):
        list(parts_on_ray("127.0.0.1:1", files, TOLD, [0]))
