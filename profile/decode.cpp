#include "profile/decode.hpp"

#include "profile/aes.hpp"
#include "profile/gzip.hpp"
#include "profile/rfc8188.hpp"
#include "profile/xml.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

namespace provphone::profile {
namespace {

using namespace std::string_view_literals;

constexpr std::array<std::string_view, 5> layer_names{"rfc8188", "aes-256-cbc/sha256",
                                                      "aes-256-cbc/md5", "gzip", "xml"};

// How files begin that a provisioning server hands out by mistake.
constexpr std::array<std::pair<std::string_view, std::string_view>, 10> known_beginnings{{
    {"Salted__"sv, "a file encrypted by openssl enc, inside another layer"sv},
    {"\x1f\x8b"sv, "a gzip file, inside two others"sv},
    {"\x78\x01"sv, "a zlib stream without a gzip header"sv},
    {"\x78\x9c"sv, "a zlib stream without a gzip header"sv},
    {"\x78\xda"sv, "a zlib stream without a gzip header"sv},
    {"\xff\xfe"sv, "UTF-16 text"sv},
    {"\xfe\xff"sv, "UTF-16 text"sv},
    {"<\0"sv, "UTF-16 text"sv},
    {"\0<"sv, "UTF-16 text"sv},
    {"PK\x03\x04"sv, "a ZIP archive"sv},
}};

bool starts_with_ignoring_case(std::string_view text, std::string_view lower_case) {
  return text.size() >= lower_case.size() &&
         std::equal(lower_case.begin(), lower_case.end(), text.begin(), [](char l, char t) {
           return l == (t >= 'A' && t <= 'Z' ? static_cast<char>(t - 'A' + 'a') : t);
         });
}

// The web page that a server sends with status 200 when its script fails.
bool is_web_page(std::string_view text) {
  text.remove_prefix(std::min(text.find('<'), text.size()));
  return starts_with_ignoring_case(text, "<!doctype html") ||
         starts_with_ignoring_case(text, "<html");
}

std::string_view looks_like(std::string_view bytes) {
  for (const auto& [beginning, what] : known_beginnings) {
    if (bytes.starts_with(beginning)) return what;
  }
  const auto is_text = [](char c) {
    return (c >= ' ' && c < '\x7f') || c == '\t' || c == '\r' || c == '\n';
  };
  const auto head = bytes.substr(0, 256);
  return std::all_of(head.begin(), head.end(), is_text) ? "plain text" : "nothing known";
}

// R-LAYER-01: the header of the answer decides for RFC 8188, else the rule's --key for AES, and
// never the file's name.
Result<std::string_view> peel_encryption(std::string_view bytes, const DecodeOptions& options,
                                         std::string& buffer, std::vector<Layer>& layers) {
  if (options.aes128gcm) {
    if (!options.ikm || options.ikm->empty()) {
      return fail(Errc::ikm_missing,
                  "the answer is aes128gcm, but IKM_HTTP_Encrypt_Content is empty");
    }
    auto opened = decrypt_aes128gcm(bytes, *options.ikm);
    if (!opened) return tl::make_unexpected(std::move(opened.error()));
    buffer = *std::move(opened);
    layers.push_back(Layer::rfc8188);
    return buffer;
  }
  if (options.key) {
    auto opened = decrypt(bytes, *options.key, options.digests);
    if (!opened) return tl::make_unexpected(std::move(opened.error()));
    buffer = std::move(opened->bytes);
    layers.push_back(opened->layer);
    return buffer;
  }
  if (looks_encrypted(bytes)) {
    return fail(Errc::key_missing, "the file begins with Salted__, but the rule has no --key");
  }
  return bytes;
}

}  // namespace

std::string_view name(Layer layer) {
  return layer_names[static_cast<std::size_t>(layer)];
}

Result<Decoded> decode(std::string_view bytes, const DecodeOptions& options) {
  if (bytes.empty()) return fail(Errc::empty_body);
  if (bytes.size() > max_file_bytes) {
    return fail(Errc::body_too_large, fmt::format("more than {} octets", max_file_bytes));
  }
  std::vector<Layer> layers;
  std::string decrypted;
  const auto opened = peel_encryption(bytes, options, decrypted, layers);
  if (!opened) return tl::make_unexpected(opened.error());

  std::string_view text = *opened;
  std::string unpacked;
  // R-LAYER-05: a web server may have compressed a file that was compressed already, but nobody
  // does it thrice.
  for (int i = 0; i < 2 && looks_gzipped(text); ++i) {
    auto inflated = gunzip(text, max_unpacked_bytes);
    if (!inflated) return tl::make_unexpected(std::move(inflated.error()));
    unpacked = *std::move(inflated);
    text = unpacked;
    layers.push_back(Layer::gzip);
  }
  // R-LAYER-15, R-LAYER-16.
  if (!looks_like_markup(text)) {
    return fail(Errc::not_a_profile,
                text.empty() ? "nothing inside" : fmt::format("looks like {}", looks_like(text)));
  }
  if (is_web_page(text)) return fail(Errc::not_a_profile, "looks like an HTML page");

  auto decoded = parse_xml(text, options.self_closed, options.alias_map);
  if (!decoded) return decoded;
  decoded->layers.insert(decoded->layers.begin(), layers.begin(), layers.end());
  return decoded;
}

std::vector<ParameterId> apply(ParameterSet& parameters, const std::vector<Change>& changes) {
  std::vector<Assignment> assignments;
  assignments.reserve(changes.size());
  for (const auto& [id, value, access] : changes) assignments.push_back({id, value, access});
  return parameters.set_all(assignments);
}

}  // namespace provphone::profile
