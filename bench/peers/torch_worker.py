#!/usr/bin/env python3
"""FMNet in PyTorch, timed on request: bench/peers/README.md.

torch_worker.py N_THREADS    then on standard input lines "train16|predict1|predict64 SECONDS"
torch_worker.py --export FILE.onnx
"""
import sys
import time

import torch

# Output channels, kernel, pool, up-sampling; then LeakyReLU(0.2) and batch normalisation.
STAGES = [
    (64, (3, 3), (2, 2), None), (64, (3, 3), (2, 2), None), (64, (3, 3), (2, 2), None), (64, (3, 3), (2, 2), None),
    (64, (3, 3), (3, 2), None), (128, (1, 3), (1, 2), None), (128, (1, 3), (1, 2), None), (128, (1, 1), None, (1, 2)),
    (128, (1, 3), None, (1, 2)), (64, (1, 3), None, (1, 2)), (64, (1, 3), None, (1, 2)), (64, (1, 3), None, (1, 2)),
    (32, (1, 3), None, (1, 2)), (32, (1, 3), None, (1, 2)), (16, (1, 3), None, None),
]


def network():
    """Input (N, 1, 48, 128), output (N, 3, 1, 128)."""
    nn = torch.nn
    layers, n_in = [], 1
    for n_out, kernel, pool, up in STAGES:
        layers.append(nn.Conv2d(n_in, n_out, kernel, padding=(kernel[0] // 2, kernel[1] // 2)))
        nn.init.xavier_uniform_(layers[-1].weight)
        if pool:
            layers.append(nn.MaxPool2d(pool))
        if up:
            layers.append(nn.Upsample(scale_factor=up, mode="nearest"))
        layers += [nn.LeakyReLU(0.2), nn.BatchNorm2d(n_out, eps=1e-3, momentum=0.01)]
        n_in = n_out
    layers.append(nn.Conv2d(n_in, 3, (1, 3), padding=(0, 1)))
    return nn.Sequential(*layers).to(memory_format=torch.channels_last)


def images(n):
    return torch.randn(n, 1, 48, 128).contiguous(memory_format=torch.channels_last)


def training_step(n):
    net, x, target = network().train(), images(n), torch.rand(n, 3, 1, 128)
    adam, loss = torch.optim.Adam(net.parameters(), lr=1e-3, eps=1e-8), torch.nn.MSELoss()

    def step():
        adam.zero_grad(set_to_none=True)
        loss(net(x), target).backward()
        adam.step()

    return step


def prediction(n, script):
    net, x = network().eval(), images(n)
    if script:
        with torch.no_grad():
            net = torch.jit.optimize_for_inference(torch.jit.freeze(torch.jit.trace(net, x)))

    def step():
        with torch.inference_mode():
            net(x)

    return step


def run(step, seconds):
    n, wall, cpu = 0, time.perf_counter(), time.process_time()
    while n == 0 or time.perf_counter() - wall < seconds:
        step()
        n += 1
    return n, time.perf_counter() - wall, time.process_time() - cpu


def fastest(candidates):
    for step in candidates:
        run(step, 0.1)
    return min(candidates, key=lambda step: (lambda t: t[1] / t[0])(run(step, 0.5)))


def main():
    torch.manual_seed(0)
    if sys.argv[1] == "--export":
        torch.onnx.export(network().eval(), torch.randn(1, 1, 48, 128), sys.argv[2], input_names=["x"], output_names=["y"],
                          dynamic_axes={"x": {0: "n"}, "y": {0: "n"}}, opset_version=13)
        return
    torch.set_num_threads(int(sys.argv[1]))
    steps = {"train16": training_step(16)}
    for n in (1, 64):
        steps["predict%d" % n] = fastest([prediction(n, False), prediction(n, True)])
    print(torch.__version__, flush=True)
    for line in sys.stdin:
        task, seconds = line.split()
        print(*run(steps[task], float(seconds)), flush=True)


if __name__ == "__main__":
    main()
