//! What secrets look like: one rule a kind, by the issuer's documented prefix, alphabet and length, or by the name it is assigned to.
//!
//! Each expression has a group `secret`: only that part is taken out, so that `export TOKEN=` stays readable. They run on bytes, in linear time.

/// A kind of secret.
#[derive(Debug, Clone, Copy)]
pub struct Rule {
    /// Stands in the replacement, `[redacted:<name>]`.
    pub name: &'static str,
    pub pattern: &'static str,
    /// What the secret itself must be like, beyond the expression.
    pub check: Check,
}

/// Separates a secret from a word that only stands where a secret could.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Check {
    /// The form alone is proof: an issuer's prefix.
    Form,
    /// Not a placeholder such as `<your key>`, `${TOKEN}`, `xxxx`, `changeme`.
    NotPlaceholder,
    /// Not a placeholder, and as irregular as something drawn at random.
    Random,
}

const fn form(name: &'static str, pattern: &'static str) -> Rule {
    Rule { name, pattern, check: Check::Form }
}

const fn word(name: &'static str, pattern: &'static str) -> Rule {
    Rule { name, pattern, check: Check::NotPlaceholder }
}

const fn random(name: &'static str, pattern: &'static str) -> Rule {
    Rule { name, pattern, check: Check::Random }
}

