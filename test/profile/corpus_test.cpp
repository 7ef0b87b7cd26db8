#include "test/profile/corpus.hpp"

#include "macro/fnv1a.hpp"
#include "test/not_run.hpp"
#include "test/profile/samples.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include <cstdlib>
#include <iostream>
#include <map>
#include <sstream>

namespace corpus_test {

// Files from the field, which are not part of the project, against what a person reviewed
// (test/profile/corpus.expected says how to read it).
using namespace provphone;
using namespace provphone::profile;
using namespace provphone::profile::samples;
namespace fs = std::filesystem;

namespace {

// The test is not run where there are none.
std::vector<fs::path> collected_profiles() {
  const auto folder = corpus_folder();
  if (!folder) test::not_run("no folder of collected profiles; PROVPHONE_CORPUS names one");
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(*folder)) {
    if (is_profile(entry.path())) files.push_back(entry.path());
  }
  return files;
}

// The reviewed lines by file name.
std::map<std::string, std::string> expected_lines() {
  std::map<std::string, std::string> lines;
  std::istringstream text(read_file(PROVPHONE_SOURCE_DIR "/test/profile/corpus.expected"));
  for (std::string line; std::getline(text, line);) {
    if (!line.empty() && line[0] != '#') lines[line.substr(0, line.find('\t'))] = line;
  }
  return lines;
}

// 64-bit FNV-1a over every name, value and right, so that a list of expectations pins values
// without holding them.
std::string fingerprint(const Decoded& decoded) {
  macro::Fnv1a<std::uint64_t> print;
  const auto add = [&](std::string_view text) {
    print.take(text);
    print.take(0xffU);  // an octet that ends a text and is in no UTF-8
  };
  for (const auto& change : decoded.changes) {
    add(parameter(change.id).name);
    add(change.value ? "=" + *change.value : "kept");
    add(change.access ? name(*change.access) : "");
  }
  return fmt::format("{:016x}", print.value());
}

std::string outcome(std::string_view bytes, SelfClosed self_closed) {
  const auto decoded = decode_or_explain(bytes, reading(self_closed));
  if (decoded) {
    return fmt::format("ok {} set {} ignored {}", decoded->changes.size(), decoded->ignored.size(),
                       fingerprint(*decoded));
  }
  const auto& [error, position, text, before] = decoded.error();
  if (!position) return std::string(name(error.code));
  return fmt::format("{} {}:{}", name(error.code), position->line, position->column);
}

std::string outcomes(std::string_view bytes) {
  return outcome(bytes, SelfClosed::keeps_value) + '\t' +
         outcome(bytes, SelfClosed::clears_value_unless_rw);
}

std::vector<std::string> fields_of(const std::string& line) {
  std::vector<std::string> fields;
  std::istringstream stream(line);
  for (std::string field; std::getline(stream, field, '\t');) fields.push_back(field);
  return fields;
}

std::string verdict_of_libxml2(const fs::path& file) {
  const auto command = fmt::format("xmllint --nonet --noout '{}' >/dev/null 2>&1", file.string());
  return std::system(command.c_str()) == 0 ? "yes" : "no";
}

}  // namespace

TEST_CASE("a phone makes of every file from the field what a person reviewed",
          "[R-XML-10][R-XML-18][R-XML-27]") {
  auto expected = expected_lines();
  for (const auto& path : collected_profiles()) {
    const auto file = path.filename().string();
    const auto line = expected[file];
    const auto fields = fields_of(line);
    const auto well_formed = fields.size() > 1 ? fields[1] : "?";
    const auto rule = fields.size() > 2 ? fields[2] : "-";
    const auto found = outcomes(read_file(path));
    const auto now = fmt::format("{}\t{}\t{}\t{}", file, well_formed, rule, found);
    CHECK(line == now);
    if (line != now) std::cerr << "new line: " << now << '\n';  // whole, for the list
    // Where libxml2 thinks otherwise, a rule says why.
    CHECK((found.starts_with("ok ") == (well_formed == "yes") || rule != "-"));
    expected.erase(file);
  }
  for (const auto& [file, line] : expected) FAIL_CHECK(file << " is expected, but missing");
}

TEST_CASE("libxml2 takes the files from the field that the list says it does", "[R-XML-10]") {
  const auto files = collected_profiles();
  if (std::system("xmllint --version >/dev/null 2>&1") != 0)
    test::not_run("xmllint is not installed");
  auto expected = expected_lines();
  for (const auto& path : files) {
    INFO(path);
    const auto fields = fields_of(expected[path.filename().string()]);
    CHECK((fields.size() > 1 ? fields[1] : "?") == verdict_of_libxml2(path));
  }
}

}  // namespace corpus_test
