//! What every command is given: where the chain is, which keys sign, how to print.

use crate::{
    core::{
        chain::Chain,
        error::CliError,
        key::{self, AnySigner},
        output::Output,
        settings::Settings,
    },
    options::Global,
};
use solana_signer::Signer;
use std::{cell::OnceCell, path::Path};

/// What becomes of a transaction whose simulation succeeded.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Destination<'a> {
    Send,
    DryRun,
    /// A new file, signed by the keys at hand.
    File(&'a Path),
    /// Printed unsigned, in base58.
    Base58,
}

/// The global options, and what follows from them once a command asks for it.
pub(crate) struct Context {
    pub(crate) global: Global,
    pub(crate) output: Output,
    settings: OnceCell<Settings>,
    chain: OnceCell<Chain>,
    signer: OnceCell<AnySigner>,
    fee_payer: OnceCell<AnySigner>,
}

impl Context {
    pub(crate) fn new(global: Global, output: Output) -> Self {
        Self {
            global,
            output,
            settings: OnceCell::new(),
            chain: OnceCell::new(),
            signer: OnceCell::new(),
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

    /// Refuses where nothing may be changed: what these commands do cannot be simulated.
    pub(crate) fn require_live(&self, what: &str) -> Result<(), CliError> {
        match self.destination() {
            Destination::Send => Ok(()),
            Destination::DryRun => Err(CliError::Usage(format!(
                "{what} are not simulated: leave --dry-run out"
            ))),
            Destination::File(_) | Destination::Base58 => Err(CliError::Usage(format!(
                "{what} are not exported: leave --export and --export-base58 out"
            ))),
        }
    }

    /// What becomes of a transaction.
    pub(crate) fn destination(&self) -> Destination<'_> {
        match (&self.global.export, self.global.export_base58) {
            _ if self.global.dry_run => Destination::DryRun,
            (Some(path), _) => Destination::File(path),
            (None, true) => Destination::Base58,
            (None, false) => Destination::Send,
        }
    }

    /// A key that signs transactions; where these are exported, its address will do.
    fn read_signer(&self, source: &str, option: &str) -> Result<AnySigner, CliError> {
        match self.destination() {
            Destination::File(_) | Destination::Base58 => key::signer_or_address(source, option),
            Destination::Send | Destination::DryRun => key::signer(source, option),
        }
    }

    /// The key that signs. It is read once: standard input and a prompt give it only once.
    pub(crate) fn signer(&self) -> Result<AnySigner, CliError> {
        let source = &self.settings()?.keypair;
        let signer = || self.read_signer(source, "--keypair");
        once(&self.signer, signer).map(AnySigner::clone)
    }

    /// The key of an option of its own, or the key that signs where the option was left out.
    pub(crate) fn signer_or_own(
        &self,
        source: Option<&str>,
        option: &str,
    ) -> Result<AnySigner, CliError> {
        match source {
            Some(source) => self.read_signer(source, option),
            None => self.signer(),
        }
    }

    /// The key that pays: the one that signs, unless another was named.
    pub(crate) fn fee_payer(&self) -> Result<AnySigner, CliError> {
        match &self.global.fee_payer {
            Some(source) if *source != self.settings()?.keypair => {
                let signer = || self.read_signer(source, "--fee-payer");
                once(&self.fee_payer, signer).map(AnySigner::clone)
            }
            _ => self.signer(),
        }
    }

    /// The address in question: the one that was named, or that of the key that signs.
    pub(crate) fn address_or_own(
        &self,
        named: Option<solana_pubkey::Pubkey>,
    ) -> Result<solana_pubkey::Pubkey, CliError> {
        match named {
            Some(address) => Ok(address),
            None => Ok(self.signer()?.pubkey()),
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
