"""What the parts of docs/security.md cost, or logs, traces and events: starts, memory and throughput with each, beside those without; medians.

    bench/prices.py PROGRAM MODELS PHOTO [--rounds 10] [--seconds 3] [--of security|operations] [--before PROGRAM]
                    [--signed MODELS --key PEM]

PROGRAM is an executable or quarkus-run.jar, MODELS a model repository. Each round starts the program once with each part, in
turn, and times the first response; in the first rounds, as many as --loads says, memory is measured after a hundred
responses, and then the rate at 8 connections. Needs wrk, openssl and redis-server; a part whose program is missing is left out. With --signed and --key, a
repository whose models model_signing has signed, and the public key for it, there is a row for signed models too. --before names an executable of
another version, which gets a row of its own, with nothing switched on: what parts that are off cost, in time and in size. What receives
spans and events is a process of this program, on the same processors.
"""

import argparse
import asyncio
import base64
import hashlib
import http.client
import json
import multiprocessing
import os
import re
import shutil
import socket
import ssl
import statistics
import subprocess
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

import processes

PORT, TLS_PORT, REDIS_PORT, RECEIVER_PORT = 18080, 18443, 18379, 18431
POST = Path(__file__).with_name("post.lua")
KEY = "a key for measurements"


@dataclass(frozen=True)
class Part:
    """A part, its settings as variables or as properties, what a request needs to carry, and the program if it is another one."""

    title: str
    settings: dict[str, str] = field(default_factory=dict)
    properties: dict[str, str] = field(default_factory=dict)
    header: tuple[str, str] | None = None
    tls: bool = False
    program: str | None = None


def base64url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def openssl(*arguments: str, data: bytes = b"") -> bytes:
    return subprocess.run(["openssl", *arguments], check=True, input=data, capture_output=True).stdout


def token(folder: Path) -> tuple[dict[str, str], str]:
    """Makes an issuer's key, and a token that counts for an hour."""
    key = str(folder / "issuer.pem")
    openssl("genrsa", "-out", key, "2048")
    modulus = bytes.fromhex(openssl("rsa", "-in", key, "-noout", "-modulus").decode().strip().partition("=")[2])
    jwk = {"kty": "RSA", "kid": "1", "n": base64url(modulus), "e": "AQAB"}
    (folder / "jwks.json").write_text(json.dumps({"keys": [jwk]}))
    claims = {"iss": "https://issuer.test", "aud": "glimpse", "sub": "bench", "scope": "predict", "exp": int(time.time()) + 3600}
    signed = ".".join(base64url(json.dumps(part).encode()) for part in ({"alg": "RS256", "kid": "1"}, claims))
    settings = {
        "GLIMPSE_AUTH_JWT_KEYS": str(folder / "jwks.json"),
        "GLIMPSE_AUTH_JWT_ISSUER": claims["iss"],
        "GLIMPSE_AUTH_JWT_AUDIENCE": claims["aud"],
    }
    return settings, f"{signed}.{base64url(openssl('dgst', '-sha256', '-sign', key, data=signed.encode()))}"


def certificate(folder: Path) -> dict[str, str]:
    files = folder / "tls.crt", folder / "tls.key"
    openssl("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-subj", "/CN=localhost",
            "-out", str(files[0]), "-keyout", str(files[1]))  # fmt: skip
    return {
        "quarkus.tls.key-store.pem.0.cert": str(files[0]),
        "quarkus.tls.key-store.pem.0.key": str(files[1]),
        "quarkus.http.ssl-port": str(TLS_PORT),
    }


