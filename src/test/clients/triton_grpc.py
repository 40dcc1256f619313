"""Triton's own client by gRPC against us: metadata, tensors, images, classification, compression, streams, errors."""

import queue
import sys

import numpy as np
import tritonclient.grpc as triton
import tritonclient.http as by_http
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


def tensors(arrays: dict, kind=triton) -> list:
    inputs = []
    for name, array in arrays.items():
        tensor = kind.InferInput(name, list(array.shape), np_to_triton_dtype(array.dtype))
        tensor.set_data_from_numpy(array)
        inputs.append(tensor)
    return inputs


def metadata(client):
    assert client.is_server_live() and client.is_server_ready()
    assert client.is_model_ready("colors") and client.is_model_ready("colors", "2")
    assert not client.is_model_ready("nothing") and not client.is_model_ready("colors", "9")
    assert client.get_server_metadata().name == "glimpse"
    table = client.get_model_metadata("tabular")
    assert (table.inputs[0].name, table.inputs[0].datatype, list(table.inputs[0].shape)) == ("measures", "FP32", [-1, 2])
    assert client.get_model_metadata("colors", "1", as_json=True)["versions"] == ["1", "2"]
    config = client.get_model_config("colors", as_json=True)["config"]
    assert config["input"][0]["data_type"] == "TYPE_FP32" and config["input"][0]["format"] == "FORMAT_NCHW", config
    assert [(m.name, m.version, m.state) for m in client.get_model_repository_index().models if m.name == "colors"] == [
        ("colors", "1", "READY"),
        ("colors", "2", "READY"),
    ]


def table(client, **options):
    result = client.infer("tabular", tensors(TABLE), request_id="7", **options)
    np.testing.assert_array_equal(result.as_numpy("score"), [[22], [1.75]])
    np.testing.assert_array_equal(result.as_numpy("class"), [[1], [0]])
    assert result.get_response().id == "7"


def statistics(client):
    before = client.get_inference_statistics("tabular", "1").model_stats[0]
    table(client)
    after = client.get_inference_statistics("tabular", "1").model_stats[0]
    assert after.inference_count > before.inference_count and after.execution_count > before.execution_count, after
    assert after.inference_stats.success.count >= before.inference_stats.success.count, after
    assert after.inference_stats.compute_infer.ns > before.inference_stats.compute_infer.ns, after
    assert {(m.name, m.version) for m in client.get_inference_statistics().model_stats} >= {("colors", "1"), ("colors", "2")}


def every_type(client):
    result = client.infer("echo", tensors(ECHO))
    for name, array in ECHO.items():
        same = result.as_numpy(f"same_{name}")
        assert same.dtype == array.dtype, name
        np.testing.assert_array_equal(same, array)


def images(client, server: str, image: bytes):
    batch = {"pixel_values": np.array([image, image], np.object_)}
    scores = client.infer("colors", tensors(batch)).as_numpy("logits")
    with by_http.InferenceServerClient(server) as other:
        same = other.infer("colors", tensors(batch, by_http)).as_numpy("logits")
    assert scores.tobytes() == same.tobytes()
    wanted = [triton.InferRequestedOutput("logits", class_count=2)]
    value, index, label = client.infer("colors", tensors(batch), outputs=wanted).as_numpy("logits")[1][0].decode().split(":")
    assert (int(index), label) == (0, "red") and np.isclose(float(value), scores[1].max())
    wanted = [triton.InferRequestedOutput("embedding")]
    assert client.infer("colors", tensors(batch), outputs=wanted).as_numpy("embedding").any()


def later(client):
    done = queue.Queue()
    for _ in range(8):
        client.async_infer("tabular", tensors(TABLE), lambda result, error: done.put((result, error)))
    for _ in range(8):
        result, error = done.get(timeout=20)
        assert error is None and result.as_numpy("score")[0] == 22, error


def stream(client):
    done = queue.Queue()
    client.start_stream(lambda result, error: done.put((result, error)))
    for i in range(8):
        client.async_stream_infer("tabular", tensors(TABLE), request_id=str(i))
    client.async_stream_infer("nothing", tensors(TABLE), request_id="8")
    for i in range(8):
        result, error = done.get(timeout=20)
        assert error is None and result.get_response().id == str(i), error
    result, error = done.get(timeout=20)
    assert "no model" in error.message(), error
    client.stop_stream()


def errors(client):
    for arrays, model, status in (
        (TABLE, "nothing", "NOT_FOUND"),
        (TABLE, "colors", "INVALID_ARGUMENT"),
        ({"number": np.array([9])}, "lookup", "INVALID_ARGUMENT"),
        ({"pixel_values": np.array([b"no image"], np.object_)}, "colors", "INVALID_ARGUMENT"),
    ):
        try:
            client.infer(model, tensors(arrays))
        except InferenceServerException as refused:
            assert refused.status() == f"StatusCode.{status}" and len(refused.message()) > 20, refused
        else:
            raise AssertionError(f"{model} answered")


def main(server: str, image: str):
    with triton.InferenceServerClient(server) as client:
        metadata(client)
        table(client)
        for coding in ("gzip", "deflate"):
            table(client, compression_algorithm=coding)
        statistics(client)
        every_type(client)
        with open(image, "rb") as file:
            images(client, server, file.read())
        later(client)
        stream(client)
        errors(client)


main(*sys.argv[1:])
print("all well")
