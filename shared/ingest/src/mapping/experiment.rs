//! Experiments: what a span says of the try that it is (`langfuse.experiment.*`).
//!
//! The SDKs copy the attributes to every span below a try; the one whose id is `item.root_observation_id` is the try itself. A span that
//! names no such id is taken for the try when it is the root of its trace.

use agenttrace_domain::{Observation, RunItem, RunTelling, Timestamp, valid_id};

use super::keys::{Family, Lookup};
use crate::limits::{Dropped, Limits};
use crate::text::{json_string, long, short_some};
use crate::value::Value;

/// The try that this span is, if it is one.
pub(crate) fn run_item(attributes: &Lookup<'_, '_>, span: &Observation, limits: &Limits, dropped: &mut Dropped) -> Option<RunItem> {
    if !attributes.has_family(Family::Experiment) {
        return None;
    }
    let said = Said::of(attributes);
    let is_try = match said.root {
        Some(root) => root == span.id,
        None => span.is_root(),
    };
    let id = |value: Option<&Value<'_>>| value.map(|v| v.to_text().into_owned()).filter(|id| valid_id(id));
    let (run_id, item_id) = (id(said.id)?, id(said.item_id)?);
    if !is_try {
        return None;
    }
    let mut name = |value: Option<&Value<'_>>| value.and_then(|value| short_some(&value.to_text(), dropped));
    let (run_name, run_description) = (name(said.name), name(said.description));
    let dataset_id = id(said.dataset_id);
    let mut text = |value: Option<String>| value.map(|text| long(text, limits, dropped));
    Some(RunItem {
        telling: RunTelling::Span,
        run_name: run_name.or_else(|| Some(run_id.clone())),
        run_description,
        run_metadata: text(metadata(said.metadata, &said.metadata_keys)),
        item_metadata: text(metadata(said.item_metadata, &said.item_metadata_keys)),
        expected_output: text(said.expected_output.map(|v| v.to_text().into_owned())),
        // Anything but a time means nothing to us.
        item_version: said.item_version.and_then(|v| Timestamp::parse(&v.to_text())),
        dataset_id,
        run_id,
        item_id,
        trace_id: span.trace_id.clone(),
        observation_id: Some(span.id.clone()),
        start_time: span.start_time.unwrap_or_default(),
        end_time: span.end_time,
    })
}

type Pairs<'v, 'a> = Vec<(&'v str, &'v Value<'a>)>;

/// The attributes, sorted out.
#[derive(Default)]
struct Said<'v, 'a> {
    id: Option<&'v Value<'a>>,
    name: Option<&'v Value<'a>>,
    description: Option<&'v Value<'a>>,
    metadata: Option<&'v Value<'a>>,
    metadata_keys: Pairs<'v, 'a>,
    dataset_id: Option<&'v Value<'a>>,
    item_id: Option<&'v Value<'a>>,
    item_version: Option<&'v Value<'a>>,
    item_metadata: Option<&'v Value<'a>>,
    item_metadata_keys: Pairs<'v, 'a>,
    expected_output: Option<&'v Value<'a>>,
    root: Option<String>,
}

impl<'v, 'a> Said<'v, 'a> {
    fn of(attributes: &Lookup<'v, 'a>) -> Self {
        let mut said = Self::default();
        for (name, value) in attributes.family(Family::Experiment).filter(|(_, value)| value.is_meaningful()) {
            match name {
                "id" => said.id = Some(value),
                "name" => said.name = Some(value),
                "description" => said.description = Some(value),
                "metadata" => said.metadata = Some(value),
                "dataset.id" => said.dataset_id = Some(value),
                "item.id" => said.item_id = Some(value),
                "item.version" => said.item_version = Some(value),
                "item.metadata" => said.item_metadata = Some(value),
                "item.expected_output" => said.expected_output = Some(value),
                "item.root_observation_id" => said.root = Some(value.to_text().into_owned()),
                _ => {
                    if let Some(key) = name.strip_prefix("metadata.") {
                        said.metadata_keys.push((key, value));
                    } else if let Some(key) = name.strip_prefix("item.metadata.") {
                        said.item_metadata_keys.push((key, value));
                    }
                }
            }
        }
        said
    }
}

/// The whole object, or one made of single keys (Python's SDK 4 sends those, with values that are no strings as JSON).
fn metadata(whole: Option<&Value<'_>>, keys: &Pairs<'_, '_>) -> Option<String> {
    if let Some(whole) = whole {
        return Some(whole.to_text().into_owned());
    }
    if keys.is_empty() {
        return None;
    }
    let entries: Vec<String> = keys
        .iter()
        .map(|(key, value)| {
            let text = value.to_text();
            let is_json = serde_json::from_str::<serde::de::IgnoredAny>(&text).is_ok();
            format!("{}:{}", json_string(key), if is_json { text.into_owned() } else { json_string(&text) })
        })
        .collect();
    Some(format!("{{{}}}", entries.join(",")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::Attribute;

    fn told(attributes: &[(&str, &str)], span: &Observation) -> Option<RunItem> {
        let all: Vec<Attribute<'_>> = attributes
            .iter()
            .map(|(key, value)| Attribute { key: format!("langfuse.experiment.{key}").into(), value: Value::Text((*value).into()) })
            .collect();
        run_item(&Lookup::new(&all), span, &Limits::default(), &mut Dropped::default())
    }

    fn span(parent: Option<&str>) -> Observation {
        Observation {
            trace_id: "t".into(),
            id: "s".into(),
            parent_id: parent.map(str::to_owned),
            start_time: Some(Timestamp(5)),
            ..Observation::default()
        }
    }

    #[test]
    fn only_the_span_that_is_the_try_tells_it() {
        for (root, parent, expected) in
            [(Some("s"), Some("p"), true), (Some("p"), Some("p"), false), (None, None, true), (None, Some("p"), false)]
        {
            let mut attributes = vec![("id", "run"), ("item.id", "item")];
            attributes.extend(root.map(|root| ("item.root_observation_id", root)));
            assert_eq!(told(&attributes, &span(parent)).is_some(), expected, "{root:?} {parent:?}");
        }
    }

    #[test]
    fn a_try_needs_a_run_and_an_item() {
        let long = "x".repeat(801);
        for attributes in
            [vec![("id", "run")], vec![("item.id", "item")], vec![("id", ""), ("item.id", "i")], vec![("id", &long), ("item.id", "i")]]
        {
            assert_eq!(told(&attributes, &span(None)), None, "{attributes:?}");
        }
    }

    #[test]
    fn metadata_comes_whole_or_by_its_keys() {
        let whole =
            told(&[("id", "r"), ("item.id", "i"), ("metadata", "{\"a\":1}"), ("item.version", "2026-01-31T10:00:00Z")], &span(None));
        let keys = told(
            &[
                ("id", "r"),
                ("item.id", "i"),
                ("metadata.a", "1"),
                ("metadata.b.c", "plain"),
                ("item.metadata.x", "[1]"),
                ("item.version", "v2"),
            ],
            &span(None),
        );

        let (whole, keys) = (whole.expect("a try"), keys.expect("a try"));
        assert_eq!(whole.run_metadata.as_deref(), Some("{\"a\":1}"));
        assert_eq!(whole.item_version, Timestamp::parse("2026-01-31T10:00:00Z"));
        assert_eq!(keys.run_metadata.as_deref(), Some("{\"a\":1,\"b.c\":\"plain\"}"));
        assert_eq!((keys.item_metadata.as_deref(), keys.item_version), (Some("{\"x\":[1]}"), None));
    }
}
