//! Handstamp signs people into campaigns at the edge. It verifies secure tokens, runs the OAuth2/OpenID callback,
//! prefills the form, and says exactly why when it refuses.
//!
//! The crate is `no_std` with `alloc`. It has no clock, no randomness and no I/O: the time, random bytes and counts are
//! arguments, and a request that somebody must send is returned as data. It never panics, and `unsafe` is forbidden.
//!
//! # Which function does it
//!
//! | task | start at |
//! |---|---|
//! | Admit the bearer of a secure token to a campaign | [`secure_token::admit`] |
//! | Verify a token without a campaign | [`secure_token::verify`]; [`secure_token::Verification`] for signatures alone |
//! | Find out why a token is refused | [`explain::explain`] |
//! | Take a token apart without a key | [`explain::inspect`] |
//! | Sign a person in at an identity provider | [`oauth::start`], [`oauth::callback`], [`oauth::redeem`] |
//! | Decide by a limit | [`participation::decide`] |
//! | Map a profile onto a form | [`profile::map_profile`] |
//! | Check the submitted values of a form | [`profile::Fields::check`] |
//! | Issue and open the sealed proof of an admission | [`pass::Pass`] |
//! | Issue the pass of a preview | [`preview::issue`] |
//! | Seal a value for one purpose and account | [`seal::seal`], [`seal::open`] |
//! | Check an account document | [`account::Account`] |
//! | Rotate keys without refusing anybody | [`rotation`], [`account::key_turn`] |
//! | Keep a fetched key set fresh | [`freshness::next`] |
//! | Verify any compact token (RFC 7515) | [`jose::jws`] |
//! | Sign one with a shared secret, HS256 to HS512 | [`jose::jws::sign_hmac`] |
//! | Decrypt or encrypt any compact token (RFC 7516) | [`jose::jwe`] |
//! | Read keys and key sets (RFC 7517) | [`jose::key`] |
//! | Read JSON strictly (RFC 8259) | [`json::Value::parse`] |
//!
//! This crate does not sign with a private key (RS, PS, ES, EdDSA): campaigns verify, and an RSA private key would be used in time that
//! depends on it (RUSTSEC-2023-0071). The command line signs with every algorithm (`handstamp token sign`), and so does the npm
//! package, by WebCrypto (`signCompact`).
//!
//! # A good token and a refused one
//!
//! ```
//! use handstamp::{
//!     Code,
//!     jose::{Signature, jws, key::Key},
//!     json::Object,
//!     participation::Decision,
//!     secure_token::{self, AdmitOptions, Settings},
//!     time::UnixTime,
//! };
//!
//! let settings = Settings::parse(br#"{ "verify": {
//!     "method": "symmetricKey", "alg": "HS256", "encoding": "utf8", "key": "32 bytes, known to the two sides" } }"#)?;
//!
//! // The customer's side: the token is for one person and one campaign, and expires.
//! let key = Key::from_secret(b"32 bytes, known to the two sides", Signature::HS256, false)?;
//! let claims = br#"{ "sub": "1234", "campaignId": "100001", "exp": 1800000300, "form": { "firstname": "An" } }"#;
//! let token = jws::sign_hmac(&Object::new(), claims, &key)?;
//!
//! // Our side: the campaign that is being opened, and the time.
//! let options = AdmitOptions::new("100001", UnixTime(1_800_000_000));
//! let admission = secure_token::admit(&settings, &token, &options)?;
//! assert_eq!((admission.subject.as_str(), admission.decision), ("1234", Decision::Allowed));
//! assert_eq!(admission.prefill.form.get("firstname").and_then(|value| value.as_str()), Some("An"));
//!
//! // Six minutes later the same token is refused: a code for programs, a reason for the visitor, and the place.
//! let late = AdmitOptions::new("100001", UnixTime(1_800_000_361));
//! let refusal = secure_token::admit(&settings, &token, &late).unwrap_err();
//! assert_eq!(refusal.code(), Code::TokenExpired);
//! assert_eq!(refusal.public().as_str(), "token_expired");
//! assert_eq!(refusal.detail().and_then(|detail| detail.at.as_deref()), Some("/exp"));
//! # Ok::<(), handstamp::Error>(())
//! ```
//!
//! # Errors
//!
//! Every function that can refuse returns an [`Error`]: a stable [`Code`] with the catalogue's sentence, the remedy and
//! the one who can apply it; where it helps, also the place, the expected and the found. [`Public`] is the reason that a
//! visitor may see. A [`Warning`], in an [`error::Remark`], tells of a fault that was accepted but should be put right.
//! Neither an error nor a `Debug` output holds a token, a secret or a claim's value.
//!
//! # Features
//!
//! | feature | default | adds |
//! |---|---|---|
//! | `p384` | yes | ES384, and ECDH-ES on P-384, computed here; without it they are left to the host |
//! | `p521` | yes | ES512, and ECDH-ES on P-521, computed here; without it they are left to the host |
//! | `variable-time` | yes | faster verification by ES256, RS and PS, in variable time, on public data only |
//! | `whole` | yes | everything but verification by HS, RS and ES256: further algorithms, encryption, words in errors |
//! | `interop` | yes | keys, key sets and headers to and from the types of `jose-jwk` and `jose-jws` |
//! | `serde` | yes | [`json::Value`] and settings as parts of other types, claims as a type of one's own |
//! | `rsa` | no | RS and PS by the crate `rsa`, needed where `variable-time` is off |
//! | `std` | no | [`time::UnixTime`] from `std::time::SystemTime` |
//! | `wasm` | no | the boundary to JavaScript behind the npm package; needs `std` |
//! | `accounts` | no | the part of that boundary for account documents, sign-ins, passes and participations |
#![no_std]
#![forbid(unsafe_code)]

extern crate alloc;

// What everything stands on.
#[macro_use]
pub mod error;
pub mod bounds;
pub mod secret;

// The strict reader, time, and the input of a stage.
mod input;
pub mod json;
mod metadata;
pub mod time;
mod url;

// In the order data flows.
pub mod claims;
pub mod freshness;
pub mod jose;
pub mod profile;
pub mod seal;

// Limit and count, what both techniques meet in, and its sealed proof.
pub mod admission;
pub mod participation;
pub mod pass;
pub mod period;
pub mod preview;
pub mod profile_limit;
pub mod rotation;
pub mod secure_token;

// Why not.
pub mod explain;

// Customers as data, and the login at their own server.
pub mod account;
pub mod oauth;

// The boundary to JavaScript.
#[cfg(feature = "wasm")]
pub mod wasm;

#[cfg(doctest)]
mod readme;

pub use error::{Clue, Code, Error, Public, Result, Warning};
