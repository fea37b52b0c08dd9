// The score of somebody who has taken part, where questions have right answers. It is told with the participation, and the right
// answers stand in nothing that a page gets before.

/** @import { Campaign } from "../types.d.ts" */

/**
 * @param {Campaign} campaign
 * @param {unknown} answers as they were submitted, and found good
 * @returns {{ right: number, count: number, answers: Record<string, string> } | undefined} answers: the right choice by question
 */
export function scoreOf({ questions = [] }, answers) {
  const judged = questions.flatMap(({ id, right }) => (right === undefined ? [] : [{ id, right }]));
  if (judged.length === 0) return undefined;
  const given = new Map(Object.entries(answers ?? {}));
  const isRight = judged.filter(({ id, right }) => [given.get(id)].flat().join() === right);
  return { right: isRight.length, count: judged.length, answers: Object.fromEntries(judged.map(({ id, right }) => [id, right])) };
}
