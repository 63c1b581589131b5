import { type Inner, script, words } from "./inner.js";
import { firstOperand, type OptionSpec, optionValue } from "./options.js";
import { runnerOf } from "./runners.js";

/** `docker run` and its kind: long options take a value unless they are one of these. */
const RUN_OPTIONS: OptionSpec = {
  flags: [
    ..."-d -i -t -T -P -q".split(" "),
    ..."--rm --detach --interactive --tty --privileged --init --publish-all --quiet --read-only".split(" "),
    ..."--no-healthcheck --oom-kill-disable --sig-proxy --no-deps --service-ports --use-aliases --build".split(
      " ",
    ),
    ..."--remove-orphans --no-TTY --disable-content-trust".split(" "),
  ],
};

const ENGINES = ["docker", "podman", "nerdctl", "docker-compose", "podman-compose"];

/** What runs inside a container, a pod or a remote machine that a client is told to run it in. */
export function contained(name: string, argv: readonly string[]): readonly Inner[] {
  if (ENGINES.includes(name)) return inContainer(argv);
  if (["kubectl", "oc", "k", "microk8s.kubectl", "k3s"].includes(name)) return afterDashes(argv);
  if (["lxc", "incus", "machinectl", "distrobox", "toolbox", "wsl", "chroot", "multipass"].includes(name))
    return afterDashes(argv);
  if (name === "gcloud" || name === "az" || name === "heroku" || name === "fly" || name === "flyctl")
    return script(optionValue(argv, ["--command", "-C", "--scripts"]));
  if (name === "vagrant" && argv[1] === "ssh") return script(optionValue(argv, ["-c", "--command"]));
  if (name === "eb" && argv[1] === "ssh") return script(optionValue(argv, ["-c", "--command"]));
  if (name === "ansible") return script(optionValue(argv, ["-a", "--args"]));
  return runnerOf(name, argv);
}

/** Images that start one program, whatever follows: the words behind them are its arguments. */
const PROGRAMS: Readonly<Record<string, string>> = {
  terraform: "terraform",
  opentofu: "tofu",
  terragrunt: "terragrunt",
  pulumi: "pulumi",
  "aws-cli": "aws",
  kubectl: "kubectl",
  helm: "helm",
  curl: "curl",
  rclone: "rclone",
  xmrig: "xmrig",
  cloudflared: "cloudflared",
  ngrok: "ngrok",
  flyway: "flyway",
  liquibase: "liquibase",
};

const programOf = (image: string): string | undefined => {
  const name = image.slice(image.lastIndexOf("/") + 1).replace(/[:@].*$/, "");
  return Object.hasOwn(PROGRAMS, name) ? PROGRAMS[name] : undefined;
};

function inContainer(argv: readonly string[]): readonly Inner[] {
  const at = argv.findIndex((word, i) => i > 0 && (word === "run" || word === "exec"));
  if (at < 0 || at > 6) return [];
  const entrypoint = optionValue(argv, ["--entrypoint"], at);
  const image = firstOperand(argv, at + 1, RUN_OPTIONS);
  const rest = argv.slice(image + 1);
  const program = entrypoint ?? (argv[at] === "run" ? programOf(argv[image] ?? "") : undefined);
  return words(program === undefined || program === rest[0] ? rest : [program, ...rest]);
}

/** The command behind `--`. */
export function afterDashes(argv: readonly string[]): readonly Inner[] {
  const at = argv.indexOf("--");
  return at < 0 ? [] : words(argv.slice(at + 1));
}
