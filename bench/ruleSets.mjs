// Sigma rules in any number, for measuring: written like public ones (lists of program names, options, texts, sometimes
// an expression), with values made of random syllables. The same number always gives the same rules.

/** Small numbers from a fixed beginning (mulberry32). */
export function randomFrom(seed) {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) % below;
  };
}

const SYLLABLES =
  "al an ar as at con de di en er es ex in ion ker le lo ma me net no on or pa po pro re ser sh sta sys ta ten ter ti un ver web".split(
    " ",
  );

/** The texts of `count` rules about commands and as many about lines of the screen. */
export function ruleTexts(count) {
  const random = randomFrom(7);
  const pick = (list) => list[random(list.length)];
  const word = () => Array.from({ length: 2 + random(3) }, () => pick(SYLLABLES)).join("");
  const list = (make, most) => JSON.stringify(Array.from({ length: 1 + random(most) }, make));
  const value = () =>
    pick([
      () => `--${word()}-${word()}`,
      () => ` ${word()} `,
      () => `/${word()}/${word()}.${pick(["sh", "py", "log", "db", "conf"])}`,
      () => `${word()}.${pick(["com", "io", "net"])}`,
      () => `${word()} ${word()} ${word()}`,
      () => ` -${pick([..."abcdefgnrstx"])} `,
    ])();
  const bodies = (field) => [
    () => `{ ${field}|contains: ${list(value, 8)} }`,
    () => `{ Image|endswith: ${list(() => `/${word()}`, 4)}, ${field}|contains: ${list(value, 8)} }`,
    () => `{ ${field}|contains|all: ${JSON.stringify([value(), value()])} }`,
    () => `{ ${field}|startswith: ${list(word, 3)}, ${field}|endswith: ${list(value, 3)} }`,
    () => `{ ${field}|re: '${word()}\\s+(-[a-z]+\\s+)*${word()}[0-9]{2,8}' }`,
  ];
  const rule = (number, source, body) =>
    `title: Rule ${number}\nid: bench-${source.length}-${number}\nlevel: low\nlogsource: ${source}\ndetection:\n  selection: ${body}\n  condition: selection\n`;
  const onCommands = bodies("CommandLine");
  const onScreen = bodies("Text").filter((_, index) => index !== 1);
  return Array.from({ length: count }, (_, number) => [
    rule(number, "{ category: process_creation, product: linux }", pick(onCommands)()),
    rule(number, "{ category: terminal, product: bodycam }", pick(onScreen)()),
  ]);
}

const COMMANDS = [
  "git status --short",
  "npm run build -- --watch=false && npm test",
  "rg -n 'TODO|FIXME' src --glob '!dist' | head -50",
  "find . -name '*.ts' -newer package.json -exec grep -l useState {} +",
  "python3 -m pytest -q tests/test_api.py -k 'login and not slow'",
  "docker compose up -d postgres redis && docker compose logs --tail=20",
  "sed -i 's/foo/bar/g' src/index.ts && git add -A && git commit -m \"rename foo\"",
  "bash -lc 'cd packages/web && yarn install --frozen-lockfile'",
  "curl -sS https://api.example.com/v1/users?id=42 -H 'Accept: application/json' | jq .name",
  "cat > /tmp/x.py <<'EOF'\nprint('hello')\nEOF\npython3 /tmp/x.py",
];

/** Everyday commands, each with a number of its own in it. */
export const commandOf = (number) =>
  `${COMMANDS[number % COMMANDS.length]}${number % 3 === 0 ? ` # ${number}` : ""}`;
