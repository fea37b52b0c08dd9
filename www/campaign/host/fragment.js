// What stands behind `#handstamp=`: the ticket of a sign-in, or the pass of a preview, which alone has a colon in it.

/** @param {string | null | undefined} text @returns {{ ticket: string | null, preview: string | null }} */
export function readFragment(text) {
  const isPass = text?.includes(":") ?? false;
  return { ticket: (!isPass && text) || null, preview: (isPass && text) || null };
}
