#include "resync/plan.hpp"
#include "test/bench/bench.hpp"

#include <cstdlib>

namespace provphone::bench {

void bench_rules() {
  const resync::Identity identity;
  const auto personality = resync::personality_of(profile::Generation::mpp12);
  const profile::ParameterSet parameters(profile::factory_values(profile::Generation::mpp12));
  const resync::MacroState state;
  const resync::MacroSource source{identity, personality, parameters, state};
  const std::string rules[] = {"https://prov.example.net/$PSN/$MA.xml",
                               "($SWVER ge sip88xx.11-0-0MPP-7)? [--key \"$SA\"] "
                               "http://prov.example.net/$A/$MA.cfg | http://prov.example.net/x",
                               "(\"$CCERT\" eq \"Installed\")? https://p.example.net/config? | "
                               "(GPP_D = \"$MA\";)! https://p.example.net/c?$MAU"};
  constexpr int evaluations = 100'000;
  measure("Evaluating a rule: expansion, conditions, grammar", "evaluation", evaluations, 100'000,
          [&] {
            for (int i = 0; i < evaluations; ++i) {
              if (!resync::plan_profile_rule(rules[i % 3], source, std::nullopt)) std::abort();
            }
          });
}

}  // namespace provphone::bench
