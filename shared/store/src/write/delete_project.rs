//! Deleting all rows of a project, in every table that has such.

use super::Writer;
use crate::Error;
use crate::migrate::TENANT_TABLES;

impl Writer {
    /// Deletes everything that a project holds. Gone for readers when this returns; gone from disk soon after. May be done twice.
    pub async fn delete_project(&self, project_id: &str) -> Result<(), Error> {
        for table in TENANT_TABLES {
            self.client
                .query(&format!("DELETE FROM {table} WHERE project_id = ?"))
                .bind(project_id)
                .with_setting("lightweight_deletes_sync", "2")
                .with_setting("max_execution_time", "250")
                .execute()
                .await
                .map_err(|e| Error::sort("delete a project's rows", e))?;
        }
        self.purge(TENANT_TABLES).await
    }
}
