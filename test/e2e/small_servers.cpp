#include "test/e2e/ports.hpp"
#include "test/e2e/web_servers.hpp"

#include <fstream>
#include <sstream>

// Servers that need little to be told.
namespace provphone::e2e {
namespace {

std::string local_url(std::uint16_t port, const std::string& path) {
  return "http://127.0.0.1:" + std::to_string(port) + path;
}

}  // namespace

Tinyproxy::Tinyproxy(Workspace& workspace, std::string login)
    : folder_(workspace.make_folder("tinyproxy")), login_(std::move(login)) {
  process_ = start_server(folder_, "tinyproxy", [this] { return prepare(); });
}

Launch Tinyproxy::prepare() {
  port_ = free_tcp_port();
  const auto log = folder_ / "proxy.log";
  std::filesystem::remove(log);
  std::ostringstream text;
  text << "Port " << port_ << "\nListen 127.0.0.1\nMaxClients 500\nTimeout 60\nLogLevel Connect\n"
       << "LogFile \"" << log.string() << "\"\n";
  if (!login_.empty()) text << "BasicAuth " << login_ << "\n";
  std::ofstream(folder_ / "proxy.conf") << text.str();
  return {{"tinyproxy", "-d", "-c", (folder_ / "proxy.conf").string()},
          [this] { return accepts_connections(port_); }};
}

std::string Tinyproxy::log() const {
  return read_file(folder_ / "proxy.log");
}

Lighttpd::Lighttpd(Workspace& workspace, const std::filesystem::path& root)
    : folder_(workspace.make_folder("lighttpd")) {
  process_ = start_server(folder_, "lighttpd", [&] { return prepare(root); });
}

Launch Lighttpd::prepare(const std::filesystem::path& root) {
  port_ = free_tcp_port();
  std::ofstream(folder_ / "users") << "phone:secret\n";
  const auto login = [](const std::string& path, const std::string& method,
                        const std::string& more) {
    return "  \"" + path + "\" => (\"method\" => \"" + method +
           "\", \"realm\" => \"desk\", \"require\" => \"valid-user\"" + more + "),\n";
  };
  std::ofstream(folder_ / "lighttpd.conf")
      << "server.modules = (\"mod_auth\", \"mod_authn_file\")\n"
      << "server.document-root = \"" << root.string() << "\"\nserver.port = " << port_
      << "\nserver.bind = \"127.0.0.1\"\nserver.errorlog = \"" << (folder_ / "error.log").string()
      << "\"\nauth.backend = \"plain\"\nauth.backend.plain.userfile = \""
      << (folder_ / "users").string() << "\"\nauth.require = (\n"
      << login("/basic/", "basic", "")
      << login("/digest/", "digest", ", \"algorithm\" => \"SHA-256|MD5\"")
      << login("/sha256/", "digest", ", \"algorithm\" => \"SHA-256\"") << ")\n";
  return {{"lighttpd", "-D", "-f", (folder_ / "lighttpd.conf").string()},
          [this] { return accepts_connections(port_); }};
}

std::string Lighttpd::url(const std::string& path) const {
  return local_url(port_, path);
}

PythonServer::PythonServer(Workspace& workspace, const std::filesystem::path& root) {
  process_ = start_server(workspace.make_folder("python"), "python3", [&] {
    port_ = free_tcp_port();
    return Launch{{"python3", "-m", "http.server", "--bind", "127.0.0.1", "--directory",
                   root.string(), std::to_string(port_)},
                  [this] { return accepts_connections(port_); }};
  });
}

std::string PythonServer::url(const std::string& path) const {
  return local_url(port_, path);
}

PythonScript::PythonScript(Workspace& workspace, const std::filesystem::path& script,
                           const std::string& more) {
  process_ = start_server(workspace.make_folder("python"), "python3", [&] {
    port_ = free_tcp_port();
    return Launch{{"python3", script.string(), std::to_string(port_), more},
                  [this] { return accepts_connections(port_); }};
  });
}

std::string PythonScript::url(const std::string& path) const {
  return local_url(port_, path);
}

}  // namespace provphone::e2e
