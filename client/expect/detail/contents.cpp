#include "client/expect/detail/trackers.hpp"
#include "client/expect/texts.hpp"
#include "client/input/pattern.hpp"
#include "client/scenario/phones.hpp"
#include "client/trace/shown_value.hpp"
#include "macro/ascii.hpp"
#include "macro/hide.hpp"
#include "profile/markup.hpp"
#include "profile/reference.hpp"
#include "profile/xml.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <utility>

// Expectations on what phones end up with, or are sent.
namespace provphone::client::expect::detail {
namespace {

// Values may be as long as a file.
std::string spoken(const std::string& value) {
  constexpr std::size_t longest = 160;
  if (value.empty()) return "an empty value";
  return value.size() <= longest ? value : fmt::format("{}...", value.substr(0, longest));
}

// What a value is compared with.
class WantedValue {
 public:
  WantedValue(const scenario::ParameterValue& what, const Part& part) {
    using Value = scenario::ParameterValue;
    if (const auto* equals = std::get_if<Value::Equals>(&what.is))
      texts_.emplace_back(part.scenario, equals->text);
    if (const auto* one_of = std::get_if<Value::OneOf>(&what.is)) {
      for (const auto& text : one_of->texts) texts_.emplace_back(part.scenario, text);
    }
    if (const auto* matches = std::get_if<Value::Matches>(&what.is)) {
      // The reader of scenarios has parsed it before.
      pattern_ = *input::parse_pattern(matches->pattern);
      pattern_text_ = matches->pattern;
    }
  }

  bool is_met(std::uint32_t phone, std::string_view value) const {
    if (pattern_) return pattern_->is_found_in(value);
    if (texts_.empty()) return value.empty();
    return std::any_of(texts_.begin(), texts_.end(), [&](const GroupText& text) {
      std::string buffer;
      return text.of(phone, buffer) == value;
    });
  }

  // `show(value)` hides what is secret; a pattern is hidden as it hides the pattern's own text.
  template <class Show>
  std::string told(std::uint32_t phone, const Show& show) const {
    if (pattern_) {
      return show(pattern_text_) != pattern_text_
                 ? fmt::format("something like {}", macro::hidden_value)
                 : fmt::format("something that matches {}", pattern_text_);
    }
    std::vector<std::string> values;
    for (const auto& text : texts_) values.push_back(spoken(show(text.of(phone))));
    return values.empty() ? spoken({}) : fmt::format("{}", fmt::join(values, " or "));
  }

 private:
  std::vector<GroupText> texts_;           // one of them
  std::optional<input::Pattern> pattern_;  // or what it matches; neither: it is empty
  std::string pattern_text_;
};

class ParameterTracker : public Tracker {
 public:
  ParameterTracker(const scenario::ParameterValue& what, const Part& part)
      : parameter_(*what.parameter), wanted_(what, part) {}

  Needs needs() const override {
    Needs needs;
    needs.final = true;
    return needs;
  }

  void final(std::uint32_t phone, const profile::ParameterSet& parameters) override {
    ++looked_at_;
    const auto value = parameters.get(parameter_);
    if (wanted_.is_met(phone, value)) return;
    failed_.push_back(phone);
    offenders_.add(phone, [&] {
      auto got = spoken(trace::shown_value(parameter_, value));
      const auto expected = expected_text(phone);
      // Two secrets look the same once they are hidden.
      if (got == expected) got = "another one";
      return Offence{expected, std::move(got)};
    });
  }

  void merge(const Tracker& other) override {
    const auto& theirs = dynamic_cast<const ParameterTracker&>(other);
    looked_at_ += theirs.looked_at_;
    failed_.insert(failed_.end(), theirs.failed_.begin(), theirs.failed_.end());
    offenders_.merge(theirs.offenders_);
  }

  void collect(const Context& context, figures::Evidence& evidence) const override {
    evidence.phones = evidence.chances = looked_at_;
    evidence.without = "no phone's parameters were looked at";
    for (const auto phone : failed_) {
      // A phone that nobody has provisioned yet may still have come to its value.
      const bool is_open = context.hour.is_cut_short && !context.roll.is_provisioned(phone);
      ++(is_open ? evidence.pending : evidence.failed);
    }
    offenders_.testify(context, evidence);
  }

 private:
  std::string expected_text(std::uint32_t phone) const {
    return wanted_.told(
        phone, [this](const std::string& value) { return trace::shown_value(parameter_, value); });
  }

