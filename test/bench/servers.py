"""Real servers on this machine's loopback, each in a folder of its own. Every one is ended by stop()."""
import os, pathlib, signal, socket, subprocess, time

import profiles


def free_port(kind=socket.SOCK_STREAM):
    with socket.socket(type=kind) as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


class Server:
    def __init__(self, argv, is_ready, **more):
        self.process = subprocess.Popen(argv, **more)
        for _ in range(400):
            if is_ready():
                return
            if self.process.poll() is not None:
                break
            time.sleep(0.05)
        self.stop()
        raise RuntimeError(f"{argv[0]} does not start")

    def stop(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            self.process.wait(timeout=10)


def nginx(folder, pki=None):
    """Serves `folder`/www: a file that is there, else all.xml; below /big/ shared.gz; below /made/ each phone's own, of own.xml. (server, port)"""
    folder = pathlib.Path(folder)
    port = free_port()
    secure = "" if pki is None else (f"ssl_certificate {pki}/server.pem; ssl_certificate_key {pki}/server.key;"
                                     f"ssl_client_certificate {pki}/device-root.pem; ssl_verify_client on;"
                                     "ssl_protocols TLSv1.2; ssl_session_cache off; ssl_session_tickets off;")
    name = "tls" if pki else "plain"
    (folder / f"{name}.conf").write_text(f"""
{'user root;' if os.geteuid() == 0 else ''} daemon off; worker_processes 1; pid {name}.pid; error_log error.log;
events {{ worker_connections 16384; }}
http {{ access_log off; client_body_temp_path b; proxy_temp_path p; fastcgi_temp_path f; uwsgi_temp_path u; scgi_temp_path s;
  server {{ listen 127.0.0.1:{port} {'ssl' if pki else ''} backlog=4096; {secure} root www;
    location /big/ {{ try_files /shared.gz =404; }}
    location ~ ^/made/(?<mac>[0-9a-f]+)$ {{ sub_filter_types *; sub_filter_once off; sub_filter {profiles.OWNER} $mac; try_files /own.xml =404; }}
    location / {{ try_files $uri /all.xml =404; }} }} }}""")
    return Server(["nginx", "-p", str(folder), "-e", str(folder / "error.log"), "-c", str(folder / f"{name}.conf")],
                  (folder / f"{name}.pid").exists), port


def serve(provphone, folder, *flags):
    """`provphone serve` of `folder`/www over HTTP and TFTP. (server, HTTP port, TFTP port)"""
    http, tftp = free_port(), free_port(socket.SOCK_DGRAM)

    def answers():
        with socket.socket() as s:
            return s.connect_ex(("127.0.0.1", http)) == 0

    argv = [provphone, "serve", str(pathlib.Path(folder) / "www"), "--http", str(http), "--tftp", str(tftp), *flags]
    return Server(argv, answers, stdout=subprocess.DEVNULL), http, tftp
