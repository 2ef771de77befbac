"""One granian worker in a process of its own, and the processor time that it has used."""

import contextlib
import http.client
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent.parent
HOST = "127.0.0.1"
PATIENCE = 60.0


@dataclass(frozen=True)
class Server:
    """A running server."""

    port: int
    pid: int

    def cpu_ms(self) -> float | None:
        """Milliseconds of processor time of the server and its workers; None where /proc is not told."""
        try:
            return sum(_cpu_ns(pid) for pid in _family(self.pid)) / 1e6
        except OSError:
            return None


@contextlib.contextmanager
def serving(
    target: str, environment: Mapping[str, str], *, python: Path = Path(sys.executable), factory: bool = True
) -> Iterator[Server]:
    """Serve an application factory ('bench.apps:shop'), or an application, until the block ends."""
    port = _free_port()
    command = [str(python), "-m", "granian", "--interface", "wsgi", "--host", HOST, "--port", str(port)]
    command += ["--workers", "1", "--blocking-threads", "4", "--no-ws", "--log-level", "warning"]
    command += ["--factory", target] if factory else [target]
    settings = {**os.environ, **environment, "PORT": str(port), "PUBLIC_BASE_URL": f"http://{HOST}:{port}"}
    process = subprocess.Popen(command, cwd=ROOT, env=settings, stdout=subprocess.DEVNULL)
    try:
        _wait(port, process)
        yield Server(port, process.pid)
    finally:
        process.terminate()
        try:
            process.wait(timeout=15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def _wait(port: int, process: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and process.poll() is None:
        with contextlib.suppress(OSError, http.client.HTTPException):
            connection = http.client.HTTPConnection(HOST, port, timeout=10)
            connection.request("GET", "/healthz")
            connection.getresponse().read()
            connection.close()
            return
        time.sleep(0.1)
    raise RuntimeError("the server does not answer; see its words above")


def _family(pid: int) -> list[int]:
    """A process and everything that it started."""
    found = [pid]
    for task in Path(f"/proc/{pid}/task").iterdir():
        for child in (task / "children").read_text().split():
            found += _family(int(child))
    return found


def _cpu_ns(pid: int) -> int:
    """Nanoseconds on a processor, over all threads."""
    tasks = Path(f"/proc/{pid}/task").iterdir()
    return sum(int((task / "schedstat").read_text().split()[0]) for task in tasks)
