#include "client/transport/tftp_packet.hpp"

#include <catch2/catch.hpp>

namespace provphone::client::transport::tftp::tftp_packet_test {
namespace {

using namespace std::string_literals;

}  // namespace

TEST_CASE("a TFTP request holds a name, a mode and options") {
  const auto plain = parse_request("\0\1/a.xml\0OcTet\0"s);
  REQUIRE(plain);
  CHECK(*plain == Request{Opcode::read_request, "/a.xml", "octet", {}});
  const auto full = parse_request("\0\2a\0netascii\0BlkSize\0001024\0tsize\0000\0"s);
  REQUIRE(full);
  CHECK(*full == Request{Opcode::write_request, "a", "netascii",
                         Options{{"blksize", "1024"}, {"tsize", "0"}}});
}

TEST_CASE("padding behind a TFTP request is left alone") {
  const auto padded = parse_request("\0\1a\0octet\0tsize"s);
  REQUIRE(padded);
  CHECK(padded->options.empty());
}

TEST_CASE("what is no TFTP request is not read as one") {
  const auto packet =
      GENERATE(as<std::string>{}, ""s, "\0"s, "\0\1"s, "\0\1a"s, "\0\1a\0"s, "\0\1a\0octet"s,
               "\0\1\0octet\0"s, "\0\3a\0octet\0"s, "\0\4\0\1"s, "\1\1a\0octet\0"s);
  CHECK_FALSE(parse_request(packet));
}

TEST_CASE("TFTP packets are written as the standard draws them") {
  CHECK(format_data(0x0102, "abc") == "\0\3\1\2abc"s);
  CHECK(format_data(65535, "") == "\0\3\xff\xff"s);
  CHECK(format_error(ErrorCode::file_not_found, "no") == "\0\5\0\1no\0"s);
  CHECK(format_options({{"tsize", "1000"}, {"blksize", "9"}}) ==
        "\0\6tsize\0001000\0blksize\0009\0"s);
  CHECK(format_request({Opcode::read_request, "/a", {}, {{"tsize", "0"}}}) ==
        "\0\1/a\0octet\0tsize\0000\0"s);
}

TEST_CASE("a packet that is written over another has nothing left of it") {
  auto packet = format_data(1, "a long content");
  write_data(packet, 2, "b");
  CHECK(packet == format_data(2, "b"));
  write_acknowledgement(packet, 3);
  CHECK(packet == format_acknowledgement(3));
}

TEST_CASE("an error packet holds a number and a text, however it ends") {
  const auto text_of = [](const std::string& packet) {
    const auto error = error_of(packet);
    return error ? std::to_string(error->number) + " " + std::string(error->text) : "none"s;
  };
  CHECK(text_of("\0\5\0\1gone\0"s) == "1 gone");
  CHECK(text_of("\0\5\0\1gone\0more"s) == "1 gone");
  CHECK(text_of("\0\5\1\0gone"s) == "256 gone");
  CHECK(text_of("\0\5\0\1"s) == "1 ");
  CHECK(text_of("\0\5\0"s) == "none");
  CHECK(text_of("\0\4\0\1"s) == "none");
}

TEST_CASE("an acknowledgement of options holds pairs, each with its ends") {
  CHECK(options_of("\0\6BlkSize\0001024\0tsize\0007\0"s) ==
        Options{{"blksize", "1024"}, {"tsize", "7"}});
  CHECK(options_of("\0\6"s) == Options{});
  CHECK_FALSE(options_of("\0\6blksize\0001024"s));
  CHECK_FALSE(options_of("\0\6blksize\0"s));
  CHECK_FALSE(options_of("\0\4\0\1"s));
}

TEST_CASE("only an acknowledgement acknowledges") {
  CHECK(acknowledged_block("\0\4\1\2"s) == 0x0102);
  CHECK(acknowledged_block("\0\4\1\2more"s) == 0x0102);
  CHECK_FALSE(acknowledged_block("\0\4\1"s));
  CHECK_FALSE(acknowledged_block("\0\3\1\2"s));
}

}  // namespace provphone::client::transport::tftp::tftp_packet_test
