"""What is counted, for whoever watches over a running bot. Numbers only: no person, cohort or word is a label."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, cast

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector, generate_latest

from bot.ports.clock import Clock
from bot.ports.duties import Delivery, DueTable, Ending
from bot.ports.responses import ResponseStore

_LATENESS = (1, 5, 15, 60, 300, 900, 3600, 6 * 3600, 24 * 3600)  # seconds


class Metrics:
    """The numbers of one process. Handed to those who count by constructor or as a bound method."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        ProcessCollector(registry=self._registry)
        self._deliveries = Counter(
            "third_chair_deliveries",
            "Due work by kind and by how it ended",
            ("duty", "ending"),
            registry=self._registry,
        )
        self._lateness = Histogram(
            "third_chair_delivery_lateness_seconds",
            "How long after its due instant work was done",
            ("duty",),
            buckets=_LATENESS,
            registry=self._registry,
        )
        self._retries = Counter(
            "third_chair_retries", "Due work given back to be tried again", ("duty",), registry=self._registry
        )
        self._oldest_due = Gauge(
            "third_chair_oldest_unclaimed_seconds",
            "How long the oldest work that nobody holds has been due",
            registry=self._registry,
        )
        self._refusals = Counter(
            "third_chair_rate_limited", "Requests that the platform refused with 429", registry=self._registry
        )
        self._screen_failures = Counter(
            "third_chair_screen_failures",
            "Messages that the crisis screen failed on and met with the static card",
            ("kind",),
            registry=self._registry,
        )
        self._published = Counter(
            "third_chair_responses_published", "Responses that came to stand in a thread", registry=self._registry
        )
        self._loop_lag = Gauge(
            "third_chair_loop_lag_seconds", "How late the event loop came to its work", registry=self._registry
        )
        self._last_round = Gauge(
            "third_chair_last_round_timestamp_seconds",
            "When the last round through due work ended",
            registry=self._registry,
        )

    def delivered(self, delivery: Delivery, ending: Ending, now: datetime) -> None:
        """Count work that ended, and how late it was if it was done."""
        self._deliveries.labels(delivery.duty.value, ending.value).inc()
        if ending is Ending.DONE:
            self._lateness.labels(delivery.duty.value).observe(max(0.0, (now - delivery.due).total_seconds()))

    def retried(self, delivery: Delivery) -> None:
        """Count work that was given back."""
        self._retries.labels(delivery.duty.value).inc()

    def oldest_due(self, overdue: timedelta) -> None:
        """Set how long the oldest unclaimed work has been due; nothing waits if that is not positive."""
        self._oldest_due.set(max(0.0, overdue.total_seconds()))

    def rate_limited(self) -> None:
        """Count a 429."""
        self._refusals.inc()

    def screen_failed(self, kind: str) -> None:
        """Count a failure of the crisis screen; `kind` is an exception's class name or `timeout`."""
        self._screen_failures.labels(kind).inc()

    def response_published(self) -> None:
        """Count a response that stands in its thread."""
        self._published.inc()

    def loop_lag(self, seconds: float) -> None:
        """Set how late the event loop was."""
        self._loop_lag.set(seconds)

    def round_ended(self, at: datetime) -> None:
        """Set when the last round ended."""
        self._last_round.set(at.timestamp())

    def exposition(self) -> bytes:
        """Everything in Prometheus' text format."""
        return generate_latest(self._registry)


def counted_due(due: DueTable, metrics: Metrics, clock: Clock) -> DueTable:
    """Wrap a due table so that what ends or is given back is counted; all else goes straight through."""
    return cast(DueTable, _CountedDue(due, metrics, clock))


def counted_responses(responses: ResponseStore, metrics: Metrics) -> ResponseStore:
    """Wrap a response store so that publishing is counted; all else goes straight through."""
    return cast(ResponseStore, _CountedResponses(responses, metrics.response_published))


class _CountedDue:
    def __init__(self, due: DueTable, metrics: Metrics, clock: Clock) -> None:
        self._due = due
        self._metrics = metrics
        self._clock = clock

    def __getattr__(self, verb: str) -> Any:
        return getattr(self._due, verb)

    async def finish(self, delivery: Delivery, ending: Ending, reason: str = "") -> None:
        await self._due.finish(delivery, ending, reason)
        self._metrics.delivered(delivery, ending, self._clock.now())

    async def retry_at(self, delivery: Delivery, at: datetime, reason: str) -> None:
        await self._due.retry_at(delivery, at, reason)
        self._metrics.retried(delivery)


class _CountedResponses:
    def __init__(self, responses: ResponseStore, count: Callable[[], None]) -> None:
        self._responses = responses
        self._count = count

    def __getattr__(self, verb: str) -> Any:
        return getattr(self._responses, verb)

    async def published(self, response_id: str, message_id: str) -> bool:
        was_waiting = await self._responses.published(response_id, message_id)
        if was_waiting:
            self._count()
        return was_waiting
