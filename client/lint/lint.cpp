#include "client/lint/lint.hpp"

#include "client/lint/consequences.hpp"
#include "client/lint/detail/names.hpp"
#include "client/lint/elements.hpp"
#include "client/lint/encoding.hpp"
#include "client/lint/rule_text.hpp"
#include "macro/remarks.hpp"
#include "profile/aes.hpp"
#include "profile/xml.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <utility>

namespace provphone::client::lint {
namespace {

using profile::Decoded;
using profile::DecodeOptions;
using profile::ParameterId;

// NAME of NAME@ATTRIBUTE.
std::string_view element_of(std::string_view ignored) {
  return ignored.substr(0, ignored.find('@'));
}

bool is_encrypted(const Decoded& content) {
  return std::any_of(content.layers.begin(), content.layers.end(), [](profile::Layer layer) {
    return layer != profile::Layer::gzip && layer != profile::Layer::xml;
  });
}

// Marks of other programs' templates that no dial plan and no script of a phone holds.
bool may_be_template(std::string_view value) {
  return value.find("{{") != std::string_view::npos || value.find("${") != std::string_view::npos ||
         value.find("<%=") != std::string_view::npos;
}

std::vector<std::string> templates_in(std::string_view value) {
  if (!may_be_template(value)) return {};
  // Every name is known here: what a macro means is not the question.
  const macro::Lookup knows_all = [](std::string_view, std::string&) { return true; };
  auto remarks = macro::remarks_on(value, {knows_all});
  std::erase_if(remarks, [](const std::string& remark) {
    return !remark.starts_with("`{{") && !remark.starts_with("`${") && !remark.starts_with("`<%=");
  });
  return remarks;
}

// One file that a phone reads to its end.
class Reader {
 public:
  Reader(std::string_view text, const Decoded& content, const DecodeOptions& options)
      : content_(content), options_(options), elements_(elements_of(text)) {
    for (std::size_t i = 0; i < elements_.all.size(); ++i) {
      const auto& element = elements_.all[i];
      by_name_.emplace_back(element.name, i);
      if (!element.in_profile) continue;
      if (const auto id = profile::find_parameter(element.name)) by_id_.emplace_back(*id, i);
    }
    std::sort(by_name_.begin(), by_name_.end());
    std::sort(by_id_.begin(), by_id_.end());
  }

  std::vector<Finding> read() {
    if (!elements_.has_flat_profile && options_.alias_map.empty()) {
      findings_.push_back(finding_of(Kind::no_flat_profile, "",
                                     "the phone takes the file for a success and sets nothing"));
    }
    read_doubled();
    read_ignored();
    read_values();
    read_extent();
    return std::move(findings_);
  }

  // Where the last element of that name stands, which is the one that counts (R-XML-07).
  std::optional<profile::Position> place_of(std::string_view name) const {
    const auto id = profile::find_parameter(name);
    if (!id) return std::nullopt;
    const auto behind =
        std::upper_bound(by_id_.begin(), by_id_.end(), std::pair{*id, elements_.all.size()});
    if (behind == by_id_.begin() || std::prev(behind)->first != *id) return std::nullopt;
    return elements_.all[std::prev(behind)->second].position;
  }

 private:
  void add(Finding finding, std::optional<profile::Position> position) {
    finding.position = position;
    findings_.push_back(std::move(finding));
  }

  // What each of several elements for one parameter says on its own.
  Decoded alone(const Element& element) const {
    const auto text = fmt::format("<{0}>{1}</{0}>", profile::profile_element, element.text);
    return profile::parse_xml(text, options_).value_or(Decoded{});
  }

  // R-XML-07
  void read_doubled() {
    for (std::size_t first = 0; first < by_id_.size();) {
      auto end = first + 1;
      while (end < by_id_.size() && by_id_[end].first == by_id_[first].first) ++end;
      if (end - first > 1)
        judge_doubled({by_id_.begin() + static_cast<std::ptrdiff_t>(first),
                       by_id_.begin() + static_cast<std::ptrdiff_t>(end)});
      first = end;
    }
  }

  void judge_doubled(const std::vector<std::pair<ParameterId, std::size_t>>& mentions) {
    doubled_.push_back(mentions.front().first);
    std::optional<profile::Change> before;
    profile::Position first{};
    for (const auto& mention : mentions) {
      const auto& element = elements_.all[mention.second];
      const auto said = alone(element);
      for (const auto& ignored : said.ignored) judge_ignored(ignored, element.position);
      if (said.changes.empty()) continue;
      const auto& change = said.changes.front();
      if (before) judge_repeated(element, first, before->value == change.value);
      if (!before) first = element.position;
      before = change;
    }
  }

  void judge_repeated(const Element& element, profile::Position first, bool is_same) {
    auto finding =
        finding_of(Kind::doubled, element.name,
                   fmt::format("is set in line {} already, to {}; the last element counts",
                               first.line, is_same ? "the same value" : "another value"));
    if (!is_same) finding.severity = Severity::medium;
    add(std::move(finding), element.position);
  }

  bool is_doubled(std::string_view name) const {
    const auto id = profile::find_parameter(name);
    return id && std::find(doubled_.begin(), doubled_.end(), *id) != doubled_.end();
  }

