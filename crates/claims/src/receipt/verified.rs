//! Receipts: what somebody sends, and what the session key is known to have signed.

use super::SentReceipt;
use crate::clock::UnixTime;
use crate::jws::decode_bytes;
use crate::units::Units;
use crate::voucher::{Verified as VerifiedVoucher, Voucher};
use solana_pubkey::Pubkey;
use specie_wire::{DecodeError, Key, Message as _};

/// The voucher that receipts are signed against: its identity and its bound.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Channel {
    /// The voucher account.
    pub voucher: Pubkey,
    /// When that account was opened.
    pub opened_at: UnixTime,
    /// The key that signs.
    pub session: Key,
    /// Units claimed.
    pub units: Units,
}

impl From<&Voucher<VerifiedVoucher>> for Channel {
    fn from(voucher: &Voucher<VerifiedVoucher>) -> Self {
        Self {
            voucher: voucher.address(),
            opened_at: UnixTime(voucher.terms().opened_at),
            session: voucher.terms().session,
            units: voucher.verified().units,
        }
    }
}

/// Sent by somebody.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Claimed(specie_wire::Receipt);

/// Signed by the voucher's session key, within its units.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Verified {
    channel: Channel,
    cumulative: Units,
}

/// A statement of how much was consumed in all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Receipt<State> {
    state: State,
    signature: [u8; 64],
}

/// Why a receipt is not accepted. All are final: the same bytes will never be right.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReceiptRefusal {
    /// Not the bytes of a receipt.
    #[error("the receipt is not a base64url specie.receipt.1 message with a 64-byte signature")]
    Malformed,
    /// Signed for another cluster.
    #[error("the receipt was signed for another cluster")]
    OfAnotherCluster,
    /// Signed for another voucher account.
    #[error("the receipt is of another voucher")]
    OfAnotherVoucher,
    /// Signed for an earlier or later voucher at the same address.
    #[error("the receipt is of a voucher that was opened at the same address at another time")]
    OfAnotherOpening,
    /// More than the voucher claims.
    #[error("the receipt is for more than the voucher's units")]
    AboveVoucher,
    /// Not signed by the session key.
    #[error("the receipt's signature is not by the voucher's session key")]
    Signature,
}

impl Receipt<Claimed> {
    /// Reads a receipt that was signed for `cluster`.
    pub fn read(sent: &SentReceipt, cluster: &Key) -> Result<Self, ReceiptRefusal> {
        let bytes = decode_bytes(&sent.message).ok_or(ReceiptRefusal::Malformed)?;
        let message =
            specie_wire::Receipt::decode(&bytes, cluster).map_err(|error| match error {
                DecodeError::Cluster => ReceiptRefusal::OfAnotherCluster,
                DecodeError::Length | DecodeError::Domain => ReceiptRefusal::Malformed,
            })?;
        let signature = decode_bytes(&sent.signature)
            .and_then(|bytes| bytes.try_into().ok())
            .ok_or(ReceiptRefusal::Malformed)?;
        Ok(Self {
            state: Claimed(message),
            signature,
        })
    }

    /// Checks the receipt against its voucher, the signature last and strictly, as the chain will.
    pub fn verify(
        self,
        channel: &Channel,
        cluster: &Key,
    ) -> Result<Receipt<Verified>, ReceiptRefusal> {
        let Claimed(message) = self.state;
        if message.voucher != channel.voucher.to_bytes() {
            return Err(ReceiptRefusal::OfAnotherVoucher);
        }
        if message.opened_at != channel.opened_at.0 {
            return Err(ReceiptRefusal::OfAnotherOpening);
        }
        let cumulative = Units::new(message.cumulative)
            .filter(|cumulative| *cumulative <= channel.units)
            .ok_or(ReceiptRefusal::AboveVoucher)?;
        specie_wire::verify(&message, cluster, &channel.session, &self.signature)
            .map_err(|_| ReceiptRefusal::Signature)?;
        Ok(Receipt {
            state: Verified {
                channel: *channel,
                cumulative,
            },
            signature: self.signature,
        })
    }
}

