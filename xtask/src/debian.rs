//! Debian packages: installed when missing, by apt-get, with a word about why.

use {
    crate::{process, progress::say},
    anyhow::{Context, Result, bail},
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

/// The browser that the SDK's and the page's tests run in.
pub(crate) const CHROMIUM: Need = Need {
    packages: &["chromium"],
    purpose: "testing the TypeScript SDK and the page in a browser",
};

/// What Chinese is written in.
pub(crate) const CJK_FONTS: Need = Need {
    packages: &["fonts-noto-cjk"],
    purpose: "showing the page in Chinese",
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
        // The C locale, since what apt-get would do is read out of what it says.
        command
            .args(["DEBIAN_FRONTEND=noninteractive", "LC_ALL=C", "apt-get"])
            .args(["--yes", "--quiet"])
            .args(arguments);
        command
    };
    let advice = || {
        format!(
            "once the machine reaches its Debian mirror, run `{by_hand}` as root, then this command again"
        )
    };
    // A fresh system has no package lists, and stale ones name packages that the mirror has no more.
    process::run(&mut apt_get(&["update"])).with_context(advice)?;
    let arguments = [
        &["install", "--no-install-recommends", "--no-upgrade"],
        packages,
    ]
    .concat();
    let simulate = [&["--simulate"], arguments.as_slice()].concat();
    let planned = Planned::read(&process::output(&mut apt_get(&simulate)).with_context(advice)?);
    for line in planned.lines() {
        say(&line);
    }
    process::run(&mut apt_get(&arguments)).with_context(advice)
}

/// What apt-get would do.
#[derive(Debug, Default, PartialEq, Eq)]
struct Planned {
    installed: Vec<String>,
    /// What is there already and would change, since something new depends on a later version.
    upgraded: Vec<String>,
    removed: Vec<String>,
}

impl Planned {
    /// Reads a simulation: `Inst NAME (NEW …)`, `Inst NAME [OLD] (NEW …)`, `Remv NAME [OLD]`.
    fn read(simulation: &str) -> Self {
        let mut planned = Self::default();
        for line in simulation.lines() {
            let words: Vec<_> = line.split(' ').collect();
            match words.as_slice() {
                ["Inst", name, old, new, ..] if old.starts_with('[') => {
                    let (old, new) = (old.trim_matches(['[', ']']), new.trim_start_matches('('));
                    planned.upgraded.push(format!("{name} from {old} to {new}"));
                }
                ["Inst", name, ..] => planned.installed.push((*name).into()),
                ["Remv", name, ..] => planned.removed.push((*name).into()),
                _ => {}
            }
        }
        planned
    }

    /// In words, with the name of everything that was there before and will not stay as it is.
    fn lines(&self) -> Vec<String> {
        let mut lines = vec![format!(
            "apt-get installs {} packages, those included that they depend on",
            self.installed.len()
        )];
        for (what, names) in [("upgrades", &self.upgraded), ("removes", &self.removed)] {
            if !names.is_empty() {
                lines.push(format!("apt-get {what} {}", names.join(", ")));
            }
        }
        lines
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_would_change_is_named() {
        let planned = Planned::read(
            "Reading package lists...\n\
             Inst libnew (1.0 Debian:12/stable [amd64])\n\
             Inst libc6 [2.36-9] (2.36-10 Debian:12/stable [amd64]) []\n\
             Remv oldlib [3.1]\n\
             Conf libnew (1.0 Debian:12/stable [amd64])\n",
        );
        assert_eq!(
            planned.lines(),
            [
                "apt-get installs 1 packages, those included that they depend on",
                "apt-get upgrades libc6 from 2.36-9 to 2.36-10",
                "apt-get removes oldlib",
            ]
        );
    }
}
