//! Copies, fills and comparisons of lengths that the compiler does not know.

/// The bytes that commands work on.
pub const SCRATCH: usize = 704;

/// The kind, the target, the source and the length as 16-bit numbers, and the answer as a 64-bit one.
pub const COMMAND: usize = 16;

/// What a command does, by number.
pub const KINDS: [&str; 5] = ["memcpy", "memmove", "memset", "memcmp", "bcmp"];

pub(crate) fn answer(scratch: &mut [u8], command: &mut [u8]) {
    let number = |at: usize| usize::from(u16::from_le_bytes([command[at], command[at + 1]]));
    let result = run(scratch, number(0), number(2), number(4), number(6));
    command[8..16].copy_from_slice(&result.to_le_bytes());
}

/// Runs one command; the answer names every byte of the scratch area, so none can change unnoticed.
#[inline(never)]
fn run(scratch: &mut [u8], kind: usize, to: usize, from: usize, length: usize) -> u64 {
    let (target, source) = (to..to + length, from..from + length);
    let compared = match kind {
        0 => {
            // Two ranges that do not overlap: the halves of the scratch area.
            let (low, high) = scratch.split_at_mut(SCRATCH / 2);
            high[target].copy_from_slice(&low[source]);
            0
        }
        1 => {
            scratch.copy_within(source, to);
            0
        }
        2 => {
            scratch[target].fill(from as u8);
            0
        }
        3 => scratch[target].cmp(&scratch[source]) as u64,
        _ => u64::from(scratch[target] == scratch[source]),
    };
    scratch
        .chunks_exact(8)
        .map(|word| u64::from_le_bytes(word.try_into().unwrap_or_default()))
        .fold(compared, |sum, word| {
            (sum ^ word)
                .wrapping_mul(0x9E37_79B9_7F4A_7C15)
                .rotate_left(29)
        })
}
