// What users start: the Makefile's installing of packages and paper_repro/train.sh, with stand-ins for the programs that they call.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <string>

#include "data/atomic_file.h"
#include "tests/support/shell.h"
#include "tests/support/temporary_folder.h"

namespace {

namespace fs = std::filesystem;
using support::ShellOutcome;
using testing::HasSubstr;
using testing::Not;

class StandIns : public testing::Test {
 protected:
  void make_program(const std::string& name, const std::string& script) const {
    fs::permissions(folder_.write(name, "#!/bin/bash\n" + script + "\n"), fs::perms::owner_all);
  }
  std::string text_of(const std::string& name) const {
    return data::read_whole_file(folder_.path() + "/" + name, 1 << 20);
  }
  bool has(const std::string& name) const { return fs::exists(folder_.path() + "/" + name); }

  const support::TemporaryFolder folder_;
};

// `make packages` where no programs are but those in the folder's bin.
class MakePackages : public StandIns {
 protected:
  void SetUp() override { folder_.write("bin/README", ""); }

  // Every package is installed but these two; of one the configuration is left.
  void have_dpkg() const {
    make_program("bin/dpkg-query", R"(case "${*: -1}" in
      cmake) exit 1 ;;
      libfmt-dev) echo 'deinstall ok config-files' ;;
      *) echo 'install ok installed' ;;
    esac)");
  }
  void have_apt_get() const {
    make_program("bin/apt-get", "echo \"apt-get $*, $DEBIAN_FRONTEND\" >> '" + folder_.path() + "/log'");
    make_program("bin/sudo", "echo sudo >> '" + folder_.path() + "/log'\n\"$@\"");
    fs::create_symlink("/usr/bin/env", folder_.path() + "/bin/env");
  }
  ShellOutcome run() const {
    return support::shell("unset MAKELEVEL MAKEFLAGS DEBIAN_FRONTEND; make=$(command -v make) && cd '" FMNET_SOURCE_DIR
                          "' && PATH='" +
                          folder_.path() + "/bin' \"$make\" packages 2>&1");
  }
};

TEST_F(MakePackages, WithoutDpkgNothingIsInstalledAndTheUserIsTold) {
  const ShellOutcome outcome = run();
  EXPECT_EQ(outcome.status, 0);
  EXPECT_EQ(outcome.text.substr(0, 75), "no dpkg here: taking it that what these Debian packages hold is installed: ");
  EXPECT_THAT(outcome.text, HasSubstr(" libeigen3-dev "));
}

TEST_F(MakePackages, WithoutAptGetWhatIsMissingIsNamed) {
  have_dpkg();
  const ShellOutcome outcome = run();
  EXPECT_EQ(outcome.status, 2);
  EXPECT_THAT(outcome.text, HasSubstr("these Debian packages are missing and there is no apt-get to install them: "
                                      "cmake libfmt-dev\n"));
}

TEST_F(MakePackages, WhatIsMissingAloneIsInstalledByTheSuperuser) {
  have_dpkg();
  have_apt_get();
  const std::string installation = "apt-get update -q, \n",
                    packages = "apt-get install -y -q --no-install-recommends cmake libfmt-dev, noninteractive\n";
  make_program("bin/id", "echo 0");
  const ShellOutcome outcome = run();
  EXPECT_EQ(outcome.status, 0) << outcome.text;
  EXPECT_EQ(outcome.text, "installing Debian packages: cmake libfmt-dev\n");
  EXPECT_EQ(text_of("log"), installation + packages);

  fs::remove(folder_.path() + "/log");
  make_program("bin/id", "echo 1000");
  EXPECT_EQ(run().status, 0);
  EXPECT_EQ(text_of("log"), "sudo\n" + installation + "sudo\n" + packages);
}

TEST_F(MakePackages, NothingIsDoneWhereNothingIsMissing) {
  make_program("bin/dpkg-query", "echo 'install ok installed'");
  const ShellOutcome outcome = run();
  EXPECT_EQ(outcome.status, 0);
  EXPECT_EQ(outcome.text, "all needed Debian packages are installed\n");
}

