#include "client/input/glob.hpp"

#include <catch2/catch.hpp>

#include <string>

namespace glob_test {

using namespace provphone::client::input;

TEST_CASE("a star of a scenario stands for anything, and all else for itself") {
  struct Row {
    std::string glob, text;
    bool fits;
  };
  const auto [glob, text, fits] = GENERATE(values<Row>({
      {"*", "", true},
      {"*", "/a/b.xml?x=1", true},
      {"/a.xml", "/a.xml", true},
      {"/a.xml", "/a.xml2", false},
      {"/a.xml", "/", false},
      {"/8841-3PCC/*.xml", "/8841-3PCC/000e08012345.xml", true},
      {"/8841-3PCC/*.xml", "/8841-3PCC/deep/000e08012345.xml", true},
      {"/8841-3PCC/*.xml", "/8841-3PCC/.xml", true},
      {"/8841-3PCC/*.xml", "/8841-3PCC/000e08012345.cfg", false},
      {"*/*.xml", "/.hidden.xml", true},
      {"*.example.net", ".example.net", true},
      {"**b*", "aabb", true},
      {"a*ab", "aaab", true},
      {"a*b*c", "abcb", false},
      {"/a?x=*", "/a?x=1", true},
      {"/a?x=*", "/abx=1", false},
      {"/a?x=1", "/abx=1", false},
      {"/[ab]*", "/[ab].xml", true},
      {"/[ab]*", "/a.xml", false},
      {"/[!a*", "/[!a", true},
      {"/a\\*", "/a\\b", true},
      {"/a\\*", "/a*", false},
      {"\\[*", "\\[", true},
      {"/\xc3\xa9*", "/\xc3\xa9.xml", true},
      {"/*\xe9", "/\xe9", true},
  }));
  INFO(glob << " and " << text);
  CHECK(matches_glob(glob, text) == fits);
}

TEST_CASE("the pattern of a fault is one of a shell, in which stars stand for slashes too") {
  struct Row {
    std::string pattern, text;
    bool fits;
  };
  const auto [pattern, text, fits] = GENERATE(values<Row>({
      {"*", "/a/b.xml", true},
      {"/x/*.xml", "/x/deep/a.xml", true},
      {"/x/*.xml", "/x/.xml", true},
      {"/x/*.xml", "/x/a.cfg", false},
      {"/y?", "/y1", true},
      {"/y?", "/y/", true},
      {"/y?", "/y", false},
      {"/y?", "/y12", false},
      {"/[ab].xml", "/a.xml", true},
      {"/[!ab].xml", "/a.xml", false},
      {"/a\\*", "/a*", true},
      {"/a\\*", "/ab", false},
  }));
  INFO(pattern << " and " << text);
  CHECK(matches_shell_pattern(pattern, text) == fits);
}

}  // namespace glob_test
