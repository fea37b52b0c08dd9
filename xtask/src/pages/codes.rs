//! `cargo xtask codes`: www/codes/index.html, the page of every code, made from errors.json, and docs/settings.md.

use crate::files::repository::{self, path};
use crate::pages::settings;
use anyhow::{Context, Result};
use serde_json::{Map, Value};
use std::fmt::Write as _;
use std::fs;

/// Where the page stands.
const PAGE: &str = "www/codes/index.html";

/// The sections of the catalogue, with what a reader should know of each.
const SECTIONS: [(&str, &str, &str); 4] = [
    (
        "codes",
        "Refusals",
        "The causes of refusals. A visitor sees the public reason; the account can look up the code by the reference.",
    ),
    (
        "clues",
        "Clues",
        "Likely causes that an explanation finds by a closer look or by trying. A clue never accepts a token.",
    ),
    ("warnings", "Warnings", "Accepted, but to be corrected."),
    (
        "ignored",
        "Values left out",
        "The reasons why a value is not in the prefilled form. It refuses nobody.",
    ),
];

/// Writes the page of codes and the page of settings.
pub fn write() -> Result<()> {
    for (name, text) in [(PAGE, page()?), (settings::PAGE, settings::page()?)] {
        let file = path(name);
        fs::create_dir_all(file.parent().context("the page has a folder")?)?;
        fs::write(&file, text)?;
        println!("{name} written");
    }
    Ok(())
}

/// The page as it must be.
fn page() -> Result<String> {
    let catalogue: Value =
        serde_json::from_str(&repository::read_text("errors.json")?).context("errors.json is not JSON")?;
    let mut out = String::from(HEAD);
    for (section, title, about) in SECTIONS {
        let rows = catalogue[section].as_object().with_context(|| format!("errors.json has no {section}"))?;
        write!(
            out,
            "<section aria-labelledby=\"{section}\">\n<h2 id=\"{section}\">{title}</h2>\n<p>{about}</p>\n"
        )?;
        for (code, row) in rows {
            entry(&mut out, code, row.as_object().context("a row is an object")?)?;
        }
        out.push_str("</section>\n");
    }
    let public = catalogue["public"].as_object().context("errors.json has no public")?;
    out.push_str("<section aria-labelledby=\"public\">\n<h2 id=\"public\">Public reasons</h2>\n");
    for (reason, sentence) in public {
        let sentence = escaped(sentence.as_str().unwrap_or_default());
        write!(
            out,
            "<article id=\"reason-{reason}\">\n<h3><a href=\"#reason-{reason}\"><code>{reason}</code></a></h3>\n<p>{sentence}</p>\n</article>\n"
        )?;
    }
    out.push_str("</section>\n</main>\n");
    Ok(out)
}

fn entry(out: &mut String, code: &str, row: &Map<String, Value>) -> Result<()> {
    let text = |name: &str| row.get(name).and_then(Value::as_str).map(escaped);
    let says = text("says").with_context(|| format!("{code} says nothing"))?;
    let how = text("how").with_context(|| format!("{code} does not say how"))?;
    write!(
        out,
        "<article id=\"{code}\">\n<h3><a href=\"#{code}\"><code>{code}</code></a></h3>\n<p>{says}</p>\n<p class=\"how\">{how}</p>\n<dl>\n"
    )?;
    for (term, value) in [
        ("Who fixes it", text("fix").map(|fix| person(&fix).to_owned())),
        ("Trying again", text("retry").map(|retry| again(&retry).to_owned())),
        (
            "The visitor sees",
            text("public").map(|reason| format!("<a href=\"#reason-{reason}\">{reason}</a>")),
        ),
    ] {
        if let Some(value) = value {
            writeln!(out, "<div><dt>{term}</dt><dd>{value}</dd></div>")?;
        }
    }
    out.push_str("</dl>\n</article>\n");
    Ok(())
}

fn person(fix: &str) -> &str {
    match fix {
        "issuer" => "the team that creates the tokens or runs the customer’s servers",
        "settings" => "the team that maintains the account’s settings",
        "service" => "the service, or the program that calls it",
        "participant" => "the participant",
        other => other,
    }
}

fn again(retry: &str) -> &str {
    match retry {
        "no" => "does not help",
        "later" => "helps a little later",
        "new_token" => "helps with a new token",
        "login" => "helps: sign in again",
        other => other,
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

const HEAD: &str = "<!doctype html>
<!-- Made from errors.json by `cargo xtask codes`. -->
<html lang=\"en\">
{{head}}
<title>Codes · Handstamp</title>
<link rel=\"stylesheet\" href=\"/codes/style.css\">
<script type=\"module\" src=\"/codes/find.js\"></script>
{{bar}}
<main>
<header>
<h1>Codes</h1>
<p>Every code of Handstamp with its meaning, who can fix it, and the fix. Codes are stable: programs may rely on them.</p>
<nav aria-label=\"Sections\"><a href=\"#codes\">Refusals</a> <a href=\"#clues\">Clues</a> <a href=\"#warnings\">Warnings</a> <a href=\"#ignored\">Values left out</a> <a href=\"#public\">Public reasons</a></nav>
<form class=\"find\" id=\"find\" role=\"search\" hidden>
<label class=\"field\"><span>Search</span><input id=\"words\" type=\"search\" autocomplete=\"off\" placeholder=\"a code, or words\"></label>
<label class=\"field\"><span>Who fixes it</span><select id=\"owner\"><option value=\"\">anybody</option></select></label>
</form>
<p id=\"found\" role=\"status\"></p>
</header>
";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_is_that_of_the_catalogue() -> Result<()> {
        let kept = repository::read_text(PAGE)?;
        assert!(kept == page()?, "{PAGE} is not made from today's errors.json: run `cargo xtask codes`");
        Ok(())
    }

    #[test]
    fn every_code_has_its_entry() -> Result<()> {
        let catalogue: Value = serde_json::from_str(&repository::read_text("errors.json")?)?;
        let page = page()?;
        for (section, ..) in SECTIONS {
            for code in catalogue[section].as_object().context("a section")?.keys() {
                assert_eq!(page.matches(&format!("id=\"{code}\"")).count(), 1, "{code}");
            }
        }
        for reason in catalogue["public"].as_object().context("the reasons")?.keys() {
            assert_eq!(page.matches(&format!("id=\"reason-{reason}\"")).count(), 1, "{reason}");
        }
        Ok(())
    }
}
