#!/usr/bin/env python3
"""tuibench: runs a terminal program in a real pty, plays a scenario, measures latency, bytes, CPU, memory. See README.md beside it."""
import argparse
import collections
import fcntl
import gc
import heapq
import json
import os
import re
import select
import shlex
import shutil
import signal
import statistics
import struct
import sys
import tempfile
import termios
import time
import tomllib

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import vt  # noqa: E402

now = time.monotonic_ns
MS = 1_000_000
KEYS = {"Up": "A", "Down": "B", "Right": "C", "Left": "D", "Home": "H", "End": "F"}
TILDE = {"PageUp": 5, "PageDown": 6, "Insert": 2, "Delete": 3, "F5": 15, "F6": 17, "F7": 18, "F8": 19, "F9": 20, "F10": 21,
         "F11": 23, "F12": 24}
PLAIN = {"Enter": "\r", "Esc": "\x1b", "Tab": "\t", "BackTab": "\x1b[Z", "Backspace": "\x7f", "Space": " ", "F1": "\x1bOP",
         "F2": "\x1bOQ", "F3": "\x1bOR", "F4": "\x1bOS"}


def keybytes(k, app_cursor=False):
    if k in KEYS:
        return ("\x1bO" if app_cursor else "\x1b[") + KEYS[k]
    if k in TILDE:
        return f"\x1b[{TILDE[k]}~"
    if k in PLAIN:
        return PLAIN[k]
    m = re.fullmatch(r"([CMS])-(.+)", k)
    if m and m[1] == "C" and len(m[2]) == 1:
        return chr(ord(m[2].upper()) & 0x1f)
    if m and m[1] == "C" and m[2] in KEYS:
        return f"\x1b[1;5{KEYS[m[2]]}"
    if m and m[1] == "M":
        return "\x1b" + keybytes(m[2], app_cursor)
    return k


class Fail(Exception):
    pass


