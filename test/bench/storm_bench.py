#!/usr/bin/env python3
"""An upgrade storm forecast, and then held against nginx behind a line that carries so much and no more.

  storm_bench.py PROVPHONE [PHONES [PART_OCTETS [MBIT_A_SECOND]]]

Each phone loads six parts. Prints when which share of the phones had its load, in virtual and in real time. The real line is
a loopback interface of its own with packets of 1500 octets and receive windows of 32 KiB, so it has to be allowed to make network namespaces; the storm
takes as long as the line needs for it.
"""
import atexit, json, os, pathlib, shutil, signal, subprocess, sys, tempfile, time

if os.environ.get("STORM_BENCH_LINE") is None:
    os.environ["STORM_BENCH_LINE"] = "own"
    os.execvp("unshare", ["unshare", "-n", sys.executable, *sys.argv])

provphone = os.path.abspath(sys.argv[1])
phones, octets, mbit = [int(sys.argv[i]) if len(sys.argv) > i else usual for i, usual in ((2, 100), (3, 1_000_000), (4, 200))]
parts, load = 6, "sip88xx.12-0-2MPP0001-116"
# Of a packet of 1514 octets on the line 1448 are the file's, and acknowledgements come the same way.
payload = int(mbit * 125_000 * 0.935)
seconds = phones * parts * octets / payload
work = pathlib.Path(tempfile.mkdtemp(prefix="provphone-storm-"))
atexit.register(shutil.rmtree, work, ignore_errors=True)


def run(*argv):
    done = subprocess.run(argv, capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"{' '.join(argv)}: {done.stderr or done.stdout}")


def make_line():
    # Small devices offer small windows; with the megabytes that this machine offers by itself, whoever comes early keeps
    # more of the line than his part.
    pathlib.Path("/proc/sys/net/ipv4/tcp_rmem").write_text("4096 32768 32768")
    run("ip", "link", "set", "lo", "mtu", "1500", "gso_max_size", "1514", "gso_max_segs", "1", "up")
    # Cubic, which Linux has unless somebody chose another.
    for there in ("127.0.0.0/8", "127.0.0.1"):
        run("ip", "route", "change", "local", there, "dev", "lo", "proto", "kernel", "scope", "host", "src", "127.0.0.1",
            "table", "local", "congctl", "lock", "cubic")
    run("tc", "qdisc", "add", "dev", "lo", "root", "tbf", "rate", f"{mbit}mbit", "burst", "64kb", "latency", "100ms")


def write_files():
    www = work / "www"
    www.mkdir()
    names = [f"{load}-part{part}.sbn" for part in range(1, parts + 1)]
    (www / f"{load}.loads").write_bytes(b"\1" + "\n".join(names).encode() + b"\n")
    for name in names:
        with open(www / name, "wb") as part:
            part.truncate(octets)
    (www / "p.xml").write_text("<flat-profile><GPP_A>x</GPP_A></flat-profile>")
    (work / "nginx.conf").write_text(f"""
{'user root;' if os.geteuid() == 0 else ''} daemon off; worker_processes 1; worker_rlimit_nofile 8192; pid nginx.pid;
events {{ worker_connections 8192; }}
http {{ access_log off; client_body_temp_path b; proxy_temp_path p; fastcgi_temp_path f; uwsgi_temp_path u; scgi_temp_path s;
  sendfile on; server {{ listen 127.0.0.1:8080 backlog=4096; root www; }} }}""")
    (work / "storm.yaml").write_text(f"""
seed: 5
phones:
  - group: site
    count: {phones}
    model: CP-8841-3PCC
    set: {{Profile_Rule: "http://127.0.0.1:8080/p.xml", Resync_Random_Delay: 0, Resync_Periodic: 0,
          Resync_After_Upgrade_Attempt: "No", Upgrade_Rule: "http://127.0.0.1:8080/{load}.loads"}}
events: [{{at: 0s, power_on: all, over: {max(1, round(seconds / 3))}s}}]
server:
  bytes: 60B
  bandwidth: {payload}B
  answers: [{{path: "*.loads", parts: {parts}}}, {{path: "*.sbn", bytes: {octets}B}}]
limits: {{duration: {round(seconds * 1.5) + 5}s}}
""")


def upgraded(command):
    """When each phone had its load, in seconds, in order."""
    trace = work / f"{command}.jsonl"
    subprocess.run([provphone, command, str(work / "storm.yaml"), "--trace", str(trace)], capture_output=True)
    events = map(json.loads, trace.read_text().splitlines())
    return sorted(e["t"] for e in events if e["event"] == "upgrade_done" and "error" not in e)


make_line()
write_files()
nginx = subprocess.Popen(["nginx", "-p", str(work), "-e", str(work / "error.log"), "-c", str(work / "nginx.conf")])
try:
    while not (work / "nginx.pid").exists():
        if nginx.poll() is not None:
            sys.exit("nginx does not start: " + (work / "error.log").read_text())
        time.sleep(0.05)
    foretold, held = upgraded("forecast"), upgraded("fleet")
finally:
    nginx.send_signal(signal.SIGTERM)
    nginx.wait(timeout=10)

print(f"{phones} phones, {parts} parts of {octets:,} octets, {mbit} Mbit/s: {len(foretold)} upgraded in the forecast, {len(held)} in the run")
print("share     forecast        run")
for share in range(10, 101, 10):
    at = [curve[min(len(curve), max(1, phones * share // 100)) - 1] for curve in (foretold, held) if curve]
    print(f"{share:4d} %", *(f"{t:9.1f} s" for t in at), f"{at[0] / at[1] - 1:+7.1%}" if len(at) == 2 else "")
