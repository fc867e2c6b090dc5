// The paper's claims beside what a folder of results holds: the table that opens the report.
//
// The paper: Kuang, Yuan & Zhang (2021), Nat. Commun. 12, 1432 (values as in the preprint 10.21203/rs.3.rs-63884/v1), and the
// authors' program, github.com/congcy/FMNet, for the Kagan histogram. Our values come from metrics.json alone. What
// the paper claims of the Mw 7.1 is compared with the prediction of that earthquake only, known by its id, or time and place.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace fmnet {

struct Claim {
  std::string claim;
  std::string paper;    // its value
  std::string ours;     // "not in this folder" where the step has not been run
  std::string command;  // that gives our value
  std::string word;     // where and why they differ; "same" where they do not
};

std::vector<Claim> compared_claims(const nlohmann::json& metrics);

}  // namespace fmnet
