#include "client/fleet/certificates_ahead.hpp"

#include "client/scenario/phones.hpp"

#include <algorithm>
#include <functional>
#include <variant>

namespace provphone::client::fleet {
namespace {

// Of each group and not asked for yet. Each takes some 400 octets where nothing is on disk.
constexpr std::size_t most_ahead = 4'096;
// Who rests is forgotten here while so many others wait for their turn.
constexpr std::size_t most_turns = 65'536;

}  // namespace

CertificatesAhead::CertificatesAhead(const scenario::Scenario& scenario,
                                     const std::vector<run::GroupCredentials>& credentials,
                                     Slice slice)
    : scenario_(scenario),
      credentials_(credentials),
      slice_(slice),
      is_of_use_(std::any_of(credentials.begin(), credentials.end(),
                             [](const auto& group) { return group.mint != nullptr; })) {}

const run::GroupCredentials& CertificatesAhead::group_of(std::size_t index) const {
  return credentials_[scenario::group_of(scenario_, slice_.number(index))];
}

void CertificatesAhead::will_happen(const drive::Plan& plan) {
  if (!is_of_use_) return;
  for (std::size_t place = 0; place < plan.size(); ++place) {
    const auto planned = plan[place];
    const bool begins = std::holds_alternative<resync::PoweredOn>(planned.event);
    if (begins && group_of(planned.phone).mint) turns_.push_back({planned.at, planned.phone});
  }
  std::make_heap(turns_.begin(), turns_.end(), std::greater<>());
}

void CertificatesAhead::rests_until(std::size_t index, resync::Time due) {
  const bool counts = is_of_use_ && due != resync::Time::max() && turns_.size() < most_turns;
  if (!counts || !group_of(index).mint) return;
  turns_.push_back({due, static_cast<std::uint32_t>(index)});
  std::push_heap(turns_.begin(), turns_.end(), std::greater<>());
}

bool CertificatesAhead::go_on(identity::WallTime now) {
  if (turns_.empty()) return false;
  const auto index = turns_.front().index;
  const auto& group = group_of(index);
  if (group.mint->ahead() >= most_ahead) return false;
  std::pop_heap(turns_.begin(), turns_.end(), std::greater<>());
  turns_.pop_back();
  if (turns_.empty()) turns_.shrink_to_fit();
  run::sign_ahead(scenario_, group, slice_.number(index), now);
  return true;
}

}  // namespace provphone::client::fleet
