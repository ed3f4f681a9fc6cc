use {
    super::post_price::second_currency,
    anchor_lang::ErrorCode,
    solana_instruction::error::InstructionError,
    solana_pubkey::Pubkey,
    specie::errors::SpecieError,
    specie_client::{
        account::SpecieAccount,
        address,
        state::{Balances, Vault, VaultStatus},
        units::Units,
    },
    specie_tests::{
        event,
        world::{Call, ONE, Vendor, World},
    },
};

const LIMIT: u64 = 7 * ONE;

fn admitted() -> (World, Vendor) {
    let mut world = World::new();
    let vendor = world.admit("north");
    (world, vendor)
}

#[test]
fn open_vault_begins_empty_and_active() {
    let (mut world, vendor) = admitted();
    let before = world.chain.lamports(&world.authority.address());
    let call = world.open_vault(&vendor, LIMIT, 0b011);
    let outcome = world.ok(&call);
    let event = event!(outcome, VaultOpened);
    assert_eq!(event.vault, vendor.vault);

    let vault = world.vault_state(&vendor);
    let party = vendor.party.address();
    assert_eq!(
        (vault.version, vault.status),
        (1, VaultStatus::Active as u8)
    );
    assert_eq!(vault.currency, world.currency);
    assert_eq!((vault.founder, vault.vendor), (party, party));
    assert_eq!(vault.pending_vendor, Pubkey::default());
    assert_eq!(vault.issuer, vendor.issuer.address());
    assert_eq!(vault.operator, vendor.operator.address());
    assert_eq!(vault.payout, vendor.payout);
    assert_eq!(vault.collateral_account, vendor.collateral);
    assert_eq!((vault.limit, vault.classes), (Units::new(LIMIT), 0b011));
    assert_eq!(vault.balances, bytemuck::Zeroable::zeroed());
    let _: Balances = vault.balances;
    assert_eq!(
        (vault.attested, vault.pending, vault.offer),
        bytemuck_zero()
    );

    let collateral = world.chain.token_account(&vendor.collateral);
    assert_eq!(collateral.owner, vendor.vault);
    assert_eq!(collateral.mint, world.stable_mint);
    assert!(collateral.delegate.is_none() && collateral.close_authority.is_none());

    let rent = world.chain.rent(Vault::LEN) + world.chain.rent(165);
    assert_eq!(
        before - world.chain.lamports(&world.authority.address()),
        rent
    );
}

fn bytemuck_zero() -> (
    specie_client::state::Attestation,
    specie_client::state::Pending,
    specie_client::state::Offer,
) {
    use bytemuck::Zeroable;
    (Zeroable::zeroed(), Zeroable::zeroed(), Zeroable::zeroed())
}

#[test]
fn open_vault_may_be_paid_for_by_the_vendor_or_a_third_party() {
    let (mut world, vendor) = admitted();
    let vendor_pays = paid_by(&world, &vendor, &vendor.party.address());
    world.ok(&vendor_pays);

    let (mut world, vendor) = admitted();
    let sponsor = world.party("sponsor");
    world.chain.fund(&sponsor.address());
    let mut sponsored = paid_by(&world, &vendor, &sponsor.address());
    sponsored.signers.push(sponsor);
    world.ok(&sponsored);
}

fn paid_by(world: &World, vendor: &Vendor, payer: &Pubkey) -> Call {
    world.open_vault(vendor, LIMIT, 1).at(0, *payer)
}

#[test]
fn open_vault_works_where_its_addresses_were_funded_before() {
    let (mut world, vendor) = admitted();
    world.chain.svm.airdrop(&vendor.vault, 1_000_000).unwrap();
    world.chain.fund(&vendor.collateral);
    let call = world.open_vault(&vendor, LIMIT, 1);
    world.ok(&call);
}

#[test]
fn open_vault_not_admitted_rejects() {
    let (mut world, vendor) = admitted();
    let guardian = world.guardian.clone();
    world.chain.fund(&guardian.address());
    let call = world.open_vault(&vendor, LIMIT, 1);
    let call = call.signed_by(&world.authority, &guardian);
    world.refuses(&call, SpecieError::NotAuthority);
}

