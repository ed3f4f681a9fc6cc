use specie_tests::{
    event,
    world::{ONE, World},
};

#[test]
fn issue_owes_and_mints() {
    let mut world = World::trading();
    let (vendor, alice) = (world.vendor("north"), world.the_holder("alice"));
    let call = world.issue(&vendor, &alice.tokens, ONE);
    let outcome = world.ok(&call);
    let event = event!(outcome, Issued);
    assert_eq!(event.tokens.get(), ONE);
    println!("{:?}", outcome.program_units());
}
