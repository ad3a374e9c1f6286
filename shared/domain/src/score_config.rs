//! Score configs: what scores of a name may say. A config is right by construction ([`ScoreConfig::checked`], [`ScoreRule::new`]), and a
//! score that names one is held to it ([`ScoreRule::settle`]).

use crate::{ScoreDataType, Timestamp};

pub const NAME_MAX_CHARS: usize = 35;
pub const DESCRIPTION_MAX_CHARS: usize = 2_000;
pub const MAX_CATEGORIES: usize = 100;
pub const LABEL_MAX_CHARS: usize = 200;

/// A text that stands for a number.
#[derive(Debug, Clone, PartialEq)]
pub struct Category {
    pub label: String,
    pub value: f64,
}

/// What a config allows, by its data type.
#[derive(Debug, Clone, PartialEq)]
pub enum ScoreRule {
    /// Bounds are inclusive; none is no bound.
    Numeric {
        min: Option<f64>,
        max: Option<f64>,
    },
    Boolean,
    /// At least one; labels and values are unique.
    Categorical(Vec<Category>),
    Text,
}

#[derive(Debug, Clone, PartialEq)]
pub struct ScoreConfig {
    pub id: String,
    pub project_id: String,
    pub name: String,
    pub description: Option<String>,
    pub rule: ScoreRule,
    /// Takes no new scores.
    pub is_archived: bool,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

impl ScoreRule {
    /// A rule of a data type with what goes with it. The error is for the caller.
    pub fn new(data_type: ScoreDataType, min: Option<f64>, max: Option<f64>, categories: Option<Vec<Category>>) -> Result<Self, String> {
        if data_type != ScoreDataType::Numeric && (min.is_some() || max.is_some()) {
            return Err(format!("minValue and maxValue go with NUMERIC, not with {}", data_type.as_str()));
        }
        if data_type != ScoreDataType::Categorical && categories.is_some() {
            return Err(format!("categories go with CATEGORICAL, not with {}", data_type.as_str()));
        }
        match data_type {
            ScoreDataType::Numeric => {
                if [min, max].into_iter().flatten().any(|bound| !bound.is_finite()) {
                    return Err("minValue and maxValue must be finite numbers".to_owned());
                }
                match (min, max) {
                    (Some(min), Some(max)) if max <= min => Err("maxValue must be greater than minValue".to_owned()),
                    _ => Ok(Self::Numeric { min, max }),
                }
            }
            ScoreDataType::Boolean => Ok(Self::Boolean),
            ScoreDataType::Categorical => checked_categories(categories.unwrap_or_default()).map(Self::Categorical),
            ScoreDataType::Text => Ok(Self::Text),
            ScoreDataType::Correction => Err("dataType must be one of NUMERIC, BOOLEAN, CATEGORICAL, TEXT".to_owned()),
        }
    }

    #[must_use]
    pub const fn data_type(&self) -> ScoreDataType {
        match self {
            Self::Numeric { .. } => ScoreDataType::Numeric,
            Self::Boolean => ScoreDataType::Boolean,
            Self::Categorical(_) => ScoreDataType::Categorical,
            Self::Text => ScoreDataType::Text,
        }
    }

    #[must_use]
    pub const fn bounds(&self) -> (Option<f64>, Option<f64>) {
        match self {
            Self::Numeric { min, max } => (*min, *max),
            Self::Boolean | Self::Categorical(_) | Self::Text => (None, None),
        }
    }

    /// The categories that scores may have; those of BOOLEAN are always the same.
    #[must_use]
    pub fn categories(&self) -> Option<Vec<Category>> {
        let of = |label: &str, value| Category { label: label.to_owned(), value };
        match self {
            Self::Categorical(categories) => Some(categories.clone()),
            Self::Boolean => Some(vec![of("True", 1.0), of("False", 0.0)]),
            Self::Numeric { .. } | Self::Text => None,
        }
    }

