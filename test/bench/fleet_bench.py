#!/usr/bin/env python3
"""What a fleet costs, beside what others take for the same requests to the same nginx.

  fleet_bench.py PROVPHONE [--quick]

Prints CPU time of the client alone, never wall time. Comparisons run in turn with ours, so that a slow moment of the machine
meets both. wrk and ab are used where they are installed.
"""
import json, os, pathlib, resource, shutil, signal, socket, statistics, subprocess, sys, tempfile, time

provphone, quick = os.path.abspath(sys.argv[1]), "--quick" in sys.argv
rounds = 2 if quick else 3
work = pathlib.Path(tempfile.mkdtemp(prefix="provphone-fleet-bench-"))


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def cpu_of(argv, **more):
    """Runs a command to its end: seconds of CPU time, its output."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(argv, capture_output=True, text=True, **more)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode != 0:
        sys.exit(f"{argv[0]} ended with {done.returncode}: {done.stderr or done.stdout}")
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, done.stdout


class Nginx:
    def __init__(self, tls=None):
        self.port = free_port()
        self.folder = pathlib.Path(tempfile.mkdtemp(dir=work))
        (self.folder / "www").mkdir()
        (self.folder / "www/all.xml").write_text("<flat-profile><GPP_A>everybody</GPP_A></flat-profile>")
        secure = "" if tls is None else (f"ssl_certificate {tls}/server.pem; ssl_certificate_key {tls}/server.key;"
                                         f"ssl_client_certificate {tls}/device-root.pem; ssl_verify_client on;"
                                         "ssl_protocols TLSv1.2; ssl_session_cache off; ssl_session_tickets off;")
        (self.folder / "nginx.conf").write_text(f"""
{'user root;' if os.geteuid() == 0 else ''} daemon off; worker_processes 1; pid nginx.pid; error_log error.log;
events {{ worker_connections 8192; }}
http {{ log_format subjects '$ssl_client_s_dn $uri'; access_log {'access.log subjects' if tls else 'off'};
  client_body_temp_path b; proxy_temp_path p; fastcgi_temp_path f; uwsgi_temp_path u; scgi_temp_path s;
  server {{ listen 127.0.0.1:{self.port} {'ssl' if tls else ''} backlog=4096; {secure} root www; location / {{ try_files /all.xml =404; }} }} }}""")
        self.process = subprocess.Popen(["nginx", "-p", str(self.folder), "-e", str(self.folder / "error.log"), "-c",
                                         str(self.folder / "nginx.conf")])
        for _ in range(200):
            if (self.folder / "nginx.pid").exists():
                return
            time.sleep(0.05)
        sys.exit("nginx does not start: " + (self.folder / "error.log").read_text())

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(timeout=10)


def fleet(scenario, *flags):
    """CPU seconds and the result of a fleet."""
    file = work / "fleet.yaml"
    file.write_text(scenario)
    result = work / "result.json"
    cpu, _ = cpu_of([provphone, "fleet", str(file), "--json", str(result), "--quiet", *flags])
    return cpu, json.loads(result.read_text())


def phones(count, rule, over, more=""):
    return (f"phones: [{{count: {count}, mac: 000e08000000, {more} set: {{Profile_Rule: '{rule}', Resync_Random_Delay: 0}}}}]\n"
            f"events: [{{at: 0s, power_on: all, over: {over}s}}]\n")


def row(what, ours, theirs=None, name="", budget=""):
    ratio = f"  ratio {ours / theirs:5.2f}" if theirs else ""
    beside = f"  {name} {theirs:8.1f}" if theirs else ""
    print(f"{what:<58} {ours:8.1f}{beside}{ratio}  {budget}", flush=True)


def http(nginx):
    count, rate = (6_000, 2_000) if quick else (30_000, 2_000)
    url = f"http://127.0.0.1:{nginx.port}"
    ours, wrk, ab, lag = [], [], [], []
    idle, _ = fleet(phones(1, url + "/$MA.xml", 0), "--until-converged")
    for _ in range(rounds):
        cpu, result = fleet(phones(count, url + "/$MA.xml", count // rate), "--until-converged")
        assert result["groups"][0]["converged"] == count
        ours.append((cpu - idle) / count * 1e6)
        lag.append(result["lag_us"]["p999"] / 1e3)
        if shutil.which("wrk"):
            cpu, out = cpu_of(["wrk", "-t1", "-c16", "-d5s", "-H", "Connection: close", url + "/all.xml"])
            done = next(int(line.split()[0]) for line in out.splitlines() if "requests in" in line)
            wrk.append(cpu / done * 1e6)
        if shutil.which("ab"):
            cpu, out = cpu_of(["ab", "-q", "-n", str(count), "-c", "16", url + "/all.xml"])
            ab.append(cpu / count * 1e6)
    for name, theirs in (("wrk -H 'Connection: close'", wrk), ("ab", ab)):
        if theirs:
            row(f"us CPU of a phone's boot and pass over HTTP, {rate}/s", statistics.median(ours), statistics.median(theirs), name)
    row(f"ms lag at p99.9, {rate} resyncs a second, nginx beside", statistics.median(lag), budget="budget 20")


def mutual_tls(pki):
    count = 300 if quick else 1_500
    nginx = Nginx(pki)
    more = f"certificate: minted, trust: [{pki}/server-root.pem],"
    url = f"https://localhost:{nginx.port}/$MA.xml"
    ours, ab = [], []
    idle, _ = fleet(phones(1, url, 0, more) + f"pki: {pki}\n", "--until-converged")
    for _ in range(rounds):
        cpu, result = fleet(phones(count, url, count // 150, more) + f"pki: {pki}\n", "--until-converged", "--lag-limit", "10s")
        assert result["groups"][0]["converged"] == count
        ours.append((cpu - idle) / count * 1e6)
        if shutil.which("ab"):
            cpu, _ = cpu_of(["ab", "-q", "-n", str(count), "-c", "8", "-f", "TLS1.2", "-E", f"{pki}/client.pem",
                             f"https://localhost:{nginx.port}/all.xml"])
            ab.append(cpu / count * 1e6)
    if ab:
        row("us CPU of a pass over mutual TLS, a certificate each", statistics.median(ours), statistics.median(ab), "ab, one certificate")
    else:
        row("us CPU of a pass over mutual TLS, a certificate each", statistics.median(ours))
    nginx.stop()


def memory(nginx):
    """Octets an idle phone costs, from the difference of two sizes; provisioned by one shared profile."""
    url = f"http://127.0.0.1:{nginx.port}/$MA.xml"
    for count in (10_000, 100_000) if quick else (10_000, 100_000, 1_000_000):
        events = phones(count, url, 1)
        _, result = fleet(events, "--for", "1ms")  # nobody is on yet
        row(f"MB peak, {count} phones before their power-on", result["resources"]["memory_peak"] / 1e6)
        if count <= 100_000:
            _, result = fleet(phones(count, url, count // 2_500), "--until-converged", "--lag-limit", "10s")
            row(f"MB peak, {count} phones provisioned over HTTP", result["resources"]["memory_peak"] / 1e6)


try:
    pki = work / "pki"
    cpu_of([provphone, "pki", str(pki), "--device", "000e08abcdef"])
    (pki / "client.pem").write_text((pki / "000e08abcdef.pem").read_text() + (pki / "000e08abcdef.key").read_text())
    server = Nginx()
    http(server)
    memory(server)
    server.stop()
    mutual_tls(pki)
finally:
    shutil.rmtree(work, ignore_errors=True)
