// FMNet in ONNX Runtime, timed on request: bench/peers/README.md.
//
//   node onnx_worker.js FILE.onnx PEERS_DIRECTORY N_THREADS    then on standard input lines "predict1|predict64 SECONDS"
const path = require('path');
const readline = require('readline');

const [model, peers, threads] = process.argv.slice(2);
const directory = path.resolve(peers, 'node_modules', 'onnxruntime-node');
const ort = require(directory);

async function main() {
  const session = await ort.InferenceSession.create(model, {
    intraOpNumThreads: Number(threads), interOpNumThreads: 1, executionMode: 'sequential', graphOptimizationLevel: 'all',
  });
  const images = (n) => new ort.Tensor('float32', Float32Array.from({length: n * 48 * 128}, (_, i) => Math.sin(i)), [n, 1, 48, 128]);
  const inputs = {predict1: {x: images(1)}, predict64: {x: images(64)}};
  console.log(require(path.join(directory, 'package.json')).version);
  for await (const line of readline.createInterface({input: process.stdin})) {
    const [task, seconds] = line.split(' ');
    const cpu = process.cpuUsage(), start = process.hrtime.bigint();
    const elapsed = () => Number(process.hrtime.bigint() - start) * 1e-9;
    let n = 0;
    do {
      await session.run(inputs[task]);
      ++n;
    } while (elapsed() < Number(seconds));
    const wall = elapsed(), used = process.cpuUsage(cpu);
    console.log(`${n} ${wall} ${(used.user + used.system) * 1e-6}`);
  }
}

main();
