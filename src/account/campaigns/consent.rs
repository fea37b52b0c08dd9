//! The links of a consent: to the rules, to a privacy policy. The wording says `{name}` where a link stands.

use super::localised::{localised, required_localised};
use crate::{
    account::reading::{FaultReason, MemberReader, bounds, is_name, shown},
    json::{
        Object, Value,
        members::{nearest, pointer},
    },
};
use alloc::{format, string::String, vec::Vec};

const LINKS: usize = 5;

/// Reads `links`: `{ name: { text, url } }`. Each name in braces of the wording must be one of them.
pub fn links(optin: &MemberReader<'_>, wording: &Object, development: bool) -> Option<Object> {
    let value = optin.get("links")?;
    let links = MemberReader::open_any(value, &optin.path("links"), optin.faults())?;
    let mut out = Object::new();
    for (name, value) in links.iter() {
        if !is_name(name, 32, "_-") {
            links.invalid(name, "A link must have a name of 1 to 32 letters, digits, _ or -.");
            continue;
        }
        let Some(link) = MemberReader::open(value, &links.path(name), &["text", "url"], links.faults())
        else {
            continue;
        };
        let mut normal = Object::new();
        normal.set("text", required_localised(&link, "text"));
        normal.set_some("url", url(&link, "url", development));
        out.set(name, normal);
    }
    if out.len() > LINKS {
        let reason = FaultReason::new("entries", bounds(0, LINKS));
        optin.because("links", reason, format!("There are more than {LINKS} links."));
    }
    let known: Vec<&str> = out.iter().map(|(name, _)| name).collect();
    for (language, text) in wording.iter() {
        for name in named(text.as_str().unwrap_or_default()).filter(|name| !known.contains(name)) {
            let near = nearest(name, known.iter().copied());
            let near = near.map_or_else(String::new, |near| format!(" Did you mean \"{near}\"?"));
            let message = format!("\"{}\" is not one of the links.{near}", shown(name));
            let place = pointer(&optin.path("wording"), language);
            optin.faults().because(&place, FaultReason::new("link", [("name", shown(name))]), message);
        }
    }
    Some(out)
}

/// The names in braces.
fn named(text: &str) -> impl Iterator<Item = &str> {
    text.split('{').skip(1).filter_map(|rest| rest.split_once('}').map(|(name, _)| name))
}

/// Reads a URL that is the same in every language, or one for each.
pub fn url(members: &MemberReader<'_>, name: &str, development: bool) -> Option<Value> {
    let value = members.required(name)?;
    let urls = match value {
        Value::String(_) => {
            let mut out = Object::new();
            out.set_some("", members.text(name, 2048));
            out
        }
        _ => localised(members, name),
    };
    for (_, url) in urls.iter() {
        if let Err(sentence) = crate::url::check_url(url.as_str().unwrap_or_default(), development) {
            let message = format!("`{name}` is not a valid URL. {sentence}");
            members.because(name, FaultReason::new("url", []), message);
        }
    }
    Some(value.clone())
}
