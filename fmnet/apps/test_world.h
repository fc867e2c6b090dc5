// --velocity-model FILE and --between-places: an earth and places that a network was not trained for.
#pragma once

#include <CLI/CLI.hpp>
#include <memory>

#include "fmnet/test_events.h"

namespace apps {

inline std::shared_ptr<fmnet::TestWorld> add_test_world(CLI::App& command) {
  const auto world = std::make_shared<fmnet::TestWorld>();
  command.add_option("--velocity-model", world->velocity_model_path,
                     "Table of layers in place of the configuration's, such as data/ridgecrest/ridgecrest_local.txt");
  command.add_flag("--between-places", world->between_places,
                   "Places in the middle of the grid's cells instead of on the grid");
  return world;
}

}  // namespace apps
