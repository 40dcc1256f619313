#!/usr/bin/env python3
"""Compares gRPC with HTTP/1.1 in one run: the same requests of the Open Inference Protocol by both, in turn.

    bench/grpc.py PROGRAM MODELS PHOTO [--rounds 5] [--seconds 3] [--connections 8]

PROGRAM is an executable or quarkus-run.jar, MODELS a model repository, whose default model must be an image classifier. Each
round sends raw FP32 tensors of one image, and the photo as it is, by HTTP/1.1 and by gRPC, over as many connections with one
request at a time on each. Prints the medians of the rates and of the CPU time of the service for each request, and the
ratios. Exits with 1 if a request failed. Needs h2load (Debian's nghttp2-client) and curl.
"""

import argparse
import json
import os
import re
import statistics
import struct
import subprocess
import sys
import tempfile
import time
import urllib.request
from dataclasses import dataclass
from pathlib import Path

PORT = int(os.environ.get("BENCH_PORT", "18080"))
URL = f"http://127.0.0.1:{PORT}"
METHOD = "/inference.GRPCInferenceService/ModelInfer"


def varint(value: int) -> bytes:
    encoded = b""
    while value > 0x7F:
        encoded += bytes([value & 0x7F | 0x80])
        value >>= 7
    return encoded + bytes([value])


def field(number: int, value: bytes) -> bytes:
    return varint(number << 3 | 2) + varint(len(value)) + value


@dataclass(frozen=True)
class Payload:
    """One input tensor, and its elements as they are sent raw."""

    title: str
    model: str
    name: str
    datatype: str
    shape: list[int]
    data: bytes

    def by_http(self) -> tuple[bytes, dict[str, str]]:
        parameters = {"binary_data_size": len(self.data)}
        tensor = {"name": self.name, "datatype": self.datatype, "shape": self.shape, "parameters": parameters}
        head = json.dumps({"inputs": [tensor], "parameters": {"binary_data_output": True}}).encode()
        headers = {"Content-Type": "application/octet-stream", "Inference-Header-Content-Length": str(len(head))}
        return head + self.data, headers

    def by_grpc(self) -> tuple[bytes, dict[str, str]]:
        shape = field(3, b"".join(varint(size) for size in self.shape))
        tensor = field(1, self.name.encode()) + field(2, self.datatype.encode()) + shape
        message = field(1, self.model.encode()) + field(5, tensor) + field(7, self.data)
        return b"\0" + struct.pack(">I", len(message)) + message, {"Content-Type": "application/grpc", "TE": "trailers"}


@dataclass(frozen=True)
class Protocol:
    title: str
    path: str
    load: tuple[str, ...]
    curl: tuple[str, ...]


def get(path: str) -> dict:
    with urllib.request.urlopen(URL + path, timeout=10) as response:
        return json.load(response)


def payloads(photo: bytes) -> list[Payload]:
    model = next(entry for entry in get("/models")["models"] if entry.get("default", True))["name"]
    pixels = get(f"/v2/models/{model}")["inputs"][0]
    shape = [1 if size < 0 else size for size in pixels["shape"]]
    count = 1
    for size in shape:
        count *= size
    tensor = b"".join(struct.pack("<f", i % 255 / 255) for i in range(count))
    image = struct.pack("<I", len(photo)) + photo
    return [
        Payload("raw FP32 tensor", model, pixels["name"], pixels["datatype"], shape, tensor),
        Payload("encoded image", model, pixels["name"], "BYTES", [1], image),
    ]


def check(protocol: Protocol, body: Path, headers: dict[str, str]) -> None:
    arguments = [word for key, value in headers.items() for word in ("-H", f"{key}: {value}")]
    command = ["curl", "-sS", *protocol.curl, *arguments, "--data-binary", f"@{body}", "-o", os.devnull, "-D", "-"]
    said = subprocess.run([*command, URL + protocol.path], check=True, capture_output=True, text=True).stdout
    # A call that fails has its status in its only headers; curl does not print trailers.
    if " 200" not in said.splitlines()[0] or re.search(r"grpc-status: [1-9]", said):
        raise SystemExit(f"{protocol.title}: {said}")


