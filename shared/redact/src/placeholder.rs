//! Words that stand where a secret will be: taking them out would only hide documentation.

/// Whole words that people write instead of a secret, in lower case.
const WORDS: &[&str] = &[
    "changeme",
    "change-me",
    "change_me",
    "example",
    "password",
    "passwd",
    "secret",
    "token",
    "none",
    "null",
    "undefined",
    "true",
    "false",
    "string",
    "redacted",
    "[redacted]",
    "required",
    "optional",
    "default",
    "hidden",
    "unknown",
    "invalid",
    "missing",
    "expired",
    "incorrect",
    "environment",
    "process.env",
    "prompt",
    "stdin",
    "notset",
    "not-set",
    "unset",
    "placeholder",
    "dummy",
    "foobar",
    "testtest",
    "bearer",
];

/// Beginnings and parts that give a placeholder away, in lower case.
const PARTS: &[&str] = &[
    "your_",
    "your-",
    "yourpass",
    "yourkey",
    "yourtoken",
    "<your",
    "my-secret",
    "insert-",
    "replace-",
    "replace_me",
    "xxxx",
    "****",
    "....",
    "[redacted",
];

/// Is it a stand-in (`<token>`, `${TOKEN}`, `process.env.KEY`, `xxxxxxxx`, `changeme`) instead of a secret?
#[must_use]
pub fn is_placeholder(word: &[u8]) -> bool {
    let word = String::from_utf8_lossy(word).to_ascii_lowercase();
    let word = word.trim_matches(|c: char| matches!(c, '"' | '\'' | '`' | ',' | ';' | '.' | ')' | '('));
    word.is_empty()
        || WORDS.contains(&word)
        || PARTS.iter().any(|part| word.contains(part))
        || word.starts_with(['$', '<', '{', '%', '&', '*', '@'])
        || (word.starts_with('[') && word.ends_with(']'))
        || is_expression(word)
        || word.bytes().all(|b| b == word.as_bytes()[0])
}

/// Code that fetches the secret instead of holding it: `os.environ["X"]`, `config.password`, `get_password()`, `&str`, `Option<String>`.
fn is_expression(word: &str) -> bool {
    let identifier = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_alphabetic() || b == b'_');
    let call = word.contains('(') || word.contains("::") || word.contains("->") || word.contains('<');
    let field = word.contains('.') && word.split('.').all(identifier);
    let index = word.split_once('[').is_some_and(|(name, _)| name.split('.').all(identifier));
    call || field || index
}
