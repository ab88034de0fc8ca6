"""The command line of exported packages."""

from .main import run_package

__all__ = ["run_package"]
