#include "client/serve/tftp_packet.hpp"

#include <catch2/catch.hpp>

namespace provphone::client::serve {
namespace {

using namespace std::string_literals;

using Texts = std::vector<std::pair<std::string, std::string>>;

Agreement agreement_on(const Texts& options, std::uint64_t file_octets = 1000) {
  return agree({Opcode::read_request, "a", "octet", options}, file_octets);
}

}  // namespace

TEST_CASE("a TFTP request holds a name, a mode and options", "[serve]") {
  const auto plain = parse_tftp_request("\0\1/a.xml\0OcTet\0"s);
  REQUIRE(plain);
  CHECK(*plain == TftpRequest{Opcode::read_request, "/a.xml", "octet", {}});
  const auto full = parse_tftp_request("\0\2a\0netascii\0BlkSize\0001024\0tsize\0000\0"s);
  REQUIRE(full);
  CHECK(*full == TftpRequest{Opcode::write_request, "a", "netascii",
                             Texts{{"blksize", "1024"}, {"tsize", "0"}}});
}

TEST_CASE("padding behind a TFTP request is left alone", "[serve]") {
  const auto padded = parse_tftp_request("\0\1a\0octet\0tsize"s);
  REQUIRE(padded);
  CHECK(padded->options.empty());
}

TEST_CASE("what is no TFTP request is not read as one", "[serve]") {
  const auto packet =
      GENERATE(as<std::string>{}, ""s, "\0"s, "\0\1"s, "\0\1a"s, "\0\1a\0"s, "\0\1a\0octet"s,
               "\0\1\0octet\0"s, "\0\3a\0octet\0"s, "\0\4\0\1"s, "\1\1a\0octet\0"s);
  CHECK_FALSE(parse_tftp_request(packet));
}

TEST_CASE("an option is agreed on where its value can be kept", "[serve]") {
  const auto [asked, answered] = GENERATE(table<Texts, Texts>({
      {{}, {}},
      {{{"tsize", "0"}}, {{"tsize", "1000"}}},
      {{{"blksize", "8"}}, {{"blksize", "8"}}},
      {{{"blksize", "7"}}, {}},
      {{{"blksize", "65464"}}, {{"blksize", "65464"}}},
      {{{"blksize", "65465"}}, {{"blksize", "65464"}}},
      {{{"blksize", "x"}, {"blksize", "16"}}, {{"blksize", "16"}}},
      {{{"blksize", "16"}, {"blksize", "32"}}, {{"blksize", "16"}}},
      {{{"timeout", "1"}}, {{"timeout", "1"}}},
      {{{"timeout", "255"}}, {{"timeout", "255"}}},
      {{{"timeout", "0"}}, {}},
      {{{"timeout", "256"}}, {}},
      {{{"windowsize", "4"}, {"tsize", "0"}}, {{"tsize", "1000"}}},
  }));
  CHECK(agreement_on(asked).options == answered);
}

TEST_CASE("without options blocks have 512 octets", "[serve]") {
  CHECK(agreement_on({}).block_octets == 512);
  CHECK_FALSE(agreement_on({}).timeout_seconds);
  CHECK(agreement_on({{"blksize", "1428"}}).block_octets == 1428);
  CHECK(agreement_on({{"timeout", "3"}}).timeout_seconds == 3);
}

TEST_CASE("TFTP packets are written as the standard draws them", "[serve]") {
  CHECK(format_data(0x0102, "abc") == "\0\3\1\2abc"s);
  CHECK(format_data(65535, "") == "\0\3\xff\xff"s);
  CHECK(format_error(TftpError::file_not_found, "no") == "\0\5\0\1no\0"s);
  CHECK(format_options(agreement_on({{"tsize", "0"}, {"blksize", "9"}})) ==
        "\0\6tsize\0001000\0blksize\0009\0"s);
}

TEST_CASE("only an acknowledgement acknowledges", "[serve]") {
  CHECK(acknowledged_block("\0\4\1\2"s) == 0x0102);
  CHECK(acknowledged_block("\0\4\1\2more"s) == 0x0102);
  CHECK_FALSE(acknowledged_block("\0\4\1"s));
  CHECK_FALSE(acknowledged_block("\0\3\1\2"s));
}

}  // namespace provphone::client::serve
