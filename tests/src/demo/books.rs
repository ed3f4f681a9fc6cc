//! The closing table: what everybody holds and owes, read from the chain, and that it adds up.

use anyhow::{Result, ensure};
use solana_pubkey::Pubkey;
use solana_rpc_client::nonblocking::rpc_client::RpcClient;
use specie_client::{
    account::SpecieAccount,
    address,
    state::{Balances, Vault},
};
use std::fmt;

/// Where balances stand, by name.
pub struct Books {
    /// Token base units in existence.
    pub supply: u64,
    /// Stablecoin base units in existence.
    pub stablecoins: u64,
    /// Vaults, by vendor.
    pub vaults: Vec<(&'static str, Balances, u64)>,
    /// Tokens and stablecoins of everybody else, by name.
    pub purses: Vec<(&'static str, u64, u64)>,
}

/// Whose purses are counted.
pub struct Owners<'a> {
    /// The currency's mint.
    pub mint: Pubkey,
    /// The stablecoin's mint.
    pub stablecoin: Pubkey,
    /// Vendors and their vaults.
    pub vaults: &'a [(&'static str, Pubkey)],
    /// Token accounts of tokens and of stablecoins; `None` where somebody has none.
    pub purses: &'a [(&'static str, Option<Pubkey>, Option<Pubkey>)],
}

impl Books {
    /// Reads every balance.
    pub async fn read(rpc: &RpcClient, owners: &Owners<'_>) -> Result<Self> {
        let mut vaults = Vec::new();
        for (vendor, vault) in owners.vaults {
            let account = rpc.get_account(vault).await?;
            let balances = Vault::decode(&account.owner, &account.data)?.balances;
            let held = balance(rpc, Some(address::collateral(vault))).await?;
            vaults.push((*vendor, balances, held));
        }
        let mut purses = Vec::new();
        for (name, tokens, stablecoins) in owners.purses {
            let tokens = balance(rpc, *tokens).await?;
            purses.push((*name, tokens, balance(rpc, *stablecoins).await?));
        }
        Ok(Self {
            supply: supply(rpc, &owners.mint).await?,
            stablecoins: supply(rpc, &owners.stablecoin).await?,
            vaults,
            purses,
        })
    }

    /// Fails with the sum that does not come out.
    pub fn check(&self) -> Result<()> {
        let sum = |of: fn(&Balances) -> u64| self.vaults.iter().map(|(_, b, _)| of(b)).sum::<u64>();
        let outstanding = sum(|b| b.outstanding.get());
        ensure!(
            outstanding == self.supply,
            "{outstanding} units are outstanding for {} tokens in existence",
            self.supply
        );
        let tokens: u64 = self.purses.iter().map(|(_, tokens, _)| tokens).sum();
        ensure!(
            tokens == self.supply,
            "holders have {tokens} tokens of {}",
            self.supply
        );
        for (vendor, balances, held) in &self.vaults {
            let recorded = balances.collateral.get() + balances.withdrawing.get();
            ensure!(
                recorded == *held,
                "{vendor}'s vault records {recorded} of collateral and holds {held}"
            );
        }
        let purses: u64 = self.purses.iter().map(|(_, _, stable)| stable).sum();
        let vaults: u64 = self.vaults.iter().map(|(_, _, held)| held).sum();
        ensure!(
            purses + vaults == self.stablecoins,
            "{} of {} stablecoins are accounted for",
            purses + vaults,
            self.stablecoins
        );
        Ok(())
    }
}

impl fmt::Display for Books {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "  {:<16}{:>12}{:>12}{:>12}{:>12}{:>12}",
            "", "tokens", "stablecoins", "outstanding", "open", "delivered"
        )?;
        for (name, tokens, stablecoins) in &self.purses {
            let (tokens, stablecoins) = (aligned(*tokens), aligned(*stablecoins));
            writeln!(f, "  {name:<16}{tokens:>12}{stablecoins:>12}")?;
        }
        for (vendor, b, held) in &self.vaults {
            writeln!(
                f,
                "  {:<16}{:>12}{:>12}{:>12}{:>12}{:>12}",
                format!("vault of {vendor}"),
                "",
                aligned(*held),
                aligned(b.outstanding.get()),
                aligned(b.open.get()),
                aligned(b.delivered.get())
            )?;
        }
        let sum = |of: fn(&Balances) -> u64| {
            aligned(self.vaults.iter().map(|(_, b, _)| of(b)).sum::<u64>())
        };
        writeln!(
            f,
            "  {:<16}{:>12}{:>12}{:>12}{:>12}{:>12}",
            "in existence",
            aligned(self.supply),
            aligned(self.stablecoins),
            sum(|b| b.outstanding.get()),
            sum(|b| b.open.get()),
            sum(|b| b.delivered.get())
        )
    }
}

/// Base units as a decimal number, as one would say it: both tokens have six decimals.
pub fn amount(base_units: u64) -> String {
    let number = aligned(base_units);
    number
        .trim_end_matches('0')
        .trim_end_matches('.')
        .to_owned()
}

/// The same with all of its decimals, for a column.
fn aligned(base_units: u64) -> String {
    format!("{}.{:06}", base_units / 1_000_000, base_units % 1_000_000)
}

async fn balance(rpc: &RpcClient, account: Option<Pubkey>) -> Result<u64> {
    let Some(account) = account else { return Ok(0) };
    let data = rpc.get_account_data(&account).await?;
    read_u64(&data, 64)
}

async fn supply(rpc: &RpcClient, mint: &Pubkey) -> Result<u64> {
    let data = rpc.get_account_data(mint).await?;
    read_u64(&data, 36)
}

/// Amount of a classic token account (at byte 64), or supply of a mint (at byte 36).
fn read_u64(data: &[u8], at: usize) -> Result<u64> {
    let bytes = data.get(at..at + 8);
    ensure!(bytes.is_some(), "not a token account");
    Ok(u64::from_le_bytes(bytes.unwrap_or_default().try_into()?))
}
