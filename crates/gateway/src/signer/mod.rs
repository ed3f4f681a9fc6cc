//! The vault's keys where a signer elsewhere holds them. What a signer is, whoever holds the key, is in
//! [`specie_service::signer`].

mod remote;

pub use remote::{RemoteSigner, RemoteSignerConfig, RemoteSignerError, Token};
pub use specie_service::signer::{KeySigner, Purpose, Signer, SignerError, SignerFuture};
