#!/usr/bin/env python3
"""screenshots.py PROVPHONE FOLDER: live.png and report.png, of a fleet that asks a real server. Traffic stays on the loopback."""
import pathlib, socket, subprocess, sys, tempfile, time

from terminal import Terminal

COLUMNS, ROWS = 100, 30
MOST_OCTETS = 150_000

SCENARIO = """
seed: 7
phones:
  - {group: offices, count: 2400, model: SPA942, set: {Profile_Rule: "http://127.0.0.1:%(port)d/office.xml", Resync_Random_Delay: "0"}}
  - {group: warehouse, count: 500, model: SPA942, set: {Profile_Rule: "http://127.0.0.1:%(port)d/warehouse.xml", Resync_Random_Delay: "0"}}
  - {group: reception, count: 100, model: SPA942, set: {Profile_Rule: "http://127.0.0.1:%(port)d/$MA.xml", Resync_Random_Delay: "0"}}
events:
  - {at: 0s, power_on: offices, over: 30s}
  - {at: 2s, power_on: warehouse, over: 24s, shape: burst}
  - {at: 5s, power_on: reception, over: 20s}
limits: {duration: 60s}
expect:
  - {converged: 100%%, within: 20s, phones: offices}
  - {converged: 95%%, within: 20s}
  - {latency: fetch, p99: 400ms}
  - {error: service_unavailable, max: 20, phones: warehouse}
  - {requests: "/firmware/*", none: true}
  - {no_foreign_identity: true}
"""

PROFILE = "<flat-profile><GPP_A>%s</GPP_A><Resync_Periodic>3600</Resync_Periodic></flat-profile>\n"


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


class Server:
    """`provphone serve`, which is slow with some and refuses some."""

    def __init__(self, provphone, folder):
        self.port = free_port()
        www = folder / "www"
        www.mkdir()
        (www / "office.xml").write_text(PROFILE % "office")
        (www / "warehouse.xml").write_text(PROFILE % "warehouse")
        self.process = subprocess.Popen(
            [provphone, "serve", www, "--http", str(self.port), "--fault", "status=503 path=/warehouse.xml share=8%",
             "--fault", "delay=180ms path=/office.xml share=10%"], stdout=subprocess.DEVNULL)
        for _ in range(400):
            with socket.socket() as s:
                if s.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            time.sleep(0.05)
        self.stop()
        raise RuntimeError("the server does not start")

    def stop(self):
        self.process.terminate()
        self.process.wait()


def photograph(page, picture, width, height):
    subprocess.run(["chromium", "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--hide-scrollbars",
                    f"--user-data-dir={page.parent / 'browser'}", f"--window-size={width},{height}", f"--screenshot={picture}", page.as_uri()],
                   check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=120)
    if picture.stat().st_size > MOST_OCTETS:
        raise RuntimeError(f"{picture} has {picture.stat().st_size} octets, more than {MOST_OCTETS}")


def main(provphone, pictures):
    pictures.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        server = Server(provphone, folder)
        try:
            (folder / "morning.yaml").write_text(SCENARIO % {"port": server.port})
            terminal = Terminal(["sh", "-c", f"cd {folder} && exec {provphone} fleet morning.yaml --json result.json"], COLUMNS, ROWS)
            try:
                if not terminal.watch_until(lambda text: " 22." in text and "of 1m 00s" in text):
                    raise RuntimeError("the run was over too soon:\n" + terminal.text())
                (folder / "live.html").write_text(terminal.page())
                terminal.finish()
            finally:
                terminal.close()
        finally:
            server.stop()
        photograph(folder / "live.html", pictures / "live.png", 940, 605)
        subprocess.run([provphone, "report", folder / "result.json", "--html", folder / "report.html"], stdout=subprocess.DEVNULL)
        photograph(folder / "report.html", pictures / "report.png", 1280, 900)


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(pathlib.Path(sys.argv[1]).resolve(), pathlib.Path(sys.argv[2]).resolve())
