// What the log may say of a signature: the name of a key and of an algorithm, how old the keys were, and how far the
// signer's clock is off. Whatever is no such name stays out.

/** Names of algorithms; what else a header says is not for the log. */
const ALG =
  /^(?:(?:HS|RS|PS|ES)(?:256|384|512)|EdDSA|dir|A(?:128|192|256)(?:GCM)?KW|RSA-OAEP(?:-256)?|ECDH-ES(?:\+A(?:128|192|256)KW)?)$/;
const KID = /^[\w.:/+=-]{1,64}$/;

/**
 * @param {{ alg?: string, kid?: string, jwksAge?: number, skew?: number }} [signed] a kid only of what has been verified
 * @returns {Record<string, string | number>}
 */
export function signatureFacts({ alg = "", kid = "", jwksAge, skew } = {}) {
  return {
    ...(ALG.test(alg) && { alg }),
    ...(KID.test(kid) && { kid }),
    ...(jwksAge !== undefined && { jwksAge }),
    ...(skew !== undefined && { skew }),
  };
}
