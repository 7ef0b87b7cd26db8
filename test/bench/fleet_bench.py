#!/usr/bin/env python3
"""What a fleet costs, beside bare loops that fetch the same files at the same pace from as many source addresses.

  fleet_bench.py PROVPHONE PACED [--quick]     rows for docs/performance.md: CPU time, lag and memory
  fleet_bench.py PROVPHONE PACED --count       instructions and system calls a pass, of both
  fleet_bench.py PROVPHONE PACED --million     memory of a million phones, provisioned over HTTP and at rest: some half an hour
  fleet_bench.py PROVPHONE PACED --check       instructions a pass against instructions.tsv: 1 where a row takes a fifth more
  fleet_bench.py PROVPHONE PACED --update      writes instructions.tsv

CPU time is the client's alone and never wall time. A comparison runs in turn with ours, so that a slow moment of the machine meets
both. wrk and ab are used where they are installed; they go as fast as they can.
"""
import argparse, dataclasses, datetime, json, os, pathlib, shutil, sys, tempfile

import measure, profiles, servers

HERE = pathlib.Path(__file__).parent
TABLE = HERE / "instructions.tsv"
MARGIN = 0.20
FIRST_MAC = 0x000E08000000


@dataclasses.dataclass
class Case:
    name: str
    url: str  # of the phones' rule; $MA is their address
    kind: str = "libcurl"  # the bare loop
    source: str = "127.1.0.0/16"
    more: str = ""  # of the group
    root: str = ""  # keys of the scenario beside it
    flags: tuple = ()  # of the bare loop
    rates: tuple = (500, 2_000, 0)
    most: int = 20_000  # phones; files of their own or certificates may be fewer


class Bench:
    def __init__(self, provphone, paced, quick):
        self.provphone, self.paced, self.quick = os.path.abspath(provphone), os.path.abspath(paced), quick
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="provphone-fleet-bench-"))
        self.running = []
        os.environ["PROVPHONE_CACHE"] = str(self.folder / "cache")

    def close(self):
        for server in self.running:
            server.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    # --- what is fetched
    def make_files(self, own):
        www = self.folder / "www"
        www.mkdir()
        (www / "all.xml").write_bytes(profiles.SMALL)
        names = profiles.names_of(self.provphone, 800)
        (www / "shared.gz").write_bytes(profiles.zipped(profiles.profile(names)))
        (www / "own").mkdir()
        for index in range(own):
            mac = f"{FIRST_MAC + index:012x}"
            (www / "own" / mac).write_bytes(profiles.zipped(profiles.profile(names, mac)))

    def make_certificates(self, count):
        pki = self.folder / "pki"
        measure.run([self.provphone, "pki", str(pki), "--device", f"{FIRST_MAC:012x}"])
        from certificates import sign_all
        sign_all(pki, [f"{FIRST_MAC + index:012x}" for index in range(count)])
        return pki

    def start(self, pair):
        self.running.append(pair[0])
        return pair[1:] if len(pair) > 2 else pair[1]

    # --- commands
    def fleet(self, case, count, over, *flags):
        scenario = self.folder / f"{case.name.replace(' ', '-')}-{count}-{over}.yaml"
        scenario.write_text(f"""phones: [{{count: {count}, mac: {FIRST_MAC:012x}, source: {case.source}, {case.more}
  set: {{Profile_Rule: '{case.url}', Resync_Random_Delay: 0}}}}]
events: [{{at: 0s, power_on: all, over: {round(over * 1000)}ms}}]
{case.root}
""")
        return [self.provphone, "fleet", str(scenario), "--until-converged", "--quiet", "--lag-limit", "10s", "--workers", "1",
                "--json", str(self.folder / "result.json"), *flags]

    def result(self):
        return json.loads((self.folder / "result.json").read_text())

    def bare(self, case, count, rate):
        scheme, rest = case.url.split("://")
        place, path = rest.split("/", 1)
        host, port = place.split(":")
        return [self.paced, case.kind, scheme, host, port, "/" + path.replace("$MA", "*"), "--count", str(count), "--rate", str(rate),
                "--sources", *case.flags]


def us(value):
    return f"{value:,.0f}".replace(",", " ")


