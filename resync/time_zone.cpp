#include "resync/time_zone.hpp"

#include <algorithm>
#include <tuple>

namespace provphone::resync {
namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr std::string_view blanks = " \t\r\n";

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(blanks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

// Takes a text apart from its front; what does not fit leaves it as it was.
struct Cursor {
  std::string_view rest;

  bool at_end() const { return rest.empty(); }
  bool take(char c) {
    if (rest.empty() || rest.front() != c) return false;
    rest.remove_prefix(1);
    return true;
  }
  // -1 or 1.
  int sign() {
    if (take('-')) return -1;
    take('+');
    return 1;
  }
  // One or two digits.
  std::optional<int> number(int most) {
    int value = 0;
    std::size_t digits = 0;
    while (digits < 2 && digits < rest.size() && rest[digits] >= '0' && rest[digits] <= '9')
      value = value * 10 + (rest[digits++] - '0');
    if (digits == 0 || value > most) return std::nullopt;
    rest.remove_prefix(digits);
    return value;
  }
  // `HH[:mm[:ss]]`, to the end; a colon with nothing behind it is borne, as the guides' own form of
  // it has one.
  std::optional<seconds> clock_time() {
    const auto hour = number(24);
    if (!hour) return std::nullopt;
    seconds time = hours(*hour);
    for (const seconds unit : {seconds(60), seconds(1)}) {
      if (!take(':')) break;
      if (at_end()) return time;
      const auto value = number(59);
      if (!value) return std::nullopt;
      time += *value * unit;
    }
    if (!at_end() || time > days(1)) return std::nullopt;
    return time;
  }
};

std::optional<YearlyMoment> parse_moment(std::string_view text) {
  Cursor cursor{trimmed(text)};
  YearlyMoment moment;
  const auto month = cursor.number(12);
  if (!month || *month == 0 || !cursor.take('/')) return std::nullopt;
  const int sign = cursor.sign();
  const auto day = cursor.number(31);
  if (!day || *day == 0 || !cursor.take('/')) return std::nullopt;
  const auto weekday = cursor.number(7);
  if (!weekday) return std::nullopt;
  moment.month = static_cast<std::uint8_t>(*month);
  moment.day = static_cast<std::int8_t>(sign * *day);
  moment.weekday = static_cast<std::uint8_t>(*weekday);
  if (cursor.at_end()) return moment;
  if (!cursor.take('/')) return std::nullopt;
  const auto time = cursor.clock_time();
  if (!time) return std::nullopt;
  moment.time = *time;
  return moment;
}

// The guides' form of it begins with a slash, their examples have none.
std::optional<seconds> parse_save(std::string_view text) {
  Cursor cursor{trimmed(text)};
  if (cursor.at_end()) return seconds(0);
  cursor.take('/');
  const int sign = cursor.sign();
  const auto time = cursor.clock_time();
  if (!time) return std::nullopt;
  return sign * *time;
}

template <class Value>
bool put(std::optional<Value>& where, std::optional<Value> value) {
  if (where || !value) return false;
  where = value;
  return true;
}

}  // namespace

std::optional<seconds> parse_time_zone(std::string_view text) {
  Cursor cursor{trimmed(text)};
  for (const char c : {'G', 'M', 'T'}) {
    if (!cursor.take(c)) return std::nullopt;
  }
  if (cursor.at_end()) return seconds(0);
  const bool is_signed = cursor.rest.front() == '+' || cursor.rest.front() == '-';
  const int sign = cursor.sign();
  const auto hour = cursor.number(14);
  if (!is_signed || !hour) return std::nullopt;
  seconds offset = hours(*hour);
  if (cursor.take(':')) {
    const auto minute = cursor.number(59);
    if (!minute) return std::nullopt;
    offset += minutes(*minute);
  }
  if (!cursor.at_end() || offset > hours(14)) return std::nullopt;
  return sign * offset;
}

std::optional<seconds> parse_time_offset(std::string_view text) {
  Cursor cursor{trimmed(text)};
  if (cursor.at_end()) return seconds(0);
  const int sign = cursor.sign();
  const auto hour = cursor.number(23);
  if (!hour || !(cursor.take('/') || cursor.take(':'))) return std::nullopt;
  const auto minute = cursor.number(59);
  if (!minute || !cursor.at_end()) return std::nullopt;
  return sign * (hours(*hour) + minutes(*minute));
}

std::optional<SavingTime> parse_saving_time(std::string_view text) {
  std::optional<YearlyMoment> start, end;
  std::optional<seconds> save;
  auto rest = trimmed(text);
  while (!rest.empty()) {
    const auto field = rest.substr(0, rest.find(';'));
    rest.remove_prefix(std::min(rest.size(), field.size() + 1));
    const auto equals = field.find('=');
    if (equals == std::string_view::npos) return std::nullopt;
    const auto key = trimmed(field.substr(0, equals));
    const auto value = field.substr(equals + 1);
    const bool is_taken = (key == "start" && put(start, parse_moment(value))) ||
                          (key == "end" && put(end, parse_moment(value))) ||
                          (key == "save" && put(save, parse_save(value)));
    if (!is_taken) return std::nullopt;
  }
  if (!start || !end || !save) return std::nullopt;
  return SavingTime{*start, *end, *save};
}

std::chrono::sys_days day_in(std::chrono::year year, const YearlyMoment& moment) {
  const std::chrono::month month{moment.month};
  const std::chrono::sys_days first{year / month / 1};
  const std::chrono::sys_days last{year / month / std::chrono::last};
  const bool counts_back = moment.day < 0;
  const auto given = counts_back ? last + days(moment.day + 1) : first + days(moment.day - 1);
  const auto day = std::clamp(given, first, last);
  if (moment.weekday == 0) return day;
  const std::chrono::weekday wanted{moment.weekday};
  const std::chrono::weekday found{day};
  return counts_back ? day - (found - wanted) : day + (wanted - found);
}

YearsOfZone::YearsOfZone(const OwnZone& zone, std::chrono::year year) : offset_(zone.offset) {
  if (!zone.saving || zone.saving->save == seconds(0)) return;
  const auto& saving = *zone.saving;
  const auto saved = zone.offset + saving.save;
  for (const auto each : {year - std::chrono::years(1), year, year + std::chrono::years(1)}) {
    // Each by the clock as it runs until then: the end by the one that is ahead.
    changes_[count_++] = {day_in(each, saving.start) + saving.start.time - zone.offset, saved};
    changes_[count_++] = {day_in(each, saving.end) + saving.end.time - saved, zone.offset};
  }
  const auto is_earlier = [](const OffsetChange& a, const OffsetChange& b) {
    return std::tie(a.at, a.offset) < std::tie(b.at, b.offset);
  };
  std::sort(changes_.begin(), changes_.end(), is_earlier);
  offset_ = changes_.front().offset == saved ? zone.offset : saved;
}

}  // namespace provphone::resync
