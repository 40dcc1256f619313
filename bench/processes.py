"""Measures what a process and its descendants use, from Linux's /proc."""

import contextlib
import os
import signal
import time
from dataclasses import dataclass
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Usage:
    """The sums over a tree of processes. Memory that two of them share counts twice in `rss` and once in `pss`."""

    processes: int
    cpu_seconds: float
    rss_mib: float
    pss_mib: float
    threads: int
    files: int


def stat(pid: int) -> list[str]:
    """The fields of /proc/PID/stat from the third on: the second may contain blanks."""
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()


def tree(root: int) -> list[int]:
    """The process and its descendants."""
    parents: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with contextlib.suppress(OSError, IndexError):
                parents.setdefault(int(stat(int(entry.name))[1]), []).append(int(entry.name))
    found = [root]
    for pid in found:
        found.extend(parents.get(pid, []))
    return found


def cpu_seconds(pids: list[int]) -> float:
    """Includes the CPU time of their children that have exited."""
    ticks = 0
    for pid in pids:
        with contextlib.suppress(OSError, IndexError):
            ticks += sum(int(field) for field in stat(pid)[11:15])
    return ticks / TICKS


def usage(root: int) -> Usage:
    pids = tree(root)
    rss = pss = threads = files = 0
    for pid in pids:
        with contextlib.suppress(OSError):
            for line in Path(f"/proc/{pid}/status").read_text().splitlines():
                if line.startswith("VmRSS"):
                    rss += int(line.split()[1])
                elif line.startswith("Threads"):
                    threads += int(line.split()[1])
            for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
                if line.startswith("Pss:"):
                    pss += int(line.split()[1])
            files += len(os.listdir(f"/proc/{pid}/fd"))
    return Usage(len(pids), cpu_seconds(pids), rss / 1024, pss / 1024, threads, files)


def wait_until_idle(root: int, limit: float = 60) -> None:
    """Waits until it has used almost no CPU for half a second: requests whose client has gone are finished first."""
    end = time.monotonic() + limit
    before = cpu_seconds(tree(root))
    while time.monotonic() < end:
        time.sleep(0.5)
        now = cpu_seconds(tree(root))
        if now - before < 0.05:
            return
        before = now


def stop(root: int, grace: float = 5) -> None:
    """Sends SIGTERM to the root, and later SIGKILL to what is left of the tree. The caller reaps the root."""
    started = {}
    for pid in tree(root):
        with contextlib.suppress(OSError, IndexError):
            started[pid] = stat(pid)[19]
    with contextlib.suppress(ProcessLookupError):
        os.kill(root, signal.SIGTERM)
    end = time.monotonic() + grace
    while alive(started) and time.monotonic() < end:
        time.sleep(0.1)
    for pid in alive(started):
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def alive(started: dict[int, str]) -> list[int]:
    """Returns which of these processes, by id and start time, still run."""
    running = []
    for pid, start in started.items():
        with contextlib.suppress(OSError, IndexError):
            fields = stat(pid)
            if fields[19] == start and fields[0] != "Z":
                running.append(pid)
    return running
