"""Long work and readings of files on the command line: progress, Ctrl-C, resume, exit codes."""

import signal
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import Annotated, Any

import typer

from treadle.app import App
from treadle.cli import rendering
from treadle.cli.parameters import AS_JSON, argument, as_asked, flag, option, sign, split
from treadle.cli.session import (
    INTERRUPTED,
    REFUSED,
    Session,
    complain,
    console,
    out,
    print_json,
    session,
    stop,
    told,
)
from treadle.kernel import Domain, ThingId
from treadle.kernel.bundle import Bundle, Disk
from treadle.kernel.leaving import Save
from treadle.kernel.operation import Operation, Parameter
from treadle.kernel.work import Hands, Life, Work

_AGAIN = flag(
    "again", bool, False, "--again", help="Compute anew, also what the thread has already."
)
_THING = "urn:"
_RUN = typer.Argument(metavar="RUN", help="The run; the start of its number will do.")
_JSON = typer.Option("--json", help="Answer as JSON, for programs.")


def reading(_: Domain, operation: Operation) -> Callable[..., None]:
    """Return the word that says what files say; exit code 1 where something is wrong with them."""
    arguments, options = split(operation.parameters)

    def read(context: typer.Context, **values: Any) -> None:
        run = session(context)
        with told():
            asked = as_asked(operation.parameters, values)
            _check_files(operation.parameters, asked)
            _show(run, operation.function(Disk(), **asked), as_json=values["as_json"], app=None)

    sign(read, [*map(argument, arguments), *map(option, options), AS_JSON])
    return read


def work(domain: Domain, operation: Operation) -> Callable[..., None]:
    """Return the word of a long work."""
    made = operation.work
    if made is None:
        raise TypeError(f"{operation.name} is no work")
    arguments, options = split(operation.parameters)

    def do(context: typer.Context, **values: Any) -> None:
        run = session(context)
        with told():
            wish = as_asked(operation.parameters, values)
            app = run.app()
            files = _on_the_thread(app, operation.parameters, wish)
            if files is None:
                _check_files(operation.parameters, wish)
            saves = _saves(made, operation, wish, values)
            life, how = app.works.ask(domain, made, files or Disk(), again=values["again"], **wish)
            if life.state == "finished":
                complain_softly("the thread has this run already; --again computes it anew")
            else:
                life = _carried_out(app, domain, life, how)
            for save, path in saves:
                save.write(app.works.saving(life), path)
            answer = app.ask(made.answer, thing=life.run)
            _show(run, answer, as_json=values["as_json"], app=app)

    targets = [
        flag(save.option, Path | None, None, f"--{save.option}", metavar="FILE", help=save.help)
        for save in made.saves
    ]
    last = [*targets, _AGAIN, AS_JSON]
    sign(do, [*map(argument, arguments), *map(option, options), *last])
    return do


def add_lives(words: typer.Typer, domain: Domain, *, panel: str) -> None:
    """Add what every domain with long work has: resume, cancel, repeat; and warm."""
    if domain.works:
        words.command(rich_help_panel=panel)(_resume(domain))
        words.command(rich_help_panel=panel)(_cancel())
        words.command(rich_help_panel=panel)(_repeat())
    if (warm := domain.warm) is not None:

        def prepare() -> None:
            with told():
                for sentence in warm():
                    console(stderr=True).print(sentence, soft_wrap=True)

        summary = (warm.__doc__ or "").partition("\n")[0]
        words.command("warm", help=summary, rich_help_panel=panel)(prepare)


def _resume(domain: Domain) -> Callable[..., None]:
    def resume(
        context: typer.Context,
        run: Annotated[str, _RUN],
        *,
        as_json: Annotated[bool, _JSON] = False,
    ) -> None:
        """Go on with a run that was cancelled, interrupted or failed, after its last part."""
        with told():
            app = session(context).app()
            life = _carried_out(app, domain, app.works.life(run), {})
            answer = app.ask(app.works.work_of(life.asked.work).answer, thing=life.run)
            _show(session(context), answer, as_json=as_json, app=app)

    return resume


def _cancel() -> Callable[..., None]:
    def cancel(context: typer.Context, run: Annotated[str, _RUN]) -> None:
        """Cancel a run, wherever it is computed; what is finished of it is kept."""
        with told():
            life = session(context).app().works.cancel(run)
        out().print(f"cancelled after {life.n_done:,} of {life.asked.n_items:,}", soft_wrap=True)

    return cancel


