#include "client/lint/compare.hpp"

#include "client/lint/rule_text.hpp"
#include "macro/hide.hpp"
#include "resync/explain_facts.hpp"
#include "resync/restart.hpp"

#include <algorithm>

namespace provphone::client::lint {
namespace {

std::string shown(const profile::Parameter& described, std::string_view value) {
  if (described.secret) return std::string(value.empty() ? value : macro::hidden_value);
  return resync::without_secrets(value);
}

bool has_value(const profile::Decoded& file, profile::ParameterId id) {
  return std::any_of(file.changes.begin(), file.changes.end(), [id](const profile::Change& change) {
    return change.id == id && change.value;
  });
}

}  // namespace

Comparison compare(const profile::Decoded& older, const profile::Decoded& newer,
                   const resync::Device& phone) {
  auto before = phone.parameters;
  profile::apply(before, older.changes);
  auto after = before;
  Comparison comparison;
  for (const auto id : profile::apply(after, newer.changes)) {
    const auto& described = profile::parameter(id);
    comparison.changed.push_back(
        {id, shown(described, before.get(id)), shown(described, after.get(id)),
         resync::needs_restart({&id, 1}, phone.personality), is_rule(described)});
  }
  for (const auto& change : older.changes) {
    if (change.value && !has_value(newer, change.id)) comparison.kept.push_back(change.id);
  }
  return comparison;
}

}  // namespace provphone::client::lint
