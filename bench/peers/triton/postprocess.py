"""The last step of Triton's ensemble: the graph's scores become the five best classes."""

from __future__ import annotations

import numpy as np
import triton_python_backend_utils as triton
from recipe import Recipe, setting
from step import Step, answer


class TritonPythonModel(Step):
    input = "scores"

    def initialize(self, _: dict) -> None:
        self.recipe = Recipe(setting("MODEL"))

    def output(self, value: np.ndarray) -> triton.Tensor:
        return answer(self.recipe.answer(value))
