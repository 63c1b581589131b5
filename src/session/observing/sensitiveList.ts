import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseSensitiveList, type SensitiveList } from "../../observe/files/sensitiveFiles.js";

/** The lists of sensitive files of all detector directories. Throws BodycamError `bad-rule` for one that is none. */
export const sensitiveList = (directories: readonly string[]): SensitiveList =>
  directories
    .map((directory) => join(directory, "sensitive-files.json"))
    .filter((path) => existsSync(path))
    .flatMap((path) => parseSensitiveList(readFileSync(path, "utf8")));
