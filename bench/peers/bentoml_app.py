"""BentoML, Pillow and ONNX Runtime. The image is the body itself; BentoML opens it with Pillow.

WORKERS processes that share the port; THREADS threads in each.
"""

import bentoml
from PIL.Image import Image
from recipe import Onnx, setting


@bentoml.service(workers=int(setting("WORKERS", "1")), threads=int(setting("THREADS", "1")), traffic={"timeout": 300})
class Classifier:
    def __init__(self) -> None:
        self.model = Onnx(setting("MODEL"))

    @bentoml.api(route="/predict")
    def predict(self, image: Image, /) -> dict:
        return self.model.run(self.model.recipe.tensor_of(image))
