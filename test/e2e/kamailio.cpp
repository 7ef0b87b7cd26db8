#include "test/e2e/kamailio.hpp"

#include "test/e2e/ports.hpp"
#include "test/e2e/sip_callers.hpp"

#include <fstream>

namespace provphone::e2e {

Kamailio::Kamailio(Workspace& workspace, int longest)
    : folder_(workspace.make_folder("kamailio")), longest_(longest) {
  process_ = start_server(folder_, "kamailio", [this] { return prepare(); });
}

void Kamailio::start_again() {
  process_ = start_server(folder_, "kamailio", [this] { return launch(); });
}

Launch Kamailio::prepare() {
  port_ = free_tcp_port();
  const auto modparam = [](const std::string& module, const std::string& name, int value) {
    return "modparam(\"" + module + "\", \"" + name + "\", " + std::to_string(value) + ")\n";
  };
  std::ofstream file(folder_ / "kamailio.cfg");
  file << "#!KAMAILIO\ndebug=1\nlog_stderror=yes\nchildren=1\ntcp_children=1\nauto_aliases=no\n"
       << "listen=udp:" << address() << "\nlisten=tcp:" << address() << "\n";
  for (const auto* module :
       {"kex", "tm", "sl", "pv", "textops", "siputils", "auth", "usrloc", "registrar"})
    file << "loadmodule \"" << module << ".so\"\n";
  file << modparam("usrloc", "db_mode", 0) << modparam("registrar", "max_expires", longest_)
       << modparam("registrar", "min_expires", 1) << modparam("tm", "fr_timer", 2000)
       << "request_route {\n"
          "  if (is_method(\"REGISTER\")) {\n"
          "    if (!pv_www_authenticate(\"desk\", \""
       << sip_secret
       << "\", \"0\")) {\n"
          "      www_challenge(\"desk\", \"1\");\n"
          "      exit;\n"
          "    }\n"
          "    save(\"location\");\n"
          "    exit;\n"
          "  }\n"
          "  if (!lookup(\"location\")) {\n"
          "    sl_send_reply(\"404\", \"Nobody Here\");\n"
          "    exit;\n"
          "  }\n"
          "  t_relay();\n"
          "}\n";
  return launch();
}

Launch Kamailio::launch() const {
  return {{"kamailio", "-DD", "-E", "-f", (folder_ / "kamailio.cfg").string(), "-Y",
           folder_.string(), "-P", (folder_ / "kamailio.pid").string(), "-m", "16", "-M", "4"},
          [this] { return accepts_connections(port_); }};
}

}  // namespace provphone::e2e
