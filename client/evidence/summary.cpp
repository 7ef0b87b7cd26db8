#include "client/evidence/summary.hpp"

#include "client/evidence/detail/counted.hpp"
#include "client/evidence/timestamp.hpp"

#include <fmt/format.h>

#include <array>

namespace provphone::client::evidence {
namespace {

using detail::counted;

void add_part(std::string& line, std::size_t count, std::string_view what) {
  if (count > 0) line += fmt::format("{}{} {}", line.empty() ? "" : ", ", count, what);
}

std::string row(std::string_view head, std::string_view text) {
  return text.empty() ? std::string() : fmt::format("{:<9} {}\n", head, text);
}

std::string read_row(const LogReport& report) {
  std::string kinds;
  for (const auto& [kind, files] : report.kinds) {
    kinds += fmt::format("{}{}", kinds.empty() ? "" : ", ", name(kind));
    if (files > 1) kinds += fmt::format(" ({})", files);
  }
  return row("read", fmt::format("{} of {}: {}", counted(report.lines, "line"),
                                 counted(report.files, "file"), kinds));
}

std::string found_row(const LogReport& report, const Seen& seen) {
  std::size_t requests = 0, messages = 0;
  for (const auto& phone : seen.phones) {
    requests += phone.requests.size();
    messages += phone.messages.size();
  }
  auto text = fmt::format("{} and {} of {}", counted(requests, "request"),
                          counted(messages, "message"), counted(seen.phones.size(), "phone"));
  if (report.from)
    text += fmt::format(", from {} to {}", format_utc(*report.from), format_utc(*report.to));
  return row("found", text);
}

std::string phones_row(const Seen& seen) {
  std::array<std::size_t, static_cast<std::size_t>(Sureness::last) + 1> phones{};
  for (const auto& phone : seen.phones) ++phones[static_cast<std::size_t>(phone.sureness)];
  std::string text;
  add_part(text, phones[0], "told by certificate");
  add_part(text, phones[1], "by MAC address or serial number");
  add_part(text, phones[2], "by a lease");
  add_part(text, phones[3], "by address alone: one address may be several phones, or none");
  return row("phones", text);
}

}  // namespace

std::string summary_text(const LogReport& report, const Gathered& gathered) {
  auto text = read_row(report) + found_row(report, gathered.seen) + phones_row(gathered.seen);
  std::string left_out;
  add_part(left_out, gathered.of_others, "of browsers, tools and others that are no phone");
  add_part(left_out, report.about_else, "about something else");
  add_part(left_out, gathered.doubled, "that stand there twice");
  text += row("left out", left_out);
  std::string odd;
  add_part(odd, report.clock_jumps, "earlier than the line before by more than a minute");
  add_part(odd, report.cut_off, "cut off at the end of its file");
  text += row("odd", odd);
  if (report.misfit_count == 0) return text;
  text += row("not read", counted(report.misfit_count, "line"));
  for (const auto& misfit : report.misfits) text += fmt::format("  {}\n", misfit);
  if (report.misfit_count > report.misfits.size())
    text += fmt::format("  and {} more\n", report.misfit_count - report.misfits.size());
  return text;
}

}  // namespace provphone::client::evidence
