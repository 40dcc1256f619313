"""POST /predict in FastAPI, in the two ways that tutorials have it.

ENDPOINT=inline: `async def`, which classifies on the event loop. ENDPOINT=pool: `def`, which FastAPI runs on a thread
pool, of THREADS threads (40 if not set, AnyIO's default). Which is faster is measured, not believed.
"""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import anyio.to_thread
from fastapi import Depends, FastAPI, Request
from fastapi.responses import JSONResponse
from recipe import setting


async def body(request: Request) -> bytes:
    return await request.body()


BODY = Depends(body)


@asynccontextmanager
async def lifespan(_: FastAPI) -> AsyncIterator[None]:
    if threads := setting("THREADS"):
        anyio.to_thread.current_default_thread_limiter().total_tokens = int(threads)
    yield


def application(classify: Callable[[bytes], dict]) -> FastAPI:
    app = FastAPI(lifespan=lifespan)

    # JSONResponse by hand: FastAPI would first walk through the dict to see what is in it.
    if setting("ENDPOINT") == "pool":

        @app.post("/predict")
        def predict(data: bytes = BODY) -> JSONResponse:
            return JSONResponse(classify(data))

    else:

        @app.post("/predict")
        async def predict_inline(request: Request) -> JSONResponse:
            return JSONResponse(classify(await request.body()))

    return app
