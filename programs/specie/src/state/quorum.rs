use {
    crate::{
        constants::{QUORUM_MAX, THRESHOLD_MAX},
        errors::SpecieError,
        signatures::is_small_order,
        units::*,
    },
    anchor_lang::pod::PodU32,
    anchor_lang::prelude::*,
    specie_wire::Key,
};

/// Who attests capacity, posts prices and rules on breaches: a threshold of keys. Address: `["quorum", currency]`.
#[account]
pub struct Quorum {
    /// Layout version.
    pub version: u8,
    /// Bump of this address.
    pub bump: u8,
    /// Signatures that a message needs; at most [`THRESHOLD_MAX`].
    pub threshold: u8,
    /// How many keys there are; at most [`QUORUM_MAX`].
    pub count: u8,
    /// Rises with every change of the keys: a message of another epoch is refused.
    pub epoch: PodU32,
    /// The currency.
    pub currency: Address,
    /// When the quorum last posted a price: how silent attestors are told from failed vendors.
    pub last_seen_at: Timestamp,
    /// How long it has been silent in all: of each gap between two prices, what went beyond `price_max_age`. Time in which
    /// no vendor could be attested does not run against any.
    pub silent: Seconds,
    /// Unused, zero.
    pub padding: [u8; 4],
    /// The keys, ascending; zero behind the last.
    pub keys: [[u8; 32]; QUORUM_MAX],
    /// Zero, for later versions.
    pub reserved: [u8; 64],
}

impl Quorum {
    /// The keys in use.
    #[inline(always)]
    pub fn keys(&self) -> &[Key] {
        self.keys.get(..usize::from(self.count)).unwrap_or(&[])
    }

    /// Whether this is one of its keys.
    #[inline(always)]
    pub fn contains(&self, key: &Key) -> bool {
        self.keys().binary_search(key).is_ok()
    }

    /// Notes that the quorum is at work. What the gap since it last was goes beyond `price_max_age` by counts as silence.
    pub fn see(&mut self, price_max_age: Seconds, now: Timestamp) {
        if !self.last_seen_at.is_zero() {
            let gap = now.since(self.last_seen_at);
            let silence = gap.saturating_sub(price_max_age.get().into());
            let silence = u32::try_from(silence).unwrap_or(u32::MAX);
            self.silent = Seconds::new(self.silent.get().saturating_add(silence));
        }
        self.last_seen_at = now;
    }

    /// Refuses keys and a threshold that make no quorum; returns how many keys there are.
    pub fn validate(keys: &[Key], threshold: u8) -> Result<u8> {
        let ascending = keys.windows(2).all(|pair| pair[0] < pair[1]);
        require!(
            (1..=QUORUM_MAX).contains(&keys.len())
                && ascending
                && (1..=THRESHOLD_MAX).contains(&threshold)
                && usize::from(threshold) <= keys.len(),
            SpecieError::QuorumMalformed
        );
        require!(
            !keys.iter().any(is_small_order),
            SpecieError::KeyOfSmallOrder
        );
        u8::try_from(keys.len()).map_err(|_| SpecieError::QuorumMalformed.into())
    }

    /// Replaces keys and threshold, and begins a new epoch.
    pub fn install(&mut self, keys: &[Key], threshold: u8) -> Result<()> {
        let count = Self::validate(keys, threshold)?;
        self.epoch = self.epoch.checked_add(1).ok_or(SpecieError::Overflow)?;
        self.threshold = threshold;
        self.count = count;
        self.keys = [[0; 32]; QUORUM_MAX];
        for (slot, key) in self.keys.iter_mut().zip(keys) {
            *slot = *key;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use {super::*, bytemuck::Zeroable};

    fn key(n: u8) -> Key {
        [n; 32]
    }

    #[test]
    fn silence_is_what_a_gap_has_beyond_the_age_of_a_price() {
        let mut quorum = Quorum::zeroed();
        for (now, silent) in [
            (1_000_000, 0),
            (1_000_600, 0),
            (1_001_201, 1),
            (1_001_201, 1),
            (1_002_800, 1_000),
            (i64::MAX, u32::MAX),
        ] {
            quorum.see(Seconds::new(600), Timestamp::new(now));
            assert_eq!(quorum.silent, Seconds::new(silent), "at {now}");
            assert_eq!(quorum.last_seen_at, Timestamp::new(now));
        }
    }

    #[test]
    fn installing_begins_a_new_epoch() {
        let mut quorum = Quorum::zeroed();
        assert_eq!(quorum.install(&[key(2), key(3), key(4)], 2), Ok(()));
        assert_eq!(quorum.install(&[key(5)], 1), Ok(()));
        assert_eq!(quorum.epoch.get(), 2);
        assert_eq!((quorum.threshold, quorum.keys()), (1, &[key(5)][..]));
        assert_eq!(quorum.keys[1..], [[0; 32]; QUORUM_MAX - 1]);
        assert!(quorum.contains(&key(5)) && !quorum.contains(&key(3)) && !quorum.contains(&key(0)));
    }

    #[test]
    fn a_malformed_quorum_rejects() {
        let many: Vec<Key> = (2..19).map(key).collect();
        let cases: [(&[Key], u8); 8] = [
            (&[], 0),
            (&[], 1),
            (&[key(2)], 0),
            (&[key(2)], 2),
            (&[key(3), key(2), key(4)], 2),
            (&[key(2), key(2), key(4)], 2),
            (&many, 7),
            (&many[..15], 8),
        ];
        for (keys, threshold) in cases {
            assert_eq!(
                Quorum::zeroed().install(keys, threshold),
                Err(SpecieError::QuorumMalformed.into())
            );
        }
    }

    #[test]
    fn a_key_of_small_order_rejects() {
        assert_eq!(
            Quorum::zeroed().install(&[key(0), key(2), key(3)], 2),
            Err(SpecieError::KeyOfSmallOrder.into())
        );
    }
}
