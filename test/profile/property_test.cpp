#include "profile/aes.hpp"
#include "profile/gzip.hpp"
#include "profile/rfc8188.hpp"
#include "test/profile/samples.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <random>

namespace property_test {

// What holds for every input, tried on thousands of seeded ones.
using namespace provphone;
using namespace provphone::profile;
using namespace provphone::profile::samples;

namespace {

// The standard fixes the numbers of mt19937, and of nothing that is built on it.
using Random = std::mt19937;

std::string octets(Random& random, std::size_t size) {
  std::string text(size, '\0');
  for (char& c : text) c = static_cast<char>(random() & 0xff);
  return text;
}

std::size_t below(Random& random, std::size_t limit) {
  return random() % limit;
}

template <std::size_t size>
std::array<unsigned char, size> salt(Random& random) {
  std::array<unsigned char, size> made{};
  for (auto& octet : made) octet = static_cast<unsigned char>(random() & 0xff);
  return made;
}

// Cut somewhere, or with one bit turned.
std::string mutate(Random& random, std::string bytes) {
  const auto place = below(random, bytes.size());
  if (below(random, 4) == 0) return bytes.substr(0, place);
  bytes[place] = static_cast<char>(bytes[place] ^ (1 << below(random, 8)));
  return bytes;
}

// A file whose layers hold a checksum or a tag, and how it is opened.
struct Sealed {
  std::string bytes;
  DecodeOptions options;
};

Sealed sealed(Random& random, const std::string& text) {
  Sealed file;
  const auto kind = below(random, 4);
  file.bytes = kind == 0 ? text : gzip(text);
  if (kind <= 1) {
    file.options.aes128gcm = true;
    file.options.ikm = "ThisIsTheIKM0001";
    const SealingHeader header{salt<16>(random), 18 + below(random, 300)};
    file.bytes = encrypt_aes128gcm(file.bytes, *file.options.ikm, header);
  } else if (kind == 2) {
    file.options.key = "phrase";
    file.bytes = encrypt(file.bytes, "phrase", Layer::aes_256_cbc_sha256, salt<8>(random));
  }
  return file;
}

}  // namespace

TEST_CASE("whatever a phone encrypts with AES it decrypts, under the digest that was used",
          "[R-LAYER-08][R-LAYER-19]") {
  Random random(256);
  for (int i = 0; i < 4000; ++i) {
    // A phone takes what comes out for right only if it begins like a profile or like gzip.
    const auto plain = (i % 3 == 0 ? "\x1f\x8b" : "<") + octets(random, below(random, 400));
    const auto phrase = octets(random, 1 + below(random, 40));
    const auto digest = i % 2 == 0 ? Layer::aes_256_cbc_md5 : Layer::aes_256_cbc_sha256;
    const auto file = encrypt(plain, phrase, digest, salt<8>(random));
    INFO(i);
    REQUIRE(file.size() == 16 + (plain.size() / 16 + 1) * 16);
    const auto opened = decrypt(file, phrase, KeyDigests::sha256_then_md5);
    REQUIRE(opened);
    REQUIRE(opened->bytes == plain);
    REQUIRE(opened->layer == digest);
  }
}

TEST_CASE("whatever a phone compresses it unpacks", "[R-LAYER-03]") {
  Random random(1952);
  for (int i = 0; i < 4000; ++i) {
    // Noise does not shrink, repetition does: both go through other blocks of deflate.
    const auto unit = octets(random, 1 + below(random, 300));
    std::string plain;
    for (auto times = below(random, 5); times > 0; --times) plain += unit;
    const auto unpacked = gunzip(gzip(plain), plain.size());
    INFO(i);
    REQUIRE(unpacked);
    REQUIRE(*unpacked == plain);
  }
}

TEST_CASE("whatever a phone seals with RFC 8188 it opens, at any record size",
          "[R-LAYER-13][R-LAYER-20]") {
  Random random(8188);
  for (int i = 0; i < 4000; ++i) {
    const auto plain = octets(random, below(random, 600));
    const auto ikm = octets(random, below(random, 40));
    const auto keyid = octets(random, below(random, 256));
    const SealingHeader header{salt<16>(random), 18 + below(random, 700), keyid};
    const auto opened =
        decrypt_aes128gcm(encrypt_aes128gcm(plain, ikm, header), ikm, IkmEncoding::octets);
    INFO(i);
    REQUIRE(opened);
    REQUIRE(*opened == plain);
  }
}

TEST_CASE("a file that was cut or has one wrong bit sets what the whole file sets, or nothing",
          "[R-LAYER-07][R-LAYER-14][R-XML-10]") {
  Random random(1);
  std::size_t refused = 0;
  for (int i = 0; i < 6000; ++i) {
    const auto text = in_profile("<GPP_A>" + std::string(1 + below(random, 200), 'a') +
                                 "</GPP_A><GPP_B ua=\"rw\">b</GPP_B>");
    const auto file = sealed(random, text);
    const auto whole = decode(file.bytes, file.options);
    REQUIRE(whole);
    const auto harmed = decode(mutate(random, file.bytes), file.options);
    INFO(i);
    if (harmed) REQUIRE(harmed->changes == whole->changes);
    if (!harmed) ++refused;
  }
  // What remains are bits that mean nothing, such as the time in a gzip header.
  CHECK(refused > 4000);
  CHECK(refused < 6000);
}

TEST_CASE("a malformed file sets a beginning of what the whole file sets, or nothing",
          "[R-XML-10]") {
  Random random(2);
  DecodeOptions lenient;
  lenient.malformed = MalformedProfile::up_to_fault;
  const auto text = in_profile("<GPP_A>1</GPP_A><GPP_B ua=\"rw\">2</GPP_B><GPP_C>3</GPP_C>");
  const auto whole = decode(text, {});
  REQUIRE(whole);
  for (std::size_t size = 1; size < text.size(); ++size) {
    INFO(size);
    const auto cut = text.substr(0, size);
    const auto nothing = decode_or_explain(cut, {});
    REQUIRE_FALSE(nothing);
    REQUIRE(nothing.error().before_fault.changes.empty());
    const auto part = decode_or_explain(cut, lenient);
    REQUIRE_FALSE(part);
    const auto& changes = part.error().before_fault.changes;
    REQUIRE(changes.size() <= whole->changes.size());
    REQUIRE(std::equal(changes.begin(), changes.end(), whole->changes.begin()));
  }
}

}  // namespace property_test
