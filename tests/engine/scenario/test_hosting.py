"""Hosted drivers are found on disk by whoever comes after, and are told apart by what they do."""

import subprocess
import sys

from treadle.engine.keeping import place
from treadle.engine.scenario import hosting

ASKED = """
from numba.core import registry, types
from treadle.engine.keeping import kept
from treadle.engine.scenario import hosting
cache = kept(hosting.ask_acc.py_func)
print(cache._index_key(types.none(), registry.cpu_target.target_context.codegen()))
"""


def test_another_process_looks_for_compiled_drivers_under_the_same_name() -> None:
    told = [
        subprocess.run([sys.executable, "-c", ASKED], capture_output=True, text=True, check=True)
        for _ in range(2)
    ]
    assert told[0].stdout
    assert told[0].stdout == told[1].stdout


def test_drivers_have_places_of_their_own() -> None:
    hosted = [getattr(hosting, f"ask_{name}") for name in ("acc", "idm", "cc", "weaver")]
    places = [place(one.py_func) for one in hosted]
    assert len({*places}) == len(hosted)
    assert places == [place(one.py_func) for one in hosted]
