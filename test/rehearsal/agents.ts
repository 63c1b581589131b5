/** A real agent's command line, and what it needs to run offline against the scripted model. */
export interface Agent {
  readonly name: AgentName;
  /** The npm package, pinned: what is on its screen changes from version to version. */
  readonly package: string;
  readonly argv: readonly string[];
  /** Its settings, by path below its home. */
  readonly files: (model: string, cwd: string) => Readonly<Record<string, string>>;
  readonly env: (model: string) => Readonly<Record<string, string>>;
  /** What its screen shows once it can be typed to. */
  readonly ready: RegExp;
  /** What a person types to end it. Not Ctrl-C: one too many comes after its end, and is a signal to what is left. */
  readonly quit: string;
  /** What differs from run to run on its screen, whoever watches: durations, times of day, words drawn at random. */
  readonly chance: readonly (readonly [RegExp, string])[];
}

export type AgentName = "codex" | "claude" | "gemini" | "opencode";

const codex: Agent = {
  name: "codex",
  package: "@openai/codex@0.169.0",
  argv: ["codex"],
  files: (model, cwd) => ({
    ".codex/config.toml": `model = "m"
model_provider = "m"
approval_policy = "never"
sandbox_mode = "danger-full-access"
[model_providers.m]
name = "m"
base_url = "${model}/v1"
wire_api = "responses"
env_key = "MODEL_KEY"
[projects."${cwd}"]
trust_level = "trusted"
`,
  }),
  env: () => ({ MODEL_KEY: "x" }),
  ready: /m default · /,
  quit: "/quit",
  chance: [[/Worked for \S+ • \d\d:\d\d/, "Worked for … • …"]],
};

const claude: Agent = {
  name: "claude",
  package: "@anthropic-ai/claude-code@2.1.197",
  argv: ["claude", "--dangerously-skip-permissions"],
  files: (_, cwd) => ({
    ".claude.json": JSON.stringify({
      hasCompletedOnboarding: true,
      theme: "dark",
      bypassPermissionsModeAccepted: true,
      customApiKeyResponses: { approved: ["sk-x"], rejected: [] },
      projects: { [cwd]: { hasTrustDialogAccepted: true } },
    }),
  }),
  env: (model) => ({
    ANTHROPIC_BASE_URL: model,
    ANTHROPIC_API_KEY: "sk-x",
    IS_SANDBOX: "1",
    DISABLE_AUTOUPDATER: "1",
  }),
  ready: /bypass permissions on/,
  quit: "/exit",
  chance: [[/^[·✢✳✶✻✽] \p{L}+ for \d+s/mu, "✻ … for …"]],
};

const gemini: Agent = {
  name: "gemini",
  package: "@google/gemini-cli@0.61.0",
  argv: ["gemini", "-m", "gemini-2.5-pro", "-y"],
  files: (_, cwd) => ({
    ".gemini/settings.json": JSON.stringify({
      security: { auth: { selectedType: "gemini-api-key" } },
      general: { disableAutoUpdate: true },
      privacy: { usageStatisticsEnabled: false },
    }),
    ".gemini/trustedFolders.json": JSON.stringify({ [cwd]: "TRUST_FOLDER" }),
  }),
  env: (model) => ({ GEMINI_API_KEY: "x", GOOGLE_GEMINI_BASE_URL: model }),
  ready: /Type your message/,
  quit: "/quit",
  chance: [],
};

const opencode: Agent = {
  name: "opencode",
  package: "opencode-ai@1.18.33",
  argv: ["opencode"],
  files: (model) => ({
    ".config/opencode/opencode.json": JSON.stringify({
      autoupdate: false,
      share: "disabled",
      model: "m/m",
      provider: {
        m: {
          npm: "@ai-sdk/anthropic",
          options: { baseURL: `${model}/v1`, apiKey: "x" },
          models: { m: {} },
        },
      },
      permission: { bash: "allow", external_directory: "allow" },
    }),
  }),
  env: () => ({ OPENCODE_DISABLE_MODELS_FETCH: "1" }),
  ready: /Ask anything/,
  quit: "/exit",
  chance: [[/▣ {2}Build · m · [\d.]+m?s/, "▣  Build · m · …"]],
};

export const AGENTS: Readonly<Record<AgentName, Agent>> = { codex, claude, gemini, opencode };
