//! `agenttrace mcp-server`: lets an assistant look at one's own traces, costs and commands, by the Model Context Protocol.
//!
//! The protocol ([`protocol`]) is small and written here (docs/adr/0009). The tools ([`tools`]) stand on the public API and only read, and what leaves
//! them ([`answer`]) is bounded, without secrets, and marked as data that nobody should take for instructions. An assistant starts us itself
//! ([`stdio`]), or finds us on this machine ([`http`]).

mod answer;
mod backend;
mod http;
mod protocol;
mod stdio;
mod tools;

use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Context as _, Result};

#[derive(Debug, clap::Args)]
pub struct Args {
    /// Listen for Streamable HTTP at http://127.0.0.1:<PORT>/mcp, instead of speaking on standard input and output.
    #[arg(long, value_name = "PORT", num_args = 0..=1, default_missing_value = "3333")]
    port: Option<u16>,
    /// Over HTTP, demand a bearer token: that of AGENTTRACE_MCP_TOKEN, else a new one, which is printed.
    #[arg(long, requires = "port")]
    token: bool,
}

/// A call that still waits for AgentTrace does not hold up the end for longer than this.
const FAREWELL: Duration = Duration::from_millis(200);

pub fn run(args: &Args) -> Result<ExitCode> {
    match args.port {
        None => stdio::serve()?,
        Some(port) => {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().context("cannot start")?;
            let outcome = runtime.block_on(http::serve(port, args.token.then(http::token)));
            runtime.shutdown_timeout(FAREWELL);
            outcome?;
        }
    }
    Ok(ExitCode::SUCCESS)
}
