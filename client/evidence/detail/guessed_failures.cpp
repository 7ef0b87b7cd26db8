#include "client/evidence/detail/guessed_failures.hpp"

#include "macro/hide.hpp"

#include <algorithm>
#include <map>
#include <set>

namespace provphone::client::evidence::detail {
namespace {

constexpr std::int16_t redirect = 300, not_modified = 304, client_error = 400, unauthorized = 401,
                       server_error = 500;

// So many failures of a server in a row are not chance.
constexpr std::size_t least_outage = 3;
constexpr std::size_t most_outages = 100;  // more than a person reads

// One answer, of any phone.
struct Answer {
  Instant at;
  std::int16_t status;
  std::uint32_t what;
  const std::string* pattern;  // of its path
};

// Patterns of paths, each once.
using Patterns = std::set<std::string>;

// A challenge that the phone has met by asking again is no failure.
bool is_met(const std::vector<SeenRequest>& requests, std::size_t place) {
  constexpr std::chrono::seconds soon{10};
  const auto& challenge = requests[place];
  if (challenge.status != unauthorized || place + 1 == requests.size()) return false;
  const auto& next = requests[place + 1];
  return next.what == challenge.what && next.at - challenge.at < soon &&
         next.status != unauthorized;
}

std::vector<Answer> answers_of(const Seen& seen, const std::vector<Person>& people,
                               Patterns& patterns, Guess& guess) {
  std::vector<Answer> answers;
  for (const auto& person : people) {
    std::map<std::uint32_t, const std::string*> known;
    const auto& requests = person.phone->requests;
    for (std::size_t i = 0; i < requests.size(); ++i) {
      const auto status = requests[i].status;
      if (status == 0) continue;
      if (is_met(requests, i)) {
        ++guess.logins;
        continue;
      }
      if (status >= redirect && status < client_error && status != not_modified) ++guess.redirects;
      const auto what = requests[i].what;
      auto& pattern = known[what];
      if (pattern == nullptr)
        pattern = &*patterns.insert(path_pattern(person, seen.requested[what].path)).first;
      answers.push_back({requests[i].at, status, what, pattern});
    }
  }
  std::stable_sort(answers.begin(), answers.end(),
                   [](const Answer& one, const Answer& other) { return one.at < other.at; });
  return answers;
}

// Runs of requests that all failed at the server.
void find_outages(std::vector<Answer>& answers, Guess& guess) {
  std::vector<Answer> left;
  for (std::size_t i = 0; i < answers.size();) {
    std::size_t end = i;
    std::map<std::int16_t, std::size_t> statuses;
    while (end < answers.size() && answers[end].status >= server_error)
      ++statuses[answers[end++].status];
    if (end - i >= least_outage && guess.outages.size() < most_outages) {
      const auto commonest =
          std::max_element(statuses.begin(), statuses.end(),
                           [](const auto& a, const auto& b) { return a.second < b.second; });
      guess.outages.push_back({answers[i].at, answers[end - 1].at, commonest->first, end - i});
    } else {
      left.insert(left.end(), answers.begin() + static_cast<std::ptrdiff_t>(i),
                  answers.begin() + static_cast<std::ptrdiff_t>(end));
    }
    if (end < answers.size()) left.push_back(answers[end++]);
    i = end;
  }
  answers = std::move(left);
}

struct OfPath {
  std::map<std::int16_t, std::size_t> statuses;  // failures
  std::size_t good = 0, bad = 0;
  std::optional<Instant> first_good, last_good, first_bad, last_bad;
  std::set<std::uint32_t> failing, all;  // what was asked for
};

void add(OfPath& of, const Answer& answer) {
  const bool is_bad = answer.status >= client_error;
  auto& first = is_bad ? of.first_bad : of.first_good;
  if (!first) first = answer.at;
  (is_bad ? of.last_bad : of.last_good) = answer.at;
  ++(is_bad ? of.bad : of.good);
  of.all.insert(answer.what);
  if (is_bad) of.failing.insert(answer.what);
  if (is_bad) ++of.statuses[answer.status];
}

// Failures that stand together: all of them, or with none that succeeded among them.
bool stand_together(const OfPath& of) {
  return of.good == 0 || *of.last_bad < *of.first_good || *of.first_bad > *of.last_good;
}

// Whether a pattern fails as such, and not a few phones' files that fit it.
bool is_of_the_pattern(const OfPath& of) {
  return of.good == 0 || of.all.size() == 1 ||
         (of.failing.size() > 1 && of.failing.size() * 2 >= of.all.size());
}

// Whether a scenario can name it.
bool is_plain(const std::string& path) {
  constexpr std::size_t longest = 400;
  return path.starts_with('/') && path.size() <= longest &&
         std::all_of(path.begin(), path.end(), [](char c) { return c > ' ' && c <= '~'; });
}

void add_answer(const std::string& path, const OfPath& of, Guess& guess) {
  GuessedAnswer made{macro::hide_query_secrets(path), of.statuses.begin()->first, of.bad,
                     guess.from, guess.to};
  if (of.good > 0) {
    made.span = GuessedAnswer::Span::a_while;
    made.from = *of.first_bad > *of.last_good ? *of.first_bad : guess.from;
    made.to = *of.first_bad > *of.last_good ? guess.to : *of.first_good;
  }
  guess.answers.push_back(std::move(made));
}

}  // namespace

void guess_failures(const Seen& seen, const std::vector<Person>& people, Guess& guess) {
  Patterns of_paths;
  auto answers = answers_of(seen, people, of_paths, guess);
  find_outages(answers, guess);
  // A pattern that fails for every phone is one answer; else each path is looked at by itself.
  std::map<std::string, OfPath> patterns, paths;
  std::map<std::string, std::string> pattern_of;
  for (const auto& answer : answers) add(patterns[*answer.pattern], answer);
  for (const auto& answer : answers) {
    // Most patterns never fail, nor does any path that fits them.
    if (patterns[*answer.pattern].bad == 0) continue;
    const auto& path = seen.requested[answer.what].path;
    add(paths[path], answer);
    pattern_of.emplace(path, *answer.pattern);
  }
  constexpr std::size_t most_answers = 30;
  const auto can_be_told = [&](const std::string& path, const OfPath& of) {
    if (!is_plain(path)) return false;
    // What a server failed with itself once or twice is no property of the path.
    if (of.bad > 0 && of.statuses.begin()->first >= server_error && of.bad < least_outage)
      return false;
    return of.bad > 0 && of.statuses.size() == 1 && stand_together(of) &&
           guess.answers.size() < most_answers;
  };
  std::map<std::string, bool> told;
  for (const auto& [pattern, of] : patterns) {
    told[pattern] = is_of_the_pattern(of) && can_be_told(pattern, of);
    if (told[pattern]) add_answer(pattern, of, guess);
  }
  for (const auto& [path, of] : paths) {
    if (told[pattern_of[path]] || of.bad == 0) continue;
    if (can_be_told(path, of)) {
      add_answer(path, of, guess);
    } else {
      guess.other_failures += of.bad;
    }
  }
}

}  // namespace provphone::client::evidence::detail
