// How each fault of a deployment is mended. A fault is a sentence of the worker's own configuration or of the check.

/** @type {[fault: RegExp, fix: string][]} */
const FIXES = [
  [/ has no database_id$/, "npx wrangler d1 create handstamp-statistics --jurisdiction eu prints it"],
  [/^the queue (\S+) has no consumer$/, 'add { "queue": "$1" } to queues.consumers'],
  [/^(global_fetch_strictly_public) is off$/, 'add "$1" to compatibility_flags'],
  [/^the route \S+ has a path/, 'name a host alone: { "pattern": "play.your-domain.com", "custom_domain": true }'],
  [/^no migration makes (\w+)$/, 'add { "tag": "a new one", "new_sqlite_classes": ["$1"] } at the end of migrations'],
  [/^(observability\S+) is not false$/, "set $1 to false"],
  [/^logpush /, "set logpush to false"],
  [/^tail_consumers /, "take tail_consumers out"],
  [/^(\S+) is not bound$/, "copy the binding $1 from node_modules/handstamp/worker/wrangler.jsonc, to each environment as well"],
  [/^(\S+) stands in vars/, "take $1 out of vars, and store a new one with npx wrangler secret bulk"],
  [/^ENVIRONMENT /, 'set vars.ENVIRONMENT to "production"'],
  [/^PUBLIC_URL /, "set vars.PUBLIC_URL to the origin where people play, such as https://play.your-domain.com"],
  [/^CONSOLE_URL /, "set vars.CONSOLE_URL to an origin such as https://console.your-domain.com, or leave it out"],
  [/^(\S+) is for development only$/, "take $1 out of vars"],
  [/^JURISDICTION /, 'set vars.JURISDICTION to "eu" or "fedramp", or leave it out'],
  [/^NAME_KEY /, "npx handstamp-worker secrets --out new.json makes one; a deployment with participations keeps the one it has"],
  [/^(RING|SIGNING_KEY|OPERATOR) /, "npx handstamp-worker secrets --out new.json makes a $1"],
  [/^(\S+) is not there$/, "npx handstamp-worker secrets --out $1"],
  [/^(\S+) is not JSON$/, 'write $1 as wrangler secret bulk takes it: { "NAME": "value" }'],
  [/^the build has /, "leave out what src/index.js imports beside handstamp/worker"],
  [/^the build failed/, "npx wrangler deploy --dry-run --outdir .wrangler/dry-run shows all of it"],
];

/**
 * Says how a fault is mended.
 * @param {string} fault
 * @returns {string | undefined}
 */
export function fixOf(fault) {
  for (const [form, fix] of FIXES) {
    const found = form.exec(fault);
    if (found) return fix.replaceAll("$1", () => found[1] ?? "");
  }
  return undefined;
}
