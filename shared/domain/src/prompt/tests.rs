use super::head::Head;
use super::reference::{Target, find, substitute};
use super::*;
use crate::Timestamp;

fn check_name(given: &str, expected: Option<&str>) {
    assert_eq!(names::name(given).ok().as_deref(), expected, "{given:?}");
}

#[test]
fn names_are_langfuses() {
    for (given, expected) in [
        ("a", Some("a")),
        ("  a b  ", Some("a b")),
        ("folder/sub folder/name", Some("folder/sub folder/name")),
        ("100% sure?", Some("100% sure?")),
        ("a#b+c&d=e", Some("a#b+c&d=e")),
        ("東京/🙂", Some("東京/🙂")),
        ("a < b", Some("a < b")),
        ("a > b < c", Some("a > b < c")),
        ("metrics/new", Some("metrics/new")),
        ("%2F", Some("%2F")),
        ("", None),
        ("   ", None),
        ("a|b", None),
        ("<b>bold</b>", None),
        ("/a", None),
        ("a/", None),
        ("a//b", None),
        ("a/ /b", None),
        ("../a", None),
        ("a/.", None),
        ("a\nb", None),
        ("a\0b", None),
        ("new", None),
        ("metrics", None),
    ] {
        check_name(given, expected);
    }
    check_name(&"x".repeat(255), Some(&"x".repeat(255)));
    check_name(&"x".repeat(256), None);
    check_name(&"🙂".repeat(128), None);
}

#[test]
fn labels_are_short_lower_case_tokens_and_never_latest() {
    let labels = |texts: &[&str]| names::labels(&texts.iter().map(|t| (*t).to_owned()).collect::<Vec<_>>());

    assert_eq!(labels(&["production", "v1.2_a-b", "production"]), Ok(vec!["production".to_owned(), "v1.2_a-b".to_owned()]));
    for wrong in ["latest", "", "Production", "a b", "ü", "a/b", &"x".repeat(37)] {
        assert!(labels(&[wrong]).is_err(), "{wrong}");
    }
    assert!(labels(&[&"x".repeat(36)]).is_ok());
}

