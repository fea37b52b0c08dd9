/**
 * The tag: puts a campaign frame into a page of the customer's and talks to it. It loads no WebAssembly and needs only
 * `script-src` and `frame-src` (CSP Level 3). Importing it also shows every element with `data-handstamp-campaign` and
 * defines `<handstamp-campaign>`.
 */

/**
 * The events of a campaign, each with its details: codes, names and numbers to quote; never a value, and no token but a receipt. On the
 * container an event is named `handstamp:` and the name, and bubbles.
 */
export interface Events {
  /** The campaign is shown; `title` is its own. */
  ready: { campaignId: string; title?: string };
  /** The person may play; `decision` as in `Admission`. */
  admitted: { campaignId: string; decision?: string };
  /** The person may not play, or the sign-in failed: a visitor's reason, and the number to quote to support. */
  refused: { campaignId: string; kind: "token" | "login" | "limit" | "campaign"; reason: string; ref?: string };
  /** The form is shown with values filled in. */
  prefilled: { campaignId: string };
  /**
   * The participation is recorded. `receipt` is a JWT (`typ` `participation+jwt`) that your server can verify with our key set
   * and reward at once; every script of the page can read it. `preview` says that nothing was
   * recorded, and there is no receipt.
   */
  submitted: { campaignId: string; participationId: string; receipt?: string; preview?: true };
  /** The token has expired, or is not a valid token; the `token` function is asked for another. */
  expired: { campaignId: string };
  /**
   * The token of a `token` function was looked at in the frame, and decided by the service: `here` and `there` are the
   * milliseconds since it was there. After `renew`, another token is asked for at once; the service's answer decides.
   */
  looked: { campaignId: string; seen: "good" | "renew" | "undecided"; here: number; there: number };
  /** The person leaves for the login page, or your own `login` is called. */
  login: { campaignId: string };
  /**
   * Something was accepted but should be put right: `token_sources_differ`; `token_account` if the page's own token was not
   * passed, as its markup names several accounts and neither the tag's URL (`?account=`) nor a script says whose it is;
   * `profile_unavailable` if the form opened without the details of your profile API, with a `ref`.
   */
  warning: { campaignId: string; code: string; ref?: string };
  /**
   * The campaign cannot be shown, and a button into it stands in its place; `says` is the sentence to act on. After
   * `E_TOKEN_CALLBACK` the campaign goes on.
   */
  error: { campaignId?: string; code: ErrorCode | string; says?: string; ref?: string };
}

/**
 * The tag's own faults.
 * - `E_TARGET`: the container does not exist. Dispatched on `document`, and thrown by {@link create}.
 * - `E_ATTRIBUTE`: the account or the campaign is not given.
 * - `E_ACCOUNT`: the account does not exist.
 * - `E_CAMPAIGN`: the account has no such campaign.
 * - `E_ORIGIN`: the account does not list the origin of this page.
 * - `E_BLOCKED`: something else answered in the campaign's place: a blocker, or a browser that hides where the frame stands.
 *   If the tag itself is blocked, the stub dispatches it on `document`.
 * - `E_CSP_FRAME`: this page's policy has no `frame-src` for the campaign's origin.
 * - `E_TIMEOUT`: the campaign did not answer for nine seconds.
 * - `E_TOKEN_CALLBACK`: the `token` function threw or rejected.
 */
export type ErrorCode = "E_TARGET" | "E_ATTRIBUTE" | "E_ACCOUNT" | "E_CAMPAIGN" | "E_ORIGIN" | "E_BLOCKED" | "E_CSP_FRAME" | "E_TIMEOUT" | "E_TOKEN_CALLBACK";

/** Options of a campaign. Each but `base` and `on` may also stand on the container as `data-handstamp-<name>`. */
export interface CampaignOptions {
  /** Id of the campaign. */
  campaign?: string;
  /** Name of the account. */
  account?: string;
  /**
   * Origin of the campaigns; default the one that the script of the tag was loaded from. Needed with `handstamp/tag`, which is part
   * of your own script. Never read from markup: the token is sent there.
   */
  base?: string;
  /** Language of the campaign (BCP 47); default the page's `lang`. */
  lang?: string;
  /**
   * Colours: `light` or `dark`; default as the browser prefers (`auto`). With `transparent` beside it, such as
   * `dark transparent`, the page's own background shows through.
   */
  theme?: string;
  /** `minisite` fills the viewport, any other word the container. Default: the frame grows with its content. */
  layout?: string;
  /** Least height of the frame in pixels, kept free before the content is there; default 640. */
  height?: number | string;
  /** Any non-empty value: the frame loads near the viewport; for visitors returning from sign-in at once. Default: at once. */
  lazy?: string | boolean;
  /** Any non-empty value: nothing is requested or stored before `handstamp("consent")`. Default: no consent needed. */
  consent?: string | boolean;
  /** Title of the frame, read out by screen readers; default `Campaign`, then the campaign's own. */
  title?: string;
  /** The token, or a function that fetches it; called again when the token has expired. */
  token?: string | (() => string | Promise<string>);
  /**
   * The site's own sign-in. Resolves to a token, or to nothing if `token` finds it then. Default: our login page. In markup,
   * any non-empty `data-handstamp-login` means the page's function `handstampLogin`, under the same rule as its token.
   */
  login?: () => Promise<string | void>;
  /** Listeners of this campaign, by the event's name. */
  on?: { [Name in keyof Events]?: (detail: Events[Name]) => void };
}

