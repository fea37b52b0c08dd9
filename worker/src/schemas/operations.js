// Schemas for operators and monitors.

import * as v from "../platform/valibot.js";
import { KeyWarning } from "./account.js";
import { count, number, oneOf, saying, text, time } from "./pieces.js";

const counted = { at: time, account: text, code: text, n: count };
export const Overview = v.strictObject({
  asOf: time,
  windowSeconds: count,
  bounds: saying(v.array(count), "Upper bounds of the buckets of a duration, milliseconds."),
  decisions: v.array(v.strictObject({ ...counted, flow: text, step: text, outcome: text })),
  durations: v.array(v.strictObject({ at: time, step: text, bucket: count, n: count })),
  wouldRefuse: v.array(v.strictObject(counted)),
  levels: v.array(v.strictObject({ name: text, account: text, at: time, value: number, low: number, high: number })),
  accounts: v.array(
    v.strictObject({
      account: text,
      version: v.nullable(count),
      keys: v.array(
        v.strictObject({
          use: oneOf("verify", "decrypt"),
          name: text,
          method: v.nullable(text),
          alg: v.nullable(text),
          status: oneOf("next", "active", "retiring", "revoked"),
          since: v.optional(time),
          until: v.optional(time),
        }),
      ),
    }),
  ),
  warnings: saying(v.array(v.strictObject({ account: text, ...KeyWarning.entries })), "About keys, of at most 50 accounts, also of those that nobody used."),
});
const key = { kty: v.literal("EC"), crv: v.literal("P-256"), x: text, y: text, kid: text, alg: v.literal("ES256"), use: v.literal("sig") };
export const KeySet = v.strictObject({ keys: v.array(v.strictObject(key)) });
export const Health = v.strictObject({ status: v.literal("ok") });
export const Readiness = v.strictObject({ status: v.literal("ready") });
export const Version = v.strictObject({ name: v.literal("handstamp"), version: text });
export const Home = v.strictObject({ ...Version.entries, description: text });
