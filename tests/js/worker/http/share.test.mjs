// Room for what is awaited from customers' servers: of one account, of one errand, of all.

import assert from "node:assert/strict";
import { test } from "node:test";
import { SHARE, Share, WHOLE } from "../../../../worker/src/outgoing/share.js";
import "../../support/patience.mjs";

/** @param {number} count @param {string} account @param {"sign-in" | "webhook"} [errand] */
const shares = (count, account, errand = "sign-in") => Array.from({ length: count }, () => new Share(errand, account));
const closed = (/** @type {Share[]} */ all) => all.forEach((share) => share.close());

test("an account awaits so many answers at once for one errand, and gives each back once", () => {
  const all = shares(SHARE.atOnce, "acme");
  for (const share of all) assert.ok(share.take(0) && share.take(0), "the same work counts once");
  const [next, other, elsewhere] = [new Share("sign-in", "acme"), new Share("webhook", "acme"), new Share("sign-in", "globex")];
  assert.deepEqual([next, other, elsewhere].map((share) => share.take(0)), [false, true, true]);
  next.close();
  assert.equal(next.take(0), false, "what was not let in gives nothing back");
  all[0].close();
  all[0].close();
  assert.deepEqual([next.take(0), new Share("sign-in", "acme").take(0)], [true, false]);
  closed([...all, next, other, elsewhere]);
});

test("it holds so many bytes, of all answers of its work, until that ends", () => {
  const [first, second] = shares(2, "acme");
  assert.ok(first.take(0) && first.take(SHARE.bytes - 10) && second.take(0) && second.take(10));
  assert.deepEqual([second.take(1), first.take(1), second.take(0)], [false, false, true]);
  first.close();
  assert.ok(second.take(SHARE.bytes - 10));
  assert.equal(second.take(1), false);
  closed([first, second]);
});

test("all accounts together hold so much, and one of them is not enough to use it up", () => {
  const accounts = WHOLE.bytes / SHARE.bytes;
  assert.ok(accounts >= 4 && WHOLE.atOnce / SHARE.atOnce >= 4);
  const all = Array.from({ length: accounts }, (_, n) => new Share("sign-in", `evil${n}`));
  for (const share of all) assert.ok(share.take(SHARE.bytes));
  const next = new Share("sign-in", "acme");
  assert.ok(next.take(0));
  assert.equal(next.take(1), false);
  closed([...all, next]);
  const many = Array.from({ length: WHOLE.atOnce / SHARE.atOnce }, (_, n) => shares(SHARE.atOnce, `evil${n}`)).flat();
  for (const share of many) assert.ok(share.take(0));
  assert.equal(next.take(0), false);
  closed(many);
  assert.ok(next.take(SHARE.bytes), "everything was given back");
  next.close();
});
