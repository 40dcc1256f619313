"""Measurements, and how to find one."""

import statistics

# The parts of the work that the limit does.
WHOLE = "decode+inference"


class Cells:
    """Finds rates among the measurements; if one was repeated, their mean."""

    def __init__(self, cells: list[dict]) -> None:
        self.cells = cells

    def value(self, key: str = "rate", **criteria: object) -> float | None:
        found = [c[key] for c in self.cells if all(c.get(k) == v for k, v in criteria.items()) and c[key] is not None]
        return statistics.mean(found) if found else None
