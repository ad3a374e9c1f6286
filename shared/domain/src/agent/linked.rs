//! Which tellings are of one commit, which pull request a commit is in, and what a commit cost. Pure rules over what was read, so that it doesn't matter
//! in which order links, pushes and pull requests came.

use std::collections::HashMap;

use crate::{Timestamp, Usd};

/// Of so many characters are the shortest ids of commits.
pub const STEM: usize = 7;

/// A commit as someone names it: the repository may be unknown (empty), the id may be short.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct CommitName {
    pub repository_url: String,
    pub sha: String,
}

impl CommitName {
    /// What short and long ids of a commit have in common.
    #[must_use]
    pub fn stem(&self) -> &str {
        self.sha.get(..STEM).unwrap_or(&self.sha)
    }

    fn may_be(&self, other: &Self) -> bool {
        let somewhere = self.repository_url.is_empty() || other.repository_url.is_empty() || self.repository_url == other.repository_url;
        somewhere && (self.sha.starts_with(&other.sha) || other.sha.starts_with(&self.sha))
    }
}

/// The fullest name of each commit that is named, in the order of the tellings. A short id becomes the only long one that it may mean, and stays what it
/// is where it may mean several.
#[must_use]
pub fn full_names(told: &[CommitName]) -> Vec<CommitName> {
    let mut by_stem: HashMap<&str, Vec<&CommitName>> = HashMap::new();
    for name in told {
        let known = by_stem.entry(name.stem()).or_default();
        if !known.contains(&name) {
            known.push(name);
        }
    }
    told.iter()
        .map(|name| {
            let alike: Vec<&CommitName> = by_stem[name.stem()].iter().copied().filter(|other| name.may_be(other)).collect();
            let longest = alike.iter().map(|other| &other.sha).max_by_key(|sha| sha.len()).unwrap_or(&name.sha);
            let one = alike.iter().all(|other| longest.starts_with(&other.sha));
            let sha = if one { longest } else { &name.sha };
            let repositories = alike.iter().filter(|other| sha.starts_with(&other.sha)).map(|other| &other.repository_url);
            let repository = repositories.filter(|url| !url.is_empty()).min();
            let repository_url = if name.repository_url.is_empty() { repository } else { Some(&name.repository_url) };
            CommitName { repository_url: repository_url.cloned().unwrap_or_default(), sha: sha.clone() }
        })
        .collect()
}

/// A pull request, as far as it decides which commits are in it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Request {
    pub repository_url: String,
    pub number: u32,
    pub head_branch: String,
    pub base_branch: String,
    pub head_sha: String,
    pub merge_sha: String,
    pub closed_at: Option<Timestamp>,
}

/// The number of the pull request that a commit is in: the one that a link states, else the one that ends in this commit or was merged as it, else the
/// first one from its branch that was not yet closed when the commit was made. One at most, so that no cost counts twice.
#[must_use]
pub fn request_of(name: &CommitName, branches: &[&str], at: Timestamp, stated: Option<u32>, requests: &[Request]) -> Option<u32> {
    let here = || requests.iter().filter(|r| r.repository_url == name.repository_url);
    let is = |sha: &str| !sha.is_empty() && (sha.starts_with(&name.sha) || name.sha.starts_with(sha));
    let from_branch = |r: &&Request| {
        branches.contains(&r.head_branch.as_str())
            && r.head_branch != r.base_branch
            && !r.head_branch.is_empty()
            && r.closed_at.is_none_or(|closed| closed >= at)
    };
    stated
        .or_else(|| here().filter(|r| is(&r.head_sha) || is(&r.merge_sha)).map(|r| r.number).min())
        .or_else(|| here().filter(from_branch).map(|r| r.number).min())
}

/// A step of a session that used a model.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ModelCall {
    pub at: Timestamp,
    /// `None`: it has no price.
    pub cost: Option<Usd>,
}

/// What was paid for something. `cost` is `None` when nothing in it has a price.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Share {
    pub cost: Option<Usd>,
    /// Nothing without a price is missing from the cost.
    pub complete: bool,
}

impl Default for Share {
    fn default() -> Self {
        Self { cost: None, complete: true }
    }
}

impl Share {
    pub fn add(&mut self, other: Self) {
        self.complete &= other.complete;
        self.cost = match (self.cost, other.cost) {
            (Some(a), Some(b)) => Some(a.checked_add(b).unwrap_or(Usd(i64::MAX))),
            (a, b) => a.or(b),
        };
    }
}