  profile::ParameterId parameter_;
  WantedValue wanted_;
  std::uint64_t looked_at_ = 0;
  std::vector<std::uint32_t> failed_;  // by number, in any order
  FirstOffenders offenders_;
};

// The text of the last element of that name in a profile; nothing where it has none.
std::optional<std::string> text_of_element(std::string_view document, std::string_view name) {
  profile::MarkupReader markup(profile::without_byte_order_mark(document));
  std::optional<std::string> last, open;
  for (auto mark = markup.next(); mark != profile::Mark::end && mark != profile::Mark::fault;
       mark = markup.next()) {
    using enum profile::Mark;
    if (mark == empty_tag && markup.name() == name) last.emplace();
    if (mark == start_tag) open.reset();
    if (mark == start_tag && markup.name() == name) open.emplace();
    if (mark == text && open) profile::append_resolved(*open, markup.raw());
    if (mark == cdata && open) open->append(markup.raw());
    if (mark == end_tag && open) last = std::exchange(open, std::nullopt);
  }
  if (last) last = std::string(ascii::trimmed(*last));
  return last;
}

// Of a name that no parameter has: what files say of it.
class ElementTracker : public Tracker {
 public:
  ElementTracker(const scenario::ParameterValue& what, const Part& part)
      : element_(what.element), wanted_(what, part), seen_(part.phones, Seen::nothing) {}

  Needs needs() const override {
    Needs needs;
    needs.profiles = true;
    needs.beyond_model = "a modelled server sends what the scenario says, and no unknown name";
    return needs;
  }

  void profile(std::uint32_t phone, std::string_view text) override {
    ++profiles_;
    const auto value = text_of_element(text, element_);
    if (value) seen_[phone] = wanted_.is_met(phone, *value) ? Seen::wanted : Seen::other;
  }

  void merge(const Tracker& other) override {
    const auto& theirs = dynamic_cast<const ElementTracker&>(other);
    profiles_ += theirs.profiles_;
    seen_.merge(theirs.seen_,
                [](Seen mine, Seen others) { return others == Seen::nothing ? mine : others; });
  }

  void collect(const Context& context, figures::Evidence& evidence) const override {
    evidence.phones = context.selected_count();
    evidence.chances = profiles_;
    evidence.without = "no profile was read";
    if (profiles_ == 0) return;
    FirstOffenders offenders;
    context.for_each_selected([&](std::uint32_t phone) {
      const auto seen = seen_[phone];
      if (seen == Seen::wanted || (seen == Seen::nothing && wanted_.is_met(phone, {}))) return;
      ++evidence.failed;
      offenders.add(phone, [&] {
        const auto hidden = [](const std::string& value) {
          return value.empty() ? value : std::string(macro::hidden_value);
        };
        return Offence{wanted_.told(phone, hidden), seen == Seen::nothing
                                                        ? "no file that has the element"
                                                        : "another value in its last file"};
      });
    });
    offenders.testify(context, evidence);
  }

 private:
  enum class Seen : std::uint8_t { nothing, wanted, other };

  std::string element_;
  WantedValue wanted_;
  PhoneTable<Seen> seen_;
  std::uint64_t profiles_ = 0;
};

class ForeignTracker : public Tracker {
 public:
  explicit ForeignTracker(const Part& part) : scenario_(part.scenario), offenders_(part.phones) {}

  Needs needs() const override {
    Needs needs;
    needs.documents = true;
    needs.beyond_model = "a modelled server sends each phone its own file";
    return needs;
  }

  void document(std::uint32_t phone, const std::vector<Incident>& incidents) override {
    ++documents_;
    for (const auto& incident : incidents) {
      offenders_.add(phone, [&] {
        return Offence{"nothing of other phones in what it is sent",
                       fmt::format("the {} of {}", name(incident.datum),
                                   format_lower(scenario::mac_of(scenario_, incident.owner)))};
      });
    }
  }

  void merge(const Tracker& other) override {
    const auto& theirs = dynamic_cast<const ForeignTracker&>(other);
    documents_ += theirs.documents_;
    offenders_.merge(theirs.offenders_);
  }

  figures::Loss loss() const override { return {!offenders_.empty(), 0, {}}; }

  void collect(const Context& context, figures::Evidence& evidence) const override {
    evidence.phones = context.selected_count();
    // What was never sent cannot have been right.
    evidence.chances = documents_;
    evidence.without = "no profile was read";
    offenders_.testify(context, evidence);
  }

 private:
  const scenario::Scenario& scenario_;
  std::uint64_t documents_ = 0;
  RepeatOffenders offenders_;
};

}  // namespace

AnyTracker tracker_of(const scenario::ParameterValue& what, const Part& part) {
  if (!what.parameter) return std::make_unique<ElementTracker>(what, part);
  return std::make_unique<ParameterTracker>(what, part);
}

AnyTracker tracker_of(const scenario::NoForeignIdentity& /*what*/, const Part& part) {
  return std::make_unique<ForeignTracker>(part);
}

}  // namespace provphone::client::expect::detail
