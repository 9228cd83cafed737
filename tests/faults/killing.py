"""A process of its own that works and says what is done, until it is killed."""

import os
import random
import signal
import time
from collections.abc import Callable, Iterator

from flask import Flask

from academy.extensions import db as database

KILLS = 100 if os.environ.get("ACADEMY_DEEP") else 8


def said_before_kill(
    app: Flask, chance: random.Random, work: Callable[..., None], *args: object, within: float = 0.12
) -> Iterator[str]:
    """What a child said was done before it was killed, at a moment that chance chooses *within* seconds.

    It does *work* with *args* and a file to write lines to; one that comes to its end is as good.
    """
    with app.app_context():
        database.session.remove()
    reading, writing = os.pipe()
    if (child := os.fork()) == 0:
        try:
            with app.app_context():
                database.engine.dispose(close=False)  # the parent's connections are the parent's
                work(*args, writing)
        finally:
            os._exit(1)
    os.close(writing)
    with os.fdopen(reading) as said:
        first = said.readline()  # it works
        time.sleep(chance.uniform(0, within))
        os.kill(child, signal.SIGKILL)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) in {-signal.SIGKILL, 1}
        yield from (line.strip() for line in [first, *said] if line.endswith("\n"))
