#include "profile/decode.hpp"

#include "macro/ascii.hpp"
#include "macro/enum_array.hpp"
#include "profile/aes.hpp"
#include "profile/gzip.hpp"
#include "profile/xml.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

namespace provphone::profile {
namespace {

using namespace std::string_view_literals;

constexpr EnumArray<Layer, std::string_view> layer_names{
    {"rfc8188", "aes-256-cbc/sha256", "aes-256-cbc/md5", "gzip", "xml", "plain-text"}};

// How files begin that a provisioning server hands out by mistake.
constexpr std::array<std::pair<std::string_view, std::string_view>, 10> known_beginnings{{
    {"Salted__"sv, "a file encrypted by openssl enc, inside another layer"sv},
    {"\x1f\x8b"sv, "a gzip file, inside two others"sv},
    {"\x78\x01"sv, "a zlib stream without a gzip header"sv},
    {"\x78\x9c"sv, "a zlib stream without a gzip header"sv},
    {"\x78\xda"sv, "a zlib stream without a gzip header"sv},
    {"\xff\xfe"sv, "UTF-16 text: save it as UTF-8"sv},
    {"\xfe\xff"sv, "UTF-16 text: save it as UTF-8"sv},
    {"<\0"sv, "UTF-16 text: save it as UTF-8"sv},
    {"\0<"sv, "UTF-16 text: save it as UTF-8"sv},
    {"PK\x03\x04"sv, "a ZIP archive"sv},
}};

// The web page that a server sends with status 200 when its script fails.
bool is_web_page(std::string_view text) {
  // Behind a byte order mark and white space: refuse_at_sight() has seen that nothing else is
  // there.
  text.remove_prefix(std::min(text.find('<'), text.size()));
  return ascii::starts_with_ignoring_case(text, "<!doctype html") ||
         ascii::starts_with_ignoring_case(text, "<html");
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

// What is left of a file when the outer layers are off. It is what came, or a buffer of its own.
struct Peeled {
  std::string_view came;
  std::string buffer;
  std::vector<Layer> layers;  // those that are off

  // Views `buffer` where a layer is off, so it ends with the next take_off().
  std::string_view text() const { return layers.empty() ? came : std::string_view(buffer); }

  void take_off(Layer layer, std::string inside) {
    buffer = std::move(inside);
    layers.push_back(layer);
  }
};

// R-LAYER-10.
bool passes_unencrypted(const Peeled& file, const DecodeOptions& options) {
  return options.plain_file_with_key == PlainFileWithKey::accepted && !looks_encrypted(file.text());
}

// R-LAYER-01: the header of the answer decides for RFC 8188, else the rule's --key for AES, and
// never the file's name. Nothing where all is well.
std::optional<Error> peel_encryption(Peeled& file, const DecodeOptions& options) {
  if (options.aes128gcm) {
    if (!options.ikm || options.ikm->empty()) {
      return Error{Errc::ikm_missing,
                   "the answer is aes128gcm, but IKM_HTTP_Encrypt_Content is empty"};
    }
    auto opened = decrypt_aes128gcm(file.text(), *options.ikm, options.ikm_encoding);
    if (!opened) return std::move(opened.error());
    file.take_off(Layer::rfc8188, *std::move(opened));
  } else if (options.key && !passes_unencrypted(file, options)) {
    auto opened = decrypt(file.text(), *options.key, options.digests);
    if (!opened) return std::move(opened.error());
    file.take_off(opened->layer, std::move(opened->bytes));
  } else if (looks_encrypted(file.text())) {
    return Error{Errc::key_missing, "the file begins with Salted__, but the rule has no --key"};
  }
  return std::nullopt;
}

Result<Peeled> peel(std::string_view bytes, const DecodeOptions& options) {
  if (bytes.empty()) return fail(Errc::empty_body);
  if (bytes.size() > max_file_bytes) {
    return fail(Errc::body_too_large, fmt::format("more than {} octets", max_file_bytes));
  }
  Peeled file{bytes, {}, {}};
  if (auto error = peel_encryption(file, options)) return tl::make_unexpected(*std::move(error));
  // R-LAYER-05: a web server may have compressed a file that was compressed already, but nobody
  // does it thrice.
  for (int i = 0; i < 2 && looks_gzipped(file.text()); ++i) {
    auto inflated = gunzip(file.text(), max_unpacked_bytes);
    if (!inflated) return tl::make_unexpected(std::move(inflated.error()));
    file.take_off(Layer::gzip, *std::move(inflated));
  }
  return file;
}

// R-LAYER-15, R-LAYER-16: why `text` is not even worth parsing; nothing where it is.
std::optional<Error> refuse_at_sight(std::string_view text) {
  if (text.empty()) return Error{Errc::not_a_profile, "nothing inside"};
  if (!looks_like_markup(text) || text.starts_with("<\0"sv)) {
    return Error{Errc::not_a_profile, fmt::format("looks like {}", looks_like(text))};
  }
  if (is_web_page(text)) {
    return Error{Errc::not_a_profile,
                 "looks like an HTML page: the server's error page, or its login form"};
  }
  return std::nullopt;
}

using Attempt = tl::expected<Decoded, XmlFailure>;

Attempt read_text(const Peeled& file, const DecodeOptions& options) {
  const auto text = file.text();
  if (auto error = refuse_at_sight(text)) {
    return tl::make_unexpected(XmlFailure{{*std::move(error), text.size()}, {}});
  }
  auto attempt = locate_xml(text, options);
  auto& decoded = attempt ? *attempt : attempt.error().before_fault;
  // Nothing was read where there are none: a fault without up_to_fault.
  if (!decoded.layers.empty()) {
    decoded.layers.insert(decoded.layers.begin(), file.layers.begin(), file.layers.end());
  }
  return attempt;
}

}  // namespace

std::string_view name(Layer layer) {
  return layer_names[layer];
}

Result<Decoded> decode(std::string_view bytes, const DecodeOptions& options) {
  const auto file = peel(bytes, options);
  if (!file) return tl::make_unexpected(file.error());
  auto decoded = read_text(*file, options);
  if (!decoded) return tl::make_unexpected(std::move(decoded.error().fault.error));
  return *std::move(decoded);
}

tl::expected<Decoded, DecodeFailure> decode_or_explain(std::string_view bytes,
                                                       const DecodeOptions& options) {
  auto file = peel(bytes, options);
  if (!file) return tl::make_unexpected(DecodeFailure{std::move(file.error()), {}, {}, {}});
  auto decoded = read_text(*file, options);
  if (decoded) {
    decoded->unpacked = std::move(file->buffer);
    return *std::move(decoded);
  }
  auto& [fault, before_fault] = decoded.error();
  const auto text = without_byte_order_mark(file->text());
  DecodeFailure failure{std::move(fault.error), {}, std::string(text), std::move(before_fault)};
  // What is no XML has no place that were better than another.
  if (failure.error.code != Errc::not_a_profile) failure.position = position_at(text, fault.offset);
  return tl::make_unexpected(std::move(failure));
}

std::vector<ParameterId> apply(ParameterSet& parameters, const std::vector<Change>& changes) {
  std::vector<Assignment> assignments;
  assignments.reserve(changes.size());
  for (const auto& [id, value, access, by] : changes)
    assignments.push_back({id, value, access, by});
  return parameters.set_all(assignments);
}

std::size_t count_acting(const std::vector<Change>& changes) {
  return static_cast<std::size_t>(
      std::count_if(changes.begin(), changes.end(),
                    [](const Change& change) { return parameter(change.id).role == Role::acts; }));
}

}  // namespace provphone::profile
