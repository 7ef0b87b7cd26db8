"""A provisioning server that makes a device of each MAC address that it is asked for.

creating_server.py PORT FILE: a line of FILE for each device that there is.
"""
import http.server
import re
import sys

devices = []


def profile_of(mac):
    if mac not in devices:
        devices.append(mac)
        with open(sys.argv[2], "a", encoding="ascii") as file:
            file.write(mac + "\n")
    return ("<flat-profile><User_ID_1_>{0}</User_ID_1_>"
            "<Password_1_>pass-{0}</Password_1_></flat-profile>".format(mac))


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        name = re.fullmatch(r"/([0-9a-f]{12})\.xml", self.path.lower())
        body = profile_of(name.group(1)).encode() if name else b""
        self.send_response(200 if name else 404)
        self.send_header("Content-Type", "text/xml")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


http.server.HTTPServer(("127.0.0.1", int(sys.argv[1])), Handler).serve_forever()
