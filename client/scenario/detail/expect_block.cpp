#include "client/scenario/detail/each_value.hpp"
#include "client/scenario/detail/keys.hpp"
#include "macro/enum_array.hpp"
#include "macro/hide.hpp"
#include "macro/try.hpp"
#include "profile/name_standing.hpp"
#include "resync/explain_facts.hpp"

#include <fmt/format.h>

namespace provphone::client::scenario {
namespace {

// One kind of expectation while it is read: its own keys, and which phones it is about.
template <class What>
struct Expected {
  What what{};
  Selector phones;
  const Node* by = nullptr;  // where it is judged for each value of a column
};

template <auto member, auto read, class What>
Result<void> into_what(const Node& node, Expected<What>& expected, const Reading& reading) {
  return into<member, read>(node, expected.what, reading);
}

template <class What>
Result<void> read_phones(const Node& node, Expected<What>& expected, const Reading& reading) {
  return into<&Expected<What>::phones, as_selector>(node, expected, reading);
}

template <class What>
Result<void> read_by(const Node& node, Expected<What>& expected, const Reading& /*reading*/) {
  expected.by = &node;
  return {};
}

// --- bounds of a count ---

enum class Bound : std::uint8_t { exactly, least, most };

template <Bound bound, class What>
Result<void> read_bound(const Node& node, Expected<What>& expected, const Reading& /*reading*/) {
  TRY(const auto number, as_number(node));
  auto& bounds = expected.what.bounds;
  if (bound != Bound::most) bounds.least = number;
  if (bound != Bound::least) bounds.most = number;
  // Whichever of min and max is read second finds the other.
  if (bounds.most && *bounds.most < bounds.least) return fail_at(node.place, "max is below min");
  return {};
}

template <class What>
Result<void> read_none(const Node& node, Expected<What>& expected, const Reading& /*reading*/) {
  expected.what.bounds.least = 0;
  expected.what.bounds.most = 0;
  return as_true(node);
}

template <class What>
Result<void> read_each(const Node& node, Expected<What>& expected, const Reading& /*reading*/) {
  expected.what.bounds.counted = Counted::each;
  return as_true(node);
}

// min and max are one way together.
int ways_to_count(const Node& node) {
  const auto has = [&](const char* key) { return find(node, key) != nullptr ? 1 : 0; };
  return (has("min") | has("max")) + has("count") + has("none");
}

// count, none, or min and max; at least one where nothing is said.
template <class What>
Result<void> finish_bounds(const Node& node, Expected<What>& expected) {
  const int ways = ways_to_count(node);
  if (ways > 1) return fail_at(node.place, "expected count, or none, or min and max");
  if (ways == 0) expected.what.bounds.least = 1;
  return {};
}

// What has to hold between the keys of one expectation, once they are read.
template <class What>
Result<void> finish(const Node& node, Expected<What>& expected) {
  if constexpr (requires { expected.what.bounds; }) return finish_bounds(node, expected);
  return {};
}

// --- the kinds ---

constexpr std::array<Key<Expected<Converged>>, 4> converged_keys{{
    {"converged", into_what<&Converged::share, as_share>, Need::required},
    {"within", into_what<&Converged::within, as_positive_duration>, Need::required},
    {"phones", read_phones<Converged>},
    {"by", read_by<Converged>},
}};

constexpr std::array<Key<Expected<NoRequestBefore>>, 3> no_request_keys{{
    {"no_request_before", into_what<&NoRequestBefore::wait, as_positive_duration>, Need::required},
    {"phones", read_phones<NoRequestBefore>},
    {"by", read_by<NoRequestBefore>},
}};

using ExpectedValue = Expected<ParameterValue>;

// A name that is a mistake is none; one that nobody has seen may be a phone's all the same.
Result<void> read_parameter(const Node& node, ExpectedValue& expected, const Reading& /*reading*/) {
  if (node.kind == Node::Kind::scalar && profile::element_name(node.text) == node.text) {
    const auto remark = profile::remark_on_name(node.text);
    if (profile::is_mistake(remark.standing))
      return fail_at(node.place, fmt::format("{} {}", node.text, remark.text));
    if (remark.standing != profile::NameStanding::known) {
      expected.what.element = node.text;
      return {};
    }
  }
  TRY(expected.what.parameter, as_parameter(node));
  return {};
}

Result<void> read_equals(const Node& node, ExpectedValue& expected, const Reading& reading) {
  TRY(auto text, as_template_for(node, groups_of(expected.phones, reading.so_far)));
  expected.what.is = ParameterValue::Equals{std::move(text)};
  return {};
}

Result<void> read_matches(const Node& node, ExpectedValue& expected, const Reading& /*reading*/) {
  TRY(auto pattern, as_pattern(node));
  expected.what.is = ParameterValue::Matches{std::move(pattern)};
  return {};
}

Result<void> read_one_of(const Node& node, ExpectedValue& expected, const Reading& reading) {
  const auto groups = groups_of(expected.phones, reading.so_far);
  auto texts = as_list(node, "a list of texts",
                       [&](const Node& item) { return as_template_for(item, groups); });
  if (!texts) return tl::unexpected(texts.error());
  if (texts->empty()) return fail_at(node.place, "an empty list holds no value");
  expected.what.is = ParameterValue::OneOf{*std::move(texts)};
  return {};
}

Result<void> read_absent(const Node& node, ExpectedValue& expected, const Reading& /*reading*/) {
  expected.what.is = ParameterValue::Absent{};
  return as_true(node);
}

// `phones` stands before what may hold their variables.
constexpr std::array<Key<ExpectedValue>, 7> parameter_keys{{
    {"parameter", read_parameter, Need::required},
    {"phones", read_phones<ParameterValue>},
    {"by", read_by<ParameterValue>},
    {"equals", read_equals},
    {"matches", read_matches},
    {"one_of", read_one_of},
    {"absent", read_absent},
}};

Result<void> finish(const Node& node, ExpectedValue& /*expected*/) {
  int ways = 0;
  for (const auto* key : {"equals", "matches", "one_of", "absent"})
    ways += find(node, key) == nullptr ? 0 : 1;
  if (ways == 1) return {};
  return fail_at(node.place, "expected one of equals, matches, one_of, absent");
}

Result<void> read_no_foreign(const Node& node, Expected<NoForeignIdentity>& /*expected*/,
                             const Reading& /*reading*/) {
  return as_true(node);
}

constexpr std::array<Key<Expected<NoForeignIdentity>>, 3> no_foreign_keys{{
    {"no_foreign_identity", read_no_foreign, Need::required},
    {"phones", read_phones<NoForeignIdentity>},
    {"by", read_by<NoForeignIdentity>},
}};

Result<LatencyStage> as_stage(const Node& node) {
  std::array<Choice<LatencyStage>, enum_size<LatencyStage>> stages;
  std::transform(every<LatencyStage>.begin(), every<LatencyStage>.end(), stages.begin(),
                 [](LatencyStage stage) {
                   return Choice<LatencyStage>{stage_names[stage], stage};
                 });
  return as_choice(node, stages);
}

constexpr std::array<Key<Expected<LatencyLimit>>, 6> latency_limit_keys{{
    {"latency", into_what<&LatencyLimit::stage, as_stage>, Need::required},
    {"p50", into_what<&LatencyLimit::p50, as_positive_duration>},
    {"p90", into_what<&LatencyLimit::p90, as_positive_duration>},
    {"p99", into_what<&LatencyLimit::p99, as_positive_duration>},
    {"phones", read_phones<LatencyLimit>},
    {"by", read_by<LatencyLimit>},
}};

Result<void> finish(const Node& node, Expected<LatencyLimit>& expected) {
  if (expected.what.p50 || expected.what.p90 || expected.what.p99) return {};
  return fail_at(node.place, "expected at least one of p50, p90, p99");
}

using ExpectedRequests = Expected<RequestsMade>;

Result<Template> as_path(const Node& node, std::span<const PhoneGroup* const> groups) {
  if (node.kind == Node::Kind::scalar && (node.text.starts_with('/') || node.text.starts_with('*')))
    return as_template_for(node, groups);
  return unexpected_value(node, "a path such as /8841-3PCC/*.xml");
}

Result<void> read_path(const Node& node, ExpectedRequests& expected, const Reading& reading) {
  TRY(expected.what.path, as_path(node, groups_of(expected.phones, reading.so_far)));
  return {};
}

Result<void> read_then(const Node& node, ExpectedRequests& expected, const Reading& reading) {
  constexpr std::size_t most = 100;
  const auto groups = groups_of(expected.phones, reading.so_far);
  auto paths =
      as_list(node, "a list of paths", [&](const Node& item) { return as_path(item, groups); });
  if (!paths) return tl::unexpected(paths.error());
  if (paths->empty() || paths->size() > most)
    return fail_at(node.place, fmt::format("expected 1 to {} paths", most));
  expected.what.then = *std::move(paths);
  return {};
}

Result<std::string> as_method(const Node& node) {
  constexpr std::array<Choice<std::string_view>, 3> methods{
      {{"GET", "GET"}, {"POST", "POST"}, {"PUT", "PUT"}}};
  return as_choice(node, methods).map([](std::string_view method) { return std::string(method); });
}

// `phones` stands before what may hold their variables.
constexpr std::array<Key<ExpectedRequests>, 13> request_keys{{
    {"phones", read_phones<RequestsMade>},
    {"by", read_by<RequestsMade>},
    {"requests", read_path, Need::required},
    {"then", read_then},
    {"method", into_what<&RequestsMade::method, as_method>},
    {"user_agent", into_what<&RequestsMade::user_agent, as_pattern>},
    {"content_type", into_what<&RequestsMade::content_type, as_pattern>},
    {"certificate", into_what<&RequestsMade::certificate, as_pattern>},
    {"count", read_bound<Bound::exactly, RequestsMade>},
    {"min", read_bound<Bound::least, RequestsMade>},
    {"max", read_bound<Bound::most, RequestsMade>},
    {"none", read_none<RequestsMade>},
    {"each", read_each<RequestsMade>},
}};

Result<void> finish(const Node& node, ExpectedRequests& expected) {
  if (expected.what.then.empty()) return finish_bounds(node, expected);
  if (ways_to_count(node) == 0 && expected.what.bounds.counted == Counted::together) return {};
  return fail_at(node.place,
                 "then is about the order in which each phone asks, and counts nothing");
}

Result<Errc> as_code(const Node& node) {
  std::vector<std::string_view> names;
  for (const auto code : every<Errc>) {
    if (name(code) == node.text) return code;
    names.push_back(name(code));
  }
  return fail_at(node.place, fmt::format("expected a code of docs/errors.md, found {}{}",
                                         describe(node), input::suggestion(node.text, names)));
}

constexpr std::array<Key<Expected<ErrorsSeen>>, 8> error_keys{{
    {"error", into_what<&ErrorsSeen::code, as_code>, Need::required},
    {"count", read_bound<Bound::exactly, ErrorsSeen>},
    {"min", read_bound<Bound::least, ErrorsSeen>},
    {"max", read_bound<Bound::most, ErrorsSeen>},
    {"none", read_none<ErrorsSeen>},
    {"each", read_each<ErrorsSeen>},
    {"phones", read_phones<ErrorsSeen>},
    {"by", read_by<ErrorsSeen>},
}};

constexpr std::array<Key<Expected<LogLines>>, 8> log_keys{{
    {"log", into_what<&LogLines::pattern, as_pattern>, Need::required},
    {"count", read_bound<Bound::exactly, LogLines>},
    {"min", read_bound<Bound::least, LogLines>},
    {"max", read_bound<Bound::most, LogLines>},
    {"none", read_none<LogLines>},
    {"each", read_each<LogLines>},
    {"phones", read_phones<LogLines>},
    {"by", read_by<LogLines>},
}};

Result<std::optional<Errc>> as_optional_code(const Node& node) {
  return as_code(node).map([](Errc code) { return std::optional(code); });
}

Result<UpgradesMade::Came> as_upgrade_outcome(const Node& node) {
  using Came = UpgradesMade::Came;
  constexpr std::array<Choice<Came>, 2> outcomes{{{"done", Came::done}, {"failed", Came::failed}}};
  return as_choice(node, outcomes);
}

constexpr std::array<Key<Expected<UpgradesMade>>, 10> upgrade_keys{{
    {"upgrade", into_what<&UpgradesMade::out, as_upgrade_outcome>, Need::required},
    {"code", into_what<&UpgradesMade::code, as_optional_code>},
    {"version", into_what<&UpgradesMade::version, as_pattern>},
    {"count", read_bound<Bound::exactly, UpgradesMade>},
    {"min", read_bound<Bound::least, UpgradesMade>},
    {"max", read_bound<Bound::most, UpgradesMade>},
    {"none", read_none<UpgradesMade>},
    {"each", read_each<UpgradesMade>},
    {"phones", read_phones<UpgradesMade>},
    {"by", read_by<UpgradesMade>},
}};

Result<void> finish(const Node& node, Expected<UpgradesMade>& expected) {
  const bool has_failed = expected.what.out == UpgradesMade::Came::failed;
  if (expected.what.code && !has_failed)
    return fail_at(node.place, "an upgrade that is done has no code");
  if (!expected.what.version.empty() && has_failed)
    return fail_at(node.place, "an upgrade that failed leads to no version");
  return finish_bounds(node, expected);
}

Result<ReportsMade::Came> as_report_outcome(const Node& node) {
  using Came = ReportsMade::Came;
  constexpr std::array<Choice<Came>, 2> outcomes{{{"sent", Came::sent}, {"failed", Came::failed}}};
  return as_choice(node, outcomes);
}

Result<std::optional<std::uint64_t>> as_report_status(const Node& node) {
  TRY(const auto status, as_number(node));
  if (status < 100 || status > 599) return fail_at(node.place, "expected a status, 100 to 599");
  return std::optional(status);
}

constexpr std::array<Key<Expected<ReportsMade>>, 10> report_keys{{
    {"report", into_what<&ReportsMade::out, as_report_outcome>, Need::required},
    {"code", into_what<&ReportsMade::code, as_optional_code>},
    {"status", into_what<&ReportsMade::status, as_report_status>},
    {"count", read_bound<Bound::exactly, ReportsMade>},
    {"min", read_bound<Bound::least, ReportsMade>},
    {"max", read_bound<Bound::most, ReportsMade>},
    {"none", read_none<ReportsMade>},
    {"each", read_each<ReportsMade>},
    {"phones", read_phones<ReportsMade>},
    {"by", read_by<ReportsMade>},
}};

Result<void> finish(const Node& node, Expected<ReportsMade>& expected) {
  if (expected.what.code && expected.what.out == ReportsMade::Came::sent)
    return fail_at(node.place, "a report that was sent has no code");
  return finish_bounds(node, expected);
}

Result<void> read_nothing(const Node& node, Expected<NothingProvisioned>& /*expected*/,
                          const Reading& /*reading*/) {
  return as_true(node);
}

constexpr std::array<Key<Expected<NothingProvisioned>>, 3> nothing_keys{{
    {"nothing_provisioned", read_nothing, Need::required},
    {"phones", read_phones<NothingProvisioned>},
    {"by", read_by<NothingProvisioned>},
}};

// What outputs call the expectation. Values expected of a secret parameter are secrets too, and so
// may be those of a name that nobody knows.
std::string title_of(Node node) {  // NOLINT(performance-unnecessary-value-param)
  const auto* name = find(node, "parameter");
  const auto id = name == nullptr ? std::nullopt : profile::find_parameter(name->text);
  // The node is a copy, whose secrets can be replaced.
  for (auto& [key, place, value] : node.entries) {
    const bool is_value = key == "equals" || key == "matches" || key == "one_of";
    const bool is_secret = name != nullptr && (!id || profile::parameter(*id).secret);
    if (is_secret && is_value)
      value = Node{Node::Kind::scalar, place, std::string(macro::hidden_value), {}, {}};
  }
  return resync::without_secrets(on_one_line(node));
}

template <const auto& keys, class What>
Result<std::vector<Expectation>> as_expectation_of(const Node& node, const Reading& reading) {
  Expected<What> expected;
  TRY(read_block(node, keys, expected, reading));
  TRY(finish(node, expected));
  Expectation one{title_of(node), std::move(expected.what), std::move(expected.phones),
                  node.place.line};
  if (expected.by == nullptr) return std::vector{std::move(one)};
  return each_value(*expected.by, one, reading.so_far);
}

struct ExpectationKind {
  std::string_view block;
  Result<std::vector<Expectation>> (*read)(const Node&, const Reading&);
  std::vector<KeyInfo> (*keys)();

