#pragma once

#include <cstdint>

// The versions of TLS that a phone may offer (R-TLS-10; knobs tls_lowest and tls_highest).
namespace provphone::resync {

// In the order in which they came: what a phone offers is from one to another of them.
enum class TlsVersion : std::uint8_t { tls1_0, tls1_1, tls1_2, tls1_3, last = tls1_3 };

}  // namespace provphone::resync
