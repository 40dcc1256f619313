"""LitServe, Pillow and ONNX Runtime. The image is the body itself, which FastAPI's Depends lets through.

WORKERS model processes, each taking its requests from a queue, behind one HTTP process; no batching, as the graph runs
no faster in batches on a CPU.
"""

from typing import Annotated

import litserve
from fastapi import Depends, Request
from recipe import Onnx, setting


async def body(request: Request) -> bytes:
    return await request.body()


class Classifier(litserve.LitAPI):
    def setup(self, device: str) -> None:
        self.model = Onnx(setting("MODEL"), draft=setting("DRAFT") == "1")

    def decode_request(self, request: Annotated[bytes, Depends(body)]) -> bytes:
        return request

    def predict(self, data: bytes) -> dict:
        return self.model.classify(data)

    def encode_response(self, output: dict) -> dict:
        return output


if __name__ == "__main__":
    server = litserve.LitServer(
        Classifier(api_path="/predict"),
        accelerator="cpu",
        workers_per_device=int(setting("WORKERS", "1")),
        timeout=False,
    )
    server.run(host="127.0.0.1", port=int(setting("PORT")), generate_client_file=False, log_level="warning")
