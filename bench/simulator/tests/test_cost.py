"""The arithmetic of prices, with values computed by hand."""

import unittest

from simulator import cost
from simulator.cost import Price
from simulator.outcome import Outcome

BY_INSTANCE = Price("instance", 0.00002, 0.000002, 0, False, 0.5, 0.25, 60, 1)
BY_REQUEST = Price("request", 0.000024, 0.0000025, 0.4, True, 0.5, 0.25, 0, 1)


def outcome() -> Outcome:
    return Outcome(requests=1000, active=10, lifetimes=[30, 120])


class Costs(unittest.TestCase):
    def test_memory_is_sold_in_steps_with_a_quarter_more_than_measured(self):
        self.assertEqual(0.5, BY_INSTANCE.memory(100))
        self.assertEqual(0.5, BY_INSTANCE.memory(409.6))  # exactly half a GiB
        self.assertEqual(0.75, BY_INSTANCE.memory(410))
        self.assertEqual(1.0, BY_INSTANCE.memory(782))

    def test_by_instance_each_lives_at_least_a_minute(self):
        self.assertEqual(180, BY_INSTANCE.seconds(outcome()))
        self.assertAlmostEqual(180 * (0.00002 + 0.5 * 0.000002), BY_INSTANCE.cost(outcome(), 100))
        self.assertAlmostEqual(3.78, BY_INSTANCE.per_million(outcome(), 100))

    def test_by_request_only_what_is_active_and_a_fee(self):
        self.assertAlmostEqual(10 * (0.000024 + 0.75 * 0.0000025) + 0.0004, BY_REQUEST.cost(outcome(), 500))
        self.assertAlmostEqual(0.65875, BY_REQUEST.per_million(outcome(), 500))

    def test_the_table_of_prices_can_be_read(self):
        note, prices = cost.read()
        self.assertIn("inputs", note)
        self.assertEqual(len(prices), len({price.name for price in prices}))
        self.assertTrue(all(price.vcpu_second + price.gib_second > 0 for price in prices))


if __name__ == "__main__":
    unittest.main()
