// The built package, for making and opening what the worker seals.

export { catalogue, parseAccount, secretPlaces, secretPurposes } from "../../../../pkg/dist/node.js";
export * as oauth from "../../../../pkg/dist/oauth.node.js";
