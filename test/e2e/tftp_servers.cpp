#include "test/e2e/ports.hpp"
#include "test/e2e/udp_servers.hpp"
#include "test/not_run.hpp"

#include <grp.h>
#include <pwd.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>

namespace provphone::e2e {
namespace {

constexpr std::uint16_t tftp_port = 69;

// Both servers would change to another user, who could not read the workspace of everybody.
std::string own_user() {
  const auto* entry = ::getpwuid(::geteuid());
  return entry == nullptr ? std::to_string(::geteuid()) : entry->pw_name;
}

std::string own_group() {
  const auto* entry = ::getgrgid(::getegid());
  return entry == nullptr ? std::to_string(::getegid()) : entry->gr_name;
}

}  // namespace

Atftpd::Atftpd(Workspace& workspace, const std::filesystem::path& root)
    : folder_(workspace.make_folder("atftpd")) {
  std::ofstream(folder_ / "atftpd.log")
      << "";  // it writes to a log only where there is one already
  process_ = start_server(folder_, "atftpd", [&] { return prepare(root); });
}

Launch Atftpd::prepare(const std::filesystem::path& root) {
  port_ = free_udp_port();
  return {{"atftpd", "--daemon", "--no-fork", "--port", std::to_string(port_), "--bind-address",
           "127.0.0.1", "--user", own_user(), "--group", own_group(), "--verbose=7", "--logfile",
           (folder_ / "atftpd.log").string(), root.string()},
          [this] { return answers_tftp("127.0.0.1", port_); }};
}

std::string Atftpd::url(const std::string& path) const {
  return "tftp://127.0.0.1:" + std::to_string(port_) + path;
}

std::string Atftpd::log() const {
  return read_file(folder_ / "atftpd.log");
}

TftpdHpa::TftpdHpa(Workspace& workspace, const std::filesystem::path& root)
    : folder_(workspace.make_folder("tftpd-hpa")) {
  if (::geteuid() != 0) test::not_run("tftpd-hpa changes its root, which is root's to do");
  if (std::getenv("PROVPHONE_TFTPD_HPA") == nullptr) {
    test::not_run(
        "tftpd-hpa cannot be installed beside atftpd; PROVPHONE_TFTPD_HPA names its in.tftpd");
  }
  process_ = start_server(folder_, "tftpd-hpa", [&] { return prepare(root); });
}

Launch TftpdHpa::prepare(const std::filesystem::path& root) {
  port_ = free_udp_port();
  return {{std::getenv("PROVPHONE_TFTPD_HPA"), "--foreground", "--address",
           "127.0.0.1:" + std::to_string(port_), "--user", own_user(), "--create", "--secure",
           root.string()},
          [this] { return answers_tftp("127.0.0.1", port_); }};
}

std::string TftpdHpa::url(const std::string& path) const {
  return "tftp://127.0.0.1:" + std::to_string(port_) + path;
}

DnsmasqTftp::DnsmasqTftp(Workspace& workspace, const std::filesystem::path& root)
    : folder_(workspace.make_folder("dnsmasq")) {
  if (::geteuid() != 0) test::not_run("dnsmasq serves TFTP on port 69 only, which is root's");
  process_ = start_server(folder_, "dnsmasq", [&] { return prepare(root); });
}

Launch DnsmasqTftp::prepare(const std::filesystem::path& root) {
  address_ = unused_loopback_address();
  return {{"dnsmasq", "--keep-in-foreground", "--conf-file=/dev/null", "--no-hosts", "--no-resolv",
           "--port=0", "--enable-tftp", "--tftp-root=" + root.string(),
           "--listen-address=" + address_, "--bind-interfaces", "--user=" + own_user(),
           "--pid-file=" + (folder_ / "dnsmasq.pid").string(),
           "--log-facility=" + (folder_ / "dnsmasq.log").string()},
          [this] { return answers_tftp(address_, tftp_port); }};
}

DnsmasqDns::DnsmasqDns(Workspace& workspace, const std::vector<std::string>& srv_records,
                       const std::vector<std::string>& zone)
    : folder_(workspace.make_folder("dns")) {
  auto options = zone;
  for (const auto& record : srv_records) options.push_back("--srv-host=" + record);
  process_ = start_server(folder_, "dnsmasq", [&] { return prepare(options); });
}

Launch DnsmasqDns::prepare(const std::vector<std::string>& options) {
  port_ = free_udp_port();
  std::vector<std::string> argv{"dnsmasq",
                                "--keep-in-foreground",
                                "--conf-file=/dev/null",
                                "--no-hosts",
                                "--no-resolv",
                                "--log-queries",
                                "--port=" + std::to_string(port_),
                                "--listen-address=127.0.0.1",
                                "--bind-interfaces",
                                "--user=" + own_user(),
                                "--pid-file=" + (folder_ / "dnsmasq.pid").string(),
                                "--log-facility=" + (folder_ / "dnsmasq.log").string()};
  argv.insert(argv.end(), options.begin(), options.end());
  return {argv, [this] { return accepts_connections(port_); }};
}

std::size_t DnsmasqDns::questions(const std::string& type, const std::string& name) const {
  const auto lines = lines_of(read_file(folder_ / "dnsmasq.log"));
  const auto asked = "query[" + type + "] " + name + " ";
  return static_cast<std::size_t>(std::count_if(
      lines.begin(), lines.end(),
      [&](const std::string& line) { return line.find(asked) != std::string::npos; }));
}

std::string DnsmasqTftp::url(const std::string& path) const {
  return "tftp://" + address_ + path;
}

std::string DnsmasqTftp::log() const {
  return read_file(folder_ / "dnsmasq.log");
}

}  // namespace provphone::e2e
