"""The rate of a closed loop counts the responses of all of its connections."""

from __future__ import annotations

import asyncio
import unittest
from unittest import mock

from client import ImageFile
from simulator.real import pool


class RateTest(unittest.TestCase):
    def test_counts_every_connection(self):
        posted = 0

        async def post(*_) -> int:
            nonlocal posted
            await asyncio.sleep(0.002)
            posted += 1
            return 200

        with mock.patch.object(pool.Pool, "post", post):
            rate = asyncio.run(pool.rate(0, ImageFile("none", b""), connections=8, seconds=0.2))
        self.assertGreater(posted, 100)
        self.assertAlmostEqual(posted, rate * 0.2, delta=0.1 * posted)


if __name__ == "__main__":
    unittest.main()
