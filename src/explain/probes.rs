//! Why a signature does not match, found by trying what people get wrong. A probe that succeeds explains; it never
//! accepts: nothing here leads to a [`Verified`](crate::jose::jws::Verified).

use super::{
    budget::Budget,
    der,
    report::{Evidence, Report, Status},
    secrets::readings,
    signatures::{self, TextForm},
};
use crate::{
    Clue, Code, Error,
    jose::{
        algorithm::{
            Signature,
            material::{Kind, Material},
            rsa::Otherwise,
        },
        compact::{Compact, Form},
        host::Host,
        key::{Key, KeySource, KeyStatus, Signed},
    },
    secret::Secret,
};
use alloc::{format, string::String, vec::Vec};

const NAME: &str = "probes";

/// One signed token that was refused, and what may be tried.
pub(super) struct Probes<'a> {
    pub(super) sources: &'a [KeySource],
    pub(super) token: &'a Compact<'a>,
    pub(super) host: &'a Host,
    pub(super) budget: &'a mut Budget,
}

impl<'a> Probes<'a> {
    /// Tries, and reports what was found; nothing where the fault is none of signature or key.
    pub(super) async fn run(mut self, fault: &Error, report: &mut Report) {
        let wrong = fault.code() == Code::SignatureInvalid;
        let choice = matches!(
            fault.code(),
            Code::KidMissing | Code::KidUnknown | Code::KidAmbiguous | Code::AlgNotAllowed
        );
        let token = self.token;
        let (Form::Jws { signing_input, signature, .. }, Some(alg)) = (&token.form, token.header.signature())
        else {
            return;
        };
        // Of a token without its payload, the shape says so.
        if (!wrong && !choice) || signing_input.ends_with('.') {
            return;
        }
        let signed = Signed { alg, message: signing_input.as_bytes(), signature };
        let mut found = self.form(signed).await.filter(|_| wrong);
        if found.is_none() {
            found = self.other_key(signed).await;
        }
        if found.is_none() && wrong {
            found = self.other_row(signed);
        }
        if found.is_none() && wrong {
            found = self.turned(signed).await;
        }
        let mut found = found.or_else(|| if alg.is_symmetric() { self.secret(signed) } else { None });
        if found.is_none() && wrong {
            found = self.other_text(signed).await;
        }
        let found = found.or_else(|| wrong.then(|| self.mismatch(signed)));
        // With the wrong kid the key is known, but the refusal names the cause already.
        let beside = found.as_ref().is_some_and(|found| found.clue == Clue::SignedWithOtherKey) && !wrong;
        match found {
            Some(found) => {
                report.clue(NAME, if beside { Status::Warn } else { Status::Fail }, "signature", found)
            }
            None => report.skip(NAME, "signature"),
        }
    }

    /// The length of the signature says that it was cut, or that it is in another form.
    async fn form(&mut self, signed: Signed<'_>) -> Option<Evidence> {
        let Signed { alg, signature, .. } = signed;
        let modulus = |(_, key): &(&KeySource, &Key)| match key.material() {
            Material::Rsa(key) => Some(key.modulus().len()),
            _ => None,
        };
        let expected = match alg.name() {
            "ES256" | "EdDSA" => Some(64),
            "ES384" => Some(96),
            "ES512" => Some(132),
            name if name.starts_with("HS") => Some(alg.hash_bytes()),
            _ => self.keys(alg).iter().find_map(modulus),
        }?;
        let found = |clue, got: String| {
            Some(Evidence::new(clue).expected(format!("{expected} bytes for {}", alg.name())).got(got))
        };
        let length = signature.len();
        if alg.name().starts_with("ES")
            && length != expected
            && let Some(fixed) = der::to_fixed(signature, expected / 2)
        {
            let right = Signed { signature: &fixed, ..signed };
            let good = self.matching(self.keys(alg), right).await.is_some();
            let but = if good {
                "which matches once it is in the right form"
            } else {
                "which does not match either"
            };
            return found(Clue::SignatureDer, format!("{length} bytes in DER, {but}"));
        }
        if length == expected {
            return None;
        }
        let is_ec = alg.name().starts_with("ES");
        let in_der = |bytes: &[u8]| if is_ec { der::to_fixed(bytes, expected / 2) } else { None };
        if let Some(TextForm { words, bytes }) = signatures::as_text(signature, expected, in_der) {
            let right = Signed { signature: &bytes, ..signed };
            let good = self.matching(self.keys(alg), right).await.is_some();
            let but = if good { "it matches once it is decoded" } else { "it does not match either" };
            return found(Clue::SignatureEncoded, format!("{length} bytes, {words}; {but}"));
        }
        if is_ec {
            for bytes in signatures::padded(signature, expected) {
                let right = Signed { signature: &bytes, ..signed };
                if self.matching(self.keys(alg), right).await.is_some() {
                    return found(
                        Clue::SignatureUnpadded,
                        format!("{length} bytes, which match once they are padded"),
                    );
                }
            }
        }
        if let Some(other) = self.other_row(signed) {
            return Some(other);
        }
        let kind = match alg.kind() {
            Kind::Rsa => "RSA",
            Kind::Secret => "HMAC",
            _ if is_ec => "EC",
            _ => "",
        };
        if kind == "HMAC" && length == 20 {
            return found(Clue::SignatureHash, "20 bytes, the length of HMAC with SHA-1".into());
        }
        match signatures::maker_of(kind, length) {
            Some(maker) => found(Clue::SignatureLength, format!("{length} bytes, {maker}")),
            None if length > expected => found(Clue::SignatureLength, format!("{length} bytes")),
            None => found(Clue::TokenTruncated, format!("{length} bytes")),
        }
    }

