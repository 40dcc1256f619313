"""Starts servers as local processes, each on CPUs of its own."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import processes
from running import repository
from servers import HOME, servers

STAND_IN = "stand-in"


@dataclass(frozen=True)
class Launcher:
    """A way to start a server. `{port}` in the command stands for the port."""

    name: str
    title: str
    command: tuple[str, ...]
    env: dict[str, str]

    def start(self, port: int, cpus: set[int]) -> subprocess.Popen:
        command = [part.replace("{port}", str(port)) for part in self.command]
        HOME.mkdir(parents=True, exist_ok=True)
        with (HOME / f"fleet-{port}.log").open("wb") as log:
            return subprocess.Popen(
                command,
                env=os.environ | self.env | {"PORT": str(port)},
                cwd=HOME,
                stdout=log,
                stderr=log,
                start_new_session=True,
                preexec_fn=lambda: os.sched_setaffinity(0, cpus),
            )


def stop(process: subprocess.Popen) -> float:
    """Stops a server; returns the CPU seconds that it has taken until then."""
    taken = processes.cpu_seconds(processes.tree(process.pid))
    processes.stop(process.pid)
    process.wait()
    return taken


def launchers(names: list[str], model: Path) -> list[Launcher]:
    """Those of the servers that are there, in the order of the names. Of several variants the first, of one process."""
    found = []
    if STAND_IN in names:
        here = Path(__file__).with_name("stand_in.py")
        found.append(Launcher(STAND_IN, "a stand-in", (sys.executable, str(here), "{port}"), {}))
    for server in servers():
        if server.name in names and server.needs.exists():
            variant = server.variants[0]
            env = variant.env | {
                "MODEL": str(model.resolve()),
                "GLIMPSE_MODELS_PATH": str(repository("fleet", model)),
                "GLIMPSE_DRAIN_QUIET": "0s",
                "OMP_NUM_THREADS": "1",
                "OPENBLAS_NUM_THREADS": "1",
            }
            found.append(Launcher(server.name, server.title, variant.command, env))
    missing = set(names) - {launcher.name for launcher in found}
    if missing:
        print(f"# left out, as not built or not installed: {', '.join(sorted(missing))}", flush=True)
    return sorted(found, key=lambda launcher: names.index(launcher.name))


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def cpus() -> tuple[list[set[int]], set[int]]:
    """The CPUs for servers, one each, and those for this program: the last, if there are several."""
    there = sorted(os.sched_getaffinity(0))
    own = {there[-1]}
    return [{cpu} for cpu in there[:-1] or there], own
