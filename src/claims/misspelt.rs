//! Names that are almost those of the claims that are read: a member that is not read was probably meant as one, and
//! nothing else would say so. Other names are the customer's own.

use crate::{
    Warning,
    error::Remark,
    json::{
        Object, Value,
        members::{nearest, pointer},
    },
};
use alloc::vec::Vec;

/// The claims of a token that are read, whatever the settings say.
const READ: [&str; 14] = [
    "sub",
    "campaignId",
    "exp",
    "nbf",
    "iat",
    "iss",
    "aud",
    "jti",
    "limit",
    "gift",
    "form",
    "optin",
    "profile",
    "custom",
];
/// The long names of claims, as options of libraries and other systems have them.
const LONG: [(&str, &[&str]); 7] = [
    ("campaignId", &["cid", "campaignnumber", "campaignkey", "campaigncode"]),
    ("exp", &["expires", "expiry", "expiration", "expirationtime", "expiresat", "expiresin", "validuntil"]),
    ("nbf", &["notbefore", "validfrom"]),
    ("iat", &["issuedat"]),
    ("iss", &["issuer"]),
    ("aud", &["audience"]),
    ("sub", &["subject", "subjectid", "userid", "user", "uid", "participantid", "customerid", "memberid"]),
];
/// The members of a limit, and where they stand.
const OF_LIMIT: [&str; 2] = ["nb", "canPlay"];
const IN_LIMIT: [&str; 2] = ["limit.nb", "limit.canPlay"];

/// Finds the claims whose name is a misspelling of one that is read and that is not there itself. `is_read` says what the
/// settings read besides.
pub(crate) fn claims(claims: &Object, is_read: impl Fn(&str) -> bool) -> Vec<Remark> {
    let unread = claims.iter().filter(|(name, _)| !READ.contains(name));
    let found = unread.filter_map(|(name, _)| {
        // A member of the limit outside of it limits nothing.
        let of_limit = OF_LIMIT.iter().position(|member| member.eq_ignore_ascii_case(name));
        let meant = match of_limit.and_then(|place| IN_LIMIT.get(place)) {
            Some(member) => member,
            None => meant(name, &READ)?,
        };
        let missed = meant.split('.').next().unwrap_or_default();
        let is_missing = !is_read(name) && claims.get(missed).is_none();
        is_missing.then(|| Remark::meaning(Warning::ClaimUnknown, pointer("", name), meant))
    });
    found.collect()
}

/// Finds the claims that stand under the long name of one that is not there itself. The names are the customer's own to use, and
/// say something only where the claim is missed.
pub(crate) fn long_names(claims: &Object) -> Vec<(&str, &'static str)> {
    let of = |name: &str| {
        let plain: alloc::string::String = name.chars().filter(char::is_ascii_alphanumeric).collect();
        LONG.iter()
            .find(|(_, long)| long.iter().any(|long| plain.eq_ignore_ascii_case(long)))
            .map(|(meant, _)| *meant)
    };
    let found = claims.iter().filter_map(|(name, _)| Some((name, of(name)?)));
    found.filter(|(_, meant)| claims.get(meant).is_none()).collect()
}

/// Finds the members of a limit that are not read: each may have been meant to limit something.
pub(crate) fn of_limit(claims: &Object) -> Vec<Remark> {
    let limit = claims.get("limit").and_then(Value::as_object);
    let names = limit.into_iter().flat_map(Object::iter).map(|(name, _)| name);
    let unknown = names.filter(|name| !OF_LIMIT.contains(name));
    let remark = |name| {
        let place = pointer("/limit", name);
        match meant(name, &OF_LIMIT) {
            Some(meant) => Remark::meaning(Warning::LimitMemberUnknown, place, meant),
            None => Remark::at(Warning::LimitMemberUnknown, place),
        }
    };
    unknown.map(remark).collect()
}

/// Returns the name that was probably meant. Two letters more or less make another name (`campaign`), and of three letters
/// one other letter does (`lat`).
fn meant(name: &str, known: &[&'static str]) -> Option<&'static str> {
    let lower = name.to_ascii_lowercase();
    let is_other = |meant: &&str| {
        meant.len() <= 3 && meant.len() == name.len() && !meant.chars().all(|letter| lower.contains(letter))
    };
    // Of names as long alone, as many claims would be many comparisons.
    let alike = known.iter().copied().filter(|meant| meant.len().abs_diff(name.len()) < 2);
    nearest(name, alike).filter(|meant| !is_other(meant))
}
