"""The OpenAPI document is valid by OpenAPI 3.1's own schema, and every example is by the schema that it illustrates."""

import json
import sys
import urllib.request

from openapi_schema_validator import OAS31Validator
from openapi_spec_validator import validate
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

NAME = "urn:document"


def examples(node, way: str):
    """Each with the way to its schema."""
    if isinstance(node, list):
        for index, child in enumerate(node):
            yield from examples(child, f"{way}/{index}")
    if isinstance(node, dict):
        found = node.get("examples")
        if isinstance(found, list):
            yield from ((way, example) for example in found)
        elif found and "schema" in node:
            yield from ((f"{way}/schema", example["value"]) for example in found.values())
        for key, child in node.items():
            if key != "examples":
                yield from examples(child, f"{way}/{key.replace('~', '~0').replace('/', '~1')}")


def main(address: str):
    with urllib.request.urlopen(urllib.request.Request(address, headers={"Accept": "application/json"})) as answer:
        document = json.load(answer)
    validate(document)
    registry = Registry().with_resource(NAME, Resource(document, DRAFT202012))
    count = 0
    for way, example in examples(document, ""):
        OAS31Validator({"$ref": f"{NAME}#{way}"}, registry=registry).validate(example)
        count += 1
    print(f"valid, with {count} examples")


main(*sys.argv[1:])
