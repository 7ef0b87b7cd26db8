#include "client/evidence/access_lines.hpp"
#include "client/evidence/gathering.hpp"
#include "test/bench/bench.hpp"

#include <fmt/format.h>

#include <cstdlib>

namespace provphone::bench {
namespace {

using namespace client::evidence;

std::vector<std::string> access_log(int lines, int phones) {
  std::vector<std::string> log;
  log.reserve(static_cast<std::size_t>(lines));
  for (int i = 0; i < lines; ++i) {
    const auto phone = i % phones;
    const auto second = i / 40 % 86'400;
    log.push_back(fmt::format(
        "10.{}.{}.{} - - [27/Nov/2026:{:02}:{:02}:{:02} +0100] \"GET /000e08{:06x}.xml HTTP/1.1\" "
        "200 4000 \"-\" \"Cisco-CP-8841-3PCC/11.3.2 (000e08{:06x})\"",
        phone >> 16, (phone >> 8) & 255, phone & 255, second / 3600, second / 60 % 60, second % 60,
        phone, phone));
  }
  return log;
}

}  // namespace

void bench_logs() {
  constexpr int lines = 1'000'000, phones = 20'000;
  const auto log = access_log(lines, phones);
  measure("Reading an access log, combined, of 20 000 phones, and parting it by phone", "line",
          lines, 200'000, [&] {
            AccessLines reader(*parse_access_format("combined"), {{}, std::nullopt, {}});
            Gathering gathering;
            for (const auto& line : log)
              reader.read(line, [&](const Sighting& seen) { gathering.take(seen, line); });
            if (gathering.finish({}).seen.phones.size() != phones) std::abort();
          });
}

}  // namespace provphone::bench
