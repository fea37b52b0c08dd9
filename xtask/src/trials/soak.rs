//! `cargo xtask soak`: runs that take minutes and break things on purpose. The tests run each of them in short.

use crate::package;
use crate::programs::command::Program;
use anyhow::{Result, bail};

/// Which soaks, and how long.
#[derive(clap::Args)]
pub struct Options {
    /// The soaks by name; all of them without one.
    #[arg(value_name = "NAME")]
    names: Vec<String>,
    /// How many loops each runs, in place of its own number.
    #[arg(long, value_name = "N")]
    loops: Option<u32>,
    /// Only say which there are.
    #[arg(long)]
    list: bool,
}

/// One soak: a program that takes its number of loops and ends well or not.
struct Soak {
    name: &'static str,
    about: &'static str,
    script: &'static str,
    loops: u32,
}

const SOAKS: &[Soak] = &[
    Soak {
        name: "login-kills",
        about: "kill -9 in the middle of logins: each ends finished or with login_again, no code is sent twice",
        script: "tests/soak/login-kills.mjs",
        loops: 100,
    },
    Soak {
        name: "submit-kills",
        about: "kill -9 while people submit: every 201 is in the statistics once, nothing else is (loops: submits)",
        script: "tests/soak/submit-kills.mjs",
        loops: 1000,
    },
    Soak {
        name: "rotation",
        about: "every key rotated every two seconds while news spreads: nobody wrongly refused (loops: rotations)",
        script: "tests/soak/rotation.mjs",
        loops: 30,
    },
    Soak {
        name: "faults",
        about: "database, queue, login server, key set, clocks, malformed requests (loops: malformed requests)",
        script: "tests/soak/faults.mjs",
        loops: 10_000,
    },
    Soak {
        name: "abuse",
        about: "garbage tokens and parallel submissions: bounded writes, exact limits (loops: garbage tokens)",
        script: "tests/soak/abuse.mjs",
        loops: 10_000,
    },
    Soak {
        name: "load",
        about: "80 % admissions, 15 % submissions, 5 % logins at four fifths of the highest rate (loops: seconds)",
        script: "tests/soak/load.mjs",
        loops: 600,
    },
    Soak {
        name: "providers",
        about: "LemonLDAP::NG, django-oauth-toolkit and better-auth, installed by name: a whole sign-in in Chromium (loops: sign-ins)",
        script: "tests/soak/providers.mjs",
        loops: 3,
    },
    Soak {
        name: "scale",
        about: "the statistics at a thousand, a hundred thousand and ten million rows, about 5 GB of disk (loops: rows)",
        script: "tests/soak/scale.mjs",
        loops: 10_000_000,
    },
];

/// Runs the soaks one after the other; whether all ended well.
pub fn run(options: &Options) -> Result<bool> {
    if options.list {
        for Soak { name, about, loops, .. } in SOAKS {
            println!("{name:<16} {loops:>8} loops  {about}");
        }
        return Ok(true);
    }
    let chosen = chosen(&options.names)?;
    package::make()?;
    for soak in chosen {
        let loops = options.loops.unwrap_or(soak.loops);
        println!("\n{}: {} ({loops} loops)", soak.name, soak.about);
        Program::node(soak.script).arg(loops.to_string()).run()?;
    }
    Ok(true)
}

fn chosen(names: &[String]) -> Result<Vec<&'static Soak>> {
    if names.is_empty() {
        return Ok(SOAKS.iter().collect());
    }
    let mut out = Vec::new();
    for name in names {
        let Some(soak) = SOAKS.iter().find(|soak| soak.name == name) else {
            let known: Vec<_> = SOAKS.iter().map(|soak| soak.name).collect();
            bail!("there is no soak {name}; there are {}", known.join(", "));
        };
        out.push(soak);
    }
    Ok(out)
}
