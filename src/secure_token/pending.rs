//! A token that the host decrypts, or whose signature it computes, meanwhile. It is judged as far as it can be, and waits
//! under a number for the host's answer; without one nothing of it ever comes out.

use super::{admit::admit_opened, admit_options::AdmitOptions, settings::Settings};
use crate::{
    Result,
    admission::Admission,
    claims::{
        ValidText,
        standard::{self, Findings},
    },
    jose::{
        header::Header,
        host::Host,
        jwe::Unopened,
        jws::{Place, Unproven},
        nested::{self, Opened, Opening},
    },
    secret::Secret,
    time::UnixTime,
};
use alloc::vec::Vec;

/// Takes a token apart as [`verify_by`](super::verify_by) does; where its content or only its signature is left for the
/// host, it waits for that.
///
/// # Errors
/// As `verify_by`, without those of the claims.
pub fn begin(settings: &Settings, token: &str, host: &mut Host) -> Result<Pending> {
    let begun = nested::begin(token, &settings.decrypt, settings.encryption, &settings.verify, host)?;
    Ok(Pending { begun, findings: None })
}

/// A token that waits: for the host's answer, or only to be asked for what it says.
pub struct Pending {
    begun: Opening,
    /// The result of checking its claims, while the host computes.
    findings: Option<Result<Findings>>,
}

impl Pending {
    /// Returns the signature that the host is to compute; nothing where it is not that.
    pub const fn unproven(&self) -> Option<&Unproven> {
        if let Opening::Unproven(unproven, _) = &self.begun { Some(unproven) } else { None }
    }

    /// Returns the content that the host is to decrypt; nothing where it is not that.
    pub const fn unopened(&self) -> Option<&Unopened> {
        if let Opening::Unopened(unopened) = &self.begun { Some(unopened) } else { None }
    }

    /// Checks whether the signed token came in an encrypted one.
    pub const fn is_inside(&self) -> bool {
        matches!(&self.begun, Opening::Unproven(_, Some(_)))
    }

    /// Checks whether the host is asked for anything; if not, the module has verified the token already.
    pub const fn is_asking(&self) -> bool {
        !matches!(&self.begun, Opening::Opened(_))
    }

    /// Returns the secret that the host is to compute with: it imports it once, and no operation ever holds it. Nothing
    /// where the key is public.
    pub fn secret<'a>(&'a self, settings: &'a Settings) -> Option<&'a Secret> {
        match &self.begun {
            Opening::Unopened(unopened) => unopened.secret(&settings.decrypt),
            Opening::Unproven(unproven, _) => {
                let Place { source, key, .. } = unproven.place();
                settings.verify.get(source)?.known_keys().get(key)?.secret()
            }
            Opening::Opened(_) => None,
        }
    }

    /// Goes on with what the host has decrypted, or where it could not, with the next key; nothing where that was the
    /// last one, or where this cannot be the plaintext: the module then decrypts.
    ///
    /// # Errors
    /// As [`begin`].
    pub fn decrypted(
        self,
        plaintext: Option<Vec<u8>>,
        settings: &Settings,
        host: &mut Host,
    ) -> Result<Option<Self>> {
        let Opening::Unopened(unopened) = self.begun else { return Ok(None) };
        let begun = match plaintext {
            Some(plaintext) => nested::decrypted(unopened, plaintext, &settings.verify, host)?,
            None => unopened.failed().map(Opening::Unopened),
        };
        Ok(begun.map(|begun| Self { begun, findings: None }))
    }

    /// Judges its claims for the time that it is; what that comes to is told with the answer.
    pub fn judge(&mut self, settings: &Settings, now: UnixTime) {
        if let Opening::Unproven(unproven, _) = &self.begun {
            let (header, payload) = unproven.said();
            self.findings = Some(standard::judge(header, payload, &settings.policy, now));
        }
    }

    /// Works as [`verify_by`](super::verify_by), with the host's answer if it was asked; nothing where another key may
    /// still vouch for the token. Beside it whether it came encrypted.
    ///
    /// # Errors
    /// As `verify_by`.
    pub fn verify(
        self,
        good: bool,
        settings: &Settings,
        now: UnixTime,
    ) -> Result<Option<(Header, ValidText, bool)>> {
        let Self { begun, findings } = self;
        let Some(Opened { verified, encrypted }) = opened(begun, good)? else { return Ok(None) };
        let judge = || standard::judge(verified.header(), verified.payload(), &settings.policy, now);
        let findings = findings.unwrap_or_else(judge)?;
        Ok(Some((verified.header().clone(), standard::confirm(verified, findings), encrypted)))
    }

    /// Works as [`admit_by`](super::admit_by), with the host's answer if it was asked; nothing where another key may
    /// still vouch for the token.
    ///
    /// # Errors
    /// As `admit_by`.
    pub fn admit(
        self,
        good: bool,
        settings: &Settings,
        options: &AdmitOptions<'_>,
    ) -> Result<Option<Admission>> {
        let Some(opened) = opened(self.begun, good)? else { return Ok(None) };
        admit_opened(settings, opened, options).map(Some)
    }

    /// How many bytes of it are kept.
    pub(super) fn held_bytes(&self) -> usize {
        match &self.begun {
            Opening::Opened(Opened { verified, .. }) => {
                verified.signing_input().len().saturating_add(verified.payload().len())
            }
            Opening::Unproven(unproven, _) => unproven.held_bytes(),
            Opening::Unopened(unopened) => unopened.held_bytes(),
        }
    }
}

fn opened(begun: Opening, good: bool) -> Result<Option<Opened>> {
    match begun {
        Opening::Opened(opened) => Ok(Some(opened)),
        Opening::Unproven(unproven, outer) => nested::answered(unproven, outer.as_ref(), good),
        // What is not decrypted has no signature to answer for.
        Opening::Unopened(_) => Ok(None),
    }
}
