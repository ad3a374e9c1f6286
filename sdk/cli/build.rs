//! Builds the library that shells of a run load (`src/wrap/shell/loaded.rs`), for the machine that the program is built for. It needs flags of its
//! own and no cargo package could be a part of another's program, so it asks the compiler itself. Elsewhere than on Linux the library is empty.

use std::path::PathBuf;
use std::process::Command;

const SOURCE: &str = "src/wrap/shell/loaded.rs";

fn main() {
    println!("cargo::rerun-if-changed={SOURCE}");
    let told = |name: &str| std::env::var(name).unwrap_or_default();
    let library = PathBuf::from(told("OUT_DIR")).join("loaded.so");
    let supported = told("CARGO_CFG_TARGET_OS") == "linux" && ["x86_64", "aarch64"].contains(&told("CARGO_CFG_TARGET_ARCH").as_str());
    if !supported {
        std::fs::write(&library, "").expect("the build's folder can be written to");
        return;
    }
    let mut rustc = Command::new(told("RUSTC"));
    rustc
        .args(["--edition=2024", "--crate-name=agenttrace_loaded", "--crate-type=cdylib", SOURCE, "--target", &told("TARGET"), "-o"])
        .arg(&library);
    rustc.args(["-Copt-level=s", "-Cpanic=abort", "-Cforce-unwind-tables=no", "-Cstrip=symbols", "-Ctarget-feature=-crt-static"]);
    rustc.args(["-Clink-arg=-nostdlib", "-Clink-arg=-nostartfiles"]);
    let linker = told("RUSTC_LINKER");
    if !linker.is_empty() {
        rustc.arg(format!("-Clinker={linker}"));
    }
    let built = rustc.status().expect("the compiler can be started");
    assert!(built.success(), "{SOURCE} was not built");
}
