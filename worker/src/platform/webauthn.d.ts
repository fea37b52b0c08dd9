export * from "@simplewebauthn/server";
