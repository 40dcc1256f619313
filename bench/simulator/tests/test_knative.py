"""Knative's rules, with values computed by hand. Unless a test says otherwise a replica should have 2 × 0.7 = 1.4 requests."""

import unittest
from dataclasses import replace

from simulator.knative import Autoscaler, Decider, Scaler, Settings, Window

RULES = Settings()


def decider(**changes) -> Decider:
    return Decider(replace(RULES, **changes))


class Targets(unittest.TestCase):
    def test_the_smaller_of_target_and_container_concurrency_counts(self):
        self.assertEqual(2, RULES.total())
        self.assertAlmostEqual(1.4, RULES.wanted())
        self.assertEqual(8, replace(RULES, target=0).total())
        self.assertEqual(8, replace(RULES, target=20).total())
        self.assertEqual(100, replace(RULES, target=0, concurrency=0).total())

    def test_faster_rules_keep_their_proportions(self):
        fast = RULES.scaled(5)
        self.assertEqual((0.4, 0.2, 12, 6), (fast.tick, fast.bucket, fast.stable_window, fast.grace_period))


class StableMode(unittest.TestCase):
    def test_as_many_as_the_concurrency_needs_rounded_up(self):
        self.assertEqual(2, decider().desired(0, 2, stable=2.8, panic=0))
        self.assertEqual(3, decider().desired(0, 2, stable=2.81, panic=0))

    def test_no_more_than_halved_at_once(self):
        self.assertEqual(4, decider().desired(0, 9, stable=0.1, panic=0.1))
        self.assertEqual(3, decider(max_scale_down_rate=3).desired(0, 9, stable=0.1, panic=0.1))

    def test_the_last_one_may_go(self):
        self.assertEqual(0, decider().desired(0, 1, stable=0, panic=0))

    def test_no_more_than_the_rate_of_growth(self):
        self.assertEqual(6, decider(max_scale_up_rate=2).desired(0, 3, stable=100, panic=0))
        self.assertEqual(4, decider(max_scale_up_rate=1.1).desired(0, 3, stable=100, panic=0))

    def test_activation_scale_is_the_least_unless_there_is_nothing_to_do(self):
        self.assertEqual(3, decider(activation_scale=3).desired(0, 0, stable=0.1, panic=0.1))
        self.assertEqual(0, decider(activation_scale=3).desired(0, 1, stable=0, panic=0))

    def test_a_delay_keeps_the_largest_of_its_time(self):
        delayed = decider(scale_down_delay=10)
        self.assertEqual(3, delayed.desired(0, 3, stable=4.2, panic=4.2))
        self.assertEqual(3, delayed.desired(8, 3, stable=2.8, panic=2.8))
        self.assertEqual(2, delayed.desired(10, 3, stable=2.8, panic=2.8))


class PanicMode(unittest.TestCase):
    def test_begins_when_twice_as_many_are_needed_as_are_ready(self):
        calm = decider()
        self.assertEqual(1, calm.desired(0, 2, stable=1.4, panic=4.2))  # 3 of 2
        self.assertIsNone(calm.panic_since)
        self.assertEqual(4, calm.desired(2, 2, stable=1.4, panic=5.6))  # 4 of 2
        self.assertEqual(2, calm.panic_since)

    def test_takes_the_larger_of_both_windows(self):
        self.assertEqual(5, decider().desired(0, 2, stable=7, panic=5.6))

    def test_only_adds_and_ends_a_stable_window_after_the_last_excess(self):
        panicking = decider()
        self.assertEqual(4, panicking.desired(0, 2, stable=1.4, panic=5.6))
        self.assertEqual(4, panicking.desired(20, 4, stable=2.8, panic=1.4))
        self.assertEqual(8, panicking.desired(30, 4, stable=2.8, panic=11.2))
        self.assertEqual(8, panicking.desired(90, 8, stable=2.8, panic=1.4))  # not later than the window's end
        self.assertEqual(4, panicking.desired(92, 8, stable=2.8, panic=1.4))  # 2, but no more than halved

    def test_from_zero_ready_counts_as_one(self):
        self.assertEqual(2, decider().desired(0, 0, stable=2.8, panic=2.8))

    def test_windows_hold_60_and_6_buckets(self):
        autoscaler = Autoscaler(RULES)
        self.assertEqual((60, 6), (autoscaler.stable.size, autoscaler.panic.size))


class BurstCapacity(unittest.TestCase):
    def test_what_is_spare_beyond_the_burst(self):
        self.assertEqual(-205, decider().spare(1, 6.5))  # 2 - 200 - 6.5
        self.assertEqual(0, decider(target_burst_capacity=0).spare(1, 6))
        self.assertEqual(10, decider(target_burst_capacity=10).spare(12, 4))  # 24 - 10 - 4
        self.assertEqual(-1, decider(target_burst_capacity=-1).spare(500, 0))


class Windows(unittest.TestCase):
    def test_average_of_what_there_is_until_it_is_full(self):
        window = Window(3, 1)
        self.assertEqual(0, window.average())
        window.record(4)
        window.record(2)
        self.assertEqual(3, window.average())
        window.record(0)
        window.record(1)
        self.assertEqual(1, window.average())

    def test_after_a_silence_as_long_as_the_window_it_begins_anew(self):
        autoscaler = Autoscaler(RULES)
        autoscaler.record(1, 6)
        autoscaler.woken(5)
        self.assertAlmostEqual(1.2, autoscaler.stable.average())  # 6 / 5 buckets
        autoscaler.woken(65)
        self.assertEqual(0, autoscaler.stable.average())


class ToZero(unittest.TestCase):
    def test_bounds(self):
        self.assertEqual(3, Scaler(replace(RULES, max_scale=3)).scale(0, 1, 7))
        self.assertEqual(2, Scaler(replace(RULES, min_scale=2)).scale(0, 3, 0))

    def test_not_before_it_was_active_for_a_stable_window(self):
        scaler = Scaler(RULES)
        scaler.activated(10)
        self.assertEqual(1, scaler.scale(69, 2, 0))
        self.assertEqual(0, scaler.scale(70, 1, 0))  # the activator has been in front all the time

    def test_not_before_the_activator_was_in_front_for_the_grace_period(self):
        scaler = Scaler(RULES)
        scaler.activated(0)
        scaler.observe(50, spare=0)
        self.assertEqual(1, scaler.scale(100, 1, 0))
        self.assertEqual(1, scaler.scale(129, 1, 0))
        self.assertEqual(0, scaler.scale(130, 1, 0))

    def test_traffic_in_the_grace_period_begins_it_anew(self):
        scaler = Scaler(RULES)
        scaler.activated(0)
        scaler.observe(50, spare=0)
        scaler.scale(100, 1, 0)
        scaler.observe(120, spare=0)
        self.assertEqual(1, scaler.scale(140, 1, 0))
        self.assertEqual(0, scaler.scale(170, 1, 0))

    def test_not_while_it_starts(self):
        self.assertEqual(1, Scaler(RULES).scale(100, 1, 0))

    def test_never_if_it_is_switched_off(self):
        scaler = Scaler(replace(RULES, scale_to_zero=False))
        scaler.activated(0)
        self.assertEqual(1, scaler.scale(1000, 1, 0))


if __name__ == "__main__":
    unittest.main()
