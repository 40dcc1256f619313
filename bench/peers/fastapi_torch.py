"""FastAPI, Pillow and PyTorch: uvicorn fastapi_torch:app, one process or more.

The weights are the graph's own (onnx2torch makes a PyTorch module of it), so the results are the same. GRAPH=eager runs
it as tutorials do, under inference_mode; GRAPH=frozen traces it and lets PyTorch fuse what it can.
"""

from pathlib import Path

import numpy as np
import onnx
import torch
from endpoint import application
from onnx2torch import convert
from recipe import Recipe, setting

torch.set_num_threads(1)
torch.set_num_interop_threads(1)

recipe = Recipe(setting("MODEL"))
model = convert(onnx.load(Path(setting("MODEL"), "model.onnx"))).eval()
if setting("GRAPH") == "frozen":
    with torch.inference_mode():
        traced = torch.jit.trace(model, torch.zeros(1, 3, *recipe.crop), check_trace=False)
        model = torch.jit.optimize_for_inference(torch.jit.freeze(traced))


def run(tensor: np.ndarray) -> np.ndarray:
    with torch.inference_mode():
        return model(torch.from_numpy(tensor)).numpy()


run(np.zeros((1, 3, *recipe.crop), np.float32))
app = application(lambda data: recipe.answer(run(recipe.tensor(data))))
