"""The command ``ocr serve``."""

from __future__ import annotations

import os
import re
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from nn.exit_codes import listed
from ocr.commands.console import tell
from ocr.commands.defaults import Config
from ocr.commands.options import option_of
from ocr.commands.output import standard_output
from ocr.errors import OutputError
from ocr.web.settings import HOST, MAX_BYTES, MAX_PIXELS, SECONDS

if TYPE_CHECKING:
    import socket

    from ocr.web.settings import Settings

PORT = 8000
EPILOG = f"{listed()} Here 2 is also a port that is taken, 5 a package that is missing."
LEAVING = 5
"""Seconds for answering pending requests when the server is stopped."""
EVERYWHERE = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}
"""Addresses that stand for all interfaces, and the loopback address to use for each."""
_TOKEN = r"[A-Za-z0-9._~-]{16,200}"


def serve_command(
    host: Annotated[
        str,
        typer.Option(
            metavar="ADDRESS", help="Address to listen on; 0.0.0.0 lets other machines in, by token."
        ),
    ] = HOST,
    port: Annotated[int, typer.Option(min=0, max=65535, help="0 takes any that is free.")] = PORT,
    corrections: Annotated[
        Path | None,
        typer.Option(
            metavar="FOLDER",
            help="Keep corrected letters in FOLDER, to learn from. [in the folder of your data]",
        ),
    ] = None,
    no_corrections: Annotated[
        bool, typer.Option("--no-corrections", help="Keep no corrected letters.")
    ] = False,
    data: Annotated[
        list[Path] | None,
        typer.Option(metavar="FILE", help="A data set to train on in the view Lab; again for more."),
    ] = None,
    model: Annotated[Path | None, option_of("model")] = None,
    token: Annotated[
        str | None,
        typer.Option(
            envvar="OCR_TOKEN",
            metavar="TEXT",
            help="Answer only requests with this token. For other machines one is made if none is given.",
        ),
    ] = None,
    jobs: Annotated[int | None, typer.Option("--jobs", "-j", min=1, help="Processes. [cores]")] = None,
    timeout: Annotated[
        float, typer.Option(min=1, metavar="SECONDS", help="Give up a page after this time.")
    ] = SECONDS,
    max_upload: Annotated[
        float, typer.Option(min=0.1, max=1000, metavar="MB", help="Reject larger files.")
    ] = MAX_BYTES / 1e6,
    max_pixels: Annotated[int, option_of("max_pixels")] = MAX_PIXELS,
    open_page: Annotated[bool, typer.Option("--open", help="Open the page in the browser.")] = False,
    config: Config = None,
) -> None:
    """Serve a page to draw letters, read pictures, inspect and correct readings, and an HTTP API.

    It stops at Ctrl-C, after answering pending requests; its exit code is then 0.
    """
    _require_packages()
    import secrets

    from nn.threads import cores
    from ocr.web.settings import Settings, is_loopback

    if token is None and not is_loopback(host):
        token = secrets.token_urlsafe(24)
    if token is not None and not re.fullmatch(_TOKEN, token):
        raise typer.BadParameter(
            "must be 16 letters, digits or ._~- or more; leave it out to have one made", param_hint="--token"
        )
    if no_corrections:
        corrections = None
    elif corrections is not None:
        _make(corrections)
    else:
        corrections = _own_folder()
    if model is not None and corrections is not None:
        _require_another(model, corrections)
    settings = Settings(
        host=host,
        token=token,
        model=model,
        corrections=corrections,
        data=tuple(data or ()),
        jobs=jobs or cores(),
        seconds=timeout,
        max_bytes=round(max_upload * 1e6),
        max_pixels=max_pixels,
    )
    _check_model(model)
    with _bound(host, port) as listening:
        _serve(settings, listening, open_page)


def _require_packages() -> None:
    try:
        import fastapi  # noqa: F401
        import python_multipart  # noqa: F401
        import uvicorn  # noqa: F401
    except ImportError as error:
        raise OutputError(
            "serve needs packages that are not installed: pip install 'letters-ocr[serve]'"
        ) from error


