"""`treadle play`: lives a programme through, answers what one would ask, then serves the console.

The plant that is not connected is played by its twin, a process of its own that speaks only the
public API. Playing again is safe (what the thread has is not taken twice), and after an
interruption the next play goes on.
"""

import json
import os
import subprocess
import sys
import time
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Annotated, Any

import typer

from treadle.app import App
from treadle.cli.listening import Listening, listening
from treadle.cli.session import complain, out, print_json, session, stop, told
from treadle.kernel import InvalidInputError, RefusedError, ThingId
from treadle.kernel.bundle import Disk

_RUNS = 1000  # documents of one run and more

Seen = dict[str, Any]


def add(program: typer.Typer) -> None:
    """Add the word to the program."""
    program.command(rich_help_panel="The house")(play)


def play(
    context: typer.Context,
    programme: Annotated[
        Path, typer.Argument(help="The programme's folder; examples/heddle is one.")
    ],
    *,
    cars: Annotated[
        int | None, typer.Option(min=1, help="How many cars; the programme's count otherwise.")
    ] = None,
    seed: Annotated[int | None, typer.Option(help="Another seed than the programme's.")] = None,
    serve: Annotated[
        bool, typer.Option("--serve/--no-serve", help="Serve the console afterwards.")
    ] = True,
    port: Annotated[int, typer.Option(min=0, max=65535, help="The console's port.")] = 8170,
) -> None:
    """Live a programme through, show what one would ask of it, and serve the console."""
    from treadle.cli import answers  # noqa: PLC0415 - as every room that help alone does not need

    run = session(context)
    with told():
        if not (programme / "programme.toml").is_file():
            text = f"{programme} is no programme: it has no programme.toml; see examples/heddle"
            raise InvalidInputError(text)
        app = run.app()
        _refuse_another_run(app, programme, cars=cars, seed=seed)
        with listening(app, port if serve else 0) as server:
            wish = _words(programme, cars=cars, seed=seed)
            showroom = _showroom(programme, server, seed=seed)
            showroom("documents")
            taken = showroom("orders", _plan(wish))
            started = time.perf_counter()
            last = _watch(wish, server, quiet=run.as_json)
            seconds = time.perf_counter() - started
            showroom("deliveries", last["sold"])
            answer = answers.ask(app, last["story"], played=last, seconds=seconds)
            if run.as_json:
                print_json(answer)
            else:
                answers.show(app, answer)
                _show_orders(taken)
            _prove(app, programme, quiet=run.as_json)
            if serve:
                _wait(server)


def _refuse_another_run(app: App, programme: Path, *, cars: int | None, seed: int | None) -> None:
    """Refuse to play a programme where it was played with other numbers of cars or chance.

    The cars of both runs would have the same VINs and different lives.
    """
    toml = tomllib.loads((programme / "programme.toml").read_text(encoding="utf-8"))
    head = toml.get("programme", {})
    count = cars if cars is not None else toml.get("cars", {}).get("count")
    runs = f"https://treadle.example/documents/{head.get('name')}/"
    mine = f"{runs}seed-{head.get('seed') if seed is None else seed}/{count}-cars/"
    for document in app.store.things(prefix=runs, limit=_RUNS):
        if not document.startswith(mine):
            other = document.removeprefix(runs).partition("/by-")[0].replace("/", ", ")
            text = (
                f"this store holds another run of {head.get('name')} ({other}), with the same VINs "
                "and other lives; play this one in its own store: treadle --store FILE play ..."
            )
            raise RefusedError(text)


def _words(programme: Path, *, cars: int | None, seed: int | None) -> list[str]:
    """Return the twin's command line."""
    words = [sys.executable, "-m", "treadle.twins.plant", "--programme", str(programme)]
    for name, value in (("cars", cars), ("seed", seed)):
        if value is not None:
            words += [f"--{name}", str(value)]
    return words


def _plan(words: list[str]) -> Any:
    """Return the cars that the plant's twin plans to build."""
    ran = subprocess.run([*words, "--plan"], stdout=subprocess.PIPE, text=True, check=False)  # noqa: S603 - as below
    last: Seen = json.loads(ran.stdout.splitlines()[-1]) if ran.stdout.strip() else {}
    if "cars" not in last:
        why = last.get("error") or f"the plant's twin ended with exit code {ran.returncode}"
        text = f"the programme cannot be played: {why}"
        raise RefusedError(text)
    return last["cars"]


def _watch(words: list[str], server: Listening, *, quiet: bool) -> Seen:
    """Run the twin, show how far it is, and return its last word."""
    # The key goes by the environment: a command line can be read by every user of the machine.
    environment = os.environ | {"TREADLE_KEY": server.key}
    twin = subprocess.Popen(  # noqa: S603 - our own twin, with checked arguments
        [*words, "--to-order", "--api", server.address],
        stdout=subprocess.PIPE,
        text=True,
        env=environment,
    )
    try:
        last = _progress(_lines(twin), quiet=quiet)
    except KeyboardInterrupt:
        twin.terminate()  # it stops after the document in hand
        twin.wait(timeout=60)
        complain("Interrupted. Nothing is lost: the same command goes on from here.")
        stop(130)
    if twin.wait() != 0 or last.get("event") != "finished":
        why = last.get("error") or f"the plant's twin ended with exit code {twin.returncode}"
        text = f"the programme was not played to its end: {why}"
        raise RefusedError(text)
    return last


