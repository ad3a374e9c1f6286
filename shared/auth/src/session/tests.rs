use super::cookies::Origin;
use super::*;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

const NOW: i64 = 1_800_000_000;

fn signer() -> Signer {
    Signer::new("a secret of at least thirty-two bytes").expect("long enough")
}

/// A token with any header and payload, signed with HMAC under our secret: what someone who knew the secret could make.
fn forge(header: &str, payload: &str) -> String {
    let signed = format!("{}.{}", URL_SAFE_NO_PAD.encode(header), URL_SAFE_NO_PAD.encode(payload));
    let signature = hmac_sha256(&signer().secret, &[signed.as_bytes()]);
    format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature))
}

fn payload(change: impl FnOnce(&mut serde_json::Value)) -> String {
    let mut claims = serde_json::to_value(Claims::new("u1", "s1", NOW)).expect("claims are JSON");
    change(&mut claims);
    claims.to_string()
}

#[test]
fn a_token_of_ours_tells_the_user_and_the_session() {
    let token = signer().sign(&Claims::new("u1", "s1", NOW)).expect("a token");

    for (name, at, valid) in [
        ("at once", NOW, true),
        ("a clock behind", NOW - 20, true),
        ("just before the end", NOW + ACCESS_SECONDS - 1, true),
        ("at the end", NOW + ACCESS_SECONDS, false),
        ("long after", NOW + 86_400, false),
        ("from the future", NOW - 3_600, false),
    ] {
        assert_eq!(signer().verify(&token, at).is_ok(), valid, "{name}");
    }
    let claims = signer().verify(&token, NOW).expect("valid");
    assert_eq!((claims.uid.as_str(), claims.sid.as_str()), ("u1", "s1"));
    assert!(Signer::new("short").is_none());
}

