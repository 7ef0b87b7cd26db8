#include "client/evidence/log_reader.hpp"

#include "client/evidence/access_lines.hpp"
#include "client/evidence/capture_lines.hpp"
#include "client/evidence/json_lines.hpp"
#include "client/evidence/line_source.hpp"
#include "client/evidence/syslog_lines.hpp"
#include "macro/ascii.hpp"
#include "macro/try.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace provphone::client::evidence {
namespace {

std::unique_ptr<LogLines> reader_of(const KnownLog& known, const LogTerms& terms, Instant written) {
  LogClock clock(terms.zone, terms.year, written);
  switch (known.kind) {
    case LogKind::access:
      return std::make_unique<AccessLines>(known.format, std::move(clock));
    case LogKind::access_json:
      return std::make_unique<JsonAccessLines>(std::move(clock));
    case LogKind::syslog:
      return std::make_unique<SyslogLines>(std::move(clock));
    case LogKind::record:
      return std::make_unique<RecordLines>(terms.start);
    case LogKind::trace:
      return std::make_unique<TraceLines>(terms.start);
    case LogKind::capture:
      break;
  }
  return std::make_unique<CaptureLines>();
}

bool is_blank(std::string_view line) {
  return ascii::trimmed(line).empty();
}

// One file on its way into a gathering.
class LogFile {
 public:
  LogFile(std::string name, LineSource source, const LogTerms& terms, Gathering& gathering,
          LogReport& report)
      : name_(std::move(name)),
        source_(std::move(source)),
        terms_(terms),
        gathering_(gathering),
        report_(report) {}

  Result<void> read() {
    TRY(const auto known, recognise());
    reader_ = reader_of(known, terms_, source_.written());
    ++report_.files;
    ++report_.kinds[known.kind];
    const auto used_before = report_.used;
    std::size_t number = 0;
    for (const auto& line : first_lines_) read_line(line, ++number);
    while (const auto line = source_.next()) read_line(*line, source_.number());
    line_ = {};
    reader_->end([this](const Sighting& seen) { take(seen); });
    TRY(source_.result());
    settle_last();
    if (report_.used == used_before)
      return fail(Errc::bad_argument,
                  fmt::format("{}: nothing in it is of a phone or of anybody who asked; it looks "
                              "like {} ({} lines)",
                              name_, name(known.kind), source_.number()));
    return {};
  }

 private:
  Result<KnownLog> recognise() {
    constexpr std::size_t enough = 50;
    while (first_lines_.size() < enough) {
      const auto line = source_.next();
      if (!line) break;
      first_lines_.emplace_back(*line);
    }
    TRY(source_.result());
    if (std::all_of(first_lines_.begin(), first_lines_.end(), is_blank))
      return fail(Errc::bad_argument, fmt::format("{} is empty", name_));
    auto known = kind_of_log(first_lines_);
    // Somebody who says the format of an access log says that it is one.
    const bool is_text = !known || known->kind == LogKind::access || known->kind == LogKind::syslog;
    if (terms_.format && is_text) return KnownLog{LogKind::access, *terms_.format};
    if (known) return *std::move(known);
    return fail(Errc::bad_argument,
                fmt::format("{}:1: expected an access log (common, combined, JSON, or another with "
                            "--format), a log of syslog or of a TFTP server, a record of serve, a "
                            "trace, or a capture in tshark's JSON",
                            name_));
  }

  void read_line(std::string_view line, std::size_t number) {
    if (is_blank(line)) return;
    ++report_.lines;
    line_ = line;
    last_says_ = reader_->read(line, [this](const Sighting& seen) { take(seen); });
    if (last_says_ == LineSays::nothing) ++report_.about_else;
    if (last_says_ != LineSays::misfit) return;
    ++report_.misfit_count;
    if (report_.misfits.size() >= LogReport::most_misfits) return;
    report_.misfits.push_back(
        fmt::format("{}:{}: expected {}", name_, number, reader_->expected()));
    last_was_listed_ = number;
  }

  // A last line without an end was cut off, which is no fault of the log's.
  void settle_last() {
    if (source_.last_was_whole() || last_says_ != LineSays::misfit) return;
    --report_.misfit_count;
    ++report_.cut_off;
    if (last_was_listed_ == source_.number()) report_.misfits.pop_back();
  }

  void take(const Sighting& seen) {
    ++report_.used;
    gathering_.take(seen, line_);
    if (!report_.from || seen.at < *report_.from) report_.from = seen.at;
    if (!report_.to || seen.at > *report_.to) report_.to = seen.at;
    // Servers write a line when a request is over, so that lines are a little out of order.
    constexpr std::chrono::minutes little{1};
    if (seen.at + little < last_at_) ++report_.clock_jumps;
    last_at_ = seen.took_ms > 0 ? seen.at + std::chrono::milliseconds(seen.took_ms) : seen.at;
  }

  std::string name_;
  LineSource source_;
  const LogTerms& terms_;
  Gathering& gathering_;
  LogReport& report_;
  std::unique_ptr<LogLines> reader_;
  std::vector<std::string> first_lines_;
  std::string_view line_;
  LineSays last_says_ = LineSays::nothing;
  std::size_t last_was_listed_ = 0;
  Instant last_at_{};
};

}  // namespace

Result<void> read_log(const std::string& file, const LogTerms& terms, Gathering& gathering,
                      LogReport& report) {
  TRY(auto source, LineSource::open(file));
  return LogFile(file, std::move(source), terms, gathering, report).read();
}

}  // namespace provphone::client::evidence
