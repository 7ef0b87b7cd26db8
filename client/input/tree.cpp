#include "client/input/tree.hpp"

#include "profile/catalogue.hpp"

#include <fmt/format.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/mark.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <map>
#include <optional>
#include <sstream>

namespace provphone::client::input {
namespace {

// Thrown through yaml-cpp, which knows no other way to stop early, and caught in read_tree.
struct Refused {
  Place place;
  std::string message;
};

// What charge() has counted for the node: one for each value and one for each key.
std::size_t size_of(const Node& node) {
  std::size_t size = 1;
  for (const auto& item : node.items) size += size_of(item);
  for (const auto& entry : node.entries) size += 1 + size_of(entry.value);
  return size;
}

std::string without_controls(std::string text) {
  std::replace_if(
      text.begin(), text.end(), [](unsigned char c) { return c < 0x20 || c == 0x7f; }, ' ');
  return text;
}

class TreeBuilder : public YAML::EventHandler {
 public:
  explicit TreeBuilder(std::string_view name) : source_(std::make_shared<const std::string>(name)) {
    root_.place = {source_, 1, 1};  // of an empty file
  }

  Node take() { return std::move(root_); }
  Place place(const YAML::Mark& mark) const { return {source_, mark.line + 1, mark.column + 1}; }

  void OnDocumentStart(const YAML::Mark& mark) override {
    if (++documents_ > 1) throw Refused{place(mark), "a second document; one a file is read"};
  }
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    add(node(Node::Kind::nothing, mark), anchor);
  }
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    const auto known = anchors_.find(anchor);
    if (known == anchors_.end())
      throw Refused{place(mark), "an alias stands inside of what it stands for"};
    // A few lines of aliases can stand for billions of values, so a copy is paid for before it is
    // made.
    charge(mark, size_of(known->second));
    add(known->second, 0);
  }
  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override {
    check_tag(mark, tag);
    auto scalar = node(Node::Kind::scalar, mark);
    scalar.text = value;
    add(std::move(scalar), anchor);
  }
  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value /*style*/) override {
    open(mark, tag, anchor, Node::Kind::list);
  }
  void OnSequenceEnd() override { close(); }
  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value /*style*/) override {
    open(mark, tag, anchor, Node::Kind::map);
  }
  void OnMapEnd() override { close(); }

 private:
  struct Frame {
    Node node;
    YAML::anchor_t anchor;
    std::optional<Entry> pending;  // the key of a map, until its value comes
  };

  void charge(const YAML::Mark& mark, std::size_t values) {
    values_ += values;
    if (values_ > max_tree_values)
      throw Refused{place(mark), fmt::format("more than {} values, with what aliases stand for",
                                             max_tree_values)};
  }

  // To yaml-cpp `?` is a plain scalar without a tag, and `!` a quoted one.
  void check_tag(const YAML::Mark& mark, const std::string& tag) const {
    if (!tag.empty() && tag != "?" && tag != "!")
      throw Refused{place(mark), fmt::format("the tag {} means nothing here", input::quoted(tag))};
  }

  Node node(Node::Kind kind, const YAML::Mark& mark) {
    charge(mark, 1);
    Node made;
    made.kind = kind;
    made.place = place(mark);
    return made;
  }

  void open(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
            Node::Kind kind) {
    check_tag(mark, tag);
    // Trees are walked by recursion, here and by those who read them.
    if (frames_.size() == max_tree_depth)
      throw Refused{place(mark), fmt::format("nested deeper than {} levels", max_tree_depth)};
    frames_.push_back({node(kind, mark), anchor, std::nullopt});
  }

  void close() {
    auto frame = std::move(frames_.back());
    frames_.pop_back();
    add(std::move(frame.node), frame.anchor);
  }

  void add(Node value, YAML::anchor_t anchor) {
    if (anchor != 0) {
      // The copy that the anchor keeps counts as well; the next charge() looks at the sum.
      values_ += size_of(value);
      anchors_.insert_or_assign(anchor, value);
    }
    if (frames_.empty()) {
      root_ = std::move(value);
      return;
    }
    auto& frame = frames_.back();
    if (frame.node.kind == Node::Kind::list) {
      frame.node.items.push_back(std::move(value));
    } else if (!frame.pending) {
      begin_entry(frame, value);
    } else {
      frame.pending->value = std::move(value);
      frame.node.entries.push_back(*std::move(frame.pending));
      frame.pending.reset();
    }
  }

  static void begin_entry(Frame& frame, Node& key) {
    if (key.kind != Node::Kind::scalar)
      throw Refused{key.place, fmt::format("expected a key, found {}", describe(key))};
    if (const auto* earlier = find(frame.node, key.text)) {
      throw Refused{key.place, fmt::format("key {} for the second time; line {} has the first",
                                           input::quoted(key.text), earlier->place.line)};
    }
    if (frame.node.entries.size() == max_map_keys)
      throw Refused{key.place, fmt::format("more than {} keys in one map", max_map_keys)};
    frame.pending = Entry{std::move(key.text), key.place, {}};
  }

  std::shared_ptr<const std::string> source_;
  std::vector<Frame> frames_;
  std::map<YAML::anchor_t, Node> anchors_;  // complete ones only, so that no alias is a cycle
  std::size_t values_ = 0;
  int documents_ = 0;
  Node root_;
};

}  // namespace

