use std::{ffi::CStr, fmt};

use clap::ValueEnum;
use sbpf_linker::SbpfArch;

/// The sBPF version of a program.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Arch {
    /// Static syscalls and stricter ELF; what new deployments need.
    V3,
    /// The legacy format.
    V0,
}

impl Arch {
    /// The BPF processor level whose every instruction this version of sBPF has, with the options in
    /// [`crate::llvm`]: v3 knows comparisons of 32 bits and stores of immediates. What sBPF computes
    /// otherwise, sign-extending the 32-bit results that BPF zero-extends, sbpf-linker mends.
    pub(crate) fn cpu(self) -> &'static CStr {
        match self {
            Arch::V3 => c"v4",
            Arch::V0 => c"v2",
        }
    }

    pub(crate) fn features(self) -> &'static CStr {
        c"+allows-misaligned-mem-access"
    }

    pub(crate) fn linker_arch(self) -> SbpfArch {
        match self {
            Arch::V3 => SbpfArch::V3,
            Arch::V0 => SbpfArch::V0,
        }
    }
}

impl fmt::Display for Arch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Arch::V3 => "v3",
            Arch::V0 => "v0",
        })
    }
}
