import { type Inner, words } from "./inner.js";
import { firstOperand } from "./options.js";

/** Words that a package manager takes for itself; anything else in their place is the name of a tool to run. */
const OWN_WORDS = new Set(
  `add audit bin build cache ci clean config create dedupe deploy dist-tag doctor env explain fund get help import info
  init install i isntall link list ls login logout ls outdated owner pack patch prune publish rebuild remove rm root
  run-script set start stop store test t tst uninstall un unlink up update upgrade upgrade-interactive version view
  whoami why workspace workspaces plugin set-script access self-update setup server recursive approve-builds`.split(
    /\s+/,
  ),
);

const named = (tool: string): string => {
  const slash = tool.startsWith("@") ? tool.slice(tool.indexOf("/") + 1) : tool;
  return slash.replace(/(?<=.)@[^/]*$/, "");
};

/** A tool that `npx`, `uv run`, `bundle exec` and their kind find and run, under its own name. */
export function runnerOf(name: string, argv: readonly string[]): readonly Inner[] {
  switch (name) {
    case "npx":
    case "bunx":
    case "uvx":
    case "pnpx":
      return tool(
        argv,
        firstOperand(argv, 1, { values: ["-p", "--package", "--from", "--with", "--python"] }),
      );
    case "npm":
      return ["exec", "x"].includes(argv[1] ?? "")
        ? tool(argv, firstOperand(argv, 2, { values: ["--package"] }))
        : [];
    case "pnpm":
    case "yarn":
    case "bun": {
      const at = firstOperand(argv, 1, { values: ["-C", "--dir", "--filter", "-F", "--cwd"] });
      const word = argv[at] ?? "";
      if (["exec", "dlx", "x", "run"].includes(word)) return tool(argv, firstOperand(argv, at + 1, {}));
      return word === "" || OWN_WORDS.has(word) ? [] : tool(argv, at);
    }
    case "uv":
    case "poetry":
    case "pipenv":
    case "pdm":
    case "hatch":
    case "rye":
    case "pipx":
    case "conda":
    case "mamba":
    case "micromamba":
    case "railway":
    case "heroku":
    case "doppler":
    case "infisical":
    case "op":
    case "phase": {
      if (argv[1] === "tool" && argv[2] === "run")
        return tool(argv, firstOperand(argv, 3, { values: ["--from"] }));
      if (argv[1] !== "run") return [];
      const dashes = argv.indexOf("--");
      const values = [
        "-n",
        "-p",
        "--name",
        "--prefix",
        "--spec",
        "--with",
        "--python",
        "-a",
        "--app",
        "--env-file",
      ];
      return tool(argv, dashes > 0 ? dashes + 1 : firstOperand(argv, 2, { values }));
    }
    case "direnv":
      return argv[1] === "exec" ? words(argv.slice(3)) : [];
    case "aws-vault":
    case "chamber":
    case "mise":
    case "asdf":
    case "teller":
    case "sops":
    case "vercel":
    case "dotenv":
    case "saml2aws":
    case "granted": {
      const dashes = argv.indexOf("--");
      return dashes < 0 ? [] : words(argv.slice(dashes + 1));
    }
    case "git":
      return gitInner(argv);
    default:
      return [];
  }
}

function tool(argv: readonly string[], at: number): readonly Inner[] {
  const name = argv[at];
  return name === undefined ? [] : words([named(name), ...argv.slice(at + 1)]);
}

function gitInner(argv: readonly string[]): readonly Inner[] {
  const bisect = argv.indexOf("bisect");
  if (bisect > 0 && argv[bisect + 1] === "run") return words(argv.slice(bisect + 2));
  const each = argv.indexOf("foreach");
  if (each > 0 && argv.includes("submodule")) {
    const rest = argv.slice(each + 1).filter((word) => word !== "--recursive");
    return rest.length > 0 ? [{ kind: "script", text: rest.join(" ") }] : [];
  }
  if (argv.includes("rebase")) {
    const at = argv.findIndex((word) => word === "--exec" || word === "-x");
    const text = argv[at + 1];
    if (at > 0 && text !== undefined) return [{ kind: "script", text }];
  }
  return [];
}
