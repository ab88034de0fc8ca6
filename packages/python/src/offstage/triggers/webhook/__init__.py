"""Whose deliveries are genuine, and how they are taken."""

from .receiver import Answer, DeliveryNews, Receiver, Request, WebhookSource
from .verify import Scheme, verify_delivery

__all__ = ["Answer", "DeliveryNews", "Receiver", "Request", "Scheme", "WebhookSource", "verify_delivery"]
