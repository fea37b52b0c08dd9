//! What takes minutes: other runtimes, kills in the middle, and speed beside other libraries.

pub mod bench;
pub mod matrix;
pub mod soak;
