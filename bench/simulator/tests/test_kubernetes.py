"""The HPA's rules, with values computed by hand; the target is 70 %."""

import unittest
from dataclasses import replace

from simulator.kubernetes import Autoscaler, Decider, Settings, proposal

RULES = Settings()


def propose(current: int, utilizations: list[float], unready: int = 0) -> int:
    return proposal(current, utilizations, unready, RULES.target_utilization, RULES.tolerance)


class Proposals(unittest.TestCase):
    def test_by_the_ratio_rounded_up(self):
        self.assertEqual(6, propose(4, [0.9] * 4))  # 4 × 1.286
        self.assertEqual(2, propose(4, [0.35] * 4))
        self.assertEqual(4, propose(4, [0.62] * 4))  # 4 × 0.886, rounded up

    def test_within_the_tolerance_nothing_changes(self):
        self.assertEqual(4, propose(4, [0.76] * 4))
        self.assertEqual(5, propose(4, [0.78] * 4))
        self.assertEqual(4, propose(4, [0.64] * 4))

    def test_replicas_that_are_not_ready_count_as_idle_when_more_are_needed(self):
        self.assertEqual(4, propose(4, [1.0, 1.0], 2))  # 0.5 / 0.7: the direction would turn
        self.assertEqual(4, propose(4, [1.0] * 3, 1))  # 0.75 / 0.7: within the tolerance
        self.assertEqual(6, propose(5, [1.0] * 4, 1))  # 5 × 0.8 / 0.7

    def test_and_not_at_all_when_fewer_are(self):
        self.assertEqual(1, propose(4, [0.35, 0.35], 2))

    def test_without_metrics_nothing_changes(self):
        self.assertEqual(3, propose(3, [], 3))


class Stabilization(unittest.TestCase):
    def test_down_only_after_five_minutes_without_a_larger_proposal(self):
        decider = Decider(RULES)
        self.assertEqual(5, decider.desired(0, 5, 5))
        for now in range(15, 300, 15):
            self.assertEqual(5, decider.desired(now, 5, 2))
        self.assertEqual(2, decider.desired(300, 5, 2))

    def test_to_the_largest_proposal_of_that_time(self):
        decider = Decider(RULES)
        decider.desired(0, 5, 5)
        decider.desired(15, 5, 3)
        decider.desired(30, 5, 2)
        self.assertEqual(3, decider.desired(300, 5, 2))
        self.assertEqual(2, decider.desired(330, 3, 2))

    def test_up_at_once(self):
        decider = Decider(RULES)
        decider.desired(0, 5, 5)
        self.assertEqual(7, decider.desired(15, 5, 7))

    def test_up_to_the_smallest_proposal_with_a_window(self):
        decider = Decider(replace(RULES, stabilization_up=60))
        decider.desired(0, 5, 5)
        self.assertEqual(5, decider.desired(15, 5, 9))
        self.assertEqual(9, decider.desired(60, 5, 9))


class Policies(unittest.TestCase):
    def test_four_more_or_twice_as_many_in_fifteen_seconds(self):
        decider = Decider(RULES)
        self.assertEqual(5, decider.desired(0, 1, 40))
        self.assertEqual(5, decider.desired(10, 5, 40))
        self.assertEqual(10, decider.desired(15, 5, 40))
        self.assertEqual(20, decider.desired(30, 10, 40))
        self.assertEqual(40, decider.desired(45, 20, 40))

    def test_bounds(self):
        autoscaler = Autoscaler(replace(RULES, max_scale=3))
        self.assertEqual(3, autoscaler.decide(15, 2, [1.0, 1.0, 1.0], 0))
        self.assertEqual(1, Autoscaler(RULES).decide(15, 1, [0.0], 0))

    def test_down_by_a_policy(self):
        decider = Decider(replace(RULES, stabilization_down=0, down_percent=50))
        self.assertEqual(4, decider.desired(0, 8, 1))
        self.assertEqual(4, decider.desired(10, 4, 1))
        self.assertEqual(2, decider.desired(15, 4, 1))


if __name__ == "__main__":
    unittest.main()
