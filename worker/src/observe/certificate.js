// When a certificate ends (RFC 5280 section 4.1.2.5), for the operators' page. Nothing is decided by it.

/** Tags of DER. */
const [SEQUENCE, VERSION, UTC_TIME, GENERALIZED_TIME] = [0x30, 0xa0, 0x17, 0x18];

/**
 * @param {string} text PEM
 * @returns {number | undefined} milliseconds; nothing for what is no certificate
 */
export function endOfCertificate(text) {
  const body = /-----BEGIN CERTIFICATE-----([^-]+)-----END CERTIFICATE-----/.exec(text)?.[1];
  if (!body) return undefined;
  try {
    const bytes = Uint8Array.from(atob(body.replaceAll(/\s/g, "")), (c) => c.charCodeAt(0));
    const [certificate] = elements(bytes);
    const [signed] = elements(certificate.content);
    const parts = elements(signed.content).filter(({ tag }) => tag !== VERSION);
    // serialNumber, signature, issuer, validity { notBefore, notAfter }
    const validity = parts[3]?.tag === SEQUENCE ? elements(parts[3].content) : [];
    return validity[1] && timeOf(validity[1]);
  } catch {
    return undefined;
  }
}

/** @param {Uint8Array} bytes */
function elements(bytes) {
  const found = [];
  for (let at = 0; at + 2 <= bytes.length; ) {
    const tag = bytes[at];
    let length = bytes[at + 1];
    at += 2;
    if (length > 0x80) {
      const digits = length & 0x7f;
      length = bytes.subarray(at, at + digits).reduce((sum, byte) => sum * 256 + byte, 0);
      at += digits;
    }
    found.push({ tag, content: bytes.subarray(at, at + length) });
    at += length;
  }
  return found;
}

/** @param {{ tag: number, content: Uint8Array }} element */
function timeOf({ tag, content }) {
  const text = new TextDecoder().decode(content);
  const [, year, ...rest] =
    (tag === GENERALIZED_TIME && /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/.exec(text)) ||
    (tag === UTC_TIME && /^(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/.exec(text)) ||
    [];
  if (!year) return undefined;
  const [month, day, hour, minute, second] = rest.map(Number);
  const whole = year.length === 4 ? Number(year) : Number(year) + (Number(year) < 50 ? 2000 : 1900);
  return Date.UTC(whole, month - 1, day, hour, minute, second);
}
