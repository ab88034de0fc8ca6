"""The command line of exported packages."""

from .main import run_package
from .wake import google_function, lambda_handler

__all__ = ["google_function", "lambda_handler", "run_package"]
