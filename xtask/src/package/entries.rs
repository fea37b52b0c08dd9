//! The entries of the package: an API over the host of each runtime. What they export are the functions and constants
//! that the API's types declare.

use crate::files::folder::Files;
use anyhow::{Context, Result, bail};
use std::path::Path;

/// An API: its types, how it is made, and what its entries export beside it.
struct Api {
    types: &'static [&'static str],
    about: &'static str,
    create: (&'static str, &'static str),
    beside: &'static [(&'static str, &'static str)],
    /// The entries: name, host, and what they are for.
    entries: &'static [(&'static str, &'static str, &'static str)],
}

const CATALOGUE: (&str, &str) = ("catalogue, version", "catalogue.js");
const REFUSAL: (&str, &str) = ("HandstampError", "error.js");
const EDGE: &str = "Vercel's edge runtime";
const INLINE: &str = "browsers and bundlers without settings: the module is inlined";
const NODE: &str = "Node, Deno and Bun";
const SLIM: &str = "hosts that hand the module to `init(source)` themselves";
const WORKERD: &str = "Cloudflare Workers";

const APIS: [Api; 3] = [
    Api {
        types: &["index.d.ts"],
        about: "Tokens",
        create: ("createApi", "api.js"),
        beside: &[CATALOGUE, REFUSAL],
        entries: &[
            ("edge.js", "host-edge", EDGE),
            ("inline.js", "host-inline", INLINE),
            ("slim.js", "host-slim", SLIM),
            ("web.js", "host-web", "browsers that fetch the module as a file of its own"),
            ("workerd.js", "host-workerd", WORKERD),
        ],
    },
    Api {
        types: &["index.d.ts", "accounts.d.ts"],
        about: "Tokens and accounts",
        create: ("createAccounts", "accounts-api.js"),
        beside: &[CATALOGUE, REFUSAL],
        entries: &[
            ("accounts.edge.js", "accounts-host-edge", EDGE),
            ("accounts.js", "accounts-host-inline", INLINE),
            ("accounts.slim.js", "accounts-host-slim", SLIM),
            ("accounts.workerd.js", "accounts-host-workerd", WORKERD),
            ("node.js", "accounts-host-node", NODE),
        ],
    },
    Api {
        types: &["oauth.d.ts"],
        about: "OAuth2 and OpenID",
        create: ("createOauth", "oauth-api.js"),
        beside: &[REFUSAL],
        entries: &[
            ("oauth.edge.js", "accounts-host-edge", EDGE),
            ("oauth.js", "accounts-host-inline", INLINE),
            ("oauth.node.js", "accounts-host-node", NODE),
            ("oauth.slim.js", "accounts-host-slim", SLIM),
            ("oauth.workerd.js", "accounts-host-workerd", WORKERD),
        ],
    },
];

/// The files that load a module. Each is there once more, for the module with accounts.
pub const LOADS_MODULE: [&str; 8] = [
    "host-edge.js",
    "host-inline.js",
    "host-node.js",
    "host-slim.js",
    "host-workerd.js",
    "instance.js",
    "load-now.js",
    "load.js",
];

/// Rewrites a file that loads the module of tokens to load the one with accounts.
pub fn with_accounts(text: &str) -> String {
    ["inlined.js", "instance.js", "load-now.js", "load.js"]
        .iter()
        .fold(text.to_owned(), |text, file| {
            text.replace(&format!("\"./{file}\""), &format!("\"./accounts-{file}\""))
        })
        .replace("\"./handstamp", "\"./handstamp_accounts")
}

/// Adds the entries to the files of the package, which hold the types already.
pub fn add(files: &mut Files) -> Result<()> {
    for api in APIS {
        let mut types = String::new();
        for name in api.types {
            let text = files.get(&Path::new("dist").join(name)).with_context(|| format!("no {name}"))?;
            types.push_str(std::str::from_utf8(text)?);
        }
        let exports = declared(&types);
        for (name, host, purpose) in api.entries {
            let there = files.insert(Path::new("dist").join(name), api.entry(host, purpose, &exports).into());
            if there.is_some() {
                bail!("pkg-template holds {name}, which is made by `cargo xtask pkg`");
            }
        }
    }
    Ok(())
}

impl Api {
    /// The text of an entry.
    fn entry(&self, host: &str, purpose: &str, exports: &[String]) -> String {
        let (create, file) = self.create;
        let beside: String = self
            .beside
            .iter()
            .map(|(names, file)| format!("export {{ {names} }} from \"./{file}\";\n"))
            .collect();
        format!(
            "// {} for {purpose}. Generated.\n\nimport {{ {create} }} from \"./{file}\";\n\
             import {{ host }} from \"./{host}.js\";\n\n{beside}export const {{\n  {},\n}} = {create}(host);\n",
            self.about,
            exports.join(",\n  "),
        )
    }
}

/// The names of the functions and constants that types declare, each once. `init` is the same for each API, and the types
/// of one may pass on those of another.
fn declared(types: &str) -> Vec<String> {
    let mut names = vec!["init".to_owned()];
    for line in types.lines() {
        let declaration =
            ["export function ", "export const "].iter().find_map(|start| line.strip_prefix(start));
        let name: Option<String> = declaration.map(|rest| {
            rest.chars().take_while(|character| character.is_alphanumeric() || *character == '_').collect()
        });
        names.extend(name.filter(|name| !names.contains(name)));
    }
    names
}

#[cfg(test)]
mod tests {
    use super::{APIS, declared, with_accounts};

    #[test]
    fn a_file_that_loads_a_module_loads_the_one_with_accounts_instead() {
        let text = "import a from \"./handstamp_bg.wasm\";\nimport { b } from \"./load.js\";\nimport { c } from \"./error.js\";";
        let other = "import a from \"./handstamp_accounts_bg.wasm\";\nimport { b } from \"./accounts-load.js\";\nimport { c } from \"./error.js\";";
        assert_eq!(with_accounts(text), other);
    }

    #[test]
    fn every_function_and_constant_of_the_types_is_exported_once() {
        let types = "export function init(): void;\nexport function a(one: b): c;\nexport function a(two: b): c;\n\
                     export type D = string;\nexport const keySet: {\nexport class E {}\nexport { f } from \"./f.js\";\n";
        assert_eq!(declared(types), ["init", "a", "keySet"]);
    }

    #[test]
    fn an_entry_makes_its_api_over_its_host() {
        let exports = ["init", "start"].map(str::to_owned);
        assert_eq!(
            APIS[2].entry("host-node", "Node", &exports),
            "// OAuth2 and OpenID for Node. Generated.\n\n\
             import { createOauth } from \"./oauth-api.js\";\nimport { host } from \"./host-node.js\";\n\n\
             export { HandstampError } from \"./error.js\";\n\
             export const {\n  init,\n  start,\n} = createOauth(host);\n"
        );
    }
}
