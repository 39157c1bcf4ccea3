"""`treadle` on the fake engine, as a program of its own: `python -m proving.fake_treadle ...`."""

import os
import sys
from pathlib import Path

from treadle.proving.formats import opening

FAKE = "proving.fake_engine"
TESTS = Path(__file__).parents[1]
FILES = {
    "one.xosc": "name=Cut in\ncount=1\nroad=r.xodr\n",
    "r.xodr": "hello=road\n",
    "many.xosc": "varies=one.xosc\ncount=9000\noutside=100\n",
    "few.xosc": "varies=one.xosc\ncount=45\nwait_s=0.02\n",
    "slow.xosc": "varies=one.xosc\ncount=45\nwait_s=0.15\n",
    "odd.xosc": "name=Odd\nunsupported=nothing in Treadle reads this element\n",
    "wrong.xosc": "name=Wrong\nerror=Ego is not declared\n",
}


def written(folder: Path) -> Path:
    """Write the fake scenarios into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in FILES.items():
        (folder / name).write_text(text)
    return folder


def surroundings(folder: Path) -> dict[str, str]:
    """Return the environment of a fake treadle that keeps everything in a folder."""
    return {
        **os.environ,
        "PYTHONPATH": str(TESTS),
        "TREADLE_DATA": str(folder / "data"),
        "TREADLE_STORE": str(folder / "t.sqlite"),
        "COLUMNS": "200",
        "NO_COLOR": "1",
    }


def main() -> None:
    """Run the command line on the fake engine."""
    opening.API = opening.MANIFESTS = FAKE
    from treadle.cli import main as run  # noqa: PLC0415 - after the engine is chosen

    sys.argv[0] = "treadle"
    run()


if __name__ == "__main__":
    main()
