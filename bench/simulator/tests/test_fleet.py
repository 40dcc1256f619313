"""Replicas that start, serve and stop, with times computed by hand."""

import unittest
from random import Random

from simulator.fleet import Fleet, Replica
from simulator.outcome import Outcome, quantile
from simulator.tests.servers import plain


def fleet(replicas: int = 0, concurrency: int | None = None, **changes) -> Fleet:
    profile = plain(**changes)
    made = Fleet(profile, concurrency, 1.0, Random(1), Outcome())
    made.replicas += [Replica(0, 0, profile.workers) for _ in range(replicas)]
    return made


class Serving(unittest.TestCase):
    def latencies(self, made: Fleet) -> list[float]:
        """In tenths of a second, and how many requests took so long."""
        return [round(i / 1000, 2) for i, count in enumerate(made.outcome.latencies) for _ in range(count)]

    def test_in_turn_and_one_after_the_other(self):
        made = fleet(2)
        made.advance([0.5] * 5, 2)
        self.assertEqual([1, 1, 2, 2, 3], self.latencies(made))
        self.assertEqual([3, 2], [replica.served for replica in made.replicas])

    def test_beyond_the_limit_the_first_that_has_room(self):
        made = fleet(2, concurrency=1)
        made.advance([0.5, 0.55, 0.56], 2)
        self.assertEqual([1.0, 1.0, 1.4], self.latencies(made))  # the third from 0.6 to 0.7

    def test_what_does_not_begin_waits_for_the_next_time(self):
        made = fleet(1, concurrency=1)
        made.advance([0.5, 0.5, 0.5], 0.65)
        self.assertEqual(1, len(made.waiting))
        made.advance([], 2)
        self.assertEqual([1, 2, 3], self.latencies(made))

    def test_a_loaded_replica_is_slower_as_measured(self):
        made = fleet(1, loads=((1, 1.0), (3, 2.0)))
        made.advance([0.0] * 3, 2)
        self.assertAlmostEqual(0.1 + 0.15 + 0.2, made.outcome.service)

    def test_a_process_warms_up(self):
        made = fleet(1, warm_up=((1, 5.0), (3, 2.0)))
        made.advance([0.0, 2.0, 3.0, 4.0], 5)
        self.assertAlmostEqual(0.5 + 0.2 + 0.2 + 0.1, made.outcome.service)


class Starting(unittest.TestCase):
    def test_requests_that_wait_for_a_start_are_cold(self):
        made = fleet()
        made.scale(0, 1, delay=1)  # ready at 1 + 0.5 - 0.1: the first response is at 1.5
        made.advance([0.2, 1.0, 1.9], 2)
        self.assertEqual([1.2, 0.4], [round(wait, 6) for wait in made.outcome.cold])
        self.assertEqual((3, 1), (made.outcome.requests, made.outcome.starts))

    def test_those_that_start_stop_first_then_the_newest(self):
        made = fleet(1)
        made.scale(0, 2, delay=0)
        made.advance([], 1)
        made.scale(1, 3, delay=9)
        made.scale(2, 1, delay=0)
        self.assertEqual([0], [replica.created for replica in made.replicas])
        self.assertEqual([1, 2], made.outcome.lifetimes)

    def test_what_stops_first_ends_its_requests(self):
        made = fleet(1)
        made.advance([0.95] * 3, 1)
        made.close(1)
        self.assertAlmostEqual(1.25, made.outcome.lifetimes[0])

    def test_active_while_it_starts_and_has_requests(self):
        made = fleet()
        made.scale(0, 1, delay=1)
        made.advance([2.0, 2.05, 7.0], 10)
        made.close(10)
        self.assertEqual([10], made.outcome.lifetimes)
        self.assertAlmostEqual(1.4 + 0.2 + 0.1, made.outcome.active)


class Concurrency(unittest.TestCase):
    def test_averages_count_what_waits_too(self):
        made = fleet(1, concurrency=1, service=(1.0,))
        made.advance([0.5, 0.5], 2)
        made.advance([], 4)
        self.assertEqual([1.0, 1.5, 0.5, 0.0], [round(made.concurrency_of(i), 6) for i in range(4)])  # until 1.5 and until 2.5

    def test_also_before_the_first_replica(self):
        made = fleet(concurrency=1)
        made.scale(0, 1, delay=2)  # ready at 2.4
        made.advance([0.5, 1.5], 2)
        self.assertEqual([0.5, 1.5], [made.concurrency_of(i) for i in range(2)])
        made.advance([], 4)
        self.assertAlmostEqual(0.5 + 0.6, made.concurrency_of(2))


class Percentiles(unittest.TestCase):
    def test_of_latencies(self):
        outcome = Outcome()
        for i in range(100):
            outcome.answered(0, (i + 1) / 100, 0.01, False, 0)
        self.assertAlmostEqual(0.5, outcome.percentile(0.5), delta=0.0002)
        self.assertAlmostEqual(0.99, outcome.percentile(0.99), delta=0.0002)

    def test_of_values(self):
        self.assertEqual(2, quantile([3, 1, 2], 0.5))
        self.assertEqual(3, quantile([3, 1, 2], 0.99))


if __name__ == "__main__":
    unittest.main()
