#include <fmt/format.h>

#include "fmnet/apps/commands.h"
#include "fmnet/figures/architecture_drawing.h"
#include "fmnet/version.h"

namespace apps {

void add_info(CLI::App& app, Program& program) {
  CLI::App* command = app.add_subcommand("info", "Version, build, machine, and the network layer by layer");
  command->callback([&program] {
    program.action = [] {
      const fmnet::BuildAndMachine b = fmnet::build_and_machine();
      const fmnet::FmNet network(1);
      const fmnet::NetworkCounts counts = fmnet::network_counts(network);
      fmt::print(
          "fmnet {}\nsource\t{}\ncompiler\t{}\ninstructions\t{}\nnetwork scalar\t{}\nprocessor\t{}\nthreads\t{}\n\n",
          fmnet::version, b.source.empty() ? "not known" : b.source, b.compiler, b.instructions, b.real, b.processor,
          b.n_threads);
      fmt::print("{}\nconvolutions\t{}\ntrainable numbers\t{}\nwith running averages\t{}\n",
                 fmnet::architecture_table(network).text(), counts.n_convolutions, counts.n_trainable, counts.n_all);
      return 0;
    };
  });
}

}  // namespace apps
