#include "resync/load.hpp"

#include "resync/model.hpp"

#include <catch2/catch.hpp>

namespace load_test {
namespace {

using namespace provphone;
using namespace provphone::resync;
using namespace std::string_literals;

Personality with_version(LoadVersion how) {
  auto personality = personality_of(profile::Generation::mpp12);
  personality.load_version = how;
  return personality;
}

}  // namespace

TEST_CASE("the load's name is the file's, without its suffix", "[R-UPGRADE-02]") {
  for (const auto& [path, load] : {std::pair{"/a/sip88xx.12-0-1MPP-1.loads", "sip88xx.12-0-1MPP-1"},
                                   {"/ata.img?x=/y.bin", "ata"},
                                   {"/spa508-7-5-5.bin", "spa508-7-5-5"},
                                   {"/plain", "plain"},
                                   {"sip88xx.12-0-1MPP-1", "sip88xx.12-0-1MPP-1"},
                                   {"/", ""}}) {
    CHECK(load_name(path) == load);
  }
}

TEST_CASE("what a phone runs is its load's name, or the version in it", "[R-UPGRADE-12]") {
  struct Case {
    LoadVersion how;
    const char* path;
    const char* firmware;
  };
  using enum LoadVersion;
  for (const auto& [how, path, firmware] : {
           Case{name, "/fw/sip88xx.11-3-2MPP0001-609.loads", "sip88xx.11-3-2MPP0001-609"},
           {name, "/fw/spa50x-30x-7-5-2b.bin", "spa50x-30x-7-5-2b"},
           {plain, "/fw/spa50x-30x-7-5-2b.bin", "7.5.2b"},
           {plain, "/fw/spa50x-30x-7-5-5.bin", "7.5.5"},
           {plain, "/spa525g-7-6-2e.bin?x", "7.6.2e"},
           {plain, "/spa112-1.4.1.bin", "1.4.1"},
           {plain, "/spa112_1.4.1_SR5.bin", "1.4.1(SR5)"},
           {in_parentheses, "/spa942-6-1-5-a.bin", "6.1.5(a)"},
           {in_parentheses, "/spa942-6-1-5a.bin", "6.1.5(a)"},
           {in_parentheses, "/pap2t-5-1-6-LS.bin", "5.1.6(LS)"},
           {without_prefix, "/ata192.11-1-0MSR3-9.img", "11-1-0MSR3-9"},
           {without_prefix, "/11-1-0MSR3-9.img", "11-1-0MSR3-9"},
           // No version is in these.
           {plain, "/fw/latest.bin", "latest"},
           {plain, "/fw/spa508.bin", "spa508"},
           {plain, "/fw/spa50x-30x.bin", "spa50x-30x"},
           {plain, "/fw/.bin", ""},
           {plain, "", ""},
           {plain, "/fw/---.bin", "---"},
           {without_prefix, "/fw/.5.img", ".5"},
           // What a person has written as the version is one.
           {plain, "7.5.2b", "7.5.2b"},
           {in_parentheses, "6.1.5(a)", "6.1.5(a)"},
       }) {
    INFO(path);
    CHECK(firmware_of(path, with_version(how)) == firmware);
  }
}

TEST_CASE("each family writes the versions of its loads as it does", "[R-UPGRADE-12]") {
  const auto version_of = [](std::string_view model) {
    return kind_of({std::string(model), {}, {}}).personality.load_version;
  };
  CHECK(version_of("SPA504G") == LoadVersion::plain);
  CHECK(version_of("SPA942") == LoadVersion::in_parentheses);
  CHECK(version_of("SPA112") == LoadVersion::plain);
  CHECK(version_of("ATA192") == LoadVersion::without_prefix);
  CHECK(version_of("CP-8841-3PCC") == LoadVersion::name);
}

TEST_CASE("a list names the parts of a load", "[R-UPGRADE-11]") {
  CHECK(is_list_of_parts("/fw/sip88xx.12-0-7MPP0501-123.loads?token=.bin"));
  CHECK_FALSE(is_list_of_parts("/fw/spa508-7-5-5.bin"));
  const auto signed_list =
      "\x01\x02sig\0\xff kern88xx.12-0-7.sbn\0\x03rootfs88xx.12-0-7.sbn\0kern88xx.12-0-7.sbn\0"
      "../../etc/passwd\0dsp.12.sgn readme.txt .sbn"s;
  CHECK(parts_in(signed_list) ==
        std::vector<std::string>{"kern88xx.12-0-7.sbn", "rootfs88xx.12-0-7.sbn", "dsp.12.sgn"});
  CHECK(parts_in("").empty());
  CHECK(parts_in("<html>no such file</html>").empty());
  std::string many;
  for (int i = 0; i < 1000; ++i) many += "part" + std::to_string(i) + ".sbn\n";
  CHECK(parts_in(many).size() == most_parts);
}

TEST_CASE("a page, a profile or another text is no load", "[R-UPGRADE-05]") {
  const auto why = [](const std::string& beginning) {
    const auto checked = check_load(beginning);
    return checked ? "" : format(checked.error());
  };
  CHECK(why("<!DOCTYPE html><html>Sign in</html>") == "not_a_load: the file is an HTML page");
  CHECK(why("\xEF\xBB\xBF\n<HTML>") == "not_a_load: the file is an HTML page");
  CHECK(why("<flat-profile/>") == "not_a_load: the file is XML");
  CHECK(why("access denied\r\n") == "not_a_load: the file is a text");
  CHECK(why("Zugriff verweigert: für Geräte") == "not_a_load: the file is a text");
  CHECK(why("\x7f"s + "ELF").empty());
  CHECK(why("\x1f\x8b\x08").empty());
  CHECK(why("begins like a text\0and goes on"s).empty());
}

}  // namespace load_test
