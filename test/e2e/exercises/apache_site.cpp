#include "test/e2e/exercises/apache_site.hpp"

#include "test/e2e/ports.hpp"

#include <catch2/catch.hpp>
#include <unistd.h>

#include <fstream>

namespace provphone::e2e::exercises {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view fixed_part = R"(
LoadModule mpm_prefork_module /usr/lib/apache2/modules/mod_mpm_prefork.so
LoadModule authz_core_module /usr/lib/apache2/modules/mod_authz_core.so
LoadModule alias_module /usr/lib/apache2/modules/mod_alias.so
LoadModule cgi_module /usr/lib/apache2/modules/mod_cgi.so
LoadModule ssl_module /usr/lib/apache2/modules/mod_ssl.so
ServerName localhost
PidFile apache.pid
ErrorLog error.log
StartServers 1
MinSpareServers 1
MaxSpareServers 2
CustomLog agent.log "%{User-Agent}i"
CustomLog access.log "%{SSL_CLIENT_S_DN}x|%r"
SSLSessionCache none
)";

// Written each time that it has taken its configuration.
const std::string ready_mark = "resuming normal operations";

std::size_t starts(const fs::path& error_log) {
  const auto text = read_file(error_log);
  std::size_t count = 0;
  for (auto at = text.find(ready_mark); at != std::string::npos; at = text.find(ready_mark, at + 1))
    ++count;
  return count;
}

std::vector<std::string> lines_when(const fs::path& log, std::size_t at_least) {
  eventually(patience, [&] { return lines_of(read_file(log)).size() >= at_least; });
  return lines_of(read_file(log));
}

}  // namespace

ApacheSite::ApacheSite(Workspace& workspace, std::optional<ServerCertificate> tls)
    : root_(workspace.path()), folder_(workspace.make_folder("apache")), tls_(std::move(tls)) {
  fs::create_directories(root_ / "htdocs");
  fs::create_directories(root_ / "cgi-bin");
  process_ = start_server(folder_, "apache", [this] { return prepare(); });
}

void ApacheSite::write_configuration() const {
  std::ofstream text(folder_ / "apache.conf");
  text << "ServerRoot " << folder_ << "\nDefaultRuntimeDir " << folder_ << "\n"
       << "Listen 127.0.0.1:" << port_ << "\n"
       << fixed_part << "DocumentRoot " << root_ / "htdocs"
       << "\n"
       << "ScriptAlias /cgi-bin/ \"" << (root_ / "cgi-bin").string() << "/\"\n"
       << "<Directory " << root_ << ">\n  SSLOptions +StdEnvVars\n  Require all granted\n"
       << "</Directory>\n";
  // Apache refuses to answer requests as root.
  if (::geteuid() == 0) text << "User www-data\nGroup www-data\n";
  if (!tls_) return;
  text << "SSLEngine on\nSSLCertificateFile " << tls_->certificate << "\nSSLCertificateKeyFile "
       << tls_->key << "\nSSLVerifyClient " << client_certificates_ << "\nSSLVerifyDepth 1\n";
  if (!tls_->client_roots.empty()) text << "SSLCACertificateFile " << tls_->client_roots << "\n";
}

Launch ApacheSite::prepare() {
  port_ = free_tcp_port();
  fs::remove(folder_ / "apache.pid");
  write_configuration();
  return {{"apache2", "-f", (folder_ / "apache.conf").string(), "-D", "FOREGROUND"}, [this] {
            return !read_file(folder_ / "apache.pid").empty() && accepts_connections(port_) &&
                   starts(folder_ / "error.log") > 0;
          }};
}

void ApacheSite::require_client_certificates() {
  client_certificates_ = "require";
  write_configuration();
  const auto before = starts(folder_ / "error.log");
  process_->signal(SIGHUP);
  REQUIRE(eventually(patience, [&] { return starts(folder_ / "error.log") > before; }));
}

std::vector<std::string> ApacheSite::agents(std::size_t at_least) const {
  return lines_when(folder_ / "agent.log", at_least);
}

std::vector<std::string> ApacheSite::accesses(std::size_t at_least) const {
  return lines_when(folder_ / "access.log", at_least);
}

}  // namespace provphone::e2e::exercises