    /// The number to keep of a value that already fits the data type: itself when it is within the bounds, a label's by the categories.
    pub fn settle(&self, number: Option<f64>, text: Option<&str>) -> Result<Option<f64>, String> {
        match self {
            Self::Numeric { min, max } => {
                let value = number.ok_or("value must be a number by its score config")?;
                if min.is_some_and(|min| value < min) {
                    return Err(format!("value {value} is below {}, the least that its score config allows", min.unwrap_or_default()));
                }
                if max.is_some_and(|max| value > max) {
                    return Err(format!("value {value} is above {}, the most that its score config allows", max.unwrap_or_default()));
                }
                Ok(Some(value))
            }
            Self::Categorical(categories) => {
                let label = text.ok_or("value must be a label by its score config")?;
                let found = categories.iter().find(|c| c.label == label);
                found.map(|c| Some(c.value)).ok_or_else(|| format!("value must be one of {} by its score config", listed(categories)))
            }
            Self::Boolean | Self::Text => Ok(number),
        }
    }
}

impl ScoreConfig {
    /// The config, if its name and description may be so. The error is for the caller.
    pub fn checked(self) -> Result<Self, String> {
        let length = self.name.chars().count();
        let allowed = |c: char| c.is_alphanumeric() || matches!(c, '_' | ' ' | '.' | '(' | ')' | '-');
        if length == 0 || length > NAME_MAX_CHARS || !self.name.chars().all(allowed) || self.name.trim().is_empty() {
            return Err(format!("name must have 1 to {NAME_MAX_CHARS} letters, numbers, blanks and _ . ( ) -"));
        }
        if self.description.as_ref().is_some_and(|d| d.chars().count() > DESCRIPTION_MAX_CHARS) {
            return Err(format!("description must have at most {DESCRIPTION_MAX_CHARS} characters"));
        }
        Ok(self)
    }
}

fn checked_categories(categories: Vec<Category>) -> Result<Vec<Category>, String> {
    if categories.is_empty() || categories.len() > MAX_CATEGORIES {
        return Err(format!("categories must be a list of 1 to {MAX_CATEGORIES} {{label, value}}"));
    }
    for (at, category) in categories.iter().enumerate() {
        let length = category.label.chars().count();
        if length == 0 || length > LABEL_MAX_CHARS {
            return Err(format!("a category's label must have 1 to {LABEL_MAX_CHARS} characters"));
        }
        if !category.value.is_finite() {
            return Err("a category's value must be a finite number".to_owned());
        }
        let before = &categories[..at];
        if before.iter().any(|c| c.label == category.label) {
            return Err(format!("categories must have unique labels: {:?} stands twice", category.label));
        }
        if before.iter().any(|c| c.value == category.value) {
            return Err(format!("categories must have unique values: {} stands twice", category.value));
        }
    }
    Ok(categories)
}

/// The first labels, for an error.
fn listed(categories: &[Category]) -> String {
    let labels: Vec<&str> = categories.iter().take(10).map(|c| c.label.as_str()).collect();
    let more = if categories.len() > labels.len() { ", …" } else { "" };
    format!("{}{more}", labels.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn categories(pairs: &[(&str, f64)]) -> Option<Vec<Category>> {
        Some(pairs.iter().map(|(label, value)| Category { label: (*label).to_owned(), value: *value }).collect())
    }

    #[test]
    fn rules_that_contradict_themselves_are_not_made() {
        use ScoreDataType::{Boolean, Categorical, Correction, Numeric, Text};
        for (data_type, min, max, categories, expected) in [
            (Numeric, None, None, None, true),
            (Numeric, Some(0.0), Some(1.0), None, true),
            (Numeric, Some(1.0), Some(1.0), None, false),
            (Numeric, Some(2.0), Some(1.0), None, false),
            (Numeric, Some(f64::NAN), None, None, false),
            (Numeric, None, None, categories(&[("a", 1.0)]), false),
            (Boolean, None, None, None, true),
            (Boolean, Some(0.0), None, None, false),
            (Boolean, None, None, categories(&[("True", 1.0), ("False", 0.0)]), false),
            (Categorical, None, None, categories(&[("a", 1.0), ("b", 2.0)]), true),
            (Categorical, None, None, None, false),
            (Categorical, None, None, categories(&[]), false),
            (Categorical, None, None, categories(&[("a", 1.0), ("a", 2.0)]), false),
            (Categorical, None, None, categories(&[("a", 1.0), ("b", 1.0)]), false),
            (Categorical, None, None, categories(&[("", 1.0)]), false),
            (Categorical, None, Some(1.0), categories(&[("a", 1.0)]), false),
            (Text, None, None, None, true),
            (Text, None, None, categories(&[("a", 1.0)]), false),
            (Correction, None, None, None, false),
        ] {
            let made = ScoreRule::new(data_type, min, max, categories.clone());
            assert_eq!(made.is_ok(), expected, "{data_type:?} {min:?} {max:?} {categories:?}: {made:?}");
        }
    }

    #[test]
    fn values_are_held_to_the_rule() {
        let range = ScoreRule::Numeric { min: Some(0.0), max: Some(5.0) };
        let labels = ScoreRule::Categorical(categories(&[("good", 2.0), ("bad", -1.0)]).unwrap_or_default());
        for (rule, number, text, expected) in [
            (&range, Some(0.0), None, Some(Some(0.0))),
            (&range, Some(5.0), None, Some(Some(5.0))),
            (&range, Some(5.1), None, None),
            (&range, Some(-0.1), None, None),
            (&range, None, Some("3"), None),
            (&labels, None, Some("good"), Some(Some(2.0))),
            (&labels, None, Some("bad"), Some(Some(-1.0))),
            (&labels, None, Some("Good"), None),
            (&labels, Some(2.0), None, None),
            (&ScoreRule::Boolean, Some(1.0), Some("True"), Some(Some(1.0))),
            (&ScoreRule::Text, None, Some("any"), Some(None)),
        ] {
            assert_eq!(rule.settle(number, text).ok(), expected, "{rule:?} {number:?} {text:?}");
        }
    }

    #[test]
    fn names_are_short_and_plain() {
        for (name, expected) in [
            ("accuracy", true),
            ("Überprüfung (v1.2) - 東京_x", true),
            ("", false),
            ("   ", false),
            ("a/b", false),
            ("a\n", false),
            ("<b>", false),
            (&"x".repeat(35), true),
            (&"x".repeat(36), false),
        ] {
            let config = ScoreConfig {
                id: "c".into(),
                project_id: "p".into(),
                name: name.to_owned(),
                description: None,
                rule: ScoreRule::Text,
                is_archived: false,
                created_at: Timestamp(0),
                updated_at: Timestamp(0),
            };
            assert_eq!(config.checked().is_ok(), expected, "{name:?}");
        }
    }
}
