"""Sends frames to /predict/live with the package websockets, and prints what comes back.

Usage: live.py URL IMAGE FRAMES BAD_IMAGE
"""

import asyncio
import json
import sys

import websockets


async def main(url, image, frames, bad):
    with open(image, "rb") as file:
        good = file.read()
    with open(bad, "rb") as file:
        broken = file.read()
    async with websockets.connect(url, subprotocols=["glimpse.live"]) as socket:
        print("protocol", socket.subprotocol)
        for _ in range(frames):  # one at a time: none is skipped
            await socket.send(good)
            answer = json.loads(await socket.recv())
            print("answer", answer["frame"], answer["skipped"], answer["predictions"][0]["label"])
        await socket.send(broken)
        problem = json.loads(await socket.recv())
        print("problem", problem["frame"], problem["problem"]["status"])
        for _ in range(frames):  # all at once: the newest is answered
            await socket.send(good)
        last = 0
        seen = problem["frame"]
        while last < 2 * frames:
            answer = json.loads(await socket.recv())
            last = answer["frame"]
            seen += 1 + answer["skipped"]
            assert seen == last, answer
        print("newest", last)
        await socket.ping()


asyncio.run(main(sys.argv[1], sys.argv[2], int(sys.argv[3]), sys.argv[4]))
