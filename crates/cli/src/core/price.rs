//! The price of a compute unit, out of what others paid recently.

use solana_rpc_client_api::response::RpcPrioritizationFee;

/// The most that is bid unless told otherwise, in micro-lamports: 0.0014 SOL for the largest transaction.
const PRICE_MAX: u64 = 1_000_000;

/// What three of four recent slots took at least, in micro-lamports.
pub(crate) fn of(fees: Vec<RpcPrioritizationFee>) -> u64 {
    let mut prices: Vec<u64> = fees.iter().map(|fee| fee.prioritization_fee).collect();
    prices.sort_unstable();
    let price = prices.get(prices.len() * 3 / 4).copied();
    price.unwrap_or(0).min(PRICE_MAX)
}

/// Lamports for so many compute units at a price, rounded up as the cluster does.
pub(crate) fn fee(units: u32, price: u64) -> u64 {
    let fee = (u128::from(units) * u128::from(price)).div_ceil(1_000_000);
    u64::try_from(fee).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn price(prices: &[u64]) -> u64 {
        let fee = |(slot, price): (usize, &u64)| RpcPrioritizationFee {
            slot: slot as u64,
            prioritization_fee: *price,
        };
        of(prices.iter().enumerate().map(fee).collect())
    }

    #[test]
    fn the_price_is_the_upper_quartile_up_to_a_limit() {
        assert_eq!(price(&[]), 0);
        assert_eq!(price(&[7]), 7);
        assert_eq!(price(&[400, 100, 300, 200]), 400);
        assert_eq!(price(&[0, 0, 0, 0, 9]), 0);
        assert_eq!(price(&[u64::MAX]), PRICE_MAX);
    }

    #[test]
    fn a_fee_is_rounded_up() {
        assert_eq!(fee(200_000, 0), 0);
        assert_eq!(fee(200_000, 1), 1);
        assert_eq!(fee(200_000, 1_000_000), 200_000);
        assert_eq!(fee(u32::MAX, u64::MAX), u64::MAX);
    }
}
