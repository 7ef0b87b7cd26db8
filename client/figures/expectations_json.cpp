#include "client/figures/expectations_json.hpp"

namespace provphone::client::figures {
namespace {

using Json = nlohmann::ordered_json;

Json failure_json(const ExpectationFailure& failure) {
  Json json = Json::object();
  // Not there where the phones failed together.
  if (failure.phone) json["mac"] = format_lower(*failure.phone);
  json["expected"] = failure.expected;
  json["got"] = failure.got;
  json["reasons"] = failure.reasons;
  return json;
}

}  // namespace

Json expectations_json(const std::vector<ExpectationResult>& results) {
  Json list = Json::array();
  for (const auto& result : results) {
    Json json{{"title", result.title}, {"status", name(result.status)}};
    if (result.line > 0) json["line"] = result.line;
    if (result.status == Judgement::not_judged) json["why"] = result.why_not_judged;
    json["phones"] = result.phones;
    json["failed"] = result.failed;
    json["failures"] = Json::array();
    for (const auto& failure : result.failures) json["failures"].push_back(failure_json(failure));
    list.push_back(std::move(json));
  }
  return list;
}

}  // namespace provphone::client::figures