    /// The same key with another algorithm than the header says, computed here: RSA and HMAC serve several.
    fn other_row(&mut self, signed: Signed<'_>) -> Option<Evidence> {
        let Signed { alg, message, signature } = signed;
        let ec = |(_, key): &(&KeySource, &Key)| match key.material() {
            Material::Ec(key) => key.made_with(message, signature),
            _ => None,
        };
        if !matches!(alg.kind(), Kind::Rsa | Kind::Secret) {
            let hash = if self.budget.spend(2) { self.keys(alg).iter().find_map(ec) } else { None }?;
            return Some(
                Evidence::new(Clue::SignatureHash).expected(alg.name()).got(format!("ECDSA with {hash}")),
            );
        }
        let rows = || Signature::ALL.iter().filter(|row| row.kind() == alg.kind() && **row != alg);
        for (_, key) in self.keys(alg) {
            for row in rows() {
                // The length of an HMAC is that of its hash: no other needs a try.
                let fits = alg.kind() == Kind::Rsa || signature.len() == row.hash_bytes();
                if fits && self.budget.spend(1) && row.verify(key.material(), message, signature) {
                    let found = Evidence::new(Clue::SignatureOtherAlgorithm).expected(alg.name());
                    return Some(found.got(row.name()));
                }
            }
            let Material::Rsa(rsa) = key.material() else { continue };
            if !self.budget.spend(1) {
                break;
            }
            match rsa.made_otherwise(message, signature) {
                Some(Otherwise::Salt(hash, bytes)) => {
                    let found = Evidence::new(Clue::SignatureSalt);
                    let expected = format!("a salt of {} bytes for {}", alg.hash_bytes(), alg.name());
                    return Some(
                        found.expected(expected).got(format!("PSS with {hash} and a salt of {bytes} bytes")),
                    );
                }
                Some(Otherwise::Hash(hash)) => {
                    let found = Evidence::new(Clue::SignatureHash).expected(alg.name());
                    return Some(found.got(format!("PKCS #1 v1.5 with {hash}")));
                }
                Some(Otherwise::Message) => {
                    let texts = signatures::texts(message, alg.hash_bytes());
                    let is_of = |(_, text): &&(_, Vec<u8>)| {
                        self.budget.spend(1) && alg.verify(key.material(), text, signature)
                    };
                    let words = texts.iter().find(is_of).map(|(words, _)| *words);
                    return Some(of_another_text(alg, words.unwrap_or("another text")));
                }
                None => {}
            }
        }
        None
    }

    /// The text that a key signed in place of the signing input. For RSA, the signature itself has told.
    async fn other_text(&mut self, signed: Signed<'_>) -> Option<Evidence> {
        if signed.alg.kind() == Kind::Rsa {
            return None;
        }
        for (words, text) in signatures::texts(signed.message, signed.alg.hash_bytes()) {
            if self.matching(self.keys(signed.alg), Signed { message: &text, ..signed }).await.is_some() {
                return Some(of_another_text(signed.alg, words));
            }
        }
        None
    }

    /// The bytes of a signature, or the halves of one on a curve, in another order.
    async fn turned(&mut self, signed: Signed<'_>) -> Option<Evidence> {
        let bytes = signed.signature.len();
        if signed.alg.kind() == Kind::Rsa {
            let turned = signatures::backwards(signed.signature);
            let right = Signed { signature: &turned, ..signed };
            let found = Evidence::new(Clue::SignatureEncoded).expected("a big-endian number");
            let is_right = self.matching(self.keys(signed.alg), right).await.is_some();
            return is_right.then(|| found.got(format!("{bytes} bytes, in little-endian order")));
        }
        if !signed.alg.name().starts_with("ES") {
            return None;
        }
        for TextForm { words, bytes: turned } in signatures::turned(signed.signature) {
            if self.matching(self.keys(signed.alg), Signed { signature: &turned, ..signed }).await.is_some() {
                let found = Evidence::new(Clue::SignatureEncoded).expected("r, then s, each big-endian");
                return Some(found.got(format!("{bytes} bytes, {words}")));
            }
        }
        None
    }

