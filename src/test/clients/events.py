"""Reads HTTP requests with events by the SDK of CloudEvents, and prints each event's attributes and data.

Each line of the standard input is a request: {"headers": {...}, "body": "..."}.
"""

import json
import sys

from cloudevents.core.bindings.http import HTTPMessage, from_http_event

BATCH = "application/cloudevents-batch+json"
ONE = "application/cloudevents+json"


def messages(request):
    """Yields a message for each event; the SDK has no batches."""
    headers, body = request["headers"], request["body"]
    if headers["Content-Type"].startswith(BATCH):
        for event in json.loads(body):
            yield HTTPMessage({"Content-Type": ONE}, json.dumps(event).encode())
    else:
        yield HTTPMessage(headers, body.encode())


for line in sys.stdin:
    for message in messages(json.loads(line)):
        event = from_http_event(message)
        attributes = {name: str(value) for name, value in event.get_attributes().items()}
        print(json.dumps({"attributes": attributes, "data": event.get_data()}, sort_keys=True))
