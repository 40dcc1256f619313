"""Whole simulations: with times computed by hand, and the same for the same seed."""

import json
import tempfile
import unittest
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

from simulator import knative, kubernetes, page, profiles, simulation, study, traffic
from simulator.tests.servers import plain

KNATIVE, HPA = knative.Settings(), kubernetes.Settings()


def run(arrivals: list[float], seconds: float, settings, pod_start: float = 1.0, **changes):
    return simulation.run(traffic.given(arrivals, seconds), plain(**changes), settings, 1, pod_start)


class FromZero(unittest.TestCase):
    def test_one_request_pays_for_a_start_and_a_stable_window(self):
        outcome = run([5.0], 600, KNATIVE)
        # The replica is ready at 6.4, answers until 6.5, and the last bucket with a request is that of the 7th second. At the tick of 68 s
        # sixty buckets are empty, and the replica was seen as ready at 8 s, sixty seconds before.
        self.assertEqual([63], outcome.lifetimes)
        self.assertAlmostEqual(1.4, outcome.cold[0])
        self.assertAlmostEqual(1.5, outcome.percentile(0.5), delta=0.0002)
        self.assertAlmostEqual(1.4 + 0.1, outcome.active)
        self.assertAlmostEqual(0.4 + 0.08, outcome.cpu)

    def test_a_request_within_the_window_is_warm(self):
        outcome = run([5.0, 60.0], 600, KNATIVE)
        self.assertEqual((1, 1), (outcome.starts, len(outcome.cold)))

    def test_a_request_after_it_is_cold_again(self):
        outcome = run([5.0, 100.0], 600, KNATIVE)
        self.assertEqual((2, 2), (outcome.starts, len(outcome.cold)))

    def test_nothing_costs_nothing(self):
        outcome = run([], 600, KNATIVE)
        self.assertEqual((0, 0, []), (outcome.requests, outcome.starts, outcome.lifetimes))

    def test_with_a_least_scale_none_is_cold(self):
        outcome = run([5.0, 500.0], 600, replace(KNATIVE, min_scale=1))
        self.assertEqual((0, []), (outcome.starts, outcome.cold))
        self.assertEqual([600], outcome.lifetimes)


class Growing(unittest.TestCase):
    def test_knative_panics_within_a_tick(self):
        steady = [i / 5 for i in range(5, 500)]
        burst = [100 + i / 40 for i in range(400)]
        outcome = run(sorted(steady + burst), 200, KNATIVE)
        self.assertGreaterEqual(outcome.most, 4)
        self.assertEqual(895, outcome.requests)

    def test_the_hpa_adds_and_removes_after_five_minutes(self):
        outcome = run([i / 30 for i in range(30 * 300)], 1200, HPA)
        self.assertEqual(9000, outcome.requests)
        self.assertGreaterEqual(outcome.most, 4)  # 30 × 0.08 / 0.7 = 3.4
        counts = dict(outcome.replicas)
        self.assertEqual((4, 1), (counts[600], counts[602.5]))

    def test_a_server_that_starts_slowly_makes_more_requests_wait(self):
        burst = [100 + i / 40 for i in range(400)]
        fast, slow = (run(burst, 300, KNATIVE, starts=(start,)) for start in (0.2, 8.0))
        self.assertGreater(slow.percentile(0.99), fast.percentile(0.99) + 3)
        self.assertGreater(len(slow.cold), len(fast.cold))


class Seeds(unittest.TestCase):
    def row(self, seed: int) -> study.Row:
        return study.simulate(study.Plan("bursts", study.KNATIVE, plain(service=(0.01, 0.012, 0.02), starts=(0.2, 0.9)), seed, 0.02, 1.0))

    def test_one_seed_one_result(self):
        self.assertEqual(self.row(3), self.row(3))
        self.assertNotEqual(self.row(3), self.row(4))

    def test_all_servers_get_the_same_requests(self):
        counts = {
            study.simulate(study.Plan("bursts", autoscaler, profile, 3, 0.02, 1.0)).requests
            for autoscaler in (study.KNATIVE, study.HPA)
            for profile in (plain(), plain(name="other", service=(0.02,)))
        }
        self.assertEqual(1, len(counts))


class Pages(unittest.TestCase):
    def test_drawings_are_well_formed_and_tables_complete(self):
        server = plain(title="A & B")
        rows = [study.simulate(study.Plan("bursts", autoscaler, server, 3, 0.02, 1.0)) for autoscaler in (study.KNATIVE, study.HPA)]
        titles = {server.name: server.title}
        for drawing in (page.over_time(rows, study.HPA, titles), page.costs(rows, titles), page.waits(rows, titles)):
            self.assertTrue(ElementTree.fromstring(drawing).tag.endswith("svg"))
        written = page.html({"machine": "made up"}, ["<note>"], [traffic.bursts()], [server], rows)
        self.assertIn("&lt;note&gt;", written)
        self.assertIn("A &amp; B", written)
        lines = page.markdown([traffic.bursts()], rows, titles).splitlines()
        self.assertEqual(1, len({line.count("|") for line in lines if line.startswith("|")}))


class Measured(unittest.TestCase):
    def test_the_file_has_the_four_servers_with_their_sources(self):
        about, servers = profiles.read()
        self.assertIn("machine", about)
        self.assertEqual(["glimpse-native", "glimpse-jvm", "fastapi-onnx", "fastapi-torch"], [server.name for server in servers])
        self.assertTrue(all(server.source and server.mean_service > 0 for server in servers))

    def test_what_is_read(self):
        entry = {
            "title": "T", "source": "S", "workers": 1, "start_seconds": [0.5], "start_cpu_seconds": 0.4, "service_ms": [10, 20, 30],
            "loaded": {"2": {"rate": 40}, "8": {"rate": 62.5}}, "warm_up": [[1, 4.0], [10, 1.5]], "cpu_ms": 18, "rss_mib": 90,
        }  # fmt: skip
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder, "measured.json")
            file.write_text(json.dumps({"about": {}, "servers": {"t": entry}}))
            server = profiles.read(file)[1][0]
        self.assertAlmostEqual(0.02, server.mean_service)
        self.assertEqual([1.0, 1.25, 0.8, 0.8], [round(server.load(n), 6) for n in (1, 2, 8, 50)])
        self.assertAlmostEqual(1.025, server.load(5))
        self.assertEqual([4.0, 1.5, 1.5, 1.0], [server.warmth(n) for n in (0, 1, 9, 10)])
        self.assertAlmostEqual(0.42, server.ready_after(0.3))


if __name__ == "__main__":
    unittest.main()
