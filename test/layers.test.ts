import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { describe, expect, it } from "vitest";

const root = resolve(import.meta.dirname, "..");
const src = join(root, "src");

/** The layers, lowest first: a file may import from its own folder and from lower layers, never sideways. */
const LAYERS: readonly (readonly string[])[] = [
  ["core"],
  ["sigma"],
  ["recording", "pty", "observe", "terminal", "detection", "respond", "catalogue", "review"],
  ["session", "replay", "evidence", "formats"],
  ["tui"],
  ["cli"],
];

const files = readdirSync(src, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name))
  .map((entry) => join(entry.parentPath, entry.name));

const importsOf = (file: string): readonly string[] =>
  [...readFileSync(file, "utf8").matchAll(/(?:from|import\(|^import)\s*"([^"]+)"/gm)].map(
    (match) => match[1] as string,
  );

const folderOf = (file: string): string => relative(src, file).split("/")[0] as string;
const rankOf = (folder: string): number => LAYERS.findIndex((layer) => layer.includes(folder));

describe("the layers", () => {
  it("hold every folder of src", () => {
    expect([...new Set(files.map(folderOf))].filter((folder) => rankOf(folder) < 0)).toEqual([]);
  });

  it("are imported one way only", () => {
    const wrong = files.flatMap((file) =>
      importsOf(file)
        .filter((target) => target.startsWith("."))
        .map((target) => ({ file, target: folderOf(resolve(dirname(file), target)) }))
        .filter(({ target }) => target !== folderOf(file) && rankOf(target) >= rankOf(folderOf(file)))
        .map(({ target }) => `${relative(root, file)} imports ${target}`),
    );
    expect(wrong).toEqual([]);
  });

  it("keep each dependency in one place", () => {
    const places = new Map<string, Set<string>>();
    for (const file of files) {
      for (const target of importsOf(file)) {
        if (target.startsWith(".") || target.startsWith("node:")) continue;
        const name = target.startsWith("@")
          ? target.split("/").slice(0, 2).join("/")
          : (target.split("/")[0] as string);
        places.set(
          name,
          (places.get(name) ?? new Set()).add(
            SEVERAL_FILES.has(name) ? folderOf(file) : relative(root, file),
          ),
        );
      }
    }
    const scattered = [...places]
      .filter(([, where]) => where.size > 1)
      .map(([name, where]) => `${name}: ${[...where].join(", ")}`);
    expect(scattered).toEqual([]);
  });

  it("keep printing and exiting to cli/", () => {
    const loud = /\bconsole\.\w+\(|\bprocess\.(exit|stdout\.write|stderr\.write)\b/;
    const wrong = files.filter(
      (file) => !["cli"].includes(folderOf(file)) && loud.test(readFileSync(file, "utf8")),
    );
    expect(wrong.map((file) => relative(root, file))).toEqual([]);
  });

  it("have no file past 400 lines", () => {
    const long = files.filter((file) => readFileSync(file, "utf8").split("\n").length > 401);
    expect(long.map((file) => relative(root, file))).toEqual([]);
  });
});

/** Frameworks that a whole folder is written in: Ink's components, commander's commands. */
const SEVERAL_FILES = new Set(["ink", "react", "commander"]);
