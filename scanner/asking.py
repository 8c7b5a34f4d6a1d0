"""Ask about many stores at once where their connector allows it; answers come in the order of the questions.

Naming buckets takes one call, and knowing the settings and objects of each some twenty: an account of
thousands waits on nothing but answers. Only asking is done here; reading content is the runners'.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from types import TracebackType
from typing import TypeVar

from scanner.contracts import AnswersTogether, Connector

T = TypeVar("T")


class Asking:
    """Threads by connector. Use as a context manager: leaving it drops the questions not begun."""

    def __init__(self) -> None:
        self._pools: dict[int, ThreadPoolExecutor] = {}

    def later(self, connector: Connector, question: Callable[[], T]) -> Callable[[], T]:
        """What gives the answer when it is called.

        The question is asked by a thread as soon as one is free if the connector answers together,
        and else only then, by the caller's.
        """
        pool = self._pool(connector)
        return question if pool is None else pool.submit(question).result

    def _pool(self, connector: Connector) -> ThreadPoolExecutor | None:
        pool = self._pools.get(id(connector))
        if pool is None and isinstance(connector, AnswersTogether) and (threads := connector.together()) > 1:
            pool = ThreadPoolExecutor(threads, thread_name_prefix="dpscan-asking")
            self._pools[id(connector)] = pool
        return pool

    def __enter__(self) -> Asking:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for pool in self._pools.values():
            pool.shutdown(wait=False, cancel_futures=True)
        for pool in self._pools.values():
            pool.shutdown(wait=True)