  // What is passed over comes in the order of the file.
  void read_ignored() {
    std::map<std::string_view, std::size_t> seen;
    for (const auto& ignored : content_.ignored) {
      const auto name = element_of(ignored.name);
      const auto [from, to] = elements_named(name);
      if (from == to) {
        judge_ignored(ignored, std::nullopt);
        continue;
      }
      auto& count = seen[name];
      const auto at = std::min(from + count, to - 1);
      if (name.size() == ignored.name.size()) ++count;
      const auto& element = elements_.all[by_name_[at].second];
      if (element.in_profile && is_doubled(name)) continue;
      // Of an element inside another one, which ATAs may read, the other one is told.
      if (element.is_inside && !element.in_profile) continue;
      judge_ignored(ignored, element.position);
    }
  }

  std::pair<std::size_t, std::size_t> elements_named(std::string_view name) const {
    const auto from = std::lower_bound(by_name_.begin(), by_name_.end(), std::pair{name, 0UL});
    const auto to = std::upper_bound(from, by_name_.end(), std::pair{name, elements_.all.size()});
    return {static_cast<std::size_t>(from - by_name_.begin()),
            static_cast<std::size_t>(to - by_name_.begin())};
  }

  void judge_ignored(const profile::Ignored& ignored, std::optional<profile::Position> position) {
    const auto name = element_of(ignored.name);
    const bool is_attribute = name.size() != ignored.name.size();
    const bool is_known = profile::find_parameter(name).has_value();
    if (is_attribute) {
      add(finding_of(Kind::refused_attribute, name,
                     fmt::format("has the attribute {}: {}", ignored.name.substr(name.size() + 1),
                                 ignored.why)),
          position);
    } else if (ignored.why == "outside flat-profile") {
      // R-XML-02: other elements beside flat-profile are no mistake.
      if (is_known) add(finding_of(Kind::outside, name, "is passed over there"), position);
    } else if (auto remark = detail::remark_on(name, options_.reader)) {
      add(*std::move(remark), position);
    } else {
      const bool is_nested = ignored.why.starts_with("it holds elements");
      add(finding_of(is_nested ? Kind::nested : Kind::refused_value, name,
                     ignored.why + "; the phone keeps the value that it has"),
          position);
    }
  }

  void read_values() {
    const bool in_clear = !is_encrypted(content_);
    for (const auto& change : content_.changes) {
      if (!change.value) continue;
      const auto& described = profile::parameter(change.id);
      const auto templates = templates_in(*change.value);
      for (const auto& remark : templates)
        add(finding_of(Kind::template_left, described.name, remark), place_of(described.name));
      if (in_clear && templates.empty()) read_secrets(described, *change.value);
    }
  }

  void read_secrets(const profile::Parameter& described, std::string_view value) {
    const auto tell = [&](std::string_view what) {
      add(finding_of(Kind::secret_in_clear, described.name,
                     fmt::format("{}stands in the file for whoever reads it", what)),
          place_of(described.name));
    };
    if (described.secret && !value.empty()) tell("");
    if (!is_rule(described)) return;
    if (shows_argument(content_, value, "--key")) tell("what --key has ");
    if (shows_argument(content_, value, "--pwd")) tell("what --pwd has ");
    if (shows_login(value)) tell("the password of its URL ");
  }

  void read_extent() {
    const auto all = content_.changes.size();
    const auto acting = profile::count_acting(content_.changes);
    if (acting == all) return;
    findings_.push_back(finding_of(
        Kind::stored_only, "",
        fmt::format("of {} parameters {} act in provphone; nothing hangs on the others there", all,
                    acting)));
  }

  const Decoded& content_;
  const DecodeOptions& options_;
  Elements elements_;
  std::vector<std::pair<std::string_view, std::size_t>> by_name_;  // places in elements_.all
  std::vector<std::pair<ParameterId, std::size_t>> by_id_;         // ... of parameters
  std::vector<ParameterId> doubled_;
  std::vector<Finding> findings_;
};

bool is_earlier(const Finding& a, const Finding& b) {
  if (!a.position || !b.position) return !a.position && b.position;
  return std::pair(a.position->line, a.position->column) <
         std::pair(b.position->line, b.position->column);
}

Linted refused(profile::DecodeFailure failure, std::string_view bytes,
               const DecodeOptions& options) {
  // R-LAYER-21
  if (options.key)
    failure.error =
        profile::with_key_diagnosis(std::move(failure.error), bytes, *options.key, options.digests);
  auto finding = finding_of(Kind::not_a_profile, "", format(failure.error));
  finding.position = failure.position;
  return {{std::move(finding)}, std::move(failure.text), std::nullopt};
}

}  // namespace

Linted lint(std::string_view bytes, const DecodeOptions& options, const resync::Device& phone) {
  auto decoded = profile::decode_or_explain(bytes, options);
  if (!decoded) return refused(std::move(decoded.error()), bytes, options);
  Linted linted;
  linted.text = profile::without_byte_order_mark(
      decoded->unpacked.empty() ? bytes : std::string_view(decoded->unpacked));
  Reader reader(linted.text, *decoded, options);
  linted.findings = encoding_findings(linted.text);
  for (auto& finding : reader.read()) linted.findings.push_back(std::move(finding));
  for (auto& finding : consequences(decoded->changes, phone)) {
    finding.position = reader.place_of(finding.parameter);
    linted.findings.push_back(std::move(finding));
  }
  std::stable_sort(linted.findings.begin(), linted.findings.end(), is_earlier);
  linted.content = *std::move(decoded);
  return linted;
}

std::optional<Severity> worst_of(const std::vector<Finding>& findings) {
  const auto worst =
      std::max_element(findings.begin(), findings.end(),
                       [](const Finding& a, const Finding& b) { return a.severity < b.severity; });
  if (worst == findings.end()) return std::nullopt;
  return worst->severity;
}

}  // namespace provphone::client::lint
