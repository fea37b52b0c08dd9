// A body of at most so many bytes.

/**
 * @param {ReadableStream<Uint8Array> | null} stream
 * @param {number} limit
 * @param {(bytes: number) => boolean} [holds] whether there is room for what has arrived
 * @returns {Promise<Uint8Array | undefined>} nothing when there is more
 */
export async function readCapped(stream, limit, holds = () => true) {
  if (!stream) return new Uint8Array();
  const reader = stream.getReader();
  /** @type {Uint8Array[]} */
  const chunks = [];
  let length = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    length += value.byteLength;
    if (length > limit || !holds(value.byteLength)) {
      await reader.cancel();
      return undefined;
    }
    chunks.push(value);
  }
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.byteLength;
  }
  return bytes;
}
