"""Triton's own client changes what we serve: the repository has two versions of colors, and serves the first."""

import sys

import tritonclient.http as triton
from tritonclient.utils import InferenceServerException


def refused(status: str, call, *arguments, **options):
    try:
        call(*arguments, **options)
    except InferenceServerException as error:
        assert error.status() == status and len(error.message()) > 20, error
    else:
        raise AssertionError(f"{arguments} was done")


def main(server: str, token: str):
    admin = {"Authorization": f"Bearer {token}"}
    with triton.InferenceServerClient(server) as client:
        refused("401", client.load_model, "colors")
        refused("404", client.load_model, "nothing", headers=admin)
        refused("400", client.load_model, "colors", headers=admin, config="{}")
        assert not client.is_model_ready("colors", "2")

        client.load_model("colors", headers=admin)
        assert client.is_model_ready("colors", "2")
        index = client.get_model_repository_index()
        assert {"name": "colors", "version": "2", "state": "READY", "reason": ""} in index, index

        client.unload_model("colors", headers=admin)
        assert not client.is_model_ready("colors")
        index = client.get_model_repository_index()
        assert {"name": "colors", "version": "2", "state": "UNAVAILABLE", "reason": "unloaded"} in index, index

        client.load_model("colors", headers=admin)
        assert client.is_model_ready("colors", "1") and client.is_model_ready("colors", "2")


main(*sys.argv[1:])
print("all well")
