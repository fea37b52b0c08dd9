//! The README's Rust, compiled and run with the tests of the documentation.
#![doc = include_str!("../README.md")]
