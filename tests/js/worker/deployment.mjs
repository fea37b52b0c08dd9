// The harness, at the path that checks outside this repository import.

export * from "../support/worker/deployment.mjs";
