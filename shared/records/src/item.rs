//! Items: written and read attribute by attribute, so that what lies in the table is visible here and not a serializer's business.

use std::collections::HashMap;

use agenttrace_domain::Timestamp;
use aws_sdk_dynamodb::types::AttributeValue;

use crate::Error;

pub(crate) type Attributes = HashMap<String, AttributeValue>;

/// The version of an item's form. Raised when old code can't read the new form.
pub(crate) const VERSION: i64 = 1;

/// An item to be written.
#[derive(Debug, Clone)]
pub(crate) struct NewItem(Attributes);

impl NewItem {
    pub(crate) fn new(pk: String, sk: String) -> Self {
        Self(HashMap::new()).text("pk", pk).text("sk", sk).number("v", VERSION)
    }

    pub(crate) fn text(mut self, name: &str, value: impl Into<String>) -> Self {
        self.0.insert(name.to_owned(), AttributeValue::S(value.into()));
        self
    }

    pub(crate) fn maybe_text(self, name: &str, value: Option<&str>) -> Self {
        match value {
            Some(value) => self.text(name, value),
            None => self,
        }
    }

    pub(crate) fn number(mut self, name: &str, value: i64) -> Self {
        self.0.insert(name.to_owned(), AttributeValue::N(value.to_string()));
        self
    }

    pub(crate) fn maybe_number(self, name: &str, value: Option<i64>) -> Self {
        match value {
            Some(value) => self.number(name, value),
            None => self,
        }
    }

    pub(crate) fn texts(mut self, name: &str, values: impl IntoIterator<Item = (String, String)>) -> Self {
        let values = values.into_iter().map(|(k, v)| (k, AttributeValue::S(v))).collect();
        self.0.insert(name.to_owned(), AttributeValue::M(values));
        self
    }

    pub(crate) fn into_attributes(self) -> Attributes {
        self.0
    }
}

/// An item that was read.
#[derive(Debug, Clone)]
pub(crate) struct Item(Attributes);

impl Item {
    /// Refuses the forms of a future version.
    pub(crate) fn read(attributes: Attributes) -> Result<Self, Error> {
        let item = Self(attributes);
        match item.number("v")? {
            1..=VERSION => Ok(item),
            v => Err(Error::permanent("read an item", format!("version {v} of {} is not known here", item.name()))),
        }
    }

    pub(crate) fn text(&self, name: &str) -> Result<String, Error> {
        self.maybe_text(name).ok_or_else(|| self.lacks(name))
    }

    pub(crate) fn maybe_text(&self, name: &str) -> Option<String> {
        self.0.get(name).and_then(|v| v.as_s().ok()).cloned()
    }

    pub(crate) fn number(&self, name: &str) -> Result<i64, Error> {
        self.maybe_number(name).ok_or_else(|| self.lacks(name))
    }

    pub(crate) fn maybe_number(&self, name: &str) -> Option<i64> {
        self.0.get(name).and_then(|v| v.as_n().ok()).and_then(|n| n.parse().ok())
    }

    pub(crate) fn time(&self, name: &str) -> Result<Timestamp, Error> {
        self.number(name).map(Timestamp)
    }

    pub(crate) fn maybe_time(&self, name: &str) -> Option<Timestamp> {
        self.maybe_number(name).map(Timestamp)
    }

    pub(crate) fn texts(&self, name: &str) -> HashMap<String, String> {
        let values = self.0.get(name).and_then(|v| v.as_m().ok());
        values.into_iter().flatten().filter_map(|(k, v)| Some((k.clone(), v.as_s().ok()?.clone()))).collect()
    }

    /// The attribute is there, and what it holds makes no sense.
    pub(crate) fn broken(&self, name: &str) -> Error {
        Error::permanent("read an item", format!("`{name}` of {} can't be read", self.name()))
    }

    fn lacks(&self, name: &str) -> Error {
        Error::permanent("read an item", format!("{} has no `{name}`", self.name()))
    }

    /// The kind of item: the keys themselves may be an address or a hash, which do not belong in a log.
    fn name(&self) -> String {
        let kind = |name| self.maybe_text(name).unwrap_or_default().split('#').next().unwrap_or_default().to_owned();
        format!("a {}/{} item", kind("pk"), kind("sk"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn items_read_back_and_say_what_they_lack() {
        let written = NewItem::new("A#secret".into(), "B".into())
            .text("name", "x")
            .maybe_text("note", None)
            .number("n", 7)
            .texts("m", [("a".into(), "b".into())]);

        let item = Item::read(written.into_attributes()).expect("readable");

        assert_eq!(item.text("name").ok().as_deref(), Some("x"));
        assert_eq!((item.maybe_text("note"), item.maybe_number("n")), (None, Some(7)));
        assert_eq!(item.texts("m").get("a").map(String::as_str), Some("b"));
        let error = item.text("note").expect_err("absent");
        let cause = std::error::Error::source(&error).map(ToString::to_string).unwrap_or_default();
        assert!(cause.contains("a A/B item has no `note`") && !cause.contains("secret"), "{cause}");
    }

    #[test]
    fn a_future_version_is_not_guessed_at() {
        for v in [0, 2] {
            assert!(Item::read(NewItem::new("A".into(), "A".into()).number("v", v).into_attributes()).is_err());
        }
    }
}
