"""A page of 30 kB, asked for again and again: our nginx configuration and our embedded server beside nginx on a plain folder.

    python bench/serve.py [--rounds 5] [--seconds 3] [--connections 10000]

Four contenders serve the same bytes, all started once, measured in turn, round after round, with wrk and keep-alive on the same cores; the figures are
medians. The peer is nginx on a plain folder: two workers, sendfile, tcp_nopush, no log, once without and once with an open-file cache, which sees a
change only after a minute. Ours is `fangtang.snapshots.nginx` on a real store, and the stack's own granian command line. Beside: processor time of the
server's processes per request, which other people's load on the machine touches least. Then
each of ours is given as many open connections as asked for, one request on each, every answer read whole.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import re
import resource
import shutil
import socket
import statistics
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

HOST = "www.bench.localhost"
PAGE = "news/2026/11/page.html"
PAGE_BYTES = 30_000
OPEN_AT_ONCE = 400
"""Connections being opened at one moment; all that are open stay open."""
PATIENCE_SECONDS = 60
GOAL_NGINX, GOAL_EMBEDDED = 0.95, 0.5
"""nginx in production is nginx, so 1.0; 0.05 is what runs of one and the same server differ by."""
TICKS = os.sysconf("SC_CLK_TCK")
PEER, PEER_CACHED, NGINX, EMBEDDED = "nginx, plain folder", "nginx, plain folder, open-file cache", "ours, nginx", "ours, embedded"

MAIN = """\
{user}worker_processes 2;
daemon off;
pcre_jit on;
pid {prefix}/pid;
error_log {prefix}/error.log;
worker_rlimit_nofile {files};
events {{
    worker_connections {files};
}}
http {{
    access_log off;
    sendfile on;
    tcp_nopush on;
    keepalive_requests 1000000000;
{temporary}{sites}
}}
"""
PLAIN = """\
    types {{ text/html html; }}
    {cache}
    server {{
        listen 127.0.0.1:{port};
        root {folder};
    }}
"""
CACHE = "open_file_cache max=10000 inactive=60s;"


@dataclass(slots=True)
class Contender:
    name: str
    port: int
    process: subprocess.Popen[bytes]
    rates: list[float] = field(default_factory=list)
    costs: list[float] = field(default_factory=list)

    def wait(self) -> None:
        for _ in range(400):
            with suppress(OSError), socket.create_connection(("127.0.0.1", self.port), timeout=1):
                return
            time.sleep(0.05)
        raise SystemExit(f"{self.name} does not answer on port {self.port}")

    def measure(self, *, seconds: int) -> None:
        before = self._cpu_seconds()
        rate, count = self.run(seconds=seconds)
        self.rates.append(rate)
        self.costs.append((self._cpu_seconds() - before) / count * 1e6)

    def run(self, *, seconds: int) -> tuple[float, int]:
        """Requests per second, and how many they were. Leaves when an answer was wrong."""
        command = ["wrk", "-t", "1", "-c", "64", "-d", f"{seconds}s", "-H", f"Host: {HOST}", f"http://127.0.0.1:{self.port}/{PAGE}"]
        said = subprocess.run(command, check=True, capture_output=True, text=True).stdout
        if "Non-2xx" in said or "Socket errors" in said:
            raise SystemExit(f"{self.name}: {said}")
        return float(re.search(r"Requests/sec: +([\d.]+)", said)[1]), int(re.search(r"(\d+) requests in", said)[1])

    def _cpu_seconds(self) -> float:
        """Of all processes of its group, ended children included."""
        total = 0
        for entry in Path("/proc").glob("[0-9]*"):
            try:
                numbers = (entry / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            if int(numbers[2]) == self.process.pid:
                total += sum(int(number) for number in numbers[11:15])
        return total / TICKS


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=int, default=3)
    parser.add_argument("--connections", type=int, default=10_000)
    arguments = parser.parse_args()
    missing = [name for name in ("nginx", "wrk") if not shutil.which(name)]
    if missing:
        raise SystemExit(f"Not installed: {', '.join(missing)}. Debian: apt-get install nginx-light wrk")
    files = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (files, files))
    home = Path(tempfile.mkdtemp(prefix="fangtang-bench-"))
    home.chmod(0o755)
    try:
        with ExitStack() as stack:
            contenders = start(home, files=files, stack=stack)
            for contender in contenders:
                contender.run(seconds=1)  # warms up
            for contender in contenders * arguments.rounds:
                contender.measure(seconds=arguments.seconds)
            compare(contenders)
            for contender in contenders[2:]:
                crowd(contender, arguments.connections)
    finally:
        shutil.rmtree(home, ignore_errors=True)


def start(home: Path, *, files: int, stack: ExitStack) -> list[Contender]:
    """All four, over one store and one plain folder in `home`; they end with `stack`."""
    web = embedded(home)
    from fangtang.snapshots.nginx import nginx_config

    plain, ports = home / "plain", [free_port() for _ in range(3)]
    (plain / PAGE).parent.mkdir(parents=True)
    (plain / PAGE).write_bytes(page())
    upstream = f"127.0.0.1:{os.environ['PORT']}"
    sites = [
        PLAIN.format(cache="", port=ports[0], folder=plain),
        PLAIN.format(cache=CACHE, port=ports[1], folder=plain),
        nginx_config({HOST: "www"}, home / "snapshots", f"127.0.0.1:{ports[2]}", upstream),
    ]
    contenders = [Contender(EMBEDDED, int(os.environ["PORT"]), stack.enter_context(running(web)))]
    for name, port, lines in zip((PEER, PEER_CACHED, NGINX), ports, sites, strict=True):
        command = nginx(home / f"nginx-{port}", lines, files=files)
        contenders.insert(-1, Contender(name, port, stack.enter_context(running(command))))
    for contender in contenders:
        contender.wait()
    return contenders


def embedded(home: Path) -> list[str]:
    """The stack's own command line for its server, with a store of one site in its home."""
    os.environ |= {"FANGTANG_HOME": str(home), "PORT": str(free_port()), "DJANGO_SETTINGS_MODULE": "fangtang.config.settings", "FANGTANG_BIND": "127.0.0.1"}
    import django

    django.setup()
    from fangtang.config.stack import supervisor
    from fangtang.snapshots.store import TreesStore

    content = page()
    TreesStore(home / "snapshots").commit("www", {PAGE: content, "404.html": content, "index.html": content}, at=datetime.now(UTC))
    (home / "snapshots" / "hosts.json").write_text(json.dumps({"sites": {HOST: "www"}, "default": ""}))
    (home / "static").mkdir()
    return next(part.command for part in supervisor.parts() if part.name == "web")


