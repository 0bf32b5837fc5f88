"""A load of so many clients over kept connections, each asking again as soon as it has its answer."""

import asyncio
import time
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Request:
    """One HTTP request, as the bytes that go over the wire."""

    port: int
    raw: bytes

    @classmethod
    def post(cls, port: int, path: str, token: str, body: bytes) -> "Request":
        """Make a JSON POST with a bearer token."""
        head = (
            f"POST {path} HTTP/1.1\r\nhost: 127.0.0.1\r\nauthorization: Bearer {token}\r\n"
            f"content-type: application/json\r\ncontent-length: {len(body)}\r\n\r\n"
        )
        return cls(port, head.encode() + body)


@dataclass
class Load:
    """Sends one request over and over for a while."""

    request: Request
    seconds: float
    done: int = 0
    latencies: list[float] = field(default_factory=list)

    async def run(self, clients: int) -> float:
        """Return the answers per second."""
        start = time.perf_counter()
        await asyncio.gather(*(self._client(start + self.seconds) for _ in range(clients)))
        return self.done / (time.perf_counter() - start)

    async def _client(self, end: float) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", self.request.port)
        while (begun := time.perf_counter()) < end:
            await exchange(self.request, reader, writer)
            self.latencies.append(time.perf_counter() - begun)
            self.done += 1
        writer.close()


async def exchange(request: Request, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bytes:
    """Send a request and return the answer's body; anything but 200 is an error."""
    writer.write(request.raw)
    head = await reader.readuntil(b"\r\n\r\n")
    if b" 200 " not in head.partition(b"\r\n")[0]:
        raise RuntimeError(head.decode())
    length = next(line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:"))
    return await reader.readexactly(int(length.partition(b":")[2]))


async def once(request: Request) -> bytes:
    """Return the body of one answer."""
    reader, writer = await asyncio.open_connection("127.0.0.1", request.port)
    body = await exchange(request, reader, writer)
    writer.close()
    return body
