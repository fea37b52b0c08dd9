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
  /**
   * Accepted, but to be put right: `token_sources_differ`; `token_account`, where the page's own token was not passed, as
   * its markup names several accounts and neither the tag's URL (`?account=`) nor a script says whose it is.
   */
  warning: { campaignId: string; code: string };
  /** A link into the campaign stands in the frame's place; after `E_TOKEN_CALLBACK` the campaign itself goes on. */
  error: { campaignId?: string; code: ErrorCode | string; ref?: string };
}

/**
 * - `E_TARGET`: there is no such container; heard on `document`.
 * - `E_BLOCKED`: something else answered in the campaign's place: a blocker, or a page that this host may not show.
 *   Where the tag itself is blocked, the stub says so, on `document`.
 * - `E_CSP_FRAME`: this page's policy has no `frame-src` for the campaign's address.
 * - `E_TIMEOUT`: the campaign said nothing for nine seconds.
 * - `E_TOKEN_CALLBACK`: the `token` function threw or rejected.
 */
export type ErrorCode = "E_TARGET" | "E_BLOCKED" | "E_CSP_FRAME" | "E_TIMEOUT" | "E_TOKEN_CALLBACK";

/** Every option but `base`, `login` and `on` may also stand on the container as `data-handstamp-<name>`. */
export interface CampaignOptions {
  campaign?: string;
  account?: string;
  /**
   * Origin of the campaigns; default where the tag was loaded from. Never read from markup: it decides who is sent the
   * token.
   */
  base?: string;
  lang?: string;
  /** `minisite` fills the viewport, any other word the container; without it, the frame grows with its content. */
  layout?: string;
  /** Kept free before the content is there, in pixels; default 640. The frame is never lower. */
  height?: number | string;
  /** Any word: the frame loads when it comes near the view; at once for who is back from a login. */
  lazy?: string | boolean;
  /** Any word: nothing is requested or kept before `handstamp("consent")`. */
  consent?: string | boolean;
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

export interface Queue {
  (call: "create", target: string | HTMLElement, options?: CampaignOptions): Campaign | void;
  (call: "destroy", target: string | HTMLElement): void;
  /** Hears an event of every campaign on the page. */
  <Name extends keyof Events>(call: "on", name: Name, listener: (detail: Events[Name], event: Event) => void): void;
  /** The visitor agrees: campaigns that wait for consent load, and those to come. */
  (call: "consent"): void;
}

/** Shows a campaign in a container. Shown again, it replaces the one before. */
export function create(target: string | HTMLElement, options?: CampaignOptions): Campaign;

declare global {
  interface Window {
    /** The queue, before and after the tag is there: `handstamp("create" | "destroy" | "on" | "consent", …)`. */
    handstamp: Queue;
    /** The token of an app's web view. */
    handstampToken?: string | (() => string | Promise<string>);
  }
  interface HTMLElementEventMap {
    "handstamp:ready": CustomEvent<Events["ready"]>;
    "handstamp:admitted": CustomEvent<Events["admitted"]>;
    "handstamp:refused": CustomEvent<Events["refused"]>;
    "handstamp:prefilled": CustomEvent<Events["prefilled"]>;
    "handstamp:submitted": CustomEvent<Events["submitted"]>;
    "handstamp:expired": CustomEvent<Events["expired"]>;
    "handstamp:login": CustomEvent<Events["login"]>;
    "handstamp:warning": CustomEvent<Events["warning"]>;
    "handstamp:error": CustomEvent<Events["error"]>;
  }
}
