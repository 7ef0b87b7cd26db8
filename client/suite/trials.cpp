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
#include <list>
#include <set>
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

// `provphone: ` stands before what a person is told by a program of its own.
std::string first_line_of(std::string_view said) {
  constexpr std::string_view who = "provphone: ";
  auto line = said.substr(0, said.find('\n'));
  if (line.starts_with(who)) line.remove_prefix(who.size());
  return std::string(line);
}

// Of a run that left a result; the first line of what it said where it left none.
std::string headline_of(const Trial& trial) {
  const auto result = nlohmann::json::parse(trial.result, nullptr, false);
  if (result.is_object() && result.contains("headline") && result["headline"].is_string())
    return result["headline"].get<std::string>();
  const auto line = first_line_of(trial.said);
  return line.empty() ? fmt::format("exit status {}", trial.exit_status) : line;
}

// Of one that has ended before it answered.
std::string why_not_started(const Server& server) {
  const auto line = first_line_of(server.said());
  return line.empty() ? fmt::format("it said nothing within {} s", time_to_start.count()) : line;
}

bool asks_a_server(const Member& member) {
  return member.driver != Driver::forecast;
}

// A member under way: first its server starts, then it runs, then its server ends.
struct Running {
  std::size_t number;
  std::optional<Server> server;  // nothing: it has none of its own
  std::optional<Child> run;      // nothing: its server does not answer yet
  Clock::time_point began;
  bool is_over = false;  // it is concluded once its server has ended
};

class Conduct {
 public:
  explicit Conduct(const Orders& orders) : orders_(orders) {
    for (const auto& member : orders.members) trials_.emplace_back().member = member;
  }

  Result<std::vector<Trial>> to_the_end() {
    TRY(try_servers());
    while (true) {
      pass_on_signal();
      while (may_start()) {
        TRY(start_next());
      }
      if (running_.empty()) break;
      std::this_thread::sleep_for(between_looks);
      TRY(look_at_all());
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
  std::optional<int> signal() const { return orders_.signal ? orders_.signal() : std::nullopt; }

  // What is wrong with a server is wrong with many scenarios: it is told once, before any of them.
  // Those that differ by their files of faults are tried one by one.
  Result<void> try_servers() const {
    if (!orders_.server) return {};
    std::set<std::vector<std::string>> tried;
    for (const auto& member : orders_.members) {
      const auto arguments = serve_arguments(*orders_.server, member.file);
      if (!asks_a_server(member) || !tried.insert(arguments).second) continue;
      TRY(auto server, Server::start(*orders_.server, arguments, file(0, "server")));
      auto state = server.look();
      for (; state == Server::State::starting && !signal(); state = server.look())
        std::this_thread::sleep_for(between_looks);
      if (state == Server::State::ended)
        return fail(Errc::bad_argument,
                    "the scenarios' server does not start: " + why_not_started(server));
    }
    return {};
  }

  Result<void> start_next() {
    const auto number = next_++;
    const auto& member = trials_[number].member;
    auto& each = running_.emplace_back(Running{number, {}, {}, {}});
    if (!orders_.server) return start_run(each, {});
    if (!asks_a_server(member)) return start_run(each, usual_addresses(*orders_.server));
    TRY(auto server, Server::start(*orders_.server, serve_arguments(*orders_.server, member.file),
                                   file(number, "server")));
    each.server.emplace(std::move(server));
    return {};
  }

  Result<void> start_run(Running& each, const Variables& variables) {
    const auto& member = trials_[each.number].member;
    std::vector<std::string> arguments{std::string(name(member.driver)),
                                       member.file,
                                       "--quiet",
                                       "--json",
                                       file(each.number, "json"),
                                       "--junit",
                                       file(each.number, "xml")};
    const auto more = orders_.flags(member);
    arguments.insert(arguments.end(), more.begin(), more.end());
    each.began = Clock::now();
    TRY(auto child, Child::start(arguments, file(each.number, "txt"), variables));
    each.run.emplace(std::move(child));
    return {};
  }

  void pass_on_signal() {
    if (has_signalled_) return;
    const auto number = signal();
    if (!number) return;
    has_signalled_ = true;
    why_not_ = "a signal came before it began";
    for (auto& each : running_) {
      if (each.run) {
        each.run->signal(*number);
      } else {
        give_up(each);
      }
    }
  }

  // Its server has not answered, and there will be no run: it is left out.
  void give_up(Running& each) {
    each.is_over = true;
    each.server->end();
  }

  Result<void> look_at_all() {
    for (auto each = running_.begin(); each != running_.end();) {
      TRY(look_at(*each));
      const bool is_gone = each->is_over && (!each->server || each->server->has_ended());
      if (is_gone && each->run) conclude(*each);
      each = is_gone ? running_.erase(each) : std::next(each);
    }
    return {};
  }

  Result<void> look_at(Running& each) {
    if (each.is_over) return {};
    auto& trial = trials_[each.number];
    if (!each.run) {
      const auto state = each.server->look();
      if (state == Server::State::answers) return start_run(each, each.server->addresses());
      if (state == Server::State::ended) conclude_unbegun(each);
      return {};
    }
    const auto status = each.run->ended();
    if (!status) return {};
    each.is_over = true;
    trial.exit_status = *status;
    trial.ending = ending_of(*status);
    trial.took = std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - each.began);
    if (each.server) each.server->end();
    return {};
  }

  // A server of the same kind did start a while ago.
  void conclude_unbegun(Running& each) {
    each.is_over = true;
    auto& trial = trials_[each.number];
    trial.ending = Ending::refused;
    trial.exit_status = 2;
    trial.said = each.server->said();
    trial.cause = "its server did not start: " + why_not_started(*each.server);
    count(trial);
  }

  void conclude(const Running& ended) {
    auto& trial = trials_[ended.number];
    trial.said = text_of(file(ended.number, "txt"));
    trial.result = text_of(file(ended.number, "json"));
    trial.junit = text_of(file(ended.number, "xml"));
    if (trial.ending != Ending::passed) {
      trial.cause = headline_of(trial);
      // What is no scenario has asked nobody.
      if (ended.server && trial.ending != Ending::refused)
        trial.server = tail_of(ended.server->said());
    }
    count(trial);
  }

  void count(const Trial& trial) {
    ++progress_.ended;
    if (trial.ending != Ending::passed) {
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
  std::list<Running> running_;
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