  // The one that tells it: `log` of the block expect.log.
  constexpr std::string_view key() const { return block.substr(block.find('.') + 1); }
};

template <const auto& keys, class What>
constexpr ExpectationKind kind_of(std::string_view block) {
  return {block, as_expectation_of<keys, What>, [] { return infos(keys); }};
}

// No kind's own key is a key of another kind. Of two such keys in one expectation the second is
// unknown to the kind that the first one tells.
constexpr std::array<ExpectationKind, 11> kinds{{
    kind_of<converged_keys, Converged>("expect.converged"),
    kind_of<no_request_keys, NoRequestBefore>("expect.no_request_before"),
    kind_of<parameter_keys, ParameterValue>("expect.parameter"),
    kind_of<no_foreign_keys, NoForeignIdentity>("expect.no_foreign_identity"),
    kind_of<latency_limit_keys, LatencyLimit>("expect.latency"),
    kind_of<request_keys, RequestsMade>("expect.requests"),
    kind_of<error_keys, ErrorsSeen>("expect.error"),
    kind_of<log_keys, LogLines>("expect.log"),
    kind_of<upgrade_keys, UpgradesMade>("expect.upgrade"),
    kind_of<report_keys, ReportsMade>("expect.report"),
    kind_of<nothing_keys, NothingProvisioned>("expect.nothing_provisioned"),
}};

Result<std::vector<Expectation>> as_expectation(const Node& node, const Reading& reading) {
  std::vector<std::string_view> names;
  std::string all;
  for (const auto& kind : kinds) {
    if (find(node, kind.key()) != nullptr) return kind.read(node, reading);
    names.push_back(kind.key());
    all.append(all.empty() ? "" : ", ").append(kind.key());
  }
  // The key that tells the kind is mostly written first, so that is the one that may be misspelt.
  if (!node.entries.empty()) {
    const auto& first = node.entries.front();
    const auto near = input::suggestion(first.key, names);
    if (!near.empty())
      return fail_at(first.place, fmt::format("unknown key {}{}", input::quoted(first.key), near));
  }
  return fail_at(node.place, fmt::format("expected one of {}", all));
}

}  // namespace

Result<std::vector<Expectation>> as_expectations(const Node& node, const Reading& reading) {
  TRY(auto written, as_list(node, "a list of expectations",
                            [&](const Node& item) { return as_expectation(item, reading); }));
  std::vector<Expectation> all;
  for (auto& each : written)
    all.insert(all.end(), std::make_move_iterator(each.begin()),
               std::make_move_iterator(each.end()));
  return all;
}

std::vector<BlockInfo> expectation_blocks() {
  std::vector<BlockInfo> blocks;
  blocks.reserve(kinds.size());
  for (const auto& kind : kinds) blocks.push_back({kind.block, kind.keys()});
  return blocks;
}

}  // namespace provphone::client::scenario
