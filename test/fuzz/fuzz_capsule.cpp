#include "client/capsule/lines.hpp"
#include "client/replay/difference.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>

using namespace provphone;
using namespace provphone::client;

// Whatever a tape says that came to two phones, they live through it, and twice alike.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view input(reinterpret_cast<const char*>(data), size);
  capsule::CapsuleLines lines;
  while (!input.empty()) {
    const auto end = std::min(input.find('\n'), input.size());
    const auto taken = lines.take(input.substr(0, end));
    if (!taken) {
      if (taken.error().code != Errc::bad_argument) std::abort();
      if (!taken.error().detail.starts_with("expected ")) std::abort();
      return 0;
    }
    if (!*taken) break;
    input.remove_prefix(std::min(end + 1, input.size()));
  }
  auto capsule = lines.finish();
  if (capsule.manifest.phones != 2) return 0;
  capsule.source = {
      "phones: [{count: 2, set: {Profile_Rule: 'http://127.0.0.1/a.xml', Resync_Random_Delay: 0, "
      "Profile_Rule_B: '[--key k] http://127.0.0.1/b.xml'}}]",
      "fuzz",
      {},
      nullptr,
      {}};
  // Not for longer than a tape may be.
  capsule.manifest.end = std::min(capsule.manifest.end, resync::Time{std::chrono::hours(1)});
  const auto once = replay::replay(capsule, {}, {});
  const auto twice = replay::replay(capsule, {}, {});
  if (once.has_value() != twice.has_value()) std::abort();
  if (once && once->trace_hash != twice->trace_hash) std::abort();
  return 0;
}
