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
use solana_hash::Hash;
use solana_pubkey::Pubkey;
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
    /// Signed by the keys at hand; the signatures are printed.
    Signatures,
}

/// A durable nonce, and the key that uses it up.
#[derive(Clone)]
pub(crate) struct NonceInUse {
    pub(crate) account: Pubkey,
    pub(crate) authority: AnySigner,
    pub(crate) hash: Hash,
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
            Destination::Signatures => Err(CliError::Usage(format!(
                "{what} are not signed for elsewhere: leave --sign-only out"
            ))),
        }
    }

    /// Refuses where the message must be the same at every run and `what` makes it another each time.
    pub(crate) fn require_one_run(&self, what: &str) -> Result<(), CliError> {
        let offline = &self.global.offline;
        if !offline.sign_only && offline.signers.is_empty() {
            return Ok(());
        }
        Err(CliError::Usage(format!(
            "{what}, so that each run makes another transaction: write it once with --export, sign the file with `specie \
             transaction sign`, and send it with `specie transaction send`"
        )))
    }

    /// What becomes of a transaction.
    pub(crate) fn destination(&self) -> Destination<'_> {
        match (&self.global.export, self.global.export_base58) {
            _ if self.global.offline.sign_only => Destination::Signatures,
            _ if self.global.dry_run => Destination::DryRun,
            (Some(path), _) => Destination::File(path),
            (None, true) => Destination::Base58,
            (None, false) => Destination::Send,
        }
    }

    /// A key that signs transactions. Its address will do where others sign later, or have signed.
    fn read_signer(&self, source: &str, option: &str) -> Result<AnySigner, CliError> {
        let signed = &self.global.offline.signers;
        match self.destination() {
            Destination::File(_) | Destination::Base58 | Destination::Signatures => {
                key::signer_or_address(source, option)
            }
            Destination::Send | Destination::DryRun if !signed.is_empty() => {
                let keys: Vec<Pubkey> = signed.iter().map(|(key, _)| *key).collect();
                key::signer_or_address_among(source, option, &keys)
            }
            Destination::Send | Destination::DryRun => key::signer(source, option),
        }
    }

    /// The nonce to sign for, if one is: it must be there, be the one that was named, and be the key's to use.
    pub(crate) fn nonce(&self) -> Result<Option<NonceInUse>, CliError> {
        let offline = &self.global.offline;
        let needs = |option: &str| {
            CliError::Usage(format!(
                "{option} is about one blockhash: name it with --blockhash, or a durable one with --nonce"
            ))
        };
        let Some(account) = offline.nonce else {
            return match offline {
                _ if offline.blockhash.is_some() => Ok(None),
                _ if offline.sign_only => Err(needs("--sign-only")),
                _ if !offline.signers.is_empty() => Err(needs("--signer")),
                _ => Ok(None),
            };
        };
        let authority = match &offline.nonce_authority {
            Some(source) if *source != self.settings()?.keypair => {
                self.read_signer(source, "--nonce-authority")?
            }
            _ => self.signer()?,
        };
        let nonce = self.chain()?.nonce(&account)?;
        if authority.pubkey() != nonce.authority {
            return Err(CliError::Key(format!(
                "the authority of the nonce account {account} is {}, and {} would sign: name its key with --nonce-authority",
                nonce.authority,
                authority.pubkey()
            )));
        }
        match offline.blockhash {
            Some(named) if named != nonce.hash => Err(CliError::Transaction(format!(
                "the nonce account {account} holds {}, not {named}: whatever was signed for {named} was sent already or \
                 can never be. Sign again for {}",
                nonce.hash, nonce.hash
            ))),
            _ => Ok(Some(NonceInUse {
                account,
                authority,
                hash: nonce.hash,
            })),
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
