"""A real server in a process of its own, whose jobs are watched from outside."""

import os
import socket
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


@dataclass
class Server:
    """A server that can be killed and started again on the same store."""

    folder: Path
    command: Sequence[str]
    environment: Mapping[str, str]
    patience_s: float = 60.0
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None
    client: httpx.Client = field(init=False)

    def start(self) -> None:
        """Start it and wait until it answers."""
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(
                [*self.command, "serve", "--port", str(self.port)],
                cwd=self.folder,
                env=self.environment,
                stdout=log,
                stderr=log,
            )
        address = f"http://127.0.0.1:{self.port}"
        deadline = time.monotonic() + self.patience_s
        with httpx.Client(trust_env=False) as asking:
            while True:
                assert self.process.poll() is None, (self.folder / "log").read_text()
                assert time.monotonic() < deadline
                try:
                    asking.get(f"{address}/healthz")
                except httpx.TransportError:
                    time.sleep(0.05)
                else:
                    break
        key = (self.folder / "data" / "keys" / "local.key").read_text()
        headers = {"Authorization": f"Bearer {key}"}
        self.client = httpx.Client(base_url=address, headers=headers, trust_env=False, timeout=30)

    def end(self, number: int) -> None:
        """End it by a signal."""
        assert self.process is not None
        self.client.close()
        os.kill(self.process.pid, number)
        self.process.wait(self.patience_s)

    def job(self, job: dict[str, Any]) -> dict[str, Any]:
        """Return how far a job is."""
        told: dict[str, Any] = self.client.get(f"/v1/jobs/{job['id']}").json()
        return told

    def until(self, job: dict[str, Any], n_done: int, *states: str) -> dict[str, Any]:
        """Return a job when it is so far, or in one of these states."""
        deadline = time.monotonic() + self.patience_s
        while time.monotonic() < deadline:
            now = self.job(job)
            if now["state"] in states or now["n_done"] >= n_done:
                return now
            time.sleep(0.02)
        pytest.fail(f"{now} goes nowhere")
