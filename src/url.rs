//! URLs, checked by their spelling: those of a document are `https` on a public host name, and loopback hosts and `http` to
//! them are for development. The host checks the IP addresses that a name resolves to.

use alloc::{borrow::ToOwned, format, string::String, vec::Vec};

/// The longest URL, in characters.
const LONGEST: usize = 2048;

/// The parts of a URL that matter here.
struct Parts<'a> {
    secure: bool,
    host: &'a str,
    port: Option<&'a str>,
    rest: &'a str,
}

fn parts(text: &str) -> Result<Parts<'_>, &'static str> {
    if text.len() > LONGEST {
        return Err("It is longer than 2048 characters.");
    }
    // By bytes: what `find` and `split_once` look for a character with is larger than all of this.
    let is_foreign = |byte: u8| {
        !byte.is_ascii_graphic()
            || matches!(byte, b'\\' | b'"' | b'<' | b'>' | b'^' | b'`' | b'{' | b'|' | b'}')
    };
    if text.bytes().any(is_foreign) {
        return Err(
            "It contains a character that a URL cannot have; write the host name in punycode and escape the path.",
        );
    }
    let (secure, rest) = match (text.strip_prefix("https://"), text.strip_prefix("http://")) {
        (Some(rest), _) => (true, rest),
        (_, Some(rest)) => (false, rest),
        _ => return Err("It must begin with https://."),
    };
    if rest.bytes().any(|byte| byte == b'#') {
        return Err("It must not have a fragment (#).");
    }
    let end = rest.bytes().position(|byte| matches!(byte, b'/' | b'?')).unwrap_or(rest.len());
    let (authority, rest) = rest.split_at_checked(end).unwrap_or((rest, ""));
    if authority.bytes().any(|byte| byte == b'@') {
        return Err("It must not contain a user name or password.");
    }
    // An IPv6 address is in brackets, as it has colons itself.
    let bracket =
        if authority.starts_with('[') { authority.bytes().position(|byte| byte == b']') } else { None };
    let colon = match bracket {
        Some(bracket) => Some(bracket.saturating_add(1)),
        None => authority.bytes().position(|byte| byte == b':'),
    };
    let (host, port) = authority.split_at_checked(colon.unwrap_or(authority.len())).unwrap_or_default();
    let port = port.strip_prefix(':');
    if host.is_empty() {
        return Err("It has no host.");
    }
    if port.is_some_and(|port| port.is_empty() || port.starts_with('0') || port.parse::<u16>().is_err()) {
        return Err("Its port is not a number from 1 to 65535.");
    }
    Ok(Parts { secure, host, port, rest })
}

fn is_loopback(host: &str) -> bool {
    host == "localhost" || host.ends_with(".localhost") || host == "127.0.0.1" || host == "[::1]"
}

