#!/usr/bin/env node
// handstamp-worker dev | check | secrets: what a project that deploys the worker needs beside the platform's own tool.

import { check } from "./check.mjs";
import { dev } from "./dev.mjs";
import { secrets } from "./secrets.mjs";

const COMMANDS = { dev, check, secrets };
const USAGE = `handstamp-worker dev                     runs the project on this machine
handstamp-worker check [--env NAME] [--secrets FILE | --without-secrets] [--config FILE]
                                         lists what is missing for a deployment; sends nothing
handstamp-worker secrets [--out FILE]    writes fresh secrets for production (secrets.json)`;

const [name = "", ...args] = process.argv.slice(2);
const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[/** @type {keyof typeof COMMANDS} */ (name)] : undefined;
if (!command) {
  const isHelp = name === "--help" || name === "-h";
  console[isHelp ? "log" : "error"](isHelp || !name ? USAGE : `there is no command ${JSON.stringify(name)}\n${USAGE}`);
  process.exitCode = isHelp ? 0 : 2;
} else {
  try {
    process.exitCode = (await command(args)) ? 0 : 1;
  } catch (fault) {
    const { code = "", message } = /** @type {NodeJS.ErrnoException} */ (fault);
    console.error(`handstamp-worker ${name}: ${message}`);
    process.exitCode = code.startsWith("ERR_PARSE_ARGS") ? 2 : 3;
  }
}
