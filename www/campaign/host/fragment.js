// What stands behind `#handstamp=`: the ticket of a sign-in, or the pass of a preview, which alone has a colon in it.

/** @param {string | null | false | undefined} said by a tag false, where it is not for this campaign @returns {{ ticket: string | null, preview: string | null }} */
export function readFragment(said) {
  const text = said || "";
  const isPass = text.includes(":");
  return { ticket: (!isPass && text) || null, preview: (isPass && text) || null };
}
