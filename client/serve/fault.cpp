#include "client/serve/fault.hpp"

#include "client/input/glob.hpp"
#include "macro/fnv1a.hpp"
#include "resync/random.hpp"

#include <algorithm>
#include <utility>

namespace provphone::client::serve {
namespace {

// What is drawn for a path is the same in every run.
std::uint64_t hash_of(std::string_view path) {
  macro::Fnv1a<std::uint64_t> hash;
  hash.take(path);
  return hash.value();
}

bool concerns(const Fault& fault, Protocol protocol, const std::string& path) {
  return acts_over(fault, protocol) && (!fault.protocol || *fault.protocol == protocol) &&
         input::matches_shell_pattern(fault.path, path);
}

bool is_tftp_only(const Fault& fault) {
  return std::holds_alternative<TftpErrorFault>(fault.failing);
}

bool is_http_only(const Fault& fault) {
  return std::holds_alternative<ResetFault>(fault.failing) ||
         std::holds_alternative<CutFault>(fault.failing) ||
         std::holds_alternative<LengthFault>(fault.failing) ||
         std::holds_alternative<RedirectFault>(fault.failing) ||
         std::holds_alternative<LoginFault>(fault.failing);
}

}  // namespace

std::string_view name(Protocol protocol) {
  switch (protocol) {
    case Protocol::http:
      return "http";
    case Protocol::https:
      return "https";
    case Protocol::tftp:
      break;
  }
  return "tftp";
}

// A request over a protocol where the fault means nothing is neither counted nor drawn for it.
bool acts_over(const Fault& fault, Protocol protocol) {
  if (std::holds_alternative<CertificateFault>(fault.failing)) return false;
  if (protocol == Protocol::tftp) return !is_http_only(fault);
  const bool only_noise = std::holds_alternative<std::monostate>(fault.failing) &&
                          fault.delay.count() == 0 && fault.noise != Noise{};
  const auto* redirect = std::get_if<RedirectFault>(&fault.failing);
  // From plain HTTP that redirect would lead to itself, which `loop` is for.
  const bool leads_back =
      redirect != nullptr && *redirect == RedirectFault::to_http && protocol == Protocol::http;
  return !is_tftp_only(fault) && !only_noise && !leads_back;
}

bool is_drawn(std::uint64_t stream, std::uint64_t number, PerMillion share) {
  // 32 drawn bits, scaled to a million without a division.
  const auto drawn = resync::mix(stream + number) >> 32U;
  return (drawn * always) >> 32U < share;
}

FaultTable::FaultTable(std::vector<Fault> faults, std::uint64_t seed)
    : faults_(std::move(faults)), seed_(seed) {}

std::optional<MatchedFault> FaultTable::next(Protocol protocol, const std::string& path) {
  const auto concerned = [&](const Fault& fault) { return concerns(fault, protocol, path); };
  // Paths without a fault are not counted, so that a client cannot fill the table by asking for
  // ever new ones.
  if (std::none_of(faults_.begin(), faults_.end(), concerned)) return std::nullopt;
  const auto number = ++requests_[path];
  for (std::size_t i = 0; i < faults_.size(); ++i) {
    const auto& fault = faults_[i];
    if (!concerned(fault) || number < fault.first || number > fault.last) continue;
    // The place in the list is in it: two faults for one path draw apart.
    const auto key = resync::mix(seed_ ^ resync::mix(hash_of(path) + i));
    const auto stream = resync::mix(key + number);
    if (is_drawn(stream, 0, fault.share)) return MatchedFault{&fault, stream};
  }
  return std::nullopt;
}

std::optional<CertificateFault> FaultTable::certificate() const {
  for (const auto& fault : faults_) {
    if (const auto* flaw = std::get_if<CertificateFault>(&fault.failing)) return *flaw;
  }
  return std::nullopt;
}

}  // namespace provphone::client::serve