/// In order of precedence: where two overlap, the earlier one names the finding.
pub const RULES: &[Rule] = &[
    // Whole blocks. An unfinished block is a secret too: output is cut anywhere.
    form(
        "private-key",
        r"(?s)(?P<secret>-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY(?: BLOCK)?-----.*?(?:-----END (?:[A-Z0-9]+ )*PRIVATE KEY(?: BLOCK)?-----|\z))",
    ),
    form("putty-private-key", r"(?s)(?P<secret>PuTTY-User-Key-File-[23]: .*?(?:Private-MAC: [0-9a-f]+|\z))"),
    form("age-secret-key", r"(?i)(?P<secret>AGE-SECRET-KEY-(?:PQ-)?1[0-9a-z]{50,})"),
    // Cloud providers.
    form("aws-access-key-id", r"\b(?P<secret>(?:AKIA|ASIA|ABIA|ACCA)[A-Z2-7]{16})\b"),
    random("aws-secret-key", r#"(?i)\baws_?(?:secret|session)[a-z_]*["']?\s*(?:=|:|=>)\s*["']?(?P<secret>[A-Za-z0-9/+=]{40,})"#),
    form("google-api-key", r"\b(?P<secret>AIza[0-9A-Za-z_-]{35})"),
    form("google-oauth-secret", r"\b(?P<secret>GOCSPX-[0-9A-Za-z_-]{28})"),
    form("google-oauth-token", r"\b(?P<secret>ya29\.[0-9A-Za-z_-]{30,})"),
    form("azure-storage-key", r"(?i)\bAccountKey=(?P<secret>[A-Za-z0-9+/]{86}==)"),
    form("azure-sas-signature", r"[?&]sig=(?P<secret>[A-Za-z0-9%+/]{43,}(?:%3[dD]|=))"),
    form("azure-client-secret", r"\b(?P<secret>[A-Za-z0-9_~.]{3}[0-9]Q~[A-Za-z0-9_~.-]{31,34})"),
    form("digitalocean-token", r"\b(?P<secret>do[opr]_v1_[a-f0-9]{64})\b"),
    form("cloudflare-origin-key", r"\b(?P<secret>v1\.0-[a-f0-9]{24}-[a-f0-9]{146})\b"),
    form("alibaba-access-key", r"\b(?P<secret>LTAI[A-Za-z0-9]{16,24})\b"),
    form("tencent-secret-id", r"\b(?P<secret>AKID[A-Za-z0-9]{32})\b"),
    form("heroku-token", r"\b(?P<secret>HRKU-[A-Za-z0-9_-]{36,})"),
    form("fly-token", r"\b(?P<secret>fo1_[A-Za-z0-9_-]{40,}|fm[12][ar]?_[A-Za-z0-9+/=_-]{60,})"),
    form("vercel-token", r"\b(?P<secret>vc[pkair]_[A-Za-z0-9]{24,})\b"),
    form("supabase-token", r"\b(?P<secret>sbp_[a-f0-9]{40}|sb_secret_[A-Za-z0-9_-]{22,})\b"),
    form("planetscale-token", r"\b(?P<secret>pscale_(?:tkn|oauth|pw)_[A-Za-z0-9_.=-]{32,64})"),
    // Models.
    form("anthropic-key", r"\b(?P<secret>sk-ant-[a-z0-9]+-[A-Za-z0-9_-]{20,})"),
    form("openrouter-key", r"\b(?P<secret>sk-or-(?:v1-)?[A-Za-z0-9_-]{32,})"),
    form("langfuse-key", r"\b(?P<secret>sk-lf-[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})\b"),
    form("agenttrace-key", r"\b(?P<secret>sk-at-[A-Za-z0-9_-]{20,})"),
    form("openai-key", r"\b(?P<secret>sk-(?:proj-|svcacct-|admin-)?[A-Za-z0-9_-]{20,})"),
    form("groq-key", r"\b(?P<secret>gsk_[A-Za-z0-9]{40,})\b"),
    form("xai-key", r"\b(?P<secret>xai-[A-Za-z0-9]{60,})\b"),
    form("perplexity-key", r"\b(?P<secret>pplx-[A-Za-z0-9]{40,})\b"),
    form("huggingface-token", r"\b(?P<secret>(?:hf_|api_org_)[A-Za-z]{34})\b"),
    form("replicate-token", r"\b(?P<secret>r8_[A-Za-z0-9]{37})\b"),
    form("langsmith-key", r"\b(?P<secret>lsv2_(?:pt|sk)_[a-f0-9]{32}_[a-f0-9]{10})\b"),
    // Code and its registries.
    form("github-token", r"\b(?P<secret>gh[pousr]_[A-Za-z0-9]{36,251})\b"),
    form("github-fine-grained-token", r"\b(?P<secret>github_pat_[A-Za-z0-9]{22}_[A-Za-z0-9]{59})\b"),
    form("gitlab-token", r"\b(?P<secret>gl(?:pat|ptt|dt|rt|cbt|ft|soat|imt|agent|oas)-[A-Za-z0-9_=.-]{20,})"),
    form("bitbucket-token", r"\b(?P<secret>ATBB[A-Za-z0-9]{32,})\b"),
    form("atlassian-token", r"\b(?P<secret>ATATT3[A-Za-z0-9_=-]{180,})"),
    form("npm-token", r"\b(?P<secret>npm_[A-Za-z0-9]{36})\b"),
    word("npm-auth-token", r"(?i):_(?:authToken|auth|password)\s*=\s*(?P<secret>[^\s$]{8,})"),
    form("pypi-token", r"\b(?P<secret>pypi-AgE[A-Za-z0-9_-]{50,})"),
    form("crates-io-token", r"\b(?P<secret>cio[A-Za-z0-9]{32})\b"),
    form("rubygems-key", r"\b(?P<secret>rubygems_[a-f0-9]{48})\b"),
    form("nuget-key", r"\b(?P<secret>oy2[a-z0-9]{43})\b"),
    form("docker-token", r"\b(?P<secret>dckr_(?:pat|oat)_[A-Za-z0-9_-]{27,})"),
    form("artifactory-key", r"\b(?P<secret>AKCp[A-Za-z0-9]{69})\b"),
    form("terraform-token", r"\b(?P<secret>[A-Za-z0-9]{14}\.atlasv1\.[A-Za-z0-9_=-]{60,70})"),
    form("vault-token", r"\b(?P<secret>hv[sbr]\.[A-Za-z0-9_-]{24,})"),
    form("pulumi-token", r"\b(?P<secret>pul-[a-f0-9]{40})\b"),
    form("buildkite-token", r"\b(?P<secret>bk(?:ua|at|aa)_[A-Za-z0-9]{40,})\b"),
    form("circleci-token", r"\b(?P<secret>CCIP(?:AT|RJ)_[A-Za-z0-9]{22}_[a-f0-9]{40})\b"),
    form("sonarqube-token", r"\b(?P<secret>sq[upa]_[a-f0-9]{40})\b"),
    form("snyk-token", r"\b(?P<secret>snyk_[a-z]{3}\.[A-Za-z0-9._-]{40,})"),
    form("doppler-token", r"\b(?P<secret>dp\.(?:pt|st|ct|sa|scim|audit)\.(?:[a-z0-9_-]+\.)?[A-Za-z0-9]{40,44})\b"),
    form("onepassword-token", r"\b(?P<secret>ops_eyJ[A-Za-z0-9+/=_-]{200,}|A3-[A-Z0-9]{6}-[A-Z0-9]{6,11}(?:-[A-Z0-9]{5}){3,5})"),
    form("postman-key", r"\b(?P<secret>PMAK-[a-f0-9]{24}-[a-f0-9]{34})\b"),
    // Services.
    form("slack-token", r"\b(?P<secret>xox[abeoprs]-[A-Za-z0-9-]{10,}|xapp-[0-9]-[A-Za-z0-9-]{20,}|xoxe\.xox[bp]-[A-Za-z0-9-]{20,})"),
    form("slack-webhook", r"(?P<secret>hooks\.slack\.com/(?:services|workflows|triggers)/[A-Za-z0-9+/]{30,})"),
    form("discord-webhook", r"(?P<secret>discord(?:app)?\.com/api/webhooks/[0-9]{15,20}/[A-Za-z0-9_-]{60,})"),
    form("discord-token", r"\b(?P<secret>[MNO][A-Za-z0-9_-]{23,27}\.[A-Za-z0-9_-]{6}\.[A-Za-z0-9_-]{27,38})\b"),
    form("teams-webhook", r"(?P<secret>webhook\.office\.com/webhookb2/[A-Za-z0-9@-]{70,}/IncomingWebhook/[a-f0-9]{32}/[A-Za-z0-9-]{36})"),
    form("telegram-token", r"\b(?P<secret>[0-9]{8,10}:AA[A-Za-z0-9_-]{33})"),
    form("stripe-key", r"\b(?P<secret>(?:sk|rk)_(?:live|test)_[A-Za-z0-9]{16,}|whsec_[A-Za-z0-9+/=]{32,})"),
    form("square-token", r"\b(?P<secret>sq0[a-z]{3}-[A-Za-z0-9_-]{22,43}|EAAA[A-Za-z0-9_-]{60})"),
    form("shopify-token", r"\b(?P<secret>shp(?:at|ca|pa|ss)_[A-Fa-f0-9]{32})\b"),
    form("sendgrid-key", r"\b(?P<secret>SG\.[A-Za-z0-9_-]{22}\.[A-Za-z0-9_-]{43})"),
    form("twilio-key", r"\b(?P<secret>SK[a-f0-9]{32})\b"),
    form("mailgun-key", r"\b(?P<secret>key-[a-f0-9]{32})\b"),
    form("mailchimp-key", r"\b(?P<secret>[a-f0-9]{32}-us[0-9]{1,2})\b"),
    form("brevo-key", r"\b(?P<secret>x(?:keysib|smtpsib)-[a-f0-9]{64}-[A-Za-z0-9]{16})\b"),
    form("linear-key", r"\b(?P<secret>lin_(?:api|oauth)_[A-Za-z0-9]{40,})\b"),
    form("notion-token", r"\b(?P<secret>ntn_[A-Za-z0-9]{43,}|secret_[A-Za-z0-9]{43})\b"),
    form("figma-token", r"\b(?P<secret>fig[dour]_[A-Za-z0-9_-]{40,})"),
    form("airtable-token", r"\b(?P<secret>pat[A-Za-z0-9]{14}\.[a-f0-9]{64})\b"),
    form("sentry-token", r"\b(?P<secret>sntry[su]_[A-Za-z0-9+/=_-]{60,})"),
    form("grafana-token", r"\b(?P<secret>glsa_[A-Za-z0-9]{32}_[a-f0-9]{8}|glc_[A-Za-z0-9+/=]{32,})"),
    form("newrelic-key", r"\b(?P<secret>NRAK-[A-Z0-9]{27}|NRII-[A-Za-z0-9_-]{32})\b"),
    form("datadog-key", r"(?i)\bdd[_-]?(?:api|app|application)[_-]?key[\x22']?\s*[:=]\s*[\x22']?(?P<secret>[a-f0-9]{32,40})\b"),
    form("databricks-token", r"\b(?P<secret>dapi[a-f0-9]{32}(?:-[0-9])?)\b"),
    form("dynatrace-token", r"\b(?P<secret>dt0[a-z][0-9]{2}\.[A-Z0-9]{24}\.[A-Z0-9]{64})\b"),
    form("okta-token", r"(?i)\bSSWS\s+(?P<secret>[A-Za-z0-9_-]{40,})"),
    // Carriers.
    form("json-web-token", r"\b(?P<secret>eyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]*)"),
    word(
        "authorization",
        r#"(?i)\b(?:authorization|proxy-authorization)["']?\s*[:=]\s*["']?(?:(?:bearer|basic|token|digest|apikey|aws4-hmac-sha256)\s+)?(?P<secret>[^\s"',;]{8,})"#,
    ),
    random("bearer", r"(?i)\bbearer\s+(?P<secret>[A-Za-z0-9._~+/=-]{16,})"),
    word("cookie", r#"(?im)^\s*["']?(?:set-)?cookie["']?\s*:\s*["']?(?P<secret>[^\r\n"']{6,})"#),
    word("url-password", r#"\b[a-zA-Z][a-zA-Z0-9+.-]{1,20}://[^\s/:@"'<>]{0,200}:(?P<secret>[^\s/@"'<>]{2,200})@"#),
    word("curl-user", r#"(?:^|\s)curl\s[^\r\n|;&]{0,400}?(?:\s-u|\s--user)[\s=]+["']?[^\s:"']{1,100}:(?P<secret>[^\s"']{3,})"#),
    word("mysql-password", r#"(?:^|\s)(?:mysql|mysqldump|mysqladmin|mariadb)\s[^\r\n|;&]{0,200}?\s?-p(?P<secret>[^\s"'-][^\s"']{3,})"#),
    word("sshpass", r#"(?:^|\s)sshpass\s+-p\s*["']?(?P<secret>[^\s"']{3,})"#),
    word(
        "password-option",
        r#"(?i)(?:^|\s)--?(?:pass|passwd|password|passphrase|secret|client-secret|api-?key|access-?token|auth-?token|token)(?:=|\s+)["']?(?P<secret>[^\s"'`$<>{}()-][^\s"'`<>{}()]{5,})"#,
    ),
    word(
        "password",
        r#"(?i)\b[a-z0-9_.-]{0,40}(?:passwd|password|passphrase|pgpassword|mysql_pwd)["']?[ \t]*(?:=|:|=>|:=)[ \t]*(?:"(?P<secret>[^"\r\n]{6,200})"|'(?P<s2>[^'\r\n]{6,200})'|(?P<s3>[^\s"',;(){}\[\]<>$&|`]{6,200}))"#,
    ),
    random(
        "assigned-secret",
        r#"(?i)\b[a-z0-9_.-]{0,40}(?:secret|token|api[_.-]?key|apikey|access[_.-]?key|private[_.-]?key|signing[_.-]?key|encryption[_.-]?key|auth[_.-]?key|account[_.-]?key|credential|connection[_.-]?string|webhook[_.-]?url|salt|pepper)s?[a-z0-9_.-]{0,10}["']?[ \t]*(?:=|:|=>|:=)[ \t]*(?:[a-z]+\()?["'`]?(?P<secret>[A-Za-z0-9+/_.~!@%^*-]{16,}={0,2})"#,
    ),
];