/// Checks a host and port that a request may be sent to.
fn check_reach(parts: &Parts<'_>, development: bool) -> Result<(), &'static str> {
    if is_loopback(parts.host) {
        return if development { Ok(()) } else { Err("A loopback host is allowed in development only.") };
    }
    if !parts.secure {
        return Err("It must begin with https://.");
    }
    let host = parts.host.to_ascii_lowercase();
    let labels = host.split('.');
    let last = labels.clone().next_back().unwrap_or_default();
    let is_number = !last.is_empty() && last.bytes().all(|byte| byte.is_ascii_digit());
    if host.starts_with('[') || last.starts_with("0x") || is_number {
        return Err("Its host must be a name, not a number.");
    }
    let well_formed = |label: &str| {
        (1..=63).contains(&label.len())
            && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    if host.len() > 253 || !labels.clone().all(well_formed) {
        return Err("Its host is not a valid host name.");
    }
    let private = ["local", "localdomain", "internal", "intranet", "lan", "home", "corp", "arpa", "onion"];
    if labels.count() < 2 || private.contains(&last) {
        return Err("Its host must be a public name.");
    }
    let port = parts.port.and_then(|port| port.parse::<u16>().ok()).unwrap_or(443);
    if port != 443 && port < 1024 {
        return Err("Its port must be 443 or at least 1024.");
    }
    Ok(())
}

/// Checks the URL of an endpoint.
///
/// # Errors
/// The sentence that says what is wrong with it.
pub fn check_url(text: &str, development: bool) -> Result<(), &'static str> {
    check_reach(&parts(text)?, development)
}

/// Checks an origin (RFC 6454): scheme, host and port exactly as a browser writes them.
///
/// # Errors
/// The sentence that says what is wrong with it.
pub fn check_origin(text: &str, development: bool) -> Result<(), String> {
    let parts = parts(text).map_err(String::from)?;
    if !parts.rest.is_empty() {
        let length = text.len().saturating_sub(parts.rest.len());
        return Err(format!(
            "An origin must not have a path: write \"{}\".",
            text.get(..length).unwrap_or_default()
        ));
    }
    if text.chars().any(|character| character.is_ascii_uppercase()) {
        return Err(format!("An origin must be in lower case: write \"{}\".", text.to_ascii_lowercase()));
    }
    if parts.port == Some(if parts.secure { "443" } else { "80" }) {
        return Err(String::from("An origin must not name the default port."));
    }
    check_reach(&parts, development).map_err(String::from)
}

/// Checks whether a URL is on a loopback host, which only a development document can have.
pub fn is_loopback_url(text: &str) -> bool {
    parts(text).is_ok_and(|parts| is_loopback(parts.host))
}

/// Splits a URL behind its scheme, host and port: the rest is empty or starts with a slash.
pub fn split_origin(url: &str) -> (&str, &str) {
    let host = url.find("://").map_or(0, |at| at.saturating_add(3));
    let slash = url.get(host..).and_then(|rest| rest.find('/')).map(|at| at.saturating_add(host));
    slash.and_then(|at| url.split_at_checked(at)).unwrap_or((url, ""))
}

/// The one spelling of scheme, host and port: in lower case, without the default port and the dot of the root.
fn normal_origin(parts: &Parts<'_>) -> String {
    let (scheme, usual) = if parts.secure { ("https", "443") } else { ("http", "80") };
    let host = parts.host.trim_end_matches('.').to_ascii_lowercase();
    match parts.port.filter(|port| *port != usual) {
        Some(port) => format!("{scheme}://{host}:{port}"),
        None => format!("{scheme}://{host}"),
    }
}

/// Returns the one spelling of a URL, by which it is compared with others (RFC 3986 section 6.2): scheme, host and port
/// as in an origin, a path without dot segments, no escape of what needs none, no empty query. Any other text stays.
pub fn normal(text: &str) -> String {
    let Ok(parts) = parts(text) else { return text.to_owned() };
    let rest = unescaped(parts.rest);
    let (path, query) = rest.split_once('?').unwrap_or((&rest, ""));
    let mut segments: Vec<&str> = Vec::new();
    let mut ends_open = false;
    for segment in path.split('/').skip(1) {
        ends_open = matches!(segment, "." | "..");
        match segment {
            "." => {}
            ".." => drop(segments.pop()),
            other => segments.push(other),
        }
    }
    if ends_open {
        segments.push("");
    }
    let query = if query.is_empty() { String::new() } else { format!("?{query}") };
    format!("{}/{}{query}", normal_origin(&parts), segments.join("/"))
}

/// Decodes the escapes of letters, digits and `-._~`, and writes all others in capitals (RFC 3986 section 6.2.2).
fn unescaped(text: &str) -> String {
    let mut parts = text.split('%');
    let mut out = String::from(parts.next().unwrap_or_default());
    for part in parts {
        let code =
            part.get(..2).and_then(|digits| u8::from_str_radix(digits, 16).ok().map(|code| (digits, code)));
        let rest = part.get(2..).unwrap_or_default();
        match code {
            Some((_, code)) if code.is_ascii_alphanumeric() || b"-._~".contains(&code) => {
                out.push(char::from(code));
                out.push_str(rest);
            }
            Some((digits, _)) => {
                out.push('%');
                out.push_str(&digits.to_ascii_uppercase());
                out.push_str(rest);
            }
            None => {
                out.push('%');
                out.push_str(part);
            }
        }
    }
    out
}

/// Returns whether a URL leads to an origin, in whatever spelling.
pub fn is_at(text: &str, origin: &str) -> bool {
    let spelled = |text: &str| {
        let lower = text.trim().to_ascii_lowercase();
        parts(&lower).ok().map(|parts| normal_origin(&parts))
    };
    let url = text.split('#').next().unwrap_or_default();
    spelled(url).is_some_and(|url| spelled(origin) == Some(url))
}

/// Checks the URL of a key set that a host of the package fetches: `https`, or `http` to this machine.
pub fn check_key_set(text: &str) -> Result<(), &'static str> {
    let parts = parts(text)?;
    if parts.secure || is_loopback(parts.host) { Ok(()) } else { Err("It must begin with https://.") }
}
