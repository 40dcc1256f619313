"""Acts as Knative's activator: a request arrives, a server is started, and the request is answered; repeatedly.

Measures the time from the server's start to the last byte of the first 200 of /predict. A connection is tried every
millisecond, and the request is repeated until it succeeds. With `--cold`, the server's files and the model's are dropped
from the page cache before each start. Memory is measured after a hundred responses, once, in a start that is not timed.

With `--java`, Glimpse is also started on these JVMs, without and with the archive of a training run.
"""

import argparse
import http.client
import os
import statistics
import subprocess
import time
from pathlib import Path

import jvms
import processes
from running import PORT, repository
from servers import HOME, ROOT, Server, servers

NAMES = ("glimpse-native", "glimpse-jvm", "fastapi-onnx", "fastapi-torch")
RESPONSES = 100


def drop(*places: Path) -> None:
    """Drops files from the page cache, unless another process has them mapped."""
    for place in places:
        for file in [place] if place.is_file() else place.rglob("*"):
            if file.is_file():
                descriptor = os.open(file, os.O_RDONLY)
                os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_DONTNEED)
                os.close(descriptor)


def files(server: Server) -> list[Path]:
    """Returns the files that a server consists of."""
    if server.name == "glimpse-native":
        return [server.needs, *server.needs.parent.glob("*.so")]
    return [server.needs.parent]


def answered(photo: bytes) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", PORT, timeout=60)
    try:
        connection.request("POST", "/predict", photo, {"Content-Type": "image/jpeg"})
        response = connection.getresponse()
        response.read()
        return response.status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def start(server: Server, env: dict[str, str], photo: bytes, further: int) -> tuple[float, float]:
    """Returns the milliseconds from the start to the first response, and the resident MiB after further ones."""
    command = [part.replace("{port}", str(PORT)) for part in server.variants[0].command]
    with (HOME / "coldstart.log").open("wb") as log:
        started = time.perf_counter()
        process = subprocess.Popen(command, env=env, cwd=HOME, stdout=log, stderr=log, start_new_session=True)
        try:
            while not answered(photo):
                if process.poll() is not None or time.perf_counter() - started > 60:
                    raise SystemExit(f"{server.name} does not start; see {HOME / 'coldstart.log'}")
                time.sleep(0.001)
            took = (time.perf_counter() - started) * 1000
            for _ in range(further):
                answered(photo)
            return took, processes.usage(process.pid).rss_mib
        finally:
            processes.stop(process.pid)
            process.wait()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model", type=Path, help="a model's folder")
    parser.add_argument("photo", type=Path)
    parser.add_argument("--starts", type=int, default=50)
    parser.add_argument("--servers", default=",".join(NAMES))
    parser.add_argument("--cold", action="store_true")
    parser.add_argument("--java", type=Path, nargs="*", default=[], help="homes of JVMs")
    parser.add_argument(
        "--rehearsed",
        type=Path,
        default=ROOT / "target/quarkus-app",
        help="the package to start with an archive, if not target/quarkus-app itself: a copy of it",
    )
    options = parser.parse_args()
    names = options.servers.split(",")
    photo = options.photo.read_bytes()
    chosen = [server for server in servers() if server.name in names and server.needs.exists()]
    chosen += [server for home in options.java for server in jvms.both(home, options.rehearsed.resolve())]
    times: dict[str, list[float]] = {server.name: [] for server in chosen}
    memory: dict[str, float] = {}
    for turn in range(options.starts + 1):
        for server in chosen:  # in turn, so that other load on the machine affects all of them
            env = os.environ | server.variants[0].env | {
                "PORT": str(PORT),
                "MODEL": str(options.model.resolve()),
                "GLIMPSE_MODELS_PATH": str(repository("coldstart", options.model)),
                "GLIMPSE_DRAIN_QUIET": "0s",  # no other requests come, and the next start waits
            }
            if options.cold:
                drop(*files(server), options.model)
            if turn == 0:  # for the page cache
                _, memory[server.name] = start(server, env, photo, RESPONSES - 1)
            else:
                times[server.name].append(start(server, env, photo, 0)[0])
    print("| server | starts | p50, ms | p99, ms | × the first | MiB |\n|---|---|---|---|---|---|")
    for server in chosen:
        all_of_it = sorted(times[server.name])
        median = statistics.median(all_of_it)
        last = all_of_it[min(len(all_of_it) - 1, int(len(all_of_it) * 0.99))]
        ratio = median / statistics.median(times[chosen[0].name])
        print(
            f"| {server.title} | {len(all_of_it)} | {median:.0f} | {last:.0f} | {ratio:.1f} | {memory[server.name]:.0f} |"
        )


if __name__ == "__main__":
    main()
