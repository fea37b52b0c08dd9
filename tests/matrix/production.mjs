// Every command of PRODUCTION.md, in the project that its first one makes and against the worker that runs there. The platform is
// out of reach: a command for it runs in its local form where it has one, else its name and options are looked up in the tool.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { parseEnv, promisify } from "node:util";
import { until } from "../js/support/patience.mjs";
import { QUIET } from "../../worker/command/wrangler.mjs";
import { program } from "../js/support/worker/command_line.mjs";

/** The commands of the page, without those for a checkout of the repository. @param {string} page */
export function commandsOf(page) {
  const [own] = page.split("\n# On your own machine");
  const blocks = [...own.matchAll(/^```sh\n(.*?)^```/gms)].map(([, text]) => text);
  return blocks.flatMap((text) => text.trim().split("\n")).map((line) => line.replace(/\s+# .*$/, ""));
}

/** @typedef {(line: string) => Promise<string>} Shell runs a line, and remembers its variables */

/** A command that only the platform can do: it is one, and has these options. @param {Shell} shell @param {string} line */
async function known(shell, line) {
  const options = line.split(" ").filter((word) => word.startsWith("--"));
  // The last word before the options is what it is done to.
  const command = line.split(" --")[0].split(" ").slice(1, -1).join(" ");
  const help = await shell(`npx ${command} --help`);
  assert.ok(help.includes(command), `${command} is not a command:\n${help}`);
  for (const option of options) assert.ok(help.includes(option), `${command} has no option ${option}`);
}

/**
 * @param {{ project: string, url: string, env: Record<string, string> }} world
 */
export async function runProduction({ project, url, env }) {
  const { OPERATOR_SECRET = "" } = parseEnv(await readFile(join(project, ".dev.vars"), "utf8"));
  const path = `${join(await program(), "..")}:${process.env.PATH}`;
  /** @type {string[]} what later lines use */
  const variables = [];
  /** @type {Shell} */
  const shell = async (line) => {
    const here = line.replaceAll("https://play.your-domain.com", url);
    const script = [...variables, here].join("\n");
    const { stdout, stderr } = await promisify(execFile)("bash", ["-euo", "pipefail", "-c", script], { cwd: project, env: { ...process.env, ...QUIET, CI: "1", ...env, PATH: path, SECRET: OPERATOR_SECRET } });
    if (/^[A-Z]+=(?!.* )|^[A-Z]+=["$]/.test(here)) variables.push(here);
    return stdout + stderr;
  };
  const fails = (/** @type {string} */ line) => shell(line).then(() => assert.fail(`${line} did not fail`), ({ stdout, stderr }) => `${stdout}${stderr}`);

  /** @type {[RegExp, (line: string) => Promise<unknown>][]} */
  const HOW = [
    // The project stands, was installed and runs.
    [/^npm create |^cd campaigns$|^npm install$|^npm run dev$/, async () => {}],
    [/^npm install handstamp@latest$/, shell],
    [/^npm run check$/, async (line) => assert.match(await fails(line), /STATISTICS has no database_id/)],
    [/^npx handstamp-worker /, shell],
    [/^npx wrangler (d1 create|queues create|secret bulk) /, (line) => known(shell, line)],
    [/^npx wrangler d1 migrations apply .* --remote$/, async (line) => {
      await known(shell, line);
      assert.match(await shell(line.replace("--remote", "--local")), /No migrations to apply/);
    }],
    [/^npx wrangler deploy$/, (line) => shell(`${line} --dry-run --outdir .wrangler/dry-run --env ""`)],
    [/^HANDSTAMP_CLIENT_SECRET=\$SECRET handstamp account upgrade /, shell],
    [/^\$R --step add +&& npx wrangler secret bulk /, (line) => shell(line.replace(/ &&.*/, ""))],
    // The steps after it are refused for as long as the page says to wait.
    [/^\$R --step activate +&& npx wrangler secret bulk /, async (line) => assert.match(await fails(line.replace(/ &&.*/, "")), /Activate it in 10 min/)],
    [/^\$R --step drop +&& npx wrangler secret bulk /, async (line) => assert.match(await fails(line.replace(/ &&.*/, "")), /no key to drop/)],
    [/^R=|^A=|^TOKEN=/, shell],
    [/^curl .*\/v1\/statistics\//, (line) => until(async () => /"participations":[1-9]/.test(await shell(line)), "the participation is counted")],
    [/^curl /, shell],
  ];
  const commands = commandsOf(await readFile(join(project, "node_modules/handstamp/worker/PRODUCTION.md"), "utf8"));
  assert.ok(commands.length > 20, "the commands are found");
  for (const line of commands) {
    const how = HOW.find(([form]) => form.test(line))?.[1];
    assert.ok(how, `PRODUCTION.md has a command that no test runs: ${line}`);
    await how(line).catch((fault) => { throw new Error(`${line}\n${fault.stderr ?? ""}${fault.message}`); });
  }
}
