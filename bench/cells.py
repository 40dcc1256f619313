"""Measurements, and how to find one."""

import statistics

# What the limit does that the service does too.
WHOLE = "decode+inference"


class Cells:
    """Finds rates among the measurements; of the same one, taken twice, the mean."""

    def __init__(self, cells: list[dict]) -> None:
        self.cells = cells

    def value(self, key: str = "rate", **wanted: object) -> float | None:
        found = [c[key] for c in self.cells if all(c.get(k) == v for k, v in wanted.items()) and c[key] is not None]
        return statistics.mean(found) if found else None
