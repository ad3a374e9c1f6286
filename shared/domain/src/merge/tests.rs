use super::*;

fn text(s: &str) -> Option<String> {
    Some(s.to_owned())
}

/// Applies the statements in every order and checks that the outcome is one and the same.
fn in_any_order(statements: &[(i64, Observation)]) -> Observation {
    let mut outcomes: Vec<Observation> = Vec::new();
    permutations(statements.len(), &mut |order| {
        let (mut row, mut times) = (Observation::default(), FieldTimes::default());
        for &i in order {
            merge_observation(&mut row, &mut times, statements[i].1.clone(), Timestamp(statements[i].0));
        }
        outcomes.push(row);
    });
    let first = outcomes.remove(0);
    for other in outcomes {
        assert_eq!(other, first);
    }
    first
}

fn permutations(n: usize, each: &mut impl FnMut(&[usize])) {
    fn go(order: &mut Vec<usize>, k: usize, each: &mut impl FnMut(&[usize])) {
        if k == order.len() {
            each(order);
            return;
        }
        for i in k..order.len() {
            order.swap(k, i);
            go(order, k + 1, each);
            order.swap(k, i);
        }
    }
    go(&mut (0..n).collect(), 0, each);
}

#[test]
fn create_and_updates_give_one_result_in_any_order() {
    let create =
        Observation { name: text("call"), input: text("q"), model: text("m"), level: Some(crate::Level::Default), ..Default::default() };
    let update = Observation { output: text("first"), name: text("renamed"), ..Default::default() };
    let last = Observation { output: text("final"), usage: vec![("input".into(), 3)], ..Default::default() };

    let row = in_any_order(&[(1, create), (2, update), (3, last)]);

    assert_eq!(row.name.as_deref(), Some("renamed"));
    assert_eq!(row.output.as_deref(), Some("final"));
    assert_eq!(row.input.as_deref(), Some("q"));
    assert_eq!(row.usage, vec![("input".to_owned(), 3)]);
}

#[test]
fn two_statements_at_the_same_time_do_not_depend_on_arrival() {
    let a = Observation { name: text("a"), ..Default::default() };
    let b = Observation { name: text("b"), ..Default::default() };

    assert_eq!(in_any_order(&[(5, a), (5, b)]).name.as_deref(), Some("b"));
}

#[test]
fn saying_nothing_erases_nothing() {
    let full = Observation { output: text("x"), ..Default::default() };

    assert_eq!(in_any_order(&[(1, full), (2, Observation::default())]).output.as_deref(), Some("x"));
}

#[test]
fn a_repeated_statement_changes_nothing() {
    let said = Trace {
        id: "t".into(),
        name: text("n"),
        tags: vec!["b".into(), "a".into()],
        metadata: vec![("k".into(), "{\"a\":1}".into())],
        ..Default::default()
    };
    let (mut row, mut times) = (Trace { id: "t".into(), ..Default::default() }, FieldTimes::default());
    merge_trace(&mut row, &mut times, said.clone(), Timestamp(1));
    let once = (row.clone(), times.clone());

    merge_trace(&mut row, &mut times, said, Timestamp(1));

    assert_eq!((row, times), once);
}

#[test]
fn tags_unite_until_a_person_edits_them() {
    let (mut row, mut times) = (Trace::default(), FieldTimes::default());
    merge_trace(&mut row, &mut times, Trace { tags: vec!["a".into()], ..Default::default() }, Timestamp(1));
    merge_trace(&mut row, &mut times, Trace { tags: vec!["b".into()], ..Default::default() }, Timestamp(2));
    assert_eq!(row.tags, ["a", "b"]);

    merge_trace(&mut row, &mut times, Trace { replace_tags: Some(vec!["c".into()]), ..Default::default() }, Timestamp(4));
    merge_trace(&mut row, &mut times, Trace { tags: vec!["late".into()], ..Default::default() }, Timestamp(3));

    assert_eq!(row.tags, ["c"]);
}