class Session:
    """One child in one pty. Output is only read and time-stamped while the child is busy; the emulator is fed when the line
    is idle for 2 ms (at once when the child asks the terminal something), so that it takes no CPU from the child meanwhile."""

    def __init__(self, argv, cols, rows, env, cwd, opt):
        self.opt, self.chunks, self.fed, self.inq, self.seq = opt, [], 0, [], 0
        self.delay = int(opt.delay_ms * MS)
        self.rate, self.linkbuf, self.link_free = opt.rate, opt.link_buffer, 0
        self.scr = vt.Screen(cols, rows, reply=self.answer, kitty=opt.kitty)
        self.feeding_t, self.dead, self.status, self.asking, self.stalls = 0, False, None, False, 0
        r, w = os.pipe2(os.O_CLOEXEC)
        self.pid, self.fd = os.forkpty()
        if self.pid == 0:
            try:
                fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", rows, cols, cols * 8, rows * 16))
                os.chdir(cwd)
                for s in (signal.SIGINT, signal.SIGPIPE, signal.SIGHUP):
                    signal.signal(s, signal.SIG_DFL)
                os.write(w, struct.pack("qq", now(), time.process_time_ns()))
                os.execvpe(argv[0], argv, env)
            except BaseException as e:
                os.write(2, f"tuibench: cannot run {argv[0]}: {e}\n".encode())
            os._exit(127)
        os.close(w)
        # when the child execs, and the CPU it has by then as a fork of this script (not the program's)
        self.t0, self.cpu0 = struct.unpack("qq", os.read(r, 16) or struct.pack("qq", now(), 0))
        os.close(r)
        os.set_blocking(self.fd, False)
        self.ep = select.epoll()
        self.ep.register(self.fd, select.EPOLLIN)
        self.last_read = self.t0

    # ---- input
    def answer(self, s):
        self.push(s.encode(), self.feeding_t)

    def push(self, b, at=None):
        heapq.heappush(self.inq, ((at or now()) + self.delay, self.seq, b))
        self.seq += 1
        self.flush_in()

    def flush_in(self):
        while self.inq and self.inq[0][0] <= now() and not self.dead:
            t, q, b = self.inq[0]
            try:
                n = os.write(self.fd, b)
            except BlockingIOError:
                return
            except OSError:
                self.dead = True
                return
            if n < len(b):
                self.inq[0] = (t, q, b[n:])
                return
            heapq.heappop(self.inq)

    # ---- output
    def backlog(self):
        return max(0, self.link_free - now()) * self.rate / 1e9 if self.rate else 0

    def pump(self, until):
        """Reads what there is, or waits till `until` (ns) at most; returns True if something was read."""
        self.flush_in()
        t = now()
        if self.inq:
            until = min(until, max(self.inq[0][0], t + MS))
        if self.dead:
            time.sleep(max(0, min(until - t, 5 * MS)) / 1e9)
            return False
        if self.rate and self.backlog() > self.linkbuf:      # the link is full: the child blocks on write, as over ssh
            self.stalls += 1
            time.sleep(max(0, min(until - t, MS)) / 1e9)
            return False
        if not self.ep.poll(max(0, until - t) / 1e9):
            return False
        try:
            d = os.read(self.fd, 65536)
        except BlockingIOError:
            return False
        except OSError:
            d = b""
        t = now()
        if not d:
            self.dead = True
            return False
        seen = t
        if self.rate:
            self.link_free = max(self.link_free, t) + int(len(d) * 1e9 / self.rate)
            seen = self.link_free
        seen += self.delay
        self.chunks.append((t, seen, d))
        self.last_read = t
        if vt.QUERY.search(d):
            self.asking = True
            if not self.delay and not self.rate:
                self.feed_all()
        return True

    def feed_one(self):
        t, seen, d = self.chunks[self.fed]
        self.fed += 1
        self.feeding_t = max(seen, now()) if self.delay else now()
        self.scr.feed(d)
        return seen

    def feed_all(self):
        while self.fed < len(self.chunks) and self.chunks[self.fed][1] <= now():
            self.feed_one()
        self.asking = self.asking and self.fed < len(self.chunks)

    def next_seen(self):
        return self.chunks[self.fed][1] if self.fed < len(self.chunks) else 1 << 62

    def wait(self, pred, timeout_ms):
        """Waits until pred() holds on the screen; returns the time (ns) at which the user saw it, None on timeout."""
        dl = now() + int(timeout_ms * MS)
        if pred():
            return now()
        while True:
            t = now()
            if self.fed < len(self.chunks) and self.next_seen() <= t and (t - self.last_read > 2 * MS or t > dl or len(self.chunks) - self.fed > 64):
                seen = self.feed_one()
                if pred():
                    return seen
                continue
            if t > dl or (self.dead and self.fed >= len(self.chunks)):
                return None
            nxt = dl
            if self.fed < len(self.chunks):
                nxt = min(dl, max(self.next_seen(), self.last_read + 2 * MS + 1))
            self.pump(nxt + 1)

    def settle(self, quiet_ms, timeout_ms, feed=False):
        """Waits until nothing has arrived for quiet_ms; returns False if that never came."""
        q, t = int(quiet_ms * MS), now()
        dl, base = t + int(timeout_ms * MS), t
        while True:
            last = max(base, self.chunks[-1][1] if self.chunks else 0)
            t = now()
            if t >= last + q and not self.inq:
                return True
            if t >= dl or self.dead:
                return self.dead
            eager = feed or self.asking           # else left for the caller, which notes when what changed
            if eager and t - self.last_read > 2 * MS:
                self.feed_all()
            self.pump(min(last + q, dl, max(self.next_seen(), self.last_read + 2 * MS + 1) if eager else dl) + 1)

    def resize(self, cols, rows):
        self.feed_all()
        self.scr.resize(cols, rows)
        fcntl.ioctl(self.fd, termios.TIOCSWINSZ, struct.pack("HHHH", rows, cols, cols * 8, rows * 16))

    # ---- what the kernel knows of the child and what it started
    def tree(self):
        out, todo = [], [self.pid]
        while todo:
            p = todo.pop()
            out.append(p)
            try:
                for t in os.listdir(f"/proc/{p}/task"):
                    with open(f"/proc/{p}/task/{t}/children") as f:
                        todo += [int(x) for x in f.read().split()]
            except OSError:
                pass
        return out

    def usage(self):
        u = collections.Counter()
        for p in self.tree():
            try:
                u["cpu_ns"] += int(time.clock_gettime((~p << 3) | 2) * 1e9)   # the process's own CPU clock: ns, not 10 ms ticks
                with open(f"/proc/{p}/stat") as f:
                    st = f.read().rpartition(")")[2].split()
                u["cpu_ns"] += (int(st[13]) + int(st[14])) * 10_000_000       # children it has reaped (10 ms ticks)
                with open(f"/proc/{p}/io") as f:
                    for ln in f:
                        k, _, v = ln.partition(": ")
                        if k in ("syscw", "syscr"):
                            u[k] += int(v)
                for t in os.listdir(f"/proc/{p}/task"):
                    with open(f"/proc/{p}/task/{t}/status") as f:
                        for ln in f:
                            if ln.startswith("voluntary_ctxt"):
                                u["wakeups"] += int(ln.split()[1])
                with open(f"/proc/{p}/status") as f:
                    for ln in f:
                        if ln[:6] in ("VmHWM:", "VmRSS:", "RssAno", "Thread"):
                            u[ln.split(":")[0]] += int(ln.split()[1])
            except OSError:
                pass
        u["cpu_ns"] -= self.cpu0
        u["out_bytes"] = sum(len(c[2]) for c in self.chunks)
        u["out_reads"] = len(self.chunks)
        return u

    def close(self):
        """Ends this child and the process group it leads, nothing else."""
        for sig, wait in ((signal.SIGHUP, 0.3), (signal.SIGTERM, 0.3), (signal.SIGKILL, 2.0)):
            if self.reap():
                break
            try:
                os.killpg(self.pid, sig)
            except (ProcessLookupError, PermissionError):
                pass
            t = time.monotonic()
            while not self.reap() and time.monotonic() - t < wait:
                self.pump(now() + 5 * MS)
        try:
            os.close(self.fd)
        except OSError:
            pass
        self.ep.close()

    def reap(self):
        if self.status is None:
            try:
                p, st = os.waitpid(self.pid, os.WNOHANG)
            except ChildProcessError:
                p, st = self.pid, 0
            if p:
                self.status = os.waitstatus_to_exitcode(st)
        return self.status is not None


