"""Triton Inference Server, Pillow and ONNX Runtime: makes a model repository, and becomes nvidia-pytriton's server.

BACKEND=python: one model of the Python backend does it all. BACKEND=onnxruntime: an ensemble, in which a model of the
Python backend decodes and preprocesses, the ONNX Runtime backend infers, and another of the Python backend finds the
best classes. INSTANCES of each model, in the Python backend a process each; no batching, as the graph runs no faster in
batches on a CPU.
"""

import os
import shutil
import sys
import sysconfig
from pathlib import Path

import onnxruntime
import pytriton
from recipe import setting

HERE = Path(__file__).resolve().parent
TRITON = Path(pytriton.__file__).parent / "tritonserver"
LIBRARIES = TRITON.parent.parent / "nvidia_pytriton.libs"
# The request's body is the one element of IMAGE, as the server reads a body without a JSON header.
IMAGE = 'name: "image" data_type: TYPE_STRING dims: [1]'
ANSWER = 'name: "answer" data_type: TYPE_STRING dims: [1]'


# The Python that Triton embeds ignores PYTHONPATH.
PYTHON = """import os, sys
sys.path[:0] = os.environ["PYTHONPATH"].split(":")
from {} import TritonPythonModel
"""


def value(node: onnxruntime.NodeArg) -> str:
    """An input or output of the graph, in the words of a model's configuration."""
    dims = ", ".join(str(side) if isinstance(side, int) else "-1" for side in node.shape)
    return f'name: "{node.name}" data_type: TYPE_FP32 dims: [{dims}]'


def configuration(backend: str, inputs: str, outputs: str) -> str:
    instances = f"instance_group [{{ kind: KIND_CPU count: {setting('INSTANCES', '1')} }}]"
    return f'backend: "{backend}"\ninput [{{ {inputs} }}]\noutput [{{ {outputs} }}]\n{instances}\n'


def model(repository: Path, name: str, config: str) -> Path:
    """Returns the folder for the files of its only version."""
    version = repository / name / "1"
    version.mkdir(parents=True)
    (repository / name / "config.pbtxt").write_text(config)
    return version


def python(repository: Path, name: str, inputs: str, outputs: str) -> None:
    """A model of the Python backend: the class in the file of its name, beside this one."""
    version = model(repository, name, configuration("python", inputs, outputs))
    (version / "model.py").write_text(PYTHON.format(name))


def ensemble(repository: Path, folder: Path) -> None:
    session = onnxruntime.InferenceSession(str(folder / "model.onnx"), providers=["CPUExecutionProvider"])
    graph_input, graph_output = session.get_inputs()[0], session.get_outputs()[0]
    threads = "".join(
        f'parameters {{ key: "{kind}_op_thread_count" value: {{ string_value: "1" }} }}\n'
        for kind in ("intra", "inter")
    )
    tensor = 'name: "tensor" data_type: TYPE_FP32 dims: [1, 3, -1, -1]'
    scores = 'name: "scores" data_type: TYPE_FP32 dims: [-1, -1]'
    python(repository, "preprocess", IMAGE, tensor)
    config = configuration("onnxruntime", value(graph_input), value(graph_output)) + threads
    (model(repository, "graph", config) / "model.onnx").symlink_to(folder / "model.onnx")
    python(repository, "postprocess", scores, ANSWER)
    steps = (
        ("preprocess", {"image": "image"}, {"tensor": "tensor"}),
        ("graph", {graph_input.name: "tensor"}, {graph_output.name: "scores"}),
        ("postprocess", {"scores": "scores"}, {"answer": "answer"}),
    )
    scheduled = ", ".join(
        f'{{ model_name: "{name}" model_version: -1 {mapped("input_map", inputs)} {mapped("output_map", outputs)} }}'
        for name, inputs, outputs in steps
    )
    ends = f"input [{{ {IMAGE} }}]\noutput [{{ {ANSWER} }}]"
    model(repository, "predict", f'platform: "ensemble"\n{ends}\nensemble_scheduling {{ step [{scheduled}] }}\n')


def mapped(field: str, names: dict[str, str]) -> str:
    return " ".join(f'{field} {{ key: "{key}" value: "{name}" }}' for key, name in names.items())


def backends(folder: Path, built: Path) -> None:
    """Puts the Python backend and its program for this version of Python together, and the other one beside them."""
    shutil.copytree(TRITON / "backends", folder)
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    shutil.copy(TRITON / "python_backend_stubs" / version / "triton_python_backend_stub", folder / "python")
    # The name by which a backend that is not of the same package asks for it.
    (folder / "libtritonserver.so").symlink_to(next(LIBRARIES.glob("libtritonserver-*.so")))
    if built.is_dir():
        (folder / "onnxruntime").symlink_to(built.resolve())


def main() -> None:
    # In the folder that the benchmark starts servers in.
    work, built = Path("triton-run").resolve(), Path("triton-backends/onnxruntime")
    shutil.rmtree(work, ignore_errors=True)
    backends(work / "backends", built)
    if setting("BACKEND") == "onnxruntime":
        ensemble(work / "models", Path(setting("MODEL")))
    else:
        python(work / "models", "predict", IMAGE, ANSWER)
    libraries = (LIBRARIES, work / "backends", built.resolve(), sysconfig.get_config_var("LIBDIR"))
    environment = os.environ | {
        "LD_LIBRARY_PATH": ":".join(map(str, libraries)),
        "PYTHONPATH": f"{TRITON.parent.parent}:{HERE.parent}:{HERE}",
    }
    options = {
        "model-repository": work / "models",
        "backend-directory": work / "backends",
        "http-address": "127.0.0.1",
        "http-port": setting("PORT"),
        "allow-grpc": "false",
        "allow-metrics": "false",
        "pinned-memory-pool-byte-size": "0",
        "log-info": "false",
    }
    command = [str(TRITON / "bin/tritonserver"), "--disable-auto-complete-config"]
    command += [f"--{name}={value}" for name, value in options.items()]
    os.execve(command[0], command, environment)


if __name__ == "__main__":
    main()
