//! What every command is given: where the chain is, which keys sign, how to print.

use crate::{
    arguments::Global, chain::Chain, error::CliError, key, output::Output, settings::Settings,
};
use solana_keypair::Keypair;
use solana_signer::Signer;
use std::cell::OnceCell;

/// The global options, and what follows from them once a command asks for it.
pub(crate) struct Context {
    pub(crate) global: Global,
    pub(crate) output: Output,
    settings: OnceCell<Settings>,
    chain: OnceCell<Chain>,
}

impl Context {
    pub(crate) fn new(global: Global, output: Output) -> Self {
        Self {
            global,
            output,
            settings: OnceCell::new(),
            chain: OnceCell::new(),
        }
    }

    pub(crate) fn settings(&self) -> Result<&Settings, CliError> {
        once(&self.settings, || Settings::read(&self.global))
    }

    pub(crate) fn chain(&self) -> Result<&Chain, CliError> {
        let settings = self.settings()?;
        once(&self.chain, || Ok(Chain::new(settings)))
    }

    /// The key that signs.
    pub(crate) fn keypair(&self) -> Result<Keypair, CliError> {
        key::read(&self.settings()?.keypair, "--keypair")
    }

    /// The key that pays: the one that signs, unless another was named.
    pub(crate) fn fee_payer(&self) -> Result<Keypair, CliError> {
        match &self.global.fee_payer {
            Some(path) => key::read(path, "--fee-payer"),
            None => self.keypair(),
        }
    }

    /// The address in question: the one that was named, or that of the key that signs.
    pub(crate) fn address_or_own(
        &self,
        named: Option<solana_pubkey::Pubkey>,
    ) -> Result<solana_pubkey::Pubkey, CliError> {
        match named {
            Some(address) => Ok(address),
            None => Ok(self.keypair()?.pubkey()),
        }
    }
}

fn once<T>(cell: &OnceCell<T>, make: impl FnOnce() -> Result<T, CliError>) -> Result<&T, CliError> {
    if let Some(value) = cell.get() {
        return Ok(value);
    }
    let value = make()?;
    Ok(cell.get_or_init(|| value))
}
