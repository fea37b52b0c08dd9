// The files of a project, as text by path. The configuration is the worker's own, with the project's URL and paths.

import { generateKeyPairSync } from "node:crypto";

/** @import { Answers } from "./answers.js" */

/** What each of them takes the place of, in the worker's configuration. @type {(url: string) => [from: string, to: string][]} */
const CHANGES = (url) => [
  ['"$schema": "../../wrangler/config-schema.json"', '"$schema": "node_modules/wrangler/config-schema.json"'],
  ['  "workers_dev": false,\n', `  "workers_dev": false,\n  "routes": [{ "pattern": ${JSON.stringify(new URL(url).host)}, "custom_domain": true }],\n`],
  ['"PUBLIC_URL": "https://play.example",', `"PUBLIC_URL": ${JSON.stringify(url)},`],
  // A passkey belongs to this name for good: it is chosen, and not left as it came.
  ['    "CONSOLE_URL": "https://console.play.example",\n', '    // "CONSOLE_URL": "https://console.your-domain.com",\n'],
  ['"directory": "../public"', '"directory": "node_modules/handstamp/public"'],
];
const MIGRATIONS = ['"migrations_dir": "migrations"', '"migrations_dir": "node_modules/handstamp/worker/migrations"'];

/** @param {string} text the worker's own @param {string} url */
function configurationOf(text, url) {
  for (const [from, to] of CHANGES(url)) {
    if (text.split(from).length !== 2) throw new Error(`the configuration of this release has changed: ${from.trim()} is not in it once`);
    text = text.replace(from, () => to);
  }
  return text.replaceAll(MIGRATIONS[0], MIGRATIONS[1]);
}

/** A key of the account, with which its tokens are signed. @param {string} account @param {string} site */
function newKey(account, site) {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const named = { kid: `${account}-1`, alg: "ES256", use: "sig" };
  return { private: { ...privateKey.export({ format: "jwk" }), ...named, iss: site }, public: { ...publicKey.export({ format: "jwk" }), ...named } };
}

/**
 * The first account: people come in with a token of its key, or without a name. No secret is in it.
 * @param {Pick<Answers, "account" | "site" | "port">} answers
 * @param {object | undefined} key its public key
 */
export const documentOf = ({ account, site, port }, key) => ({
  $schema: "../node_modules/handstamp/worker/account.schema.json",
  account,
  origins: [site],
  testOrigins: [`http://localhost:${port + 1}`],
  ...(key && { secureToken: { verify: [{ id: `${account}-1`, status: "active", method: "publicKey", alg: "ES256", key }], issuer: site } }),
  mapping: { email: { from: "email", lock: true }, firstname: "given_name" },
  campaigns: {
    welcome: {
      title: { en: "Your first campaign" },
      signIn: key ? ["token", "anonymous"] : ["anonymous"],
      limit: { unstated: 1 },
      fields: [
        { name: "email", type: "email", required: true, label: { en: "E-mail" } },
        { name: "firstname", required: true, label: { en: "First name" } },
      ],
    },
  },
});

/** @param {Answers} answers */
const readme = ({ account, url }) => `# Campaigns at ${url}

\`\`\`sh
npm install
npm run dev      # plays on this machine, in workerd
npm run check    # lists what a deployment still needs; sends nothing
\`\`\`

From here to production: [PRODUCTION.md](node_modules/handstamp/worker/PRODUCTION.md), step by step.

| file | content |
|---|---|
| \`wrangler.jsonc\` | every setting of the deployment |
| \`accounts/${account}.json\` | the account, with its campaign; every setting is in [settings.md](node_modules/handstamp/docs/settings.md) |
| \`src/index.js\` | the worker, which is the package's own |
| \`.dev.vars\` | secrets of this machine alone |
| \`token-key.json\` | the private key with which the site of ${account} signs its tokens: it belongs on the site's server. The account knows the public half |

The last two are not in git, nor is any \`secrets….json\`, the secrets of a deployment.
`;

/**
 * @param {Answers} answers
 * @param {{ version: string, wrangler: string, configuration: string, secrets: { operator: string, vars: Record<string, string> } }} made the
 *   versions of the package and of the platform's tool, the package's configuration, and secrets for this machine
 * @returns {[path: string, text: string][]}
 */
export function filesOf(answers, { version, wrangler, configuration, secrets }) {
  const { account, site, url, port, folder } = answers;
  const json = (/** @type {unknown} */ value) => `${JSON.stringify(value, null, 2)}\n`;
  const key = newKey(account, site);
  const vars = { ENVIRONMENT: "development", PUBLIC_URL: `http://127.0.0.1:${port}`, JURISDICTION: "", ...secrets.vars, OPERATOR_SECRET: secrets.operator };
  const manifest = {
    name: (folder.split(/[\\/]/).findLast(Boolean) ?? "").toLowerCase().replace(/[^a-z0-9-]+/g, "-").replace(/^-+|-+$/g, "") || "campaigns",
    private: true,
    type: "module",
    scripts: {
      dev: "handstamp-worker dev",
      check: "handstamp-worker check --secrets secrets.json",
      deploy: "wrangler d1 migrations apply STATISTICS --remote && wrangler deploy",
    },
    dependencies: { handstamp: version },
    devDependencies: { wrangler },
    engines: { node: ">=20.12" },
  };
  return [
    ["package.json", json(manifest)],
    ["wrangler.jsonc", configurationOf(configuration, url)],
    ["src/index.js", '// The package\'s worker, with its classes of objects.\nexport { default } from "handstamp/worker";\nexport * from "handstamp/worker";\n'],
    [`accounts/${account}.json`, json(documentOf(answers, key.public))],
    [".dev.vars", `# Secrets of this machine alone. OPERATOR_SECRET is for npm run dev; the worker has its hash.\n${Object.entries(vars).map(([name, value]) => `${name}='${value}'\n`).join("")}`],
    ["token-key.json", json(key.private)],
    [".gitignore", "node_modules\n.wrangler\n.dev.vars*\n.env*\nsecrets.json\n*secrets*.json\ntoken-key.json\n*private*.json\n!/accounts/*.json\n"],
    ["README.md", readme(answers)],
  ];
}
