"""Stands between a client and a Firestore emulator: breaks the line, or counts and refuses calls."""

import socket
import struct
import threading
import time
from collections import Counter, deque
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from enum import StrEnum
from queue import SimpleQueue
from typing import Any

import grpc


class Mode(StrEnum):
    """What becomes of the bytes."""

    PASS = "pass"
    REFUSE = "refuse"  # every connection is reset
    DROP_REPLY = "drop_reply"  # requests arrive; the first bytes of an answer reset the connection
    BLACKHOLE = "blackhole"  # connections are taken, and nothing is passed on in either direction
    DELAY = "delay"  # every answer is passed on `delay` seconds late


class Proxy:
    """A TCP proxy whose mode may change at any moment."""

    def __init__(self, target: str) -> None:
        self.mode = Mode.PASS
        self.delay = 0.0
        host, _, port = target.rpartition(":")
        self._target = (host, int(port))
        self._server = socket.create_server(("127.0.0.1", 0))
        self.address = f"127.0.0.1:{self._server.getsockname()[1]}"
        self._open: list[socket.socket] = []
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        """Take no more connections and reset those there are."""
        # Closing alone would not wake the thread that waits in accept().
        self._server.shutdown(socket.SHUT_RDWR)
        self._server.close()
        for one in self._open:
            _reset(one)

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._server.accept()
            except OSError:
                return
            if self.mode is Mode.REFUSE:
                _reset(client)
                continue
            upstream = socket.create_connection(self._target)
            self._open += [client, upstream]
            for source, sink, is_reply in ((client, upstream, False), (upstream, client, True)):
                threading.Thread(target=self._pump, args=(source, sink, is_reply), daemon=True).start()

    def _pump(self, source: socket.socket, sink: socket.socket, is_reply: bool) -> None:
        late = _LateSink(sink)
        try:
            while chunk := source.recv(65536):
                if self.mode is Mode.REFUSE or (is_reply and self.mode is Mode.DROP_REPLY):
                    break
                if is_reply and self.mode is Mode.DELAY:
                    late.send(chunk, self.delay)
                elif self.mode is not Mode.BLACKHOLE:
                    late.send(chunk, 0)
        except OSError:
            pass
        _reset(source)
        _reset(sink)


class _LateSink:
    """Passes bytes on in their order, each part so many seconds after it came."""

    def __init__(self, sink: socket.socket) -> None:
        self._sink = sink
        self._parts: SimpleQueue[tuple[float, bytes]] = SimpleQueue()
        self._thread: threading.Thread | None = None

    def send(self, part: bytes, delay: float) -> None:
        if self._thread is None:
            if not delay:
                self._sink.sendall(part)
                return
            self._thread = threading.Thread(target=self._pass_on, daemon=True)
            self._thread.start()
        self._parts.put((time.monotonic() + delay, part))

    def _pass_on(self) -> None:
        while True:
            due, part = self._parts.get()
            time.sleep(max(0.0, due - time.monotonic()))
            try:
                self._sink.sendall(part)
            except OSError:
                return


def _reset(one: socket.socket) -> None:
    """Close with RST, as a crashed peer would, rather than with a farewell."""
    try:
        one.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        # Wakes a thread that waits in recv() on it, which close() would not.
        one.shutdown(socket.SHUT_RDWR)
    except OSError:
        pass
    one.close()


@contextmanager
def tcp_proxy(target: str) -> Iterator[Proxy]:
    """A proxy before `host:port`."""
    proxy = Proxy(target)
    try:
        yield proxy
    finally:
        proxy.close()


class CallCounter(grpc.GenericRpcHandler):  # type: ignore[misc]  # grpc has no types
    """Passes every gRPC call on as the bytes it is, and counts it by the method's name.

    The codes in `failures` are given to the next calls instead.
    """

    def __init__(self, channel: grpc.Channel) -> None:
        self.calls: Counter[str] = Counter()
        self.failures: deque[grpc.StatusCode] = deque()
        self._channel = channel

    def service(self, details: Any) -> Any:
        """Handle any method: a stream of answers stands for one answer too."""
        method = details.method

        def answer(request: bytes, context: grpc.ServicerContext) -> Iterator[bytes]:
            self.calls[method.rpartition("/")[2]] += 1
            if self.failures:
                context.abort(self.failures.popleft(), "as told")
            kept = [pair for pair in context.invocation_metadata() if not pair[0].startswith("user-agent")]
            try:
                yield from self._channel.unary_stream(method)(request, metadata=kept, timeout=10)
            except grpc.RpcError as error:
                context.abort(error.code(), error.details())

        return grpc.unary_stream_rpc_method_handler(answer)


@contextmanager
def counted(target: str) -> Iterator[tuple[str, CallCounter]]:
    """A gRPC server before `host:port`: its address, and what counts."""
    with grpc.insecure_channel(target) as channel, ThreadPoolExecutor(4) as pool:
        counter = CallCounter(channel)
        server = grpc.server(pool, handlers=[counter])
        port = server.add_insecure_port("127.0.0.1:0")
        server.start()
        try:
            yield f"127.0.0.1:{port}", counter
        finally:
            server.stop(None).wait()
