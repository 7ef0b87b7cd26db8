"""A provisioning server that asks each phone for its login and redirects it to a file of its own.

redirecting_server.py PORT open|guarded: whether the place behind the redirect is open by itself, or
asks for the same login. A phone's user name is its MAC address.
"""
import base64
import http.server
import re
import sys

guards_files = sys.argv[2] == "guarded"


def login_of(mac):
    return "Basic " + base64.b64encode("{0}:pass-{0}".format(mac).encode()).decode()


class Handler(http.server.BaseHTTPRequestHandler):
    def answer(self, status, headers=(), body=b""):
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self):
        path = self.path.lower()
        place = re.fullmatch(r"/([0-9a-f]{12})\.xml", path)
        file = re.fullmatch(r"/files/([0-9a-f]{12})\.xml", path)
        found = place or file
        if not found:
            return self.answer(404)
        mac = found.group(1)
        is_let_in = self.headers.get("Authorization") == login_of(mac)
        if not is_let_in and (place or guards_files):
            return self.answer(401, [("WWW-Authenticate", 'Basic realm="phones"')])
        if place:
            return self.answer(302, [("Location", "/files/{}.xml".format(mac))])
        text = "<flat-profile><Password_1_>sip-of-{}</Password_1_></flat-profile>".format(mac)
        return self.answer(200, [("Content-Type", "text/xml")], text.encode())

    def log_message(self, *_):
        pass


http.server.HTTPServer(("127.0.0.1", int(sys.argv[1])), Handler).serve_forever()
