"""Measuring: percentiles of repeated calls, and figures printed beside their targets."""

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Figure:
    """One measured figure beside its target."""

    name: str
    value: float
    unit: str
    target: str
    good: bool | None = None


def milliseconds(calls: Iterable[Callable[[], object]]) -> list[float]:
    """Return how long each call took [ms]."""
    taken = []
    for call in calls:
        start = time.perf_counter()
        call()
        taken.append((time.perf_counter() - start) * 1000)
    return taken


def p95(values: Sequence[float]) -> float:
    """Return the 95th percentile."""
    ranked = sorted(values)
    return ranked[min(len(ranked) - 1, int(0.95 * len(ranked)))]


def table(title: str, figures: Sequence[Figure]) -> None:
    """Print figures as a Markdown table."""
    print(f"\n### {title}\n\n| figure | measured | target | |\n| --- | ---: | --- | --- |")
    for f in figures:
        word = {True: "met", False: "**falls short**", None: ""}[f.good]
        print(f"| {f.name} | {f.value:,.2f} {f.unit} | {f.target} | {word} |")