def nginx(prefix: Path, sites: str, *, files: int) -> list[str]:
    """The command line of an nginx whose `http` block ends with `sites`."""
    prefix.mkdir()
    temporary = "".join(f"    {kind}_temp_path {prefix}/{kind};\n" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
    user = "user root;\n" if os.geteuid() == 0 else ""
    (prefix / "nginx.conf").write_text(MAIN.format(user=user, prefix=prefix, files=files, temporary=temporary, sites=sites))
    return ["nginx", "-p", str(prefix), "-c", str(prefix / "nginx.conf")]


@contextmanager
def running(command: list[str]) -> Iterator[subprocess.Popen[bytes]]:
    """A server in a session of its own, whose processes can be told by its id."""
    process = subprocess.Popen(command, start_new_session=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield process
    finally:
        process.terminate()
        process.wait(timeout=20)


def page() -> bytes:
    """PAGE_BYTES of the usual mixture of markup and Chinese."""
    line = "<p>各单位按照职责分工，倒排工期，逐项落实，并将进展情况于每月底前在门户网站公布，接受社会监督。</p>\n".encode()
    content = b"<!doctype html><html lang=zh-Hans><title>Page</title>\n" + line * (PAGE_BYTES // len(line) - 1)
    return content + b" " * (PAGE_BYTES - len(content))


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


def compare(contenders: list[Contender]) -> None:
    """The table, and a line for each of ours beside each peer. The ratio of processor times stands beside: others' load on the machine blurs it least."""
    print(f"  {'':40}{'requests/s':>12}{'processor, us each':>20}")
    for one in contenders:
        print(f"  {one.name:40}{statistics.median(one.rates):>12,.0f}{statistics.median(one.costs):>20.1f}")
    for one, goal in zip(contenders[2:], (GOAL_NGINX, GOAL_EMBEDDED), strict=True):
        for peer in contenders[:2]:
            rates = {two.name: statistics.median(two.rates) for two in (one, peer)}
            cost = statistics.median(peer.costs) / statistics.median(one.costs)
            beside = {name: round(rate) for name, rate in rates.items()} | {"by processor time": round(cost, 3), "load": round(os.getloadavg()[0], 1)}
            ratio = rates[one.name] / rates[peer.name]
            figure(f"requests per second, {one.name} / {peer.name}", ratio, unit="ratio", goal=goal, n=len(one.rates), beside=beside)


def crowd(contender: Contender, count: int) -> None:
    """`count` connections open at once, and a request on each."""
    began = time.monotonic()
    wrong = asyncio.run(_crowd(contender.port, count))
    beside = {"connections": count, "seconds": round(time.monotonic() - began, 1)}
    figure(f"open connections without a right answer, {contender.name}", len(wrong), unit="connections", goal=0, n=count, beside=beside)
    for reason in sorted(set(wrong))[:3]:
        print(f"  {wrong.count(reason)} × {reason}")


async def _crowd(port: int, count: int) -> list[str]:
    request = f"GET /{PAGE} HTTP/1.1\r\nHost: {HOST}\r\n\r\n".encode()
    opening, asking, content = asyncio.Semaphore(OPEN_AT_ONCE), asyncio.Event(), page()
    opened = 0

    async def one() -> str | None:
        nonlocal opened
        try:
            async with opening:
                reader, writer = await asyncio.open_connection("127.0.0.1", port)
            opened += 1
            if opened == count:
                asking.set()
            await asyncio.wait_for(asking.wait(), PATIENCE_SECONDS)
            writer.write(request)
            head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), PATIENCE_SECONDS)
            body = await asyncio.wait_for(reader.readexactly(PAGE_BYTES), PATIENCE_SECONDS)
        except (OSError, TimeoutError, asyncio.IncompleteReadError) as error:
            return type(error).__name__
        everybody.append(writer)  # stays open until all have their answer
        return None if head.startswith(b"HTTP/1.1 200") and body == content else "another answer"

    everybody: list[asyncio.StreamWriter] = []
    answers = await asyncio.gather(*(one() for _ in range(count)))
    for writer in everybody:
        writer.close()
    return [answer for answer in answers if answer]


def figure(name: str, value: float, *, unit: str, goal: float, n: int, beside: dict[str, float]) -> None:
    """One line as docs/promises.md asks for; more is better of ratios, less of connections."""
    met = value >= goal if unit == "ratio" else value <= goal
    print(
        json.dumps(
            {"promise": "serve", "figure": name, "value": round(value, 4), "unit": unit, "goal": goal, "met": met, "n": n, "beside": beside}, ensure_ascii=False
        ),
        flush=True,
    )


if __name__ == "__main__":
    main()
