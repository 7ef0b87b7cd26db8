#include "test/e2e/ports.hpp"
#include "test/e2e/udp_servers.hpp"

#include <fstream>

namespace provphone::e2e {
namespace {

const std::string probe = "is anybody there";

std::string configuration(const std::filesystem::path& folder, std::uint16_t port) {
  const std::string place = folder.string();
  return "global(workDirectory=\"" + place + "\")\n" +
         "module(load=\"imudp\")\n"
         "input(type=\"imudp\" address=\"127.0.0.1\" port=\"" +
         std::to_string(port) + "\")\n" +
         "template(name=\"as_sent\" type=\"string\" "
         "string=\"%syslogfacility-text%.%syslogseverity-text% %rawmsg%\\n\")\n"
         "action(type=\"omfile\" file=\"" +
         place + "/messages.log\" template=\"as_sent\")\n" +
         "template(name=\"as_parsed\" type=\"string\" "
         "string=\"%protocol-version%|%hostname%|%app-name%|%timereported:::date-rfc3339%|%msg%"
         "\\n\")\n"
         "action(type=\"omfile\" file=\"" +
         place + "/parsed.log\" template=\"as_parsed\")\n";
}

}  // namespace

Rsyslog::Rsyslog(Workspace& workspace) : folder_(workspace.make_folder("rsyslog")) {
  process_ = start_server(folder_, "rsyslogd", [this] { return prepare(); });
}

Launch Rsyslog::prepare() {
  port_ = free_udp_port();
  std::ofstream(folder_ / "rsyslog.conf") << configuration(folder_, port_);
  return {{"rsyslogd", "-n", "-f", (folder_ / "rsyslog.conf").string(), "-i",
           (folder_ / "rsyslogd.pid").string()},
          [this] {
            send_datagram(port_, "<134>Jan  1 00:00:00 " + probe);
            return read_file(folder_ / "messages.log").find(probe) != std::string::npos;
          }};
}

std::vector<std::string> Rsyslog::parsed(std::size_t at_least) const {
  const auto arrived = [this] {
    std::vector<std::string> messages;
    for (auto& line : lines_of(read_file(folder_ / "parsed.log"))) {
      if (line.starts_with("1|")) messages.push_back(line);
    }
    return messages;
  };
  eventually(patience, [&] { return arrived().size() >= at_least; });
  return arrived();
}

std::string Rsyslog::server() const {
  return "127.0.0.1:" + std::to_string(port_);
}

std::vector<std::string> Rsyslog::messages(std::size_t at_least) const {
  const auto arrived = [this] {
    std::vector<std::string> messages;
    for (auto& line : lines_of(read_file(folder_ / "messages.log"))) {
      // What rsyslogd tells about itself does not begin with a PRI.
      const bool from_network = line.find(" <") != std::string::npos;
      if (from_network && line.find(probe) == std::string::npos) messages.push_back(line);
    }
    return messages;
  };
  eventually(patience, [&] { return arrived().size() >= at_least; });
  return arrived();
}

}  // namespace provphone::e2e
