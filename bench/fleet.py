#!/usr/bin/env python3
"""What a fleet costs, from zero replicas on: replays traffic against the rules of Knative's autoscaler and of Kubernetes' HPA.

    bench/fleet.py              simulates all, from simulator/measured.json and simulator/prices.json; writes a page, tables and JSON
    bench/fleet.py --measure    measures the servers that are there, one CPU each, and writes simulator/measured.json
    bench/fleet.py --check      runs local processes behind an activator with Knative's rules, and compares them with their simulation

The simulation needs nothing but Python 3.10. Measuring needs what bench/serving.sh has installed, and two CPUs; checking needs the jar, the
executable, or with --server stand-in a small server that is here. The same seed yields the same figures.
"""

import argparse
import json
import math
import time
from dataclasses import asdict
from pathlib import Path

from simulator import cost, page, profiles, simulation, study

ROOT = Path(__file__).resolve().parent.parent


def options() -> argparse.Namespace:
    assets = next((f for f in (ROOT / "shared/assets", ROOT.parent / "shared/assets") if f.is_dir()), Path("assets"))
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--measure", action="store_true")
    what.add_argument("--check", action="store_true")
    parser.add_argument("--out", type=Path, default=ROOT / "target/fleet", help="default: target/fleet")
    parser.add_argument("--seed", type=int, default=20, help="default: %(default)s")
    simulated = parser.add_argument_group("simulating")
    simulated.add_argument("--measured", type=Path, default=profiles.MEASURED, help="default: simulator/measured.json")
    simulated.add_argument("--traffic", default=",".join(study.TRAFFICS), help="of: %(default)s")
    simulated.add_argument("--scale", type=float, default=1.0, help="of the rates of the day and the bursts; default: %(default)s")
    simulated.add_argument("--most", type=int, default=study.MOST, help="replicas of a service; 0: Knative's are not bounded; default: %(default)s")
    simulated.add_argument(
        "--pod-start",
        type=float,
        default=simulation.POD_START,
        help="seconds from a decision to the start of a replica's process, an assumption; default: %(default)s",
    )
    real = parser.add_argument_group("measuring and checking")
    real.add_argument("--servers", default="glimpse-native,glimpse-jvm,fastapi-onnx,fastapi-torch", help="measured; default: %(default)s")
    real.add_argument("--server", default="glimpse-native", help="checked; default: %(default)s")
    real.add_argument("--model", type=Path, default=assets / "models/mobilenet-v2", help="a model's folder")
    real.add_argument("--photo", type=Path, default=assets / "photos/imagenet/0655.jpg", help="a JPEG")
    real.add_argument("--starts", type=int, default=20, help="of each server; default: %(default)s")
    return parser.parse_args()


def numbers(row: dict) -> dict:
    """JSON has no NaN."""
    return {key: None if isinstance(value, float) and math.isnan(value) else value for key, value in row.items()}


def simulate(args: argparse.Namespace) -> None:
    began = time.monotonic()
    about, servers = profiles.read(args.measured)
    chosen = args.traffic.split(",")
    traffics = [each for name, each in study.traffics(args.seed, args.scale).items() if name in chosen]
    rows = study.run(study.plans(chosen, servers, args.seed, args.scale, args.pod_start, args.most))
    titles = {server.name: server.title for server in servers}
    notes = [
        f"Seed {args.seed}. A pod takes {args.pod_start:g} s until its process starts (an assumption), replicas have one vCPU, and queues have no"
        f" bound. A service has at most {args.most} replicas. Knative's rules with the settings of deploy/knative/service.yaml; the HPA by 70 % of"
        " the CPUs, from one replica on, which is there from the beginning.",
        cost.read()[0],
    ]
    args.out.mkdir(parents=True, exist_ok=True)
    (args.out / "fleet.html").write_text(page.html(about, notes, traffics, servers, rows))
    tables = page.markdown(traffics, rows, titles)
    (args.out / "fleet.md").write_text(tables)
    (args.out / "fleet.json").write_text(json.dumps([numbers(asdict(row)) for row in rows], indent=1))
    print(tables)
    print(f"# {time.monotonic() - began:.0f} s; a page, tables and JSON are in {args.out}")


def main() -> None:
    args = options()
    if args.measure or args.check:
        from running import stop_on_sigterm

        stop_on_sigterm()
    if args.measure:
        from simulator.real import measuring

        measuring.main(args)
    elif args.check:
        from simulator.real import checking

        checking.main(args)
    else:
        simulate(args)


if __name__ == "__main__":
    main()
