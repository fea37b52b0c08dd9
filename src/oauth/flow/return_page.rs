//! The page that a sign-in returns to, with the frame that waits there. A link can be written by anybody, so it is the
//! browser that proves the page, by the `Referer` of the navigation to the start (RFC 9110 section 10.1.3): the ticket
//! of the sign-in travels to that page, and a page that the link names might pass it on to somebody else.
//!
//! Enters: the request's `bind`, `return` and `referer`, and the account. Leaves: a [`ReturnPage`], or nothing; then the
//! sign-in ends in the campaign on our own origin, held by the flow cookie.

use crate::{
    Code, Error, Result,
    account::{is_plain_path, stays},
    bounds,
    input::Input,
    jose::base64url,
    json::{Object, Value},
    oauth::account::StoredAccount,
    url::split_origin,
};
use alloc::{format, string::String};

/// Where a sign-in returns to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReturnPage {
    /// The hash of the proof that the waiting frame holds; without it, the flow cookie holds the sign-in.
    pub bind: Option<String>,
    /// The index of an origin of the account, and a path there; absent for the campaign on our own origin. Test origins count
    /// from -1 downwards, so that no change of the document makes one of them an origin.
    pub back: Option<(i64, String)>,
    /// Whether the sign-in began on a page of a test origin, or asks for a preview.
    pub preview: bool,
}

impl ReturnPage {
    /// Returns the page that the host says it knows, from a sign-in of this browser before, else the one that the browser
    /// proves; nothing where neither says anything.
    ///
    /// # Errors
    /// Those of [`proved`](Self::proved); `settings_invalid` for a page that no callback returned.
    pub fn of(input: Input<'_>, account: StoredAccount<'_>) -> Result<Option<Self>> {
        let Some(page) = input.get("page") else { return Self::proved(input, account) };
        let wrong = || {
            Error::new(Code::SettingsInvalid).at("/page").expected("{ bind, return, preview } of a callback")
        };
        let page = Input(page.as_object().ok_or_else(wrong)?);
        let back = page.get("return").map(|place| {
            let index = place.pointer("/index").and_then(Value::as_i64);
            index.zip(place.pointer("/path").and_then(Value::as_str).map(String::from)).ok_or_else(wrong)
        });
        let preview = page.get("preview") == Some(&Value::Bool(true));
        Ok(Some(Self { bind: page.text("bind")?.map(String::from), back: back.transpose()?, preview }))
    }

    /// Returns the page that the browser proved, if it proved any. Of a preview there is a page in any case, perhaps one that
    /// nobody returns to.
    ///
    /// # Errors
    /// `query_invalid` for a `bind` that is not the hash of a proof, `return_refused` for a `return` that is not
    /// `index/path` or `index:/path` with an origin of the account.
    pub fn proved(input: Input<'_>, account: StoredAccount<'_>) -> Result<Option<Self>> {
        let requested = read_return(input, account)?;
        let bind = read_bind(input)?;
        let referer = input.text("referer")?;
        let mut tested = account.test_origins().iter().filter_map(Value::as_str);
        let is_tested = tested.any(|origin| referer.is_some_and(|url| path_at(url, origin).is_some()));
        let preview = is_tested || input.get("preview") == Some(&Value::Bool(true));
        let nowhere = preview.then_some(Self { bind: None, back: None, preview });
        let Some(referer) = referer.filter(|_| bind.is_some() || requested.is_some()) else {
            return Ok(nowhere);
        };
        let page = |back| Self { bind: bind.map(String::from), back, preview };
        if let Some(path) = path_at(referer, split_origin(input.required_text("redirectUri")?).0) {
            let campaigns = format!("/campaign/{}/", account.name()?);
            let campaign = bare(path).strip_prefix(&campaigns);
            let is_one = campaign.is_some_and(|id| !id.is_empty() && !id.contains(['/', '.', '%']));
            return Ok(if is_one { Some(page(None)) } else { nowhere });
        }
        let tested = account.test_origins().iter().zip((i64::MIN..0).rev());
        let origins = account.origins().iter().zip(0_i64..).chain(tested);
        let mut origins = origins.filter_map(|(origin, index)| Some((origin.as_str()?, index)));
        let Some((path, index)) =
            origins.find_map(|(origin, index)| Some((path_at(referer, origin)?, index)))
        else {
            return Ok(nowhere);
        };
        // Some browsers shorten the Referer to its origin. Then the request may say which of the account's own
        // return paths it is.
        let requested = requested.filter(|(of, _)| *of == index).map(|(_, path)| path);
        let path = match requested {
            // The root page itself: nobody chooses where it leads to.
            Some("/") if path == "/" => Some(path),
            _ if path == "/" => requested.and_then(|asked| listed(account, asked)),
            _ => Some(path).filter(|path| is_whole_path(path)),
        };
        Ok(path.map_or(nowhere, |path| Some(page(Some((index, path.into()))))))
    }
}

