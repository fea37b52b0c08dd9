// The API's description (OpenAPI 3.1). Tests hold real answers against these schemas.

import { version } from "../platform/handstamp.js";
import { browserPaths } from "./browser_paths.js";
import { connectionPaths } from "./connection_paths.js";
import { connectionSchemas } from "./connection_schemas.js";
import { managementPaths } from "./management_paths.js";
import { peoplePaths } from "./people_paths.js";
import { peopleSchemas } from "./people_schemas.js";
import { schemas } from "./schemas.js";

/** @param {string} publicUrl */
export function description(publicUrl) {
  return {
    openapi: "3.1.0",
    info: {
      title: "Handstamp",
      version,
      summary: "Signs people into campaigns at the edge.",
      description:
        "The campaign frame admits a token or redeems a login, and submits the form with the pass that it earned. " +
        "Every refusal is a problem document (RFC 9457) with a `ref`, under which the account finds the cause for 72 hours.",
      license: { name: "MIT OR Apache-2.0", identifier: "MIT OR Apache-2.0" },
    },
    servers: [{ url: publicUrl }],
    tags: [
      { name: "campaign", description: "Called by the campaign's own pages." },
      { name: "login", description: "Navigations of a browser." },
      { name: "account", description: "Called by the account's programs, with an access token." },
      { name: "connection", description: "Called by the IT administrator's page." },
      { name: "operations" },
    ],
    paths: { ...browserPaths, ...managementPaths, ...peoplePaths, ...connectionPaths },
    components: {
      schemas: { ...schemas, ...peopleSchemas, ...connectionSchemas },
      securitySchemes: {
        accessToken: { type: "http", scheme: "bearer", bearerFormat: "JWT", description: "From /v1/auth/token." },
        connection: { type: "http", scheme: "bearer", description: "The session of /v1/connections." },
        client: { type: "http", scheme: "basic", description: "Client id and secret." },
      },
    },
  };
}