def pct(v, p):
    v = sorted(v)
    return v[min(len(v) - 1, max(0, round(p / 100 * (len(v) - 1))))] if v else None


def summary(v):
    return {"p50": pct(v, 50), "p90": pct(v, 90), "p99": pct(v, 99), "max": max(v), "n": len(v)} if v else {"n": 0}


def run_once(cmd, scenario, opt, keys=None, variables=None):
    """Plays the scenario once; returns {ok, errors, steps: {id: metrics}, screen, ...}. All times in ms."""
    keys, variables = keys or {}, variables or {}
    home = tempfile.mkdtemp(prefix="tuibench-")
    env = {k: v for k, v in os.environ.items() if not k.startswith(("TMUX", "STY", "XDG_", "LESS", "FZF", "NO_COLOR", "CLICOLOR"))}
    env.update(TERM=opt.term, LANG="C.UTF-8", LC_ALL="C.UTF-8", COLUMNS="", LINES="")
    env.pop("COLUMNS"), env.pop("LINES")
    if not opt.keep_home:
        env.update(HOME=home, XDG_CONFIG_HOME=home + "/c", XDG_DATA_HOME=home + "/d", XDG_CACHE_HOME=home + "/k", XDG_STATE_HOME=home + "/s")
    for e in opt.env:
        env.update([e.split("=", 1)])

    def sub(s, depth=3):
        if not isinstance(s, str):
            return s
        t = re.sub(r"\{(\w+)\}", lambda m: str(variables.get(m[1], m[0])), s)
        return t if t == s or not depth else sub(t, depth - 1)
    argv = shlex.split(sub(cmd)) if isinstance(cmd, str) else [sub(c) for c in cmd]
    res = {"ok": True, "errors": [], "steps": {}, "argv": argv}
    gc.collect()
    gc.disable()
    s = Session(argv, opt.cols, opt.rows, env, opt.cwd or os.getcwd(), opt)
    hard = now() + int(opt.run_timeout * 1e9)
    try:
        for i, st in enumerate(scenario["step"]):
            st = {k: sub(v) for k, v in st.items()}
            op, sid = st["op"], st.get("id", f"{i:02d}-{st['op']}")
            if now() > hard:
                raise Fail(f"run timeout of {opt.run_timeout} s before step {sid}")
            tmo = min(st.get("timeout_ms", 20000), (hard - now()) / MS)
            u0, t0, c0 = s.usage(), now(), len(s.chunks)
            m = res["steps"][sid] = {}
            try:
                step(s, op, st, keys, m, tmo, opt, i == 0)
            except Fail as e:
                res["screen"] = s.scr.lines()
                res["ok"] = False
                res["errors"].append(f"{sid}: {e}")
                m["failed"] = str(e)
                if not st.get("soft"):
                    break
            u1 = s.usage()
            n = m.get("keys", 0)
            wall = (now() - t0) / 1e9
            if i == 0:
                u0 = collections.Counter()
            m["cpu_ms"] = round((u1["cpu_ns"] - u0["cpu_ns"]) / 1e6, 3)
            for k in ("out_bytes", "out_reads", "syscw", "wakeups"):
                m[k] = max(0, u1[k] - u0[k])
            m["rss_mb"], m["peak_mb"], m["anon_mb"] = (round(u1[k] / 1024, 1) for k in ("VmRSS", "VmHWM", "RssAnon"))
            m["wall_ms"] = round(wall * 1000, 1)
            if n:
                m["cpu_ms_key"] = round(m["cpu_ms"] / n, 4)
                for k in ("out_bytes", "syscw", "out_reads"):
                    m[k + "_key"] = round(m[k] / n, 2)
            if op == "idle":
                m["cpu_ms_s"], m["wakeups_s"] = round(m["cpu_ms"] / wall, 3), round(m["wakeups"] / wall, 2)
        s.feed_all()
        res["screen"] = s.scr.lines()
        u = s.usage()
        res.update(peak_mb=round(u["VmHWM"] / 1024, 1), threads=u["Threads"], total_bytes=u["out_bytes"], total_reads=u["out_reads"],
                   total_syscw=u["syscw"], cpu_ms=round(u["cpu_ns"] / 1e6, 2))
    finally:
        s.close()
        gc.enable()
        shutil.rmtree(home, ignore_errors=True)
    res.update(asked=sorted(set(s.scr.asked)), unknown=s.scr.unknown, exit=s.status, link_stalls=s.stalls,
               modes=sorted(s.scr.modes_seen))
    if opt.record:
        with open(opt.record, "wb") as f:
            f.write(b"".join(c[2] for c in s.chunks))
    return res


