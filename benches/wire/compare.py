#!/usr/bin/env python3
"""Lists the devices of the lab's site with consign, and fetches and reads the same bytes with curl and bare serde_json.

Compares the CPU of the client processes alone, whole: start, sign-in, every page, end. See README.md beside it.
"""
import argparse
import os
import re
import statistics
import subprocess
import sys
import time
from pathlib import Path
from typing import NamedTuple

# `--log-requests` writes them so.
ASKED = re.compile(r"requests: GET (\S+) 200 \d+ ms, 0 B sent, (\d+) B received")
# The lab's Apache writes them so: the client's port, and the mechanism that signed in with this request.
SERVED = re.compile(r"^\S+ \S+:(\d+) .* k=\d+ by=(\S+) ")


class Traffic(NamedTuple):
    """What the server saw of one run."""

    requests: int
    connections: int
    sign_ins: int


def cpu(argv, out=subprocess.DEVNULL, **options):
    """User and system time of one process, in milliseconds."""
    child = subprocess.Popen(argv, stdout=out, **options)
    _, status, used = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode != 0:
        sys.exit(f"compare: {argv[0]} ended with {child.returncode}")
    return (used.ru_utime + used.ru_stime) * 1000


class Bench:
    def __init__(self, programs, home):
        self.consign = [str(programs / "consign"), "--site", "lab", "get", "devices", "-o", "name"]
        self.reader = str(programs / "examples" / "bare_rows")
        self.home = home
        self.access = Path(os.environ["LAB_DIR"]) / "log" / "access.log"
        self.environment = os.environ | {"CONSIGN_HOME": str(home)}
        (home / "config").mkdir(parents=True)
        url = os.environ["LAB_URL"].removesuffix("/wmi/SMS_Site")
        (home / "config" / "settings.toml").write_text(
            f'[site.lab]\nurl = "{url}"\nauth = "kerberos"\npin = "{os.environ["LAB_PIN"]}"\n'
        )

    def asked(self):
        """The pages consign reads, as it logs them itself: URL and bytes."""
        argv = [self.consign[0], "--log-requests", *self.consign[1:]]
        listed = subprocess.run(argv, env=self.environment, check=True, capture_output=True, text=True).stdout
        logs = (self.home / "state" / "log").iterdir()
        pages = [(url, int(size)) for log in logs for url, size in ASKED.findall(log.read_text())]
        return pages, len(listed.splitlines())

    def fetching(self, pages):
        """One curl for all pages, on one connection, into files."""
        files = [str(self.home / f"page-{number}.json") for number in range(len(pages))]
        lines = [f'url = "{url}"\noutput = "{file}"\n' for (url, _), file in zip(pages, files)]
        config = self.home / "curl.conf"
        config.write_text("".join(lines))
        trust = ["--cacert", os.environ["LAB_CA"]]
        return ["curl", "-sS", "--fail", "--http1.1", "--negotiate", "-u", ":", *trust, "-K", str(config)], files

    def list(self):
        return cpu(self.consign, env=self.environment)

    def watched(self, expected, run):
        """A run, and what the server saw of it. The server writes a line when it has sent an answer, or just after."""
        before = self.access.stat().st_size
        used = run()
        for _ in range(200):
            with self.access.open() as log:
                log.seek(before)
                lines = [SERVED.match(line) for line in log]
            if len(lines) >= expected:
                break
            time.sleep(0.01)
        seen = [line.groups() for line in lines if line]
        sign_ins = sum(mechanism != "-" for _, mechanism in seen)
        return used, Traffic(len(seen), len({port for port, _ in seen}), sign_ins)


class Pair(NamedTuple):
    """Both, one right after the other: milliseconds and traffic."""

    ours: float
    traffic: Traffic
    floor: float
    floor_traffic: Traffic

    def ratio(self):
        return self.ours / self.floor


def measured(bench, curl, files, pairs):
    """Pairs of runs; one before them warms files, caches and the server."""
    def floor():
        return cpu(curl) + cpu([bench.reader, *files])

    requests = len(files)
    both = [Pair(*bench.watched(requests, bench.list), *bench.watched(requests, floor)) for _ in range(pairs + 1)]
    return both[1:]


def failures(chosen, pages, rows, files, pairs):
    """What is not as it should be, in words."""
    expected = Traffic(len(pages), connections=1, sign_ins=1)
    for number, pair in enumerate(pairs, 1):
        for who, seen in (("consign", pair.traffic), ("curl", pair.floor_traffic)):
            if seen != expected:
                yield f"{who} in pair {number}: {seen}"
    if rows < chosen.rows:
        yield f"{rows} rows are fewer than {chosen.rows}"
    sizes, fetched = [size for _, size in pages], [Path(file).stat().st_size for file in files]
    if fetched != sizes:
        yield f"curl fetched {fetched} bytes, consign read {sizes}"
    if statistics.median(map(Pair.ratio, pairs)) > chosen.bar:
        yield f"the ratio is above {chosen.bar}"


def main():
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("programs", type=Path, help="where the built programs are")
    options.add_argument("home", type=Path, help="a folder to be made, for settings and pages")
    options.add_argument("--rows", type=int, default=10_000, help="at least so many are listed")
    options.add_argument("--pairs", type=int, default=15)
    options.add_argument("--bar", type=float, default=1.3, help="the ratio that may not be exceeded")
    chosen = options.parse_args()

    bench = Bench(chosen.programs, chosen.home)
    pages, rows = bench.asked()
    curl, files = bench.fetching(pages)
    pairs = measured(bench, curl, files, chosen.pairs)

    ours, floor = (statistics.median(side) for side in ((p.ours for p in pairs), (p.floor for p in pairs)))
    ratios = [pair.ratio() for pair in pairs]
    print(f"{rows} rows in {len(pages)} pages, {sum(size for _, size in pages)} bytes")
    print(f"consign: {ours:.0f} ms of CPU, {pairs[-1].traffic}")
    print(f"curl and bare serde_json: {floor:.0f} ms of CPU, {pairs[-1].floor_traffic}")
    print(f"ratio {statistics.median(ratios):.2f} (median of {len(pairs)} pairs, {min(ratios):.2f} to {max(ratios):.2f})")
    missed = list(failures(chosen, pages, rows, files, pairs))
    for failure in missed:
        print(f"FAILED: {failure}")
    sys.exit(bool(missed))


if __name__ == "__main__":
    main()