    /// Another of the configured keys, whatever kid and status say.
    async fn other_key(&mut self, signed: Signed<'_>) -> Option<Evidence> {
        let header = &self.token.header;
        let tried: Vec<*const Key> = self
            .sources
            .iter()
            .filter_map(|source| source.find(header).ok())
            .map(core::ptr::from_ref)
            .collect();
        let mut others = self.keys(signed.alg);
        others.retain(|(_, key)| !tried.contains(&core::ptr::from_ref(*key)));
        let (source, key) = self.matching(others, signed).await?;
        let found = Evidence::new(Clue::SignedWithOtherKey).got(name_of(source, key));
        Some(match header.kid() {
            Some(kid) => found.expected(format!("the key {kid:?}")),
            None => found,
        })
    }

    /// Another reading of a configured secret, or the text of a public key in its place (CVE-2016-10555).
    fn secret(&mut self, signed: Signed<'_>) -> Option<Evidence> {
        let secrets = self.keys(signed.alg).into_iter().filter_map(|(_, key)| key.secret());
        for reading in secrets.flat_map(|secret| readings(secret.expose())) {
            if self.matches_secret(&reading.secret, signed) {
                let expected = format!("the configured secret of {} bytes", self.secret_bytes(signed.alg));
                let got = format!("the secret {}, of {} bytes", reading.words, reading.secret.len());
                return Some(Evidence::new(reading.clue).expected(expected).got(got));
            }
        }
        for unset in [&b""[..], b"undefined"] {
            if self.matches_secret(&Secret::new(unset), signed) {
                let got = if unset.is_empty() { "an empty secret" } else { "the word undefined" };
                return Some(Evidence::new(Clue::SecretUnset).expected("the configured secret").got(got));
            }
        }
        for text in self.sources.iter().filter_map(KeySource::pem) {
            let line = format!("{}\n", text.trim_end());
            for reading in [text, text.trim_end(), &line] {
                if self.matches_secret(&Secret::new(reading.as_bytes()), signed) {
                    let found = Evidence::new(Clue::HmacWithPublicKey).got(signed.alg.name());
                    return Some(found.expected("a signature with the private key"));
                }
            }
        }
        None
    }

    /// Nothing fits: what can be said is which key was expected.
    fn mismatch(&self, signed: Signed<'_>) -> Evidence {
        let bytes = format!("a signature of {} bytes", signed.signature.len());
        if signed.alg.is_symmetric() {
            let expected = format!("the configured secret of {} bytes", self.secret_bytes(signed.alg));
            return Evidence::new(Clue::SecretMismatch)
                .expected(expected)
                .got("a different secret, or a changed token");
        }
        let keys = self.keys(signed.alg);
        let kind = keys.first().map(|(_, key)| match key.material() {
            Material::Rsa(key) => format!("an RSA key of {} bits", key.modulus().len().saturating_mul(8)),
            other => other.kind().as_str().into(),
        });
        Evidence { expected: kind, ..Evidence::new(Clue::PublicKeyMismatch) }.got(bytes)
    }

    /// The keys that are there for an algorithm.
    fn keys(&self, alg: Signature) -> Vec<(&'a KeySource, &'a Key)> {
        let of = |source: &'a KeySource| source.known_keys().iter().map(move |key| (source, key));
        self.sources.iter().flat_map(of).filter(|(_, key)| key.serves(alg)).collect()
    }

    fn secret_bytes(&self, alg: Signature) -> usize {
        self.keys(alg).iter().find_map(|(_, key)| key.secret()).map_or(0, Secret::len)
    }

    /// The first of some keys that verifies.
    async fn matching(
        &mut self,
        keys: Vec<(&'a KeySource, &'a Key)>,
        signed: Signed<'_>,
    ) -> Option<(&'a KeySource, &'a Key)> {
        for (source, key) in keys {
            if self.budget.spend(1) && key.verifying(signed, None, self.host).await.is_ok() {
                return Some((source, key));
            }
        }
        None
    }

    fn matches_secret(&mut self, secret: &Secret, signed: Signed<'_>) -> bool {
        let material = Material::Secret(secret.clone());
        self.budget.spend(1) && signed.alg.verify(&material, signed.message, signed.signature)
    }
}

fn of_another_text(alg: Signature, text: &str) -> Evidence {
    let got = format!("a signature by this key for {}, of {text}", alg.name());
    Evidence::new(Clue::SignedTextChanged).expected("the text that was signed").got(got)
}

/// A key by its kid or its place in the settings.
fn name_of(source: &KeySource, key: &Key) -> String {
    let revoked = if source.status() == KeyStatus::Revoked { ", which is revoked" } else { "" };
    match key.kid() {
        Some(kid) => format!("the key {kid:?}{revoked}"),
        None => format!("the key at {}{revoked}", source.place()),
    }
}