/// Returns where a sign-in comes back to: `{ index, path }` of an origin of the account, or `null`.
pub fn to_json(back: Option<&(i64, String)>) -> Value {
    back.map_or(Value::Null, |(index, path)| {
        let mut out = Object::new();
        out.set("index", *index);
        out.set("path", path.as_str());
        out.into()
    })
}

/// Returns the page that a sign-in would return to, for a host that has to lead a person back before a state was sealed:
/// `{ bind, return, preview? }`, or `null`. Input: `{ account, bind?, return?, referer?, preview?, redirectUri }`.
///
/// # Errors
/// `query_invalid` for a `bind` that is not the hash of a proof, `return_refused` for a `return` that is not `index/path`
/// or `index:/path` with an origin of the account.
pub fn return_page(input: &Object) -> Result<Value> {
    let input = Input(input);
    let page = ReturnPage::proved(input, input.account()?)?;
    Ok(page.map_or(Value::Null, |page| {
        let mut out = Object::new();
        out.set("bind", page.bind.map_or(Value::Null, Value::from));
        out.set("return", to_json(page.back.as_ref()));
        out.set_some("preview", page.preview.then_some(true));
        out.into()
    }))
}

/// The path and query of a URL at that origin. Browsers write both as the document and our settings do (RFC 6454).
fn path_at<'a>(url: &'a str, origin: &str) -> Option<&'a str> {
    match url.strip_prefix(origin)? {
        "" => Some("/"),
        path if path.starts_with('/') => Some(path.split('#').next().unwrap_or(path)),
        _ => None,
    }
}

/// Returns whether this is the path and query of a page as a browser writes them. It is kept whole or not at all: without
/// the end of its query, a page that redirects may lead elsewhere.
fn is_whole_path(path: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_graphic() && !b"\"<>\\#".contains(&byte);
    path.len() <= bounds::PAGE_CHARACTERS && path.bytes().all(allowed) && stays(bare(path))
}

/// The path without its query.
fn bare(path: &str) -> &str {
    path.split('?').next().unwrap_or(path)
}

/// The path if the account lists it, with its query or without.
fn listed<'a>(account: StoredAccount<'_>, path: &'a str) -> Option<&'a str> {
    let lists = |path: &str| account.return_paths().iter().any(|known| known.as_str() == Some(path));
    [path, bare(path)].into_iter().find(|path| lists(path))
}

/// Reads the hash of the frame's proof: base64url of 32 bytes.
fn read_bind(input: Input<'_>) -> Result<Option<&str>> {
    let Some(bind) = input.text("bind")? else { return Ok(None) };
    match base64url::decode(bind) {
        Ok(bytes) if bytes.len() == 32 => Ok(Some(bind)),
        _ => Err(Error::new(Code::QueryInvalid).at("bind").expected("32 bytes in base64url")),
    }
}

/// Reads `index/path` or `index:/path`: an origin of the account by its index, and a path.
fn read_return<'a>(input: Input<'a>, account: StoredAccount<'_>) -> Result<Option<(i64, &'a str)>> {
    let Some(text) = input.text("return")? else { return Ok(None) };
    let wrong = || Error::new(Code::ReturnRefused).at("return");
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let (index, path) = text.split_at_checked(digits).ok_or_else(wrong)?;
    let path = path.strip_prefix(':').unwrap_or(path);
    let path = if path.is_empty() { "/" } else { path };
    // It counts only where the account lists it, so an odd query may fall away.
    let plain = [path, bare(path)].into_iter().find(|path| is_plain_path(path));
    let path = plain
        .ok_or_else(|| wrong().expected("a path of at most 200 characters that starts with one slash"))?;
    let index: usize = index.parse().map_err(|_| wrong().expected("the index of an origin"))?;
    // The page that asks knows one list, the test origins behind the others.
    let tested = (i64::MIN..0).rev().take(account.test_origins().len());
    let place = (0_i64..).take(account.origins().len()).chain(tested).nth(index);
    let place = place.ok_or_else(|| wrong().expected("the index of an origin of the account"))?;
    Ok(Some((place, path)))
}
