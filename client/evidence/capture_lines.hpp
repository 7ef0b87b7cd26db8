#pragma once

#include "client/evidence/sighting.hpp"

#include <map>

namespace provphone::client::evidence {

// What `tshark -r FILE -T json` prints, HTTP with its answers and TFTP. It prints an array of
// objects, each of which begins and ends with a line of its own; that is how it is read piece by
// piece.
class CaptureLines : public LogLines {
 public:
  LineSays read(std::string_view line, const TakeSighting& take) override;
  void end(const TakeSighting& take) override;
  std::string expected() const override;

 private:
  struct Asked {
    Instant at;
    std::string method, path, host, agent, address;
  };
  LineSays read_packet(const TakeSighting& take);
  void take_request(const Asked& asked, Sighting answer, const TakeSighting& take) const;

  std::string packet_;
  enum class Place { between, inside } place_ = Place::between;
  std::map<std::string, Asked> asked_;  // by the number of the frame
};

}  // namespace provphone::client::evidence
