#pragma once

#include "client/capsule/seal.hpp"
#include "client/capsule/secrets.hpp"
#include "client/capsule/tape.hpp"
#include "macro/enum_array.hpp"

#include <string>
#include <unordered_map>
#include <vector>

namespace provphone::client::capsule {

// Writes down what a driver's phones meet, and which secrets they used meanwhile. Of the driver's
// thread; keeps all of it in memory, each body once.
class Recorder final : public drive::Witness {
 public:
  // `salt` as in Secrets.
  explicit Recorder(std::string salt) : secrets_(std::move(salt)) {}

  void began_running(resync::Time at, std::uint32_t phone) override;
  void asked(resync::Time at, std::uint32_t phone, const resync::Fetch& fetch) override;
  void taken(resync::Time at, std::uint32_t phone, const drive::Stimulus& what,
             const drive::Handset& phone_before) override;
  void message_sent(resync::Time at, std::uint32_t phone, drive::FateKnown when,
                    const Result<void>& sent) override;
  void told(const trace::TraceEvent& event) override;

  // Adds what another recorder of the same run has heard, of other phones and with the same salt.
  void take_in(const Recorder& other);

  const Tape& tape() const { return tape_; }
  const Secrets& secrets() const { return secrets_; }
  // Of the bodies that may be encrypted, by place in Tape::bodies.
  const std::unordered_map<std::size_t, Keys>& keys() const { return keys_; }

 private:
  using Wanted = EnumArray<resync::Lane, resync::Time>;  // since when

  std::size_t place_of_asked(std::string text);
  std::size_t place_of_body(const std::string& body);
  void ended(resync::Time at, std::uint32_t phone, const drive::Handset& before, resync::Lane lane,
             std::variant<Answer, Unanswered> with);
  void add_input(resync::Time at, std::uint32_t phone, const resync::Input& input,
                 const drive::Handset& before);
  void note_keys(const Answer& answer, const drive::Handset& before);
  void note_secrets(const resync::Request& request);

  Tape tape_;
  Secrets secrets_;
  std::unordered_map<std::size_t, Keys> keys_;
  std::unordered_map<std::uint32_t, Wanted> wanted_;  // by phone, each that was met
  std::unordered_map<std::string, std::size_t> asked_places_;
  std::unordered_multimap<std::size_t, std::size_t> body_places_;  // by hash
};

}  // namespace provphone::client::capsule
