"""FastAPI, Pillow and ONNX Runtime: uvicorn fastapi_onnx:app, one process or more."""

from endpoint import application
from recipe import Onnx, setting

app = application(Onnx(setting("MODEL"), draft=setting("DRAFT") == "1").classify)
