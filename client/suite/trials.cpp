#include "client/suite/trials.hpp"

#include "client/suite/child.hpp"
#include "macro/enum_array.hpp"
#include "macro/try.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <thread>
#include <utility>

namespace provphone::client::suite {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::milliseconds between_looks{10};

std::string text_of(const std::string& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

// Of a run that left a result; the first line of what it said where it left none.
std::string headline_of(const Trial& trial) {
  const auto result = nlohmann::json::parse(trial.result, nullptr, false);
  if (result.is_object() && result.contains("headline") && result["headline"].is_string())
    return result["headline"].get<std::string>();
  auto line = trial.said.substr(0, trial.said.find('\n'));
  constexpr std::string_view who = "provphone: ";
  if (line.starts_with(who)) line.erase(0, who.size());
  return line.empty() ? fmt::format("exit status {}", trial.exit_status) : line;
}

struct Running {
  std::size_t number;
  Child child;
  Clock::time_point began;
};

class Conduct {
 public:
  explicit Conduct(const Orders& orders) : orders_(orders) {
    for (const auto& member : orders.members) trials_.emplace_back().member = member;
  }

  Result<std::vector<Trial>> to_the_end() {
    while (true) {
      pass_on_signal();
      while (may_start()) {
        TRY(start_next());
      }
      if (running_.empty()) break;
      std::this_thread::sleep_for(between_looks);
      take_ended();
      tell_progress();
    }
    for (auto& trial : trials_) {
      if (trial.ending == Ending::left_out) trial.cause = why_not_;
    }
    return std::move(trials_);
  }

 private:
  bool may_start() const {
    return why_not_.empty() && next_ < trials_.size() && running_.size() < orders_.jobs;
  }
  std::string file(std::size_t number, std::string_view suffix) const {
    return fmt::format("{}/{}.{}", orders_.folder, number, suffix);
  }

  Result<void> start_next() {
    const auto number = next_++;
    const auto& member = trials_[number].member;
    std::vector<std::string> arguments{std::string(name(member.driver)),
                                       member.file,
                                       "--quiet",
                                       "--json",
                                       file(number, "json"),
                                       "--junit",
                                       file(number, "xml")};
    const auto more = orders_.flags(member);
    arguments.insert(arguments.end(), more.begin(), more.end());
    const auto began = Clock::now();
    TRY(auto child, Child::start(arguments, file(number, "txt")));
    running_.push_back({number, std::move(child), began});
    return {};
  }

  void pass_on_signal() {
    if (has_signalled_) return;
    const auto signal = orders_.signal ? orders_.signal() : std::nullopt;
    if (!signal) return;
    has_signalled_ = true;
    why_not_ = "a signal came before it began";
    for (const auto& each : running_) each.child.signal(*signal);
  }

  void take_ended() {
    std::vector<Running> still;
    for (auto& each : running_) {
      if (const auto status = each.child.ended()) {
        conclude(each, *status);
      } else {
        still.push_back(std::move(each));
      }
    }
    // Children are not assigned, which would end one of them.
    running_.clear();
    for (auto& each : still) running_.push_back(std::move(each));
  }

  void conclude(const Running& ended, int status) {
    auto& trial = trials_[ended.number];
    trial.exit_status = status;
    trial.ending = ending_of(status);
    trial.took = std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - ended.began);
    trial.said = text_of(file(ended.number, "txt"));
    trial.result = text_of(file(ended.number, "json"));
    trial.junit = text_of(file(ended.number, "xml"));
    ++progress_.ended;
    if (trial.ending != Ending::passed) {
      trial.cause = headline_of(trial);
      ++progress_.failed;
      if (orders_.stops_at_failure && why_not_.empty())
        why_not_ = fmt::format("{} did not pass", trial.member.file);
    }
    if (orders_.on_end) orders_.on_end(trial);
  }

  void tell_progress() {
    if (!orders_.on_progress) return;
    progress_.all = trials_.size();
    progress_.running.clear();
    for (const auto& each : running_) progress_.running.push_back(trials_[each.number].member.file);
    orders_.on_progress(progress_);
  }

  const Orders& orders_;
  std::vector<Trial> trials_;
  std::vector<Running> running_;
  std::size_t next_ = 0;
  std::string why_not_;  // the rest is not begun; empty: it is
  bool has_signalled_ = false;
  Progress progress_;
};

}  // namespace

std::string_view name(Ending ending) {
  constexpr EnumArray<Ending, std::string_view> names{
      {"pass", "void", "fail", "refused", "broken", "skipped"}};
  return names[ending];
}

Ending ending_of(int exit_status) {
  switch (exit_status) {
    case 0:
      return Ending::passed;
    case 1:
      return Ending::failed;
    case 2:
      return Ending::refused;
    case 3:
      return Ending::void_run;
    default:
      return Ending::broken;
  }
}

int exit_of(const std::vector<Trial>& trials) {
  constexpr EnumArray<Ending, int> statuses{{0, 3, 1, 2, 4, 3}};
  auto worst = Ending::passed;
  bool is_complete = true;
  for (const auto& trial : trials) {
    if (trial.ending == Ending::left_out) {
      is_complete = false;
    } else {
      worst = std::max(worst, trial.ending);
    }
  }
  // Nothing is wrong with what was looked at, and not all of it was.
  if (worst == Ending::passed && !is_complete) return statuses[Ending::left_out];
  return statuses[worst];
}

Result<std::vector<Trial>> run_all(const Orders& orders) {
  return Conduct(orders).to_the_end();
}

}  // namespace provphone::client::suite