#[test]
fn metadata_merges_per_key_and_deeply() {
    let mut metadata = vec![("a".to_owned(), "1".to_owned()), ("o".to_owned(), r#"{"x":{"y":1},"z":1}"#.to_owned())];

    merge_metadata(&mut metadata, vec![("o".into(), r#"{"x":{"w":2},"z":null}"#.into()), ("b".into(), "2".into())], true);

    assert_eq!(metadata[0], ("a".to_owned(), "1".to_owned()));
    assert_eq!(metadata[1], ("b".to_owned(), "2".to_owned()));
    assert_eq!(serde_json::from_str::<Value>(&metadata[2].1).ok(), Some(serde_json::json!({"x": {"y": 1, "w": 2}, "z": 1})));
}

#[test]
fn a_patched_value_comes_whole() {
    use crate::{Score, ScoreDataType};
    let text = |t: &str| Some(t.to_owned());
    let stored = Score {
        id: "s".into(),
        name: text("tone"),
        value: Some(2.0),
        string_value: text("good"),
        data_type: Some(ScoreDataType::Categorical),
        config_id: text("c"),
        comment: text("old"),
        ..Score::default()
    };
    let number = Score { value: Some(0.5), data_type: Some(ScoreDataType::Numeric), ..Score::default() };
    let held = Score { config_id: text("d"), ..number.clone() };
    let comment = Score { comment: text("new"), ..Score::default() };
    for (patch, value, string_value, config_id) in
        [(number, Some(0.5), None, None), (held, Some(0.5), None, text("d")), (comment, Some(2.0), text("good"), text("c"))]
    {
        let mut row = stored.clone();

        merge_score(&mut row, patch.clone());

        assert_eq!((row.value, row.string_value, row.config_id), (value, string_value, config_id), "{patch:?}");
        assert_eq!(row.name, stored.name);
    }
}

#[test]
fn facts_of_agents_have_a_rank_of_their_own() {
    use crate::agent::{Rank, key};
    let fact = |rank: Rank, name: &str, value: &str| {
        (rank.at().0, Observation { metadata: vec![(name.to_owned(), value.to_owned())], ..Observation::default() })
    };

    let row = in_any_order(&[
        fact(Rank::Hint, key::COMMAND_DIR, "/guessed"),
        fact(Rank::Part, key::COMMAND_DIR, "/cut"),
        fact(Rank::Whole, key::FILES, "[]"),
        fact(Rank::Told, key::TOOL, "Bash"),
        fact(Rank::Told, key::TOOL, "exec_command"),
    ]);

    let said = |name: &str| row.metadata.iter().find(|(k, _)| k == name).map(|(_, v)| v.as_str());
    assert_eq!((said(key::COMMAND_DIR), said(key::TOOL)), (Some("/cut"), Some("exec_command")));
}

#[test]
fn a_fact_from_before_facts_had_times_keeps_the_rank_of_its_metadata() {
    use crate::agent::{Rank, key};
    let mut row = Observation { metadata: vec![(key::TOOL.to_owned(), "old".to_owned())], ..Observation::default() };
    let mut times = FieldTimes(vec![(13, Rank::Told.at().0)]);
    let said = |value: &str| Observation { metadata: vec![(key::TOOL.to_owned(), value.to_owned())], ..Observation::default() };

    merge_observation(&mut row, &mut times, said("weaker"), Rank::Part.at());
    assert_eq!(row.metadata[0].1, "old");
    merge_observation(&mut row, &mut times, said("better"), Rank::Whole.at());
    assert_eq!(row.metadata[0].1, "better");
}

#[test]
fn a_merged_row_is_the_sum_of_its_statements() {
    use crate::agent::{Rank, key};
    let (mut row, mut times) = (Observation::default(), FieldTimes::default());
    for (rank, said) in [
        (Rank::Hint, Observation { name: text("a"), tags: vec!["t".into()], session_id: text("s"), ..Observation::default() }),
        (Rank::Told, Observation { input: text("in"), level: Some(crate::Level::Warning), ..Observation::default() }),
        (Rank::Part, Observation { metadata: vec![(key::TOOL.into(), "bash".into()), ("x".into(), "1".into())], ..Observation::default() }),
        (Rank::Whole, Observation { end_time: Some(Timestamp(7)), usage: vec![("input".into(), 3)], ..Observation::default() }),
    ] {
        merge_observation(&mut row, &mut times, said, rank.at());
    }

    let (mut again, mut again_times) = (Observation::default(), FieldTimes::default());
    for (at, said) in statements_of(&row, &times) {
        merge_observation(&mut again, &mut again_times, said, at);
    }

    assert_eq!((again, again_times), (row, times));
}
