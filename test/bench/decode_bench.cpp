#include "profile/aes.hpp"
#include "profile/decode.hpp"
#include "profile/gzip.hpp"
#include "test/bench/bench.hpp"

#include <openssl/evp.h>
#include <tinyxml2.h>
#include <zlib.h>

#include <cstdlib>
#include <vector>

namespace provphone::bench {
namespace {

constexpr std::string_view phrase = "a phrase";
constexpr std::array<unsigned char, 8> salt{1, 2, 3, 4, 5, 6, 7, 8};

// 800 parameters of the catalogue in some 40 KB.
std::string make_profile() {
  std::string text = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<flat-profile>\n";
  for (std::size_t i = 0, taken = 0; taken < 800 && i < profile::parameter_count(); ++i) {
    const auto& parameter = profile::parameter(profile::ParameterId(i));
    if (parameter.type != "Str") continue;
    text += "<" + parameter.name + " ua=\"na\">value " + std::to_string(i) + "</" + parameter.name +
            ">\n";
    ++taken;
  }
  return text + "</flat-profile>\n";
}

void require(bool held) {
  if (!held) std::abort();
}

std::string bare_decrypt(const std::string& file) {
  unsigned char key[32], iv[16];
  EVP_BytesToKey(EVP_aes_256_cbc(), EVP_sha256(), salt.data(),
                 reinterpret_cast<const unsigned char*>(phrase.data()),
                 static_cast<int>(phrase.size()), 1, key, iv);
  std::string plain(file.size(), '\0');
  auto* context = EVP_CIPHER_CTX_new();
  int length = 0, rest = 0;
  auto* out = reinterpret_cast<unsigned char*>(plain.data());
  const auto* in = reinterpret_cast<const unsigned char*>(file.data()) + 16;
  require(EVP_DecryptInit_ex(context, EVP_aes_256_cbc(), nullptr, key, iv) == 1);
  require(EVP_DecryptUpdate(context, out, &length, in, static_cast<int>(file.size()) - 16) == 1);
  require(EVP_DecryptFinal_ex(context, out + length, &rest) == 1);
  EVP_CIPHER_CTX_free(context);
  plain.resize(static_cast<std::size_t>(length + rest));
  return plain;
}

std::string bare_inflate(const std::string& file, std::size_t size) {
  std::string plain(size, '\0');
  z_stream stream{};
  require(inflateInit2(&stream, 15 + 16) == Z_OK);
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(file.data()));
  stream.avail_in = static_cast<uInt>(file.size());
  stream.next_out = reinterpret_cast<Bytef*>(plain.data());
  stream.avail_out = static_cast<uInt>(plain.size());
  require(inflate(&stream, Z_FINISH) == Z_STREAM_END);
  inflateEnd(&stream);
  return plain;
}

}  // namespace

void bench_decode() {
  const auto text = make_profile();
  const auto file =
      profile::encrypt(profile::gzip(text), phrase, profile::Layer::aes_256_cbc_sha256, salt);
  constexpr int decodes = 200;
  profile::DecodeOptions options;
  options.key = phrase;
  compare({.title = "Decoding a " + std::to_string(text.size() / 1000) +
                    " kB profile of 800 parameters, gzip and AES-256-CBC",
           .unit = "file",
           .units = decodes,
           .ours = {"decode: decrypt, gunzip, parse strictly, look up",
                    [&] {
                      for (int i = 0; i < decodes; ++i)
                        require(profile::decode(file, options)->changes.size() == 800);
                    }},
           .theirs = {"OpenSSL, zlib and tinyxml2's parse of the same bytes",
                      [&] {
                        for (int i = 0; i < decodes; ++i) {
                          const auto plain = bare_inflate(bare_decrypt(file), text.size());
                          tinyxml2::XMLDocument document;
                          require(document.Parse(plain.data(), plain.size()) ==
                                  tinyxml2::XML_SUCCESS);
                        }
                      }},
           .budget = 1.1});
}

}  // namespace provphone::bench