async def accept_all() -> None:
    """Answers every HTTP request with 200, and reads no more of it than its length."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                length = re.search(rb"(?i)content-length: *(\d+)", head)
                await reader.readexactly(int(length.group(1)) if length else 0)
                writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
        except (asyncio.IncompleteReadError, OSError):
            writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", RECEIVER_PORT)
    await server.serve_forever()


def operations(folder: Path) -> list[Part]:
    receiver = f"http://127.0.0.1:{RECEIVER_PORT}"
    return [
        Part("none"),
        Part("the log as JSON, a line for each request", {"GLIMPSE_LOG_FORMAT": "json", "GLIMPSE_LOG_REQUESTS": "all"}),
        Part("spans of each request, by OTLP", {"GLIMPSE_OTLP_ENDPOINT": receiver}),
        Part("spans of one in a hundred", {"GLIMPSE_OTLP_ENDPOINT": receiver, "OTEL_TRACES_SAMPLER": "traceidratio",
                                           "OTEL_TRACES_SAMPLER_ARG": "0.01"}),
        Part("events of predictions, to a file", {"GLIMPSE_EVENTS": f"file:{folder}/predictions.jsonl"}),
        Part("events of predictions, to an address", {"GLIMPSE_EVENTS": f"{receiver}/events"}),
        Part("the same, batched", {"GLIMPSE_EVENTS": f"{receiver}/events", "GLIMPSE_EVENTS_MODE": "batched"}),
        Part("all of it: the log, spans of each request, batched events",
             {"GLIMPSE_LOG_FORMAT": "json", "GLIMPSE_LOG_REQUESTS": "all", "GLIMPSE_OTLP_ENDPOINT": receiver,
              "GLIMPSE_EVENTS": f"{receiver}/events", "GLIMPSE_EVENTS_MODE": "batched"}),
    ]  # fmt: skip


def security(folder: Path, signed: Path | None, key: Path | None) -> list[Part]:
    keys = folder / "keys.txt"
    keys.write_text(f"bench {hashlib.sha256(KEY.encode()).hexdigest()}\n")
    rate = {"GLIMPSE_HTTP_RATE": "900000/s"}
    chosen = [
        Part("none"),
        Part("a key", {"GLIMPSE_AUTH_KEYS": str(keys)}, header=("X-API-Key", KEY)),
        Part("a rate", rate),
        Part("management port", {"GLIMPSE_MANAGEMENT_LISTEN": "127.0.0.1:0"}),
    ]
    if shutil.which("openssl"):
        settings, bearer = token(folder)
        chosen.append(Part("a token, RS256", settings, header=("Authorization", f"Bearer {bearer}")))
        chosen.append(Part("TLS", properties=certificate(folder), tls=True))
    if shutil.which("redis-server"):
        redis = {"GLIMPSE_REDIS_URL": f"redis://127.0.0.1:{REDIS_PORT}"}
        chosen.append(Part("a rate, in Redis", rate | redis))
        chosen.append(Part("results in Redis, each found there", redis | {"GLIMPSE_CACHE_REDIS": "true"}))
    if signed and key:
        settings = {"GLIMPSE_MODELS_PATH": str(signed), "GLIMPSE_MODELS_VERIFY": str(key)}
        chosen.append(Part("signed models", settings))
    return chosen


def connection(part: Part) -> http.client.HTTPConnection:
    if not part.tls:
        return http.client.HTTPConnection("127.0.0.1", PORT, timeout=60)
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return http.client.HTTPSConnection("127.0.0.1", TLS_PORT, timeout=60, context=context)


def answered(part: Part, photo: bytes, times: int = 1) -> bool:
    client = connection(part)
    try:
        for _ in range(times):
            headers = {"Content-Type": "image/jpeg"} | ({part.header[0]: part.header[1]} if part.header else {})
            client.request("POST", "/predict", photo, headers)
            response = client.getresponse()
            response.read()
            if response.status != 200:
                return False
        return True
    except (OSError, http.client.HTTPException):
        return False
    finally:
        client.close()


def wrk(part: Part, photo: Path, seconds: int) -> float:
    url = f"https://127.0.0.1:{TLS_PORT}" if part.tls else f"http://127.0.0.1:{PORT}"
    command = ["wrk", "-t1", "-c8", f"-d{seconds}s", "-s", str(POST), f"{url}/predict"]
    if part.header:
        command[1:1] = ["-H", f"{part.header[0]}: {part.header[1]}"]
    output = subprocess.run(command, env=os.environ | {"PHOTO": str(photo)}, check=True, capture_output=True, text=True).stdout
    rate, _, _, errors = re.search(r"RESULT (\S+) (\S+) (\S+) (\d+)", output).groups()
    if errors != "0":
        raise SystemExit(f"{part.title}: {errors} requests failed")
    return float(rate)


def run(part: Part, options: argparse.Namespace, photo: bytes, loaded: bool) -> dict[str, float]:
    properties = [f"-D{key}={value}" for key, value in part.properties.items()]
    program = part.program or options.program
    command = ["java", *properties, "-jar", program] if program.endswith(".jar") else [program, *properties]
    settings = {"PORT": str(PORT), "GLIMPSE_MODELS_PATH": str(options.models), "GLIMPSE_DRAIN_QUIET": "0s"}
    started = time.perf_counter()
    with open(os.devnull, "wb") as nothing:
        process = subprocess.Popen(command, env=os.environ | settings | part.settings, stdout=nothing, stderr=nothing)
    try:
        while not answered(part, photo):
            if process.poll() is not None or time.perf_counter() - started > 60:
                raise SystemExit(f"{part.title}: it does not start")
            time.sleep(0.001)
        figures = {"start": (time.perf_counter() - started) * 1000}
        if loaded:
            answered(part, photo, 99)
            figures["memory"] = processes.usage(process.pid).rss_mib
            wrk(part, options.photo, 1)
            figures["rate"] = wrk(part, options.photo, options.seconds)
        return figures
    finally:
        process.terminate()
        process.wait()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program")
    parser.add_argument("models", type=Path)
    parser.add_argument("photo", type=Path)
    parser.add_argument("--rounds", type=int, default=10)
    parser.add_argument("--loads", type=int, default=3)
    parser.add_argument("--seconds", type=int, default=3)
    parser.add_argument("--of", choices=["security", "operations"], default="security")
    parser.add_argument("--before")
    parser.add_argument("--signed", type=Path)
    parser.add_argument("--key", type=Path)
    options = parser.parse_args()
    photo = options.photo.read_bytes()
    with tempfile.TemporaryDirectory() as name:
        receiver = multiprocessing.Process(target=lambda: asyncio.run(accept_all()), daemon=True)
        redis = None
        if options.of == "operations":
            receiver.start()
        elif shutil.which("redis-server"):
            command = ["redis-server", "--port", str(REDIS_PORT), "--bind", "127.0.0.1", "--save", "", "--dir", name]
            redis = subprocess.Popen(command, stdout=subprocess.DEVNULL)
            while socket.socket().connect_ex(("127.0.0.1", REDIS_PORT)) != 0:
                time.sleep(0.01)
        try:
            if options.of == "security":
                chosen = security(Path(name), options.signed, options.key)
            else:
                chosen = operations(Path(name))
            if options.before:
                chosen.insert(0, Part("the version before", program=options.before))
            figures: dict[str, list[dict[str, float]]] = {part.title: [] for part in chosen}
            for turn in range(options.rounds):
                for part in chosen:  # in turn, so that other load on the machine affects all of them
                    figures[part.title].append(run(part, options, photo, loaded=turn < options.loads))
        finally:
            if redis:
                redis.terminate()
    print("| with | start to first response, ms | MiB after 100 responses | responses/s | size, bytes |\n|---|---:|---:|---:|---:|")
    for part in chosen:
        start, memory, rate = (
            statistics.median(run[figure] for run in figures[part.title] if figure in run)
            for figure in ("start", "memory", "rate")
        )
        size = Path(part.program or options.program).stat().st_size
        print(f"| {part.title} | {start:.1f} | {memory:.1f} | {rate:.1f} | {size:,} |")


if __name__ == "__main__":
    main()
