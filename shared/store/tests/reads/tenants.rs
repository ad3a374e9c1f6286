//! Nothing of one project reaches another, whatever is asked.

use agenttrace_store::metrics::{Daily, Sums};
use agenttrace_store::observations::Texts;
use agenttrace_store::traces::{FacetColumn, List, Parts, Search};
use agenttrace_store::{Condition, TimeRange, observations, scores, sessions, traces};

use crate::support::{Db, at, score, second, step, trace};
use crate::traces::newest;

#[tokio::test]
async fn another_projects_data_is_not_found() {
    let db = Db::new().await;
    db.insert(&[
        trace("t", &second(0)).set("session_id", "s").set("name", "n").set("observation_count", 1),
        step("t", "o", &second(0)).set("input", "needle").set("model", "m").set("total_tokens", 1),
        score("c", &second(0)).set("trace_id", "t").set("value", 1),
    ])
    .await;
    let (mine, other) = (db.project(), db.other_project());
    let ids = ["t".to_owned()];
    let search = Search::parse(Some("needle"), None).expect("a search");
    let range = TimeRange::default();
    let all = Condition::default();
    let of_observations =
        observations::List { range, condition: all.clone(), trace_id: None, after: None, skip: 0, limit: 10, texts: Texts::ALL };
    let of_sessions = sessions::List { range, condition: all.clone(), order: sessions::Order::NEWEST, after: None, skip: 0, limit: 10 };
    let of_scores = scores::List { range, condition: all.clone(), after: None, skip: 0, limit: 10 };
    let mut joined = of_scores.clone();
    scores::of_traces_with(&mut joined.condition, None, vec![]);
    let daily = Daily { range, traces: all.clone(), skip: 0, limit: 10 };
    let month = TimeRange { from: Some(at(&second(-1))), to: Some(at(&second(86_400))) };
    let sums = Sums::new(month, &[], 10, true).expect("sums");

    for (project, n) in [(mine, 1), (other, 0)] {
        assert_eq!(project.list_traces(newest(10)).await.expect("a list").rows.len(), n);
        assert_eq!(project.list_traces(List { search: search.clone(), ..newest(10) }).await.expect("a list").rows.len(), n);
        assert_eq!(project.count_traces(range, all.clone(), search.as_ref()).await.expect("a count").0, n as u64);
        let whole = project.whole_trace("t", Parts { observations: Some((Texts::ALL, 10)), scores: true }).await.expect("an answer");
        assert_eq!(whole.map_or((0, 0), |w| (w.observations.len(), w.scores.len())), (n, n));
        assert_eq!(project.traces_by_id(&ids, traces::Texts::None).await.expect("rows").len(), n);
        assert_eq!(usize::from(project.get_observation(None, "o").await.expect("an answer").is_some()), n);
        assert_eq!(usize::from(project.get_observation(Some("t"), "o").await.expect("an answer").is_some()), n);
        assert_eq!(project.observation_ids(&ids).await.expect("ids").len(), n);
        assert_eq!(project.list_observations(of_observations.clone()).await.expect("a list").rows.len(), n);
        assert_eq!(project.count_observations(&of_observations).await.expect("a count"), n as u64);
        assert_eq!(project.list_sessions(of_sessions.clone()).await.expect("a list").rows.len(), n);
        assert_eq!(project.count_sessions(&of_sessions).await.expect("a count"), n as u64);
        assert_eq!(usize::from(project.get_session("s").await.expect("an answer").is_some()), n);
        assert_eq!(project.list_scores(of_scores.clone()).await.expect("a list").rows.len(), n);
        assert_eq!(project.list_scores(joined.clone()).await.expect("a list").rows.len(), n);
        assert_eq!(project.count_scores(&of_scores).await.expect("a count"), n as u64);
        assert_eq!(usize::from(project.get_score("c").await.expect("an answer").is_some()), n);
        assert_eq!(project.scores_of_traces(&ids).await.expect("rows").len(), n);
        assert_eq!(project.list_trace_facets(FacetColumn::parse("name").expect("a column"), "", range).await.expect("facets").len(), n);
        assert_eq!(project.daily_metrics(daily.clone()).await.expect("days").1, n as u64);
        assert_eq!(project.sums(&sums).await.expect("sums").total.observations, n as u64);
    }
    db.done().await;
}

#[tokio::test]
async fn a_hostile_project_id_is_only_a_value() {
    let db = Db::new().await;
    db.insert(&[trace("t", &second(0))]).await;

    for id in ["", "' OR 1=1 --", "project-a' --", "{project:String}", "\\", "a\0b"] {
        let store = agenttrace_store::Store::clone(db.store());
        assert_eq!(store.for_project(id).list_traces(newest(10)).await.expect("a list").rows.len(), 0, "{id:?}");
    }
    db.done().await;
}
