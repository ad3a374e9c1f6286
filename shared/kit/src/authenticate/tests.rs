use super::*;
use crate::request::{HttpContext, HttpEvent, HttpLine};

fn request(method: &str, headers: &[(&str, &str)]) -> Request {
    let event = HttpEvent {
        raw_path: "/".to_owned(),
        raw_query_string: String::new(),
        cookies: Vec::new(),
        headers: headers.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect(),
        request_context: HttpContext { http: HttpLine { method: method.to_owned(), source_ip: String::new() }, request_id: String::new() },
        body: None,
        is_base64_encoded: false,
    };
    Request::from_event(event).expect("a request")
}

#[test]
fn requests_that_another_site_may_have_caused_are_refused() {
    for (name, method, headers, allowed) in [
        ("our page", "POST", &[("sec-fetch-site", "same-origin")][..], true),
        ("typed by the user", "GET", &[("sec-fetch-site", "none")], true),
        ("another site", "POST", &[("sec-fetch-site", "cross-site"), ("content-type", "application/json")], false),
        ("a sister site", "POST", &[("sec-fetch-site", "same-site"), ("x-agenttrace-client", "x")], false),
        ("another site reads", "GET", &[("sec-fetch-site", "cross-site")], false),
        ("a form, old browser", "POST", &[("content-type", "application/x-www-form-urlencoded")], false),
        ("text that holds JSON", "POST", &[("content-type", "text/plain; x=application/json")], false),
        ("nothing said", "DELETE", &[], false),
        ("JSON", "POST", &[("content-type", "Application/JSON; charset=utf-8")], true),
        ("marked", "POST", &[("x-agenttrace-client", "dashboard")], true),
        ("with a project", "DELETE", &[("x-agenttrace-project-id", "p")], true),
        ("a read, old browser", "GET", &[], true),
    ] {
        assert_eq!(refuse_cross_site(&request(method, headers)).is_ok(), allowed, "{name}");
    }
}

#[test]
fn callers_may_do_what_their_kind_and_role_allow() {
    let key = Caller::Key { project_id: "p".into(), organization_id: "o".into(), public_key: "k".into() };
    let public = Caller::PublicKey { project_id: "p".into(), public_key: "k".into() };
    let member = |role| Caller::Member { project_id: "p".into(), organization_id: "o".into(), user_id: "u".into(), role };
    for (name, caller, scope, public_key_allowed, allowed) in [
        ("a key reads", key.clone(), Scope::Read, false, true),
        ("a key manages keys", key, Scope::Admin, false, false),
        ("a public key scores", public.clone(), Scope::Scores, true, true),
        ("a public key scores where only pairs may", public.clone(), Scope::Scores, false, false),
        ("a public key reads", public, Scope::Read, true, false),
        ("a viewer reads", member(Role::Viewer), Scope::Read, false, true),
        ("a viewer writes", member(Role::Viewer), Scope::Write, false, false),
        ("a member manages keys", member(Role::Member), Scope::Admin, false, false),
        ("an admin manages keys", member(Role::Admin), Scope::Admin, false, true),
        ("nobody", member(Role::None), Scope::Read, false, false),
    ] {
        let outcome = check(&caller, scope, public_key_allowed);
        assert_eq!(outcome.as_ref().map_or_else(Error::status, |()| 200), if allowed { 200 } else { 403 }, "{name}");
    }
}

async fn authenticator() -> Authenticator {
    let config = agenttrace_cloud::sdk_config().await;
    Authenticator::new(Records::new(&config, "table".to_owned()), Secrets::new(&config))
}

fn away() -> agenttrace_records::Error {
    agenttrace_records::Error::Temporary { attempt: "look up", source: "closed port".into() }
}

fn found() -> Found {
    Found { organization_id: "o".to_owned(), role: Role::Admin }
}

fn status<T>(outcome: Result<T, Error>) -> u16 {
    outcome.map_or_else(|e| e.status(), |_| 200)
}

#[tokio::test]
async fn while_the_table_is_away_known_callers_go_on_and_unknown_ones_wait() {
    let it = authenticator().await;
    lock(&it.roles).put("known", Some(found()), now_millis() - 60_000);
    lock(&it.roles).put("too old", Some(found()), now_millis() - 601_000);

    assert_eq!(status(it.look_up(&it.roles, "unknown", || async { Err(away()) }).await), 503);
    let known = it.look_up(&it.roles, "known", || async { panic!("not asked again so soon") }).await;
    assert!(matches!(known, Ok(Some(_))));
    assert_eq!(status(it.look_up(&it.roles, "too old", || async { Err(away()) }).await), 503);

    it.away_until.store(0, Ordering::Relaxed);
    let known = it.look_up(&it.roles, "known", || async { Err(away()) }).await;
    assert!(matches!(known, Ok(Some(_))));
}

#[tokio::test]
async fn what_was_revoked_is_refused_at_the_next_look() {
    let it = authenticator().await;
    lock(&it.roles).put("fresh", Some(found()), now_millis() - 29_000);
    lock(&it.roles).put("revoked", Some(found()), now_millis() - 31_000);

    assert!(matches!(it.look_up(&it.roles, "fresh", || async { panic!("fresh enough") }).await, Ok(Some(_))));
    assert!(matches!(it.look_up(&it.roles, "revoked", || async { Ok(None) }).await, Ok(None)));
    assert!(matches!(it.look_up(&it.roles, "revoked", || async { panic!("a miss counts for a moment") }).await, Ok(None)));

    it.forget();
    assert!(matches!(it.look_up(&it.roles, "revoked", || async { Ok(Some(found())) }).await, Ok(Some(_))));
}

#[test]
fn a_revoked_key_is_refused_within_a_minute() {
    const { assert!(KEYS.fresh + AWAY_MILLIS + 4_000 < 60_000 && SESSIONS.fresh + AWAY_MILLIS + 4_000 < 60_000) }
}
