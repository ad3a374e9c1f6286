//! OpenCode's database, read beside the agent: read-only, a session at a time, without ever keeping it waiting.

use std::path::Path;
use std::time::Duration;

use agenttrace_transcripts::opencode::{Conversation, SessionRow};
use agenttrace_transcripts::{Skip, Story};
use anyhow::{Context as _, Result};
use rusqlite::{Connection, OpenFlags};
use serde_json::Value;

use super::sources::Transcript;
use super::state::hash;
use super::{ENOUGH, Import, Only};

impl Import<'_> {
    /// Reads the sessions that were written to since the last time.
    pub fn read_database(&mut self, database: &Transcript, story: &mut Story<'_>) -> Result<()> {
        let connection = open(&database.path)?;
        let since = self.since.and_then(|since| since.duration_since(std::time::UNIX_EPOCH).ok()).unwrap_or_default().as_millis();
        let since = i64::try_from(since).unwrap_or(i64::MAX);
        let mut any = false;
        for (row, updated) in sessions(&connection, since)? {
            let is_asked_for = match self.only {
                None => true,
                Some(Only::Session(id)) => row.id == id || row.parent.as_deref() == Some(id),
                Some(Only::Folder(folder)) => Path::new(&row.folder) == folder,
            };
            if !is_asked_for {
                continue;
            }
            // Noted as a transcript of its own, whose length is the time of its last change.
            let session = Transcript { path: database.path.join(&row.id), size: updated.unsigned_abs(), modified: updated, born: 0 };
            let begin = hash(row.id.as_bytes());
            let Some(sent) = self.state.sent(&session, begin) else { continue };
            any = true;
            let told = self.read_session(&connection, row, i64::try_from(sent).unwrap_or(0), story);
            self.send(&session, begin, session.size, story)?;
            told?;
        }
        if any {
            self.report.read(database)
        } else {
            self.report.unchanged(database)
        }
        Ok(())
    }

    fn read_session(&mut self, connection: &Connection, row: SessionRow, sent: i64, story: &mut Story<'_>) -> Result<()> {
        let id = row.id.clone();
        let mut conversation = Conversation::new(row);
        let mut messages =
            connection.prepare("SELECT id, time_updated, data FROM message WHERE session_id = ?1 ORDER BY time_created, id")?;
        let mut parts = connection.prepare("SELECT time_updated, data FROM part WHERE message_id = ?1 ORDER BY id")?;
        let mut rows = messages.query([&id])?;
        while let Some(message) = rows.next()? {
            let (name, mut updated): (String, i64) = (message.get(0)?, message.get(1)?);
            let data = json(message.get_ref(2)?);
            let mut read = Vec::new();
            let mut of_message = parts.query([&name])?;
            while let Some(part) = of_message.next()? {
                updated = updated.max(part.get(0)?);
                read.extend(json(part.get_ref(1)?));
            }
            let fresh = updated > sent;
            story.fresh(fresh);
            let told = match &data {
                Some(data) => conversation.message(&name, data, &read, story),
                None => Err(Skip::NotJson),
            };
            self.report.row(fresh, told.err());
            if story.bytes() >= ENOUGH {
                self.pass_on(story)?;
            }
        }
        Ok(())
    }
}

/// The agent may be running: nothing is locked or written, and what it is writing is waited for, not for long.
fn open(path: &Path) -> Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags).with_context(|| format!("cannot open {}", path.display()))?;
    connection.busy_timeout(Duration::from_secs(5))?;
    connection.pragma_update(None, "query_only", true)?;
    Ok(connection)
}

/// Sessions with the time of their last change, the first begun first.
fn sessions(connection: &Connection, since: i64) -> Result<Vec<(SessionRow, i64)>> {
    let mut statement = connection
        .prepare(
            "SELECT id, parent_id, version, directory, title, time_updated FROM session WHERE time_updated >= ?1 ORDER BY time_created, id",
        )
        .context("this is no database of OpenCode, or of another version")?;
    let rows = statement.query_map([since], |row| {
        let session = SessionRow { id: row.get(0)?, parent: row.get(1)?, version: row.get(2)?, folder: row.get(3)?, title: row.get(4)? };
        Ok((session, row.get(5)?))
    })?;
    rows.collect::<Result<_, _>>().context("cannot read the sessions")
}

fn json(value: rusqlite::types::ValueRef<'_>) -> Option<Value> {
    serde_json::from_slice(value.as_bytes().ok()?).ok()
}