def cpu_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def inferences(model: str) -> int:
    return sum(version["inference_count"] for version in get(f"/v2/models/{model}/stats")["model_stats"])


def load(
    protocol: Protocol, body: Path, headers: dict[str, str], payload: Payload, pid: int, options: argparse.Namespace
) -> tuple[float, float]:
    """The rate, and the milliseconds of CPU time for each request."""
    arguments = [f"--header={key}: {value}" for key, value in headers.items()]
    command = ["h2load", *protocol.load, f"-c{options.connections}", "-m1", "-t1", f"-D{options.seconds}", f"-d{body}"]
    before, answered = cpu_seconds(pid), inferences(payload.model)
    said = subprocess.run([*command, *arguments, URL + protocol.path], check=True, capture_output=True, text=True).stdout
    spent = cpu_seconds(pid) - before
    rate = float(re.search(r"finished in [^,]*, ([0-9.]+) req/s", said).group(1))
    done, failed = (int(re.search(rf"(\d+) {word}", said).group(1)) for word in ("succeeded", "failed"))
    served = inferences(payload.model) - answered
    if failed or not done or served < done:
        raise SystemExit(f"{protocol.title}, {payload.title}: {done} were answered, {served} of them well\n{said}")
    return rate, spent / served * 1000


def measure(pid: int, options: argparse.Namespace) -> None:
    photo = options.photo.read_bytes()
    print(f"{options.connections} connections, {options.rounds} rounds of {options.seconds} s; medians")
    print(f"{'':18} {'HTTP/1.1':>20} {'gRPC':>20} {'gRPC/HTTP':>12}")
    with tempfile.TemporaryDirectory() as folder:
        for payload in payloads(photo):
            http = Protocol("HTTP/1.1", f"/v2/models/{payload.model}/infer", ("--h1",), ("--http1.1",))
            grpc = Protocol("gRPC", METHOD, (), ("--http2-prior-knowledge",))
            results = {http: [], grpc: []}
            bodies = {}
            for protocol, (body, headers) in ((http, payload.by_http()), (grpc, payload.by_grpc())):
                file = Path(folder, protocol.title.replace("/", "-"))
                file.write_bytes(body)
                bodies[protocol] = file, headers
                check(protocol, file, headers)
                load(protocol, file, headers, payload, pid, options)  # warms up
            for number in range(options.rounds):
                for protocol in (http, grpc) if number % 2 == 0 else (grpc, http):
                    results[protocol].append(load(protocol, *bodies[protocol], payload, pid, options))
            rates, costs = ([statistics.median(row[i] for row in results[p]) for p in (http, grpc)] for i in (0, 1))
            ratios = sorted(g[0] / h[0] for h, g in zip(results[http], results[grpc]))
            print(f"{payload.title:18} {rates[0]:18.1f}/s {rates[1]:18.1f}/s {statistics.median(ratios):12.3f}"
                  f"   ({ratios[0]:.3f} to {ratios[-1]:.3f})")  # fmt: skip
            print(f"{'  CPU':18} {costs[0]:17.3f} ms {costs[1]:17.3f} ms {costs[1] / costs[0]:12.3f}", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program")
    parser.add_argument("models", type=Path)
    parser.add_argument("photo", type=Path)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=int, default=3)
    parser.add_argument("--connections", type=int, default=8)
    options = parser.parse_args()
    settings = {
        "PORT": str(PORT),
        "GLIMPSE_MODELS_PATH": str(options.models.resolve()),
        "GLIMPSE_DRAIN_QUIET": "0s",
        "GLIMPSE_QUEUE_SIZE": "256",
    }
    command = ["java", "-jar", options.program] if options.program.endswith(".jar") else [options.program]
    with tempfile.TemporaryFile() as log:
        process = subprocess.Popen(command, env=os.environ | settings, stdout=log, stderr=log)
        try:
            for _ in range(600):
                try:
                    get("/models")
                    break
                except OSError:
                    if process.poll() is not None:
                        log.seek(0)
                        sys.exit(f"does not start: {log.read().decode(errors='replace')[-2000:]}")
                    time.sleep(0.1)
            measure(process.pid, options)
        finally:
            process.terminate()
            process.wait()


if __name__ == "__main__":
    main()
