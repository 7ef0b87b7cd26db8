#pragma once

#include "test/e2e/server_process.hpp"
#include "test/e2e/workspace.hpp"

#include <signal.h>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace provphone::e2e {

// atftpd on a free port of 127.0.0.1.
class Atftpd {
 public:
  Atftpd(Workspace& workspace, const std::filesystem::path& root);

  std::string url(const std::string& path) const;
  std::string log() const;

 private:
  Launch prepare(const std::filesystem::path& root);

  std::filesystem::path folder_;
  std::uint16_t port_ = 0;
  std::unique_ptr<Process> process_;
};

// tftpd-hpa on a free port of 127.0.0.1. Debian does not install it beside atftpd, so that the
// environment has to say where it is: PROVPHONE_TFTPD_HPA. It makes its root the root of all, which
// needs root's rights, and takes files that are not there yet. What it has to say goes to the
// system's log.
class TftpdHpa {
 public:
  TftpdHpa(Workspace& workspace, const std::filesystem::path& root);

  std::string url(const std::string& path) const;

 private:
  Launch prepare(const std::filesystem::path& root);

  std::filesystem::path folder_;
  std::uint16_t port_ = 0;
  std::unique_ptr<Process> process_;
};

// dnsmasq as a TFTP server. It knows port 69 alone, so it gets a loopback address of its own, and
// needs root's rights.
class DnsmasqTftp {
 public:
  DnsmasqTftp(Workspace& workspace, const std::filesystem::path& root);

  std::string url(const std::string& path) const;  // without a port: 69 is the default
  std::string log() const;

 private:
  Launch prepare(const std::filesystem::path& root);

  std::filesystem::path folder_;
  std::string address_;
  std::unique_ptr<Process> process_;
};

// dnsmasq as a name server on a free port of 127.0.0.1, which knows what it is told and nothing
// else.
class DnsmasqDns {
 public:
  // Each SRV record as dnsmasq writes it: `name,target,port,priority,weight`. `zone` is of its
  // other options, `--host-record=name,address`.
  DnsmasqDns(Workspace& workspace, const std::vector<std::string>& srv_records,
             const std::vector<std::string>& zone = {});

  std::string server() const { return "127.0.0.1:" + std::to_string(port_); }
  // Has the files read anew that `zone` names.
  void reread() { process_->signal(SIGHUP); }
  // How often it was asked for that type of record of that name.
  std::size_t questions(const std::string& type, const std::string& name) const;

 private:
  Launch prepare(const std::vector<std::string>& options);

  std::filesystem::path folder_;
  std::uint16_t port_ = 0;
  std::unique_ptr<Process> process_;
};

// rsyslogd on a free UDP port of 127.0.0.1.
class Rsyslog {
 public:
  explicit Rsyslog(Workspace& workspace);

  std::string server() const;  // host:port, as Syslog_Server takes it

  // What rsyslogd made of each: `protocol version|host|application|time|message`; of version 1.
  std::vector<std::string> parsed(std::size_t at_least) const;

  // What arrived so far, one `facility.severity datagram` a line, waiting a moment for `at_least`
  // of them.
  std::vector<std::string> messages(std::size_t at_least) const;

 private:
  Launch prepare();

  std::filesystem::path folder_;
  std::uint16_t port_ = 0;
  std::unique_ptr<Process> process_;
};

}  // namespace provphone::e2e
