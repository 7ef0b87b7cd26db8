#include "test/e2e/field_problem.hpp"

#include "test/e2e/embedded_server.hpp"
#include "test/e2e/name_script.hpp"
#include "test/e2e/wire_script.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <fstream>
#include <map>
#include <optional>
#include <regex>

namespace provphone::e2e {
namespace {

namespace fs = std::filesystem;

const fs::path project = PROVPHONE_SOURCE_DIR;

int number_of(const std::string& id) {
  return std::stoi(id.substr(id.find('-') + 1));
}

std::string trimmed(const std::string& text) {
  const auto first = text.find_first_not_of(' ');
  if (first == std::string::npos) return {};
  return text.substr(first, text.find_last_not_of(' ') - first + 1);
}

// `--http 0 --fault 'status=503 requests=1'`
Flags flags_in(const std::string& text) {
  static const std::regex word("'([^']*)'|([^\\s']+)");
  Flags flags;
  for (std::sregex_iterator at(text.begin(), text.end(), word), end; at != end; ++at)
    flags.push_back((*at)[1].matched ? (*at)[1] : (*at)[2]);
  return flags;
}

using Names = std::map<std::string, std::string>;

std::string replaced(std::string text, const Names& names) {
  for (const auto& [name, value] : names)
    for (auto at = text.find(name); at != std::string::npos; at = text.find(name))
      text.replace(at, name.size(), value);
  return text;
}

// The servers of one folder, and what they are called in its files.
struct Servers {
  std::optional<NameScript> names;
  std::optional<NameScript> more_names;
  std::optional<WireScript> wire;
  std::unique_ptr<EmbeddedServer> serve;
  Names called;
};

bool is_spoken_of(const fs::path& folder, const std::string& name) {
  return std::any_of(fs::directory_iterator(folder), {}, [&](const fs::directory_entry& file) {
    return file.is_regular_file() && contains(read_file(file.path()), name);
  });
}

std::string port_in(const std::string& origin) {
  return origin.substr(origin.rfind(':') + 1);
}

// What is written down for that scenario: the server of a quirk may be another one.
struct Written {
  const fs::path& folder;
  bool is_quirk;

  std::string text(const std::string& file) const {
    auto own = is_quirk ? read_file(folder / ("quirk-" + file)) : std::string();
    return own.empty() ? read_file(folder / file) : own;
  }
};

void start_names(Servers& servers, const Written& written) {
  if (const auto text = written.text("dns.txt"); !text.empty()) {
    servers.names.emplace(text);
    servers.called["@DNS@"] = servers.names->server();
  }
  if (const auto text = written.text("dns-2.txt"); !text.empty()) {
    servers.more_names.emplace(text);
    servers.called["@DNS2@"] = servers.more_names->server();
  }
}

void start_serve(Servers& servers, Workspace& workspace, const Written& written) {
  const auto text = written.text("serve.txt");
  if (text.empty()) return;
  const auto flags = flags_in(replaced(text, servers.called));
  servers.serve = std::make_unique<EmbeddedServer>(workspace, flags);
  for (const std::string scheme : {"http", "https", "tftp"}) {
    if (std::find(flags.begin(), flags.end(), "--" + scheme) == flags.end()) continue;
    auto name = scheme;
    std::transform(name.begin(), name.end(), name.begin(), ::toupper);
    servers.called["@" + name + "@"] = port_in(servers.serve->origin(scheme));
  }
}

// The last one: it may lead to the others.
void start_wire(Servers& servers, const Written& written) {
  if (const auto text = written.text("wire.txt"); !text.empty()) {
    servers.wire.emplace(replaced(text, servers.called));
    servers.called["@WIRE@"] = std::to_string(servers.wire->port());
  }
}

void fill_in(const fs::path& folder, const Names& called) {
  for (const auto& file : fs::directory_iterator(folder)) {
    if (!file.is_regular_file()) continue;
    const auto text = read_file(file.path());
    std::ofstream(file.path(), std::ios::binary) << replaced(text, called);
  }
}

void check(NameScript& names) {
  if (!names.expected().empty()) CHECK(names.asked() == names.expected());
}

}  // namespace

std::vector<fs::path> field_problem_folders() {
  std::vector<fs::path> folders;
  for (const auto& each : fs::directory_iterator(project / "fixtures/issues"))
    if (each.is_directory()) folders.push_back(each.path());
  std::sort(folders.begin(), folders.end(), [](const fs::path& one, const fs::path& other) {
    return number_of(one.filename()) < number_of(other.filename());
  });
  return folders;
}

std::vector<FieldProblemRow> field_problem_rows() {
  // | [FP-7](...) | title | reproduced |, the link only where there is something to see.
  static const std::regex row(R"(\| (?:\[(FP-\d+)\]\([^)]*\)|(FP-\d+)) \|(.*)\|([^|]*)\|)");
  std::vector<FieldProblemRow> rows;
  for (const auto& line : lines_of(read_file(project / "docs/field-problems.md"))) {
    std::smatch found;
    if (!std::regex_match(line, found, row)) continue;
    rows.push_back({found[1].matched ? found[1] : found[2], trimmed(found[3]), trimmed(found[4])});
  }
  return rows;
}

CommandResult run_live(const fs::path& folder, const std::string& scenario, const Flags& flags) {
  Workspace workspace;
  const auto www = workspace.path("www");
  fs::copy(folder, www, fs::copy_options::recursive);
  Servers servers;
  servers.called["@FOLDER@"] = www.string();
  if (is_spoken_of(folder, "@PKI@"))
    servers.called["@PKI@"] = make_pki(workspace, {"--host", "localhost", "--host", "127.0.0.1",
                                                   "--host", "prov.example.net"})
                                  .folder.string();
  const Written written{folder, scenario == "quirk.yaml"};
  start_names(servers, written);
  start_serve(servers, workspace, written);
  start_wire(servers, written);
  fill_in(www, servers.called);
  auto command = provphone(workspace, with({"run", (www / scenario).string(), "--strict"}, flags));
  INFO("provphone run " << scenario << " said\n" << command.out << command.err);
  if (servers.names) check(*servers.names);
  if (servers.more_names) check(*servers.more_names);
  if (servers.wire) CHECK(servers.wire->objections() == std::vector<std::string>{});
  return command;
}

}  // namespace provphone::e2e
