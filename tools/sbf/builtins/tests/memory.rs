//! The memory functions against their definitions, for every short length, distance and alignment.

use sbf_builtins::memory::{bcmp, memcmp, memcpy, memmove, memset};

const LONGEST: usize = 40;

fn pattern(length: usize) -> Vec<u8> {
    (0..length).map(|index| (index * 167 + 13) as u8).collect()
}

#[test]
fn copies_touch_their_range_alone() {
    for length in 0..LONGEST {
        for offset in 0..9 {
            let from = pattern(64);
            let mut to = vec![0xEE; 64];
            // SAFETY: both ranges lie inside their vectors.
            unsafe {
                memcpy(
                    to.as_mut_ptr().add(offset),
                    from.as_ptr().add(9 - offset),
                    length,
                )
            };
            let mut expected = vec![0xEE; 64];
            expected[offset..offset + length]
                .copy_from_slice(&from[9 - offset..9 - offset + length]);
            assert_eq!(to, expected, "{length} bytes to {offset}");
        }
    }
}

#[test]
fn moves_survive_every_overlap() {
    for length in 0..LONGEST {
        for (from, to) in (0..20).flat_map(|from| (0..20).map(move |to| (from, to))) {
            let mut bytes = pattern(64);
            let mut expected = bytes.clone();
            expected.copy_within(from..from + length, to);
            // SAFETY: both ranges lie inside the vector.
            unsafe { memmove(bytes.as_mut_ptr().add(to), bytes.as_ptr().add(from), length) };
            assert_eq!(bytes, expected, "{length} bytes from {from} to {to}");
        }
    }
}

#[test]
fn fills_touch_their_range_alone() {
    for length in 0..LONGEST {
        for offset in 0..9 {
            let mut bytes = pattern(64);
            let mut expected = bytes.clone();
            expected[offset..offset + length].fill(0x5A);
            // SAFETY: the range lies inside the vector.
            unsafe { memset(bytes.as_mut_ptr().add(offset), 0x7FFF_FF5A, length) };
            assert_eq!(bytes, expected, "{length} bytes at {offset}");
        }
    }
}

#[test]
fn comparisons_find_a_difference_anywhere() {
    for length in 0..LONGEST {
        let left = pattern(64);
        for place in 0..length {
            for change in [1u8, 0x80, 0xFF] {
                let mut right = left.clone();
                right[5 + place] = left[5 + place].wrapping_add(change);
                let (a, b) = (&left[5..5 + length], &right[5..5 + length]);
                // SAFETY: both slices have `length` bytes.
                let (order, differs) = unsafe {
                    (
                        memcmp(a.as_ptr(), b.as_ptr(), length),
                        bcmp(a.as_ptr(), b.as_ptr(), length),
                    )
                };
                assert_eq!(order.cmp(&0), a.cmp(b), "{length} bytes, {place} changed");
                assert_ne!(differs, 0, "{length} bytes, {place} changed");
            }
        }
        let (a, b) = (&left[3..3 + length], &left.clone()[3..3 + length]);
        // SAFETY: both slices have `length` bytes.
        let results = unsafe {
            (
                memcmp(a.as_ptr(), b.as_ptr(), length),
                bcmp(a.as_ptr(), b.as_ptr(), length),
            )
        };
        assert_eq!(results, (0, 0), "{length} equal bytes");
    }
}
