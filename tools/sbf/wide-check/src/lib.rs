//! stub
#[cfg(target_os = "solana")]
#[unsafe(no_mangle)]
pub extern "C" fn entrypoint(_input: *mut u8) -> u64 {
    0
}
