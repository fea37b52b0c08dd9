//! The module's allocator: the one of `std` takes five times the code, and hosts compile code when it first runs.

#[cfg(target_family = "wasm")]
#[global_allocator]
static ALLOCATOR: rlsf::SmallGlobalTlsf = rlsf::SmallGlobalTlsf::new();
