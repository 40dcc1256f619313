"""Glimpse and its peers: how each is started, and what was chosen for it.

Of a server with several variants the fastest is kept, by a short run with the first model and photo at concurrency 8.
"""

import os
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PEERS = ROOT / "bench/peers"
HOME = ROOT / "target/serving"
JAVA = str(Path(os.environ["JAVA_HOME"], "bin/java")) if "JAVA_HOME" in os.environ else "java"
WARM_UP = {"glimpse-jvm": 30}
OTHERS_WARM_UP = 3


@dataclass(frozen=True)
class Variant:
    """One way to run a server, and where and with which headers it wants an image."""

    words: str
    command: tuple[str, ...]
    env: dict[str, str] = field(default_factory=dict)
    path: str = "/predict"
    headers: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Server:
    """A name, what it must find in order to be run, and the ways to run it. `{port}` stands for the port."""

    name: str
    title: str
    needs: Path
    variants: tuple[Variant, ...]
    multipart: bool = False
    large_only: bool = False

    @property
    def warm_up(self) -> int:
        return next((s for start, s in WARM_UP.items() if self.name.startswith(start)), OTHERS_WARM_UP)


def glimpse(name: str, title: str, needs: Path, command: tuple[str, ...], decode: str = "fast") -> Server:
    # As many requests may wait as wrk has connections, and as long as it waits, so that none is rejected: the peers'
    # queues have no bound.
    env = {"GLIMPSE_QUEUE_SIZE": "256", "GLIMPSE_QUEUE_TIMEOUT": "60s", "GLIMPSE_DEADLINE_DEFAULT": "60s"}
    variant = Variant(
        f"glimpse.queue.size=256, its timeout and the deadline 60s, glimpse.image.decode={decode}",
        command,
        env | {"GLIMPSE_IMAGE_DECODE": decode},
    )
    return Server(name, title, needs, (variant,), multipart=decode == "fast", large_only=decode == "exact")


def uvicorn(folder: str, module: str, workers: int) -> tuple[str, ...]:
    return (
        str(HOME / folder / "bin/python"),
        *("-m", "uvicorn", f"{module}:app", "--app-dir", str(PEERS), "--host", "127.0.0.1", "--port", "{port}"),
        *("--workers", str(workers), "--loop", "uvloop", "--http", "httptools"),
        *("--no-access-log", "--log-level", "warning"),
    )


ENDPOINTS = (
    ("async def", {"ENDPOINT": "inline"}),
    ("def, 40 threads", {"ENDPOINT": "pool"}),
    ("def, 2 threads", {"ENDPOINT": "pool", "THREADS": "2"}),
)


def fastapi_onnx(extra: dict[str, str]) -> tuple[Variant, ...]:
    return tuple(
        Variant(f"{workers} × uvicorn, {words}", uvicorn("python", "fastapi_onnx", workers), env | extra)
        for workers in (1, 2)
        for words, env in ENDPOINTS
    )


def fastapi_openvino() -> tuple[Variant, ...]:
    return tuple(
        Variant(f"{workers} × uvicorn, {words}", uvicorn("python", "fastapi_openvino", workers), env)
        for workers, (words, env) in ((1, ENDPOINTS[2]), (2, ENDPOINTS[0]), (2, ENDPOINTS[2]))
    )


def triton() -> tuple[Variant, ...]:
    """The ONNX Runtime backend is not in PyPI's package: only if it is there."""
    backends = {"python": "Python backend"}
    if (HOME / "triton-backends/onnxruntime").is_dir():
        backends["onnxruntime"] = "ensemble of Python and ONNX Runtime backends"
    return tuple(
        Variant(
            f"{words}, {instances} of each model",
            (str(HOME / "triton/bin/python"), str(PEERS / "triton/server.py")),
            {"BACKEND": backend, "INSTANCES": str(instances), "PYTHONPATH": str(PEERS)},
            "/v2/models/predict/infer",
            # No JSON before the image.
            {"Inference-Header-Content-Length": "0"},
        )
        for backend, words in backends.items()
        for instances in (1, 2)
    )


def servers() -> list[Server]:
    jar = ROOT / "target/quarkus-app/quarkus-run.jar"
    runner = next(iter(sorted((ROOT / "target").glob("*-runner"))), ROOT / "target/glimpse-runner")
    java = (JAVA, "-jar", str(jar))
    python, torch = HOME / "python/installed.txt", HOME / "torch/installed.txt"
    return [
        glimpse("glimpse-jvm", "Glimpse, JVM", jar, java),
        glimpse("glimpse-jvm-exact", "Glimpse, JVM, decode=exact", jar, java, "exact"),
        glimpse("glimpse-native", "Glimpse, native", runner, (str(runner),)),
        glimpse("glimpse-native-exact", "Glimpse, native, decode=exact", runner, (str(runner),), "exact"),
        Server("fastapi-onnx", "FastAPI, Pillow, ONNX Runtime", python, fastapi_onnx({})),
        Server(
            "fastapi-onnx-draft",
            "FastAPI, Pillow with draft(), ONNX Runtime",
            python,
            fastapi_onnx({"DRAFT": "1"}),
            large_only=True,
        ),
        Server("fastapi-openvino", "FastAPI, Pillow, OpenVINO", python, fastapi_openvino()),
        Server(
            "fastapi-torch",
            "FastAPI, Pillow, PyTorch",
            torch,
            tuple(
                Variant(
                    f"{workers} × uvicorn, {words}, {graph}",
                    uvicorn("torch", "fastapi_torch", workers),
                    env | {"GRAPH": graph},
                )
                for workers in (1, 2)
                for words, env in (ENDPOINTS[0], ENDPOINTS[2])
                for graph in ("eager", "frozen")
            ),
        ),
        Server(
            "node",
            "Fastify, sharp, onnxruntime-node",
            HOME / "node/installed.json",
            tuple(
                Variant(
                    f"{workers} × node, {threads} threads of libuv",
                    ("node", str(HOME / "node/server.mjs")),
                    {"WORKERS": str(workers), "UV_THREADPOOL_SIZE": str(threads)},
                )
                for workers, threads in ((1, 4), (1, 2), (2, 4), (2, 1))
            ),
        ),
        Server(
            "litserve",
            "LitServe, Pillow, ONNX Runtime",
            python,
            tuple(
                Variant(
                    f"{workers} workers",
                    (str(HOME / "python/bin/python"), str(PEERS / "litserve_app.py")),
                    {"WORKERS": str(workers)},
                )
                for workers in (1, 2)
            ),
        ),
        Server(
            "bentoml",
            "BentoML, Pillow, ONNX Runtime",
            HOME / "bentoml/installed.txt",
            tuple(
                Variant(
                    f"{workers} workers, {threads} threads each",
                    (
                        str(HOME / "bentoml/bin/bentoml"),
                        *("serve", "bentoml_app:Classifier", "--working-dir", str(PEERS)),
                        *("--host", "127.0.0.1", "--port", "{port}"),
                    ),
                    {
                        "WORKERS": str(workers),
                        "THREADS": str(threads),
                        "BENTOML_DO_NOT_TRACK": "True",
                        "BENTOML_CONFIG_OPTIONS": "api_server.logging.access.enabled=false",
                    },
                )
                for workers, threads in ((1, 2), (2, 1), (2, 2))
            ),
        ),
        Server("triton", "Triton, Pillow, ONNX Runtime", HOME / "triton/installed.txt", triton()),
    ]
