#include "profile/aes.hpp"
#include "profile/gzip.hpp"
#include "profile/rfc8188.hpp"
#include "test/e2e/phone.hpp"
#include "test/not_run.hpp"

#include <catch2/catch.hpp>

#include <cstdlib>

// Layers against the tools that provisioning servers use, in both directions.
namespace provphone::e2e::layers_test {
namespace {

constexpr const char* script = PROVPHONE_SOURCE_DIR "/test/e2e/aes128gcm.py";
constexpr const char* phrase = "Secret Phrase 1234";
constexpr const char* ikm = "ThisIsTheIKM0001";
constexpr const char* ikm_in_hex = "546869734973546865494b4d30303031";

// One value of `size` octets, none of which says where it stands.
std::string profile_of(std::size_t size) {
  std::string value;
  for (std::uint32_t x = 1; value.size() < size; x = x * 1103515245 + 12345) {
    value.push_back(static_cast<char>('a' + (x >> 16) % 26));
  }
  return profile(value);
}

const std::vector<std::size_t> sizes{1, 15, 16, 17, 4000, 60'000};

struct DecodedFile {
  std::vector<std::string> layers;
  std::string gpp_a;
};

DecodedFile decode(Workspace& workspace, const std::string& file, const Flags& flags) {
  const auto command = provphone(
      workspace, with({"decode", workspace.path(file).string(), "--format", "json"}, flags));
  INFO(command.out << command.err);
  REQUIRE(command.exit_code == 0);
  const auto json = Json::parse(command.out);
  REQUIRE(json["parameters"].size() == 1);
  return {json["layers"], json["parameters"][0]["value"]};
}

std::string value_in(const std::string& file) {
  const auto start = file.find("<GPP_A>") + 7;
  return file.substr(start, file.find("</GPP_A>") - start);
}

bool has_python() {
  return std::system("python3 -c 'import cryptography' >/dev/null 2>&1") == 0;
}

// Runs the other implementation of RFC 8188 on a file of the workspace, and returns what it wrote.
std::string python(Workspace& workspace, const std::string& direction, const std::string& file,
                   const Flags& rest = {}) {
  workspace.run(with(
      {"python3", script, direction, ikm_in_hex, workspace.path(file), workspace.path("written")},
      rest));
  return read_file(workspace.path("written"));
}

TEST_CASE("a phone decodes what openssl and gzip write", "[R-LAYER-03][R-LAYER-08][R-LAYER-09]") {
  struct Row {
    std::string digest, layer;
  };
  const auto row =
      GENERATE(values<Row>({{"md5", "aes-256-cbc/md5"}, {"sha256", "aes-256-cbc/sha256"}}));
  const auto size = GENERATE(from_range(sizes));
  const auto zipped = GENERATE(false, true);
  INFO(row.digest << ", " << size << " octets, gzip: " << zipped);
  Workspace workspace;
  const auto text = profile_of(size);
  std::string plain = workspace.write("plain.xml", text).string();
  std::vector<std::string> layers{row.layer};
  if (zipped) {
    plain = workspace.write("plain.gz", workspace.run({"gzip", "-c", plain})).string();
    layers.emplace_back("gzip");
  }
  layers.emplace_back("xml");
  workspace.run({"openssl", "enc", "-aes-256-cbc", "-md", row.digest, "-k", phrase, "-in", plain,
                 "-out", workspace.path("sealed")});
  const auto decoded = decode(workspace, "sealed", {"--key", phrase});
  CHECK(decoded.layers == layers);
  CHECK(decoded.gpp_a == value_in(text));
}

TEST_CASE("openssl and gzip open what a phone writes", "[R-LAYER-19]") {
  struct Row {
    std::string digest;
    profile::Layer layer;
  };
  const auto row = GENERATE(values<Row>(
      {{"md5", profile::Layer::aes_256_cbc_md5}, {"sha256", profile::Layer::aes_256_cbc_sha256}}));
  const auto size = GENERATE(from_range(sizes));
  INFO(row.digest << ", " << size << " octets");
  Workspace workspace;
  const auto text = profile_of(size);
  workspace.write("sealed", profile::encrypt(profile::gzip(text), phrase, row.layer,
                                             {0x80, 0, 0xff, 4, 5, 6, 7, 8}));
  workspace.run({"openssl", "enc", "-d", "-aes-256-cbc", "-md", row.digest, "-k", phrase, "-in",
                 workspace.path("sealed"), "-out", workspace.path("opened.gz")});
  CHECK(workspace.run({"gzip", "-dc", workspace.path("opened.gz")}) == text);
}

TEST_CASE("a phone decodes what another implementation of RFC 8188 writes",
          "[R-LAYER-11][R-LAYER-13]") {
  if (!has_python()) test::not_run("python3 has no cryptography");
  const auto record_size = GENERATE(as<std::string>{}, "18", "33", "4096", "100000");
  Workspace workspace;
  const auto text = profile_of(4000);
  workspace.write("plain.xml", text);
  workspace.write("sealed", python(workspace, "seal", "plain.xml",
                                   {"00112233445566778899aabbccddeeff", record_size}));
  const auto decoded =
      decode(workspace, "sealed", {"--ikm", ikm, "--content-encoding", "aes128gcm"});
  CHECK(decoded.layers == std::vector<std::string>{"rfc8188", "xml"});
  CHECK(decoded.gpp_a == value_in(text));
  const auto in_hex = decode(
      workspace, "sealed",
      {"--ikm", ikm_in_hex, "--content-encoding", "aes128gcm", "--knob", "ikm_encoding=hex"});
  CHECK(in_hex.gpp_a == value_in(text));
}

TEST_CASE("another implementation of RFC 8188 opens what a phone writes", "[R-LAYER-20]") {
  if (!has_python()) test::not_run("python3 has no cryptography");
  const auto record_size = GENERATE(as<std::size_t>{}, 18, 33, 4096, 100'000);
  Workspace workspace;
  const auto text = profile_of(4000);
  workspace.write("sealed", profile::encrypt_aes128gcm(text, ikm, {{1, 2, 3}, record_size, "kid"}));
  CHECK(python(workspace, "open", "sealed") == text);
}

}  // namespace
}  // namespace provphone::e2e::layers_test
