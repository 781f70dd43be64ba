"""The server of the page: Solara's own, with our settings, on an address that is free."""

from __future__ import annotations

import os
import socket
import threading
import warnings
from collections.abc import Callable
from importlib.util import find_spec
from typing import TYPE_CHECKING

from selforg_sim.app.hosting import Hosting, host_with, hosting
from selforg_sim.app.limits import Limits
from selforg_sim.errors import UsageError

if TYPE_CHECKING:
    from uvicorn import Server

    from selforg_sim.scenario import Scenario

PAGE = "selforg_sim.app.page"
SETTINGS = {
    "SOLARA_APP": PAGE,
    "SOLARA_MODE": "production",
    "SOLARA_TELEMETRY_MIXPANEL_ENABLE": "False",
    "SOLARA_THEME_SHOW_BANNER": "False",
    "SOLARA_THEME_TITLE": "selforg",
    "SOLARA_THEME_LOADER": "plain",
    "SOLARA_KERNEL_CULL_TIMEOUT": "60s",  # a closed page says so; this is for a lost connection
}


def serve(
    host: str = "127.0.0.1",
    port: int = 8765,
    results: Scenario | None = None,
    limits: Limits | None = None,
    started: Callable[[str], None] = lambda address: None,
) -> None:
    """Serve the page until it is stopped.

    Parameters
    ----------
    host, port : where to listen; port 0 takes one that is free
    results : the scenario of a folder of results, with which the page opens
    limits : what visitors may ask for
    started : called with the address as soon as pages are served

    Raises
    ------
    UsageError
        If the address cannot be had, or Solara is not installed.
    """
    check_installed()
    listening = open_socket(host, port)
    host_with(Hosting(limits or Limits(), results))
    address = address_of(listening)
    with listening:
        _server(lambda: started(address), hosting().limits).run(sockets=[listening])


def check_installed() -> None:
    """Refuse to go on without what the page needs."""
    missing = [name for name in ("solara", "ipyvue", "ipyvuetify", "uvicorn") if not _there(name)]
    if missing:
        raise UsageError(
            f"The page needs {missing[0]}, which is not installed; install it with: "
            "python -m pip install selforg_sim"
        )


def works_offline() -> bool:
    """Whether all that the browser loads lies on this machine."""
    return _there("solara_assets")


def open_socket(host: str, port: int) -> socket.socket:
    """A socket that listens there.

    Raises
    ------
    UsageError
        If the port is taken or may not be had, or the host is not one of this machine.

    Examples
    --------
    >>> with open_socket("127.0.0.1", 0) as free:
    ...     free.getsockname()[0]
    '127.0.0.1'
    """
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        return socket.create_server((host, port), family=family, backlog=128)
    except socket.gaierror:
        raise UsageError(
            f"--host {host}: there is no such address on this machine; use 127.0.0.1 for this "
            "machine alone, or 0.0.0.0 for all that can reach it."
        ) from None
    except (OSError, OverflowError) as error:
        raise UsageError(
            f"Port {port} of {host} cannot be used ({_reason(error)}); stop what uses it, or "
            f"choose another, as in: selforg app --port {port % 60_000 + 1}"
        ) from None


def address_of(listening: socket.socket) -> str:
    """The address to open in a browser."""
    host, port = listening.getsockname()[:2]
    if host in ("0.0.0.0", "::"):
        host = "localhost"
    return f"http://{f'[{host}]' if ':' in host else host}:{port}/"


def _reason(error: Exception) -> str:
    text = getattr(error, "strerror", None) or str(error)
    return str(text).partition(" (while")[0].lower()


def _there(module: str) -> bool:
    return find_spec(module) is not None


def _server(started: Callable[[], None], limits: Limits) -> Server:
    os.environ.update(SETTINGS)
    warnings.filterwarnings("ignore", message="Cookies with samesite=none")  # no frame is ours
    import uvicorn

    class Starting(uvicorn.Server):
        """Tells when it serves."""

        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            await super().startup(sockets)
            if self.started:
                threading.Thread(target=_warm_up, daemon=True, name="warm-up").start()
                started()

    return Starting(
        uvicorn.Config(
            "solara.server.starlette:app",
            log_level="error",
            access_log=False,
            loop="asyncio",
            ws_max_size=1_000_000 + 6 * limits.upload_bytes,  # in JSON a sign takes six at most
            timeout_graceful_shutdown=1,  # open pages hold a connection that never ends by itself
        )
    )


def _warm_up() -> None:
    """Load what the first world needs while the browser still loads the page."""
    import selforg_sim.app.visit  # noqa: F401
    from selforg_sim.simulation import warm_up

    warm_up()
