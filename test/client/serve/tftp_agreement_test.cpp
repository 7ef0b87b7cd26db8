#include "client/serve/tftp_agreement.hpp"

#include <catch2/catch.hpp>

namespace provphone::client::serve::tftp_agreement_test {
namespace {

using Texts = transport::tftp::Options;

Agreement agreement_on(const Texts& options, std::uint64_t file_octets = 1000) {
  return agree({transport::tftp::Opcode::read_request, "a", "octet", options}, file_octets);
}

}  // namespace

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

}  // namespace provphone::client::serve::tftp_agreement_test