def cpu_rows(bench, case):
    """A boot and pass of a phone: what one more costs, without start and end of the program."""
    for rate in case.rates:
        count = min(case.most, (2 if bench.quick else 6) * (rate or 2_000))
        ours, theirs, ratios, lags = [], [], [], []
        idle = measure.seconds(bench.fleet(case, 1, 0))
        for _ in range(2 if bench.quick else 5):
            ours.append((measure.seconds(bench.fleet(case, count, count / rate if rate else 0)) - idle) / count * 1e6)
            result = bench.result()
            assert result["groups"][0]["converged"] == count, result["groups"]
            lags.append(result["lag_us"]["p999"] / 1e3)
            theirs.append(float(measure.run(bench.bare(case, count, rate))))
            ratios.append(ours[-1] / theirs[-1])
        middle, least, most = measure.spread(ratios)
        pace = f"{us(rate)}/s" if rate else "flat out"
        print(f"| {case.name}, {pace} | {us(measure.spread(ours)[0])} µs | {us(measure.spread(theirs)[0])} µs: {case.kind} "
              f"| {middle:.2f} ({least:.2f}–{most:.2f}) | {measure.spread(lags)[0]:.1f} ms | {result['resources']['memory_peak'] / 1e6:.0f} MB |",
              flush=True)


def flat_out(bench, port):
    """What others take that are made for speed and go as fast as they can."""
    url, count = f"http://127.0.0.1:{port}/all.xml", 20_000
    tools = {"wrk": ["wrk", "-t1", "-c16", "-d5s", "-H", "Connection: close", url], "ab": ["ab", "-q", "-n", str(count), "-c", "16", url]}
    for name, argv in tools.items():
        if shutil.which(name) is None:
            continue
        before = measure.resource.getrusage(measure.resource.RUSAGE_CHILDREN)
        out = measure.run(argv)
        after = measure.resource.getrusage(measure.resource.RUSAGE_CHILDREN)
        cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        done = count if name == "ab" else next(int(line.split()[0]) for line in out.splitlines() if "requests in" in line)
        print(f"| 60 octets, flat out | – | {us(cpu / done * 1e6)} µs: {name} | | | |", flush=True)


def in_flight(bench, provphone):
    """Ten thousand that wait for a server which answers after 5 s."""
    _, port, _ = None, *bench.start(servers.serve(provphone, bench.folder, "--fault", "delay=5s"))
    case = Case("server answers after 5 s", f"http://127.0.0.1:{port}/all.xml")
    measure.run(bench.fleet(case, 1, 0))
    least = bench.result()["resources"]["memory_peak"]
    measure.run(bench.fleet(case, 20_000, 10))
    result = bench.result()
    most = max(each["in_flight"] for each in rows_of(result["series"]))
    resources = result["resources"]
    print(f"| {case.name}, 2 000/s | lag p99.9 {result['lag_us']['p999'] / 1e3:.1f} ms | {us(most)} in flight | "
          f"{(resources['memory_peak'] - least) / max(most, 1) / 1e3:.1f} KB each |", flush=True)


def million(bench, port):
    """Whether they all get their files, and what they take then. What is own to a phone is in twenty values of 800."""
    (bench.folder / "www" / "own.xml").write_bytes(profiles.profile(profiles.names_of(bench.provphone, 800), profiles.OWNER))
    print("| a million phones | CPU | lag p99.9 | memory at its highest |\n|---|---|---|---|")
    for name, path, rate in (("a file of 800 parameters, shared", "/big/$MA", 2_000), ("20 values of 800 their own", "/made/$MA", 800)):
        count = 10_000 if bench.quick else 1_000_000
        case = Case(name, f"http://127.0.0.1:{port}{path}", source="127.16.0.0/12")
        took = measure.seconds(bench.fleet(case, count, count / rate))
        result = bench.result()
        assert result["groups"][0]["converged"] == count, result["groups"]
        print(f"| {case.name}, {us(rate)}/s | {took:.0f} s | {result['lag_us']['p999'] / 1e3:.1f} ms "
              f"| {result['resources']['memory_peak'] / 1e6:.0f} MB |", flush=True)


def rows_of(series):
    """The series of a result are columns of equal length."""
    columns = {name: values for name, values in series.items() if isinstance(values, list)}
    return [dict(zip(columns, row)) for row in zip(*columns.values())]


def sizes_of(case):
    """Two numbers of phones and the seconds in which they are switched on: callgrind takes fifty times as long, and servers wait for no one."""
    return (10, 60, 20) if case.kind == "openssl" else (100, 600, 4)


def counted(bench, case, how):
    """Of one more phone and of one more fetch of the bare loop; both over the same time, so that what goes by time falls out."""
    few, many, over = sizes_of(case)
    ours = measure.each(how, lambda n: bench.fleet(case, n, over), few, many)
    theirs = measure.each(how, lambda n: bench.bare(case, n, n / over), few, many)
    return ours, theirs