def has(s, st):
    """The predicate of a waiting step: text, regex, or gone = a text that must not be there."""
    if "regex" in st:
        rx = re.compile(st["regex"], re.M)
        return lambda: rx.search(s.scr.text()) is not None
    if "gone" in st:
        return lambda: st["gone"] not in s.scr.text()
    return lambda: st["text"] in s.scr.text()


def step(s, op, st, keys, m, tmo, opt, first):
    quiet = st.get("quiet_ms", opt.quiet_ms)
    ms = lambda t, b: round((t - b) / MS, 3)  # noqa: E731
    if op == "wait":
        b = s.t0 if first else now()
        t = s.wait(has(s, st), tmo)
        if first and s.chunks:
            m["first_byte_ms"] = ms(s.chunks[0][1], s.t0)
        if t is None:
            raise Fail(f"timeout waiting for {st.get('text', st.get('regex', st.get('gone')))!r}; screen was:\n" + s.scr.text())
        m["shown_ms"] = ms(t, b)
        if st.get("settle", first):
            c, b2 = s.fed - 1, t
            if not s.settle(quiet, min(tmo, st.get("settle_timeout_ms", 5000)), feed=True):
                m["unsettled"] = True
            while s.fed < len(s.chunks):
                s.feed_one()
            m["settled_ms"] = ms(max(b2, s.chunks[-1][1] if s.chunks else b2), b)
    elif op == "settle":
        b = now()
        if not s.settle(quiet, tmo, feed=True):
            m["unsettled"] = True
        m["settled_ms"] = ms(max(b, s.chunks[-1][1] if s.chunks else b), b)
    elif op == "idle":
        s.settle(0, 0)
        c0, t = len(s.chunks), now() + int(st.get("ms", 5000) * MS)
        while now() < t:
            s.pump(t)
        m["idle_bytes"] = sum(len(c[2]) for c in s.chunks[c0:])
    elif op == "press":
        ks = []
        for k in (st["keys"] if isinstance(st.get("keys"), list) else [st["key"]] if "key" in st else list(st["text"])):
            v = keys.get(k[1:], None) if k.startswith("$") else k
            if v is None:
                raise Fail(f"this program has no key for {k}")
            ks += v if isinstance(v, list) else [v]
        unit, ks = len(ks), ks * st.get("count", 1)
        m["keys"] = len(ks) if "$" not in str(st.get("key", "")) else st.get("count", 1)
        s.feed_all()
        while s.fed < len(s.chunks):
            s.feed_one()
        app = 1 in s.scr.modes
        mode, c00, tstart, tlast = st.get("mode", "settle"), len(s.chunks), now(), None
        fb, fc, stl, unsettled, silent = [], [], [], 0, 0
        pred = has(s, {k[7:]: v for k, v in st.items() if k.startswith("expect_")}) if has_expect(st) else None
        held, came = bool(pred and pred()), None

        def replay_one():
            """Feeds one chunk; notes when the expected screen came (and forgets it when it went again)."""
            nonlocal held, came
            seen, h = s.feed_one(), held
            if pred:
                held = pred()
                came = seen if held and not h else came if held else None
            return seen
        if mode == "settle":
            for k in range(0, len(ks), unit if "key" in st else 1):
                grp = ks[k:k + (unit if "key" in st else 1)]
                c0, sig0 = len(s.chunks), s.scr.sig()
                t0 = now()
                s.push("".join(keybytes(x, app) for x in grp).encode())
                dl = t0 + int(st.get("first_timeout_ms", 1000) * MS)
                while len(s.chunks) == c0 and now() < dl and not s.dead:
                    s.pump(dl)
                if len(s.chunks) == c0:
                    silent += 1
                    continue
                if not s.settle(quiet, st.get("key_timeout_ms", 3000)):
                    unsettled += 1
                fb.append(ms(s.chunks[c0][1], t0))
                tf = tl = None
                while s.fed < len(s.chunks):
                    seen = replay_one()
                    g = s.scr.sig()
                    if g != sig0:
                        tf, tl, sig0 = tf or seen, seen, g
                if tf:
                    fc.append(ms(tf, t0))
                    stl.append(ms(tl, t0))
                    tlast = tl
                if s.dead:
                    break
        else:
            gap = int(st.get("interval_ms", 33) * MS) if mode == "paced" else 0
            sent = []
            if mode == "burst":
                sent.append(now())
                s.push("".join(keybytes(x, app) for x in ks).encode())
            else:
                nxt = now()
                for x in ks:
                    while now() < nxt:
                        s.pump(nxt)
                        if s.asking:
                            s.feed_all()
                    sent.append(now())
                    s.push(keybytes(x, app).encode())
                    nxt += gap
            if not s.settle(quiet + s.delay * 2 / MS, st.get("key_timeout_ms", 15000)):
                unsettled += 1
            sig0, tl = s.scr.sig(), None
            times = [c[1] for c in s.chunks[c00:]]
            while s.fed < len(s.chunks):
                seen = replay_one()
                g = s.scr.sig()
                if g != sig0:
                    tl, sig0 = seen, g
            if mode == "paced":
                for j, t in enumerate(sent):
                    f = next((x for x in times if x >= t), None)
                    if f is not None:
                        fb.append(ms(f, t))
            tlast = tl
            if tl:
                m["lag_ms"] = ms(tl, sent[-1])
                m["total_ms"] = ms(tl, sent[0])
                n, prev = 0, 0
                for x in times:
                    n += x - prev > 3 * MS
                    prev = x
                m["bursts"] = n
        m.update(first_byte=fb, first_change=fc, settled=stl)
        if silent:
            m["silent_keys"] = silent
        if unsettled:
            m["unsettled"] = unsettled
        if has_expect(st):
            if pred() and (came or tlast):                  # it came inside a key's settle window
                t = came or tlast
            else:
                t = s.wait(pred, tmo)
            if t is None:
                raise Fail("expected screen did not come; screen was:\n" + s.scr.text())
            m["answer_ms"] = ms(t, tstart)
            if st.get("after_answer_settle", True):
                s.settle(quiet, 3000, feed=True)
    elif op == "paste":
        s.feed_all()
        t0, c0, b = now(), len(s.chunks), st["text"]
        s.push((f"\x1b[200~{b}\x1b[201~" if 2004 in s.scr.modes else b).encode())
        if not s.settle(quiet, tmo, feed=True):
            m["unsettled"] = True
        while s.fed < len(s.chunks):
            s.feed_one()
        if len(s.chunks) > c0:
            m["settled_ms"] = ms(s.chunks[-1][1], t0)
    elif op == "resize":
        t0, c0 = now(), len(s.chunks)
        s.resize(st["cols"], st["rows"])
        dl = now() + 1000 * MS
        while len(s.chunks) == c0 and now() < dl:
            s.pump(dl)
        if not s.settle(quiet, tmo):
            m["unsettled"] = True
        if len(s.chunks) > c0:
            m["first_byte_ms"], m["settled_ms"] = ms(s.chunks[c0][1], t0), ms(s.chunks[-1][1], t0)
        while s.fed < len(s.chunks):
            s.feed_one()
    elif op == "expect":
        s.feed_all()
        if not has(s, st)():
            raise Fail(f"not on the screen: {st}; screen was:\n" + s.scr.text())
    elif op == "dump":
        s.feed_all()
        out = s.scr.text()
        if "file" in st:
            with open(st["file"], "w") as f:
                f.write(out + "\n")
        m["screen"] = out.split("\n")
    elif op == "sleep":
        t = now() + int(st["ms"] * MS)
        while now() < t:
            s.pump(t)
    else:
        raise Fail(f"unknown op {op}")


