"""KServe's own client against us, in v2 and in V1."""

import asyncio
import base64
import sys

import httpx
import numpy as np
from kserve import InferenceRESTClient, InferInput, InferRequest, RESTConfig
from kserve.protocol.infer_type import RequestedOutput


def tensor(name: str, datatype: str, array: np.ndarray, binary: bool) -> InferInput:
    made = InferInput(name, list(array.shape), datatype)
    made.set_data_from_numpy(array, binary_data=binary)
    return made


def table(binary: bool) -> InferRequest:
    inputs = [
        tensor("measures", "FP32", np.array([[1, 2], [0.5, 0.25]], np.float32), binary),
        tensor("visits", "INT64", np.array([[4], [0]], np.int64), binary),
        tensor("member", "BOOL", np.array([[True], [False]]), binary),
    ]
    wanted = [RequestedOutput(name, {"binary_data": binary}) for name in ("score", "class")]
    return InferRequest("tabular", inputs, request_id="7", request_outputs=wanted)


async def v2(server: str):
    client = InferenceRESTClient(RESTConfig(protocol="v2"))
    assert await client.is_server_live(server) and await client.is_server_ready(server)
    assert await client.is_model_ready(server, "tabular")
    for binary in (False, True):
        answer = await client.infer(server, table(binary), model_name="tabular")
        assert answer.id == "7" and answer.model_name == "tabular", answer
        np.testing.assert_array_equal(answer.outputs[0].as_numpy(), [[22], [1.75]])
        np.testing.assert_array_equal(answer.outputs[1].as_numpy(), [[1], [0]])
    try:
        await client.infer(server, table(False), model_name="lookup")
    except httpx.HTTPStatusError as refused:
        assert refused.response.status_code == 400 and "lookup" in str(refused), refused
    else:
        raise AssertionError("lookup answered")


async def v1(server: str, picture: bytes):
    client = InferenceRESTClient(RESTConfig(protocol="v1"))
    assert await client.is_model_ready(server, "colors")
    instance = {"b64": base64.b64encode(picture).decode()}
    answer = await client.infer(server, {"instances": [instance, {"image": instance}]}, model_name="colors")
    assert [best[0]["label"] for best in answer["predictions"]] == ["red", "red"], answer
    rows = [{"measures": [1, 2], "visits": 4, "member": True}, {"measures": [0.5, 0.25], "visits": 0, "member": False}]
    answer = await client.infer(server, {"instances": rows}, model_name="tabular")
    assert answer == {"predictions": [{"score": [22.0], "class": [1]}, {"score": [1.75], "class": [0]}]}, answer
    answer = await client.infer(server, {"instances": [3, 0]}, model_name="lookup")
    assert answer == {"predictions": [[9.0, 10.0, 11.0], [0.0, 1.0, 2.0]]}, answer


async def main(server: str, picture: str):
    await v2(f"http://{server}")
    with open(picture, "rb") as file:
        await v1(f"http://{server}", file.read())


asyncio.run(main(*sys.argv[1:]))
print("all well")
