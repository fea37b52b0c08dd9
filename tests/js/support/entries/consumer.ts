// What a customer's TypeScript looks like; it is compiled against the packed package, never run.
import { createVerifier, HandstampError, type Admission, type AdmissionFacts, type ContentEncryption, type ErrorCode, type KeySource, type TokenSettings } from "handstamp";
import { keySet, redeem, start, type Answer, type Request } from "handstamp/oauth";
import * as slim from "handstamp/slim";
import * as small from "handstamp/verify";
import * as web from "handstamp/web";

const verify: KeySource = { method: "jwks", url: "https://www.acme.example/jwks", algs: ["RS256"] };
const settings: TokenSettings = { verify, mapping: { email: { from: "email", lock: true }, city: "/address/locality" } };

export async function admit(token: string): Promise<Admission | ErrorCode> {
  using verifier = await createVerifier(settings, { fetch: (url, init) => fetch(url, init) });
  try {
    const admission = await verifier.admit(token, { campaignId: "123456", participations: async ({ subject }) => subject.length });
    if (admission.needsProfile) return verifier.complete(admission, { token: admission.needsProfile.accessToken });
    return admission;
  } catch (error) {
    if (error instanceof HandstampError) return error.code;
    throw error;
  }
}

export async function signIn(perform: (request: Request) => Promise<Answer>, input: Parameters<typeof redeem>[0]) {
  let step = redeem(input);
  while (step.request) step = redeem(step.resume, await perform(step.request));
  return step.done.admission.prefill.form;
}

export const decision: "use" | "fetch" | "refuse" = keySet.next(null, { type: "need" }).decision;
export const entries = [slim.init, web.init, start];
export const claims = async (token: string) => (await small.createVerifier({ verify, issuer: "acme" })).verifySync(token).claims;

export async function typed(token: string, key: CryptoKey, admission: Admission) {
  const onEvent = (event: import("handstamp").VerifierEvent) => (event.type === "refused" ? event.code : event.url);
  const verifier = await createVerifier({ verify: { method: "publicKey", key, alg: "ES256" }, issuer: ["a", "b"], audience: ["x"] }, { onEvent });
  const { claims } = await verifier.verify<{ email: string }>(token, { signal: AbortSignal.timeout(1000) });
  const known: [string, number | undefined] = [claims.email, claims.exp];
  const reason: "not_allowed" | "quota_reached" | "week_reached" | "day_reached" | undefined = admission.decision === "refused" ? admission.reason : undefined;
  return { known, reason };
}
export const bytes: KeySource = { method: "symmetricKey", key: new Uint8Array(32), alg: "HS256" };
// @ts-expect-error: a refusal has its reason
export const unreasoned: Admission = { ...({} as AdmissionFacts), decision: "refused" };
// @ts-expect-error: a content encryption that does not exist
export const enc: ContentEncryption = "A512GCM";
// @ts-expect-error: no encrypted token is opened there
small.createVerifier({ verify, decrypt: { key: "", alg: "dir", enc: "A256GCM" } });

// @ts-expect-error: the campaign must be named
export const unnamed = (await createVerifier(settings)).admitSync("a.b.c", {});
// @ts-expect-error: an algorithm that does not exist
export const wrong: KeySource = { method: "publicKey", key: "", alg: "RS255" };
// @ts-expect-error: a code that is not in the catalogue
export const code: ErrorCode = "something_else";

import { create } from "handstamp/tag";
export const campaign = create("#campaign", { campaign: "123456", on: { refused: ({ kind, ref }) => console.log(kind, ref) } });
document.body.addEventListener("handstamp:error", ({ detail }) => console.log(detail.code));
