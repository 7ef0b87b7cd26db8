#include "profile/aes.hpp"
#include "profile/gzip.hpp"
#include "profile/rfc8188.hpp"
#include "test/profile/samples.hpp"

#include <catch2/catch.hpp>
#include <openssl/evp.h>
#include <zlib.h>

#include <algorithm>
#include <numeric>
#include <random>

namespace layers_test {

using namespace provphone;
using namespace provphone::profile;
using namespace provphone::profile::samples;

namespace {

constexpr std::string_view phrase = "SecretPhrase1234";
constexpr std::array<unsigned char, 8> salt{1, 2, 3, 4, 5, 6, 7, 8};
constexpr std::string_view plain = "<flat-profile><GPP_A>12345678</GPP_A></flat-profile>\n";

constexpr std::string_view md5_file =
    "U2FsdGVkX18BAgMEBQYHCJlvMH8rXG3RlT0Bkwx6Q4n5PwLfUyPrD8a+e+lkntK8DyyFvcJYccqo1Ub6XzYTai5ad8om"
    "JL5gqXp6KMrfvvY=";
constexpr std::string_view sha256_file =
    "U2FsdGVkX18BAgMEBQYHCBz5DQgnOsjUX8kfoOK6OY+attPLYqTQZLoVaBZOI/mS7/GMrXrqBqHGb9P2WGWSNAyPvQLH"
    "+yb4xwFvm+kMJos=";
constexpr std::string_view gzip_md5_file =
    "U2FsdGVkX18BAgMEBQYHCGrAZ4mDA+yPnO+9gLG4jodbECo9zbo7fDhyH3ob5/YAzf3/KbV2UZFhYVTk00r9GORjrq15"
    "kZ+95mhNW6xVfIo=";
// Behind `Salted__` and the salt.
constexpr std::string_view pbkdf2_body =
    "DHKWMp2n5imAqBpvtlbYfdrdVYp/aSR3MzakDw8Q1tCUyvHvxua6GfSOD6VdqcLYijPih4AL6MvuFQkj335ZGQ==";
constexpr std::string_view aes128_body =
    "bHDlHo15R8kGBNcL2xLBVUo3JhU84HjDDA2o0IH3vMa9VvJly7z7OwHk6FAD8qqMM6qd3xNAF1uq1nD614i2mA==";
constexpr std::string_view nosalt_file =
    "6XT0DnVPvttSsaNMPx4vjiG6nP07q2mbV2b4562uBEG38nTC9ClCB+LO7HiJMolIz87fylrqoqL1FN1w4tzW/g==";
constexpr std::string_view gcm_file =
    "AAECAwQFBgcICQoLDA0ODwAAEAAA3LeIPcE8wkEH+Ogx+0wIMCDYm5J4T240TwdaFKo4R+wbbkowC55ReGiimYmOJIrc"
    "Pd0RzaM4YtlaZWL6F07SVqa1mAlMcw==";
constexpr std::string_view gcm_three_records =
    "AAECAwQFBgcICQoLDA0ODwAAACQCazHct4g9wTzCQQf46DH7TAgwINib0kT4iNonAmywuV6Z3Sy+YUm/RQAu5QaX/vXd"
    "KZ9psFhA737oDXyDu3+M7vdzF3slPE+kuBsmrWS5tsISyCS1GjwFniZb2guBs7XrCHLwTIh5i8v1ng==";

// Standard alphabet, with padding.
std::string from_base64(std::string_view text) {
  std::string out(text.size() / 4 * 3, '\0');
  const int size = EVP_DecodeBlock(reinterpret_cast<unsigned char*>(out.data()),
                                   reinterpret_cast<const unsigned char*>(text.data()),
                                   static_cast<int>(text.size()));
  REQUIRE(size == static_cast<int>(out.size()));
  while (text.ends_with('=')) {
    text.remove_suffix(1);
    out.pop_back();
  }
  return out;
}

std::string from_base64url(std::string text) {
  for (char& c : text) c = c == '-' ? '+' : c == '_' ? '/' : c;
  text.append((4 - text.size() % 4) % 4, '=');
  return from_base64(text);
}

DecodeOptions with_key(std::string_view key, KeyDigests digests = KeyDigests::sha256_then_md5) {
  DecodeOptions options;
  options.key = key;
  options.digests = digests;
  return options;
}

DecodeOptions with_ikm(std::string_view ikm) {
  DecodeOptions options;
  options.ikm = ikm;
  options.aes128gcm = true;
  return options;
}

std::string zlib_stream(std::string_view text) {
  std::string out(compressBound(static_cast<uLong>(text.size())), '\0');
  auto size = static_cast<uLongf>(out.size());
  REQUIRE(compress(reinterpret_cast<Bytef*>(out.data()), &size,
                   reinterpret_cast<const Bytef*>(text.data()),
                   static_cast<uLong>(text.size())) == Z_OK);
  out.resize(size);
  return out;
}

using Layers = std::vector<Layer>;

}  // namespace

TEST_CASE("a phone reads what openssl enc wrote, with either digest", "[R-LAYER-08]") {
  const auto old = decrypt(from_base64(md5_file), phrase, KeyDigests::sha256_then_md5);
  REQUIRE(old);
  CHECK(old->bytes == plain);
  CHECK(old->layer == Layer::aes_256_cbc_md5);
  const auto current = decrypt(from_base64(sha256_file), phrase, KeyDigests::sha256_then_md5);
  REQUIRE(current);
  CHECK(current->bytes == plain);
  CHECK(current->layer == Layer::aes_256_cbc_sha256);
}

TEST_CASE("an older phone takes MD5 key derivation only", "[R-LAYER-09]") {
  CHECK(decrypt(from_base64(md5_file), phrase, KeyDigests::md5));
  const auto current = decrypt(from_base64(sha256_file), phrase, KeyDigests::md5);
  REQUIRE_FALSE(current);
  CHECK(current.error().code == Errc::wrong_key);
}

// Made with `openssl enc`, -S 0102030405060708 and the flags beside them.
TEST_CASE("a file that its phrase opens in another way says so", "[R-LAYER-21]") {
  struct Row {
    std::string what, bytes, said;
  };
  const std::string base64(sha256_file);
  const std::string head = "Salted__\1\2\3\4\5\6\7\10";
  for (const auto& [what, bytes, said] : std::vector<Row>{
           {"-pbkdf2", head + from_base64(pbkdf2_body), "-pbkdf2, which no phone knows"},
           {"-aes-128-cbc -md md5", head + from_base64(aes128_body), "openssl enc -aes-256-cbc"},
           {"-a", base64 + "\n", "the file is base64 text"},
           {"-nosalt", from_base64(nosalt_file), "-nosalt"},
       }) {
    INFO(what);
    CHECK(why_key_fails(bytes, phrase, KeyDigests::sha256_then_md5).find(said) !=
          std::string::npos);
    CHECK(why_key_fails(bytes, "another phrase", KeyDigests::sha256_then_md5)
              .find("the phrase fits") == std::string::npos);
  }
  const auto sha256 = from_base64(sha256_file);
  CHECK(why_key_fails(sha256, phrase, KeyDigests::md5) ==
        "the phrase fits with SHA-256, which this family does not know: `openssl enc -md md5`");
  CHECK(why_key_fails(sha256, "wrong", KeyDigests::md5).empty());
  CHECK(why_key_fails("Salted__", phrase, KeyDigests::md5).empty());
  CHECK(why_key_fails("", phrase, KeyDigests::md5).empty());
  CHECK(why_key_fails("<flat-profile/>", phrase, KeyDigests::md5).empty());
  const Error other{Errc::gzip_corrupt, "so"};
  CHECK(with_key_diagnosis(other, sha256, phrase, KeyDigests::md5).detail == "so");
  const Error of_key{Errc::wrong_key, "so"};
  CHECK(with_key_diagnosis(of_key, sha256, phrase, KeyDigests::md5)
            .detail.starts_with("so; the phrase fits with SHA-256"));
}

TEST_CASE("what a phone encrypts is octet for octet what openssl enc writes", "[R-LAYER-19]") {
  CHECK(encrypt(plain, phrase, Layer::aes_256_cbc_md5, salt) == from_base64(md5_file));
  CHECK(encrypt(plain, phrase, Layer::aes_256_cbc_sha256, salt) == from_base64(sha256_file));
}

TEST_CASE("a phone decodes the layers it finds, outermost first", "[R-LAYER-01][R-LAYER-02]") {
  struct Row {
    std::string what;
    std::string bytes;
    DecodeOptions options;
    Layers layers;
  };
  const auto row = GENERATE(values<Row>({
      {"plain", std::string(plain), {}, {Layer::xml}},
      {"gzip", gzip(plain), {}, {Layer::gzip, Layer::xml}},
      {"AES, MD5", from_base64(md5_file), with_key(phrase), {Layer::aes_256_cbc_md5, Layer::xml}},
      {"AES, SHA-256",
       from_base64(sha256_file),
       with_key(phrase),
       {Layer::aes_256_cbc_sha256, Layer::xml}},
      {"AES around gzip",
       from_base64(gzip_md5_file),
       with_key(phrase),
       {Layer::aes_256_cbc_md5, Layer::gzip, Layer::xml}},
      {"RFC 8188",
       from_base64(gcm_file),
       with_ikm("ThisIsTheIKM0001"),
       {Layer::rfc8188, Layer::xml}},
  }));
  INFO(row.what);
  const auto decoded = decode(row.bytes, row.options);
  REQUIRE(decoded);
  CHECK(decoded->layers == row.layers);
  CHECK(value_of(*decoded, "GPP_A") == "12345678");
}

TEST_CASE("each layer has the name that decode prints", "[R-LAYER-01]") {
  CHECK(name(Layer::rfc8188) == "rfc8188");
  CHECK(name(Layer::aes_256_cbc_sha256) == "aes-256-cbc/sha256");
  CHECK(name(Layer::aes_256_cbc_md5) == "aes-256-cbc/md5");
  CHECK(name(Layer::gzip) == "gzip");
  CHECK(name(Layer::xml) == "xml");
}

TEST_CASE("a file that does not fit its rule's options is corrupt, and says how",
          "[R-LAYER-04][R-LAYER-10][R-LAYER-11][R-LAYER-15][R-LAYER-16][R-LAYER-17]") {
  DecodeOptions no_ikm;
  no_ikm.aes128gcm = true;
  const std::string utf16("\xff\xfe<\0f\0", 6);
  struct Row {
    std::string bytes;
    DecodeOptions options;
    std::string error;
    std::string detail;
  };
  const auto row = GENERATE_COPY(values<Row>({
      {"", {}, "empty_body", ""},
      {"", with_key("x"), "empty_body", ""},
      {from_base64(md5_file), {}, "key_missing", "no --key"},
      {std::string(plain), with_key(phrase), "not_encrypted", "Salted__"},
      {gzip(plain), with_key(phrase), "not_encrypted", "Salted__"},
      {gzip(from_base64(md5_file)), with_key(phrase), "not_encrypted", "Salted__"},
      {from_base64(md5_file), with_key("wrong"), "wrong_key", ""},
      {from_base64(md5_file), with_key(""), "wrong_key", ""},
      {"Salted__", with_key(phrase), "wrong_key", "cut off"},
      {from_base64(md5_file).substr(0, 16), with_key(phrase), "wrong_key", "cut off"},
      {from_base64(md5_file).substr(0, 79), with_key(phrase), "wrong_key", "cut off"},
      {from_base64(md5_file).substr(0, 64), with_key(phrase), "wrong_key", ""},
      {std::string(plain), no_ikm, "ikm_missing", "IKM_HTTP_Encrypt_Content"},
      {std::string(plain), with_ikm(""), "ikm_missing", ""},
      {std::string(plain), with_ikm("0123456789abcdef"), "rfc8188_corrupt", ""},
      {zlib_stream(plain), {}, "not_a_profile", "zlib stream"},
      {gzip(from_base64(md5_file)), {}, "not_a_profile", "openssl"},
      {gzip(""), {}, "not_a_profile", "nothing inside"},
      {utf16, {}, "not_a_profile", "UTF-16"},
      {"  \r\n\t", {}, "not_a_profile", ""},
      {"Not found", {}, "not_a_profile", "plain text"},
      {std::string("\0\1\2\3", 4), {}, "not_a_profile", "nothing known"},
      {"<!DOCTYPE html><html></html>", {}, "not_a_profile", "HTML page"},
      {"\n<HTML><body>503</body></HTML>", {}, "not_a_profile", "HTML page"},
      {std::string(max_file_bytes + 1, ' '), {}, "body_too_large", "8388608"},
  }));
  INFO(row.bytes.substr(0, 40));
  const auto decoded = decode(row.bytes, row.options);
  CHECK(error_of(decoded) == row.error);
  REQUIRE_FALSE(decoded);
  CHECK_THAT(decoded.error().detail, Catch::Contains(row.detail));
  CHECK_THAT(decoded.error().detail, !Catch::Contains(std::string(phrase)));
}

TEST_CASE("a key that happens to give right padding is still a wrong key", "[R-LAYER-09]") {
  // Encrypted with this phrase, but neither gzip nor XML: what a lucky wrong key would give.
  const auto file = encrypt("noise of any kind", phrase, Layer::aes_256_cbc_sha256, salt);
  CHECK(error_of(decode(file, with_key(phrase))) == "wrong_key");
  for (const std::string_view good : {"<a/>", "\xef\xbb\xbf \r\n<a/>"}) {
    CHECK(decode(encrypt(good, phrase, Layer::aes_256_cbc_sha256, salt), with_key(phrase)));
  }
}

TEST_CASE("no wrong key ever opens a file", "[R-LAYER-09]") {
  const auto file = from_base64(sha256_file);
  for (int i = 0; i < 2000; ++i) {
    CHECK_FALSE(decrypt(file, "wrong" + std::to_string(i), KeyDigests::sha256_then_md5));
  }
}

TEST_CASE("RFC 8188 opens the RFC's own example, its key written in base64url", "[R-LAYER-12]") {
  const auto body =
      from_base64url("I1BsxtFttlv3u_Oo94xnmwAAEAAA-NAVub2qFgBEuQKRapoZu-IxkIva3MEB1PD-ly8Thjg");
  CHECK(decrypt_aes128gcm(body, "yqdlZ-tYemfogSmv7Ws5PQ").value() == "I am the walrus");
  // The same octets raw.
  CHECK(decrypt_aes128gcm(body, from_base64url("yqdlZ-tYemfogSmv7Ws5PQ")).value() ==
        "I am the walrus");
}

TEST_CASE("RFC 8188 takes one record or several, with or without a keyid", "[R-LAYER-13]") {
  CHECK(decrypt_aes128gcm(from_base64(gcm_file), "ThisIsTheIKM0001").value() == plain);
  CHECK(decrypt_aes128gcm(from_base64(gcm_three_records), "ThisIsTheIKM0001").value() == plain);
}

TEST_CASE("the announced coding counts, not the rule's --key", "[R-LAYER-11]") {
  auto options = with_ikm("ThisIsTheIKM0001");
  options.key = "unused";
  CHECK(decode(from_base64(gcm_file), options));
  // And without the announcement the IKM is not looked at.
  options.aes128gcm = false;
  options.key = phrase;
  CHECK(decode(from_base64(md5_file), options));
}

TEST_CASE("an RFC 8188 body that was cut or touched anywhere is corrupt", "[R-LAYER-14]") {
  const auto whole = from_base64(gcm_three_records);
  for (std::size_t size = 0; size < whole.size(); ++size) {
    INFO(size);
    CHECK(decrypt_aes128gcm(whole.substr(0, size), "ThisIsTheIKM0001").error().code ==
          Errc::rfc8188_corrupt);
  }
  for (std::size_t at = 0; at < whole.size(); ++at) {
    if (at == 21 || at == 22) continue;  // the keyid, which nothing depends on
    INFO(at);
    auto touched = whole;
    touched[at] = static_cast<char>(touched[at] ^ 1);
    CHECK_FALSE(decrypt_aes128gcm(touched, "ThisIsTheIKM0001"));
  }
  CHECK_FALSE(decrypt_aes128gcm(whole, "ThisIsTheIKM0002"));
  CHECK_FALSE(decrypt_aes128gcm(whole, ""));
}

TEST_CASE("an RFC 8188 record size below 18 is refused", "[R-LAYER-13]") {
  auto body = from_base64(gcm_file);
  body[18] = '\0';
  body[19] = '\x11';
  CHECK_THAT(decrypt_aes128gcm(body, "ThisIsTheIKM0001").error().detail,
             Catch::Contains("record size 17"));
}

TEST_CASE("gzip gives back what went in", "[R-LAYER-03][R-LAYER-19]") {
  for (const std::string& text : {std::string(), std::string(plain), std::string(100'000, 'z')}) {
    CHECK(looks_gzipped(gzip(text)));
    CHECK(gunzip(gzip(text), max_unpacked_bytes).value() == text);
  }
}

TEST_CASE("gzip members that follow each other make one file", "[R-LAYER-06]") {
  CHECK(gunzip(gzip("<flat-") + gzip("profile/>"), 100).value() == "<flat-profile/>");
}

TEST_CASE("NULs behind a gzip file count for nothing", "[R-LAYER-06]") {
  const std::string padding(700, '\0');
  CHECK(gunzip(gzip(plain) + padding, 1000).value() == plain);
  CHECK(gunzip(gzip(plain) + padding + "x", 1000).error().code == Errc::gzip_corrupt);
  CHECK(gunzip(gzip(plain) + padding + gzip(plain), 1000).error().code == Errc::gzip_corrupt);
}

TEST_CASE("a file that was gzipped twice is unpacked twice, but not thrice", "[R-LAYER-05]") {
  const auto twice = decode(gzip(gzip(plain)), {});
  REQUIRE(twice);
  CHECK(twice->layers == Layers{Layer::gzip, Layer::gzip, Layer::xml});
  CHECK(error_of(decode(gzip(gzip(gzip(plain))), {})) == "not_a_profile");
}

TEST_CASE("a gzip file cut anywhere is truncated", "[R-LAYER-07]") {
  const auto whole = gzip(plain);
  for (std::size_t size = 2; size < whole.size(); ++size) {
    INFO(size);
    CHECK(gunzip(whole.substr(0, size), 1000).error().code == Errc::gzip_truncated);
  }
  CHECK(gunzip(whole + whole.substr(0, 1), 1000).error().code == Errc::gzip_truncated);
}

TEST_CASE("a gzip file that was touched is corrupt", "[R-LAYER-07]") {
  const auto whole = gzip(plain);
  const auto touch = [&](std::size_t at) {
    auto touched = whole;
    touched[at] = static_cast<char>(touched[at] ^ 0x55);
    return gunzip(touched, 1000);
  };
  CHECK(touch(2).error().code == Errc::gzip_corrupt);                 // the method
  CHECK(touch(whole.size() - 8).error().code == Errc::gzip_corrupt);  // the CRC
  CHECK(touch(whole.size() - 1).error().code == Errc::gzip_corrupt);  // the size
  for (const std::string_view garbage : {"\n", "garbage", "<"}) {
    CHECK(gunzip(whole + std::string(garbage), 1000).error().code == Errc::gzip_corrupt);
  }
}

// RFC 1952 allows more in front of what is compressed than most files have.
TEST_CASE("a gzip file may carry a name, a comment, extra octets and a check of its header",
          "[R-LAYER-03][R-LAYER-07]") {
  const auto plain_file = gzip(plain);
  const auto with = [&](char flags, std::string_view more) {
    auto file = plain_file;
    file[3] = flags;
    return file.insert(10, more);
  };
  using namespace std::string_view_literals;
  CHECK(gunzip(with(8, "phone.xml\0"sv), 1000).value() == plain);
  CHECK(gunzip(with(16, "a comment\0"sv), 1000).value() == plain);
  CHECK(gunzip(with(4, "\x03\0abc"sv), 1000).value() == plain);
  CHECK(gunzip(with(8, "phone.xml"sv), 1000).error().code == Errc::gzip_corrupt);
  CHECK(gunzip(with(32, ""), 1000).error().code == Errc::gzip_corrupt);
  // The lower half of the CRC-32 of what stands before it.
  auto checked = with(2, "xx");
  const auto crc = crc32(0, reinterpret_cast<const Bytef*>(checked.data()), 10);
  checked[10] = static_cast<char>(crc & 0xffU);
  checked[11] = static_cast<char>(crc >> 8U & 0xffU);
  CHECK(gunzip(checked, 1000).value() == plain);
  ++checked[11];
  CHECK(gunzip(checked, 1000).error().code == Errc::gzip_corrupt);
}

TEST_CASE("a gzip file may unpack to the limit and not one octet further", "[R-LAYER-07]") {
  CHECK(gunzip(gzip(std::string(5000, 'a')), 5000).value().size() == 5000);
  CHECK(gunzip(gzip(std::string(5001, 'a')), 5000).error().code == Errc::gzip_too_large);
  CHECK(gunzip(gzip(std::string(3000, 'a')) + gzip(std::string(3000, 'a')), 5000).error().code ==
        Errc::gzip_too_large);
  const auto bomb = gzip(std::string(max_unpacked_bytes + 1, '\0'));
  CHECK(bomb.size() < 40'000);
  CHECK(error_of(decode(bomb, {})) == "gzip_too_large");
}

TEST_CASE("what is encoded with every combination of layers decodes to itself", "[R-LAYER-01]") {
  std::mt19937 random(8188);
  for (int i = 0; i < 50; ++i) {
    std::string value(random() % 3000, 'x');
    for (char& c : value) c = static_cast<char>('A' + random() % 26);
    const auto text = in_profile("<GPP_C>" + value + "</GPP_C>");
    const auto key = "key " + std::to_string(i);
    for (const auto digest : {Layer::aes_256_cbc_md5, Layer::aes_256_cbc_sha256}) {
      const auto packed = i % 2 == 0 ? gzip(text) : text;
      const auto decoded = decode(encrypt(packed, key, digest, salt), with_key(key));
      REQUIRE(decoded);
      CHECK(value_of(*decoded, "GPP_C") == value);
      CHECK(decoded->layers.front() == digest);
    }
  }
}

TEST_CASE("random octets never become a profile", "[R-LAYER-15]") {
  std::mt19937 random(1952);
  const std::vector<std::string> heads{"", "Salted__", "\x1f\x8b\x08", "<", "<flat-profile>"};
  const std::vector<DecodeOptions> options{{}, with_key(phrase), with_ikm("0123456789abcdef")};
  for (int i = 0; i < 3000; ++i) {
    auto bytes = heads[random() % heads.size()];
    for (auto size = random() % 200; size > 0; --size) {
      bytes.push_back(static_cast<char>(random() & 0xff));
    }
    CHECK_FALSE(decode(bytes, options[random() % options.size()]));
  }
}

TEST_CASE("what a phone seals with RFC 8188 is what the published bodies are", "[R-LAYER-20]") {
  const auto rfc_body =
      from_base64url("I1BsxtFttlv3u_Oo94xnmwAAEAAA-NAVub2qFgBEuQKRapoZu-IxkIva3MEB1PD-ly8Thjg");
  SealingHeader header{};
  std::copy_n(rfc_body.begin(), header.salt.size(), header.salt.begin());
  CHECK(encrypt_aes128gcm("I am the walrus", from_base64url("yqdlZ-tYemfogSmv7Ws5PQ"), header) ==
        rfc_body);

  std::iota(header.salt.begin(), header.salt.end(), static_cast<unsigned char>(0));
  CHECK(encrypt_aes128gcm(plain, "ThisIsTheIKM0001", header) == from_base64(gcm_file));
  header.record_size = 36;
  header.keyid = "k1";
  CHECK(encrypt_aes128gcm(plain, "ThisIsTheIKM0001", header) == from_base64(gcm_three_records));
}

TEST_CASE("what a phone seals with RFC 8188 opens again, at every length round a record's end",
          "[R-LAYER-13][R-LAYER-20]") {
  const std::string long_keyid(255, 'k');
  for (const std::size_t record_size : {std::size_t{18}, std::size_t{19}, std::size_t{40}}) {
    for (std::size_t size = 0; size < 100; ++size) {
      std::string text(size, '\0');  // zeros at the end are text, not padding
      const auto body = encrypt_aes128gcm(text, "a key", {{}, record_size, long_keyid});
      const auto opened = decrypt_aes128gcm(body, "a key");
      INFO(record_size << ", " << size);
      REQUIRE(opened);
      CHECK(*opened == text);
      const auto room = record_size - 17;
      const auto records = std::max<std::size_t>((size + room - 1) / room, 1);
      CHECK(body.size() == 21 + 255 + size + 17 * records);
    }
  }
}

}  // namespace layers_test
