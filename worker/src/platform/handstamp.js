// The only door to the package: everything that decides is behind it.

export * from "../../../pkg/dist/accounts.workerd.js";
export * as bounds from "../../../pkg/dist/bounds.js";
export * as oauth from "../../../pkg/dist/oauth.workerd.js";
