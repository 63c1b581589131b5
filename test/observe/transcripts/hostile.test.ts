import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { AGENTS } from "../../../src/observe/transcripts/agents.js";
import { JsonLines } from "../../../src/observe/transcripts/jsonLines.js";
import { ZstdStream } from "../../../src/observe/transcripts/zst.js";
import { factsOf, fixture } from "./reading.js";

const FIXTURES = ["codex.jsonl", "claude.jsonl", "gemini.jsonl"];
const place = { cwds: ["/home/ada/shop"], env: {}, home: "/home/ada" };

describe("whatever a transcript holds", () => {
  it("is read the same in whatever pieces it comes", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...AGENTS),
        fc.constantFrom(...FIXTURES),
        fc.array(fc.integer({ min: 1, max: 700 }), { minLength: 1 }),
        (agent, name, sizes) => {
          const bytes = fixture(name);
          const read = agent.reader();
          const facts: unknown[] = [];
          const lines = new JsonLines((record) => facts.push(...read(record).map((told) => told.fact)));
          for (let at = 0, i = 0; at < bytes.length; i++) {
            const size = sizes[i % sizes.length] as number;
            lines.push(bytes.subarray(at, at + size));
            at += size;
          }
          lines.end();
          expect(facts).toEqual(factsOf(agent, bytes));
        },
      ),
    );
  });

  it("tells a call and a result at most once, however it is cut, doubled and mixed with junk", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...AGENTS),
        fc.constantFrom(...FIXTURES),
        fc.array(
          fc.oneof(
            fc.record({ from: fc.nat(4000), to: fc.nat(8000) }),
            fc.uint8Array({ maxLength: 40 }),
            fc.json().map((text) => Buffer.from(`\n${text}\n`)),
          ),
        ),
        (agent, name, pieces) => {
          const bytes = fixture(name);
          const mixed = pieces.map((piece) =>
            piece instanceof Uint8Array ? piece : bytes.subarray(piece.from, piece.to),
          );
          const facts = factsOf(agent, Buffer.concat([...mixed, Buffer.from("\n"), bytes, bytes]));
          const keys = facts.map((fact) => `${fact.what} ${fact.call}`);
          expect(new Set(keys).size).toBe(keys.length);
          const whole = factsOf(agent, bytes).map((fact) => `${fact.what} ${fact.call}`);
          expect(keys).toEqual(expect.arrayContaining(whole));
        },
      ),
    );
  });

  it("is any JSON in the fields that are looked at", () => {
    const leaf = fc.oneof(fc.string(), fc.double(), fc.boolean(), fc.constant(null));
    const words = fc.constantFrom(
      ...["response_item", "event_msg", "session_meta", "function_call", "function_call_output", "tool_use"],
      ...["local_shell_call", "CommandExecution", "tool", "tool_result", "completed", "success", "user"],
    );
    const key = fc.constantFrom(
      ...[
        "type",
        "payload",
        "item",
        "call_id",
        "id",
        "name",
        "arguments",
        "input",
        "output",
        "action",
        "command",
      ],
      ...["message", "content", "toolCalls", "args", "status", "result", "$set", "messages", "data", "state"],
      ...["callID", "tool", "timestamp", "sessionId", "projectHash", "cwd", "source", "time", "tool_use_id"],
    );
    const { tree } = fc.letrec((tie) => ({
      tree: fc.oneof({ maxDepth: 6 }, leaf, words, fc.array(tie("tree"), { maxLength: 3 }), tie("object")),
      object: fc.dictionary(key, tie("tree"), { maxKeys: 6 }),
    }));
    fc.assert(
      fc.property(fc.constantFrom(...AGENTS), tree, (agent, record) => {
        for (const { at, fact } of agent.reader()(record)) {
          expect(typeof fact.call).toBe("string");
          expect(at === undefined || Number.isFinite(at) || typeof at === "number").toBe(true);
          if (fact.what === "call") {
            expect(["string", "undefined"]).toContain(typeof fact.command);
            expect(fact.paths.every((path) => typeof path === "string")).toBe(true);
            expect(Buffer.byteLength(fact.input)).toBeLessThanOrEqual(64 * 1024);
          } else expect(Buffer.byteLength(fact.output)).toBeLessThanOrEqual(4 * 1024);
        }
        if (agent.store === "lines") agent.origin(record, "/home/ada/x.jsonl", place);
      }),
      { numRuns: 2000 },
    );
  });

  it("is cut where the vocabulary says, never in half a character", () => {
    const [codex] = AGENTS;
    const long = "😀é".repeat(40_000);
    const line = (payload: object): string => `${JSON.stringify({ type: "response_item", payload })}\n`;
    const call = {
      type: "function_call",
      call_id: "c",
      name: "shell",
      arguments: JSON.stringify({ command: long }),
    };
    const result = { type: "function_call_output", call_id: "c", output: long };
    const facts = factsOf(codex as (typeof AGENTS)[number], Buffer.from(line(call) + line(result)));
    expect(facts).toHaveLength(2);
    for (const fact of facts) {
      const said = fact.what === "call" ? fact.input : fact.output;
      expect(Buffer.from(said).toString()).toBe(said);
      expect(Buffer.byteLength(said)).toBeGreaterThan(fact.what === "call" ? 65_000 : 4_000);
    }
  });

  it("can have lines of any length: the longest are left out and counted, the rest is told", () => {
    const records: unknown[] = [];
    const lines = new JsonLines((record) => records.push(record));
    const megabyte = Buffer.alloc(1024 * 1024, "x");
    lines.push(Buffer.from('{"a":1}\n"'));
    for (let i = 0; i < 40; i++) lines.push(megabyte);
    lines.push(Buffer.from('"\n{"b":2}\n'));
    expect(records).toEqual([{ a: 1 }, { b: 2 }]);
    expect(lines.skipped).toBe(1);
  });
});

describe("whatever a compressed file holds", () => {
  it("fails with an Error at worst, and unpacks no further than its bytes go", () => {
    const good = fixture("codex.jsonl.zst");
    fc.assert(
      fc.property(fc.nat(good.length - 1), fc.nat(255), fc.nat(good.length), (at, byte, end) => {
        const bytes = Uint8Array.from(good);
        bytes[at] = byte;
        let unpacked = 0;
        const stream = new ZstdStream((data) => {
          unpacked += data.length;
        });
        try {
          stream.push(bytes.subarray(0, end), false);
          stream.push(bytes.subarray(end), true);
        } catch (error) {
          expect(error).toBeInstanceOf(Error);
        }
        expect(unpacked).toBeLessThan(8 * 1024 * 1024);
      }),
      { numRuns: 500 },
    );
  });

  it("is refused when it asks for a window that zstd itself would refuse", () => {
    const frame = Uint8Array.from([0x28, 0xb5, 0x2f, 0xfd, 0x00, 0xff, 0, 0, 0]);
    expect(() => new ZstdStream(() => undefined).push(frame, false)).toThrow("window");
  });
});