def count_rows(bench, cases):
    for case in cases:
        ours, theirs = counted(bench, case, measure.instructions)
        calls, their_calls = counted(bench, case, measure.system_calls)
        print(f"| {case.name} | {us(ours)} | {us(theirs)} | {ours / theirs:.2f} | {calls:.1f} | {their_calls:.1f} |", flush=True)


def own_instructions(bench, case):
    few, many, over = sizes_of(case)
    measure.run(bench.fleet(case, many, over))  # what is kept on disk is there
    return measure.each(measure.instructions, lambda n: bench.fleet(case, n, over), few, many)


def known():
    lines = [line for line in TABLE.read_text().splitlines() if line and not line.startswith("#")]
    return {name: int(count) for name, count in (line.split("\t") for line in lines)}


def update(bench, cases):
    rows = "".join(f"{case.name}\t{own_instructions(bench, case):.0f}\n" for case in cases)
    TABLE.write_text("# Instructions outside of the kernel that one more phone of a fleet takes, boot and pass, one worker: by callgrind, release\n"
                     f"# preset, GCC 12, {datetime.date.today()}. Written by `./dev bench --update`, compared by `./dev bench --check`.\n" + rows)


def check(bench, cases):
    """Whether all keep to the table; says each that does not."""
    table, is_kept = known(), True
    for case in cases:
        now, before = own_instructions(bench, case), table.get(case.name)
        if before is None:
            verdict = "not in the table: ./dev bench --update"
        elif now > before * (1 + MARGIN):
            verdict = "slower"
        elif now < before * (1 - MARGIN):
            verdict = "quicker, the table is out of date: ./dev bench --update"
        else:
            verdict = "kept"
        is_kept = is_kept and before is not None and verdict != "slower"
        print(f"{case.name:<36} {us(now):>12} instructions, {us(before or 0):>12} in the table: {verdict}", flush=True)
    return is_kept


def main():
    flags = argparse.ArgumentParser()
    flags.add_argument("provphone")
    flags.add_argument("paced")
    for name in ("--quick", "--count", "--check", "--update", "--million"):
        flags.add_argument(name, action="store_true")
    args = flags.parse_args()
    bench = Bench(args.provphone, args.paced, args.quick)
    try:
        if args.million:
            bench.make_files(0)
            return million(bench, bench.start(servers.nginx(bench.folder)))
        counts = args.count or args.check or args.update
        bench.make_files(600 if counts else 4_000)
        port = bench.start(servers.nginx(bench.folder))
        _, tftp = bench.start(servers.serve(bench.provphone, bench.folder))
        pki = bench.make_certificates(250 if counts else 600)
        secure = bench.start(servers.nginx(bench.folder, pki))
        plain, http = f"http://127.0.0.1:{port}", "HTTP, "
        cases = [
            Case(http + "60 octets", plain + "/$MA.xml"),
            Case(http + "40 KB gzip, shared", plain + "/big/$MA"),
            Case(http + "40 KB gzip, each its own", plain + "/own/$MA", most=600 if counts else 4_000),
            Case("TFTP, 60 octets", f"tftp://127.0.0.1:{tftp}/all.xml", rates=(500, 2_000)),
            Case("HTTPS, a certificate each", f"https://localhost:{secure}/$MA.xml", "openssl",
                 more=f"certificate: minted, trust: [{pki}/server-root.pem],",
                 root=f"pki: {pki}", flags=("--certificates", str(pki / "devices"), "--trust", f"{pki}/server-root.pem"), rates=(100,), most=600),
        ]
        # How often a prime number has to be looked for is chance, so that keys drown what a pass over TLS takes.
        steady = [case for case in cases if case.kind != "openssl"]
        if args.check:
            return 0 if check(bench, steady) else 1
        if args.update:
            return update(bench, steady)
        if args.count:
            print("| what | instructions a pass | of the bare loop | ratio | system calls a pass | of the bare loop |\n|---|---|---|---|---|---|")
            return count_rows(bench, cases)
        print("| what | CPU a pass | of a bare loop | ratio (range) | lag p99.9 | memory |\n|---|---|---|---|---|---|")
        for case in cases:
            cpu_rows(bench, case)
        flat_out(bench, port)
        in_flight(bench, bench.provphone)
    except measure.Failed as failed:
        print(failed, file=sys.stderr)
        return 2
    finally:
        bench.close()


sys.exit(main())
