// This project's side of bench/peers: whole training steps and predictions, timed on request.
//
//   OMP_NUM_THREADS=N peer_worker N    then on standard input lines "train16|predict1|predict64 SECONDS"; answers with
//                                      "repetitions wall_s processor_s"
#include <fmt/format.h>

#include <chrono>
#include <cstdio>
#include <ctime>
#include <functional>
#include <iostream>
#include <map>
#include <string>

#include "../../tests/support/toy_experiment.h"
#include "fmnet/library_settings.h"
#include "fmnet/trainer.h"
#include "fmnet/version.h"

namespace {

using Step = std::function<void()>;

// Samples of the toy grid with the noise, shifts and stations of the real configuration; forward, backward, Adam.
Step training_step(fmnet::Config& config, const data::Dataset& dataset) {
  const auto trainer = std::make_shared<fmnet::Trainer>(
      config, [&dataset](std::int64_t i) { return dataset.sample(i); }, dataset.size());
  return [trainer] { trainer->step(); };
}

Step prediction(autodiff::Index n) {
  const auto network = std::make_shared<fmnet::FmNet>(1);
  network->set_execution({true, autodiff::kernels::ConvolutionMethod::winograd});
  network->eval();
  autodiff::Tensor x({n, fmnet::n_input_rows, fmnet::n_input_columns, 1});
  for (autodiff::Index i = 0; i < x.size(); ++i) x[i] = static_cast<autodiff::Real>((i * 7919) % 1009) / 1009;
  return [network, images = autodiff::Variable(std::move(x))] {
    const autodiff::RecordingOff recording_off;
    network->forward(images);
  };
}

double processor_s() {
  timespec now{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

void measure(const Step& step, double seconds) {
  using Clock = std::chrono::steady_clock;
  const Clock::time_point start = Clock::now();
  const double processor_start_s = processor_s();
  const auto wall_s = [&] { return std::chrono::duration<double>(Clock::now() - start).count(); };
  long n = 0;
  do {
    step();
    ++n;
  } while (wall_s() < seconds);
  fmt::print("{} {} {}\n", n, wall_s(), processor_s() - processor_start_s);
  std::fflush(stdout);
}

}  // namespace

int main(int, char** argv) {
  fmnet::restart_with_library_settings(argv);
  fmnet::Config config = support::toy_config();
  config.training.batch_size = 16;
  config.training.n_samples = 192;
  const data::Dataset dataset = support::toy_dataset(config);
  const std::map<std::string, Step> steps{
      {"train16", training_step(config, dataset)}, {"predict1", prediction(1)}, {"predict64", prediction(64)}};
  fmt::print("{} ({})\n", fmnet::version, __VERSION__);
  std::fflush(stdout);
  std::string task;
  double seconds = 0.0;
  while (std::cin >> task >> seconds) measure(steps.at(task), seconds);
}
