//! Verifies a token with a key set that is fetched by `ureq`, as any web server may do it:
//!
//! ```sh
//! cargo run --features std --example verify_with_jwks -- https://www.customer.example/jwks.json com.customer < token.txt
//! ```

use handstamp::{
    claims::standard::Policy,
    jose::key::KeySource,
    secure_token::{Settings, verify},
    time::UnixTime,
};
use serde::Deserialize;
use std::{error::Error, io::Read as _, time::SystemTime};

/// The claims that this program needs; every other claim is ignored.
#[derive(Debug, Deserialize)]
pub struct Visitor {
    /// The person.
    pub sub: String,
    /// Their e-mail address, if the token has one.
    pub email: Option<String>,
}

/// Prepares the settings once, at the start of the program: they hold the key set.
pub fn settings(url: &str, issuer: &str) -> Result<Settings, Box<dyn Error>> {
    let policy = Policy { issuer: vec![issuer.into()], ..Policy::default() };
    let mut settings =
        Settings::builder().verify(KeySource::fetched_from(url, None)?).policy(policy).build()?;
    // `handstamp::freshness` says when to fetch it again.
    let keys = ureq::get(url).call()?.body_mut().with_config().limit(64 * 1024).read_to_vec()?;
    settings.install(0, &keys)?;
    Ok(settings)
}

/// Verifies one token.
pub fn visitor(settings: &Settings, token: &str) -> Result<Visitor, handstamp::Error> {
    let (_, claims) = verify(settings, token.trim(), UnixTime::from(SystemTime::now()))?;
    claims.read()
}

#[allow(dead_code, reason = "the test of this example calls the two functions above")]
fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [url, issuer] = arguments.as_slice() else {
        return Err("say the URL of the key set and the issuer".into());
    };
    let mut token = String::new();
    std::io::stdin().read_to_string(&mut token)?;
    println!("{:?}", visitor(&settings(url, issuer)?, &token)?);
    Ok(())
}
