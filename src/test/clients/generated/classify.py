"""Tells what is in pictures: python classify.py http://localhost:8080 1 daisy.jpg"""

import sys
from pathlib import Path

from openapi_client import ApiClient, ApiException, Configuration, PredictApi, PredictResponse, Problem


FORM = "multipart/form-data"  # or the client says that what it sends is JSON


def show_answer(answer: PredictResponse):
    for prediction in answer.predictions:
        print(f"{prediction.label} {prediction.score:.2f}")


def show_problem(problem: Problem):
    print(problem.status, problem.type, problem.title)
    print(f"{problem.detail} ({problem.id})")
    for violation in problem.violations or []:
        print(f"{violation.var_field}: {violation.message}")


def main(server: str, classes: str, *files: str):
    pictures = [Path(file).read_bytes() for file in files]
    with ApiClient(Configuration(host=server)) as client:
        glimpse = PredictApi(client)
        try:
            if len(pictures) == 1:
                show_answer(glimpse.predict(pictures[0], top_k=int(classes), _content_type=FORM))
                return
            answer = glimpse.predict_batch(pictures, top_k=int(classes), _content_type=FORM)
            for result in answer.results:
                if isinstance(result.actual_instance, Problem):
                    show_problem(result.actual_instance)
                else:
                    show_answer(result.actual_instance)
        except ApiException as refused:
            show_problem(refused.data)
            if refused.status == 503:
                print(f"again in {refused.headers['Retry-After']} s")


main(*sys.argv[1:])