#[test]
fn open_vault_without_any_of_its_signatures_rejects() {
    let (mut world, vendor) = admitted();
    let sponsor = world.party("sponsor");
    world.chain.fund(&sponsor.address());
    let mut call = paid_by(&world, &vendor, &sponsor.address());
    call.signers.push(sponsor.clone());
    for party in [&sponsor, &vendor.party, &world.authority.clone()] {
        let call = call.clone().unsigned(party);
        world.refuses(&call, ErrorCode::ConstraintSigner);
    }
}

#[test]
fn open_vault_unknown_classes_reject() {
    let (mut world, vendor) = admitted();
    for classes in [0, 8, 255] {
        let call = world.open_vault(&vendor, LIMIT, classes);
        world.refuses(&call, SpecieError::ClassesUnknown);
    }
}

#[test]
fn open_vault_issuer_of_small_order_rejects() {
    let (mut world, vendor) = admitted();
    let mut call = world.open_vault(&vendor, LIMIT, 1);
    // The issuer's key follows the instruction's one byte.
    call.ours().data[1..33].fill(0);
    world.refuses(&call, SpecieError::KeyOfSmallOrder);
}

#[test]
fn open_vault_payout_that_is_no_token_account_rejects() {
    let (mut world, mut vendor) = admitted();
    vendor.payout = world.stable_mint;
    let call = world.open_vault(&vendor, LIMIT, 1);
    world.refuses(&call, SpecieError::NotTokenAccount);
}

#[test]
fn open_vault_payout_of_the_currency_rejects() {
    let (mut world, mut vendor) = admitted();
    for payout in [
        address::revenue(&world.currency),
        address::insurance(&world.currency),
        address::rewards(&world.pool()),
    ] {
        vendor.payout = payout;
        let call = world.open_vault(&vendor, LIMIT, 1);
        world.refuses(&call, SpecieError::TokenAccountOfCurrency);
    }
}

#[test]
fn open_vault_payout_of_another_mint_rejects() {
    let (mut world, mut vendor) = admitted();
    vendor.payout = vendor.tokens;
    let call = world.open_vault(&vendor, LIMIT, 1);
    world.refuses(&call, SpecieError::TokenAccountOfOtherMint);
}

#[test]
fn open_vault_with_another_collateral_mint_rejects() {
    let (mut world, vendor) = admitted();
    let issuer = world.stable_issuer.address();
    let counterfeit = world.party("counterfeit");
    let counterfeit = world.chain.create_mint(&counterfeit, 6, &issuer, None);
    let call = world.open_vault(&vendor, LIMIT, 1);
    let call = call.replacing(world.stable_mint, counterfeit);
    world.refuses(&call, SpecieError::MintMismatch);
}

#[test]
fn open_vault_at_another_vendors_address_rejects() {
    let (mut world, vendor) = admitted();
    let other = world.admit("south");
    let call = world.open_vault(&vendor, LIMIT, 1);
    let call = call.replacing(vendor.vault, other.vault);
    world.refuses(&call, ErrorCode::ConstraintSeeds);
}

#[test]
fn open_vault_twice_rejects() {
    let (mut world, vendor) = admitted();
    let call = world.open_vault(&vendor, LIMIT, 1);
    world.ok(&call);
    // The System program's "account already in use".
    let in_use = InstructionError::Custom(0);
    world.chain.assert_refused(&call, 0, in_use);
}

#[test]
fn open_vault_in_two_currencies_makes_two_vaults() {
    let (mut world, vendor) = admitted();
    let call = world.open_vault(&vendor, LIMIT, 1);
    world.ok(&call);
    let other = second_currency(&mut world);
    let vault = address::vault(&other, &vendor.party.address());
    let call = world
        .open_vault(&vendor, LIMIT, 1)
        .replacing(world.currency, other)
        .replacing(vendor.vault, vault)
        .replacing(vendor.collateral, address::collateral(&vault));
    world.ok(&call);
    assert_eq!(world.read::<Vault>(&vault).currency, other);
}
