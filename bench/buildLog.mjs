import { closeSync, openSync, writeSync } from "node:fs";

/** Writes a build log of about `bytes` bytes: compiler lines, warnings with carets, tests, timings. The same every time. */
export function writeBuildLog(path, bytes) {
  const file = openSync(path, "w");
  let state = 42;
  const random = (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state % below;
  };
  const hex = (length) => Array.from({ length }, () => random(16).toString(16)).join("");
  const modules = Array.from(
    { length: 300 },
    (_, n) => `src/${["core", "net", "ui", "store", "auth"][n % 5]}/${hex(6)}_${n}`,
  );
  let written = 0;
  for (let step = 0; written < bytes; step++) {
    const lines = [];
    for (let n = 0; n < 200; n++) {
      const module = modules[random(modules.length)];
      const kind = random(20);
      if (kind < 13)
        lines.push(
          `[${step % 100}%] Building CXX object ${module}/CMakeFiles/${hex(4)}.dir/part_${random(4000)}.cpp.o`,
        );
      else if (kind < 16)
        lines.push(
          `ok ${step * 200 + n} - ${module.replaceAll("/", " ")} case ${random(900)} (${random(9)}.${random(1000)} ms)`,
        );
      else if (kind < 18) {
        const name = `value_${random(500)}`;
        lines.push(
          `${module}.cpp:${random(2000)}:${random(80)}: warning: unused variable '${name}' [-Wunused-variable]`,
          `    int ${name} = compute(${random(9999)});`,
          `        ^${"~".repeat(name.length - 1)}`,
        );
      } else lines.push(`sha256:${hex(64)}  ${module}.tar.gz`);
    }
    const text = `${lines.join("\n")}\n`;
    written += writeSync(file, text);
  }
  closeSync(file);
}
