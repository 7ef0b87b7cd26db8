#include "client/serve/spoil.hpp"

#include "profile/aes.hpp"
#include "profile/gzip.hpp"

#include <string_view>

namespace provphone::client::serve {
namespace {

// What is spoilt is held in memory, and no profile is as large.
constexpr std::uint64_t largest_spoilt = std::uint64_t{32} << 20;
constexpr std::string_view another_phrase = "not the phrase that the phone has";
// Always the same, so that a file is spoilt alike in each run. Nothing depends on its being secret.
constexpr std::array<unsigned char, 8> salt{1, 2, 3, 4, 5, 6, 7, 8};

// What a proxy or a captive portal answers with, under the status of success.
constexpr std::string_view page =
    "<html>\n<head><title>Please sign in</title></head>\n<body>\n<p>Sign in to go on.<br>\n"
    "<hr>\n</body>\n</html>\n";

// The header stays, so that it is gzip that is broken and no other kind of file.
std::string corrupt_gzip(std::string file) {
  // RFC 1952, without optional fields, as profile::gzip() writes it.
  constexpr std::size_t header_octets = 10;
  if (!profile::looks_gzipped(file)) file = profile::gzip(file);
  for (std::size_t i = header_octets; i < file.size(); ++i) {
    file[i] = static_cast<char>(~static_cast<unsigned char>(file[i]));
  }
  return file;
}

}  // namespace

std::string spoil(std::string file, ContentFault fault) {
  switch (fault) {
    case ContentFault::half_a_file:
      file.resize(file.size() / 2);
      return file;
    case ContentFault::corrupt_gzip:
      return corrupt_gzip(std::move(file));
    case ContentFault::wrong_key:
      return profile::encrypt(file, another_phrase, profile::Layer::aes_256_cbc_sha256, salt);
    case ContentFault::html_page:
      break;
  }
  return std::string(page);
}

Content spoil(Content content, ContentFault fault) {
  if (content.size() > largest_spoilt) return content;
  std::string file(static_cast<std::size_t>(content.size()), '\0');
  if (!content.read(0, file.data(), file.size())) return content;
  return Content(spoil(std::move(file), fault));
}

namespace {

std::optional<Content> content_at(const Sources& sources, const std::string& path) {
  if (auto file = sources.directory.find(path)) return Content(std::move(*file));
  return sources.loads ? made_load(*sources.loads, path) : std::nullopt;
}

}  // namespace

std::optional<Content> find_content(const Sources& sources, const std::string& path,
                                    const std::optional<MatchedFault>& met) {
  const Failing failing = met ? met->fault->failing : Failing{};
  const auto* spoilt = std::get_if<ContentFault>(&failing);
  // A portal answers whatever is asked for.
  if (spoilt != nullptr && *spoilt == ContentFault::html_page) return Content(std::string(page));
  const auto* other = std::get_if<OtherFileFault>(&failing);
  auto content = content_at(sources, other != nullptr ? other->path : path);
  if (!content || spoilt == nullptr) return content;
  return spoil(*std::move(content), *spoilt);
}

}  // namespace provphone::client::serve
