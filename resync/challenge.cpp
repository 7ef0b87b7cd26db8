#include "resync/challenge.hpp"

#include "macro/ascii.hpp"
#include "profile/parameter_id.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace provphone::resync {
namespace {

// Far beyond what servers send; what is behind these is not looked at.
constexpr std::size_t most_headers = 16;
constexpr std::size_t longest_header = 8192;
constexpr std::size_t most_challenges = 16;
constexpr std::size_t most_fields = 32;

bool is_token(char c) {
  return ascii::is_alnum(c) ||
         std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
}

bool is_blank(char c) {
  return c == ' ' || c == '\t';
}

// No text in quotes has one, and what was said is said again in the phone's own header.
bool is_control(char c) {
  const auto octet = static_cast<unsigned char>(c);
  return (octet < 0x20U && c != '\t') || octet == 0x7FU;
}

struct Field {
  std::string name;  // in lower case
  std::string value;
};

struct Offer {
  std::string scheme;  // likewise
  std::vector<Field> fields;
  bool has_token = false;  // in place of fields, as neither scheme has it

  std::string_view field(std::string_view name) const {
    const auto found = std::ranges::find(fields, name, &Field::name);
    return found == fields.end() ? std::string_view{} : std::string_view(found->value);
  }
};

// A header's text that is being read.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : left_(text) {}

  bool at_end() const { return left_.empty(); }
  bool at(char c) const { return !left_.empty() && left_.front() == c; }

  void skip_blanks() {
    while (!left_.empty() && is_blank(left_.front())) left_.remove_prefix(1);
  }
  void skip_commas() {
    while (!left_.empty() && (is_blank(left_.front()) || left_.front() == ','))
      left_.remove_prefix(1);
  }
  bool take(char c) {
    if (!at(c)) return false;
    left_.remove_prefix(1);
    return true;
  }
  // Empty where there is none.
  std::string token() {
    const auto end = std::ranges::find_if_not(left_, is_token);
    const auto size = static_cast<std::size_t>(end - left_.begin());
    std::string text(left_.substr(0, size));
    left_.remove_prefix(size);
    return text;
  }
  // Behind the opening quote; nothing where it is never closed, or no text.
  std::optional<std::string> quoted() {
    std::string text;
    for (; !left_.empty() && left_.front() != '"'; left_.remove_prefix(1)) {
      if (left_.front() == '\\' && left_.size() > 1) left_.remove_prefix(1);
      if (is_control(left_.front())) return std::nullopt;
      text += left_.front();
    }
    return take('"') ? std::optional(std::move(text)) : std::nullopt;
  }
  // What some schemes have in place of fields; nothing is taken where it is none.
  bool take_token68() {
    const auto behind = std::min(left_.find_first_of(" \t,"), left_.size());
    const auto word = left_.substr(0, behind);
    const auto padding = std::min(word.find('='), word.size());
    const bool fits = !word.empty() && std::ranges::all_of(word.substr(0, padding), [](char c) {
      return ascii::is_alnum(c) || std::string_view("-._~+/").find(c) != std::string_view::npos;
    }) && word.find_first_not_of('=', padding) == std::string_view::npos;
    auto rest = left_.substr(behind);
    while (!rest.empty() && is_blank(rest.front())) rest.remove_prefix(1);
    if (!fits || (!rest.empty() && rest.front() != ',')) return false;
    left_ = rest;
    return true;
  }

 private:
  std::string_view left_;
};

// Behind `name`. Nothing where what follows is no field.
std::optional<std::string> field_value(Scanner& scanner) {
  scanner.skip_blanks();
  if (!scanner.take('=')) return std::nullopt;
  scanner.skip_blanks();
  if (scanner.take('"')) return scanner.quoted();
  auto word = scanner.token();
  return word.empty() ? std::nullopt : std::optional(std::move(word));
}

// The fields of one offer, up to the name of the next one's scheme, which is returned. Nothing
// where the text does not follow the grammar: then neither this offer nor what is behind it counts.
std::optional<std::string> read_fields(Scanner& scanner, Offer& offer) {
  while (true) {
    scanner.skip_commas();
    if (scanner.at_end()) return std::string();
    auto name = ascii::lowered(scanner.token());
    if (name.empty()) return std::nullopt;
    auto look_ahead = scanner;
    look_ahead.skip_blanks();
    if (!look_ahead.at('=')) return name;
    auto value = field_value(scanner);
    if (!value || offer.fields.size() >= most_fields) return std::nullopt;
    offer.fields.push_back({std::move(name), *std::move(value)});
  }
}

