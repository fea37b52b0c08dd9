/** The command line was not valid; a folder, a file or a program cannot be used. */
export const EXIT = { arguments: 2, surroundings: 3 };

/** A reason not to make the project: a code for programs, a sentence for people. */
export class Refusal extends Error {
  /** @param {string} code @param {string} message @param {{ exit?: number, more?: string }} [rest] more: what stands below it */
  constructor(code, message, { exit = EXIT.arguments, more = "" } = {}) {
    super(`${message} (${code})${more && `\n\n${more}\n`}`);
    this.code = code;
    this.exit = exit;
  }
}