def has_expect(st):
    return any(k.startswith("expect_") for k in st)


# ---- several runs, two programs, ratios
LAT = ("first_byte", "first_change", "settled")


def flat(run):
    out = {k: run[k] for k in ("peak_mb", "total_bytes", "cpu_ms", "total_syscw") if k in run}
    for sid, m in run["steps"].items():
        for k, v in m.items():
            if k in LAT:
                for q, x in summary(v).items():
                    out[f"{sid}.{k}_{q}"] = x
            elif isinstance(v, (int, float)) and not isinstance(v, bool):
                out[f"{sid}.{k}"] = v
    return out


def gather(runs):
    """Medians over the runs; the latencies of all runs pooled before their percentiles are taken."""
    rows, out = [flat(r) for r in runs], {}
    for k in dict.fromkeys(k for r in rows for k in r):
        v = [r[k] for r in rows if r.get(k) is not None]
        if v:
            out[k] = {"median": statistics.median(v), "min": min(v), "max": max(v)}
    for sid in dict.fromkeys(x for r in runs for x in r["steps"]):
        for k in LAT:
            v = [x for r in runs for x in r["steps"].get(sid, {}).get(k, [])]
            for q, x in summary(v).items():
                if v:
                    out[f"{sid}.{k}_{q}"] = {"median": x, "pooled": True}
    return out


