"""Questions to many stores: at once where allowed, answered in their order, and none left running."""

from __future__ import annotations

import threading
import time

import pytest

from scanner.asking import Asking
from scanner.contracts import AnswersTogether


class One:
    """Is asked one question after another."""


class Many:
    def __init__(self, threads: int) -> None:
        self.threads = threads

    def together(self) -> int:
        return self.threads


def test_answers_come_in_order_however_long_they_take() -> None:
    assert isinstance(Many(4), AnswersTogether)
    with Asking() as asking:
        many = Many(4)
        waiting = [asking.later(many, lambda n=n: (time.sleep(0.02 * (4 - n)), n)[1]) for n in range(4)]  # type: ignore[arg-type, misc]
        assert [answer() for answer in waiting] == [0, 1, 2, 3]


@pytest.mark.parametrize("connector", [One(), Many(1)])
def test_others_are_asked_only_when_their_turn_comes(connector: object) -> None:
    asked = []
    with Asking() as asking:
        waiting = [
            asking.later(connector, lambda n=n: asked.append((n, threading.current_thread())))
            for n in range(2)
        ]  # type: ignore[arg-type, misc]
        assert not asked
        for answer in waiting:
            answer()
    assert asked == [(0, threading.main_thread()), (1, threading.main_thread())]


def test_leaving_drops_what_was_not_begun() -> None:
    """Ctrl-C while an account is asked about: the calls under way end, the thousands behind do not begin."""
    begun = []

    def question() -> None:
        begun.append(1)
        time.sleep(0.05)

    with pytest.raises(KeyboardInterrupt), Asking() as asking:
        many = Many(2)
        for _ in range(50):
            asking.later(many, question)  # type: ignore[arg-type]
        raise KeyboardInterrupt
    assert len(begun) <= 4
    assert not [t for t in threading.enumerate() if t.name.startswith("dpscan-asking")]
