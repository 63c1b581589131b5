import type { Command } from "commander";
import { BodycamError } from "../../core/errors.js";

export function addCompletion(program: Command): void {
  program
    .command("completion")
    .summary("completions for bash, zsh or fish")
    .description("Prints a script that completes bodycam's commands and options in your shell.")
    .argument("<shell>", "bash, zsh or fish")
    .addHelpText(
      "after",
      `
Examples:
  bodycam completion bash > ~/.local/share/bash-completion/completions/bodycam
  bodycam completion zsh > "\${fpath[1]}/_bodycam"
  bodycam completion fish > ~/.config/fish/completions/bodycam.fish`,
    )
    .action((shell: string) => {
      process.stdout.write(scriptFor(shell, visibleCommands(program)));
    });
}

interface Completed {
  readonly name: string;
  readonly summary: string;
  readonly options: readonly string[];
}

/** The same definitions that make the parser and the help make the completions. */
function visibleCommands(program: Command): readonly Completed[] {
  const hidden = new Set(["finish"]);
  return program.commands
    .filter((command) => !hidden.has(command.name()))
    .map((command) => ({
      name: command.name(),
      summary: command.summary().replaceAll("'", ""),
      options: [...command.options.flatMap((option) => (option.long == null ? [] : [option.long])), "--help"],
    }));
}

function scriptFor(shell: string, commands: readonly Completed[]): string {
  switch (shell) {
    case "bash":
      return bash(commands);
    case "zsh":
      return zsh(commands);
    case "fish":
      return fish(commands);
    default:
      throw new BodycamError("bad-usage", `There are no completions for "${shell}".`, {
        hint: "Use bash, zsh or fish.",
      });
  }
}

const bash = (commands: readonly Completed[]): string => `_bodycam() {
  local word=\${COMP_WORDS[COMP_CWORD]} command=\${COMP_WORDS[1]}
  if [ "$COMP_CWORD" -eq 1 ]; then
    COMPREPLY=($(compgen -W "${commands.map((command) => command.name).join(" ")} --help --version" -- "$word"))
    return
  fi
  case $command in
${commands.map((command) => `    ${command.name}) COMPREPLY=($(compgen -W "${command.options.join(" ")}" -- "$word")) ;;`).join("\n")}
  esac
}
complete -o default -F _bodycam bodycam
`;

const zsh = (commands: readonly Completed[]): string => `#compdef bodycam
local -a commands
commands=(
${commands.map((command) => `  '${command.name}:${command.summary.replaceAll(":", "\\:")}'`).join("\n")}
)
if (( CURRENT == 2 )); then
  _describe 'command' commands
  return
fi
case $words[2] in
${commands.map((command) => `  ${command.name}) compadd -- ${command.options.join(" ")}; _files ;;`).join("\n")}
esac
`;

const fish = (commands: readonly Completed[]): string =>
  [
    "complete -c bodycam -n __fish_use_subcommand -f",
    ...commands.flatMap((command) => [
      `complete -c bodycam -n __fish_use_subcommand -a ${command.name} -d '${command.summary}'`,
      ...command.options.map(
        (option) =>
          `complete -c bodycam -n '__fish_seen_subcommand_from ${command.name}' -l ${option.slice(2)}`,
      ),
    ]),
    "",
  ].join("\n");
