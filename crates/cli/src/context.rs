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
    keypair: OnceCell<Keypair>,
    fee_payer: OnceCell<Keypair>,
}

impl Context {
    pub(crate) fn new(global: Global, output: Output) -> Self {
        Self {
            global,
            output,
            settings: OnceCell::new(),
            chain: OnceCell::new(),
            keypair: OnceCell::new(),
            fee_payer: OnceCell::new(),
        }
    }

    pub(crate) fn settings(&self) -> Result<&Settings, CliError> {
        once(&self.settings, || Settings::read(&self.global))
    }

    pub(crate) fn chain(&self) -> Result<&Chain, CliError> {
        let settings = self.settings()?;
        once(&self.chain, || Chain::new(settings, self.output))
    }

    /// The key that signs. It is read once: standard input and a prompt give it only once.
    pub(crate) fn keypair(&self) -> Result<Keypair, CliError> {
        let source = &self.settings()?.keypair;
        once(&self.keypair, || key::read(source, "--keypair")).map(Keypair::insecure_clone)
    }

    /// The key that pays: the one that signs, unless another was named.
    pub(crate) fn fee_payer(&self) -> Result<Keypair, CliError> {
        match &self.global.fee_payer {
            Some(source) if *source != self.settings()?.keypair => {
                once(&self.fee_payer, || key::read(source, "--fee-payer"))
                    .map(Keypair::insecure_clone)
            }
            _ => self.keypair(),
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
