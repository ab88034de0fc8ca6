"""A process that serves: its address, its health, and what is listened to."""

from .listen import OpenNews
from .serve import GRACE_MS, ServedStage, ServingNews, serve

__all__ = ["GRACE_MS", "OpenNews", "ServedStage", "ServingNews", "serve"]