// paper_repro/train.sh of the preset `tiny` in a tree of its own. The stand-in of fmnet writes a library, or the files of a training
// that has come to the step $STEP, and ends with the status $STATUS.
class TrainScript : public StandIns {
 protected:
  void SetUp() override {
    for (const char* file : {"train.sh", "common.sh", "presets/tiny.toml"}) {
      folder_.write(std::string("paper_repro/") + file,
                    data::read_whole_file(std::string(FMNET_SOURCE_DIR "/paper_repro/") + file, 1 << 20));
    }
    make_program("fmnet", R"(command=$1
while [ $# -gt 0 ]; do
  case $1 in --check) exit 1 ;; --output) output=$2 ;; esac
  shift
done
written() {
  printf 'step\tloss\n%s\t0.5\n' "$1" > "$output/training_log.tsv"
  echo "state $1" > "$output/state.safetensors"
  echo "weights $1" > "$output/weights.safetensors"
}
if [ "$command" = greens ]; then echo library > "$output"; exit; fi
trap 'written "$STEP"; exit 130' TERM
if [ "$STATUS" = wait ]; then
  touch "$output/running"
  for (( i = 0; i < 300; ++i )); do sleep 0.1; done
fi
written "$STEP"
exit "$STATUS")");
  }

  // The files of a training that has come to this step, in the folder where the program trains.
  void trained_to(int step) const {
    const std::string n = std::to_string(step);
    folder_.write("out/tiny/training_log.tsv", "step\tloss\n" + n + "\t0.5\n");
    folder_.write("out/tiny/state.safetensors", "state " + n + "\n");
    folder_.write("out/tiny/weights.safetensors", "weights " + n + "\n");
  }

  std::string command(int step, const std::string& status) const {
    return "STEP=" + std::to_string(step) + " STATUS=" + status + " FMNET='" + folder_.path() + "/fmnet' bash '" +
           folder_.path() + "/paper_repro/train.sh' tiny '" + folder_.path() + "/kept'";
  }
  ShellOutcome run(int step, const std::string& status) const {
    return support::shell(command(step, status) + " 2>&1");
  }
};

TEST_F(TrainScript, KeepsATrainingThatIsDone) {
  const ShellOutcome outcome = run(100, "0");
  EXPECT_EQ(outcome.status, 0) << outcome.text;
  EXPECT_THAT(outcome.text, HasSubstr("the training of tiny is done"));
  EXPECT_EQ(text_of("kept/state.safetensors"), "state 100\n");
  EXPECT_EQ(text_of("kept/weights.safetensors"), "weights 100\n");
  EXPECT_EQ(text_of("kept/training_log.tsv"), "step\tloss\n100\t0.5\n");
}

TEST_F(TrainScript, EndsWithTheStatusOfATrainingThatFailsAndKeepsWhatItWrote) {
  const ShellOutcome outcome = run(100, "3");
  EXPECT_EQ(outcome.status, 3);
  EXPECT_THAT(outcome.text, Not(HasSubstr("is done")));
  EXPECT_EQ(text_of("kept/state.safetensors"), "state 100\n");
}

TEST_F(TrainScript, HandsASignalOnAndKeepsWhatTheTrainingWritesThen) {
  const std::string running = folder_.path() + "/out/tiny/running";
  const ShellOutcome outcome =
      support::shell(command(70, "wait") + " >/dev/null 2>&1 & script=$!; for i in $(seq 200); do [ -e '" + running +
                     "' ] && break; sleep 0.1; done; kill -TERM $script; wait $script");
  EXPECT_EQ(outcome.status, 130);
  EXPECT_EQ(text_of("kept/state.safetensors"), "state 70\n");
}

TEST_F(TrainScript, TakesUpWhatWasKeptWhereItIsFurther) {
  ASSERT_EQ(run(200, "130").status, 130);
  const std::string taking_up = "taking up the training in " + folder_.path() + "/kept after step 200\n";
  trained_to(300);
  EXPECT_THAT(run(300, "130").text, Not(HasSubstr("taking up")));
  EXPECT_EQ(text_of("kept/state.safetensors"), "state 300\n");
  trained_to(200);
  ASSERT_EQ(support::shell("cp '" + folder_.path() + "'/out/tiny/*.* '" + folder_.path() + "/kept'").status, 0);
  trained_to(100);
  EXPECT_THAT(run(300, "0").text, HasSubstr(taking_up));
  fs::remove_all(folder_.path() + "/out");
  EXPECT_THAT(run(400, "0").text, HasSubstr("after step 300\n"));
  EXPECT_EQ(text_of("kept/state.safetensors"), "state 400\n");
}

TEST_F(TrainScript, AnEarlierStateNeverReplacesAFurtherOne) {
  ASSERT_EQ(run(200, "130").status, 130);
  EXPECT_EQ(run(100, "130").status, 130);
  EXPECT_EQ(text_of("kept/state.safetensors"), "state 200\n");
}

TEST_F(TrainScript, RefusesAnotherLibraryAndChangesNothing) {
  ASSERT_EQ(run(200, "130").status, 130);
  folder_.write("kept/greens.sha256", std::string(64, '0') + "\n");
  trained_to(50);
  const ShellOutcome outcome = run(100, "0");
  EXPECT_EQ(outcome.status, 2);
  EXPECT_THAT(outcome.text,
              HasSubstr("is not the library that the training in " + folder_.path() + "/kept began with"));
  EXPECT_EQ(text_of("kept/state.safetensors"), "state 200\n");
  EXPECT_EQ(text_of("out/tiny/state.safetensors"), "state 50\n");
}

}  // namespace
