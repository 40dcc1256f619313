"""KServe's own client by gRPC against us: health, tensors, images."""

import asyncio
import sys

import numpy as np
from kserve import InferInput, InferRequest, InferenceGRPCClient


async def main(server: str, image: str):
    client = InferenceGRPCClient(server)
    assert await client.is_server_live() and await client.is_server_ready()
    assert await client.is_model_ready("colors")
    with open(image, "rb") as file:
        content = file.read()
    array = np.array([content], np.object_)
    pixels = InferInput("pixel_values", [1], "BYTES")
    pixels.set_data_from_numpy(array, binary_data=True)
    answer = await client.infer(InferRequest(model_name="colors", infer_inputs=[pixels]))
    assert answer.outputs[0].as_numpy().argmax() == 0, answer
    number = InferInput("number", [2], "INT64")
    number.set_data_from_numpy(np.array([1, 2]), binary_data=False)
    answer = await client.infer(InferRequest(model_name="lookup", infer_inputs=[number]))
    assert answer.outputs[0].as_numpy().shape == (2, 3), answer
    await client.close()


asyncio.run(main(*sys.argv[1:]))
print("all well")
