#include "test/e2e/ports.hpp"
#include "test/e2e/web_servers.hpp"

#include <catch2/catch.hpp>
#include <unistd.h>

#include <fstream>
#include <sstream>

namespace provphone::e2e {
namespace {

std::string tls_lines(const std::optional<ServerCertificate>& tls) {
  if (!tls) return {};
  std::string lines = "ssl_certificate " + tls->certificate.string() + ";\n" +
                      "ssl_certificate_key " + tls->key.string() + ";\n";
  if (!tls->client_roots.empty()) {
    lines += "ssl_client_certificate " + tls->client_roots.string() + ";\nssl_verify_client on;\n";
  }
  return lines;
}

std::string configuration(const std::filesystem::path& root, const Nginx::Options& options,
                          std::uint16_t port) {
  std::ostringstream text;
  // Workers of another user could not read keys that only their owner may read.
  if (::geteuid() == 0) text << "user root;\n";
  text
      << "daemon off;\nworker_processes 1;\npid nginx.pid;\nerror_log error.log info;\n"
      << "events { worker_connections 1024; }\n"
      << "http {\n"
      << "  log_format subjects '$ssl_client_s_dn|$http_user_agent|$request|$status|$connection';\n"
      << "  access_log access.log subjects;\n"
      << "  client_body_temp_path body;\n  proxy_temp_path proxy;\n"
      << "  fastcgi_temp_path fastcgi;\n  uwsgi_temp_path uwsgi;\n  scgi_temp_path scgi;\n"
      << "  server {\n"
      << "    listen 127.0.0.1:" << port << (options.tls ? " ssl" : "") << ";\n"
      << tls_lines(options.tls) << "    root " << root.string() << ";\n"
      << options.locations << "\n  }\n}\n";
  return text.str();
}

Access parse_access(const std::string& line) {
  std::vector<std::string> fields;
  std::istringstream stream(line);
  for (std::string field; std::getline(stream, field, '|');) fields.push_back(field);
  INFO("access log line: " << line);
  REQUIRE(fields.size() == 5);
  return {fields[0], fields[1], fields[2], std::stoi(fields[3]), std::stoi(fields[4])};
}

}  // namespace

Nginx::Nginx(Workspace& workspace, const std::filesystem::path& root, Options options)
    : folder_(workspace.make_folder("nginx")), options_(std::move(options)) {
  process_ = start_server(folder_, "nginx", [&] { return prepare(root); });
}

Launch Nginx::prepare(const std::filesystem::path& root) {
  port_ = free_tcp_port();
  std::filesystem::remove(folder_ / "nginx.pid");
  std::ofstream(folder_ / "nginx.conf") << configuration(root, options_, port_);
  // The pid file is written once the port is open, so an answer from that port is nginx's own.
  return {
      {"nginx", "-p", folder_.string(), "-e", (folder_ / "error.log").string(), "-c",
       (folder_ / "nginx.conf").string()},
      [this] { return !read_file(folder_ / "nginx.pid").empty() && accepts_connections(port_); }};
}

std::string Nginx::url(const std::string& path) const {
  const std::string server = options_.tls ? "https://localhost:" : "http://127.0.0.1:";
  return server + std::to_string(port_) + path;
}

std::vector<Access> Nginx::accesses(std::size_t at_least) const {
  const auto written = [&] { return lines_of(read_file(folder_ / "access.log")); };
  eventually(patience, [&] { return written().size() >= at_least; });
  std::vector<Access> result;
  for (const auto& line : written()) result.push_back(parse_access(line));
  return result;
}

}  // namespace provphone::e2e
