//! The five messages and their bytes.

/// A public key, an account's address or a hash.
pub type Key = [u8; 32];

/// Length of a message's domain.
pub const DOMAIN_LEN: usize = 16;

/// Length of what every message begins with: its domain and the cluster's genesis hash.
pub const HEADER_LEN: usize = DOMAIN_LEN + 32;

/// Why some bytes are not the message that was expected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DecodeError {
    /// Not as long as this message always is.
    Length,
    /// Another domain: another message, or no message of Specie's.
    Domain,
    /// Signed for another cluster.
    Cluster,
}

impl core::fmt::Display for DecodeError {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(match self {
            Self::Length => "the message is not as long as its kind always is",
            Self::Domain => "the message is of another kind",
            Self::Cluster => "the message was signed for another cluster",
        })
    }
}

impl core::error::Error for DecodeError {}

/// One of the five messages.
pub trait Message: Sized {
    /// The ASCII bytes that no other message begins with.
    const DOMAIN: &'static [u8; DOMAIN_LEN];

    /// Length of the whole message in bytes.
    const LEN: usize;

    /// Reads a message that must be for `cluster`, and nothing else.
    fn decode(bytes: &[u8], cluster: &Key) -> Result<Self, DecodeError>;

    /// Writes the message for `cluster`.
    ///
    /// # Panics
    /// If `out` is not exactly [`Self::LEN`] bytes long.
    fn encode_into(&self, cluster: &Key, out: &mut [u8]);
}

/// A field's bytes.
trait Field: Sized {
    const LEN: usize;
    fn read(bytes: &[u8]) -> Option<Self>;
    fn write(&self, out: &mut [u8]);
}

impl Field for Key {
    const LEN: usize = 32;

    #[inline(always)]
    fn read(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok()
    }

    #[inline(always)]
    fn write(&self, out: &mut [u8]) {
        out.copy_from_slice(self);
    }
}

macro_rules! integer_fields {
    ($($integer:ty),*) => {$(
        impl Field for $integer {
            const LEN: usize = size_of::<$integer>();

            #[inline(always)]
            fn read(bytes: &[u8]) -> Option<Self> {
                Some(<$integer>::from_le_bytes(bytes.try_into().ok()?))
            }

            #[inline(always)]
            fn write(&self, out: &mut [u8]) {
                out.copy_from_slice(&self.to_le_bytes());
            }
        }
    )*};
}
integer_fields!(u8, u32, u64, i64);

