// Places that a login must not lead to: every way that is known to write an address so that a check takes it for a path
// and a browser for another site. Made here from the classes of the public lists (prefixes, hosts, endings, schemes and
// their escapes), so that each class is met with each other; the lists themselves are not copied.

const EVIL = "evil.example";
const OURS = "localhost:8788";

/** What stands before a host so that a browser reads one. */
const PREFIXES = [
  "//", "///", "////", "/////", "/\\", "/\\/", "\\\\", "\\/\\/", "/\\/\\/", "//\\", "/<>//", "<>//", "/.//", "/..//", "/./\\",
  "/%09/", "//%09/", "/\t/", "/\n/", "/\r\n/", "/ /", "/%0a/", "/%0d/", "/%20/", "/%00/", "/%01/", "/%0b/", "/%c2%a0/",
  "/%2f/", "/%2f%2f", "%2f%2f", "/%2F%2F", "/%5c", "/%5C", "/%5c%2f", "//%5c", "//%2f", "/%2f%5c%2f", "/%252f%252f", "/%255c",
  "https://", "http://", "https:/", "http:/", "https:", "http:", "https:\\\\", "https:/\\", "https:/%5c", "https:///", "https:////",
  "HtTpS://", "//https://", "//https:///", "/https://", "/https:/%5c", "/https://%09/", "/http://", "ftp://", "ws://", "view-source:https://",
  "https%3a%2f%2f", "https%3A//", "%68%74%74%70%73%3a%2f%2f", "/%68%74%74%70%73%3a%2f%2f", "\thttps://", " https://", "%20https://",
];

/** How a host that is not ours can be written. */
const HOSTS = [
  EVIL, `${EVIL}:80`, `${OURS}@${EVIL}`, `${OURS}%40${EVIL}`, `user:pass@${EVIL}`, `;@${EVIL}`, `${EVIL}\\@${OURS}`, `${EVIL}#@${OURS}`,
  `${EVIL}?@${OURS}`, `${EVIL}%23.${OURS}`, `${EVIL}%3F.${OURS}`, `${EVIL}%2f%2f.${OURS}`, `${EVIL}%00.${OURS}`, `${OURS}.${EVIL}`,
  `evil%E3%80%82example`, "evil。example", "xn--vil-zma.example", "évil.example", "216.58.214.206", "3627734734", "0xd83ad6ce",
  "0330.072.0326.0316", "0xd8.072.54990", "00330.3856078", "[::ffff:216.58.214.206]", "[::216.58.214.206]",
];

const ENDINGS = ["", "/", "//", "/%2e%2e", "/%2e%2e%2f", "/%2f%2e%2e", "/%2f..", "/..", "?x=1", "#x"];

/** Addresses that run something, or show a page of the writer's. */
const SCRIPTS = [
  "javascript:alert(1)", "JaVaScRiPt:alert(1)", "java%0ascript:alert(1)", "java%09script:alert(1)", "java\tscript:alert(1)", "%6aavascript:alert(1)",
  "javascript%3aalert(1)", "javascript://%0aalert(1)", "/javascript:alert(1)", "//javascript:alert(1)", "/%5cjavascript:alert(1)", "/%09/javascript:alert(1)",
  "jav&#x61;script:alert(1)", "\\j\\av\\a\\s\\cr\\i\\pt:alert(1)", "\\x6A\\x61vascript:alert(1)", "\\u006Aavascript:alert(1)", "<>javascript:alert(1)",
  "data:text/html,<script>alert(1)</script>", "data:text/html;base64,PHNjcmlwdD4=", "vbscript:msgbox(1)", "file:///etc/passwd", "blob:https://evil.example/x",
  "\";alert(0);//", "'-alert(1)-'", "<script>alert(1)</script>", "/x:1/:///%01javascript:alert(1)", "about:blank", "mailto:a@evil.example", "intent://evil.example",
];

/** All of them, each once. */
export function redirects() {
  const out = new Set(SCRIPTS);
  // Each prefix with two hosts of three, so that the list stays as long as the public ones, and with each ending.
  for (const [number, prefix] of PREFIXES.entries()) {
    for (const [place, host] of HOSTS.entries()) if ((number + place) % 3 !== 0) out.add(prefix + host);
    for (const ending of ENDINGS) out.add(prefix + EVIL + ending);
    out.add(`${prefix}${OURS}@${EVIL}/%2f..`);
  }
  for (const host of HOSTS) out.add(host).add(`@${host}`).add(`.${host}`).add(`:${host}`);
  return [...out];
}
