// Makes the project: answers, then its files in a new or empty folder. Nothing that is there is written over.

import { mkdir, readFile, readdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { USAGE, answersOf } from "./answers.js";
import { installed } from "./installed.js";
import { filesOf } from "./project.js";
import { EXIT, Refusal } from "./refusal.js";

/** Readable by their owner alone. */
const SECRET = [".dev.vars", "token-key.json"];

/** @param {string[]} args @returns {Promise<number>} the exit code */
export async function create(args) {
  try {
    const answers = await answersOf(args);
    if (!answers) {
      console.log(USAGE);
      return 0;
    }
    await expectRoom(answers.folder);
    const { freshSecrets } = await import(new URL("worker/command/secrets.mjs", installed.folder).href);
    const configuration = await readFile(new URL("worker/wrangler.jsonc", installed.folder), "utf8");
    const files = filesOf(answers, { ...installed, configuration, secrets: freshSecrets("development") });
    for (const [path, text] of files) {
      const file = join(answers.folder, path);
      await mkdir(dirname(file), { recursive: true });
      await writeFile(file, text, { flag: "wx", mode: SECRET.includes(path) ? 0o600 : 0o666 });
    }
    console.log(`${answers.folder} is ready:\n\n  cd ${quoted(answers.folder)}\n  npm install\n  npm run dev      plays on this machine\n  npm run check    lists what a deployment still needs\n`);
    return 0;
  } catch (fault) {
    const { code = "", message } = /** @type {NodeJS.ErrnoException} */ (fault);
    if (!(fault instanceof Refusal) && !/^E[A-Z]+$/.test(code)) throw fault;
    console.error(`create-handstamp: ${message}`);
    return fault instanceof Refusal ? fault.exit : EXIT.surroundings;
  }
}

/** A word as a shell takes it whole. @param {string} word */
const quoted = (word) => (/^[\w./\\:~@+-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`);

/** @param {string} folder */
async function expectRoom(folder) {
  const there = await readdir(folder).catch((/** @type {NodeJS.ErrnoException} */ fault) => {
    if (fault.code === "ENOENT") return [];
    if (fault.code === "ENOTDIR") throw new Refusal("folder_is_file", `${folder} is a file: name another folder`, { exit: EXIT.surroundings });
    throw fault;
  });
  if (there.length === 0) return;
  const some = there.slice(0, 3).join(", ");
  throw new Refusal("folder_not_empty", `${folder} is not empty (${some}${there.length > 3 ? ", …" : ""}), and nothing is written over: name another folder`, { exit: EXIT.surroundings });
}
