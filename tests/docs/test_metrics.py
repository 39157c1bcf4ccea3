"""The page of metrics is that of the catalogue."""

import runpy
from pathlib import Path

SCRIPT = Path(__file__).parents[2] / "docs" / "generate_metrics.py"


def test_the_page_of_metrics_is_what_the_catalogue_says() -> None:
    told = runpy.run_path(str(SCRIPT))
    on_disk = told["PAGE"].read_text(encoding="utf-8")
    assert on_disk == told["page"](), "run `python docs/generate_metrics.py`"
