"""FastAPI, Pillow and OpenVINO, the engine of OpenVINO Model Server: uvicorn fastapi_openvino:app, one process or more."""

import threading

import numpy as np
import openvino
from endpoint import application
from recipe import Recipe, setting


class Openvino:
    """A model folder's graph on OpenVINO's CPU plugin, one thread for each inference, in the precision that it chooses itself."""

    def __init__(self, folder: str, draft: bool = False) -> None:
        self.recipe = Recipe(folder, draft)
        # A server runs several inferences side by side: one stream for each, of one thread.
        settings = {"PERFORMANCE_HINT": "THROUGHPUT", "INFERENCE_NUM_THREADS": 2, "NUM_STREAMS": 2}
        if setting("ENDPOINT") != "pool":
            settings = {"PERFORMANCE_HINT": "LATENCY", "INFERENCE_NUM_THREADS": 1, "NUM_STREAMS": 1}
        self.model = openvino.Core().compile_model(f"{folder}/model.onnx", "CPU", settings)
        self.thread = threading.local()

    def classify(self, data: bytes) -> dict:
        return self.run(self.recipe.tensor(data))

    def run(self, tensor: np.ndarray) -> dict:
        if not hasattr(self.thread, "request"):
            self.thread.request = self.model.create_infer_request()
        return self.recipe.answer(self.thread.request.infer([tensor], share_inputs=True)[0])


app = application(Openvino(setting("MODEL"), draft=setting("DRAFT") == "1").classify)
