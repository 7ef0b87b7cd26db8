#include "client/evidence/detail/scenario_groups.hpp"

#include "client/evidence/detail/counted.hpp"
#include "macro/ascii.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace provphone::client::evidence::detail {
namespace {

struct Run {
  MacAddress first;
  std::size_t count;
};

std::vector<Run> runs_of(const std::vector<MacAddress>& macs) {
  std::vector<Run> runs;
  for (const auto mac : macs) {
    if (!runs.empty() && runs.back().first.bits + runs.back().count == mac.bits) {
      ++runs.back().count;
    } else {
      runs.push_back({mac, 1});
    }
  }
  return runs;
}

// Letters, digits, - and _, a letter first, as names of groups are.
std::string group_name(const std::string& model, std::size_t number) {
  std::string name;
  for (const char c : model) name += ascii::is_alnum(c) ? ascii::to_lower(c) : '-';
  if (name.empty() || !ascii::is_alpha(name.front())) name = "phones" + name;
  return fmt::format("{}-{}", name, number);
}

// Groups for each kind of phone, one of them for phones without a MAC address.
std::size_t share_of(std::size_t kinds) {
  const auto each = most_scenario_groups / std::max<std::size_t>(kinds, 1);
  return each > 1 ? each - 1 : 1;
}

// Addresses that no maker has, behind those of the log that are such too.
std::uint64_t first_made_up(const Guess& guess) {
  constexpr std::uint64_t first = 0x020000000000, behind = 0x030000000000;
  auto free = first;
  for (const auto& group : guess.groups)
    for (const auto mac : group.macs)
      if (mac.bits >= free && mac.bits < behind) free = mac.bits + 1;
  return free;
}

// Writes the groups of one model and firmware after the other.
class Groups {
 public:
  Groups(const Guess& guess, const ScenarioSource& source, YamlLines& out)
      : source_(source),
        out_(out),
        share_(share_of(guess.groups.size())),
        next_made_up_(first_made_up(guess)) {}

  bool is_full() const { return number_ >= most_scenario_groups; }

  void add(const GuessedGroup& group) {
    anchor_.clear();
    ++kinds_;
    const auto phones = group.macs.size() + group.without_mac;
    out_.comment(
        fmt::format("{}: {}, firmware {}.", counted(phones, "phone"),
                    group.model.empty() ? "no User-Agent says the model" : group.model,
                    group.release.empty() ? "not known" : group.release + " by their User-Agent"));
    auto runs = runs_of(group.macs);
    if (runs.size() > share_) {
      out_.comment(
          fmt::format("Their {} MAC addresses do not count up, in more pieces than a "
                      "scenario has groups: these are made up.",
                      group.macs.size()));
      runs = {{made_up(group.macs.size()), group.macs.size()}};
    }
    split_page_phone(runs);
    for (const auto& run : runs) write(group, run, "");
    if (group.without_mac > 0)
      write(group, {made_up(group.without_mac), group.without_mac},
            "made up: the log does not say their MAC addresses");
  }

 private:
  MacAddress made_up(std::size_t count) {
    const MacAddress first{next_made_up_};
    next_made_up_ += count;
    return first;
  }

  // The phone that the page is of is a group of its own: more is known of it.
  void split_page_phone(std::vector<Run>& runs) const {
    if (!source_.page || !source_.page->mac) return;
    const auto mac = source_.page->mac->bits;
    for (std::size_t i = 0; i < runs.size(); ++i) {
      const auto [first, count] = runs[i];
      if (mac < first.bits || mac >= first.bits + count) continue;
      const auto before = mac - first.bits;
      std::vector<Run> parts{{first, before}, {{mac}, 1}, {{mac + 1}, count - before - 1}};
      std::erase_if(parts, [](const Run& part) { return part.count == 0; });
      runs.erase(runs.begin() + static_cast<std::ptrdiff_t>(i));
      runs.insert(runs.begin() + static_cast<std::ptrdiff_t>(i), parts.begin(), parts.end());
      return;
    }
  }

  void write(const GuessedGroup& group, const Run& run, std::string_view remark) {
    const auto* const page =
        source_.page && source_.page->mac == run.first && run.count == 1 ? &*source_.page : nullptr;
    out_.line(fmt::format("  - group: {}", group_name(group.model, ++number_)));
    if (run.count > 1) out_.line(fmt::format("    count: {}", run.count));
    out_.line(fmt::format("    mac: \"{}\"", format_lower(run.first)), remark);
    const auto& model = page != nullptr && !page->model.empty() ? page->model : group.model;
    if (!model.empty()) out_.line("    model: " + in_quotes(model));
    if (page != nullptr && !page->firmware.empty()) {
      auto firmware = page->firmware;
      if (firmware.ends_with(".loads")) firmware.erase(firmware.size() - 6);
      out_.line("    firmware: " + in_quotes(firmware), "as the phone's own page has it");
    } else if (!group.firmware.empty()) {
      out_.line("    firmware: " + in_quotes(group.firmware),
                group.firmware == group.release ? "" : "its build is made up");
    }
    if (page != nullptr && !page->serial.empty())
      out_.line("    serial: " + in_quotes(as_template(page->serial)));
    if (!source_.config.empty()) out_.line("    config: " + in_quotes(source_.config));
    write_set(group);
  }

  void write_set(const GuessedGroup& group) {
    if (!anchor_.empty()) {
      out_.line("    set: *" + anchor_);
      return;
    }
    anchor_ = fmt::format("kind-{}", kinds_);
    out_.line("    set: &" + anchor_);
    constexpr std::string_view names[] = {"Profile_Rule", "Profile_Rule_B", "Profile_Rule_C",
                                          "Profile_Rule_D"};
    const bool has_own = source_.page && source_.page->has == DevicePage::Has::rules;
    std::size_t place = 0;
    for (const auto& rule : group.rules) {
      const auto text = fmt::format("{}: {}", names[place++], in_quotes(as_template(rule.rule)));
      const auto why =
          fmt::format("{} by {}", counted(rule.requests, "request"), counted(rule.phones, "phone"));
      if (has_own) {
        out_.comment(fmt::format("{} ({}); config has rules of its own", text, why), 6);
      } else {
        out_.line("      " + text, why);
      }
    }
    if (group.rules.empty()) out_.comment("No request tells a rule.", 6);
    if (group.period) {
      out_.line(fmt::format("      Resync_Periodic: \"{}\"", group.period->count()),
                "half of the requests by the first rule come sooner after the one before");
    } else {
      out_.line("      Resync_Periodic: \"3600\"", "the factory's: too few requests tell a period");
    }
    for (const auto& rule : group.seldom)
      out_.comment(fmt::format("Besides, {} by {}: {}", counted(rule.requests, "request"),
                               counted(rule.phones, "phone"), rule.rule),
                   6);
  }

  const ScenarioSource& source_;
  YamlLines& out_;
  std::size_t share_;
  std::size_t number_ = 0, kinds_ = 0;
  std::uint64_t next_made_up_;
  std::string anchor_;
};

}  // namespace

void write_groups(const Guess& guess, const ScenarioSource& source, YamlLines& out) {
  Groups groups(guess, source, out);
  std::size_t left_out = 0;
  for (const auto& group : guess.groups) {
    if (groups.is_full()) {
      ++left_out;
    } else {
      groups.add(group);
    }
  }
  if (left_out > 0)
    out.comment(fmt::format("Left out: phones of {} more models and firmwares.", left_out));
}

}  // namespace provphone::client::evidence::detail