void read_offers(std::string_view header, std::vector<Offer>& offers) {
  Scanner scanner(header.substr(0, longest_header));
  if (header.size() > longest_header) return;
  scanner.skip_commas();
  auto scheme = ascii::lowered(scanner.token());
  while (!scheme.empty() && offers.size() < most_challenges) {
    Offer offer;
    offer.scheme = std::move(scheme);
    scanner.skip_blanks();
    if (!scanner.at_end() && !scanner.at(',')) offer.has_token = scanner.take_token68();
    auto next = read_fields(scanner, offer);
    if (!next) return;
    offers.push_back(std::move(offer));
    scheme = *std::move(next);
  }
}

bool names_auth(std::string_view qops) {
  while (!qops.empty()) {
    const auto comma = std::min(qops.find(','), qops.size());
    if (ascii::lowered(ascii::trimmed(qops.substr(0, comma))) == "auth") return true;
    qops.remove_prefix(std::min(comma + 1, qops.size()));
  }
  return false;
}

struct Algorithm {
  std::string_view name;
  profile::Hash hash;
  bool is_session;
};

constexpr Algorithm algorithms[] = {
    {"", profile::Hash::md5, false},
    {"md5", profile::Hash::md5, false},
    {"md5-sess", profile::Hash::md5, true},
    {"sha-256", profile::Hash::sha256, false},
    {"sha-256-sess", profile::Hash::sha256, true},
};

std::optional<Challenge> digest_in(const Offer& offer) {
  const auto* algorithm =
      std::ranges::find(algorithms, ascii::lowered(offer.field("algorithm")), &Algorithm::name);
  const auto qop = offer.field("qop");
  const bool answerable = algorithm != std::end(algorithms) && !offer.field("nonce").empty() &&
                          (qop.empty() || names_auth(qop));
  if (!answerable) return std::nullopt;
  Challenge challenge;
  challenge.scheme = Challenge::Scheme::digest;
  challenge.realm = offer.field("realm");
  challenge.nonce = offer.field("nonce");
  challenge.opaque = offer.field("opaque");
  challenge.algorithm = offer.field("algorithm");
  challenge.hash = algorithm->hash;
  challenge.is_session = algorithm->is_session;
  challenge.has_qop = !qop.empty();
  challenge.is_stale = ascii::lowered(offer.field("stale")) == "true";
  return challenge;
}

std::optional<Challenge> challenge_in(const Offer& offer) {
  if (offer.scheme == "digest") return digest_in(offer);
  if (offer.scheme != "basic" || offer.has_token) return std::nullopt;
  Challenge challenge;
  challenge.realm = offer.field("realm");
  return challenge;
}

// Quotes and backslashes end no text; control characters end no header.
std::string quoted(std::string_view text) {
  std::string made = "\"";
  for (const char c : text) {
    if (static_cast<unsigned char>(c) < ' ' || c == 0x7F) continue;
    if (c == '"' || c == '\\') made += '\\';
    made += c;
  }
  return made + '"';
}

std::string digest_response(const Challenge& challenge, const Login& login, const Guarded& guarded,
                            const Once& once) {
  const auto hash = [&](const std::string& text) {
    return profile::hash_hex(challenge.hash, text);
  };
  // RFC 7616 calls them A1 and A2.
  auto who = hash(fmt::format("{}:{}:{}", login.user, challenge.realm, login.password));
  if (challenge.is_session) who = hash(fmt::format("{}:{}:{}", who, challenge.nonce, once.cnonce));
  const auto what = hash(fmt::format("{}:{}", guarded.method, guarded.target));
  const auto middle =
      challenge.has_qop ? fmt::format("{}:{:08x}:{}:auth", challenge.nonce, once.count, once.cnonce)
                        : challenge.nonce;
  return hash(fmt::format("{}:{}:{}", who, middle, what));
}

