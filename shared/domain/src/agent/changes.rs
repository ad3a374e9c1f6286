//! What the host of a repository tells of commits and pull requests. Facts of their own: which session made a commit is said by links, and both are
//! joined when they are read, so it doesn't matter which of them came first.

use serde::{Deserialize, Serialize};

use crate::Timestamp;

/// A commit that was pushed. Absent texts are empty.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Commit {
    /// As [`crate::repository_url`] writes it.
    pub repository_url: String,
    pub sha: String,
    /// The branch of this push. A commit that is pushed on several has a row for each.
    pub branch: String,
    pub message: String,
    pub author_name: String,
    pub author_email: String,
    pub files_changed: Vec<String>,
    /// Agents that the message names as co-authors.
    pub agents: Vec<String>,
    pub timestamp: Timestamp,
    /// When the branch got it: the first one is where the commit came from.
    pub pushed_at: Timestamp,
}

/// A pull request as it stood at `updated_at`: the newest standing counts, in whatever order they come. Absent texts are empty.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct PullRequest {
    /// Of the repository that it asks to change, as [`crate::repository_url`] writes it.
    pub repository_url: String,
    pub number: u32,
    pub url: String,
    pub title: String,
    pub head_branch: String,
    pub head_sha: String,
    pub base_branch: String,
    /// The commit on the base branch, once it is merged.
    pub merge_sha: String,
    pub author: String,
    pub additions: Option<u64>,
    pub deletions: Option<u64>,
    pub created_at: Timestamp,
    pub closed_at: Option<Timestamp>,
    pub merged_at: Option<Timestamp>,
    pub updated_at: Timestamp,
}

impl PullRequest {
    /// `open`, `merged` or `closed`.
    #[must_use]
    pub const fn state(&self) -> &'static str {
        match (self.merged_at, self.closed_at) {
            (Some(_), _) => "merged",
            (None, Some(_)) => "closed",
            (None, None) => "open",
        }
    }

    /// Which standing counts: the later one. Hosts tell whole seconds, so of the same second a merge counts over a close, and that over what is open.
    #[must_use]
    pub fn version(&self) -> u64 {
        let rank = match self.state() {
            "merged" => 2,
            "closed" => 1,
            _ => 0,
        };
        u64::try_from(self.updated_at.0).unwrap_or(0).saturating_mul(4) + rank
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_later_standing_counts_and_a_merge_over_what_was_before_it_in_the_same_second() {
        let at = |updated, closed: Option<i64>, merged: Option<i64>| PullRequest {
            updated_at: Timestamp(updated),
            closed_at: closed.map(Timestamp),
            merged_at: merged.map(Timestamp),
            ..PullRequest::default()
        };
        let order = [at(1, None, None), at(5, None, None), at(5, Some(5), None), at(5, Some(5), Some(5)), at(6, None, None)];

        assert!(order.windows(2).all(|pair| pair[0].version() < pair[1].version()));
        assert_eq!(order.map(|p| p.state()), ["open", "open", "closed", "merged", "open"]);
    }
}
