// The views of the console in the order of its tabs, each with the scope that its first call needs; the title of a tab is the
// word `view.<name>`.

import { CampaignsView } from "./campaigns/view.js";
import { Keys } from "./keys.js";
import { Embed } from "./embed/embed.js";
import { Login } from "./sign_on/login.js";
import { People } from "./people.js";
import { Preview } from "./preview.js";
import { Refusals } from "./refusals.js";
import { SecureToken } from "./token/token.js";
import { StatisticsView } from "./statistics/statistics.js";

/** @type {{ name: string, scope: string, show: (properties: { me: import("./api.js").Session }) => any }[]} */
export const VIEWS = [
  { name: "token", scope: "secrets:write", show: SecureToken },
  { name: "login", scope: "secrets:write", show: Login },
  { name: "campaigns", scope: "accounts:read", show: CampaignsView },
  { name: "preview", scope: "accounts:read", show: Preview },
  { name: "embed", scope: "accounts:read", show: Embed },
  { name: "keys", scope: "accounts:read", show: Keys },
  { name: "statistics", scope: "statistics", show: StatisticsView },
  { name: "refusals", scope: "refusals", show: Refusals },
  { name: "people", scope: "people", show: People },
];
