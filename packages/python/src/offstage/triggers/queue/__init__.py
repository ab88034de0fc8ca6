"""Messages of queues: each is an event, acknowledged when that is durable."""

from .consume_queue import QueueNews
from .create_broker import create_broker
from .queue_port import JsonContent, PartsContent, QueueBroker, QueueConnection, QueueMessage, Unfit
from .queues import Queues
from .take_messages import Desk

__all__ = [
    "Desk",
    "JsonContent",
    "PartsContent",
    "QueueBroker",
    "QueueConnection",
    "QueueMessage",
    "QueueNews",
    "Queues",
    "Unfit",
    "create_broker",
]
