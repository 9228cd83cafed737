"""CPU of questions, measured turn by turn."""

import gc
import time
from collections.abc import Callable, Sequence
from statistics import median

Asking = Callable[[str], object]
ROUNDS = 5


def turns(questions: Sequence[str], works: Sequence[Asking]) -> list[float]:
    """Return the median CPU ms of each work over the questions, measured turn by turn: what slows one slows all."""
    costs: list[list[float]] = [[] for _ in works]
    for work in works:
        for q in questions:
            work(q)
    gc.collect()
    for _ in range(ROUNDS):
        for work, spent in zip(works, costs, strict=True):
            for q in questions:
                spent.append(cost_ms(lambda w=work, asked=q: w(asked)))
    return [median(spent) for spent in costs]


def cost_ms(work: Callable[[], object]) -> float:
    began = time.process_time_ns()
    work()
    return (time.process_time_ns() - began) / 1e6
