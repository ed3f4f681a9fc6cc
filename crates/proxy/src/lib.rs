//! The holder's side of a vendor's gateway.
//!
//! [`gateway`] asks a gateway and reads its answers and refusals; [`Holder`] signs for one voucher whatever it is told to.
//! What may be signed is decided by a [`Channel`]: within a [`Budget`], in steps, never for more than the gateway's own
//! prices make of what was asked, and kept in a [`tab`] before it leaves. [`serve`] is the endpoint for applications. Every
//! charge is checked by a book of them; one that is provably too much ends in a file of evidence, and nothing is signed for
//! that vault any more; one whose counts are in [`Doubt`] ends what is signed for its model. Who may sign records the chain
//! says, by a [`VaultIssuer`]. [`Keys`] are for applications that are to consume a part. A [`Tenant`] does for leases of
//! accelerators what a channel does for requests.
// `println!` panics on a closed pipe: specie-stdout writes instead.
#![deny(clippy::print_stdout, clippy::print_stderr)]
#![forbid(unsafe_code)]
#![warn(missing_docs)]

pub mod ask;
mod book;
mod budget;
mod channel;
mod doubt;
mod evidence;
pub mod gateway;
mod holder;
mod issuer;
mod keys;
mod opening;
mod purse;
mod records;
pub mod serve;
pub mod tab;
mod tenant;

pub use book::{Fault, Unwatched};
pub use budget::{Budget, BudgetReached};
pub use channel::{Channel, ChannelError, Closed, Common, Live, Standing};
pub use doubt::{Doubt, KeptDoubt};
pub use gateway::{GatewayClient, GatewayError};
pub use holder::{Holder, NotTheSessionKey};
pub use issuer::{IssuerFuture, NamedIssuer, VaultIssuer};
pub use keys::{KeyError, Keys, Minted};
pub use purse::Purse;
pub use specie_claims::api::refusal::Refusal;
pub use tenant::{Leases, Tenant, TenantError};
