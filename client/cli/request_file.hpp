#pragma once

#include "client/cli/options.hpp"
#include "client/report/output.hpp"
#include "client/report/request_table.hpp"
#include "client/scenario/scenario.hpp"
#include "client/trace/event.hpp"
#include "macro/error.hpp"

#include <memory>
#include <string>

// `--out csv=FILE`: every request of a run, a line each.
namespace provphone::client::cli {

// `out` must outlive the command.
Option request_file_option(std::string& out);

// What a run's requests go to; nothing where nobody asked for it. Of one thread at a time.
class RequestFile {
 public:
  // Groups are those of `scenario`, which must outlive it; null: there are none. Fails with
  // bad_argument or unreadable_file.
  static Result<RequestFile> open(const std::string& out, const scenario::Scenario* scenario);

  explicit operator bool() const { return table_ != nullptr; }
  // Whether the table goes to standard output.
  static bool takes_standard_output(const std::string& out);

  void add(const trace::TraceEvent& event) {
    if (table_) table_->add(event);
  }
  // Once. Fails with unreadable_file.
  Result<void> finish();

 private:
  std::shared_ptr<report::OutputFile> file_;
  std::shared_ptr<report::RequestTable> table_;
};

}  // namespace provphone::client::cli