impl Receipt<Verified> {
    /// The voucher it is against.
    pub fn channel(&self) -> &Channel {
        &self.state.channel
    }

    /// Units acknowledged since the voucher was opened.
    pub fn cumulative(&self) -> Units {
        self.state.cumulative
    }

    /// The session key's signature.
    pub fn signature(&self) -> &[u8; 64] {
        &self.signature
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::jws::encode_bytes;
    use specie_wire::SigningKey;

    const CLUSTER: Key = [9; 32];

    fn key() -> SigningKey {
        SigningKey::from_bytes(&[3; 32])
    }

    fn channel() -> Channel {
        Channel {
            voucher: Pubkey::new_from_array([1; 32]),
            opened_at: UnixTime(5),
            session: key().verifying_key().to_bytes(),
            units: Units::new(1_000).unwrap(),
        }
    }

    fn message(cumulative: u64) -> specie_wire::Receipt {
        specie_wire::Receipt {
            voucher: [1; 32],
            opened_at: 5,
            cumulative,
        }
    }

    fn sent(message: specie_wire::Receipt, cluster: &Key, key: &SigningKey) -> SentReceipt {
        SentReceipt::sign(&message, cluster, key)
    }

    fn verify(sent: &SentReceipt) -> Result<u64, ReceiptRefusal> {
        Receipt::read(sent, &CLUSTER)?
            .verify(&channel(), &CLUSTER)
            .map(|receipt| receipt.cumulative().get())
    }

    #[test]
    fn the_session_keys_receipt_is_accepted_up_to_the_vouchers_units() {
        for cumulative in [0, 1, 1_000] {
            assert_eq!(
                verify(&sent(message(cumulative), &CLUSTER, &key())),
                Ok(cumulative)
            );
        }
        for cumulative in [1_001, u64::MAX] {
            assert_eq!(
                verify(&sent(message(cumulative), &CLUSTER, &key())),
                Err(ReceiptRefusal::AboveVoucher)
            );
        }
    }

    #[test]
    fn each_receipt_of_something_else_rejects_by_name() {
        let other_voucher = specie_wire::Receipt {
            voucher: [7; 32],
            ..message(1)
        };
        let other_opening = specie_wire::Receipt {
            opened_at: 6,
            ..message(1)
        };
        let stranger = SigningKey::from_bytes(&[8; 32]);
        let mut of_other_bytes = sent(message(1), &CLUSTER, &key());
        of_other_bytes.message = encode_bytes(&message(2).encode(&CLUSTER));
        let mut short = sent(message(1), &CLUSTER, &key());
        short.message.truncate(8);
        let cases = [
            (
                sent(message(1), &[8; 32], &key()),
                ReceiptRefusal::OfAnotherCluster,
            ),
            (
                sent(other_voucher, &CLUSTER, &key()),
                ReceiptRefusal::OfAnotherVoucher,
            ),
            (
                sent(other_opening, &CLUSTER, &key()),
                ReceiptRefusal::OfAnotherOpening,
            ),
            (
                sent(message(1), &CLUSTER, &stranger),
                ReceiptRefusal::Signature,
            ),
            (of_other_bytes, ReceiptRefusal::Signature),
            (short, ReceiptRefusal::Malformed),
        ];
        for (sent, refusal) in cases {
            assert_eq!(verify(&sent), Err(refusal));
        }
    }

    #[test]
    fn a_transactions_bytes_are_no_receipt() {
        let transaction = [1u8; 96];
        let sent = SentReceipt {
            message: encode_bytes(&transaction),
            signature: encode_bytes(&[0; 64]),
        };
        assert_eq!(verify(&sent), Err(ReceiptRefusal::Malformed));
    }
}