/// What each commit of one session cost: the model calls that began after the session's commit before it, up to the commit itself. Each call counts to one
/// commit at most; what comes after the last one counts to none. Commits of the same moment are taken in the order of their names.
///
/// Git's times are whole seconds: such a commit may have been made until the end of its second.
#[must_use]
pub fn shares(made: &[(Timestamp, CommitName)], calls: &[ModelCall]) -> Vec<(CommitName, Share)> {
    let mut made: Vec<(Timestamp, &CommitName)> = made.iter().map(|(at, name)| (end_of(*at), name)).collect();
    made.sort_unstable();
    let mut calls: Vec<&ModelCall> = calls.iter().collect();
    calls.sort_unstable_by_key(|call| call.at);
    let mut calls = calls.into_iter().peekable();
    made.into_iter()
        .map(|(at, name)| {
            let mut share = Share::default();
            while let Some(call) = calls.next_if(|call| call.at <= at) {
                share.add(Share { cost: call.cost, complete: call.cost.is_some() });
            }
            (name.clone(), share)
        })
        .collect()
}

const fn end_of(at: Timestamp) -> Timestamp {
    if at.0 % 1_000_000 == 0 { Timestamp(at.0.saturating_add(999_999)) } else { at }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FULL: &str = "0658d87f11112222333344445555666677778888";

    fn name(repository: &str, sha: &str) -> CommitName {
        CommitName { repository_url: repository.to_owned(), sha: sha.to_owned() }
    }

    #[test]
    fn short_ids_and_unknown_repositories_meet_the_full_name() {
        let told = [name("r", FULL), name("", "0658d87"), name("r", "0658d87f"), name("", FULL)];

        assert!(full_names(&told).iter().all(|full| *full == told[0]));
        let turned: Vec<CommitName> = told.iter().rev().cloned().collect();
        assert!(full_names(&turned).iter().all(|full| *full == told[0]));
        assert_eq!(full_names(&[name("r", "0658d87f"), name("", FULL)]), [name("r", FULL), name("r", FULL)]);
    }

    #[test]
    fn what_may_mean_several_commits_stays_what_it_is() {
        let other = "0658d87fffff2222333344445555666677778888";
        let told = [name("r", FULL), name("r", other), name("r", "0658d87"), name("s", "0658d87")];

        assert_eq!(full_names(&told), told);
    }

    #[test]
    fn a_commit_in_two_repositories_is_two_commits() {
        let told = [name("fork", FULL), name("r", FULL), name("", "0658d87")];

        assert_eq!(full_names(&told), [name("fork", FULL), name("r", FULL), name("fork", FULL)]);
    }

    #[test]
    fn a_commit_is_in_one_pull_request() {
        let request = |number, closed: Option<i64>| Request {
            repository_url: "r".into(),
            number,
            head_branch: "fix".into(),
            base_branch: "main".into(),
            closed_at: closed.map(Timestamp),
            ..Request::default()
        };
        let merged = Request { merge_sha: FULL.into(), head_branch: "other".into(), ..request(9, Some(1)) };
        let requests = [request(4, Some(100)), request(7, None), merged];
        let of = |sha: &str, branch: &str, at, stated| request_of(&name("r", sha), &[branch], Timestamp(at), stated, &requests);

        assert_eq!(of("aaaaaaa", "fix", 50, None), Some(4));
        assert_eq!(of("aaaaaaa", "fix", 150, None), Some(7), "the branch's name was used again");
        assert_eq!(of("aaaaaaa", "fix", 50, Some(3)), Some(3));
        assert_eq!(of(FULL, "main", 500, None), Some(9));
        assert_eq!(of("aaaaaaa", "main", 50, None), None);
        assert_eq!(request_of(&name("s", "aaaaaaa"), &["fix"], Timestamp(50), None, &requests), None);
    }

    #[test]
    fn a_sessions_cost_is_split_among_its_commits_and_never_counted_twice() {
        let call = |at, cost: Option<i64>| ModelCall { at: Timestamp(at), cost: cost.map(Usd) };
        let calls = [call(5, Some(1)), call(10, Some(2)), call(11, None), call(25, Some(8)), call(40, Some(100))];
        let made = [(Timestamp(30), name("r", "b")), (Timestamp(10), name("r", "a")), (Timestamp(30), name("r", "c"))];

        let split = shares(&made, &calls);

        let expected = [
            (name("r", "a"), Share { cost: Some(Usd(3)), complete: true }),
            (name("r", "b"), Share { cost: Some(Usd(8)), complete: false }),
            (name("r", "c"), Share { cost: None, complete: true }),
        ];
        assert_eq!(split, expected);
    }

    #[test]
    fn a_commit_whose_time_is_a_whole_second_was_made_within_it() {
        let calls = [ModelCall { at: Timestamp(1_400_000), cost: Some(Usd(5)) }];

        assert_eq!(shares(&[(Timestamp(1_000_000), name("r", "a"))], &calls)[0].1.cost, Some(Usd(5)));
        assert_eq!(shares(&[(Timestamp(1_000_001), name("r", "a"))], &calls)[0].1.cost, None);
    }

    #[test]
    fn nothing_priced_is_no_cost() {
        let mut share = Share::default();
        share.add(Share { cost: None, complete: false });

        assert_eq!(share, Share { cost: None, complete: false });
        share.add(Share { cost: Some(Usd(1)), complete: true });
        assert_eq!(share, Share { cost: Some(Usd(1)), complete: false });
    }
}
