//! The checks of the token as a text, and of its keys.

use super::{
    budget::Budget,
    probes::Probes,
    report::{Evidence, Report, Status},
    shape,
    trail::{ENCRYPTED, SIGNED, Trail},
    transport::Repaired,
};
use crate::{
    Clue, Code, Error,
    jose::{
        base64url,
        compact::{Compact, Form},
        header::{Algorithm, Header},
        host::Host,
        jws,
        key::KeySource,
        nested::{self, Encryption},
    },
    secure_token::Settings,
};
use alloc::{format, vec::Vec};

/// A token's claims as far as they may be shown, and its type.
pub(super) struct Readable {
    /// The claims as they came.
    pub(super) payload: Vec<u8>,
    /// `None` where the header could not be read.
    pub(super) header: Option<Header>,
    /// Whether the token came encrypted.
    pub(super) encrypted: bool,
}

/// Checks the token up to its signature. Returns the content: of a readable token always, of an encrypted one only if
/// every check passes.
pub(super) async fn check(
    settings: &Settings,
    token: &Repaired,
    host: &Host,
    report: &mut Report,
) -> Option<Readable> {
    let text = token.text.as_str();
    let parts = text.split('.').count();
    let encrypted = parts == 5;
    let policy = match (encrypted, settings.encryption) {
        (true, Encryption::Off) => Some(Error::new(Code::EncryptionUnexpected)),
        (false, Encryption::Require) => Some(Error::new(Code::EncryptionRequired)),
        _ => None,
    };
    let mut budget = Budget::new();
    let mut compact = Compact::parse(text);
    // Whatever the policy says, the other checks are made as far as there are keys for them.
    let outcome = match &mut compact {
        Err(fault) => Err(fault.clone()),
        Ok(_) if encrypted => {
            budget.spend(settings.decrypt.len().saturating_add(settings.verify.len()));
            let opened = nested::opening(text, &settings.decrypt, Encryption::Accept, &settings.verify, host);
            opened.await.map(|opened| opened.verified)
        }
        Ok(compact) => {
            budget.spend(settings.verify.len());
            let outcome = jws::verifying(compact.clone(), &settings.verify, host).await;
            match signed_as_sent(compact, token) {
                // In the other alphabet, the issuer has signed the text in that alphabet.
                true if outcome.is_err() && budget.spend(settings.verify.len()) => {
                    jws::verifying(compact.clone(), &settings.verify, host).await
                }
                _ => outcome,
            }
        }
    };
    // A key set that was fetched and cannot be used is the cause, not that there is none.
    let is_source = |source: &&KeySource| {
        let fault = outcome.as_ref().err().filter(|fault| fault.code() == Code::KeySetNotLoaded);
        let place = fault.and_then(Error::detail).and_then(|detail| detail.at.as_deref());
        place.is_some_and(|place| place.trim_start_matches("inner ") == source.place())
    };
    let unusable = settings.verify.iter().find(is_source).and_then(KeySource::install_fault);
    let outcome = outcome.map_err(|fault| unusable.cloned().unwrap_or(fault));
    let header = compact.as_ref().ok().map(|compact| compact.header.clone());
    let steps: &[_] = if encrypted { &ENCRYPTED } else { &SIGNED };
    let is_published = unusable.is_some();
    Trail { steps, token, parts, header: header.as_ref(), policy: policy.as_ref(), is_published }
        .report(&outcome, report);
    if let (Err(fault), Ok(compact)) = (&outcome, &compact) {
        match &compact.form {
            Form::Jwe { iv, tag, .. } => lengths(&compact.header, iv, tag, fault, report),
            Form::Jws { .. } => {
                let sources = &settings.verify;
                Probes { sources, token: compact, host, budget: &mut budget }.run(fault, report).await;
            }
        }
    }
    if outcome.is_err() {
        shape::check(token, header.as_ref(), report);
    }
    match outcome {
        Ok(verified) => {
            let header = Some(verified.header().clone());
            Some(Readable { payload: verified.payload().to_vec(), header, encrypted })
        }
        // Only a signed token of three parts has claims that anybody can read.
        Err(_) if parts == 3 => {
            let payload = base64url::decode(text.split('.').nth(1)?).ok()?;
            Some(Readable { payload, header, encrypted })
        }
        Err(_) => None,
    }
}

/// Puts what was sent in the place of what the signature is verified over, where the two differ.
fn signed_as_sent<'a>(compact: &mut Compact<'a>, token: &'a Repaired) -> bool {
    let (Form::Jws { signing_input, .. }, Some((sent, _))) =
        (&mut compact.form, token.signed.rsplit_once('.'))
    else {
        return false;
    };
    let differs = *signing_input != sent;
    *signing_input = sent;
    differs
}

/// The lengths of an encrypted token that was not decrypted, which everybody can see.
fn lengths(header: &Header, iv: &[u8], tag: &[u8], fault: &Error, report: &mut Report) {
    let Algorithm::Encryption(_, content) = header.algorithm() else { return };
    if fault.code() != Code::DecryptionFailed {
        return;
    }
    let (iv_bytes, tag_bytes) = content.iv_and_tag_bytes();
    let of_tag = match tag.len() {
        0 => Clue::TagInCiphertext,
        bytes if bytes > tag_bytes => Clue::TagLength,
        _ => Clue::TokenTruncated,
    };
    for (clue, path, bytes, got) in
        [(Clue::IvLength, "iv", iv_bytes, iv.len()), (of_tag, "tag", tag_bytes, tag.len())]
    {
        if got == bytes {
            continue;
        }
        let found = Evidence::new(clue).expected(format!("{bytes} bytes for {}", content.name()));
        report.clue(path, Status::Fail, path, found.got(format!("{got} bytes")));
    }
}
