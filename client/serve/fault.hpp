#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

// What can go wrong with a provisioning server, and which request meets it (docs/how-to/faults.md).
// Nothing here acts.
namespace provphone::client::serve {

enum class Protocol : std::uint8_t { http, https, tftp };

std::string_view name(Protocol protocol);

// --- what goes wrong ---

enum class Where : std::uint8_t { head, body };  // before the answer; in the middle of its body

struct StatusFault {
  int status = 503;        // 200 to 599; over TFTP 404 is error 1, 403 error 2, all others error 0
  std::string location{};  // of a redirect; empty: no such header
};
// Nothing more comes, and the connection stays.
struct StallFault {
  Where where;
};
// The connection ends with a reset instead of a farewell.
struct ResetFault {
  Where where;
};
struct CutFault {};  // the connection is closed in the middle of the body
// What Content-Length says, beside what comes.
enum class LengthFault : std::uint8_t { longer, shorter };
// What has become of the file: see spoil.hpp.
enum class ContentFault : std::uint8_t { half_a_file, corrupt_gzip, wrong_key, html_page };
struct OtherFileFault {
  std::string path;
};
enum class RedirectFault : std::uint8_t { loop, to_http };

enum class Scheme : std::uint8_t { basic, digest };
enum class Stale : std::uint8_t { never, once, always };
struct LoginFault {
  Scheme scheme;
  std::string user;
  std::string password;
  Stale stale = Stale::never;  // whether right answers to Digest challenges come too late
};

struct TftpErrorFault {
  std::uint16_t code;
};
enum class CertificateFault : std::uint8_t { wrong_name, expired, untrusted };

using Failing = std::variant<std::monostate, StatusFault, StallFault, ResetFault, CutFault,
                             LengthFault, ContentFault, OtherFileFault, RedirectFault, LoginFault,
                             TftpErrorFault, CertificateFault>;

// Parts in a million, from 0 to `always`.
using PerMillion = std::uint32_t;
inline constexpr PerMillion always = 1'000'000;

// What a bad network does to the packets of a TFTP server, each drawn for itself.
struct Noise {
  PerMillion loss = 0;
  PerMillion duplicate = 0;
  PerMillion reorder = 0;    // the packet comes once more behind the next one
  PerMillion stale_tid = 0;  // behind the packet comes a wrong one from another port

  friend bool operator==(const Noise&, const Noise&) = default;
};

// --- which request meets it ---

// The requests for each path are counted from 1, whatever the protocol. The path is decoded and has
// no query part.
struct Fault {
  std::string path = "*";  // `*` and `?` as in a shell; `*` stands for slashes too
  // Of the requests for one path, both included.
  std::uint32_t first = 1;
  std::uint32_t last = UINT32_MAX;
  std::optional<Protocol> protocol{};
  PerMillion share = always;  // of those requests, picked at random

  std::chrono::milliseconds delay{};
  Failing failing{};
  Noise noise{};
  std::string label{};  // for records: `status=503`, `digest`; no secret is in it
};

// Whether there is something that the fault can do to an answer over that protocol.
bool acts_over(const Fault& fault, Protocol protocol);

// The fault that one request meets. Drawing for its packets is a function of (seed, path, number):
// `stream` is where those draws begin. The fault is the table's.
struct MatchedFault {
  const Fault* fault;
  std::uint64_t stream;
};

// Whether the draw with this number is one of the share. 0 of a stream is the request itself.
bool is_drawn(std::uint64_t stream, std::uint64_t number, PerMillion share);

// Counts the requests for each path that a fault may concern, and says what each meets: the first
// fault that covers it. Which requests are picked at random does not depend on their order.
class FaultTable {
 public:
  // The order of the faults counts.
  explicit FaultTable(std::vector<Fault> faults, std::uint64_t seed = 0);

  // Counts a request, so once each. Nothing where all goes well. The fault lives as long as the
  // table. `path` as path_of_target() and path_of_file_name() give it.
  std::optional<MatchedFault> next(Protocol protocol, const std::string& path);

  // What is wrong with the certificate of the HTTPS listener.
  std::optional<CertificateFault> certificate() const;

 private:
  std::vector<Fault> faults_;
  std::uint64_t seed_;
  std::map<std::string, std::uint32_t> requests_;
};

}  // namespace provphone::client::serve
