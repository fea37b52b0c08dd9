//! What is asked of a release: sizes, the same bytes everywhere, bills of materials, and a deployment that would run.

pub mod deploy_check;
pub mod reproduce;
pub mod sbom;
pub mod size;
