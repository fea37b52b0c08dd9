// LemonLDAP::NG from Debian: its portal under plackup, with the demonstration accounts.

import { generateKeyPairSync } from "node:crypto";
import { mkdir, readFile, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { install, serve } from "./programs.mjs";

/** The portal, and what it loads in this configuration but does not depend on. */
const PACKAGES = ["liblemonldap-ng-portal-perl", "libcrypt-openssl-bignum-perl", "libemail-sender-perl", "libgd-securityimage-perl", "libimage-magick-perl", "libio-string-perl", "libmime-tools-perl", "libstring-random-perl"];
const STATE = ["conf", "cache", "sessions/lock", "psessions/lock"];

const PORTAL = `use Plack::Builder;
use Plack::App::File;
use Lemonldap::NG::Portal::Main;
my $portal = Lemonldap::NG::Portal::Main->run({});
builder {
  mount "/static" => Plack::App::File->new(root => "$ENV{SHARE}/portal/htdocs/static")->to_app;
  mount "/" => sub { my $env = shift; $env->{SCRIPT_NAME} = ""; $portal->($env) };
};
`;

/** @type {import("./programs.mjs").Product} */
export const lemonldap = {
  name: "LemonLDAP::NG (Debian)",
  account: "lemonldap",
  async install(folder) {
    const archives = join(folder, "archives");
    await mkdir(join(archives, "partial"), { recursive: true });
    await install("apt-get", ["install", "--yes", "--no-install-recommends", "--download-only", "--reinstall", "-o", `Dir::Cache::archives=${archives}`, "-o", "Debug::NoLocking=1", ...PACKAGES], folder);
    for (const name of await readdir(archives)) if (name.endsWith(".deb")) await install("dpkg-deb", ["-x", join(archives, name), join(folder, "root")], folder);
  },
  async start(folder, port, client) {
    const [root, state] = [join(folder, "root"), join(folder, "state")];
    const share = join(root, "usr/share/lemonldap-ng");
    for (const name of STATE) await mkdir(join(state, name), { recursive: true });
    const url = `http://127.0.0.1:${port}`;
    const before = JSON.parse(await readFile(join(root, "var/lib/lemonldap-ng/conf/lmConf-1.json"), "utf8"));
    await writeFile(join(state, "conf/lmConf-1.json"), JSON.stringify({ ...before, ...configuration(url, state, before, client) }));
    await writeFile(join(state, "lemonldap-ng.ini"), settings(state, share));
    await writeFile(join(state, "portal.psgi"), PORTAL);
    const perl = (await readdir(join(root, "usr/lib"))).filter((name) => name.includes("linux"));
    const versions = (await Promise.all(perl.map((name) => readdir(join(root, "usr/lib", name, "perl5")).then((found) => found.map((each) => join(root, "usr/lib", name, "perl5", each)), () => [])))).flat();
    const env = {
      PERL5LIB: [join(root, "usr/share/perl5"), ...versions].join(":"),
      LD_LIBRARY_PATH: perl.map((name) => join(root, "usr/lib", name)).join(":"),
      LLNG_DEFAULTCONFFILE: join(state, "lemonldap-ng.ini"),
      SHARE: share,
    };
    const stop = await serve("perl", [join(root, "usr/bin/plackup"), "--host", "127.0.0.1", "--port", String(port), join(state, "portal.psgi")], { cwd: state, env }, `${url}/.well-known/openid-configuration`);
    return {
      issuer: `${url}/`,
      email: "dwho@badwolf.org",
      stop,
      async signIn(page) {
        await page.locator("input[name=user]").fill("dwho");
        await page.locator("input[name=password]").fill("dwho");
        await page.locator("button[type=submit]").first().click();
        // Its consent page.
        await page.locator("button.positive, button.btn-success").first().click();
      },
    };
  },
};

/** @param {string} state @param {string} share */
const settings = (state, share) => `[all]
logLevel = error
[configuration]
type = File
dirName = ${state}/conf
localStorage = Cache::FileCache
localStorageOptions = { 'namespace' => 'configuration', 'cache_root' => '${state}/cache', 'cache_depth' => 3 }
[portal]
staticPrefix = /static
templateDir = ${share}/portal/templates
languages = en
`;

/** @param {string} url @param {string} state @param {any} before @param {import("./programs.mjs").Client} client */
function configuration(url, state, before, { id, secret, redirectUri }) {
  const { publicKey, privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048, publicKeyEncoding: { type: "spki", format: "pem" }, privateKeyEncoding: { type: "pkcs8", format: "pem" } });
  const sessions = (/** @type {string} */ name) => ({ Directory: `${state}/${name}`, LockDirectory: `${state}/${name}/lock` });
  return {
    portal: `${url}/`,
    domain: "127.0.0.1",
    securedCookie: 0,
    requireToken: 0,
    notification: 0,
    globalStorageOptions: { ...before.globalStorageOptions, ...sessions("sessions") },
    persistentStorageOptions: { ...before.persistentStorageOptions, ...sessions("psessions") },
    localSessionStorageOptions: { ...before.localSessionStorageOptions, cache_root: `${state}/cache` },
    issuerDBOpenIDConnectActivation: 1,
    issuerDBOpenIDConnectPath: "^/oauth2/",
    issuerDBOpenIDConnectRule: 1,
    oidcServiceAllowAuthorizationCodeFlow: 1,
    oidcServicePrivateKeySig: privateKey,
    oidcServicePublicKeySig: publicKey,
    oidcServiceKeyIdSig: "k1",
    oidcRPMetaDataOptions: {
      ours: {
        oidcRPMetaDataOptionsClientID: id,
        oidcRPMetaDataOptionsClientSecret: secret,
        oidcRPMetaDataOptionsRedirectUris: redirectUri,
        oidcRPMetaDataOptionsIDTokenSignAlg: "RS256",
      },
    },
    oidcRPMetaDataExportedVars: { ours: { email: "mail", name: "cn" } },
  };
}
