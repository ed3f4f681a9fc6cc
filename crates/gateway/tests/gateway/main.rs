//! The gateway over real HTTP on loopback, with a real SQLite file or PostgreSQL server, the demo upstream and the
//! chain's in-memory twin.

mod challenges;
mod chat;
mod clients;
mod connections;
mod context;
mod cors;
mod crash;
mod encodings;
mod endpoints;
mod fail_closed;
mod fairness;
mod former_schema;
mod idle_connections;
mod leases;
mod ledgers;
mod mortal;
mod observe;
mod once;
mod openapi;
mod outward;
mod panics;
mod paths;
mod payment;
mod rates;
mod raw;
mod readings;
mod receipts;
mod replicas;
mod scripted;
mod sessions;
mod settlement;
mod severed;
mod signer;
mod signer_tls;
mod storage;
mod stream_readers;
mod streams;
mod sub_keys;
mod terms;
mod unauthenticated;
mod upstream_answers;
mod upstreams;
mod usage_events;
mod vouchers;
mod wire;
mod world;

#[test]
fn all_of_it_again_on_postgres() {
    let printed = specie_testing::database::run_again_on_a_server("all_of_it_again_on_postgres");
    println!("{printed}");
}