/** A campaign that is shown. */
export interface Campaign {
  /**
   * Passes another token to the campaign, for instance a renewed one.
   * @example
   * ```js
   * import { create } from "handstamp/tag";
   *
   * const campaign = create("#campaign", { account: "acme", campaign: "123456" });
   * campaign.token(await (await fetch("/campaign-token")).text());
   * ```
   */
  token(token: string): void;
  /**
   * Removes the frame and every listener.
   * @example
   * ```js
   * import { create } from "handstamp/tag";
   *
   * const campaign = create("#campaign", { account: "acme", campaign: "123456" });
   * addEventListener("pagehide", () => campaign.destroy(), { once: true });
   * ```
   */
  destroy(): void;
}

/**
 * The queue `window.handstamp`, before and after the tag is loaded.
 * @example
 * ```js
 * window.handstamp("create", "#campaign", { account: "acme", campaign: "123456", consent: true });
 * window.handstamp("on", "refused", ({ kind, reason, ref }) => console.log(kind, reason, ref));
 * window.handstamp("consent");
 * ```
 */
export interface Queue {
  /** Shows a campaign in a container: see {@link create}. Returns nothing before the tag is loaded. */
  (call: "create", target: string | HTMLElement, options?: CampaignOptions): Campaign | void;
  /** Removes the campaign of a container. */
  (call: "destroy", target: string | HTMLElement): void;
  /** Calls a listener for an event of every campaign on the page. */
  <Name extends keyof Events>(call: "on", name: Name, listener: (detail: Events[Name], event: Event) => void): void;
  /** Says that the visitor consents: campaigns that wait for it load, and so do later ones. */
  (call: "consent"): void;
}

/**
 * Shows a campaign in a container. A second call replaces the campaign before.
 * @param target the container, or a selector for it
 * @throws `Error` with the message `E_TARGET` if the container does not exist
 * @example
 * ```js
 * import { create } from "handstamp/tag";
 *
 * create("#campaign", {
 *   account: "acme",
 *   campaign: "123456",
 *   base: "https://campaigns.example",
 *   token: async () => (await fetch("/campaign-token")).text(),
 *   on: {
 *     admitted: ({ campaignId }) => console.log("admitted to", campaignId),
 *     refused: ({ reason, ref }) => console.log(reason, ref),
 *   },
 * });
 * ```
 */
export function create(target: string | HTMLElement, options?: CampaignOptions): Campaign;

declare global {
  interface Window {
    /** The queue: `handstamp("create" | "destroy" | "on" | "consent", …)`. */
    handstamp: Queue;
    /** The token, for apps that inject it into their web view; or a function that fetches it. */
    handstampToken?: string | (() => string | Promise<string>);
    /** The site's own sign-in, for containers with `data-handstamp-login`: see {@link CampaignOptions.login}. */
    handstampLogin?: () => Promise<string | void>;
  }
  interface HTMLElementEventMap {
    /** See {@link Events.ready}. */
    "handstamp:ready": CustomEvent<Events["ready"]>;
    /** See {@link Events.admitted}. */
    "handstamp:admitted": CustomEvent<Events["admitted"]>;
    /** See {@link Events.refused}. */
    "handstamp:refused": CustomEvent<Events["refused"]>;
    /** See {@link Events.prefilled}. */
    "handstamp:prefilled": CustomEvent<Events["prefilled"]>;
    /** See {@link Events.submitted}. */
    "handstamp:submitted": CustomEvent<Events["submitted"]>;
    /** See {@link Events.expired}. */
    "handstamp:expired": CustomEvent<Events["expired"]>;
    /** See {@link Events.looked}. */
    "handstamp:looked": CustomEvent<Events["looked"]>;
    /** See {@link Events.login}. */
    "handstamp:login": CustomEvent<Events["login"]>;
    /** See {@link Events.warning}. */
    "handstamp:warning": CustomEvent<Events["warning"]>;
    /** See {@link Events.error}. */
    "handstamp:error": CustomEvent<Events["error"]>;
  }
}
