//! Debian packages: installed when missing, by apt-get, with a word about why.

use {
    crate::{process, progress::say},
    anyhow::{Result, bail},
    std::process::Command,
};

/// Packages and what they are for.
pub(crate) struct Need {
    pub(crate) packages: &'static [&'static str],
    pub(crate) purpose: &'static str,
}

/// The compiler, the standard library's source and the linker's LLVM of the SBF build. Their
/// versions belong together, and Debian ships them together.
pub(crate) const SBF_BUILD: Need = Need {
    packages: &["rustc-web", "cargo-web", "rust-web-src", "llvm-22-dev"],
    purpose: "building the program for Solana",
};

/// The C compiler that some dependencies call, and the headers of hardware wallets and OpenSSL.
pub(crate) const HOST_BUILD: Need = Need {
    packages: &["build-essential", "pkg-config", "libudev-dev", "libssl-dev"],
    purpose: "compiling the command line and the services",
};

/// A server that tests of the gateway start and stop; `strace` breaks its disk.
pub(crate) const POSTGRES: Need = Need {
    packages: &["postgresql", "strace"],
    purpose: "testing the gateway's ledger on PostgreSQL, and on a disk that fails",
};

/// Only where no other Node.js is on the PATH.
pub(crate) const NODE: Need = Need {
    packages: &["nodejs", "npm"],
    purpose: "testing with the official OpenAI client for JavaScript",
};

pub(crate) const PYTHON: Need = Need {
    packages: &["python3-venv"],
    purpose: "testing with clients for Python",
};

/// Installs those of the packages that are missing.
pub(crate) fn ensure(needs: &[Need]) -> Result<()> {
    let mut missing = vec![];
    for need in needs {
        let absent: Vec<_> = need
            .packages
            .iter()
            .copied()
            .filter(|package| !is_installed(package))
            .collect();
        if !absent.is_empty() {
            say(&format!(
                "installing {}: needed for {}",
                absent.join(", "),
                need.purpose
            ));
            missing.extend(absent);
        }
    }
    if missing.is_empty() {
        Ok(())
    } else {
        install(&missing)
    }
}

fn is_installed(package: &str) -> bool {
    Command::new("dpkg-query")
        .args(["-W", "-f", "${db:Status-Status}", package])
        .output()
        .is_ok_and(|output| output.stdout == b"installed")
}

fn install(packages: &[&str]) -> Result<()> {
    let by_hand = format!("apt-get install {}", packages.join(" "));
    if process::find("apt-get").is_none() {
        bail!(
            "these Debian packages are missing, and there is no apt-get here: {}. Use a Debian 12 \
             system or container, where `{by_hand}` installs them",
            packages.join(", ")
        );
    }
    let is_root = process::output(Command::new("id").arg("-u"))?.trim() == "0";
    if !is_root && process::find("sudo").is_none() {
        bail!("run `{by_hand}` as root, then this command again: there is no sudo here");
    }
    let apt_get = |arguments: &[&str]| {
        let mut command = Command::new(if is_root { "env" } else { "sudo" });
        if !is_root {
            command.arg("env");
        }
        command
            .args(["DEBIAN_FRONTEND=noninteractive", "apt-get", "--yes"])
            .args(arguments);
        process::run(&mut command)
    };
    let install = [&["install", "--no-install-recommends"], packages].concat();
    // The lists of a fresh system are empty or stale; updating them first each time is slow.
    if apt_get(&install).is_ok() {
        return Ok(());
    }
    say("once more, with fresh package lists");
    if apt_get(&["update"])
        .and_then(|()| apt_get(&install))
        .is_err()
    {
        bail!(
            "apt-get could not install {}: its messages are above. Once the machine reaches its \
             Debian mirror, run `{by_hand}` as root, then this command again",
            packages.join(", ")
        );
    }
    Ok(())
}
