#include "client/capsule/entry_json.hpp"

#include "client/capsule/enum_names.hpp"
#include "client/trace/json_octets.hpp"
#include "client/trace/read.hpp"
#include "macro/try.hpp"

#include <nlohmann/json.hpp>

#include <utility>

namespace provphone::client::capsule {
namespace {

using Json = nlohmann::ordered_json;
using resync::Time;

std::int64_t ms(Time time) {
  return time.time_since_epoch().count();
}

// Three centuries: whatever begins later is no run but an accident.
constexpr std::int64_t longest_run = 10'000'000'000'000;

resync::Duration duration_of(const Json& json) {
  const auto ms = json.get<std::int64_t>();
  if (ms < 0 || ms > longest_run) throw Unreadable{"a time of a run"};
  return resync::Duration(ms);
}

Time time_of(const Json& json) {
  return Time{duration_of(json)};
}

Json answer_json(const Answer& it, const Rewrite& rewrite) {
  const auto& answered = it.answered;
  Json json{{"status", answered.status}, {"body", it.body}, {"bytes", answered.body_bytes}};
  if (!answered.location.empty()) json["location"] = rewrite(answered.location);
  if (!answered.content_encoding.empty()) json["content_encoding"] = answered.content_encoding;
  if (!answered.challenges.empty()) json["challenges"] = answered.challenges;
  if (!answered.note.empty()) json["note"] = answered.note;
  return json;
}

struct HappeningWriter {
  const Rewrite& rewrite;

  Json operator()(const BeganRunning&) const { return {"began_running"}; }
  Json operator()(const Woken& it) const { return {"woken", ms(it.due)}; }
  Json operator()(const Ended& it) const {
    Json json{"ended", named(lane_names, it.lane), it.asked, it.after.count()};
    if (const auto* answer = std::get_if<Answer>(&it.with)) {
      json.push_back(answer_json(*answer, rewrite));
      return json;
    }
    const auto& none = std::get<Unanswered>(it.with);
    json.push_back(none.why == NoAnswer::failed ? "failed" : "not_asked");
    json.push_back(json_of(none.error, rewrite));
    return json;
  }
  Json operator()(const std::shared_ptr<const drive::Stimulus>& what) const {
    return json_of(*what, rewrite);
  }
  Json operator()(const MessageFate& it) const {
    Json json{"message", it.when == drive::FateKnown::at_once ? "at_once" : "later"};
    if (it.error) json.push_back(json_of(*it.error, rewrite));
    return json;
  }
  Json operator()(const Told& it) const {
    return {"told", Json::parse(rewrite(format_json(*it.line)))};
  }
};

Answer answer_of(const Json& json) {
  Answer answer;
  auto& answered = answer.answered;
  const auto text = [&](const char* key) {
    const auto found = json.find(key);
    return found == json.end() ? std::string() : trace::octets_of(found->get<std::string>());
  };
  answered.status = json.at("status").get<int>();
  answer.body = json.at("body").get<std::size_t>();
  answered.body_bytes = json.at("bytes").get<std::size_t>();
  answered.location = text("location");
  answered.content_encoding = text("content_encoding");
  answered.note = text("note");
  if (const auto found = json.find("challenges"); found != json.end())
    for (const auto& each : *found)
      answered.challenges.push_back(trace::octets_of(each.get<std::string>()));
  return answer;
}

Result<Ended> ended_of(const Json& json) {
  Ended ended;
  ended.lane = value_of<resync::Lane>(lane_names, json.at(1));
  ended.asked = json.at(2).get<std::size_t>();
  ended.after = duration_of(json.at(3));
  if (json.at(4).is_object()) {
    auto answer = answer_of(json.at(4));
    answer.answered.lane = ended.lane;
    ended.with = std::move(answer);
    return ended;
  }
  TRY(auto error, error_of(json.at(5)));
  const bool failed = json.at(4).get<std::string>() == "failed";
  ended.with = Unanswered{failed ? NoAnswer::failed : NoAnswer::not_asked, std::move(error)};
  return ended;
}

Result<Happening> message_of(const Json& json) {
  MessageFate fate;
  fate.when = json.at(1).get<std::string>() == "at_once" ? drive::FateKnown::at_once
                                                         : drive::FateKnown::later;
  if (json.size() > 2) {
    TRY(fate.error, error_of(json.at(2)));
  }
  return fate;
}

Result<Happening> told_of(const Json& json) {
  TRY(auto line, trace::parse_trace_line(json.at(1).dump()));
  if (!line.event) return fail(Errc::bad_argument, "expected an event that is known here");
  return Told{std::make_shared<const trace::TraceEvent>(*std::move(line.event))};
}

Result<Happening> happening_of(const Json& json) {
  const auto kind = json.at(0).get<std::string>();
  if (kind == "woken") return Woken{time_of(json.at(1))};
  if (kind == "ended") {
    TRY(auto ended, ended_of(json));
    return Happening{std::move(ended)};
  }
  if (kind == "message") return message_of(json);
  if (kind == "began_running") return BeganRunning{};
  if (kind == "told") return told_of(json);
  TRY(auto what, stimulus_of(json));
  return std::make_shared<const drive::Stimulus>(std::move(what));
}

}  // namespace

Json json_of(const Entry& entry, const Rewrite& rewrite) {
  return Json::array({ms(entry.at), entry.phone, std::visit(HappeningWriter{rewrite}, entry.what)});
}

Result<Entry> entry_of(const Json& json) {
  try {
    Entry entry{time_of(json.at(0)), json.at(1).get<std::uint32_t>(), {}};
    TRY(entry.what, happening_of(json.at(2)));
    if (auto* told = std::get_if<Told>(&entry.what)) {
      auto line = *told->line;
      line.number = entry.phone;
      told->line = std::make_shared<const trace::TraceEvent>(std::move(line));
    }
    return entry;
  } catch (const Unreadable& unreadable) {
    return fail(Errc::bad_argument, "expected " + unreadable.expected);
  } catch (const Json::exception&) {
    return fail(Errc::bad_argument, "expected [milliseconds, phone, what came to it]");
  }
}

}  // namespace provphone::client::capsule
