#include "test/profile/samples.hpp"

#include <catch2/catch.hpp>

#include <filesystem>
#include <fstream>
#include <iterator>

namespace files_test {

using namespace provphone;
using namespace provphone::profile;
using namespace provphone::profile::samples;
namespace fs = std::filesystem;

namespace {

std::string read_file(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  REQUIRE(file);
  return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace

TEST_CASE("a phone makes of each sample profile what its name promises",
          "[R-XML-01][R-XML-10][R-XML-16]") {
  const fs::path folder = fs::path(PROVPHONE_FIXTURES) / "profiles";
  std::size_t good = 0;
  std::size_t bad = 0;
  for (const auto& entry : fs::directory_iterator(folder)) {
    const auto file = entry.path().filename().string();
    if (entry.path().extension() != ".xml" && entry.path().extension() != ".cfg") continue;
    INFO(file);
    const auto decoded = decode(read_file(entry.path()), {});
    CHECK(decoded.has_value() == !file.starts_with("bad-"));
    if (decoded) {
      CHECK_FALSE(decoded->changes.empty());
      CHECK(decoded->ignored.empty());
      ++good;
    } else {
      CHECK(decoded.error().code == Errc::xml_malformed);
      ++bad;
    }
  }
  CHECK(good >= 4);
  CHECK(bad >= 4);
}

TEST_CASE("a phone's own dump read back changes nothing more", "[R-XML-16]") {
  const auto decoded = decode(read_file(PROVPHONE_FIXTURES "/profiles/mpp-dump.xml"), {});
  REQUIRE(decoded);
  ParameterSet phone(factory_values(Generation::mpp12));
  CHECK_FALSE(profile::apply(phone, decoded->changes).empty());
  CHECK(profile::apply(phone, decoded->changes).empty());
  CHECK(phone.get(find_parameter("Profile_Rule_B").value()).empty());
  CHECK(phone.access(find_parameter("Display_Name_1_").value()) == Access::read_write);
}

}  // namespace files_test
