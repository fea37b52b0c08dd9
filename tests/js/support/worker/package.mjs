// The built package, for making and opening what the worker seals.

export * as oauth from "../../../../pkg/dist/oauth.node.js";