std::string digest_authorization(const Challenge& challenge, const Login& login,
                                 const Guarded& guarded, const Once& once) {
  auto value =
      fmt::format("Digest username={}, realm={}, nonce={}, uri={}, response=\"{}\"",
                  quoted(login.user), quoted(challenge.realm), quoted(challenge.nonce),
                  quoted(guarded.target), digest_response(challenge, login, guarded, once));
  if (!challenge.algorithm.empty()) value += ", algorithm=" + challenge.algorithm;
  if (!challenge.opaque.empty()) value += ", opaque=" + quoted(challenge.opaque);
  if (challenge.has_qop)
    value += fmt::format(", qop=auth, nc={:08x}, cnonce=\"{}\"", once.count, once.cnonce);
  else if (challenge.is_session)
    value += fmt::format(", cnonce=\"{}\"", once.cnonce);
  return value;
}

bool knows_algorithm(const Challenge& challenge, const Personality& personality) {
  return challenge.hash == profile::Hash::md5 ||
         personality.digest_algorithms == DigestAlgorithms::md5_sha256;
}

std::optional<Login> login_with(std::string_view user, std::string_view password) {
  if (user.empty()) return std::nullopt;
  return Login{std::string(user), std::string(password)};
}

// The account that the first line registers with.
std::optional<Login> sip_login(const profile::ParameterSet& parameters) {
  const auto value = [&](std::string_view name) {
    return parameters.get(*profile::find_parameter(name));
  };
  const bool has_auth_id = value("Use_Auth_ID_1_") == "Yes";
  return login_with(value(has_auth_id ? "Auth_ID_1_" : "User_ID_1_"), value("Password_1_"));
}

std::optional<Login> xsi_login(const profile::ParameterSet& parameters) {
  if (parameters.get(profile::parameter_id("XSI_Authentication_Type")) == "SIP Credentials")
    return sip_login(parameters);
  return login_with(parameters.get(profile::parameter_id("Login_User_ID")),
                    parameters.get(profile::parameter_id("Login_Password")));
}

}  // namespace

std::vector<Challenge> read_challenges(std::span<const std::string> headers) {
  std::vector<Offer> offers;
  for (const auto& header : headers.first(std::min(headers.size(), most_headers)))
    read_offers(header, offers);
  std::vector<Challenge> challenges;
  for (const auto& offer : offers) {
    if (auto challenge = challenge_in(offer)) challenges.push_back(*std::move(challenge));
  }
  return challenges;
}

const Challenge* choose_challenge(std::span<const Challenge> challenges,
                                  const Personality& personality) {
  const Challenge* basic = nullptr;
  for (const auto& challenge : challenges) {
    const bool is_digest = challenge.scheme == Challenge::Scheme::digest;
    if (is_digest && knows_algorithm(challenge, personality)) return &challenge;
    if (!is_digest && basic == nullptr) basic = &challenge;
  }
  return basic;
}

std::string authorization(const Challenge& challenge, const Login& login, const Guarded& guarded,
                          const Once& once) {
  if (challenge.scheme == Challenge::Scheme::basic)
    return "Basic " + profile::base64(login.user + ':' + login.password);
  return digest_authorization(challenge, login, guarded, once);
}

bool takes_challenge(LoginTalk& talk, std::span<const std::string> headers,
                     const std::optional<Login>& login, const Personality& personality) {
  if (!login || talk.answered >= personality.challenge_retries) return false;
  const auto challenges = read_challenges(headers);
  const auto* chosen = choose_challenge(challenges, personality);
  if (chosen == nullptr) return false;
  talk = {*chosen, talk.answered + 1, 0};
  return true;
}

std::optional<Login> phone_login(const MacroSource& source, const std::optional<Login>& account) {
  if (source.personality.unauthorized_without_login != UnauthorizedWithoutLogin::profile_account)
    return std::nullopt;
  const auto type = source.parameters.get(profile::parameter_id("Profile_Authentication_Type"));
  // One that the phone has lost is none.
  if (type == "Basic Http Authentication" && account != Login{}) return account;
  if (type == "XSI Authentication") return xsi_login(source.parameters);
  return std::nullopt;
}

std::optional<Login> login_for(const Request& request, const MacroSource& source,
                               const std::optional<Login>& account) {
  if (request.login || request.at_foreign_host) return request.login;
  return phone_login(source, account);
}

}  // namespace provphone::resync
