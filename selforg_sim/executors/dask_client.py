"""The way to a Dask scheduler: reached in bounded time or refused in words, without its chatter."""

from __future__ import annotations

import asyncio
import importlib
import logging
import warnings
from collections.abc import Iterator
from concurrent.futures import CancelledError, ThreadPoolExecutor
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from selforg_sim.errors import UsageError

if TYPE_CHECKING:
    from distributed import Client

PATIENCE = 10.0
"""Seconds to wait for an answer of the scheduler."""
CHATTER = ("distributed", "distributed.client", "distributed.gc", "tornado.application")
"""Loggers that write to the terminal by themselves."""


def library(name: str) -> Any:
    """Import Dask's ``distributed`` or ``dask_jobqueue``.

    Raises
    ------
    UsageError
        If they are not installed.
    """
    try:
        return importlib.import_module(name)
    except ImportError as error:
        raise UsageError(
            f"Dask is not installed ({error}). Install it with: pip install 'selforg_sim[dask]'"
        ) from None


def connect(address: str, patience: float = PATIENCE) -> Client:
    """A client of the scheduler at an address.

    Raises
    ------
    UsageError
        If none answers in time.
    """
    distributed = library("distributed")
    from distributed.versions import VersionMismatchWarning

    try:
        # A thread, since a notebook has a loop of its own running in this one.
        with ThreadPoolExecutor(1) as pool:
            pool.submit(asyncio.run, _reach(address, patience)).result()
        with warnings.catch_warnings():
            # Libraries may differ between machines; what matters is looked at by the work.
            warnings.simplefilter("ignore", VersionMismatchWarning)
            client: Client = distributed.Client(address, timeout=patience, set_as_default=False)
    except Exception as error:
        told = " ".join(str(error).split()) or f"nothing heard in {patience:g} s"
        raise UsageError(
            f"No Dask scheduler answers at {address} ({told}). Is it running, and can this machine "
            "reach it?"
        ) from None
    return client


async def _reach(address: str, patience: float) -> None:
    """Greet the scheduler; its client would wait for ever where somebody else is silent."""
    from distributed import Security
    from distributed.core import connect

    options = Security().get_connection_args("client")
    async with asyncio.timeout(patience):
        comm = await connect(address, timeout=0.9 * patience, **options)
    comm.abort()


def threads(client: Client) -> int:
    """Threads of all workers of a cluster."""
    found = client.nthreads(callback_timeout=PATIENCE)
    return sum(found.values())


def is_of_dask(error: Exception) -> bool:
    """Whether an error says something of the cluster rather than of the work.

    >>> is_of_dask(TimeoutError()), is_of_dask(ImportError())
    (True, False)
    """
    module = type(error).__module__.partition(".")[0]
    return module == "distributed" or isinstance(error, OSError | CancelledError)


@contextmanager
def quiet() -> Iterator[None]:
    """Keep what Dask logs from the terminal; what matters is told in other ways."""
    loggers = [logging.getLogger(name) for name in CHATTER]
    levels = [logger.level for logger in loggers]
    for logger in loggers:
        logger.setLevel(logging.CRITICAL + 1)
    try:
        yield
    finally:
        for logger, level in zip(loggers, levels, strict=True):
            logger.setLevel(level)
