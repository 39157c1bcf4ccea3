"""Documents in from files, folders and standard input, with a row for every file."""

import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from treadle.app import Report
from treadle.cli.session import GOOD, INTERRUPTED, REFUSED, complain, console, out, print_json
from treadle.kernel import Rejected, StoreError

TakeIn = Callable[[Iterable[tuple[str, bytes]]], Iterator[Report]]
"""Takes documents in by name, in their order: what became of each."""

STDIN = Path("-")
_REASONS_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Source:
    """One document to be read.

    Attributes
    ----------
    found
        It was met in a folder: nobody said that it is a document of this sort.
    """

    path: Path
    found: bool

    @property
    def name(self) -> str:
        """What it is called in a report."""
        return "standard input" if self.path == STDIN else str(self.path)

    def read(self) -> bytes:
        """Return its content."""
        return sys.stdin.buffer.read() if self.path == STDIN else self.path.read_bytes()


@dataclass(slots=True)
class Ledger:
    """The reports of a run, file by file, and what stopped it."""

    reports: list[Report] = field(default_factory=list)
    n_sources: int = 0

    @property
    def refused(self) -> bool:
        """Whether anything was not taken."""
        return any(not r.accepted or r.n_rejected for r in self.reports)

    def totals(self) -> dict[str, int]:
        """Return the sums: n_in = n_ok + n_rejected."""
        counts = ("n_in", "n_ok", "n_duplicate", "n_rejected")
        return {
            "n_files": len(self.reports),
            "n_files_refused": sum(not r.accepted for r in self.reports),
            **{name: sum(getattr(r, name) for r in self.reports) for name in counts},
        }

    def plain(self) -> dict[str, Any]:
        """Return everything for programs."""
        return {
            "files": [
                {
                    "file": r.name,
                    "accepted": r.accepted,
                    "n_in": r.n_in,
                    "n_ok": r.n_ok,
                    "n_duplicate": r.n_duplicate,
                    "n_rejected": r.n_rejected,
                    "rejected": r.rejected,
                    "remarks": r.remarks,
                }
                for r in self.reports
            ],
            "totals": {**self.totals(), "n_files_not_reached": self.n_sources - len(self.reports)},
        }


def sources(paths: Sequence[Path]) -> Iterator[Source]:
    """Yield every document: files as named, folders to the bottom in the order of names."""
    for path in paths:
        if path.is_dir():
            for inside in sorted(path.rglob("*")):
                if not inside.is_dir():
                    yield Source(inside, found=True)
        else:
            yield Source(path, found=False)


def take_in_paths(take_in: TakeIn, paths: Sequence[Path], *, as_json: bool) -> int:
    """Take documents in, show what became of each, return the exit code."""
    todo = list(sources(paths))
    ledger = Ledger(n_sources=len(todo))
    code, stopped = GOOD, ""
    try:
        with _progress(len(todo)) as step:
            for report in _reports(take_in, todo):
                ledger.reports.append(report)
                step(report.name)
    except KeyboardInterrupt:
        left = len(todo) - len(ledger.reports)
        stopped = (
            f"interrupted with {left} of {len(todo)} files to go; the same command goes on, "
            "what the thread has already is left out"
        )
        code = INTERRUPTED
    except StoreError as error:
        stopped, code = str(error), REFUSED
    if as_json:
        print_json(ledger.plain())
    else:
        _show(out(), ledger)
    if stopped:
        complain(stopped)
    return code or (REFUSED if ledger.refused else GOOD)


def _reports(take_in: TakeIn, todo: Sequence[Source]) -> Iterator[Report]:
    """Yield the report of every source in its place, those that cannot be opened too."""
    unopened: dict[int, Report] = {}
    opened: deque[int] = deque()

    def documents() -> Iterator[tuple[str, bytes]]:
        for n, source in enumerate(todo):
            try:
                content = source.read()
            except OSError as error:
                unopened[n] = _refused(source, error.strerror or str(error))
            else:
                opened.append(n)
                yield source.name, content

    n_told = 0
    for report in take_in(documents()):
        n = opened.popleft()
        yield from (unopened[m] for m in range(n_told, n))
        yield _of_folder(todo[n], report)
        n_told = n + 1
    yield from (unopened[m] for m in range(n_told, len(todo)))


def _of_folder(source: Source, report: Report) -> Report:
    """Return a report, in other words for a file that only happened to lie in a folder."""
    unread = not report.accepted and report.n_in == 0 and report.rejected
    if not source.found or not unread or report.rejected[0].reason.startswith("not supported"):
        return report
    return _refused(source, f"not supported: {report.rejected[0].reason}")


def _refused(source: Source, reason: str) -> Report:
    rejected = (Rejected(place="", reason=reason),)
    return Report(name=source.name, accepted=False, rejected=rejected)


@contextmanager
def _progress(total: int) -> Iterator[Callable[[str], None]]:
    """Show a bar on a terminal, nothing elsewhere; yield what tells it a name."""
    from rich.progress import (  # noqa: PLC0415 - 15 ms that `treadle --help` need not wait
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeRemainingColumn,
    )

    stderr = console(stderr=True)
    columns = (
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
    )
    shown = stderr.is_terminal and total > 1
    with Progress(*columns, console=stderr, transient=True, disable=not shown) as progress:
        task = progress.add_task("", total=total)

        def step(name: str) -> None:
            progress.update(task, advance=1, description=Path(name).name[:40])

        yield step


def _show(target: Console, ledger: Ledger) -> None:
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("file", overflow="fold")
    table.add_column("accepted")
    for name in ("in", "new", "known", "rejected"):
        table.add_column(name, justify="right")
    for r in ledger.reports:
        counts = (r.n_in, r.n_ok - r.n_duplicate, r.n_duplicate, r.n_rejected)
        accepted = "[green]yes[/]" if r.accepted else "[red]no[/]"
        table.add_row(escape(r.name), accepted, *map(str, counts))
    totals = ledger.totals()
    n_new = totals["n_ok"] - totals["n_duplicate"]
    if len(ledger.reports) > 1:
        table.add_section()
        sums = (totals["n_in"], n_new, totals["n_duplicate"], totals["n_rejected"])
        table.add_row(f"{len(ledger.reports)} files", "", *map(str, sums), style="bold")
    target.print(table)
    for r in ledger.reports:
        _show_reasons(target, r)
    target.print(
        f"\n{totals['n_in']} in = {n_new} new + {totals['n_duplicate']} known already "
        f"+ {totals['n_rejected']} rejected"
    )


def _show_reasons(target: Console, report: Report) -> None:
    for rejected in report.rejected[:_REASONS_SHOWN]:
        place = f" {rejected.place}:" if rejected.place else ""
        told = escape(f"{report.name}:{place} {rejected.reason}")
        target.print(f"[red]rejected[/] {told}", soft_wrap=True)
    if len(report.rejected) > _REASONS_SHOWN:
        more = len(report.rejected) - _REASONS_SHOWN
        target.print(f"[red]rejected[/] {escape(report.name)}: and {more} more (--json has all)")
    for remark in report.remarks:
        target.print(f"[yellow]remark[/] {escape(f'{report.name}: {remark}')}", soft_wrap=True)
