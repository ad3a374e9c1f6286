//! Migrations: numbered files, forward only, the same for every kind of ClickHouse. Each may run twice.

use clickhouse::Client;

use crate::Error;
use crate::connection::PROJECT_SETTING;

fn failed(error: clickhouse::error::Error) -> Error {
    Error::sort("migrate", error)
}

/// `(number, name, statements)`, in order. One statement ends with a `;` at the end of a line, or with the file.
pub const MIGRATIONS: &[(u32, &str, &str)] = &[
    (1, "observations", include_str!("../../migrations/0001_observations.sql")),
    (2, "traces", include_str!("../../migrations/0002_traces.sql")),
    (3, "trace_minutes", include_str!("../../migrations/0003_trace_minutes.sql")),
    (4, "scores", include_str!("../../migrations/0004_scores.sql")),
    (5, "deletions", include_str!("../../migrations/0005_deletions.sql")),
    (6, "dataset_run_items", include_str!("../../migrations/0006_dataset_run_items.sql")),
    (7, "agents", include_str!("../../migrations/0007_agents.sql")),
    (8, "trace_ends", include_str!("../../migrations/0008_trace_ends.sql")),
    (9, "commits", include_str!("../../migrations/0009_commits.sql")),
    (10, "tools", include_str!("../../migrations/0010_tools.sql")),
    (11, "no_statistics", include_str!("../../migrations/0011_no_statistics.sql")),
];

/// Tables with a `project_id`, which the readers' row policy guards.
pub const TENANT_TABLES: &[&str] = &[
    "observations",
    "traces",
    "trace_minutes",
    "scores",
    "dataset_run_items",
    "file_operations",
    "terminal_commands",
    "git_links",
    "ci_runs",
    "agent_metrics",
    "commits",
    "pull_requests",
];

/// ClickHouse as the administrator's user.
pub struct Migrator {
    client: Client,
    database: String,
}

/// A user to be made where users are made by SQL (ClickHouse Cloud).
pub struct User<'a> {
    pub name: &'a str,
    pub password: &'a str,
}

impl Migrator {
    #[must_use]
    pub fn new(url: &str, database: &str, user: &str, password: &str) -> Self {
        Self { client: Client::default().with_url(url).with_user(user).with_password(password), database: database.to_owned() }
    }

    /// Applies what has not been applied; gives the numbers of those that were.
    pub async fn run(&self) -> Result<Vec<u32>, Error> {
        let database = identifier(&self.database)?;
        self.client.query(&format!("CREATE DATABASE IF NOT EXISTS {database}")).execute().await.map_err(failed)?;
        let client = self.client.clone().with_database(&self.database);
        client
            .query("CREATE TABLE IF NOT EXISTS schema_migrations (number UInt32, name String, applied_at DateTime DEFAULT now()) ENGINE = ReplacingMergeTree ORDER BY number")
            .execute()
            .await.map_err(failed)?;
        let applied: Vec<u32> = client.query("SELECT number FROM schema_migrations FINAL").fetch_all().await.map_err(failed)?;
        let mut done = Vec::new();
        for (number, name, text) in MIGRATIONS.iter().filter(|(n, ..)| !applied.contains(n)) {
            for statement in statements(text) {
                client.query(&escaped(&statement)).execute().await.map_err(failed)?;
            }
            client
                .query("INSERT INTO schema_migrations (number, name) VALUES (?, ?)")
                .bind(number)
                .bind(name)
                .execute()
                .await
                .map_err(failed)?;
            done.push(*number);
        }
        Ok(done)
    }

    /// Makes the writer and the reader with the least rights, and the row policies that bind the reader to one project a query.
    /// `false` where users come from the server's own files: then nothing was changed.
    pub async fn make_users(&self, writer: &User<'_>, reader: &User<'_>) -> Result<bool, Error> {
        let database = identifier(&self.database)?;
        for user in [writer, reader] {
            let name = identifier(user.name)?;
            for verb in ["CREATE USER IF NOT EXISTS", "ALTER USER"] {
                let made = self.client.query(&format!("{verb} {name} IDENTIFIED BY ?")).bind(user.password).execute().await.map_err(failed);
                match made {
                    Err(error) if error.code().is_some_and(|code| USERS_ARE_NOT_OURS.contains(&code)) => return Ok(false),
                    other => other?,
                }
            }
        }
        let (writer, reader) = (identifier(writer.name)?, identifier(reader.name)?);
        let mut commands = vec![
            format!("GRANT SELECT, INSERT, ALTER DELETE, ALTER UPDATE ON {database}.* TO {writer}"),
            format!("GRANT SELECT ON {database}.* TO {reader}"),
        ];
        for table in TENANT_TABLES {
            commands.push(format!("CREATE ROW POLICY IF NOT EXISTS one_project ON {database}.{table} USING project_id = getSetting('{PROJECT_SETTING}') TO {reader}"));
            commands.push(format!("CREATE ROW POLICY IF NOT EXISTS all_projects ON {database}.{table} USING 1 TO ALL EXCEPT {reader}"));
        }
        for command in commands {
            self.client.query(&escaped(&command)).execute().await.map_err(failed)?;
        }
        Ok(true)
    }
}

/// ACCESS_STORAGE_READONLY and ACCESS_STORAGE_FOR_INSERTION_NOT_FOUND: users come from a file of the server's.
const USERS_ARE_NOT_OURS: [u32; 2] = [495, 514];

/// Our own names only: letters, digits and underscores, so that they need no quoting.
fn identifier(name: &str) -> Result<&str, Error> {
    let usable = !name.is_empty() && name.len() <= 64 && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
    if usable {
        Ok(name)
    } else {
        Err(Error::Configuration(format!("{name:?} cannot be a database or user name: use letters, digits and _")))
    }
}

/// The client takes `?` for a parameter; ours hold none.
fn escaped(statement: &str) -> String {
    statement.replace('?', "??")
}

fn statements(text: &str) -> Vec<String> {
    let without_comments: Vec<&str> = text.lines().filter(|l| !l.trim_start().starts_with("--")).collect();
    without_comments.join("\n").split(";\n").map(|s| s.trim().trim_end_matches(';').to_owned()).filter(|s| !s.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn migrations_are_numbered_without_gaps_and_hold_statements() {
        for (i, (number, name, text)) in MIGRATIONS.iter().enumerate() {
            assert_eq!(*number as usize, i + 1, "{name}");
            assert!(!statements(text).is_empty(), "{name}");
        }
    }

    #[test]
    fn names_that_need_quoting_are_refused() {
        assert!(identifier("agenttrace_reader").is_ok());
        for name in ["", "a b", "a;b", "a`b", "ä"] {
            assert!(identifier(name).is_err(), "{name:?}");
        }
    }
}