#[test]
fn content_is_read_by_its_type() {
    let chat = r#"[{"role":"system","content":"a","extra":1},{"type":"placeholder","name":"history"},{"type":"chatmessage","role":"user","content":"b"}]"#;

    let content = Content::parse(PromptType::Chat, chat).expect("a chat");

    let told = r#"[{"role":"system","content":"a"},{"type":"placeholder","name":"history"},{"role":"user","content":"b"}]"#;
    assert_eq!(serde_json::to_string(&content).ok().as_deref(), Some(told));
    assert_eq!(serde_json::from_str::<Content>(told).ok(), Some(content));
    assert_eq!(Content::parse(PromptType::Text, r#""x""#), Ok(Content::Text("x".to_owned())));
    for (kind, json) in [
        (PromptType::Text, "[]"),
        (PromptType::Text, "null"),
        (PromptType::Text, "1"),
        (PromptType::Chat, r#""x""#),
        (PromptType::Chat, "{}"),
        (PromptType::Chat, r#"[{"role":"user"}]"#),
        (PromptType::Chat, r#"[{"role":"user","content":["x"]}]"#),
        (PromptType::Chat, r#"[{"type":"placeholder"}]"#),
        (PromptType::Chat, r#"[{"type":"placeholder","name":"1a"}]"#),
        (PromptType::Chat, r#"[{"type":"placeholder","name":"a b"}]"#),
        (PromptType::Chat, "[1]"),
    ] {
        assert!(Content::parse(kind, json).is_err(), "{json}");
    }
}

#[test]
fn a_name_is_a_variable_or_a_placeholder() {
    let chat = |text: &str| {
        Content::Chat(vec![
            Message::Chat { role: "user".to_owned(), content: text.to_owned() },
            Message::Placeholder { name: "history".to_owned() },
        ])
    };

    assert_eq!(chat("{{ history }} {{x}}").clashes(), ["history"]);
    assert!(chat("{{ histories }} history {{history").clashes().is_empty());
    assert!(Content::Text("{{history}}".to_owned()).clashes().is_empty());
}

#[test]
fn references_are_found_where_they_are_well_formed() {
    let version = |name: &str, v| Reference { name: name.to_owned(), target: Target::Version(v) };
    let label = |name: &str, l: &str| Reference { name: name.to_owned(), target: Target::Label(l.to_owned()) };
    for (text, expected) in [
        ("@@@langfusePrompt:name=a|version=3@@@", vec![version("a", 3)]),
        ("x @@@langfusePrompt:name=f/a b|label=production@@@ y", vec![label("f/a b", "production")]),
        ("@@@langfusePrompt:name=a=b|label=latest@@@", vec![label("a=b", "latest")]),
        ("@@@langfusePrompt:name=a|version=1@@@@@@langfusePrompt:name=b|version=2@@@", vec![version("a", 1), version("b", 2)]),
        ("@@@langfusePrompt:broken @@@langfusePrompt:name=b|version=2@@@", vec![version("b", 2)]),
        ("@@@langfusePrompt:version=1|name=a@@@", vec![]),
        ("@@@langfusePrompt:name=a@@@", vec![]),
        ("@@@langfusePrompt:name=a|version=0@@@", vec![]),
        ("@@@langfusePrompt:name=a|version=x@@@", vec![]),
        ("@@@langfusePrompt:name=a|version=1|label=x@@@", vec![]),
        ("@@@langfusePrompt:name=|version=1@@@", vec![]),
        ("@@@langfusePrompt:name=a|label=A B@@@", vec![]),
        ("@@@langfusePrompt:name=a|version=1", vec![]),
        ("@@@langfuseMedia:type=a|id=1@@@", vec![]),
    ] {
        assert_eq!(find(text).map(|(_, r)| r).collect::<Vec<_>>(), expected, "{text}");
    }
}

#[test]
fn texts_take_the_place_of_references_within_a_bound() {
    let text = "a @@@langfusePrompt:name=x|version=1@@@ b @@@langfusePrompt:name=y|version=1@@@ 🙂";
    let with = |r: &Reference| (r.name == "x").then_some("$1 \"X\"");

    assert_eq!(
        substitute(text, 1_000, with).as_deref(),
        Some("a $1 \"X\" b @@@langfusePrompt:name=y|version=1@@@ 🙂"),
        "what is not known stays"
    );
    assert_eq!(substitute(text, 20, with), None);
}

fn head() -> Head {
    let mut head = Head::new("id".to_owned(), "name".to_owned(), PromptType::Text, Timestamp(1));
    head.add_version(&["production".to_owned()], Some(vec!["t".to_owned()]), Timestamp(1));
    head.add_version(&["staging".to_owned(), "b".to_owned()], None, Timestamp(2));
    head
}

#[test]
fn a_label_is_on_one_version_and_latest_on_the_newest() {
    let mut head = head();
    assert_eq!((head.labels_of(1), head.labels_of(2)), (vec!["production".into()], vec!["staging".into(), "b".into(), "latest".into()]));

    head.put_labels(1, &["b".to_owned(), "c".to_owned()], Timestamp(3));

    assert_eq!(
        (head.labels_of(1), head.labels_of(2)),
        (vec!["b".into(), "c".into(), "production".into()], vec!["staging".into(), "latest".into()])
    );
    assert_eq!((head.version_of("b"), head.version_of("latest"), head.version_of("none")), (Some(1), Some(2), None));
    assert_eq!(head.versions.iter().map(|m| m.updated_at.0).collect::<Vec<_>>(), [3, 3], "both changed");
    head.take_labels(&["staging".to_owned()], Timestamp(4));
    assert_eq!(head.labels_of(2), ["latest"]);
}

#[test]
fn numbers_of_deleted_versions_are_not_given_again() {
    let mut head = head();
    head.config = Some("{}".to_owned());

    head.remove_versions(&[2], Timestamp(5));

    assert_eq!((head.version_of("latest"), head.version_of("staging"), head.config.as_deref()), (Some(1), None, None));
    assert_eq!(head.mark(1).map(|m| m.updated_at.0), Some(5));
    assert_eq!(head.add_version(&[], None, Timestamp(6)), 3);
    assert_eq!(head.tags, ["t"]);
}

#[test]
fn tags_are_the_same_on_all_versions() {
    let mut head = head();

    head.set_tags(vec!["x".to_owned()], Timestamp(9));

    assert_eq!(head.versions.iter().map(|m| m.updated_at.0).collect::<Vec<_>>(), [9, 9]);
    assert_eq!(head.updated_at(), Timestamp(9));
}
