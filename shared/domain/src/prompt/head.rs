//! Which versions a prompt has, and which label is on which of them. One value that changes as a whole, so that a label cannot be on two
//! versions.

use serde::{Deserialize, Serialize};

use super::{LATEST, PromptType};
use crate::Timestamp;

/// What all versions of a prompt have in common.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head {
    /// Of the prompt as a whole. A prompt that is deleted and made again has another.
    pub id: String,
    pub name: String,
    pub kind: PromptType,
    pub tags: Vec<String>,
    /// In ascending order. Never empty.
    pub versions: Vec<VersionMark>,
    /// The highest number that was ever given: one that was deleted is not given again.
    pub last_version: u32,
    /// Each label with its version, without `latest`; in the order in which they were set.
    pub labels: Vec<(String, u32)>,
    /// The newest version's config, when it is short.
    pub config: Option<String>,
    pub created_at: Timestamp,
}

/// A version, and when it, its labels or the tags were changed last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "(u32, i64)", into = "(u32, i64)")]
pub struct VersionMark {
    pub version: u32,
    pub updated_at: Timestamp,
}

impl From<(u32, i64)> for VersionMark {
    fn from((version, updated_at): (u32, i64)) -> Self {
        Self { version, updated_at: Timestamp(updated_at) }
    }
}

impl From<VersionMark> for (u32, i64) {
    fn from(mark: VersionMark) -> Self {
        (mark.version, mark.updated_at.0)
    }
}

impl Head {
    /// A prompt that has no version yet; [`Self::add_version`] is next.
    #[must_use]
    pub const fn new(id: String, name: String, kind: PromptType, created_at: Timestamp) -> Self {
        Self { id, name, kind, tags: Vec::new(), versions: Vec::new(), last_version: 0, labels: Vec::new(), config: None, created_at }
    }

    #[must_use]
    pub fn newest(&self) -> Option<VersionMark> {
        self.versions.last().copied()
    }

    #[must_use]
    pub fn mark(&self, version: u32) -> Option<VersionMark> {
        let at = self.versions.binary_search_by_key(&version, |m| m.version).ok()?;
        self.versions.get(at).copied()
    }

    /// The version that a label is on.
    #[must_use]
    pub fn version_of(&self, label: &str) -> Option<u32> {
        if label == LATEST {
            return self.newest().map(|m| m.version);
        }
        self.labels.iter().find(|(l, _)| l == label).map(|(_, v)| *v)
    }

    /// A version's labels in the order in which they were set, `latest` last.
    #[must_use]
    pub fn labels_of(&self, version: u32) -> Vec<String> {
        let mut labels: Vec<String> = self.labels.iter().filter(|(_, v)| *v == version).map(|(l, _)| l.clone()).collect();
        if self.newest().is_some_and(|m| m.version == version) {
            labels.push(LATEST.to_owned());
        }
        labels
    }

    #[must_use]
    pub fn updated_at(&self) -> Timestamp {
        self.versions.iter().map(|m| m.updated_at).max().unwrap_or(self.created_at)
    }

    /// Adds the next version, which takes the labels; gives its number.
    pub fn add_version(&mut self, labels: &[String], tags: Option<Vec<String>>, now: Timestamp) -> u32 {
        if let Some(before) = self.versions.last_mut() {
            before.updated_at = now; // it loses `latest`
        }
        self.last_version = self.last_version.max(self.newest().map_or(0, |m| m.version)) + 1;
        self.versions.push(VersionMark { version: self.last_version, updated_at: now });
        self.put_labels(self.last_version, labels, now);
        if let Some(tags) = tags {
            self.set_tags(tags, now);
        }
        self.last_version
    }

    /// Puts labels on a version, beside those that it has; they leave the versions they were on.
    pub fn put_labels(&mut self, version: u32, labels: &[String], now: Timestamp) {
        let moved: Vec<u32> = labels.iter().filter_map(|l| self.version_of(l)).filter(|v| *v != version).collect();
        self.labels.retain(|(l, _)| !labels.contains(l));
        self.labels.splice(0..0, labels.iter().map(|l| (l.clone(), version)));
        for version in moved.into_iter().chain([version]) {
            self.touch(version, now);
        }
    }

    /// Takes labels away, wherever they are.
    pub fn take_labels(&mut self, labels: &[String], now: Timestamp) {
        let versions: Vec<u32> = self.labels.iter().filter(|(l, _)| labels.contains(l)).map(|(_, v)| *v).collect();
        self.labels.retain(|(l, _)| !labels.contains(l));
        for version in versions {
            self.touch(version, now);
        }
    }

    pub fn set_tags(&mut self, tags: Vec<String>, now: Timestamp) {
        if tags == self.tags {
            return;
        }
        self.tags = tags;
        for mark in &mut self.versions {
            mark.updated_at = now;
        }
    }

    /// Removes versions with their labels. `latest` falls to the newest that stays.
    pub fn remove_versions(&mut self, versions: &[u32], now: Timestamp) {
        let newest = self.newest().map(|m| m.version);
        self.versions.retain(|m| !versions.contains(&m.version));
        self.labels.retain(|(_, v)| !versions.contains(v));
        if let Some(now_newest) = self.newest().map(|m| m.version)
            && newest != Some(now_newest)
        {
            self.config = None;
            self.touch(now_newest, now);
        }
    }

    fn touch(&mut self, version: u32, now: Timestamp) {
        if let Ok(at) = self.versions.binary_search_by_key(&version, |m| m.version)
            && let Some(mark) = self.versions.get_mut(at)
        {
            mark.updated_at = now;
        }
    }
}
