#include "client/replay/shrink.hpp"

#include "client/expect/judge.hpp"
#include "client/expect/outcome.hpp"
#include "client/figures/verdicts.hpp"
#include "client/replay/trial.hpp"
#include "client/scenario/phones.hpp"
#include "client/scenario/read.hpp"
#include "macro/try.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace provphone::client::replay {
namespace {

// Of a phone by its address; nothing: of nothing.
using Failure = std::optional<LastFailure>;

// So many phones are tried alone, before they are tried by halves.
constexpr std::size_t most_alone = 200;
// Everything once more, as long as something went, and so often at most.
constexpr int most_rounds = 4;

class Shrinker {
 public:
  Shrinker(const capsule::Capsule& capsule, Recollection all, const Shrinking& how)
      : capsule_(capsule), all_(std::move(all)), how_(how) {}

  Result<Shrunk> shrink() {
    TRY(find_phones());
    for (int round = 0; round < most_rounds && take_away_what_goes(); ++round) {
    }
    shorten();
    return concluded();
  }

 private:
  bool has_time() {
    shrunk_.is_done = shrunk_.is_done && (!how_.may_go_on || how_.may_go_on());
    return shrunk_.is_done;
  }

  // Whether it still fails, and of the same.
  bool fails(const Reduced& reduced, std::string_view of) {
    if (!has_time()) return false;
    ++shrunk_.trials;
    if (how_.progress) how_.progress(shrunk_.trials, of);
    const auto trial = tried(yaml_of(reduced));
    if (!trial || trial->holds) return false;
    const auto found = trial->failures.find(reduced.phones.front().mac);
    return failure_ == (found == trial->failures.end() ? Failure{} : Failure{found->second});
  }

  Failure failure_of(std::uint32_t phone) const {
    const auto found = all_.last_failures.find(phone);
    return found == all_.last_failures.end() ? Failure{} : Failure{found->second};
  }

  // A single one where that is enough, of those that failed first.
  Result<void> find_phones() {
    std::vector<std::uint32_t> numbers;
    for (std::uint32_t i = 0; i < all_.cast.phones.size(); ++i) numbers.push_back(i);
    std::stable_partition(numbers.begin(), numbers.end(),
                          [&](std::uint32_t phone) { return all_.last_failures.contains(phone); });
    for (std::size_t i = 0; i < std::min(numbers.size(), most_alone); ++i) {
      failure_ = failure_of(numbers[i]);
      best_ = reduced_to(all_, capsule_, {numbers[i]}, how_.expectation);
      if (fails(best_, "phones")) return {};
    }
    failure_ = failure_of(numbers.front());
    best_ = reduced_to(all_, capsule_, numbers, how_.expectation);
    if (fails(best_, "phones")) return {};
    if (!shrunk_.is_done)
      return fail(Errc::bad_argument, "the time was over before anything was found");
    std::string lost;
    for (const auto& each : all_.lost) lost += (lost.empty() ? "; not in it: " : ", ") + each;
    return fail(Errc::bad_argument,
                "the expectation fails in the capsule, and holds where a modelled server gives the "
                "same answers" +
                    lost);
  }

  // Leaves of the list that `of` finds in a scenario what cannot go.
  template <class Find>
  bool reduce(std::string_view what, Find find) {
    const auto before = find(best_).size();
    for (auto part = std::max<std::size_t>(before / 2, 1);; part /= 2) {
      for (std::size_t at = 0; at < find(best_).size();) {
        auto trial = best_;
        auto& list = find(trial);
        const auto end = std::min(at + part, list.size());
        list.erase(list.begin() + static_cast<std::ptrdiff_t>(at),
                   list.begin() + static_cast<std::ptrdiff_t>(end));
        if (fails(trial, what)) {
          best_ = std::move(trial);
        } else {
          at = end;
        }
        if (!shrunk_.is_done) return false;
      }
      if (part <= 1) break;
    }
    return find(best_).size() < before;
  }