def _showroom(
    programme: Path, server: Listening, *, seed: int | None
) -> Callable[..., dict[str, Any]]:
    """Return what runs the showrooms' twin: on `documents`, `orders` and `deliveries` of cars."""
    words = [sys.executable, "-m", "treadle.twins.showroom"]
    more = ["--programme", str(programme), "--api", server.address]
    more += [] if seed is None else ["--seed", str(seed)]

    def run(what: str, cars: Any = None) -> Seen:
        try:
            ran = subprocess.run(  # noqa: S603 - our own twin, with checked arguments
                [*words, what, *more],
                input=json.dumps(cars),
                stdout=subprocess.PIPE,
                text=True,
                check=False,
                env=os.environ | {"TREADLE_KEY": server.key},
            )
        except KeyboardInterrupt:
            complain("Interrupted. Nothing is lost: the same command goes on from here.")
            stop(130)
        last: Seen = json.loads(ran.stdout.splitlines()[-1]) if ran.stdout.strip() else {}
        if ran.returncode != 0:
            why = last.get("error") or f"the showrooms' twin ended with exit code {ran.returncode}"
            text = f"the programme's {what} were not taken: {why}"
            raise RefusedError(text)
        return last

    return run


def _show_orders(taken: Seen) -> None:
    if orders := taken.get("orders"):
        what = f"Orders, from quote to delivery: [bold]{len(orders):,}[/]"
        out().print(f"{what}; `treadle sales order {orders[0]}`", soft_wrap=True)


def _lines(twin: subprocess.Popen[str]) -> Iterator[Seen]:
    if twin.stdout is None:
        return
    for line in twin.stdout:
        seen: Seen = json.loads(line)
        yield seen


def _progress(lines: Iterator[Seen], *, quiet: bool) -> Seen:
    from rich.progress import (  # noqa: PLC0415 - as above
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeElapsedColumn,
    )

    last: Seen = {}
    columns = (
        TextColumn("[bold]{task.description}"),
        BarColumn(bar_width=32),
        MofNCompleteColumn(),
        TextColumn("[dim]{task.fields[rate]}"),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=out(), disable=quiet) as progress:
        events = progress.add_task("Events", total=None, rate="")
        cars = progress.add_task("Cars", total=None, rate="")
        taken, began = 0, time.perf_counter()
        for seen in lines:
            last = seen
            match seen["event"]:
                case "started":
                    progress.update(events, total=seen["n_events"])
                    progress.update(cars, total=seen["n_cars"])
                    began = time.perf_counter()
                case "captured":
                    taken += seen["n_ok"] + seen["n_rejected"]
                    rate = f"{taken / (time.perf_counter() - began):,.0f} a second"
                    progress.update(events, completed=taken, rate=rate)
                    progress.update(cars, completed=seen["cars_done"])
                case _:
                    pass
    return last


def _prove(app: App, programme: Path, *, quiet: bool) -> None:
    """Carry out the works that a programme asks for, [[works]], each once; show what came of them.

    Files are named from the programme's folder on. `verifies` names requirements, and which claim
    of the catalogue each asks for.
    """
    from treadle.kernel.work import Hands  # noqa: PLC0415 - as above

    toml = tomllib.loads((programme / "programme.toml").read_text(encoding="utf-8"))
    for asked in toml.get("works", []):
        wish = dict(asked)
        name = str(wish.pop("work", ""))
        verifies = wish.pop("verifies", {})
        work = app.works.work_of(name)
        domain = next(one for one in app.domains if work in one.works)
        for word, value in wish.items():
            if isinstance(value, str) and (programme / value).is_file():
                wish[word] = str(programme / value)
        try:
            life, how = app.works.ask(domain, work, Disk(), **wish)
        except TypeError as error:
            text = f"{programme / 'programme.toml'}, [[works]] {name}: {error}"
            raise InvalidInputError(text) from error
        life = app.works.go_on(life.run, Hands(), how=how)
        _verify(app, life.asked.about, verifies)
        if not quiet:
            headline, detail = app.describe(list(app.store.history(life.run))[-1])
            shown = {
                word: value for word, value in asked.items() if word not in ("work", "verifies")
            }
            who = ", ".join(map(str, shown.values()))
            out().print(f"{headline}: [bold]{detail}[/] ({who})", soft_wrap=True)


def _verify(app: App, to: ThingId, verifies: dict[str, str]) -> None:
    """Link requirements to what verifies them, each once: a requirement, and which claim."""
    from treadle.kernel.operation import operations  # noqa: PLC0415 - as above

    design = next(domain for domain in app.domains if domain.name == "design")
    by_name = {one.name: one.function for one in operations(design)}
    for requirement, claim in verifies.items():
        told = app.ask(by_name["requirement"], thing=ThingId(requirement))
        if not any((link.to, link.claim) == (to, claim) for link in told.links):
            wish: dict[str, Any] = {"to": to, "kind": "verified_by", "claim": claim}
            app.do(design, by_name["link"], told.requirement, **wish)


def _wait(server: Listening) -> None:
    out().print(f"\nThe console is open at [bold]{server.page}[/]", soft_wrap=True)
    out().print("Ctrl-C closes it; `treadle serve` opens it again.")
    try:
        server.wait()
    except KeyboardInterrupt:
        out().print("Closed.")
