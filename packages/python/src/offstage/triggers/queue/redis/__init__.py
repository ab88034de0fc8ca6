"""Queues that are streams of Redis. Needs its client: `pip install offstage[redis]`."""

from .redis_queue import create_redis_queue

__all__ = ["create_redis_queue"]