  bool take_away_what_goes() {
    bool went = false;
    // A scenario without phones, and one whose first phone is another, is another one.
    if (best_.phones.size() > 1)
      went |= reduce(
          "phones", [](Reduced & it) -> auto& { return it.phones; });
    went |= reduce(
        "events", [](Reduced & it) -> auto& { return it.events; });
    went |= reduce(
        "answers", [](Reduced & it) -> auto& { return it.acts; });
    for (std::size_t i = 0; i < best_.phones.size(); ++i) {
      went |= reduce(
          "parameters", [i](Reduced & it) -> auto& { return it.phones[i].set; });
      went |= reduce(
          "phone keys", [i](Reduced & it) -> auto& { return it.phones[i].keys; });
      went |= reduce(
          "options", [i](Reduced & it) -> auto& { return it.phones[i].dhcp; });
    }
    for (std::size_t i = 0; i < best_.acts.size(); ++i)
      went |= reduce(
          "elements", [i](Reduced & it) -> auto& { return it.acts[i].act.values; });
    went |= reduce(
        "clock", [](Reduced & it) -> auto& { return it.keys; });
    return went && shrunk_.is_done;
  }

  // The shortest time of those that are tried, each half of what is left.
  void shorten() {
    auto least = resync::Duration{0};
    while (best_.duration - least > std::chrono::seconds(1)) {
      auto trial = best_;
      trial.duration = std::chrono::ceil<std::chrono::seconds>((best_.duration + least) / 2);
      if (trial.duration >= best_.duration) return;
      if (fails(trial, "time")) {
        best_ = std::move(trial);
      } else {
        least = trial.duration;
      }
      if (!shrunk_.is_done) return;
    }
  }

  Shrunk concluded() {
    shrunk_.yaml = yaml_of(best_);
    shrunk_.phones = best_.phones.size();
    shrunk_.events = best_.events.size();
    for (const auto& phone : best_.phones)
      shrunk_.rules += static_cast<std::size_t>(
          std::count_if(phone.set.begin(), phone.set.end(), [](const auto& each) {
            return each.first.starts_with("Profile_Rule") && !each.second.empty();
          }));
    for (const auto& act : best_.acts) shrunk_.elements += act.act.values.size();
    if (failure_) shrunk_.failure = failure_->code;
    shrunk_.lost = all_.lost;
    return std::move(shrunk_);
  }

  const capsule::Capsule& capsule_;
  Recollection all_;
  const Shrinking& how_;
  Failure failure_;
  Reduced best_;
  Shrunk shrunk_;
};

// Whether the expectation failed when the capsule was recorded.
Result<bool> failed_in(const capsule::Capsule& capsule, const std::string& expectation) {
  TRY(auto cast, cast_of(capsule, {}));
  auto with = capsule.source.with;
  with.push_back(fmt::format("expect=[{}]", expectation));
  TRY(auto expecting, scenario::read_scenario(capsule.source.yaml, capsule.source.name, with,
                                              kept_surroundings(capsule.source)));
  auto scenario = cast.scenario;
  scenario.expect = std::move(expecting.expect);
  expect::Judge judge(scenario, expect::Capabilities::real);
  expect::RollCall roll(&scenario, {0, capsule.manifest.phones});
  Player player(capsule, std::move(cast),
                {[&](const trace::TraceEvent& event) {
                   judge.observe(event.number, event);
                   roll.observe(event.number, event, &judge);
                 },
                 [&](std::uint32_t phone, std::string_view document, const macro::Url& /*from*/) {
                   if (judge.wants_documents()) judge.document(phone, document);
                 },
                 resync::Depth::everything});
  player.play();
  for (std::size_t i = 0; i < player.phone_count(); ++i)
    judge.final(static_cast<std::uint32_t>(i), player.phone(i).device.parameters);
  const auto lasted = capsule.manifest.end.time_since_epoch();
  const auto outcome =
      outcome_of(roll, &judge, {figures::RunEnd::time, lasted, {lasted, false, true}});
  for (const auto& each : figures::judge({}, outcome).expectations)
    if (!each.is_implied) return each.status == figures::Judgement::failed;
  return false;
}

}  // namespace

Result<Shrunk> shrink(const capsule::Capsule& capsule, const Shrinking& asked) {
  auto how = asked;
  if (!how.expectation.starts_with('{')) how.expectation = '{' + how.expectation + '}';
  TRY(const auto failed, failed_in(capsule, how.expectation));
  if (!failed)
    return fail(Errc::bad_argument,
                fmt::format("'{}' holds in the capsule, or says nothing about it; name one that "
                            "fails",
                            how.expectation));
  TRY(auto all, recollect(capsule));
  return Shrinker(capsule, std::move(all), how).shrink();
}

}  // namespace provphone::client::replay
