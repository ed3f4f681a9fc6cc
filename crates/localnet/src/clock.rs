//! The local network's clock: it runs by itself, and it can be moved forward, never back.

use {
    anyhow::{Context, Result, ensure},
    serde_json::{Value, json},
    solana_commitment_config::CommitmentConfig,
    solana_rpc_client::nonblocking::rpc_client::RpcClient,
    solana_rpc_client_api::request::RpcRequest,
    solana_sdk_ids::sysvar,
    std::time::Duration,
};

/// Where the Clock sysvar keeps `unix_timestamp`: after slot, epoch start, epoch and leader
/// schedule epoch, eight bytes each.
const UNIX_TIMESTAMP: std::ops::Range<usize> = 32..40;

/// What a program would read from the Clock sysvar now, in seconds.
pub async fn unix_timestamp(rpc: &RpcClient) -> Result<i64> {
    let data = rpc
        .get_account_with_commitment(&sysvar::clock::ID, CommitmentConfig::processed())
        .await?
        .value
        .context("the network has no Clock sysvar")?
        .data;
    let bytes = data
        .get(UNIX_TIMESTAMP)
        .context("the Clock sysvar is too short")?;
    Ok(i64::from_le_bytes(bytes.try_into()?))
}

/// Moves the clock forward; returns the new time in seconds.
pub async fn advance(rpc: &RpcClient, by: Duration) -> Result<i64> {
    let by = i64::try_from(by.as_secs()).context("too far into the future")?;
    let target = unix_timestamp(rpc).await?.checked_add(by);
    travel_to(rpc, target.context("too far into the future")?).await
}

/// Moves the clock forward to a time in seconds; returns the time it then shows.
///
/// Slots pass in proportion, as if the network had run all the while.
pub async fn travel_to(rpc: &RpcClient, target: i64) -> Result<i64> {
    let now = unix_timestamp(rpc).await?;
    ensure!(
        target >= now,
        "the clock cannot go back from {now} to {target}"
    );
    // At or below the current second there is nothing to skip, and surfpool, which counts in
    // milliseconds, would call it the past.
    if target > now {
        let milliseconds = target
            .checked_mul(1_000)
            .context("too far into the future")?;
        let method = RpcRequest::Custom {
            method: "surfnet_timeTravel",
        };
        rpc.send::<Value>(method, json!([{ "absoluteTimestamp": milliseconds }]))
            .await
            .context("this RPC cannot move its clock: only a local network can")?;
    }
    let reached = unix_timestamp(rpc).await?;
    ensure!(
        reached >= target,
        "the clock shows {reached} after travelling to {target}"
    );
    Ok(reached)
}
