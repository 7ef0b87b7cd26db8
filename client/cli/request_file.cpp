#include "client/cli/request_file.hpp"

#include "client/scenario/phones.hpp"
#include "macro/try.hpp"

#include <string_view>

namespace provphone::client::cli {
namespace {

constexpr std::string_view csv = "csv=";

}  // namespace

Option request_file_option(std::string& out) {
  return output(
      {"--out", out, "csv=FILE", "write every request here, a line each; - is standard output"});
}

bool RequestFile::takes_standard_output(const std::string& out) {
  return out == "csv=-";
}

Result<RequestFile> RequestFile::open(const std::string& out, const scenario::Scenario* scenario) {
  RequestFile file;
  if (out.empty()) return file;
  if (!out.starts_with(csv) || out.size() == csv.size())
    return fail(Errc::bad_argument, "--out: expected csv=FILE");
  TRY(auto opened, report::OutputFile::open(out.substr(csv.size())));
  file.file_ = std::make_shared<report::OutputFile>(std::move(opened));
  file.table_ = std::make_shared<report::RequestTable>(
      [scenario](std::uint32_t phone) {
        return scenario == nullptr ? std::string()
                                   : scenario->phones[scenario::group_of(*scenario, phone)].name;
      },
      [to = file.file_](std::string_view line) { to->write_line(line); });
  return file;
}

Result<void> RequestFile::finish() {
  if (!table_) return {};
  table_->finish();
  return file_->finish();
}

}  // namespace provphone::client::cli
