"""All in one model of Triton's Python backend: Pillow, NumPy and PyPI's ONNX Runtime."""

from __future__ import annotations

import numpy as np
import triton_python_backend_utils as triton
from recipe import Onnx, setting
from step import Step, answer


class TritonPythonModel(Step):
    input = "image"

    def initialize(self, _: dict) -> None:
        self.model = Onnx(setting("MODEL"))

    def output(self, value: np.ndarray) -> triton.Tensor:
        return answer(self.model.classify(value[0]))
