"""Triton's own client against us: metadata, tensors in JSON and in binary, pictures, classification, compression, errors."""

import sys

import numpy as np
import tritonclient.http as triton
from tritonclient.utils import InferenceServerException, np_to_triton_dtype

TABLE = {
    "measures": np.array([[1, 2], [0.5, 0.25]], np.float32),
    "visits": np.array([[4], [0]], np.int64),
    "member": np.array([[True], [False]]),
}
ECHO = {
    "bool": np.array([[True, False]]),
    "int8": np.array([[-128, 127]], np.int8),
    "int16": np.array([[-32768, 32767]], np.int16),
    "int32": np.array([[-(2**31), 2**31 - 1]], np.int32),
    "int64": np.array([[-(2**63), 2**63 - 1]], np.int64),
    "uint8": np.array([[0, 255]], np.uint8),
    "float16": np.array([[-65504, 0.1]], np.float16),
    "float": np.array([[0.1, np.inf]], np.float32),
    "double": np.array([[0.1, 1e300]], np.float64),
    "string": np.array([["雏菊".encode(), b""]], np.object_),
}


def tensors(arrays: dict, binary: bool) -> list:
    inputs = []
    for name, array in arrays.items():
        tensor = triton.InferInput(name, list(array.shape), np_to_triton_dtype(array.dtype))
        tensor.set_data_from_numpy(array, binary_data=binary)
        inputs.append(tensor)
    return inputs


def outputs(*names, binary: bool, **parameters) -> list:
    return [triton.InferRequestedOutput(name, binary_data=binary, **parameters) for name in names]


def metadata(client):
    assert client.is_server_live() and client.is_server_ready()
    assert client.is_model_ready("colors") and client.is_model_ready("colors", "2")
    assert not client.is_model_ready("nothing") and not client.is_model_ready("colors", "9")
    assert client.get_server_metadata()["name"] == "glimpse"
    table = client.get_model_metadata("tabular")
    assert table["inputs"][0] == {"name": "measures", "datatype": "FP32", "shape": [-1, 2]}, table
    assert client.get_model_metadata("colors", "1")["versions"] == ["1", "2"]
    index = client.get_model_repository_index()
    assert {"name": "colors", "version": "2", "state": "READY", "reason": ""} in index


def table(client, binary: bool, **options):
    wanted = outputs("score", "class", binary=binary)
    result = client.infer("tabular", tensors(TABLE, binary), outputs=wanted, request_id="7", **options)
    np.testing.assert_array_equal(result.as_numpy("score"), [[22], [1.75]])
    np.testing.assert_array_equal(result.as_numpy("class"), [[1], [0]])
    assert result.get_response()["id"] == "7"


def every_type(client):
    result = client.infer("echo", tensors(ECHO, True))
    for name, array in ECHO.items():
        same = result.as_numpy(f"same_{name}")
        assert same.dtype == array.dtype, name
        np.testing.assert_array_equal(same, array)


def pictures(client, picture: bytes):
    batch = {"pixel_values": np.array([picture, picture], np.object_)}
    scores = client.infer("colors", tensors(batch, True)).as_numpy("logits")
    assert scores.shape == (2, 6) and scores[0].argmax() == 0, scores
    best = client.infer("colors", tensors(batch, True), outputs=outputs("logits", binary=True, class_count=2))
    value, index, label = best.as_numpy("logits")[1][0].decode().split(":")
    assert (int(index), label) == (0, "red") and np.isclose(float(value), scores[1].max()), best


def vectors(client, picture: bytes):
    batch = {"pixel_values": np.array([picture, picture], np.object_)}
    for binary in (False, True):
        both = client.infer("colors", tensors(batch, True), outputs=outputs("embedding", "logits", binary=binary))
        rows = both.as_numpy("embedding")
        assert rows.dtype == np.float32 and len(rows) == 2 and rows.any(), rows
        np.testing.assert_array_equal(rows[0], rows[1])
        assert both.as_numpy("logits").argmax(axis=1).tolist() == [0, 0]


def errors(client):
    for arrays, model, status in (
        (TABLE, "nothing", "404"),
        (TABLE, "colors", "422"),
        ({"number": np.array([9])}, "lookup", "422"),
        ({"number": np.array([1.5])}, "lookup", "422"),
        ({"pixel_values": np.array([b"no picture"], np.object_)}, "colors", "415"),
    ):
        try:
            client.infer(model, tensors(arrays, True))
        except InferenceServerException as refused:
            assert refused.status() == status and len(refused.message()) > 20, refused
        else:
            raise AssertionError(f"{model} answered")


def main(server: str, picture: str):
    with triton.InferenceServerClient(server) as client:
        metadata(client)
        for binary in (False, True):
            table(client, binary)
            for coding in ("gzip", "deflate"):
                table(client, binary, request_compression_algorithm=coding, response_compression_algorithm=coding)
        every_type(client)
        with open(picture, "rb") as file:
            image = file.read()
        pictures(client, image)
        vectors(client, image)
        errors(client)


main(*sys.argv[1:])
print("all well")
