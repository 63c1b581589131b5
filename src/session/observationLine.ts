import type { Observation } from "../core/observation.js";
import type { LineSource } from "../core/sessionLine.js";
import { quoteLine } from "../detection/shell/quote.js";

/** What a fact from beyond the terminal says in one line, if it is worth looking up. */
export function observationLine(
  observation: Observation,
): { readonly source: LineSource; readonly text: string } | undefined {
  switch (observation.source) {
    case "process": {
      const { fact } = observation;
      switch (fact.what) {
        case "exec":
          return { source: "executed", text: quoteLine(fact.argv) || fact.image };
        case "connect":
          return { source: "executed", text: `connect ${fact.address} port ${fact.port}` };
        case "delete":
        case "truncate":
          return { source: "executed", text: `${fact.what} ${fact.path}` };
        case "rename":
          return { source: "executed", text: `rename ${fact.from} to ${fact.to}` };
        case "fork":
        case "exit":
          return undefined;
      }
      return undefined;
    }
    case "file": {
      const { what, path, store, by } = observation.fact;
      return {
        source: "executed",
        text: [`${what} ${path} (${store})`, by?.command].filter(Boolean).join(": "),
      };
    }
    case "tool": {
      const { fact } = observation;
      if (fact.what === "result") return { source: "declared", text: fact.output };
      return {
        source: "declared",
        text: [fact.tool, fact.command ?? fact.input, ...fact.paths].join(" "),
      };
    }
    case "coverage":
      return undefined;
  }
}
