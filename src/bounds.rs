//! Every cap and default, each with its reason. Each is tested at the limit and one past it.

/// Longest token, bytes: real tokens stay below 4 KiB, addresses carry 8 to 16 KiB.
pub const TOKEN_BYTES: usize = 16 * 1024;
/// Longest token that every browser, server and mail program carries in an address, characters: 2,000 of the whole
/// address is what the oldest of them take. A longer one is only remarked.
pub const ADDRESS_CHARACTERS: usize = 1_800;
/// Longest decoded header, bytes: alg, kid, typ and a little; certificates do not belong there.
pub const HEADER_BYTES: usize = 2 * 1024;
/// Deepest nesting of a JSON text: the deepest documented claim is at 3.
pub const JSON_DEPTH: usize = 16;
/// Most members of one JSON object, and most elements of one array.
pub const JSON_MEMBERS: usize = 256;
/// Longest JSON number, characters: more digits than a double can hold say nothing.
pub const JSON_NUMBER_CHARACTERS: usize = 64;
/// Largest key set, bytes.
pub const KEY_SET_BYTES: usize = 64 * 1024;
/// Most keys of a key set.
pub const KEY_SET_KEYS: usize = 100;
/// Most key sources of one verifier: enough to rotate.
pub const KEY_SOURCES: usize = 8;
/// Most values of `issuer` or `audience`: one of them must fit.
pub const ACCEPTED_VALUES: usize = 8;
/// Longest kid, characters.
pub const KID_CHARACTERS: usize = 256;
/// Longest subject, characters.
pub const SUBJECT_CHARACTERS: usize = 256;
/// Longest prefilled value, characters.
pub const VALUE_CHARACTERS: usize = 1024;
/// Longest information about a party of a key agreement (`apu`, `apv`), bytes: names and nonces are shorter.
pub const PARTY_INFO_BYTES: usize = 512;
/// Smallest and largest RSA modulus, bits: below is too weak (RFC 7518 section 3.3), above too slow.
pub const RSA_BITS: core::ops::RangeInclusive<usize> = 2048..=4096;
/// Smallest HMAC secret with `allowShortSecret`, bytes.
pub const SHORT_SECRET_BYTES: usize = 16;
/// Default leeway for times in tokens, seconds: ordinary clock differences.
pub const LEEWAY_SECONDS: u32 = 60;
/// Largest leeway, seconds: more would hide a wrong clock.
pub const LEEWAY_SECONDS_MAX: u32 = 300;
/// Time that a customer's server may take to answer, seconds: default, and the most that an account may choose.
pub const TIMEOUT_SECONDS: u32 = 3;
/// Longest time that a customer's server may take to answer, seconds: a person waits for it.
pub const TIMEOUT_SECONDS_MAX: u32 = 10;
/// A time above this is in milliseconds (it would be the year 5138 in seconds).
pub const MILLISECONDS_ABOVE: f64 = 1e11;
/// Longest sealed state, characters: some identity providers refuse longer addresses.
pub const STATE_CHARACTERS: usize = 512;
/// Life of a state, minutes: default, and the range an account may choose from.
pub const STATE_MINUTES: u32 = 30;
/// Shortest and longest life of a state, minutes.
pub const STATE_MINUTES_RANGE: core::ops::RangeInclusive<u32> = 10..=60;
/// Time for which the flow cookie goes on after a code, and the answer is kept, seconds: the callback may come twice, by a double
/// click or a tab that is restored, and the second time leads to the same outcome.
pub const ANSWER_SECONDS: i64 = 120;
/// Life of a pass, seconds: long enough to finish a campaign, judged at load whatever the token's expiry.
pub const PASS_SECONDS: i64 = 2 * 60 * 60;
/// Life of a preview's pass, seconds: a day, for those whom a manager shows a campaign.
pub const PREVIEW_SECONDS: i64 = 24 * 60 * 60;
/// Shortest and longest life of a preview's pass, seconds: the longest is as long as a campaign is prepared.
pub const PREVIEW_SECONDS_RANGE: core::ops::RangeInclusive<i64> = 60..=30 * 24 * 60 * 60;
/// Largest claims of a preview, bytes: its pass travels in a link.
pub const PREVIEW_CLAIMS_BYTES: usize = 2 * 1024;
/// Longest metadata and answer to a pushed request, bytes.
pub const RESPONSE_BYTES: usize = 64 * 1024;
/// Time after the end of a campaign in which a play that was begun before may be finished, seconds: as long as a form and a
/// sign-in take somebody who is slow, and short enough that no draw waits for it.
pub const CLOSING_SECONDS: i64 = 15 * 60;
/// Longest answer of a profile, userinfo or token endpoint, bytes: some people have hundreds of groups, or a picture in
/// their profile.
pub const PROFILE_BYTES: usize = 512 * 1024;
/// Longest code, characters.
pub const CODE_CHARACTERS: usize = 4096;
/// Longest path that an account lists for returns, characters.
pub const RETURN_PATH_CHARACTERS: usize = 200;
/// Longest path and query of a page that a sign-in returns to, characters: a cookie that holds it stays below 4 KiB.
pub const PAGE_CHARACTERS: usize = 1_500;
/// Time until every machine has a new version of a document, seconds: copies are nine seconds old at most.
pub const DOCUMENT_SPREAD_SECONDS: i64 = 15;
/// Time before the end of a certificate at which it is warned of, seconds: a team needs weeks to replace a key.
pub const CERTIFICATE_SECONDS: i64 = 30 * 24 * 60 * 60;
/// Age of a secret at which it is warned of, seconds: a secret is replaced once a year.
pub const SECRET_SECONDS: i64 = 365 * 24 * 60 * 60;
/// Time for which the last good copy of a key set or of metadata serves when its server fails, seconds.
pub const KEY_SET_STALE_SECONDS: i64 = 24 * 60 * 60;
/// Time without an answer after which a key set is warned of, seconds: longer than two hourly looks, and 22 hours before
/// the last copy stops serving.
pub const KEY_SET_SILENT_SECONDS: i64 = 2 * 60 * 60;
/// Time for which a key that has left its set is warned of, seconds: tokens of a day ago may still be on their way.
pub const KEY_SET_SEEN_SECONDS: i64 = 24 * 60 * 60;
/// Time that an issuer's clock may be ahead before it is warned of, seconds: clocks that are kept right differ by less.
pub const CLOCK_AHEAD_SECONDS: i64 = 5;
