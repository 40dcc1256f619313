"""The traffic has the shape it says, and is the same for the same seed."""

import itertools
import statistics
import unittest
from random import Random

from simulator import traffic
from simulator.traffic import DAY, HOUR


def arrivals(replayed: traffic.Traffic, seed: int = 1) -> list[float]:
    return list(replayed.services[0].arrivals(Random(seed)))


class Day(unittest.TestCase):
    def test_as_many_as_it_says_with_the_least_at_four(self):
        found = arrivals(traffic.day(200_000))
        self.assertEqual(sorted(found), found)
        self.assertLess(abs(len(found) - 200_000), 4 * 200_000**0.5)
        hours = [0] * 24
        for at in found:
            hours[int(at / HOUR)] += 1
        self.assertIn(hours.index(min(hours)), (3, 4))
        self.assertIn(hours.index(max(hours)), (15, 16))
        self.assertAlmostEqual(0.1, min(hours) / max(hours), delta=0.02)


class Bursts(unittest.TestCase):
    def test_are_at_the_end_of_each_period(self):
        found = arrivals(traffic.bursts(base=1, burst=50, every=100, length=10, hours=1))
        inside = [at for at in found if at % 100 >= 90]
        self.assertLess(abs(len(inside) - 36 * 500), 4 * 18000**0.5)
        self.assertLess(abs(len(found) - len(inside) - 36 * 90), 4 * 3240**0.5)


class Hourly(unittest.TestCase):
    def test_one_in_each_hour(self):
        found = arrivals(traffic.hourly(3))
        self.assertEqual(list(range(72)), [int(at / HOUR) for at in found])


class Trace(unittest.TestCase):
    def test_popularity_goes_through_the_published_points(self):
        self.assertAlmostEqual(24, traffic.popularity(0.45))
        self.assertAlmostEqual(1440, traffic.popularity(0.81))
        self.assertEqual(sorted(map(traffic.popularity, (0.1, 0.5, 0.7, 0.9, 1))), list(map(traffic.popularity, (0.1, 0.5, 0.7, 0.9, 1))))

    def test_the_most_popular_fifth_has_nearly_all_calls(self):
        calls = [traffic.popularity((i + 0.5) / 1000) for i in range(1000)]
        often = [count for count in calls if count >= 1440]
        self.assertAlmostEqual(0.186, len(often) / len(calls), delta=0.01)
        self.assertAlmostEqual(0.996, sum(often) / sum(calls), delta=0.003)

    def test_two_in_five_are_more_irregular_than_poisson(self):
        found = [traffic.regularity((i + 0.5) / 100) for i in range(100)]
        self.assertEqual((14, 46, 40), (found.count(0), found.count(1), found.count(3)))

    def test_gaps_have_their_mean_and_variation(self):
        for variation in (0, 1, 3):
            gap = traffic.gaps(Random(3), 5, variation)
            gaps = [gap() for _ in range(200_000)]
            mean = statistics.fmean(gaps)
            self.assertAlmostEqual(0.2, mean, delta=0.005)
            self.assertAlmostEqual(variation, statistics.pstdev(gaps) / mean, delta=0.05)

    def test_each_service_for_a_day(self):
        replayed = traffic.trace(1)
        self.assertEqual(40, len(replayed.services))
        rare = list(replayed.services[0].arrivals(Random(1)))
        self.assertTrue(all(0 <= at < DAY for at in rare))


class Seeds(unittest.TestCase):
    def test_the_same_seed_makes_the_same(self):
        for replayed in (traffic.day(1000), traffic.bursts(hours=1), traffic.hourly(2)):
            self.assertEqual(arrivals(replayed, 5), arrivals(replayed, 5))
            self.assertNotEqual(arrivals(replayed, 5), arrivals(replayed, 6))

    def test_also_of_the_trace(self):
        def some(seed: int) -> list[float]:
            return list(itertools.islice(traffic.trace(seed).services[25].arrivals(Random(seed)), 5))

        self.assertEqual(some(5), some(5))
        self.assertNotEqual(some(5), some(6))


if __name__ == "__main__":
    unittest.main()