def spec(opt, name):
    """A program: a peer of peers.toml (its command and its names for keys), or else a command line."""
    p = opt.peers_d.get(name)
    if p:
        v = {**opt.vars, **{k: x for k, x in p.items() if isinstance(x, (str, int))}}
        return {"cmd": p["cmd"], "keys": p.get("keys", {}), "vars": v, "env": p.get("env", []), "prelude": p.get("prelude", [])}
    return {"cmd": name, "keys": opt.keys, "vars": opt.vars, "env": [], "prelude": []}


def load(path):
    with open(path, "rb") as f:
        return tomllib.load(f)


def play(opt, sp, scenario):
    o = argparse.Namespace(**vars(opt))
    o.env = opt.env + list(sp["env"])
    st = scenario["step"]                     # a peer's prelude (say: run the query) comes after the first step
    return run_once(sp["cmd"], {"step": st[:1] + sp["prelude"] + st[1:]}, o, sp["keys"], sp["vars"])


REQ = re.compile(r"\s*([\w.\-]+)\s*(<=|>=|==|<|>)\s*([\d.]+)\s*")


def require(opt, get):
    bad = []
    for r in opt.require:
        m = REQ.fullmatch(r)
        if not m:
            sys.exit(f"tuibench: cannot read --require {r!r}")
        v, lim = get(m[1]), float(m[3])
        ok = v is not None and {"<=": v <= lim, ">=": v >= lim, "==": v == lim, "<": v < lim, ">": v > lim}[m[2]]
        print(f"{'pass' if ok else 'FAIL'}  {r}  (is {fmt(v)})")
        bad += [] if ok else [r]
    return not bad


def fmt(v):
    if v is None:
        return "-"
    return f"{v:.0f}" if abs(v) >= 1000 else f"{v:.4g}"


def want(opt, k):
    return not opt.only or any(re.search(p, k) for p in opt.only)


def cmd_run(opt):
    sp, sc = spec(opt, opt.program), load(opt.scenario)
    runs = []
    for i in range(opt.warmup + opt.runs):
        r = play(opt, sp, sc)
        if i >= opt.warmup:
            runs.append(r)
        for e in r["errors"]:
            print(f"run {i}: {e}", file=sys.stderr)
    g = gather(runs)
    if not opt.json_only:
        w = max((len(k) for k in g), default=10)
        print(f"{'metric':{w}}  {'median':>10} {'min':>10} {'max':>10}   ({len(runs)} runs, {opt.cols}x{opt.rows})")
        for k, v in g.items():
            if want(opt, k):
                print(f"{k:{w}}  {fmt(v['median']):>10} {fmt(v.get('min')):>10} {fmt(v.get('max')):>10}")
    if opt.show:
        print("\n".join(runs[-1]["screen"]))
    out(opt, {"program": sp["cmd"], "scenario": opt.scenario, "metrics": g, "runs": runs})
    ok = require(opt, lambda k: g.get(k, {}).get("median")) and all(r["ok"] for r in runs)
    return 0 if ok else 1


