//! `cargo xtask`: every set-up, build and check step of the repository, each doing first what it needs.

mod checks;
mod dev;
mod files;
mod mutants;
mod package;
mod pages;
mod programs;
mod release;
mod trials;

use checks::{check, test};
use clap::{Parser, Subcommand};
use pages::codes;
use release::{deploy_check, reproduce, sbom, size};
use std::process::ExitCode;
use trials::{bench, matrix, soak};

/// Build, run and check Handstamp. Each command first installs what it needs inside the repository.
#[derive(Parser)]
#[command(bin_name = "cargo xtask", disable_help_subcommand = true)]
struct Arguments {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Make the npm package in pkg/: module, entries, types, tag, static files.
    Pkg,
    /// Run the whole thing: worker, customer's site and login server, on this machine only.
    Dev(dev::Options),
    /// Run every test: format, lints, Rust, package, types, worker, browser, demo.
    Test(test::Options),
    /// Run the checks that need no browser: format, lints, types, builds without std.
    Check,
    /// Write the page of every code, www/codes/index.html, from errors.json.
    Codes,
    /// Say whether the worker as it is configured would run in production; nothing is sent.
    DeployCheck(deploy_check::Options),
    /// Try the packed package in every runtime and bundler, and print the table.
    Matrix(matrix::Options),
    /// Run what takes minutes and breaks things on purpose: kills in the middle of logins, and the like.
    Soak(soak::Options),
    /// Plant faults in the core and the worker, and see that a test notices each; slow.
    Mutants(mutants::Options),
    /// Build the module twice, in two folders, and compare: anybody can make the same bytes.
    Reproduce,
    /// Write the bills of materials (CycloneDX) of the module and of the package to target/sbom/.
    Sbom,
    /// Show the size of every file of the package against the budget in sizes.json.
    Size(size::Options),
    /// Measure speed, cold start, memory and throughput against other libraries.
    Bench(bench::Options),
}

fn main() -> ExitCode {
    let result = match Arguments::parse().task {
        Task::Pkg => package::make().map(|()| true),
        Task::Dev(options) => dev::run(&options),
        Task::Test(options) => test::run(&options),
        Task::Check => check::run(),
        Task::Codes => codes::write().map(|()| true),
        Task::DeployCheck(options) => deploy_check::run(&options),
        Task::Matrix(options) => matrix::run(&options),
        Task::Soak(options) => soak::run(&options),
        Task::Mutants(options) => mutants::run(&options),
        Task::Reproduce => reproduce::run(),
        Task::Sbom => sbom::run(),
        Task::Size(options) => size::run(&options),
        Task::Bench(options) => bench::run(&options),
    };
    match result {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}
