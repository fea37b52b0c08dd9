// A whole link in the place of a token: the token that it carries, and the campaign that it leads to. A link is how a token
// travels, and what people have at hand.

/** Query and fragment, as the tag reads them. @param {URL} url */
const placesOf = ({ hash, searchParams }) => [new URLSearchParams(hash.slice(1)), searchParams];

/**
 * Takes the token out of a link, if it is one.
 * @param {string} text
 * @returns {{ token: string, campaignId?: string, place: "fragment" | "query" } | undefined}
 */
export function tokenOfLink(text) {
  const trimmed = text.trim();
  if (!/^https?:\/\/\S+$/i.test(trimmed) || !URL.canParse(trimmed)) return undefined;
  const url = new URL(trimmed);
  const [fragment, query] = placesOf(url).map((given) => given.get("token"));
  const token = fragment ?? query;
  if (!token) return undefined;
  const [, campaignId] = /^\/campaign\/[\w-]+\/([\w-]{1,32})\/?$/.exec(url.pathname) ?? [];
  return { token, ...(campaignId && { campaignId }), place: fragment ? "fragment" : "query" };
}
