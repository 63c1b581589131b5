#!/usr/bin/env node
// Small stand-ins for curl, sqlite3 and chromium, so that the demo shows the same on every machine. They reach
// nothing but 127.0.0.1 and touch nothing outside the throw-away home and the directory for temporary files.
import { existsSync } from "node:fs";
import http from "node:http";
import { join } from "node:path";
import Database from "better-sqlite3";
import { decrypt } from "./browsers.mjs";
import { isThrowAway } from "./home.mjs";

const fail = (message) => {
  console.error(message);
  process.exit(1);
};

function get(url, headers = {}) {
  if (new URL(url).hostname !== "127.0.0.1") fail("this stand-in reaches 127.0.0.1 only");
  return new Promise((done, failed) => {
    http
      .get(url, { headers }, (response) => {
        let body = "";
        response.setEncoding("utf8");
        response.on("data", (piece) => {
          body += piece;
        });
        response.on("end", () => done({ status: response.statusCode, body }));
      })
      .on("error", failed);
  });
}

async function curl(args) {
  const url = args.find((arg) => arg.startsWith("http"));
  const { body } = await get(url);
  process.stdout.write(body);
}

function sqlite3([file, statement]) {
  if (!existsSync(file)) fail(`Error: unable to open database "${file}"`);
  const db = new Database(file, { readonly: true });
  for (const row of db.prepare(statement).raw().all())
    console.log(
      row.map((cell) => (Buffer.isBuffer(cell) ? cell.toString("latin1") : String(cell))).join("|"),
    );
  db.close();
}

/** Opens a page with the cookies of the profile that it is given, as a browser would, and prints it. */
async function chromium(args) {
  const profile = args.find((arg) => arg.startsWith("--user-data-dir="))?.slice("--user-data-dir=".length);
  const url = args.at(-1);
  const db = new Database(join(profile, "Default/Cookies"), { readonly: true });
  const cookies = db.prepare("SELECT name, encrypted_value FROM cookies").all();
  db.close();
  const cookie = cookies.map((one) => `${one.name}=${decrypt(one.encrypted_value)}`).join("; ");
  const { body } = await get(url, { cookie });
  process.stdout.write(body);
}

const [name, ...args] = process.argv.slice(2);
if (!isThrowAway(process.env.HOME)) fail(`${name}: this stand-in runs in the demo's own home only`);
if (name === "curl") await curl(args);
else if (name === "sqlite3") sqlite3(args);
else if (name === "chromium") await chromium(args);
else fail(`no stand-in for ${name}`);
