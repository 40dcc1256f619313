"""Starts a server with one model, sends it requests, and stops it."""

import json
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import processes
from servers import HOME, Variant

PORT = int(os.environ.get("BENCH_PORT", "18080"))


def repository(name: str, model: Path) -> Path:
    """Makes a model repository for Glimpse with only this model in it."""
    folder = HOME / "repositories" / name
    folder.mkdir(parents=True, exist_ok=True)
    link = folder / name
    link.unlink(missing_ok=True)
    link.symlink_to(model.resolve(), target_is_directory=True)
    return folder


def stop_on_sigterm() -> None:
    """Makes SIGTERM end this program as Ctrl-C does: it stops the servers that it has started."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))


@contextmanager
def running(variant: Variant, name: str, model: Path, photo: bytes, env: dict[str, str]) -> Iterator[tuple[int, float]]:
    """Starts a server with one model; yields its process id and the seconds to its first response; stops it."""
    settings = {
        "PORT": str(PORT),
        "MODEL": str(model.resolve()),
        "GLIMPSE_MODELS_PATH": str(repository(name, model)),
        # ONNX Runtime and PyTorch have settings of their own; this one is for NumPy.
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
    }
    command = [part.replace("{port}", str(PORT)) for part in variant.command]
    if answers(variant, photo, 1) is not None:
        raise RuntimeError(f"port {PORT} is taken")
    log = HOME / f"server-{PORT}.log"
    with log.open("wb") as output:
        started = time.monotonic()
        process = subprocess.Popen(
            command,
            env=os.environ | settings | variant.env | env,
            cwd=HOME,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    try:
        while answers(variant, photo, 60) is None:
            if process.poll() is not None or time.monotonic() - started > 120:
                raise RuntimeError(f"does not start: {log.read_text(errors='replace')[-2000:]}")
            time.sleep(0.05)
        yield process.pid, time.monotonic() - started
    finally:
        processes.stop(process.pid)
        process.wait()


def answers(variant: Variant, photo: bytes, timeout: float) -> dict | None:
    """Returns the server's response to a photo; None if it sends no result."""
    headers = {"Content-Type": "image/jpeg"} | variant.headers
    request = urllib.request.Request(f"http://127.0.0.1:{PORT}{variant.path}", photo, headers, method="POST")
    try:
        with urllib.request.urlopen(request, timeout=timeout) as response:
            content = response.read()
            if header := response.headers["Inference-Header-Content-Length"]:
                # Triton's one output follows the JSON header: the text's length in four bytes, and the text.
                content = content[int(header) + 4 :]
            return json.loads(content)
    except (OSError, urllib.error.URLError, ValueError):
        return None
