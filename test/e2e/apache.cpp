#include "test/e2e/ports.hpp"
#include "test/e2e/web_servers.hpp"

#include <catch2/catch.hpp>
#include <unistd.h>

#include <fstream>
#include <sstream>

namespace provphone::e2e {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view reflector = R"(#!/bin/sh
printf 'Content-Type: application/xml\r\n\r\n'
printf '<flat-profile><GPP_D>OU=%s,L=%s,S=%s</GPP_D></flat-profile>\n' \
  "$SSL_CLIENT_S_DN_OU" "$SSL_CLIENT_S_DN_L" "$SSL_CLIENT_S_DN_ST"
)";

constexpr std::string_view modules = R"(
LoadModule mpm_prefork_module /usr/lib/apache2/modules/mod_mpm_prefork.so
LoadModule authz_core_module /usr/lib/apache2/modules/mod_authz_core.so
LoadModule alias_module /usr/lib/apache2/modules/mod_alias.so
LoadModule cgi_module /usr/lib/apache2/modules/mod_cgi.so
LoadModule ssl_module /usr/lib/apache2/modules/mod_ssl.so
)";

std::string configuration(const fs::path& folder, const ServerCertificate& tls,
                          std::uint16_t port) {
  std::ostringstream text;
  text << "ServerRoot " << folder << "\nDefaultRuntimeDir " << folder << "\n"
       << "ServerName localhost\nListen 127.0.0.1:" << port << "\n"
       << "PidFile apache.pid\nErrorLog error.log\nLogLevel info\n"
       << modules;
  // Apache refuses to answer requests as root.
  if (::geteuid() == 0) text << "User www-data\nGroup www-data\n";
  text << "StartServers 1\nMinSpareServers 1\nMaxSpareServers 2\n"
       << "LogFormat \"%{SSL_CLIENT_S_DN}x|%{User-Agent}i|%r|%>s\" subjects\n"
       << "CustomLog access.log subjects\n"
       << "SSLSessionCache none\n"
       << "SSLEngine on\nSSLCertificateFile " << tls.certificate << "\n"
       << "SSLCertificateKeyFile " << tls.key << "\n"
       << "SSLCACertificateFile " << tls.client_roots << "\n"
       << "SSLVerifyClient require\nSSLVerifyDepth 1\n"
       << "ScriptAlias /cgi-bin/ \"" << (folder / "cgi-bin").string() << "/\"\n"
       << "<Directory " << (folder / "cgi-bin") << ">\n"
       << "  SSLOptions +StdEnvVars\n  Require all granted\n"
       << "</Directory>\n";
  return text.str();
}

}  // namespace

Apache::Apache(Workspace& workspace, ServerCertificate tls)
    : folder_(workspace.make_folder("apache")), tls_(std::move(tls)) {
  fs::create_directories(folder_ / "cgi-bin");
  std::ofstream(folder_ / "cgi-bin" / "reflect") << reflector;
  fs::permissions(folder_ / "cgi-bin" / "reflect", fs::perms{0755});
  process_ = start_server(folder_, "apache", [this] { return prepare(); });
}

Launch Apache::prepare() {
  port_ = free_tcp_port();
  fs::remove(folder_ / "apache.pid");
  std::ofstream(folder_ / "apache.conf") << configuration(folder_, tls_, port_);
  return {{"apache2", "-f", (folder_ / "apache.conf").string(), "-D", "FOREGROUND"}, [this] {
            return !read_file(folder_ / "apache.pid").empty() && accepts_connections(port_);
          }};
}

std::string Apache::url(const std::string& path) const {
  return "https://localhost:" + std::to_string(port_) + path;
}

std::string Apache::error_log() const {
  return read_file(folder_ / "error.log");
}

}  // namespace provphone::e2e
