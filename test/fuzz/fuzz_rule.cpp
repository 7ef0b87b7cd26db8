#include "macro/rule.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>

using namespace provphone;
using namespace provphone::macro;

namespace {

// The first octet picks kind, firmware and default server.
RuleContext context_from(std::uint8_t choice) {
  RuleContext context;
  context.kind = static_cast<RuleKind>(choice % 3);
  context.software_version = "sip88xx.11-3-2MPP0001-609";
  if ((choice & 0x10U) != 0) {
    context.dialect = {VersionOrder::legacy, true, true};
    context.software_version = "2.0.6";
  }
  if ((choice & 0x20U) != 0) context.default_server = DefaultServer{Scheme::http, "prov", 8080};
  return context;
}

void check_url(const Result<Url>& url) {
  if (!url) {
    if (stage_of(url.error().code) != Stage::rule) std::abort();
    return;
  }
  if (parse_url(format(*url), std::nullopt) != *url) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
  const RuleContext context = context_from(data[0]);
  const auto outcome = evaluate_rule(text, context);
  if (outcome && outcome->url) check_url(*outcome->url);
  if (!outcome && outcome.error().detail.empty()) std::abort();
  for (const auto piece : split_report_rule(text)) {
    if (piece.empty()) std::abort();
    evaluate_rule(piece, context);
  }
  check_url(parse_url(text, context.default_server));
  check_url(resolve_location(Url{Scheme::https, "h", 443, "/a/b?c"}, text));
  return 0;
}
