"""What the models of Triton's Python backend share: one input and one output."""

from __future__ import annotations

import json

import numpy as np
import triton_python_backend_utils as triton


class Step:
    """Responds to requests one by one. Subclasses say the input's name, and make the output of its value."""

    input: str

    def execute(self, requests: list) -> list:
        return [self.response(request) for request in requests]

    def response(self, request: triton.InferenceRequest) -> triton.InferenceResponse:
        value = triton.get_input_tensor_by_name(request, self.input).as_numpy()
        return triton.InferenceResponse([self.output(value)])

    def output(self, value: np.ndarray) -> triton.Tensor:
        raise NotImplementedError


def answer(content: dict) -> triton.Tensor:
    """What the other peers' responses are, as JSON in a tensor of one element."""
    return triton.Tensor("answer", np.array([json.dumps(content)], np.object_))
