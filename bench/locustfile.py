"""Load as the tutorials make it: users who post a photo and think for a moment.

    PHOTO=photo.jpg target/serving/python/bin/locust -f bench/locustfile.py --headless -H http://localhost:8080 \\
        --users 32 --spawn-rate 32 --run-time 30s

THINK=0.5 has each user wait for half a second between its requests; without it none waits. Locust itself takes a core
for a few hundred requests a second; for how fast the service is, wrk tells.
"""

import os
import uuid
from pathlib import Path

from locust import HttpUser, constant, task

PHOTO = Path(os.environ["PHOTO"]).read_bytes()


class Visitor(HttpUser):
    wait_time = constant(float(os.environ.get("THINK", "0")))

    @task(4)
    def raw(self) -> None:
        self.ask("/predict", data=PHOTO, headers={"Content-Type": "image/jpeg"})

    @task(1)
    def form(self) -> None:
        self.ask("/predict (form)", files={"file": ("photo.jpg", PHOTO, "image/jpeg")}, headers={})

    def ask(self, name: str, headers: dict[str, str], **body: object) -> None:
        identity = str(uuid.uuid4())
        headers = {**headers, "X-Request-ID": identity}
        with self.client.post("/predict", name=name, headers=headers, catch_response=True, **body) as response:
            if response.status_code == 503 and "Retry-After" in response.headers:
                response.failure("503, with Retry-After")
            elif response.status_code != 200:
                response.failure(f"status {response.status_code}")
            elif response.json().get("id", identity) != identity:
                response.failure("another request's response")
