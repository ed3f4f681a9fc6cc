//! Finds LLVM 22 and links it. The bindings (`llvm-sys`) are built without linking, so that a machine
//! that lacks LLVM reads one plain sentence here instead of a page about `llvm-config`.

use std::{env, path::PathBuf, process};

/// Where Debian's llvm-22-dev puts its libraries.
const DEBIAN_PREFIX: &str = "/usr/lib/llvm-22";
const LIBRARY: &str = "LLVM-22";

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rerun-if-env-changed=LLVM_PREFIX");
    let prefix =
        env::var_os("LLVM_PREFIX").map_or_else(|| PathBuf::from(DEBIAN_PREFIX), PathBuf::from);
    let folder = prefix.join("lib");
    let library = folder.join(format!("lib{LIBRARY}.so"));
    if !library.exists() {
        eprintln!(
            "\nThe SBF build needs LLVM 22, and {} does not exist.\n\
             Install it with `apt-get install llvm-22-dev`, or set LLVM_PREFIX to the prefix of an LLVM 22.\n",
            library.display()
        );
        process::exit(1);
    }
    println!("cargo:rustc-link-search=native={}", folder.display());
    println!("cargo:rustc-link-lib=dylib={LIBRARY}");
    println!("cargo:rustc-link-arg=-Wl,-rpath,{}", folder.display());
}
