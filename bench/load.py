"""A load of so many clients over kept connections, each asking again as soon as it has its answer.

It shares the machine with the servers that it measures, so it does as little as it can: no parsing but of the answer's
status and length.
"""

import asyncio
import time
from collections.abc import Iterator
from dataclasses import dataclass

STATUS = slice(9, 12)
LENGTH = b"content-length: "


class Refused(Exception):
    """A server answered with anything but 200."""


@dataclass(frozen=True)
class Result:
    """What a load measured: seconds from first to last, and each answer's latency."""

    seconds: float
    latencies: list[float]

    @property
    def rate(self) -> float:
        """Answers per second."""
        return len(self.latencies) / self.seconds


class Client(asyncio.Protocol):
    """One connection: sends the next request when it has the answer to the last."""

    transport: asyncio.Transport

    def __init__(self, requests: Iterator[bytes], until: float) -> None:
        self.requests, self.until = requests, until
        self.latencies: list[float] = []
        self.body = b""
        self.done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.buffer, self.wanted = bytearray(), 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Send the first request."""
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        self._send()

    def data_received(self, data: bytes) -> None:
        """Collect an answer; when it is whole, note how long it took."""
        self.buffer += data
        if not self.wanted:
            self._head()
        if self.wanted and len(self.buffer) >= self.wanted:
            self.latencies.append(time.perf_counter() - self.begun)
            self._send()

    def connection_lost(self, error: Exception | None) -> None:
        """Fail if it was the server who closed."""
        if not self.done.done():
            self.done.set_exception(error or ConnectionError("the server closed the connection"))

    def _head(self) -> None:
        end = self.buffer.find(b"\r\n\r\n")
        if end < 0:
            return
        head = bytes(self.buffer[:end]).lower() + b"\r\n"
        if head[STATUS] != b"200" or LENGTH not in head:
            self.done.set_exception(Refused(bytes(self.buffer[:2000]).decode(errors="replace")))
            self.transport.close()
            return
        start = head.index(LENGTH) + len(LENGTH)
        self.offset = end + 4
        self.wanted = self.offset + int(head[start : head.index(b"\r\n", start)])

    def _send(self) -> None:
        if self.wanted:
            self.body = bytes(self.buffer[self.offset :])
        self.buffer, self.wanted = bytearray(), 0
        request = next(self.requests, None) if not self.latencies or time.perf_counter() < self.until else None
        if request is None:
            if not self.done.done():
                self.done.set_result(None)
            self.transport.close()
            return
        self.begun = time.perf_counter()
        self.transport.write(request)


async def load(port: int, requests: Iterator[bytes], *, clients: int, seconds: float) -> Result:
    """Let so many clients take from the requests for a while, or until there are none left."""
    begun = time.perf_counter()
    made = [await _connected(port, requests, begun + seconds) for _ in range(clients)]
    await asyncio.gather(*(each.done for each in made))
    return Result(time.perf_counter() - begun, [latency for each in made for latency in each.latencies])


async def once(port: int, request: bytes) -> bytes:
    """Return the body of one answer."""
    client = await _connected(port, iter([request]), 0)
    await client.done
    return client.body


async def _connected(port: int, requests: Iterator[bytes], until: float) -> Client:
    _, client = await asyncio.get_running_loop().create_connection(lambda: Client(requests, until), "127.0.0.1", port)
    return client


def post(path: str, token: str, body: bytes) -> bytes:
    """Write a JSON POST with a bearer token as the bytes that go over the wire."""
    head = (
        f"POST {path} HTTP/1.1\r\nhost: 127.0.0.1\r\nauthorization: Bearer {token}\r\naccept: application/json\r\n"
        f"content-type: application/json\r\ncontent-length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body