#[test]
fn forged_tokens_are_refused() {
    let good_header = r#"{"typ":"JWT","alg":"HS256"}"#;
    let good = payload(|_| ());
    assert!(signer().verify(&forge(good_header, &good), NOW).is_ok(), "the forger makes good tokens too");

    let unsigned = format!("{}.{}.", URL_SAFE_NO_PAD.encode(r#"{"alg":"none"}"#), URL_SAFE_NO_PAD.encode(&good));
    let other_secret =
        Signer::new("another secret of thirty-two bytes!").expect("long enough").sign(&Claims::new("u1", "s1", NOW)).expect("a token");
    let mut cut = forge(good_header, &good);
    cut.truncate(cut.rfind('.').unwrap_or(0) + 1);
    for (name, token) in [
        ("alg none, unsigned", unsigned),
        ("alg none, signed", forge(r#"{"typ":"JWT","alg":"none"}"#, &good)),
        ("alg None", forge(r#"{"typ":"JWT","alg":"None"}"#, &good)),
        ("RS256 to HS256", forge(r#"{"typ":"JWT","alg":"RS256"}"#, &good)),
        ("ES256", forge(r#"{"typ":"JWT","alg":"ES256"}"#, &good)),
        ("HS384", forge(r#"{"typ":"JWT","alg":"HS384"}"#, &good)),
        ("no alg", forge(r#"{"typ":"JWT"}"#, &good)),
        ("kid with a path", forge(r#"{"typ":"JWT","alg":"HS256","kid":"../../dev/null"}"#, &good)),
        ("kid with SQL", forge(r#"{"typ":"JWT","alg":"HS256","kid":"' UNION SELECT 'x"}"#, &good)),
        ("jku", forge(r#"{"typ":"JWT","alg":"HS256","jku":"https://evil.example/keys"}"#, &good)),
        ("crit", forge(r#"{"typ":"JWT","alg":"HS256","crit":["x"]}"#, &good)),
        ("another secret", other_secret),
        ("no signature", cut),
        (
            "changed payload",
            forge(good_header, &good).replacen(
                &URL_SAFE_NO_PAD.encode(&good),
                &URL_SAFE_NO_PAD.encode(payload(|c| c["uid"] = "u2".into())),
                1,
            ),
        ),
        ("another audience", forge(good_header, &payload(|c| c["aud"] = "agenttrace-cli".into()))),
        ("audience list of others", forge(good_header, &payload(|c| c["aud"] = serde_json::json!(["a", "b"])))),
        ("no audience", forge(good_header, &payload(|c| drop(c.as_object_mut().map(|o| o.remove("aud")))))),
        ("another issuer", forge(good_header, &payload(|c| c["iss"] = "elsewhere".into()))),
        (
            "expired",
            forge(
                good_header,
                &payload(|c| {
                    c["iat"] = (NOW - 3_600).into();
                    c["exp"] = (NOW - 3_600 + ACCESS_SECONDS).into();
                }),
            ),
        ),
        ("lives too long", forge(good_header, &payload(|c| c["exp"] = (NOW + 86_400).into()))),
        ("no end", forge(good_header, &payload(|c| drop(c.as_object_mut().map(|o| o.remove("exp")))))),
        ("end as text", forge(good_header, &payload(|c| c["exp"] = "never".into()))),
        ("end beyond integers", forge(good_header, &good.replace(&(NOW + ACCESS_SECONDS).to_string(), "1e400"))),
        ("empty", String::new()),
        ("dots", "..".to_owned()),
        ("huge", "x".repeat(1_000_000)),
    ] {
        assert_eq!(signer().verify(&token, NOW), Err(InvalidToken), "{name}");
    }
}

fn stored(token: &RefreshToken) -> StoredRefresh {
    StoredRefresh { hash: token.hash(), rotations: 0, created_at: NOW, used_at: NOW }
}

#[test]
fn refresh_tokens_read_back_and_others_do_not() {
    let token = RefreshToken::generate("u-1", "s-1");
    assert_eq!(RefreshToken::parse(&token.to_text()), Some(token.clone()));
    assert_ne!(token, RefreshToken::generate("u-1", "s-1"));

    let long = format!("u.s.{}", "x".repeat(1_000));
    for text in
        ["", ".", "..", "u.s.short", "u.s", &format!("{}.x", token.to_text()), &format!("{} ", token.to_text()), &long, "u/../x.s.y"]
    {
        assert_eq!(RefreshToken::parse(text), None, "{text}");
    }
}

#[test]
fn a_refresh_token_is_replaced_at_each_use() {
    let first = RefreshToken::generate("u", "s");
    let Renewal::Rotate(second) = renew(&signer(), &first, &stored(&first), NOW + 60) else { panic!("the first use rotates") };
    let after = StoredRefresh { hash: second.hash(), rotations: 1, created_at: NOW, used_at: NOW + 60 };
    let Renewal::Rotate(third) = renew(&signer(), &second, &after, NOW + 120) else { panic!("the second use rotates") };
    let later = StoredRefresh { hash: third.hash(), rotations: 2, created_at: NOW, used_at: NOW + 120 };

    assert_ne!(second, first);
    assert_eq!(renew(&signer(), &first, &after, NOW + 61), Renewal::Join(second.clone()), "a parallel tab gets the same token");
    assert_eq!(renew(&signer(), &first, &after, NOW + 91), Renewal::Reused, "after the grace it was copied");
    assert_eq!(renew(&signer(), &first, &later, NOW + 121), Renewal::Reused, "so it was when replaced twice");
    assert!(matches!(renew(&signer(), &second, &after, NOW + 91), Renewal::Rotate(_)));
    assert_eq!(
        renew(&signer(), &RefreshToken::generate("u", "s"), &later, NOW + 121),
        Renewal::Refused,
        "a forged one ends nobody's session"
    );
}

#[test]
fn sessions_end_when_idle_and_in_any_case_at_last() {
    let token = RefreshToken::generate("u", "s");
    for (name, used_at, now, refused) in [
        ("used within a month", NOW, NOW + IDLE_SECONDS - 1, false),
        ("idle for a month", NOW, NOW + IDLE_SECONDS, true),
        ("busy for three months", NOW + ABSOLUTE_SECONDS - 60, NOW + ABSOLUTE_SECONDS - 1, false),
        ("at the absolute end", NOW + ABSOLUTE_SECONDS - 60, NOW + ABSOLUTE_SECONDS, true),
    ] {
        let stored = StoredRefresh { used_at, ..stored(&token) };
        assert_eq!(renew(&signer(), &token, &stored, now) == Renewal::Refused, refused, "{name}");
    }
}

#[test]
fn cookies_are_bound_to_the_host_over_tls() {
    let [access, refresh] = Origin::Tls.set("a", "r");
    assert_eq!(access, "__Host-agenttrace=a; Path=/; Max-Age=900; HttpOnly; SameSite=Strict; Secure");
    assert_eq!(refresh, "__Host-agenttrace-refresh=r; Path=/; Max-Age=2592000; HttpOnly; SameSite=Strict; Secure");

    let [access, _] = Origin::Plain.clear();
    assert_eq!(access, "agenttrace=; Path=/; Max-Age=0; HttpOnly; SameSite=Strict");
}
