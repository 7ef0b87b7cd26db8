#include "client/expect/detail/tracker.hpp"

#include "client/scenario/phones.hpp"

namespace provphone::client::expect::detail {

void FirstOffenders::describe(const Context& context, figures::ExpectationResult& result) const {
  result.status = figures::Judgement::failed;
  // By number, as the map has them: the same ones whichever worker saw them first.
  for (const auto& [phone, offence] : offences_) {
    result.failures.push_back({scenario::mac_of(context.scenario, phone), offence.expected,
                               offence.got, context.history.tell(phone)});
  }
}

void RepeatOffenders::merge(const RepeatOffenders& other) {
  has_offended_.merge(other.has_offended_,
                      [](auto mine, auto others) { return std::max(mine, others); });
  first_.merge(other.first_);
}

void RepeatOffenders::describe(const Context& context, figures::ExpectationResult& result) const {
  // Each phone once, however often it offended.
  context.for_each_selected([&](std::uint32_t phone) { result.failed += has_offended_[phone]; });
  if (result.failed > 0) first_.describe(context, result);
}

void not_judged(figures::ExpectationResult& result, std::string why) {
  result.status = figures::Judgement::not_judged;
  result.why_not_judged = std::move(why);
}

}  // namespace provphone::client::expect::detail
