#include "client/infer/words.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

namespace provphone::client::infer {

std::string shown(Instant at) {
  return fmt::format("{:%F %T}", std::chrono::floor<std::chrono::seconds>(at));
}

std::string clock_text(std::chrono::minutes after_midnight) {
  const auto minutes = after_midnight.count();
  return fmt::format("{:02}:{:02}", minutes / 60, minutes % 60);
}

std::string shortened(const resync::DelayList& list) {
  constexpr std::size_t most_elements_shown = 5;
  if (list.delays.size() <= most_elements_shown) return written(list);
  auto some = list;
  some.delays.resize(most_elements_shown);
  return written(some) + ",...";
}

std::string counted_phones(std::size_t count) {
  return count == 1 ? "one phone" : fmt::format("{} phones", count);
}

std::string phone_text(const evidence::SeenPhone& phone) {
  return phone.mac ? format_lower(*phone.mac) : phone.address;
}

std::string listed_phones(const evidence::Seen& seen, const Courses& courses,
                          const std::vector<std::uint32_t>& of) {
  constexpr std::size_t most_phones_shown = 10;
  std::string text;
  for (std::size_t i = 0; i < of.size() && i < most_phones_shown; ++i) {
    if (!text.empty()) text += ", ";
    text += phone_text(seen.phones[courses.phones[of[i]].phone]);
  }
  if (of.size() > most_phones_shown)
    text += fmt::format(" and {} more", of.size() - most_phones_shown);
  return text;
}

}  // namespace provphone::client::infer
