// The texts of the administrator's page. The sentences of errors come from the worker, with each code.

/** Where redirect URIs are registered, by the preset of the account. @type {Record<string, string>} */
export const places = {
  okta: "In Okta: Applications → your application → General → Sign-in redirect URIs.",
  auth0: "In Auth0: Applications → your application → Settings → Allowed Callback URLs.",
  keycloak: "In Keycloak: Clients → your client → Settings → Valid redirect URIs; authentication under Credentials.",
  gigya: "In Gigya (SAP Customer Data Cloud): OIDC OP → your relying party → Redirect URIs.",
  entra: "In Entra ID: App registrations → your application → Authentication → Web → Redirect URIs; the secret under Certificates & secrets.",
  "azure-b2c": "In Azure AD B2C: App registrations → your application → Authentication → Web → Redirect URIs.",
  cognito: "In Cognito: User pools → your pool → App clients → your client → Login pages → Allowed callback URLs.",
  google: "In Google Cloud: APIs & Services → Credentials → your OAuth client → Authorized redirect URIs.",
  line: "In LINE Developers: your channel → LINE Login → Callback URL.",
  linkedin: "In LinkedIn Developers: your application → Auth → Authorized redirect URLs.",
  generic: "In your identity provider: the client, often called application or relying party.",
};

/** Methods of client authentication (RFC 7591 section 2). @type {Record<string, string>} */
export const authentications = {
  client_secret_basic: "The client’s secret in the Authorization header.",
  client_secret_post: "The client’s secret in the body of the request.",
  client_secret_jwt: "A short token, signed with the client’s secret.",
  private_key_jwt: "A short token, signed with our private key; you hold only the public one.",
  none: "None: a public client, protected by PKCE only.",
};

/** Name and meaning of each step, in the order of a sign-in. @type {[string, string, string][]} */
export const steps = [
  ["discovery", "Discovery", "The identity provider’s metadata was read."],
  ["keys", "Keys", "These keys verify its ID tokens."],
  ["authorize", "Authorization URL", "A participant would be sent there, with these parameters."],
  ["login", "Sign-in", "You signed in, and the identity provider sent the browser back with a code."],
  ["exchange", "Exchange", "The token endpoint accepted the code, our authentication and PKCE."],
  ["profile", "Profile", "The person’s claims were read, checked and mapped."],
];

/** Why there is no answer. @type {Record<string, string>} */
export const failures = {
  timeout: "no answer in time",
  too_large: "too large",
  redirected: "a redirect, which is not followed",
  refused: "a URL that may not be fetched",
  encoding: "not in the encoding that it declares",
  network: "no connection",
};

/** Of a step that has not been taken. @type {Record<string, string>} */
export const skipped = {
  keys: "No key set is needed, or none is known.",
  authorize: "Not reached: see above.",
};
