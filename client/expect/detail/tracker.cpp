#include "client/expect/detail/tracker.hpp"

#include "client/scenario/phones.hpp"

namespace provphone::client::expect::detail {

figures::Witness witness_of(const Context& context, std::uint32_t phone, Offence offence) {
  return {phone,
          {scenario::mac_of(context.scenario, phone), std::move(offence.expected),
           std::move(offence.got), context.history.tell(phone), context.roll.cause_of(phone)}};
}

void FirstOffenders::testify(const Context& context, figures::Evidence& evidence) const {
  // By number, as the map has them: the same ones whichever worker saw them first.
  for (const auto& [phone, offence] : offences_)
    evidence.witnesses.push_back(witness_of(context, phone, offence));
}

void RepeatOffenders::merge(const RepeatOffenders& other) {
  has_offended_.merge(other.has_offended_,
                      [](auto mine, auto others) { return std::max(mine, others); });
  first_.merge(other.first_);
}

void RepeatOffenders::testify(const Context& context, figures::Evidence& evidence) const {
  // Each phone once, however often it offended.
  context.for_each_selected([&](std::uint32_t phone) { evidence.failed += has_offended_[phone]; });
  if (evidence.failed > 0) first_.testify(context, evidence);
}

}  // namespace provphone::client::expect::detail
