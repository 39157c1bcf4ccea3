"""The generated reference says what the code says."""

import runpy
from pathlib import Path

SCRIPT = Path(__file__).parents[2] / "docs" / "generate_reference.py"


def test_the_reference_is_current() -> None:
    stale = runpy.run_path(str(SCRIPT))["stale"]()
    assert not stale, f"{', '.join(stale)}: run `python docs/generate_reference.py`"


def test_the_reference_tells_of_every_domain_and_of_units() -> None:
    pages = runpy.run_path(str(SCRIPT))["pages"]()
    assert "`treadle trace down`" in pages["cli.md"]
    assert "`POST /standards/epcis/capture`" in pages["api.md"]
    assert "`trace:write`" in pages["api.md"]
