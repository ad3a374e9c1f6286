//! Score configs. They are archived, never deleted: scores refer to them.

use agenttrace_domain::score_config::Category;
use agenttrace_domain::{ScoreConfig, ScoreDataType, ScoreRule, Timestamp};

use crate::item::{Item, NewItem};
use crate::pages::{PageRange, Paged, Part};
use crate::table::number;
use crate::{Error, Records};

/// More configs in one project are a mistake.
const MAX_CONFIGS: u64 = 1_000;
/// Ids of ours have 36 bytes; what is longer is none.
const ID_MAX_BYTES: usize = 64;

fn pk(project_id: &str) -> String {
    format!("SCORECONFIGS#{project_id}")
}

fn sk(id: &str) -> String {
    format!("CONFIG#{id}")
}

fn part(pk: &str) -> Part<'_> {
    Part { attempt: "list score configs", pk, sk_prefix: "CONFIG#", only: &[] }
}

fn to_item(config: &ScoreConfig) -> NewItem {
    let (min, max) = config.rule.bounds();
    let categories = match &config.rule {
        ScoreRule::Categorical(categories) => {
            let pairs: Vec<(&str, f64)> = categories.iter().map(|c| (c.label.as_str(), c.value)).collect();
            serde_json::to_string(&pairs).ok()
        }
        ScoreRule::Numeric { .. } | ScoreRule::Boolean | ScoreRule::Text => None,
    };
    NewItem::new(pk(&config.project_id), sk(&config.id))
        .text("id", &config.id)
        .text("project_id", &config.project_id)
        .text("name", &config.name)
        .maybe_text("description", config.description.as_deref())
        .text("data_type", config.rule.data_type().as_str())
        .maybe_text("min", min.map(|n| n.to_string()).as_deref())
        .maybe_text("max", max.map(|n| n.to_string()).as_deref())
        .maybe_text("categories", categories.as_deref())
        .number("is_archived", i64::from(config.is_archived))
        .number("created_at", config.created_at.0)
        .number("updated_at", config.updated_at.0)
}

fn from_item(item: &Item) -> Result<ScoreConfig, Error> {
    let bound = |name| item.maybe_text(name).map(|text| text.parse::<f64>().map_err(|_| item.broken(name))).transpose();
    let data_type = ScoreDataType::parse(&item.text("data_type")?).ok_or_else(|| item.broken("data_type"))?;
    let categories = match item.maybe_text("categories") {
        Some(text) => {
            let pairs: Vec<(String, f64)> = serde_json::from_str(&text).map_err(|_| item.broken("categories"))?;
            Some(pairs.into_iter().map(|(label, value)| Category { label, value }).collect())
        }
        None => None,
    };
    Ok(ScoreConfig {
        id: item.text("id")?,
        project_id: item.text("project_id")?,
        name: item.text("name")?,
        description: item.maybe_text("description"),
        rule: ScoreRule::new(data_type, bound("min")?, bound("max")?, categories).map_err(|_| item.broken("categories"))?,
        is_archived: item.number("is_archived")? != 0,
        created_at: item.time("created_at")?,
        updated_at: item.time("updated_at")?,
    })
}

impl Records {
    /// Writes a new config.
    pub async fn create_score_config(&self, config: &ScoreConfig) -> Result<(), Error> {
        if self.count_rows(part(&pk(&config.project_id))).await? >= MAX_CONFIGS {
            return Err(Error::Conflict(format!("The project has {MAX_CONFIGS} score configs already. Change one that is not used.")));
        }
        let put = self.client.put_item().table_name(&self.table).set_item(Some(to_item(config).into_attributes()));
        put.send().await.map(drop).map_err(|e| Error::from_sdk("create a score config", e))
    }

    pub async fn score_config(&self, project_id: &str, id: &str) -> Result<Option<ScoreConfig>, Error> {
        self.read("read a score config", &pk(project_id), &sk(id)).await?.as_ref().map(from_item).transpose()
    }

    /// Those of these configs that the project has, in any order.
    pub async fn score_configs(&self, project_id: &str, ids: &[String]) -> Result<Vec<ScoreConfig>, Error> {
        let keys = ids.iter().filter(|id| id.len() <= ID_MAX_BYTES).map(|id| (pk(project_id), sk(id))).collect();
        self.read_many("read score configs", keys).await?.iter().map(from_item).collect()
    }

    /// A page of the project's configs, newest first.
    pub async fn list_score_configs(&self, project_id: &str, range: PageRange) -> Result<Paged<ScoreConfig>, Error> {
        self.page(part(&pk(project_id)), range).await?.try_map(from_item)
    }

    /// Replaces a config, if it still is the one that was read with `updated_at`. `false` when another change was faster.
    pub async fn replace_score_config(&self, config: &ScoreConfig, read_at: Timestamp) -> Result<bool, Error> {
        let put = self
            .client
            .put_item()
            .table_name(&self.table)
            .set_item(Some(to_item(config).into_attributes()))
            .condition_expression("updated_at = :read_at")
            .expression_attribute_values(":read_at", number(read_at.0));
        match put.send().await {
            Ok(_) => Ok(true),
            Err(e) if e.as_service_error().is_some_and(|e| e.is_conditional_check_failed_exception()) => Ok(false),
            Err(e) => Err(Error::from_sdk("change a score config", e)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_reads_back() {
        let category = |label: &str, value| Category { label: label.to_owned(), value };
        for rule in [
            ScoreRule::Numeric { min: Some(-0.1), max: Some(1e300) },
            ScoreRule::Numeric { min: None, max: None },
            ScoreRule::Boolean,
            ScoreRule::Categorical(vec![category("naïve \"x\"", 0.1), category("b", -2.0)]),
            ScoreRule::Text,
        ] {
            let config = ScoreConfig {
                id: "c".into(),
                project_id: "p".into(),
                name: "n".into(),
                description: Some("d".into()),
                rule,
                is_archived: true,
                created_at: Timestamp(1),
                updated_at: Timestamp(2),
            };

            let item = Item::read(to_item(&config).into_attributes()).expect("readable");

            assert_eq!(from_item(&item).expect("a config"), config);
        }
    }
}
