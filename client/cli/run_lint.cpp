#include "client/cli/run_lint.hpp"

#include "client/trace/json_octets.hpp"
#include "macro/hide.hpp"
#include "resync/answer.hpp"
#include "resync/apply.hpp"

#include <nlohmann/json.hpp>

#include <functional>
#include <variant>

namespace provphone::client::cli {
namespace {

// The answer that a profile rule waits for; null: it is another one's, or no answer.
const resync::Answered* answer_in(const drive::Stimulus& what) {
  const auto* input = std::get_if<resync::Input>(&what);
  return input == nullptr ? nullptr : std::get_if<resync::Answered>(input);
}

bool asks_for_profile(const resync::Retrieval& retrieval) {
  return retrieval.kind == macro::RuleKind::profile && !retrieval.errand &&
         !retrieval.is_activation && !retrieval.licensed;
}

bool is_taken(const resync::Answered& answer, const resync::Retrieval& retrieval,
              const resync::Device& device) {
  const auto source = device.macros();
  const auto verdict = resync::judge(
      {answer.status, answer.location, retrieval.request.url, retrieval.hops, retrieval.kind},
      device.personality, lookup_of(source));
  return std::holds_alternative<resync::Accept>(verdict);
}

}  // namespace

void ProfileLint::taken(resync::Time /*at*/, std::uint32_t /*phone*/, const drive::Stimulus& what,
                        const drive::Handset& phone_before) {
  const auto* answer = answer_in(what);
  if (answer == nullptr || files_.size() == most_files) return;
  const auto& retrieval = phone_before.retrievals.lanes[answer->lane];
  const auto& device = phone_before.phone.device;
  if (!retrieval || !asks_for_profile(*retrieval) || !is_taken(*answer, *retrieval, device)) return;
  auto name = macro::hide_query_secrets(format(retrieval->request.url));
  if (!seen_.emplace(name, std::hash<std::string>()(answer->body)).second) return;
  const auto options =
      resync::decode_options(device, retrieval->request, {answer->body, answer->content_encoding});
  files_.push_back({std::move(name), lint::lint(answer->body, options, device)});
}

void ProfileLint::began_running(resync::Time /*at*/, std::uint32_t /*phone*/) {}
void ProfileLint::asked(resync::Time /*at*/, std::uint32_t /*phone*/,
                        const resync::Fetch& /*fetch*/) {}
void ProfileLint::message_sent(resync::Time /*at*/, std::uint32_t /*phone*/,
                               drive::FateKnown /*when*/, const Result<void>& /*sent*/) {}
void ProfileLint::told(const trace::TraceEvent& /*event*/) {}

std::string with_lint(const std::string& result, const std::vector<report::LintedFile>& files) {
  using Json = nlohmann::ordered_json;
  auto document = Json::parse(result);
  document["lint"] = Json::parse(report::format_json(files));
  return trace::json_text(document, 2);
}

}  // namespace provphone::client::cli
