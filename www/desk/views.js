// The views of the console in the order of its tabs, each with the scope that its first call needs.

import { Keys } from "./keys.js";
import { Login } from "./login.js";
import { People } from "./people.js";
import { Preview } from "./preview.js";
import { Refusals } from "./refusals.js";
import { SecureToken } from "./token.js";

/** @type {{ name: string, title: string, scope: string, show: (properties: { me: import("./api.js").Session }) => any }[]} */
export const VIEWS = [
  { name: "token", title: "Secure token", scope: "secrets:write", show: SecureToken },
  { name: "login", title: "Sign-in", scope: "secrets:write", show: Login },
  { name: "keys", title: "Keys", scope: "accounts:read", show: Keys },
  { name: "preview", title: "Preview", scope: "accounts:read", show: Preview },
  { name: "refusals", title: "Refusals", scope: "refusals", show: Refusals },
  { name: "people", title: "People", scope: "people", show: People },
];
