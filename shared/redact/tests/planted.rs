//! Planted secrets: every one is found, in every surrounding, and nothing of it stays. The secrets are drawn here and belong to nobody.

use agenttrace_redact::rules::RULES;
use agenttrace_redact::{HIGH_ENTROPY, Stream, find, redact, redact_json};

const ALNUM: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
const LOWER_HEX: &str = "0123456789abcdef";
const UPPER: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
const LETTERS: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const LOWER_ALNUM: &str = "abcdefghijklmnopqrstuvwxyz0123456789";

/// `length` characters of an alphabet, the same for the same seed (splitmix64).
fn draw(alphabet: &str, length: usize, seed: u64) -> String {
    let alphabet = alphabet.as_bytes();
    let mut state = seed;
    (0..length)
        .map(|_| {
            state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
            let mut z = state;
            z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
            char::from(alphabet[((z ^ (z >> 31)) % alphabet.len() as u64) as usize])
        })
        .collect()
}

/// Rule, and the parts of the secret: literal text, or `alphabet×length`.
enum Part {
    Text(&'static str),
    Drawn(&'static str, usize),
}
use Part::{Drawn, Text};

const TOKENS: &[(&str, &[Part])] = &[
    ("age-secret-key", &[Text("AGE-SECRET-KEY-1"), Drawn(UPPER, 58)]),
    ("aws-access-key-id", &[Text("AKIA"), Drawn(UPPER, 16)]),
    ("aws-access-key-id", &[Text("ASIA"), Drawn(UPPER, 16)]),
    ("google-api-key", &[Text("AIza"), Drawn(ALNUM, 35)]),
    ("google-oauth-secret", &[Text("GOCSPX-"), Drawn(ALNUM, 28)]),
    ("google-oauth-token", &[Text("ya29."), Drawn(ALNUM, 80)]),
    ("azure-client-secret", &[Drawn(ALNUM, 3), Text("8Q~"), Drawn(ALNUM, 34)]),
    ("digitalocean-token", &[Text("dop_v1_"), Drawn(LOWER_HEX, 64)]),
    ("alibaba-access-key", &[Text("LTAI"), Drawn(ALNUM, 20)]),
    ("tencent-secret-id", &[Text("AKID"), Drawn(ALNUM, 32)]),
    ("supabase-token", &[Text("sbp_"), Drawn(LOWER_HEX, 40)]),
    ("planetscale-token", &[Text("pscale_tkn_"), Drawn(ALNUM, 43)]),
    ("anthropic-key", &[Text("sk-ant-api03-"), Drawn(ALNUM, 95)]),
    ("openrouter-key", &[Text("sk-or-v1-"), Drawn(LOWER_HEX, 64)]),
    (
        "langfuse-key",
        &[
            Text("sk-lf-"),
            Drawn(LOWER_HEX, 8),
            Text("-"),
            Drawn(LOWER_HEX, 4),
            Text("-4"),
            Drawn(LOWER_HEX, 3),
            Text("-a"),
            Drawn(LOWER_HEX, 3),
            Text("-"),
            Drawn(LOWER_HEX, 12),
        ],
    ),
    ("agenttrace-key", &[Text("sk-at-"), Drawn(ALNUM, 49)]),
    ("openai-key", &[Text("sk-"), Drawn(ALNUM, 48)]),
    ("openai-key", &[Text("sk-proj-"), Drawn(ALNUM, 124)]),
    ("groq-key", &[Text("gsk_"), Drawn(ALNUM, 52)]),
    ("xai-key", &[Text("xai-"), Drawn(ALNUM, 80)]),
    ("perplexity-key", &[Text("pplx-"), Drawn(ALNUM, 48)]),
    ("huggingface-token", &[Text("hf_"), Drawn(LETTERS, 34)]),
    ("replicate-token", &[Text("r8_"), Drawn(ALNUM, 37)]),
    ("langsmith-key", &[Text("lsv2_pt_"), Drawn(LOWER_HEX, 32), Text("_"), Drawn(LOWER_HEX, 10)]),
    ("github-token", &[Text("ghp_"), Drawn(ALNUM, 36)]),
    ("github-token", &[Text("ghs_"), Drawn(ALNUM, 36)]),
    ("github-fine-grained-token", &[Text("github_pat_"), Drawn(ALNUM, 22), Text("_"), Drawn(ALNUM, 59)]),
    ("gitlab-token", &[Text("glpat-"), Drawn(ALNUM, 20)]),
    ("npm-token", &[Text("npm_"), Drawn(ALNUM, 36)]),
    ("pypi-token", &[Text("pypi-AgEIcHlwaS5vcmc"), Drawn(ALNUM, 140)]),
    ("crates-io-token", &[Text("cio"), Drawn(ALNUM, 32)]),
    ("rubygems-key", &[Text("rubygems_"), Drawn(LOWER_HEX, 48)]),
    ("nuget-key", &[Text("oy2"), Drawn(LOWER_ALNUM, 43)]),
    ("docker-token", &[Text("dckr_pat_"), Drawn(ALNUM, 27)]),
    ("terraform-token", &[Drawn(ALNUM, 14), Text(".atlasv1."), Drawn(ALNUM, 67)]),
    ("vault-token", &[Text("hvs."), Drawn(ALNUM, 90)]),
    ("pulumi-token", &[Text("pul-"), Drawn(LOWER_HEX, 40)]),
    ("circleci-token", &[Text("CCIPAT_"), Drawn(ALNUM, 22), Text("_"), Drawn(LOWER_HEX, 40)]),
    ("sonarqube-token", &[Text("squ_"), Drawn(LOWER_HEX, 40)]),
    ("doppler-token", &[Text("dp.pt."), Drawn(ALNUM, 43)]),
    ("postman-key", &[Text("PMAK-"), Drawn(LOWER_HEX, 24), Text("-"), Drawn(LOWER_HEX, 34)]),
    ("slack-token", &[Text("xoxb-"), Drawn("0123456789", 12), Text("-"), Drawn("0123456789", 13), Text("-"), Drawn(ALNUM, 24)]),
    ("slack-webhook", &[Text("hooks.slack.com/services/T"), Drawn(UPPER, 8), Text("/B"), Drawn(UPPER, 8), Text("/"), Drawn(ALNUM, 24)]),
    ("discord-webhook", &[Text("discord.com/api/webhooks/"), Drawn("123456789", 18), Text("/"), Drawn(ALNUM, 68)]),
    ("discord-token", &[Text("M"), Drawn(ALNUM, 25), Text("."), Drawn(ALNUM, 6), Text("."), Drawn(ALNUM, 38)]),
    ("telegram-token", &[Drawn("123456789", 10), Text(":AA"), Drawn(ALNUM, 33)]),
    ("stripe-key", &[Text("sk_live_"), Drawn(ALNUM, 24)]),
    ("stripe-key", &[Text("rk_test_"), Drawn(ALNUM, 99)]),
    ("square-token", &[Text("sq0atp-"), Drawn(ALNUM, 22)]),
    ("shopify-token", &[Text("shpat_"), Drawn(LOWER_HEX, 32)]),
    ("sendgrid-key", &[Text("SG."), Drawn(ALNUM, 22), Text("."), Drawn(ALNUM, 43)]),
    ("twilio-key", &[Text("SK"), Drawn(LOWER_HEX, 32)]),
    ("mailgun-key", &[Text("key-"), Drawn(LOWER_HEX, 32)]),
    ("mailchimp-key", &[Drawn(LOWER_HEX, 32), Text("-us12")]),
    ("brevo-key", &[Text("xkeysib-"), Drawn(LOWER_HEX, 64), Text("-"), Drawn(ALNUM, 16)]),
    ("linear-key", &[Text("lin_api_"), Drawn(ALNUM, 40)]),
    ("notion-token", &[Text("ntn_"), Drawn(ALNUM, 46)]),
    ("figma-token", &[Text("figd_"), Drawn(ALNUM, 40)]),
    ("airtable-token", &[Text("pat"), Drawn(ALNUM, 14), Text("."), Drawn(LOWER_HEX, 64)]),
    ("grafana-token", &[Text("glsa_"), Drawn(ALNUM, 32), Text("_"), Drawn(LOWER_HEX, 8)]),
    ("newrelic-key", &[Text("NRAK-"), Drawn(UPPER, 27)]),
    ("databricks-token", &[Text("dapi"), Drawn(LOWER_HEX, 32)]),
    ("json-web-token", &[Text("eyJ"), Drawn(ALNUM, 33), Text(".eyJ"), Drawn(ALNUM, 80), Text("."), Drawn(ALNUM, 43)]),
    (HIGH_ENTROPY, &[Drawn(ALNUM, 44)]),
];

fn token(parts: &[Part], seed: u64) -> String {
    parts
        .iter()
        .enumerate()
        .map(|(place, part)| match part {
            Text(text) => (*text).to_owned(),
            Drawn(alphabet, length) => draw(alphabet, *length, seed * 131 + place as u64),
        })
        .collect()
}

/// Where agents meet secrets.
const SURROUNDINGS: &[(&str, &str)] = &[
    ("alone", "{}"),
    ("in a sentence", "please use {} for the upload, it works"),
    ("shell export", "export THE_VALUE={}\necho done"),
    ("quoted", "const value = \"{}\";"),
    ("json", "{\"value\": \"{}\"}"),
    ("json in json", "{\"body\": \"{\\\"value\\\": \\\"{}\\\"}\"}"),
    ("yaml", "value: {}\nother: 1"),
    ("command line", "tool --value '{}' --verbose"),
    ("between colours", "\u{1b}[32m{}\u{1b}[0m"),
    ("between other letters", "größe ✓ {} größe"),
    ("in a diff", "-old\n+value = '{}'\n"),
    ("windows lines", "a\r\nvalue={}\r\nb"),
];

#[test]
fn every_planted_token_is_found_in_every_surrounding() {
    let mut missed = Vec::new();
    for seed in 1..=5 {
        for (rule, parts) in TOKENS {
            let secret = token(parts, seed);
            for (place, surrounding) in SURROUNDINGS {
                let text = surrounding.replace("{}", &secret);
                let (clean, found) = redact(&text).expect("it is scanned");
                // Of the longest drawn part nothing may be left; another rule may have named the finding.
                let core = &secret[secret.len().saturating_sub(16)..];
                if found.is_empty() || clean.contains(core) {
                    missed.push(format!("{rule} {place} (seed {seed})"));
                }
            }
        }
    }

    assert!(missed.is_empty(), "{} missed: {missed:#?}", missed.len());
}

#[test]
fn a_token_is_named_by_its_rule() {
    for (rule, parts) in TOKENS {
        let secret = token(parts, 7);

        let found = find(format!("use {secret} now").as_bytes()).expect("it is scanned");

        assert_eq!(found.iter().map(|f| f.rule).collect::<Vec<_>>(), [*rule], "{secret}");
    }
}

/// Text with the secret between `«` and `»`, which are taken away first.
const IN_CONTEXT: &[(&str, &str)] = &[
    ("private-key", "«-----BEGIN RSA PRIVATE KEY-----\nMIIEpAIBAAKCAQEA7bq\nx9\n-----END RSA PRIVATE KEY-----»\n"),
    ("private-key", "cat key\n«-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjEAAAAA\n»"),
    ("aws-secret-key", "aws_secret_access_key = «wJalrXUtnFEMI/K7MDENG+bPxRfiCYzzzz3KEY12»\n"),
    ("azure-storage-key", "DefaultEndpointsProtocol=https;AccountName=x;AccountKey=«{86}==»;EndpointSuffix=core"),
    ("authorization", "curl -H 'Authorization: Bearer «abcdef-not-a-known-form»' localhost"),
    ("authorization", "Authorization: Basic «dXNlcjpodW50ZXIyMg==»"),
    ("cookie", "Cookie: «session=abc123; theme=dark»"),
    ("url-password", "psql postgres://app:«hunter2!»@db.internal:5432/shop"),
    ("url-password", "git clone https://oauth2:«some-pass»@git.example.com/a.git"),
    ("curl-user", "curl -s -u admin:«s3cr3t» http://localhost:8080"),
    ("mysql-password", "mysql -h db -uroot -p«hunter22» shop"),
    ("sshpass", "sshpass -p «hunter22» ssh host"),
    ("password-option", "docker login --password «correct-horse» registry"),
    ("password-option", "tool --token=«abc123def» run"),
    ("password", "DB_PASSWORD=«correct-horse-battery»"),
    ("password", "password: \"«two words here»\""),
    ("password", "PGPASSWORD=«hunter22» psql"),
    ("assigned-secret", "JWT_SECRET=«k3yd-82hs-19sk-ppq0»"),
    ("assigned-secret", "api_key: '«9f8e7d6c5b4a39281706f5e4d3c2b1a0»'"),
    ("npm-auth-token", "//registry.example.com/:_authToken=«a1b2c3d4e5f6»"),
    ("datadog-key", "DD_API_KEY=«0123456789abcdef0123456789abcdef»"),
];

#[test]
fn secrets_are_found_by_what_stands_around_them() {
    for (rule, marked) in IN_CONTEXT {
        let marked = marked.replace("{86}", &draw(ALNUM, 86, 3));
        let secret = &marked[marked.find('«').expect("a mark") + 2..marked.find('»').expect("a mark")];
        let text = marked.replace(['«', '»'], "");

        let (clean, found) = redact(&text).expect("it is scanned");

        assert!(found.iter().any(|f| f.rule == *rule), "{rule}: {text:?} gave {found:?}");
        assert!(!clean.contains(secret), "{rule}: {clean}");
    }
}

#[test]
fn every_rule_has_a_planted_case_or_shares_its_form() {
    // Issuers whose forms differ from a tested one by a prefix only.
    const SAME_FORM: &[&str] = &[
        "putty-private-key",
        "azure-sas-signature",
        "cloudflare-origin-key",
        "heroku-token",
        "fly-token",
        "vercel-token",
        "bitbucket-token",
        "atlassian-token",
        "artifactory-key",
        "buildkite-token",
        "snyk-token",
        "onepassword-token",
        "teams-webhook",
        "sentry-token",
        "dynatrace-token",
        "okta-token",
        "bearer",
    ];
    let tested: Vec<&str> = TOKENS.iter().map(|t| t.0).chain(IN_CONTEXT.iter().map(|t| t.0)).chain(SAME_FORM.iter().copied()).collect();

    let untested: Vec<&str> = RULES.iter().map(|r| r.name).filter(|name| !tested.contains(name)).collect();

    assert!(untested.is_empty(), "{untested:?}");
}

#[test]
fn what_is_no_secret_stays() {
    for text in [
        "git show 3b18e512dba79e4c8300dd08aeb37f8e728b8dad",
        "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "\"integrity\": \"sha512-z4PhNX7vuL3xVChQ1m2AB9Yg5AULVxXcg/SpIdNs6c5H0NE8XYXysP+DGNKHfuwvY7kxvUdBeoGlODJ6+SfaPg==\"",
        "trace 0af7651916cd43dd8448eb211c80319c span b7ad6b7169203331",
        "f81d4fae-7dec-11d0-a765-00a0c91e6bf6",
        "export API_KEY=$MY_KEY",
        "export API_KEY=\"${API_KEY:?missing}\"",
        "api_key: <your-api-key>",
        "password: ********",
        "const token = process.env.GITHUB_TOKEN;",
        "token = os.environ[\"TOKEN\"]",
        "let secret_key = config.secret_key.clone();",
        "fn password(&self) -> &str {",
        "input_tokens: 12345678901234567890",
        "max_tokens=4096, total_tokens=123456",
        "password = getpass.getpass()",
        "The password must have at least 12 characters.",
        "Authorization: Bearer <token>",
        "http://localhost:3000/project/abc?user:name@example",
        "cargo nextest run --cargo-profile fast -p agenttrace-redact",
        "/usr/lib/x86_64-linux-gnu/libstdc++.so.6.0.30",
        "postgres://user:${PASSWORD}@db/shop",
        "git@github.com:owner/repository.git",
        "https://github.com/owner/repository/blob/3b18e512dba79e4c8300dd08aeb37f8e728b8dad/src/lib.rs#L10-L20",
        "",
    ] {
        let (clean, found) = redact(text).expect("it is scanned");

        assert_eq!(clean, text, "{found:?}");
    }
}

#[test]
fn json_is_judged_by_its_keys() {
    let mut value = serde_json::json!({
        "password": "correct horse", "Client-Secret": "plain", "input_tokens": 12, "token_count": "7",
        "nested": [{"x-api-key": "abc"}, "export DB_PASSWORD=hunter222"], "authorization": "${AUTH}", "note": "nothing here",
    });

    let found = redact_json(&mut value).expect("it is scanned");

    assert_eq!(found, 4);
    assert_eq!(
        value,
        serde_json::json!({
            "password": "[redacted:secret-field]", "Client-Secret": "[redacted:secret-field]", "input_tokens": 12, "token_count": "7",
            "nested": [{"x-api-key": "[redacted:secret-field]"}, "export DB_PASSWORD=[redacted:password]"], "authorization": "${AUTH}",
            "note": "nothing here",
        })
    );
}

#[test]
fn json_that_is_too_deep_is_an_error_and_not_sent() {
    let mut value = serde_json::json!("x");
    for _ in 0..200 {
        value = serde_json::json!([value]);
    }

    assert!(redact_json(&mut value).is_err());
}

#[test]
fn a_secret_across_two_reads_is_seen() {
    let secret = token(&[Text("ghp_"), Drawn(ALNUM, 36)], 3);
    let key = "-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkqhkiG9w0\nBAQEFAASC\n-----END PRIVATE KEY-----";
    let output = format!("line one\ntoken {secret} here\n{key}\nlast line without end {secret}");
    let whole = redact(&output).expect("it is scanned").0.into_owned();
    for size in [1, 2, 3, 7, 64, 1000] {
        let mut stream = Stream::default();
        let mut clean = Vec::new();

        for piece in output.as_bytes().chunks(size) {
            clean.extend(stream.push(piece).expect("it is scanned"));
        }
        clean.extend(stream.end().expect("it is scanned"));

        assert_eq!(String::from_utf8(clean).expect("text"), whole, "pieces of {size}");
        assert_eq!(stream.found(), 3);
    }
}

#[test]
fn output_that_is_no_text_is_scanned_too() {
    let secret = token(&[Text("AKIA"), Drawn(UPPER, 16)], 3);
    let mut output = vec![0xff, 0x00, 0xfe, b' '];
    output.extend(secret.bytes());
    output.extend([b' ', 0x80, 0xc3]);

    let (clean, found) = agenttrace_redact::redact_bytes(&output).expect("it is scanned");

    assert_eq!(found.len(), 1);
    assert!(!clean.windows(secret.len()).any(|w| w == secret.as_bytes()));
}

#[test]
fn a_line_without_end_does_not_eat_the_memory() {
    let mut stream = Stream::default();
    let mut out = 0;

    for _ in 0..64 {
        out += stream.push(&vec![b'a'; 256 << 10]).expect("it is scanned").len();
    }

    assert!(out > 14 << 20, "{out} bytes came out");
}

#[test]
fn names_that_programs_give_stay_and_secrets_in_their_place_do_not() {
    let token = format!("ghp_{}", "aZ3".repeat(12));
    let mut body = serde_json::json!({
        "id": "turn-msg_203da3de40010ozY2CGEeWAmNl", "traceId": "opencode-ses_dfc25c276ffesnsZXTDZDm9L6d",
        "parentObservationId": "call-req_011CSHoEeqs5C35K2UUqR7Fy", "metadata": {"tool.call_id": "toolu_01A09q90qw90lq917835lq9Xy7Zb3Kd"},
        "sessionId": token, "name": "zX9kQ2mVb7LwR4tYp1Ns8HgJd6FcAe3U",
    });
    let before = body.clone();

    assert_eq!(redact_json(&mut body), Ok(2));

    for name in ["id", "traceId", "parentObservationId", "metadata"] {
        assert_eq!(body[name], before[name], "{name}");
    }
    assert!(body["sessionId"].as_str().is_some_and(|id| id.starts_with("[redacted")), "a token in the place of a name");
    assert!(body["name"].as_str().is_some_and(|name| name.starts_with("[redacted")));
}
