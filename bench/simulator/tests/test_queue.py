"""The queues, beside the formulas of queueing theory."""

import math
import unittest
from random import Random

from simulator.fleet import Fleet, Replica
from simulator.outcome import Outcome
from simulator.profiles import Profile
from simulator.tests.servers import exponential, plain

REQUESTS = 60_000
TOLERANCE = 0.05


class Waits(Outcome):
    """Adds up how long requests wait until they are worked on."""

    waited = 0.0

    def answered(self, arrival, end, service, cold, started):
        super().answered(arrival, end, service, cold, started)
        self.waited += end - service - arrival


def mean_wait(profile: Profile, rate: float, replicas: int, concurrency: int | None) -> float:
    outcome, random = Waits(), Random(7)
    fleet = Fleet(profile, concurrency, 1.0, Random(8), outcome)
    fleet.replicas += [Replica(0, 0, profile.workers) for _ in range(replicas)]
    now, until = 0.0, 10.0
    while outcome.requests < REQUESTS:
        arrivals = []
        while (now := now + random.expovariate(rate)) < until:
            arrivals.append(now)
        fleet.advance(arrivals, until)
        now, until = until, until + 10  # arrivals of a Poisson process may begin anew at any time
        fleet.buckets.clear()
    return outcome.waited / outcome.requests


def erlang_c(servers: int, load: float) -> float:
    """The share of the requests that wait, with `load` of them in service on average."""
    last = load**servers / math.factorial(servers) / (1 - load / servers)
    return last / (sum(load**i / math.factorial(i) for i in range(servers)) + last)


class QueueingTheory(unittest.TestCase):
    def assert_close(self, expected: float, measured: float) -> None:
        self.assertLess(abs(measured - expected), TOLERANCE * expected, f"{measured} instead of {expected}")

    def test_m_m_1(self):
        self.assert_close(0.1 * 0.7 / 0.3, mean_wait(plain(service=exponential(0.1)), 7, 1, None))

    def test_m_d_1(self):
        self.assert_close(0.1 * 0.8 / (2 * 0.2), mean_wait(plain(), 8, 1, None))

    def test_m_m_c_within_a_replica(self):
        expected = erlang_c(3, 2.1) / (3 / 0.1 - 21)
        self.assert_close(expected, mean_wait(plain(service=exponential(0.1), workers=3), 21, 1, None))

    def test_m_m_c_before_replicas_that_take_one_request_each(self):
        expected = erlang_c(4, 3.2) / (4 / 0.1 - 32)
        self.assert_close(expected, mean_wait(plain(service=exponential(0.1)), 32, 4, 1))

    def test_in_turn_without_a_limit_each_replica_queues_for_itself(self):
        # Every second arrival goes to each of two: Erlang-2 gaps before exponential work. With gaps of mean 2 / rate in two phases, sigma is
        # the root in (0, 1) of s = (rate / (rate + mu - mu s))^2.
        rate, mu = 14.0, 10.0
        sigma = 0.5
        for _ in range(200):
            sigma = (rate / (rate + mu - mu * sigma)) ** 2
        self.assert_close(sigma / (mu * (1 - sigma)), mean_wait(plain(service=exponential(0.1)), rate, 2, None))


if __name__ == "__main__":
    unittest.main()
