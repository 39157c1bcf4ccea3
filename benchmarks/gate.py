"""The release gate on all 121,060 variants of the UN R157 scenarios, both releases paired.

    python benchmarks/gate.py [--sample N] [--baseline D] [--candidate D]
                              [--limit S] [--everywhere] [REFERENCE...]

Target: under 25 minutes on 2 cores. With --sample only so many variants of each scenario. What is
printed besides: each reference's and the candidate's collisions, and where the candidate collides
though a reference avoids it (target: nowhere). References are run where a release collides, which
decides the same; with --everywhere in all variants.
"""

import argparse
import tempfile
import time
from pathlib import Path

from treadle.proving.formats.campaigning import Campaign, Doing, gathered
from treadle.proving.rules.deciding import gate_summary

SHARED = Path(__file__).parents[2] / "shared" / "data" / "scenarios" / "alks" / "logical_scenarios"
HEAD = """name = "UN R157 Annex 5"
version = "1"
references = {references}
references_run = "{run}"
time_limit_s = {limit}
[[requirement]]
id = "r157"
text = "No preventable collision"
[[criterion]]
id = "collisions"
requirement = "r157"
claim = "No preventable collision"
metric = "preventable_collisions"
most = 0
"""


class Disk:
    """Files of this machine, below the shared folder or the catalogue's own."""

    def __call__(self, path: str) -> bytes:
        """Return a file's content."""
        return Path(path).read_bytes()

    def names(self, folder: str) -> list[str]:
        """Return the files of a folder."""
        return sorted(str(one) for one in Path(folder).iterdir() if one.is_file())


def main() -> None:
    """Run the gate and print its figures beside their targets."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("references", nargs="*", default=["cc", "fsm", "rss", "reg157"])
    options.add_argument("--sample", type=int)
    options.add_argument("--baseline", default="acc")
    options.add_argument("--candidate", default="weaver")
    options.add_argument("--limit", type=float, default=60.0)
    options.add_argument("--everywhere", action="store_true", help="run references in all")
    told = options.parse_args()
    run = "everywhere" if told.everywhere else "collisions"
    text = HEAD.format(references=told.references, limit=told.limit, run=run).replace("'", '"')
    for path in sorted(SHARED.glob("*_variation*.xosc")):
        name = path.stem[14:].replace("_variation", "")
        text += f'[[scenario]]\nid = "{name}"\nfile = "{path}"\n'
        text += 'requirements = ["r157"]\n'
        text += f"sample = {told.sample}\n" if told.sample else ""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "catalogue.toml"
        path.write_text(text)
        roles = {"baseline": told.baseline, "candidate": told.candidate}
        it = Campaign(Disk(), str(path), roles, seed=0)
        n = it.cuts[-1].until
        started, parts = time.perf_counter(), []
        for cut in it.cuts:
            parts.append(it.part(cut, Doing()))
            print(f"{cut.until:7,} of {n:,} {time.perf_counter() - started:6.0f} s", flush=True)
    minutes = (time.perf_counter() - started) / 60.0
    found = gate_summary(*gathered(parts))
    print(f"{n:,} paired variants and {len(told.references)} references: {minutes:.1f} minutes")
    print("  target: 25 minutes for both releases on 2 cores")
    print(f"  decision {found['decision']}; {'; '.join(found['grounds'])}")
    for side in ("baseline", "candidate"):
        print(f"  {side} {roles[side]}: {found[side]['outcomes']}")
        for name, against in found[side]["references"].items():
            print(f"    {name}: {against}")
    print(f"  first failures: {found['candidate']['failures']}")


if __name__ == "__main__":
    main()