/// Declares a message: its domain, its length in bytes (a wrong one does not compile), and its fields in wire order.
macro_rules! message {
    (
        $(#[$doc:meta])*
        $name:ident, $domain:literal, $len:literal,
        { $($(#[$field_doc:meta])* $field:ident: $ty:ty,)* }
    ) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub struct $name {
            $($(#[$field_doc])* pub $field: $ty,)*
        }

        const _: () = assert!($len == HEADER_LEN $(+ <$ty as Field>::LEN)*);

        impl $name {
            /// The message's bytes for `cluster`, the genesis hash.
            pub fn encode(&self, cluster: &Key) -> [u8; $len] {
                let mut bytes = [0; $len];
                self.encode_into(cluster, &mut bytes);
                bytes
            }
        }

        impl Message for $name {
            const DOMAIN: &'static [u8; DOMAIN_LEN] = $domain;
            const LEN: usize = $len;

            #[inline(always)]
            fn decode(bytes: &[u8], cluster: &Key) -> Result<Self, DecodeError> {
                if bytes.len() != $len {
                    return Err(DecodeError::Length);
                }
                let (domain, rest) = bytes.split_at(DOMAIN_LEN);
                if domain != Self::DOMAIN {
                    return Err(DecodeError::Domain);
                }
                let (signed_for, fields) = rest.split_at(32);
                if signed_for != cluster {
                    return Err(DecodeError::Cluster);
                }
                $(
                    let (field, fields) = fields.split_at(<$ty as Field>::LEN);
                    let $field = <$ty as Field>::read(field).ok_or(DecodeError::Length)?;
                )*
                debug_assert!(fields.is_empty());
                Ok(Self { $($field,)* })
            }

            fn encode_into(&self, cluster: &Key, out: &mut [u8]) {
                assert_eq!(out.len(), $len, "a message is written to a buffer of its own length");
                let (domain, rest) = out.split_at_mut(DOMAIN_LEN);
                domain.copy_from_slice(Self::DOMAIN);
                let (signed_for, fields) = rest.split_at_mut(32);
                signed_for.copy_from_slice(cluster);
                $(
                    let (field, fields) = fields.split_at_mut(<$ty as Field>::LEN);
                    self.$field.write(field);
                )*
                debug_assert!(fields.is_empty());
            }
        }
    };
}

message! {
    /// A claim on a vendor's compute, as the vault's issuer key signs it for the holder.
    ///
    /// It repeats the voucher account's own facts: the signature adds the vendor's acknowledgement, not a right.
    Voucher, b"specie.voucher.1", 177, {
        /// The voucher account.
        voucher: Key,
        /// The vault that owes.
        vault: Key,
        /// The key that signs receipts against it.
        session: Key,
        /// What it is for: 0 training, 1 inference, 2 fine-tuning.
        class: u8,
        /// Units claimed, in 10⁻⁶ SCU.
        units: u64,
        /// The Standard it was opened under, in TFLOP per SCU.
        work_per_scu: u64,
        /// When its account was opened, in Unix seconds.
        opened_at: i64,
        /// When it expires, in Unix seconds.
        expires_at: i64,
    }
}

message! {
    /// What a voucher's session key acknowledges as consumed so far: the voucher is a one-way payment channel.
    Receipt, b"specie.receipt.1", 96, {
        /// The voucher account.
        voucher: Key,
        /// When that account was opened: another voucher at the same address is another channel.
        opened_at: i64,
        /// Units consumed since opening, in 10⁻⁶ SCU; only ever rises.
        cumulative: u64,
    }
}

message! {
    /// What the attestor quorum measured of a vault's hardware.
    Capacity, b"specie.capacity1", 180, {
        /// The currency that the quorum serves.
        currency: Key,
        /// The vault whose hardware it is.
        vault: Key,
        /// SHA-256 of the published inventory of devices.
        inventory_hash: Key,
        /// The quorum's epoch.
        quorum_epoch: u32,
        /// Rises with every attestation of this vault.
        sequence: u64,
        /// Sustained rate, in TFLOP/s.
        rate: u64,
        /// When the hardware leaves the pledge, in Unix seconds.
        ends_at: i64,
        /// When it was measured, in Unix seconds.
        attested_at: i64,
    }
}

message! {
    /// The reference price of one SCU.
    Price, b"specie.price...1", 108, {
        /// The currency that the quorum serves.
        currency: Key,
        /// The quorum's epoch.
        quorum_epoch: u32,
        /// Rises with every price.
        sequence: u64,
        /// Collateral base units per SCU.
        price: u64,
        /// When it was observed, in Unix seconds.
        published_at: i64,
    }
}

message! {
    /// The quorum's finding that a vendor did not deliver.
    Ruling, b"specie.ruling..1", 132, {
        /// The voucher account.
        voucher: Key,
        /// SHA-256 of the published evidence.
        evidence_hash: Key,
        /// The quorum's epoch.
        quorum_epoch: u32,
        /// Units that were not delivered, in 10⁻⁶ SCU.
        units: u64,
        /// When it was decided, in Unix seconds.
        ruled_at: i64,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CLUSTER: Key = [9; 32];
    const RECEIPT: Receipt = Receipt {
        voucher: [1; 32],
        opened_at: -2,
        cumulative: 3,
    };

    #[test]
    fn decoding_returns_what_was_encoded() {
        assert_eq!(
            Receipt::decode(&RECEIPT.encode(&CLUSTER), &CLUSTER),
            Ok(RECEIPT)
        );
    }

    #[test]
    fn a_prefix_or_suffix_rejects() {
        let bytes = RECEIPT.encode(&CLUSTER);
        assert_eq!(
            Receipt::decode(&bytes[..95], &CLUSTER),
            Err(DecodeError::Length)
        );
        let mut longer = bytes.to_vec();
        longer.push(0);
        assert_eq!(Receipt::decode(&longer, &CLUSTER), Err(DecodeError::Length));
    }

    #[test]
    fn another_domain_rejects() {
        for byte in 0..DOMAIN_LEN {
            let mut bytes = RECEIPT.encode(&CLUSTER);
            bytes[byte] ^= 1;
            assert_eq!(Receipt::decode(&bytes, &CLUSTER), Err(DecodeError::Domain));
        }
    }

    #[test]
    fn another_cluster_rejects() {
        let bytes = RECEIPT.encode(&[8; 32]);
        assert_eq!(Receipt::decode(&bytes, &CLUSTER), Err(DecodeError::Cluster));
    }

    #[test]
    fn no_domain_is_another_messages() {
        let domains = [
            Voucher::DOMAIN,
            Receipt::DOMAIN,
            Capacity::DOMAIN,
            Price::DOMAIN,
            Ruling::DOMAIN,
        ];
        for (i, domain) in domains.iter().enumerate() {
            assert!(domain.is_ascii());
            assert!(!domains[..i].contains(domain));
        }
    }
}