def cmd_compare(opt):
    a, b = spec(opt, opt.a), spec(opt, opt.b)
    sa, sb = load(opt.scenario), load(opt.scenario_b or opt.scenario)
    ra, rb = [], []
    for i in range(opt.warmup + opt.runs):
        for which in ("ab" if i % 2 == 0 else "ba"):        # A B B A A B ...: a drift of the machine falls on both
            r = play(opt, a if which == "a" else b, sa if which == "a" else sb)
            for e in r["errors"]:
                print(f"run {i}{which}: {e}", file=sys.stderr)
            if i >= opt.warmup:
                (ra if which == "a" else rb).append(r)
    ga, gb = gather(ra), gather(rb)
    fa, fb = [flat(r) for r in ra], [flat(r) for r in rb]
    rows = {}
    for k in ga:
        if k not in gb:
            continue
        rt = sorted(x[k] / y[k] for x, y in zip(fa, fb) if x.get(k) is not None and y.get(k))
        rows[k] = {"a": ga[k]["median"], "b": gb[k]["median"], "ratio": statistics.median(rt) if rt else None,
                   "q1": pct(rt, 25), "q3": pct(rt, 75), "a_lower": sum(x < 1 for x in rt), "pairs": len(rt)}
    w = max((len(k) for k in rows), default=10)
    print(f"{'metric':{w}}  {'A':>10} {'B':>10} {'A/B':>8} {'q1':>8} {'q3':>8}  A lower in")
    for k, v in rows.items():
        if want(opt, k):
            print(f"{k:{w}}  {fmt(v['a']):>10} {fmt(v['b']):>10} {fmt(v['ratio']):>8} {fmt(v['q1']):>8} {fmt(v['q3']):>8}  {v['a_lower']} of {v['pairs']}")
    out(opt, {"a": a["cmd"], "b": b["cmd"], "paired": rows, "runs_a": ra, "runs_b": rb})
    ok = require(opt, lambda k: rows.get(k, {}).get("ratio")) and all(r["ok"] for r in ra + rb)
    return 0 if ok else 1


def cmd_selftest(opt):
    """The emulator beside pyte on random drawing (what both know), and on a few things pyte does not know."""
    import random
    r = random.Random(7)
    try:
        import pyte
    except ImportError:
        pyte = None
    n = 0
    for t in range(300 if pyte else 0):
        s = ""
        for _ in range(r.randint(5, 120)):
            a, b = r.randint(1, 30), r.randint(1, 90)
            s += r.choice([f"\x1b[{a};{b}H", f"\x1b[{r.randint(0, 2)}K", f"\x1b[{r.randint(0, 2)}J", f"\x1b[{a % 5 + 1}{r.choice('ABCDLMP@X')}",
                           "\r\n", "\x1bM", "\t", "\b", "\x1b[7;31m", "\x1b[0m", f"\x1b[{a}d", f"\x1b[{b}G",
                           "".join(r.choice("abcdefgh ijkl├─é") for _ in range(r.randint(1, 40)))])
        ps = pyte.Screen(80, 24)
        pyte.Stream(ps).feed(s)
        v = vt.Screen(80, 24)
        raw, k = s.encode(), r.randint(1, 60)
        for i in range(0, len(raw), k):
            v.feed(raw[i:i + k])
        x, y = [ln.rstrip() for ln in ps.display], v.lines()
        n += x != y
        if x != y and opt.verbose:
            print(repr(s))
            for i, (p, q) in enumerate(zip(x, y)):
                if p != q:
                    print(i, repr(p), repr(q))
    v = vt.Screen(20, 5, reply=(ans := []).append)
    v.feed(b"ab\x1b[3b\r\n\x1b[>1u\x1b[?u\x1b[c\x1b]11;?\x07\x1b_Gi=1;AAAA\x1b\\\x1b[?2026$p\x1b(0qx\x1b(B\x1b[6n\x1b[3;1Hz\x1b[S")
    ok = v.lines()[0] == "─│" and v.lines()[1] == "z" and len(ans) == 4 and ans[-1] == "\x1b[2;3R" and "rgb:0000" in ans[1]
    print(f"pyte: {'not installed' if not pyte else f'{n} of 300 screens differ'}; own checks: {'pass' if ok else 'FAIL ' + repr((v.lines(), ans))}")
    with tempfile.TemporaryDirectory() as d:
        sc = {"step": [{"op": "wait", "text": "ready", "id": "start"}, {"op": "press", "key": "x", "count": 20, "id": "k"},
                       {"op": "idle", "ms": 200, "id": "idle"}]}
        prog = os.path.join(d, "e.py")
        with open(prog, "w") as f:
            f.write("import os,tty\ntty.setraw(0)\nos.write(1,b'ready\\r\\n')\nwhile 1:\n b=os.read(0,9)\n os.write(1,b)\n")
        res = run_once([sys.executable, prog], sc, opt)
        k = res["steps"].get("k", {})
        good = res["ok"] and k.get("out_bytes") == 20 and len(k["settled"]) == 20 and res["screen"][1] == "x" * 20
        print(f"echo program: {'pass' if good else 'FAIL ' + str(res)}; settled p50 {summary(k.get('settled', []))['p50']} ms, "
              f"cpu/key {k.get('cpu_ms_key')} ms, idle bytes {res['steps']['idle']['idle_bytes']}")
    return 0 if ok and good and n <= 3 else 1


