//! Prints the golden vectors of quotes and instructions: accounts as the chain has them, what a quote made from them says
//! or why it refuses, and instructions to the byte.
//!
//! `cargo xtask vectors` writes them to vectors.json, which the tests of the TypeScript SDK read. Every amount is a decimal
//! string.

mod instructions;
mod quotes;
mod random;
mod worlds;

use serde_json::Value;

fn main() {
    let worlds: Vec<String> = quotes::worlds().iter().map(world).collect();
    println!("{{\"worlds\": [");
    println!("{}", worlds.join(",\n"));
    println!("], \"instructions\": [");
    println!("{}", lines(&instructions::instructions()));
    println!("]}}");
}

/// A world's accounts, and one line for each quote: what changes in review is then one line, too.
fn world(world: &Value) -> String {
    let mut accounts = world.clone();
    let quotes = accounts["quotes"].take();
    let accounts = accounts
        .to_string()
        .replace("\"quotes\":null", "\"quotes\":[");
    let (before, after) = accounts
        .split_once("\"quotes\":[")
        .expect("every world has quotes");
    let quotes = lines(quotes.as_array().map(Vec::as_slice).unwrap_or_default());
    format!("{before}\"quotes\":[\n{quotes}\n]{after}")
}

fn lines(values: &[Value]) -> String {
    let lines: Vec<String> = values.iter().map(Value::to_string).collect();
    lines.join(",\n")
}
