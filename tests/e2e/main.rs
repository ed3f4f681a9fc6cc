//! Specie end to end over RPC and HTTP: the demo's flow, clients that are not ours at a gateway and at a proxy, a real model behind
//! them, leases that are interrupted, challenges that the gateway answers, and nodes that it does not believe.

mod api_description;
mod between;
mod challenges;
mod clients;
mod command_lines;
mod demo_flow;
mod lease;
mod nodes;
mod proxy;
mod scene;
mod session;
mod stage;

/// The binaries and the program of this build.
fn binaries() -> specie_tests::demo::Binaries {
    let running = std::env::current_exe().expect("a test knows where it runs");
    specie_tests::demo::Binaries {
        folder: specie_tests::demo::binaries_beside(&running).expect("the binaries are built"),
        program: specie_tests::world::program_path(),
    }
}

/// What happens on a stage is of interest to people only.
fn quiet() -> specie_tests::demo::Tell {
    Box::new(|_| {})
}
