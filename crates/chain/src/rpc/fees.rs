//! What a transaction bids.

/// Bids for compute units, in micro-lamports each, which is lamports for a million.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fees {
    /// At least this.
    pub floor: u64,
    /// At most this, however urgent.
    pub cap: u64,
    /// Of what recent blocks asked for, as much as this share of them was content with; 0 asks nobody.
    pub percentile: u8,
}

impl Fees {
    /// The bid at the `urgency`th attempt, from 0, each twice the last, where recent blocks asked for `recent`.
    pub(super) fn bid(&self, recent: &[u64], urgency: u32) -> u64 {
        let mut recent = recent.to_vec();
        recent.sort_unstable();
        let at = (recent.len() * usize::from(self.percentile)).div_ceil(100);
        let recent = recent.get(at.saturating_sub(1)).copied().unwrap_or(0);
        // A floor of nothing would double to nothing.
        let first = self.floor.max(recent).max(u64::from(urgency > 0));
        first
            .saturating_mul(1 << urgency.min(40))
            .min(self.cap.max(self.floor))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FEES: Fees = Fees {
        floor: 10,
        cap: 1_000,
        percentile: 75,
    };

    #[test]
    fn a_bid_is_the_percentile_of_recent_fees_between_floor_and_cap() {
        assert_eq!(FEES.bid(&[], 0), 10);
        assert_eq!(FEES.bid(&[1, 2, 3, 4], 0), 10);
        assert_eq!(FEES.bid(&[400, 100, 300, 200], 0), 300);
        assert_eq!(FEES.bid(&[9_000; 150], 0), 1_000);
        let all = Fees {
            percentile: 100,
            ..FEES
        };
        assert_eq!(all.bid(&[400, 100, 300, 200], 0), 400);
        assert_eq!(all.bid(&[400], 0), 400);
    }

    #[test]
    fn a_bid_doubles_with_urgency_up_to_the_cap() {
        let bids: Vec<_> = (0..9).map(|urgency| FEES.bid(&[], urgency)).collect();
        assert_eq!(bids, [10, 20, 40, 80, 160, 320, 640, 1_000, 1_000]);
        assert_eq!(FEES.bid(&[], u32::MAX), 1_000);
        let free = Fees { floor: 0, ..FEES };
        assert_eq!((free.bid(&[], 0), free.bid(&[], 1)), (0, 2));
    }
}