def _own_folder() -> Path | None:
    """Return the folder for corrections among the user's data, if it can be made when something is kept."""
    from ocr.commands.folders import can_be_made, data_folder

    folder = data_folder() / "corrections"
    return folder if can_be_made(folder) else None


def _make(folder: Path) -> None:
    """Make a folder, if needed, and check that it can be written to."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except FileExistsError as error:
        raise OutputError(f"{folder}: is a file, not a folder") from error
    except OSError as error:
        raise OutputError(f"{folder}: cannot be made: {error.strerror or error}") from error
    if not os.access(folder, os.W_OK | os.X_OK):
        raise OutputError(f"{folder}: may not be written to")


def _require_another(model: Path, corrections: Path) -> None:
    """Reject the network that is learned as --model: it would be learned from itself."""
    from ocr.web.choice import LEARNED

    if model.resolve() == (corrections / LEARNED).resolve():
        said = (
            f"{model} is what is learned from --corrections {corrections}; leave --model out, and choose "
            "Learned under Teach: that is remembered"
        )
        raise typer.BadParameter(said, param_hint="--model")


def _check_model(model: Path | None) -> None:
    """Raise `nn.errors.ModelError` if a network cannot be used for reading."""
    from ocr.reader import Reader

    Reader(model=model)


def _bound(host: str, port: int) -> socket.socket:
    """Return a listening socket; errors of its address become usage errors."""
    import socket

    try:
        [(family, _, _, _, address), *_] = socket.getaddrinfo(
            host.strip("[]"), port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )
    except OSError as error:
        raise typer.BadParameter(f"'{host}' is no address of this machine", param_hint="--host") from error
    listening = socket.socket(family, socket.SOCK_STREAM)
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(address)
        listening.listen(2048)
    except OSError as error:
        listening.close()
        raise _refused(error, host, port) from error
    return listening


def _refused(error: OSError, host: str, port: int) -> typer.BadParameter:
    import errno

    if error.errno == errno.EADDRINUSE:
        said = f"{port} is taken by another program; name another port, or 0 for any that is free"
        return typer.BadParameter(said, param_hint="--port")
    if error.errno == errno.EACCES:
        return typer.BadParameter(f"{port} is not yours to take; name one above 1023", param_hint="--port")
    return typer.BadParameter(f"'{host}' is no address of this machine", param_hint="--host")


def _serve(settings: Settings, listening: socket.socket, open_page: bool) -> None:
    import socket

    import uvicorn

    from ocr.web.app import create_app
    from ocr.web.connections import HEAD, HttpConnection

    address = _address(settings, listening)

    class Server(uvicorn.Server):
        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            await super().startup(sockets)
            if not self.should_exit:
                with standard_output() as stream:
                    stream.write(f"Open {address}  (Ctrl-C stops it)\n")
                    if settings.host in EVERYWHERE:
                        elsewhere = _address(settings, listening, socket.gethostname())
                        stream.write(f"On other machines: {elsewhere}\n")
                if open_page:
                    threading.Thread(target=_open, args=(address,), daemon=True).start()

    config = uvicorn.Config(
        create_app(settings),
        access_log=False,
        h11_max_incomplete_event_size=HEAD,
        http=HttpConnection,
        log_config=None,
        proxy_headers=False,
        server_header=False,
        timeout_graceful_shutdown=LEAVING,
        ws="none",
    )
    server = Server(config)
    try:
        server.run(sockets=[listening])
    except KeyboardInterrupt:  # the signal that stopped it, raised once more
        if not server.started:
            raise
    except SystemExit:  # a start that failed
        pass
    if not server.started:
        raise OutputError("the processes that read could not be started; OCR_DEBUG=1 shows why")


def _open(address: str) -> None:
    """Open a browser; some commands return only when it is closed."""
    import webbrowser

    if not webbrowser.open(address):
        tell("no browser found; open the address yourself")


def _address(settings: Settings, listening: socket.socket, everywhere: str = "") -> str:
    """Return the address to open in a browser: on this machine, or from others by its host name."""
    host = everywhere or EVERYWHERE.get(settings.host, settings.host)
    host = f"[{host}]" if ":" in host.strip("[]") and "[" not in host else host
    port = listening.getsockname()[1]
    return f"http://{host}:{port}/" + (f"?token={settings.token}" if settings.token else "")
