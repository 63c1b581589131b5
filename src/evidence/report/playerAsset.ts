import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

/** asciinema-player as one script and one style sheet. */
export interface PlayerAsset {
  readonly script: string;
  readonly style: string;
}

/** The license that the package is under, as the page has to say. */
export const PLAYER_NOTICE = "asciinema-player, © Marcin Kulik and contributors, Apache License 2.0";

let loaded: PlayerAsset | undefined;

/** Reads the player from its package, once. */
export function playerAsset(): PlayerAsset {
  const { resolve } = createRequire(import.meta.url);
  loaded ??= {
    script: readFileSync(resolve("asciinema-player/dist/bundle/asciinema-player.min.js"), "utf8"),
    style: readFileSync(resolve("asciinema-player/dist/bundle/asciinema-player.css"), "utf8"),
  };
  return loaded;
}
