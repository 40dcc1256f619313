"""The first step of Triton's ensemble: an image's bytes become the graph's tensor, with Pillow and NumPy."""

from __future__ import annotations

import numpy as np
import triton_python_backend_utils as triton
from recipe import Recipe, setting
from step import Step


class TritonPythonModel(Step):
    input = "image"

    def initialize(self, _: dict) -> None:
        self.recipe = Recipe(setting("MODEL"))

    def output(self, value: np.ndarray) -> triton.Tensor:
        return triton.Tensor("tensor", self.recipe.tensor(value[0]))
