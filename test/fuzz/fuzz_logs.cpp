#include "client/evidence/access_lines.hpp"
#include "client/evidence/capture_lines.hpp"
#include "client/evidence/gathering.hpp"
#include "client/evidence/json_lines.hpp"
#include "client/evidence/log_kind.hpp"
#include "client/evidence/scenario_text.hpp"
#include "client/evidence/syslog_lines.hpp"
#include "client/evidence/timeline.hpp"
#include "client/scenario/read.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>

using namespace provphone;
using namespace provphone::client;
using namespace provphone::client::evidence;

namespace {

std::unique_ptr<LogLines> reader_of(const KnownLog& known) {
  LogClock clock({}, 2026, {});
  switch (known.kind) {
    case LogKind::access:
      return std::make_unique<AccessLines>(known.format, std::move(clock));
    case LogKind::access_json:
      return std::make_unique<JsonAccessLines>(std::move(clock));
    case LogKind::syslog:
      return std::make_unique<SyslogLines>(std::move(clock));
    case LogKind::record:
      return std::make_unique<RecordLines>(Instant{});
    case LogKind::trace:
      return std::make_unique<TraceLines>(Instant{});
    case LogKind::capture:
      break;
  }
  return std::make_unique<CaptureLines>();
}

std::vector<std::string> lines_of(std::string_view text) {
  std::vector<std::string> lines;
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size());
    lines.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

}  // namespace

// Whatever a log has, what is made of it is a scenario. The input up to the first octet of 1 is a
// format, if there is such an octet, and the rest a log.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view input(reinterpret_cast<const char*>(data), size);
  std::optional<KnownLog> known;
  if (const auto end = input.find('\1'); end != std::string_view::npos) {
    auto format = parse_access_format(input.substr(0, end));
    input.remove_prefix(end + 1);
    if (format) known = KnownLog{LogKind::access, *std::move(format)};
  }
  const auto lines = lines_of(input);
  if (!known) known = kind_of_log(lines);
  if (!known) return 0;
  const auto reader = reader_of(*known);
  Gathering gathering;
  std::string_view current;
  const TakeSighting take = [&](const Sighting& seen) { gathering.take(seen, current); };
  for (const auto& line : lines) {
    current = line;
    if (reader->read(line, take) == LineSays::misfit && reader->expected().empty()) std::abort();
  }
  reader->end(take);
  const auto gathered = gathering.finish({});
  tell_timeline(gathered.seen, [](std::string_view) {});
  if (gathered.seen.phones.empty()) return 0;
  const auto text = scenario_text(guess_of(gathered.seen), {{"log"}, {}, {}});
  if (!scenario::read_scenario(text, "field.yaml")) std::abort();
  return 0;
}
