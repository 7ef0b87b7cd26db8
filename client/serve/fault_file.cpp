#include "client/input/tree.hpp"
#include "client/serve/fault_keys.hpp"
#include "client/serve/fault_text.hpp"
#include "macro/try.hpp"
#include "macro/whole_number.hpp"

namespace provphone::client::serve {
namespace {

using input::Entry;
using input::fail_at;
using input::Node;

Result<Fault> read_fault(const Node& node) {
  if (node.kind != Node::Kind::map || node.entries.empty()) {
    return fail_at(node.place,
                   "expected a fault such as {status: 503, path: /a.xml}, found " + describe(node));
  }
  std::vector<FaultSetting> settings;
  for (const Entry& entry : node.entries) {
    const auto kind = entry.value.kind;
    // A key without a value is one that stands alone, such as `stall`.
    if (kind != Node::Kind::scalar && kind != Node::Kind::nothing)
      return fail_at(entry.value.place, "expected a text, found " + describe(entry.value));
    settings.push_back({entry.key, entry.value.text});
  }
  auto fault = make_fault(settings);
  if (!fault) return fail_at(node.entries[fault.error().setting].place, fault.error().text);
  return *std::move(fault);
}

Result<std::uint64_t> read_seed(const Node& node) {
  const auto seed = parse_whole<std::uint64_t>(node.text);
  if (!seed) return fail_at(node.place, "expected a whole number from 0, found " + describe(node));
  return *seed;
}

}  // namespace

Result<FaultFile> read_faults(std::string_view yaml, std::string_view name) {
  TRY(const auto root, input::read_tree(yaml, name));
  FaultFile file;
  if (root.kind != Node::Kind::map)
    return fail_at(root.place, "expected `faults:` and a list of faults");
  for (const Entry& entry : root.entries) {
    if (entry.key == "seed") {
      TRY(const auto seed, read_seed(entry.value));
      file.seed = seed;
    } else if (entry.key != "faults") {
      return fail_at(entry.place, "there is no key " + input::quoted(entry.key) +
                                      input::suggestion(entry.key, {"faults", "seed"}));
    } else if (entry.value.kind != Node::Kind::list) {
      return fail_at(entry.value.place, "expected a list of faults");
    }
  }
  // Behind the loop, so that a slip in a key is told before one in a fault.
  const Node* faults = input::find(root, "faults");
  for (const Node& item : faults != nullptr ? faults->items : std::vector<Node>{}) {
    TRY(auto fault, read_fault(item));
    file.faults.push_back(std::move(fault));
  }
  return file;
}

}  // namespace provphone::client::serve