const Node* find(const Node& map, std::string_view key) {
  for (const auto& entry : map.entries) {
    if (entry.key == key) return &entry.value;
  }
  return nullptr;
}

tl::unexpected<Error> fail_at(const Place& place, std::string_view message) {
  std::string line(place.source ? std::string_view(*place.source) : "scenario");
  if (place.line > 0) line.append(fmt::format(":{}:{}", place.line, place.column));
  line.append(": ").append(message);
  return fail(Errc::scenario_invalid, without_controls(std::move(line)));
}

std::string quoted(std::string_view text) {
  constexpr std::size_t longest = 60;
  return fmt::format("'{}'{}", text.substr(0, longest), text.size() > longest ? "..." : "");
}

std::string describe(const Node& node) {
  switch (node.kind) {
    case Node::Kind::nothing:
      return "nothing";
    case Node::Kind::scalar:
      return input::quoted(node.text);
    case Node::Kind::list:
      return "a list";
    case Node::Kind::map:
      return "a map";
  }
  return {};
}

std::string on_one_line(const Node& node) {
  std::string text = without_controls(node.text);
  const auto add = [&text](std::string_view key, const Node& value) {
    const bool list = value.kind == Node::Kind::list, map = value.kind == Node::Kind::map;
    text.append(text.empty() ? "" : ", ").append(key).append(list ? "[" : map ? "{" : "");
    text.append(on_one_line(value)).append(list ? "]" : map ? "}" : "");
  };
  for (const auto& item : node.items) add("", item);
  for (const auto& entry : node.entries) add(entry.key + ": ", entry.value);
  return text;
}

std::string suggestion(std::string_view text, const std::vector<std::string_view>& candidates) {
  // About a third of the letters may be wrong; the distance counts each as two.
  std::size_t limit = 2 * std::clamp<std::size_t>(text.size() / 3, 1, 4) + 1;
  std::string_view nearest;
  if (text.size() > 100) return {};
  for (const auto candidate : candidates) {
    const auto distance = profile::spelling_distance(text, candidate);
    if (distance >= limit) continue;
    limit = distance;
    nearest = candidate;
  }
  return nearest.empty() ? std::string() : fmt::format("; did you mean '{}'?", nearest);
}

Result<Node> read_tree(std::string_view yaml, std::string_view name) {
  TreeBuilder builder(name);
  const Place start = builder.place(YAML::Mark());
  if (yaml.size() > max_scenario_bytes)
    return fail_at(start, fmt::format("larger than {} octets", max_scenario_bytes));
  std::istringstream stream{std::string(yaml)};
  try {
    YAML::Parser parser(stream);
    while (parser.HandleNextDocument(builder)) {
    }
  } catch (const Refused& refused) {
    return fail_at(refused.place, refused.message);
  } catch (const YAML::Exception& error) {
    const bool placed = !error.mark.is_null();
    return fail_at(placed ? builder.place(error.mark) : start, "not YAML: " + error.msg);
  }
  return builder.take();
}

}  // namespace provphone::client::input
