//! The `returnPaths` member of a document: pages that a sign-in may return to where the browser says only from which
//! origin it came. A path that a link could name freely might be one that redirects to somebody else.

use super::reading::MemberReader;
use crate::bounds;
use alloc::{borrow::ToOwned, format, string::String, vec::Vec};

/// Most paths of an account.
const PATHS: usize = 32;

/// Reads the paths; the faults go to those of the document.
pub fn read(account: &MemberReader<'_>) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    for (place, value) in account.list("returnPaths", 0, PATHS).into_iter().flatten() {
        let faults = account.faults();
        match value.as_str() {
            Some(path) if !is_plain_path(path) => faults.invalid(
                &place,
                format!(
                    "A path must start with one slash and have at most {} characters, without spaces, quotes, backslashes \
                     and #.",
                    bounds::RETURN_PATH_CHARACTERS
                ),
            ),
            Some(path) if out.iter().any(|known| known == path) => {
                faults.invalid(&place, format!("\"{path}\" is listed twice."));
            }
            Some(path) => out.push(path.to_owned()),
            None => faults.invalid(&place, format!("A path must be a string such as /play, not {}.", value.kind())),
        }
    }
    out
}

/// Returns whether a path leads to its own origin however a browser or a server reads it: it starts with one slash.
pub fn stays(path: &str) -> bool {
    let begins_again =
        |rest: &str| ["/", "\\", "%2f", "%2F", "%5c", "%5C"].iter().any(|start| rest.starts_with(start));
    path.strip_prefix('/').is_some_and(|rest| !begins_again(rest))
        && path.bytes().all(|byte| byte.is_ascii_graphic())
}

/// Returns whether this is a path, perhaps with a query, that a document may list.
pub fn is_plain_path(path: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~!$&'()*+,;=:@/%?[]".contains(&byte);
    path.len() <= bounds::RETURN_PATH_CHARACTERS && path.bytes().all(allowed) && stays(path)
}