def out(opt, d):
    if opt.json:
        with open(opt.json, "w") as f:
            json.dump(d, f, indent=1)


def main():
    p = argparse.ArgumentParser(prog="tuibench", description=__doc__)
    c = argparse.ArgumentParser(add_help=False)
    c.add_argument("--cols", type=int, default=120)
    c.add_argument("--rows", type=int, default=40)
    c.add_argument("--term", default="xterm-256color")
    c.add_argument("--kitty", action="store_true", help="answer the kitty keyboard query as a kitty-capable terminal (xterm is silent)")
    c.add_argument("--env", action="append", default=[], metavar="K=V")
    c.add_argument("--cwd")
    c.add_argument("--keep-home", action="store_true", help="leave HOME and XDG_* as they are (else an empty folder)")
    c.add_argument("--quiet-ms", type=float, default=40, help="silence that counts as settled")
    c.add_argument("--run-timeout", type=float, default=180, help="seconds for one run")
    c.add_argument("--rate", type=float, default=0, help="link: bytes per second from program to user (0: no limit)")
    c.add_argument("--delay-ms", type=float, default=0, help="link: one-way delay, both ways")
    c.add_argument("--link-buffer", type=int, default=262144, help="link: bytes queued before the program blocks on write")
    c.add_argument("--runs", type=int, default=5)
    c.add_argument("--warmup", type=int, default=0)
    c.add_argument("--var", action="append", default=[], metavar="K=V", help="{K} in commands and scenarios")
    c.add_argument("--key", action="append", default=[], metavar="NAME=KEY", help="what $NAME presses, for a command given as such")
    c.add_argument("--peers", help="peers.toml: commands and key names of known programs")
    c.add_argument("--json", help="write everything here")
    c.add_argument("--json-only", action="store_true")
    c.add_argument("--only", action="append", default=[], help="print only metrics that match this regex")
    c.add_argument("--show", action="store_true", help="print the last screen")
    c.add_argument("--record", help="write the raw output of the last run here")
    c.add_argument("--require", action="append", default=[], help="METRIC<=X; run: of the median, compare: of the median paired A/B")
    c.add_argument("--verbose", action="store_true")
    sp = p.add_subparsers(dest="what", required=True)
    q = sp.add_parser("run", parents=[c])
    q.add_argument("scenario")
    q.add_argument("program", help="a peer's name or a command line")
    q = sp.add_parser("compare", parents=[c])
    q.add_argument("scenario")
    q.add_argument("a")
    q.add_argument("b")
    q.add_argument("--scenario-b")
    sp.add_parser("selftest", parents=[c])
    opt = p.parse_args()
    opt.vars = dict(v.split("=", 1) for v in opt.var)
    opt.keys = {}
    for v in opt.key:
        k, _, x = v.partition("=")
        opt.keys[k] = x.split(" ") if " " in x else x
    opt.peers_d = load(opt.peers)["peer"] if opt.peers else {}
    return {"run": cmd_run, "compare": cmd_compare, "selftest": cmd_selftest}[opt.what](opt)


if __name__ == "__main__":
    sys.exit(main())