def _repeat() -> Callable[..., None]:
    def repeat(
        context: typer.Context,
        run: Annotated[str, _RUN],
        *,
        as_json: Annotated[bool, _JSON] = False,
    ) -> None:
        """Compute a finished run once more from what the thread keeps, and compare every byte."""
        from treadle.kernel.repeating import repeat as once_more  # noqa: PLC0415 - for this word

        with told():
            app = session(context).app()
            life = app.works.life(run)
            with _waiting(life) as waiting:
                answer = once_more(app.works, life.run, waiting.hands)
            _show(session(context), answer, as_json=as_json, app=app)

    return repeat


def _on_the_thread(
    app: App, parameters: tuple[Parameter, ...], wish: dict[str, Any]
) -> Bundle | None:
    """Return the files of a thing, where one stands in the place of a file; else None."""
    for p in parameters:
        named = wish[p.name]
        if p.is_file and isinstance(named, str) and named.startswith(_THING):
            files = app.works.inputs(app.store.resolve(ThingId(named)) or ThingId(named))
            if p.name not in files.entries:
                opens = ", ".join(files.entries) or "nothing"
                raise typer.BadParameter(f"{named} is no {p.name}; it is {opens}")
            wish[p.name] = files.entries[p.name]
            return files
    return None


def _check_files(parameters: tuple[Parameter, ...], asked: Mapping[str, Any]) -> None:
    for p in parameters:
        if not p.is_file or asked[p.name] is None:
            continue
        given = asked[p.name] if isinstance(asked[p.name], tuple) else (asked[p.name],)
        for path in given:
            if not Path(path).is_file():
                raise typer.BadParameter(f"{path} is not there, or is no file")


def _saves(
    made: Work, operation: Operation, wish: dict[str, Any], values: Mapping[str, Any]
) -> list[tuple[Save, Path]]:
    """Return which files are to be written, and wish for what they need."""
    found = []
    usual = {p.name: p.default for p in operation.parameters}
    for save in made.saves:
        path: Path | None = values[save.option]
        if path is None:
            continue
        if path.suffix not in save.suffixes:
            ends = " or ".join(save.suffixes)
            raise typer.BadParameter(f"{path} should end with {ends}, which says the form")
        if not path.parent.is_dir():
            raise typer.BadParameter(f"the folder {path.parent} is not there")
        for name, value in save.wish.items():
            if wish[name] == usual[name]:
                wish[name] = value
        found.append((save, path))
    return found


def _carried_out(app: App, domain: Domain, life: Life, how: Mapping[str, Any]) -> Life:
    """Compute what is left of a run; end the program where that was interrupted."""
    with _waiting(life) as waiting:
        life = app.works.go_on(life.run, waiting.hands, how=how)
    if life.state == "finished":
        return life
    if life.state == "open":
        life = app.works.cancel(life.run)
    done = f"{life.n_done:,} of {life.asked.n_items:,}"
    complain(f"cancelled after {done}; treadle {domain.name} resume {life.id} goes on from there")
    return stop(INTERRUPTED)


@dataclass(frozen=True, slots=True)
class Waiting:
    """Somebody who waits at a terminal."""

    hands: Hands


@contextmanager
def _waiting(life: Life) -> Iterator[Waiting]:
    """Show progress on a terminal; the first Ctrl-C asks to stop, a second one ends at once."""
    from rich.progress import (  # noqa: PLC0415 - 15 ms that `treadle --help` need not wait
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeRemainingColumn,
    )

    is_stopped = threading.Event()
    stderr = console(stderr=True)
    columns = (
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
    )
    total = life.asked.n_items
    with (
        Progress(*columns, console=stderr, transient=True, disable=not stderr.is_terminal) as bar,
        _ctrl_c(is_stopped),
    ):
        task = bar.add_task("starting", total=total, completed=life.n_done)

        def report(done: int, total: int) -> None:
            bar.update(task, completed=done, total=total, description="computing")

        def say(words: str) -> None:
            bar.update(task, description=words)

        yield Waiting(Hands(report=report, say=say, stopped=is_stopped.is_set))


@contextmanager
def _ctrl_c(is_stopped: threading.Event) -> Iterator[None]:
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.getsignal(signal.SIGINT)

    def handle(_number: int, _frame: FrameType | None) -> None:
        is_stopped.set()
        signal.signal(signal.SIGINT, before)
        complain_softly("stopping at the next good moment; Ctrl-C again ends at once")

    signal.signal(signal.SIGINT, handle)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def complain_softly(text: str) -> None:
    """Say on stderr what is good to know."""
    console(stderr=True, soft_wrap=True, markup=False).print(text, style="dim")


def _show(run: Session, answer: Any, *, as_json: bool, app: App | None) -> None:
    """Print an answer; end with 1 where it says that it is not good."""
    if run.as_json or as_json:
        print_json(answer)
    elif app is None:
        rendering.print_answer(out(), answer)
    else:
        rendering.print_answer(out(), answer, app.name)
    if not getattr(answer, "good", True):
        stop(REFUSED)
