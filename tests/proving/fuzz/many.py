"""Many broken works tried, in processes that may die or hang: a table of what came of them.

python -m proving.fuzz.many --number 20000 --seed 0

A case is told by the seed and its number alone, so any of them can be tried again (`--case`).
With NUMBA_BOUNDSCHECK=1 (and a TREADLE_CACHE of its own) every index of the engine is checked.
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import threading
from collections import Counter
from dataclasses import asdict, dataclass, field
from pathlib import Path
from queue import Empty, SimpleQueue

from treadle.proving.rules.simulating import warm

ROOT = Path(__file__).parents[3]
MEMORY = 4 << 30  # bytes
SECONDS = 60.0
"""What a case may take of a core: a hang, if more."""
AT_A_TIME = 400
"""Cases after which a process is begun anew."""
_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass
class Found:
    """What came of the cases so far."""

    outcomes: Counter[str] = field(default_factory=Counter)
    faults: list[dict[str, object]] = field(default_factory=list)
    slow: list[tuple[float, str]] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def add(self, told: dict[str, object]) -> None:
        with self.lock:
            self.outcomes[str(told["outcome"])] += 1
            if told["is_fault"]:
                self.faults.append(told)
                print(f"FAULT {told['case']} {told['outcome']} {told['entry']}: {told['text']}")
                sys.stdout.flush()
            done = self.outcomes.total()
            if done % 500 == 0:
                print(f"{done} cases, {len(self.faults)} faults", flush=True)


def shared() -> Path | None:
    """Return the shared data, where it is."""
    folder = Path(os.environ.get("TREADLE_SHARED", ROOT.parent / "shared")) / "data"
    return folder if folder.is_dir() else None


def work() -> None:
    """Try the cases that standard input names, one a line; answer each with a line."""
    from proving.fuzz.trying import GOOD, attempt  # noqa: PLC0415 - not in the parent

    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    answers = os.fdopen(os.dup(1), "w")
    lost: list[str] = []
    sys.unraisablehook = lambda one: lost.append(f"{one.exc_value} in {one.object!r}")
    for line in sys.stdin:
        lost.clear()
        before = sum(os.times()[:2])
        tried = attempt(line.strip(), shared())
        told = asdict(tried) | {"is_fault": tried.outcome not in GOOD}
        if lost:
            told |= {"outcome": "out of bounds", "text": "; ".join(lost[:3]), "is_fault": True}
        told["seconds"] = sum(os.times()[:2]) - before
        answers.write(json.dumps(told) + "\n")
        answers.flush()


def _seconds(process: int) -> float:
    """Return what a process took of the cores so far."""
    try:
        words = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(words[11]) + int(words[12])) / _TICKS


class _Worker:
    """A process that tries cases, and whoever ends it when it takes too long."""

    def __init__(self) -> None:
        command = [sys.executable, "-m", "proving.fuzz.many", "--work"]
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self._begun, self._is_late = 0.0, False
        self._done = threading.Event()
        threading.Thread(target=self._watch, daemon=True).start()

    def attempt(self, case: str) -> dict[str, object]:
        """Try a case; where the process dies of it, say so."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._begun = _seconds(self._process.pid)
        self._process.stdin.write(case + "\n")
        self._process.stdin.flush()
        answer = self._process.stdout.readline()
        if answer:
            told: dict[str, object] = json.loads(answer)
            return told
        self._process.wait()
        outcome = "hang" if self._is_late else f"died: {self._process.returncode}"
        return {"case": case, "outcome": outcome, "text": "", "entry": "", "is_fault": True,
                "seconds": SECONDS}  # fmt: skip

    def _watch(self) -> None:
        while not self._done.wait(1.0):
            if _seconds(self._process.pid) - self._begun > SECONDS:
                self._is_late = True
                self._process.kill()
                return

    @property
    def is_alive(self) -> bool:
        return self._process.poll() is None

    def close(self) -> None:
        self._done.set()
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait()


def _work_off(cases: "SimpleQueue[str]", found: Found) -> None:
    while True:
        worker = _Worker()
        try:
            for _ in range(AT_A_TIME):
                told = worker.attempt(cases.get_nowait())
                found.add(told)
                found.slow.append((float(str(told["seconds"])), str(told["case"])))
                if not worker.is_alive:
                    break
        except Empty:
            return
        finally:
            worker.close()


def run(seed: str, first: int, number: int, processes: int) -> Found:
    """Try cases of a seed."""
    cases: SimpleQueue[str] = SimpleQueue()
    for k in range(first, first + number):
        cases.put(f"{seed}-{k}")
    found = Found()
    threads = [threading.Thread(target=_work_off, args=(cases, found)) for _ in range(processes)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


def main() -> int:
    """Say what came of all cases; 1 where any of it is a fault."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--number", type=int, default=20_000)
    asked.add_argument("--seed", default="0")
    asked.add_argument("--first", type=int, default=0)
    asked.add_argument("--processes", type=int, default=os.cpu_count() or 1)
    asked.add_argument("--case", help="try this one alone, in this process")
    asked.add_argument("--work", action="store_true", help=argparse.SUPPRESS)
    given = asked.parse_args()
    if given.work:
        work()
        return 0
    if given.case:
        from proving.fuzz.trying import attempt  # noqa: PLC0415 - not in the parent

        print(attempt(given.case, shared()))
        return 0
    warm(lambda n: print(f"compiling {n} functions", flush=True))
    found = run(given.seed, given.first, given.number, given.processes)
    print(f"\n{found.outcomes.total()} cases of seed {given.seed}")
    for outcome, count in found.outcomes.most_common():
        print(f"{count:8}  {outcome}")
    for seconds, case in sorted(found.slow, reverse=True)[:5]:
        print(f"{seconds:8.1f} s of a core for {case}")
    for told in found.faults:
        print(f"FAULT {told['case']} {told['outcome']} {told['entry']}: {told['text']}")
    return 1 if found.faults else 0


if __name__ == "__main__":
    sys.exit(main())
