"""`treadle serve` and `treadle client`: the web console and the API, and who may use them."""

import gc
import os
import signal
import socket
from pathlib import Path
from threading import Event
from types import FrameType
from typing import Annotated, Any

import typer
from rich.markup import escape

from treadle.app import data_folder, store_url
from treadle.cli.session import complain, out, session, stop, told
from treadle.kernel import RefusedError

OAuthFile = Annotated[
    Path | None,
    typer.Option(
        "--oauth",
        envvar="TREADLE_OAUTH",
        metavar="FILE",
        help="OAuth2 clients and their scopes (TOML); without it only this machine is served.",
    ),
]
_LOOPBACK = ("127.0.0.1", "localhost", "::1")
_STORE, _OAUTH = "TREADLE_STORE", "TREADLE_OAUTH"


def add(program: typer.Typer) -> None:
    """Add the words to the program."""
    program.command(rich_help_panel="The house")(serve)
    clients = typer.Typer(
        name="client", no_args_is_help=True, help="Programs that may use the API over the network."
    )
    clients.command("add")(add_client)
    clients.callback()(lambda: None)  # one word today; it stays a group
    program.add_typer(clients, rich_help_panel="The house")


def serve(
    context: typer.Context,
    *,
    host: Annotated[str, typer.Option(help="The address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535, help="The port.")] = 8170,
    workers: Annotated[int, typer.Option(min=1, help="Processes that serve.")] = 1,
    oauth: OAuthFile = None,
) -> None:
    """Serve the web console and the API; only to this machine where nothing else is configured."""
    import uvicorn  # noqa: PLC0415 - the server takes 0.1 s to import, only this word needs it

    from treadle.api.security import Security  # noqa: PLC0415 - so does FastAPI

    with told():
        if workers > 1 and store_url(session(context).store) == "memory://":
            text = "a store in memory cannot be shared by several workers; give --store a file"
            raise RefusedError(text)
        security = Security.configured(oauth)
        security.check_host(host)
        _check_free(host, port)
        session(context).app()  # a store that cannot be opened is told here, not by every worker
        session(context).close()
    # Workers are processes of their own: they learn by the environment what this one was told.
    os.environ[_STORE] = store_url(session(context).store)
    if oauth is not None:
        os.environ[_OAUTH] = str(oauth.absolute())
    _announce(host, port, security.key)
    uvicorn.run(
        "treadle.cli.serving:served",
        factory=True,
        host=host,
        port=port,
        workers=workers,
        access_log=False,  # it would write the key of the printed address
        timeout_graceful_shutdown=3,
        server_header=False,
        log_level="warning",
    )


def _announce(host: str, port: int, key: str) -> None:
    shown = f"[{host}]" if ":" in host else host
    out().print(f"Treadle serves at [bold]{escape(f'http://{shown}:{port}')}[/]", soft_wrap=True)
    here = f"http://{shown if host in _LOOPBACK else '127.0.0.1'}:{port}/?key={key}"
    out().print(f"Open [bold]{escape(here)}[/]", soft_wrap=True)
    where = escape(str(data_folder() / "keys" / "local.key"))
    out().print(f"Programs send `Authorization: Bearer KEY`, KEY from {where}", soft_wrap=True)
    if host not in _LOOPBACK:
        text = "Over the network tokens travel as they are: put a proxy that speaks TLS before it."
        out().print(text, soft_wrap=True)


def _check_free(host: str, port: int) -> None:
    """Refuse an address that another server has, before anything is printed."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((host, port))
        except OSError as error:
            text = f"cannot listen on {host} port {port}: {error.strerror}; try another --port"
            raise RefusedError(text) from error


def served() -> Any:
    """Return what a worker serves: the API, and the web console where there is one."""
    from treadle import api, app  # noqa: PLC0415 - in a worker, as above
    from treadle.api.security import Security  # noqa: PLC0415 - in a worker, as above
    from treadle.cli.console import mount  # noqa: PLC0415 - in a worker, as above

    oauth = os.environ.get(_OAUTH)
    opened = app.open_app(os.environ.get(_STORE))
    security = Security.configured(Path(oauth) if oauth else None)
    http = api.build(opened, security)
    mount(http, opened)
    _close_streams_on_signals(http.state.closing)
    # What is loaded now stays: walking it again and again would cost answers 30 ms now and then.
    gc.collect()
    gc.freeze()
    return http


def _close_streams_on_signals(closing: Event) -> None:
    """End open streams at once when the server is told to end: it waits for every answer."""
    for number in (signal.SIGINT, signal.SIGTERM):
        before = signal.getsignal(number)

        def close(number: int, frame: FrameType | None, before: Any = before) -> None:
            closing.set()
            if callable(before):
                before(number, frame)

        signal.signal(number, close)


def add_client(
    name: Annotated[str, typer.Argument(help="What the program is called.")],
    *,
    scope: Annotated[
        list[str], typer.Option(help="What it may do: <domain>:read, store:write, ...; repeatable.")
    ],
    oauth: OAuthFile = None,
) -> None:
    """Let a program use the API: write it into the OAuth2 file and print its secret once."""
    from treadle.api.oauth import add_client as write  # noqa: PLC0415 - joserfc, only here
    from treadle.api.security import scopes_of  # noqa: PLC0415 - FastAPI, only here
    from treadle.app import DOMAINS  # noqa: PLC0415 - with the two above

    if oauth is None:
        complain("say which file holds the clients: --oauth FILE, or TREADLE_OAUTH")
        stop(2)
    with told():
        secret = write(oauth, name, scope, scopes_of(DOMAINS))
    out().print(f"client_id      {escape(name)}\nclient_secret  {secret}", soft_wrap=True)
    out().print(f"{escape(str(oauth))} keeps only its hash: this is the one time it is shown.")
