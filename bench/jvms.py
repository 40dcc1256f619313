"""Glimpse on one JVM, without and with an archive from a training run, which is made here."""

import os
import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

from servers import HOME, ROOT, Server, glimpse


@dataclass(frozen=True)
class Archive:
    """The name of a JVM's class archive, and the options that write and read it."""

    words: str
    suffix: str
    write: str
    read: str


APPCDS = Archive("AppCDS", "jsa", "-XX:ArchiveClassesAtExit=", "-XX:SharedArchiveFile=")
AOT_CACHE = Archive("AOT cache", "aot", "-XX:AOTCacheOutput=", "-XX:AOTCache=")


def both(home: Path, rehearsed: Path) -> list[Server]:
    """Returns the package in target without an archive, and the given one with it."""
    version = re.search(r'JAVA_VERSION="(\d+)', (home / "release").read_text())[1]
    archive = AOT_CACHE if int(version) >= 25 else APPCDS
    java, plain, jar = str(home / "bin/java"), ROOT / "target/quarkus-app/quarkus-run.jar", rehearsed / "quarkus-run.jar"
    file = HOME / f"java-{version}.{archive.suffix}"
    file.unlink(missing_ok=True)
    subprocess.run(
        (java, f"{archive.write}{file}", "-Xmx512m", "-jar", str(jar), "rehearse"),
        env=os.environ | {"GLIMPSE_MODELS_PATH": str(ROOT / "models")},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        check=True,
    )
    return [
        glimpse(f"jvm-{version}", f"Glimpse, Java {version}", plain, (java, "-jar", str(plain))),
        glimpse(
            f"jvm-{version}-archive",
            f"Glimpse, Java {version}, {archive.words}",
            jar,
            (java, f"{archive.read}{file}", "-jar", str(jar)),
        ),
    ]
