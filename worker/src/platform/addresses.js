// URLs that the worker may send a request to: the package's own check.

export { isAllowedAddress, isLoopback } from "../../../pkg/dist/addresses.js";
