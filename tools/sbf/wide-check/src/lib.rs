//! A program that computes what it is asked, so that tests can compare the SVM's answers with the host's.
//!
//! The operations are ordinary Rust, compiled for both: on the host they are the processor's own, in
//! the SVM whatever the SBF build made of them. The one account holds the questions and takes the answers.

pub mod arithmetic;
pub mod memory;

/// The first byte of the instruction's data; the second is the operation of [`arithmetic::evaluate`].
pub const ARITHMETIC: u8 = 0;
/// The account holds a scratch area and commands of [`memory`].
pub const MEMORY: u8 = 1;

/// Answers every question in an account's data.
pub fn answer(kind: u8, operation: u8, data: &mut [u8]) {
    match kind {
        ARITHMETIC => {
            for question in data.chunks_exact_mut(arithmetic::QUESTION) {
                arithmetic::answer(operation, question);
            }
        }
        MEMORY => {
            let (scratch, commands) = data.split_at_mut(memory::SCRATCH);
            for command in commands.chunks_exact_mut(memory::COMMAND) {
                memory::answer(scratch, command);
            }
        }
        _ => {}
    }
}

#[cfg(target_os = "solana")]
mod entrypoint {
    /// Where the first account's data length stands in the loader's input; its data follows.
    const DATA_LENGTH: usize = 8 + 8 + 32 + 32 + 8;
    /// What the loader leaves behind an account's data for it to grow.
    const GROWTH: usize = 10 * 1024;

    /// Called by the SVM with one account, two bytes of instruction data, and nothing else.
    ///
    /// # Safety
    /// `input` is the loader's serialised input.
    #[unsafe(no_mangle)]
    unsafe extern "C" fn entrypoint(input: *mut u8) -> u64 {
        // SAFETY: the offsets are those of the loader's format, for the one account that the tests pass.
        unsafe {
            let length = input.add(DATA_LENGTH).cast::<u64>().read() as usize;
            let data = input.add(DATA_LENGTH + 8);
            let behind = (length + GROWTH).next_multiple_of(8) + 8;
            let instruction = data.add(behind + 8);
            super::answer(
                *instruction,
                *instruction.add(1),
                core::slice::from_raw_parts_mut(data, length),
            );
        }
        0
    }
}
