"""The same shop for ``async`` applications: every call is awaited, none blocks the event loop.

The work is done in threads. Awaiting callers of one moment share a commit like threads do, so a busy event loop gets
the same batches as a busy thread pool.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Final, ParamSpec, Self, TypeVar

from omo_adapters.shell import Item, Result
from omo_adapters.shop import Shop
from omo_adapters.wiring import Answer
from omo_core.decisions import Command
from omo_core.events import Event
from omo_core.ports import Recorded

CALLERS_MAX: Final = 64
"""How many calls are under way at once; further ones wait their turn."""
P = ParamSpec("P")
R = TypeVar("R")


class AwaitedShop:
    """A shop whose facts and commands are awaited; questions go through ``ask``."""

    def __init__(self, shop: Shop, *, callers_max: int = CALLERS_MAX) -> None:
        """Wrap a shop; it may be used directly from threads as well."""
        self.shop = shop
        self._threads = ThreadPoolExecutor(max_workers=callers_max, thread_name_prefix="omo")

    async def record(self, *events: Event) -> Recorded:
        """Write down what happened; durable when it returns."""
        return await self.ask(self.shop.record, *events)

    async def execute(self, command: Command) -> Answer:
        """Ask for something; what is accepted is durable when it returns."""
        return await self.ask(self.shop.execute, command)

    async def run(self, items: Sequence[Item]) -> list[Result]:
        """Take a batch of facts and commands, in order; one result each."""
        return await self.ask(self.shop.run, items)

    async def ask(self, question: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        """Await any question of the shop: ``await shop.ask(shop.shop.account, member)``.

        A caller that is cancelled stops waiting; what it asked for is still done, once, and its request id tells it
        later what came of it.
        """
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._threads, lambda: question(*args, **kwargs))

    async def close(self) -> None:
        """Let everything under way end, then let the database go."""
        await asyncio.get_running_loop().run_in_executor(None, self._threads.shutdown)
        self.shop.close()

    async def __aenter__(self) -> Self:
        """Use the shop in an ``async with`` block."""
        return self

    async def __aexit__(self, *_: object) -> None:
        """Let the database go."""
        await self.close()
