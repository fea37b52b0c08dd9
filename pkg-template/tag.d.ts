/**
 * The tag: puts a campaign frame into a page of the customer's and talks to it. It loads no WebAssembly and
 * needs only `script-src` and `frame-src`. Loading it also shows every element with
 * `data-handstamp-campaign` and defines `<handstamp-campaign>`.
 */

/** What happened. Codes, names and numbers to quote; never a value, never a token. */
export interface Events {
  ready: { campaignId: string; title?: string };
  admitted: { campaignId: string; decision?: string };
  refused: { campaignId: string; kind: "token" | "login" | "limit"; reason: string; ref?: string };
  prefilled: { campaignId: string };
  submitted: { campaignId: string };
  expired: { campaignId: string };
  login: { campaignId: string };
  /** Accepted, but to be put right: `token_sources_differ`. */
  warning: { campaignId: string; code: string };
  /** `E_TIMEOUT`, `E_CSP_FRAME`, `E_TOKEN_CALLBACK`: a link into the campaign stands in the frame's place. */
  error: { campaignId: string; code: string };
}

/** Every option may also stand on the container as `data-handstamp-<name>`. */
export interface CampaignOptions {
  campaign?: string;
  account?: string;
  /** Origin of the campaigns; default where the tag was loaded from. */
  base?: string;
  lang?: string;
  /** `minisite` fills the viewport, any other word the container; without it, the frame grows with its content. */
  layout?: string;
  /** Reserved before the content is there, in pixels; default 640. */
  height?: number | string;
  /** The frame's title, for people who hear the page. */
  title?: string;
  /** The token, or what fetches it; asked again when it expires. */
  token?: string | (() => string | Promise<string>);
  /** The site's own login. Resolves to a token, or to nothing where `token` finds it then. */
  login?: () => Promise<string | void>;
  on?: { [Name in keyof Events]?: (detail: Events[Name]) => void };
}

export interface Campaign {
  /** Passes another token, for instance a renewed one. */
  token(token: string): void;
  /** Removes the frame and every listener. */
  destroy(): void;
}

/** Shows a campaign in a container. Shown again, it replaces the one before. */
export function create(target: string | HTMLElement, options?: CampaignOptions): Campaign;

declare global {
  interface HTMLElementEventMap {
    "handstamp:ready": CustomEvent<Events["ready"]>;
    "handstamp:admitted": CustomEvent<Events["admitted"]>;
    "handstamp:refused": CustomEvent<Events["refused"]>;
    "handstamp:prefilled": CustomEvent<Events["prefilled"]>;
    "handstamp:submitted": CustomEvent<Events["submitted"]>;
    "handstamp:expired": CustomEvent<Events["expired"]>;
    "handstamp:error": CustomEvent<Events["error"]>;
  }
}
